"""The data of all measurements, written once by a process of its own and read by every worker.

Real MNIST where it is found (``GARASU_DATA``, or beside the checkout); else pictures of random bytes: ten random
pictures, one a class, half and half with noise, so that there is something to learn and the loss can fall.
"""

import os
from pathlib import Path

import numpy as np

from benchmarks.cases import Case

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
MADE_UP = "random bytes (ten random pictures, one a class, half and half with noise)"


def write(path: Path, rows: int, shape: tuple[int, int]) -> str:
    """Write ``rows`` pictures of ``shape`` and their labels to ``path`` (.npz); says what they are."""
    name, images, labels = _mnist(rows, shape) or (MADE_UP, *made_up(rows, shape))
    np.savez(path, images=images, labels=labels)
    return name


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 (N, Y, X) and labels (N,)."""
    with np.load(path) as file:
        return file["images"], file["labels"]


def made_up(rows: int, shape: tuple[int, int], classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Random pictures that can be told apart, the same on every machine.

    Example:
        >>> images, labels = made_up(4, (2, 3))
        >>> images.shape, str(images.dtype), labels.shape
        ((4, 2, 3), 'uint8', (4,))
    """
    random = np.random.default_rng(0)
    labels = random.integers(0, classes, rows)
    patterns = random.integers(0, 256, (classes, *shape), dtype=np.uint8)
    noise = random.integers(0, 256, (rows, *shape), dtype=np.uint8)
    return patterns[labels] // 2 + noise // 2, labels


def prepared(case: Case, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a step takes, float32: inputs in the network's own shape, and one-hot targets or the inputs themselves.

    Example:
        >>> from benchmarks.cases import CASES
        >>> images = np.full((2, 28, 28), 51, np.uint8)
        >>> x, t = prepared(CASES["c9"], images, np.array([0, 3]))
        >>> x.shape, round(float(x[0, 0, 0, 0]), 6), t.shape, t.argmax(1).tolist()
        ((2, 28, 28, 1), 0.2, (2, 10), [0, 3])
        >>> x, t = prepared(CASES["c16"], images, np.zeros(2))
        >>> x.shape, float(x[0].sum().round(5)), t is x
        ((2, 196), 1.0, True)
    """
    x = images.astype(np.float32)
    if case.pool > 1:
        rows, columns = (side // case.pool for side in case.picture)
        x = x.reshape(-1, rows, case.pool, columns, case.pool).mean(axis=(2, 4))
    x = x / np.float32(255) if case.scale == "unit" else x / x.sum(axis=(1, 2), keepdims=True)
    x = x.reshape(-1, *case.network.in_shape)
    return x, x if case.targets == "inputs" else np.eye(10, dtype=np.float32)[labels]


def _mnist(rows: int, shape: tuple[int, int]) -> tuple[str, np.ndarray, np.ndarray] | None:
    """The first ``rows`` training pictures, or None where MNIST is not here or does not fit."""
    if "GARASU_DATA" not in os.environ and BESIDE.is_dir():
        os.environ["GARASU_DATA"] = str(BESIDE)
    from garasu.data import mnist

    if mnist.locate() is None:
        return None
    found = mnist.load()
    if len(found.train_images) < rows or found.train_images.shape[1:] != shape:
        return None
    return f"MNIST, the first {rows:,} training pictures", found.train_images[:rows], found.train_labels[:rows]
