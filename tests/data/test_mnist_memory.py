"""Training C9 on all of MNIST stays below 1.5 GB."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

LIMIT = 1.5e9


def peak_of(process):
    """The most memory a process held until its end (resident, bytes); what its parent holds is not in it."""
    status, most = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        most = max(most, int(found[1]) * 1024 if found else 0)
        time.sleep(0.2)
    return most


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell what a process uses")
def test_c9_on_all_of_mnist(mnist_folder, tmp_path):
    steps = "160"  # a third of an epoch: memory has long found its level, and every picture is measured at the end
    words = ("train", "c9", "--data", "mnist", "--steps", steps, "--out", str(tmp_path), "--json")
    environment = {**os.environ, "GARASU_DATA": str(mnist_folder)}
    with (tmp_path / "out").open("w+b") as out, (tmp_path / "err").open("w+b") as err:
        process = subprocess.Popen([sys.executable, "-m", "garasu", *words], env=environment, stdout=out, stderr=err)
        peak = peak_of(process)
    assert process.returncode == 0, (tmp_path / "err").read_text()
    assert json.loads((tmp_path / "out").read_text())["test_accuracy"] > 0.94
    assert 1e8 < peak < LIMIT
