"""Training C9 on all of MNIST stays below 1.5 GB."""

import json
import os
import subprocess
import sys

import pytest

LIMIT = 1.5e9


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell what one process used")
def test_c9_on_all_of_mnist(mnist_folder, tmp_path):
    words = ("train", "c9", "--data", "mnist", "--epochs", "1", "--out", str(tmp_path), "--json")
    environment = {**os.environ, "GARASU_DATA": str(mnist_folder)}
    with (tmp_path / "out").open("w+b") as out, (tmp_path / "err").open("w+b") as err:
        process = subprocess.Popen([sys.executable, "-m", "garasu", *words], env=environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (tmp_path / "err").read_text()
    assert json.loads((tmp_path / "out").read_text())["test_accuracy"] > 0.95
    assert usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) < LIMIT
