"""What training on pictures of one's own takes of memory is bounded by a window of them, however many there are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import garasu
from tests.data.own_pictures import encoded, put
from tests.data.test_mnist_memory import peak_of

FEW, MANY = 600, 6_000
SIDE = 96
DECODED = MANY * SIDE * SIDE * 3
"""166 million bytes."""


def drawn(count):
    """So many pictures in colour, all different, small as files: 6 x 6 squares."""
    draw = np.random.default_rng(0)
    for number in range(count):
        rough = draw.integers(0, 256, (6, 6, 3), dtype=np.uint8)
        name = ("cat", "dog", "eel")[number % 3]
        yield f"{name}/{number:05}.png", encoded(np.kron(rough, np.ones((16, 16, 1), np.uint8)), compress_level=1)


def trained(folder, place):
    """The peak of ``garasu train`` on a folder, and how many pictures it took."""
    environment = os.environ | {
        "PYTHONPATH": str(Path(garasu.__file__).parents[1]),
        "GARASU_PICTURE_CACHE": str(place / "caches"),
        "JAX_PLATFORMS": "cpu",
    }
    words = (
        "train",
        "c4",
        "--data",
        folder,
        "--epochs",
        "1",
        "--batch-size",
        "64",
        "--out",
        place,
        "--json",
        "--no-report",
    )
    with (place / "out").open("w+b") as out, (place / "err").open("w+b") as err:
        command = [sys.executable, "-m", "garasu", *map(str, words)]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=err, cwd=place)
        peak = peak_of(process)
    assert process.returncode == 0, (place / "err").read_text()
    record = json.loads((Path(json.loads((place / "out").read_text())["run"]) / "run.json").read_text())
    return peak, record["data"]["train_rows"] + record["data"]["test_rows"]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell what a process uses")
def test_ten_times_as_many_pictures_take_no_more_memory_than_a_window(tmp_path):
    files = dict(drawn(MANY))
    put(tmp_path / "many", files)
    put(tmp_path / "few", dict(list(files.items())[:FEW]))
    few, counted = trained(tmp_path / "few", tmp_path)
    assert counted == FEW
    many, counted = trained(tmp_path / "many", tmp_path)
    assert counted == MANY
    assert many < few + 100e6 < few + DECODED
