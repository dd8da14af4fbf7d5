"""The operations and bytes of a step, against counts made by hand."""

import pytest

from benchmarks.cases import CASES
from benchmarks.floor import floor_seconds
from benchmarks.layers import Convolution, Dense, Flatten, Pooling, TransposedConvolution
from benchmarks.network import Network

C9 = CASES["c9"]


def test_c9_has_the_weights_of_the_courses_table():
    weights = [layer.weights(shape) for layer, shape in C9.network.walk()]
    assert weights == [416, 0, 0, 3_212_288, 10_250]
    assert C9.network.weights == 3_222_954


def test_operations_of_one_step_of_c9_term_by_term():
    convolution = 2 * 128 * 28 * 28 * 25 * 1 * 16
    hidden, softmax = 2 * 128 * 3136 * 1024, 2 * 128 * 1024 * 10
    assert C9.operations == 2 * convolution + 3 * hidden + 3 * softmax == 2_634_678_272


def test_bytes_of_one_step_of_c9():
    assert C9.bytes == 7 * 4 * 3_222_954


def test_the_floor_adds_products_and_traffic():
    rates = {"product_rate": 2 * C9.operations, "bandwidth": 4 * C9.bytes}
    assert floor_seconds(C9, rates) == pytest.approx(0.5 + 0.25)


def test_dx_is_left_out_for_the_first_layer_with_weights_only():
    network = Network((4, 4, 2), (Pooling(2), Convolution(3, 3), Flatten(), Dense(5)))
    convolution, dense = 2 * 2 * 2 * 9 * 2 * 3, 2 * 12 * 5
    assert network.forward_operations == convolution + dense
    assert network.training_operations == 2 * convolution + 3 * dense


def test_a_quick_case_is_the_same_work_but_short():
    quick = C9.sized(quick=True)
    assert (quick.network, quick.batch_size, quick.steps) == (C9.network, C9.batch_size, 40)
    assert C9.sized(steps=5).warm_up == 5
    assert C9.sized() == C9


@pytest.mark.parametrize(
    ("case", "weights"),
    [
        ("c10-128", 832 + 51_264 + 3_212_288 + 10_250),
        ("c5", 784 * 1024 + 1024 + 10_250),
        ("copies", 784 * 40 + 40 + 40 * 20 + 20 + 20 * 10 + 10),
        ("c14", 196 * 256 + 256 * 128 + 128 * 64 + 64 * 32 + 2 * 32 * 32 + 320 + 256 + 128 + 64 + 96 + 10),
        ("c16", 2 * 196 * 32 + 32 + 196),
        ("c21", 61_706),
        ("normalised", 320 + 64 + 18_496 + 128 + 401_536 + 1_290),
        ("autoencoder", 160 + 4_640 + 4_624 + 145),
    ],
)
def test_weights_of_the_cases(case, weights):
    assert CASES[case].network.weights == weights


def test_second_convolution_of_c10_is_most_of_its_work():
    first, second = 2 * 128 * 784 * 25 * 32, 2 * 128 * 196 * 25 * 32 * 64
    dense = 2 * 128 * (3136 * 1024 + 1024 * 10)
    assert CASES["c10-128"].operations == 2 * first + 3 * second + 3 * dense


def test_a_transposed_convolution_is_the_convolution_the_other_way_round():
    down, up = Convolution(8, 3, stride=2), TransposedConvolution(4, 3)
    assert up.out_shape(down.out_shape((14, 14, 4))) == (14, 14, 4)
    assert down.operations((14, 14, 4)) == up.operations((7, 7, 8))


def test_prediction_goes_forward_once_and_reads_the_weights_once():
    case = CASES["predict-one"]
    assert (case.operations, case.bytes) == (case.network.forward_operations, 4 * case.network.weights)


def test_the_copies_are_c13s_six_settings_each_from_eight_seeds():
    case = CASES["copies"]
    copies = case.copies(case.seeds)
    assert len({(one.network.layers[0].activation, one.normal, one.seed) for one in copies}) == len(copies) == 48
    assert {(one.kind, one.steps, one.network.weights) for one in copies} == {("train", 120, case.network.weights)}
    deviations = {one.normal: one.deviation(100) for one in copies}
    assert deviations == {"gauss": 0.01, "Xavier": pytest.approx(0.1), "He": pytest.approx(0.02**0.5)}


def test_work_of_one_copys_step():
    case = CASES["copies"]
    assert case.operations == 2 * 100 * (2 * 784 * 40 + 3 * (40 * 20 + 20 * 10)) == 13_144_000
    assert case.bytes == 3 * 4 * 32_430


def test_a_process_has_no_floor():
    assert floor_seconds(CASES["start"], {"product_rate": 1.0, "bandwidth": 1.0}) == 0
