"""Fresh processes: what they are told, and what happens when one does not answer."""

import os

import pytest

from benchmarks import processes
from benchmarks.__main__ import main
from benchmarks.cases import CASES
from benchmarks.data import made_up, read


def test_the_tree_in_hand_is_measured_on_the_processor(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    found = processes.environment({"KERAS_BACKEND": "tensorflow"})
    paths = found["PYTHONPATH"].split(os.pathsep)
    assert paths == [str(processes.ROOT), str(processes.ROOT / "src"), "elsewhere"]
    assert (found["KERAS_BACKEND"], found["JAX_PLATFORMS"]) == ("tensorflow", "cpu")


def test_a_peer_describes_itself():
    found = processes.ask("peer", "garasu")
    assert (found["missing"], list(found["cases"])) == ([], list(CASES))
    assert found["commands"]["help"] == ["-m", "garasu", "--help"]
    assert found["versions"]["jax"]


def test_a_worker_that_fails_says_why():
    with pytest.raises(processes.WorkerError, match="no_such_case"):
        processes.ask("measure", "no_such_case", "garasu", "", "file", 1, 1)


def test_a_worker_that_hangs_is_ended():
    with pytest.raises(processes.WorkerError, match="no answer within"):
        processes.ask("rates", timeout=0.05)


def test_made_up_pictures_can_be_told_apart():
    images, labels = made_up(200, (28, 28))
    same = [images[labels == k].astype(float).mean(0) for k in range(10)]
    distances = [[abs(image - mean).mean() for mean in same] for image in images.astype(float)]
    assert [row.index(min(row)) for row in distances] == labels.tolist()


def test_data_are_written_and_read_back(tmp_path):
    said = processes.ask("data", tmp_path / "data.npz", 20, 5, 7)  # no data set here has pictures of 5 x 7
    images, labels = read(tmp_path / "data.npz")
    assert said.startswith("random bytes")
    assert (images.shape, labels.shape) == ((20, 5, 7), (20,))


@pytest.mark.parametrize(
    "words",
    [["--peers", "no-such-peer"], ["--cases", "c99"], ["--repeats", "0"], ["--peers", "garasu:no such setting"]],
)
def test_wrong_use_exits_with_2(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert "known" in capsys.readouterr().err or words[0] != "--peers"
