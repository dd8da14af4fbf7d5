"""Our own measurement, through the worker as a real run makes it, but with few steps."""

import numpy as np
import pytest

from benchmarks import data, processes
from benchmarks.cases import CASES
from benchmarks.peers import calls, garasu_jit, plain_numpy


def test_ours_does_the_cases_work(tmp_path):
    file = tmp_path / "data.npz"
    processes.ask("data", file, 6 * 128, 28, 28)
    found = processes.ask("measure", "c9", "garasu", "", file, 6, 2, extra={"GARASU_COMPILE_CACHE": "off"})
    before, after = found["losses"]
    assert after < before
    assert (found["weights"], found["steps"]) == (CASES["c9"].network.weights, 6)
    assert found["seconds"] > 0
    assert 0 < found["checks"]["engine_step_seconds"] <= found["step_seconds"] * 1.01
    assert found["checks"]["compile_seconds"] > 0
    assert 100e6 < found["peak_bytes"] < 4e9


def test_ours_trains_all_copies(tmp_path):
    file = tmp_path / "data.npz"
    processes.ask("data", file, 5 * 100, 28, 28)
    found = processes.ask("measure", "copies", "garasu", "", file, 5, 2, extra={"GARASU_COMPILE_CACHE": "off"})
    before, after = found["losses"]
    assert after < before
    assert (found["weights"], found["steps"], found["copies"]) == (CASES["copies"].network.weights, 5, 48)
    assert 0 < found["seconds"] < found["warm_up_seconds"]  # which compiles
    assert found["step_seconds"] == pytest.approx(found["seconds"] / (5 * 48))


def test_copies_begin_with_the_weights_their_setting_says():
    for case in CASES["copies"].copies(1):
        ours, theirs = garasu_jit.model(case).get_weights(), plain_numpy.Course(case)
        for inputs, W, b, V in zip((784, 40, 20), ours[::2], ours[1::2], theirs.W, strict=True):
            assert [W.std(), V.std()] == pytest.approx([case.deviation(inputs)] * 2, rel=0.3)
            assert not b.any()


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.kind in ("train", "copies")], ids=lambda case: case.id
)
def test_ours_has_the_network_of_every_case(case):
    made = garasu_jit.model(case)
    assert made.count_params() - garasu_jit.not_trained(case) == case.network.weights
    assert made.layers[-1].output_shape == case.network.out_shape


def test_predictions_that_are_none_are_no_measurement():
    with pytest.raises(ValueError, match="do not sum to 1"):
        calls.timed(CASES["predict-one"].sized(steps=1), np.zeros((3, 2)), 1, lambda x: np.ones((len(x), 10)))
    with pytest.raises(ValueError, match=r"expected an array of shape \(1, 10\), got ndarray \(2, 10\)"):
        calls.timed(CASES["predict-one"].sized(steps=1), np.zeros((3, 2)), 1, lambda x: np.ones((2, 10)))


def test_prepared_pictures_are_those_the_network_would_prepare():
    images, labels = data.made_up(3, (28, 28))
    case = CASES["c14"]
    ours = garasu_jit.model(case).preparation(images, case.network.in_shape)
    np.testing.assert_allclose(data.prepared(case, images, labels)[0], ours, rtol=1e-6)
