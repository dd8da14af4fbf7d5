"""The note on how fast and how well a network learns MNIST: means, spread and every seed stand in it."""

import numpy as np

from benchmarks import accuracy, machine
from garasu.networks import zoo


def test_the_note():
    found = [accuracy.Learned(0, 4.0, 0.25, 0.99), accuracy.Learned(1, 6.0, 0.75, 0.992)]
    note = accuracy.report(zoo.get("fast"), 1, found, machine.describe(), "python -m benchmarks.accuracy")
    assert "Mean of 2 seeds: **99.10%**\n(99.00% to 99.20%) in **5.0 s**\n(4.0 to 6.0)." in note
    assert "| 1 | 99.20% | 6.0 | 0.8 |" in note
    assert "One pass over the 60,000 digits in mini-batches of 100" in note


def test_a_seed(monkeypatch):
    """Two mini-batches: seconds are above none, and the accuracy is a share."""
    draw = np.random.default_rng(0)
    x, t = draw.integers(0, 256, (200, 28, 28), dtype=np.uint8), draw.integers(0, 10, 200)
    monkeypatch.setattr(accuracy.datasets.mnist, "load_data", lambda: ((x, t), (x[:50], t[:50])))
    one = accuracy.learn(zoo.get("fast"), 1, 3)
    assert one.seed == 3 and one.seconds > 0 and one.evaluation > 0
    assert 0 <= one.accuracy <= 1
