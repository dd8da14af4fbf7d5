"""Ten thousand predictions, one picture each: the process holds no more memory afterwards than before."""

import subprocess
import sys

import pytest

ASKED = """
import gc, os
import numpy as np
from garasu.layers import Conv2D, Dense, Flatten, MaxPooling2D
from garasu.models import Sequential

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

model = Sequential([Conv2D(4, 5, activation="relu", input_shape=(28, 28, 1)), MaxPooling2D(2), Flatten(),
                    Dense(10, activation="softmax")], seed=0)
x = np.random.default_rng(0).random((64, 28, 28, 1), dtype=np.float32)
together = model.predict(x)
for k in range(1000):
    model.predict(x[k % 64 : k % 64 + 1])
before = resident()
worst = 0.0
for k in range(10_000):
    found = model.predict(x[k % 64 : k % 64 + 1])
    worst = max(worst, float(np.abs(found[0] - together[k % 64]).max()))
found[0, 0] = 2.0  # what is handed over is the caller's own
print(resident() - before, worst, len(model.engine._programs))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory a process holds is read from /proc, which is Linux's")
def test_memory_stays_flat():
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    more, worst, programs = done.stdout.split()
    assert int(more) < 2**20  # 10,000 answers kept by mistake, with their objects, would be several times that
    assert float(worst) < 1e-6
    assert int(programs) == 2
