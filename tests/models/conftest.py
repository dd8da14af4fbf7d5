"""What the tests of models share: small pictures, small models, and Keras's models with the same weights."""

import numpy as np
import pytest

from garasu import layers, models


@pytest.fixture(scope="session")
def clouds():
    """Three clouds of points in six dimensions: x (70, 6) float32, y (70,) class numbers. 70 is no multiple of 16."""
    draw = np.random.default_rng(7)
    y = draw.permutation(np.repeat([0, 1, 2], [30, 25, 15]))
    centres = draw.normal(size=(3, 6)) * 1.5
    return (centres[y] + draw.normal(size=(70, 6))).astype(np.float32), y


@pytest.fixture(scope="session")
def pictures():
    """Pictures of 8 x 8 bytes in three classes: x (70, 64) uint8, y (70,)."""
    draw = np.random.default_rng(8)
    y = draw.integers(0, 3, 70)
    x = draw.integers(0, 60, (70, 8, 8))
    x[np.arange(70), y * 2] += 150
    return x.reshape(70, 64).astype(np.uint8), y


@pytest.fixture
def dense():
    """A maker of small dense models, 6 -> 8 -> 3, compiled; eager unless asked otherwise, so nothing is compiled."""

    def make(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=("acc",), *, seed=3, eager=True, **more):
        model = models.Sequential(
            [
                layers.Dense(8, activation="tanh", input_shape=(6,), name="hidden"),
                layers.Dense(3, activation="softmax", name="out"),
            ],
            seed=seed,
        )
        model.compile(optimizer, loss, list(metrics), run_eagerly=eager, **more)
        return model

    return make


@pytest.fixture
def cnn():
    """A maker of small networks of C9's kind: 64 -> 8x8x1 -> 4 filters -> pooled -> 16 -> 3, compiled."""

    def make(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=("acc",), *, seed=3, eager=True, **more):
        model = models.Sequential(
            [
                layers.Reshape((8, 8, 1), input_shape=(64,), name="reshape"),
                layers.Conv2D(4, (3, 3), padding="same", activation="relu", name="conv"),
                layers.MaxPooling2D((2, 2), name="pool"),
                layers.Flatten(name="flat"),
                layers.Dense(16, activation="relu", name="hidden"),
                layers.Dense(3, activation="softmax", name="out"),
            ],
            seed=seed,
        )
        model.compile(optimizer, loss, list(metrics), run_eagerly=eager, **more)
        return model

    return make


@pytest.fixture
def same():
    """Whether two models, or lists of arrays, hold the same bits."""

    def compare(first, second):
        pair = [one.get_weights() if hasattr(one, "get_weights") else one for one in (first, second)]
        return len(pair[0]) == len(pair[1]) and all(map(np.array_equal, *pair))

    return compare


@pytest.fixture
def hook():
    """A callback from functions: hook(on_progress=lambda callback, *arguments: ...)."""
    from garasu.callbacks import Callback

    def make(**functions):
        return type("Hooked", (Callback,), functions)()

    return make
