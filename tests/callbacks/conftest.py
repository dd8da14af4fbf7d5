"""A model that only remembers, and a driver that leads any callback, ours or Keras's, through the same epochs."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest


class FakeModel:
    """What callbacks may see of a model; after epoch e its one weight is e + 1."""

    def __init__(self, rate=0.5):
        self.stop_training = False
        self.optimizer = SimpleNamespace(learning_rate=rate)
        self.weights = [np.zeros(1)]
        self.saved = []
        self.overwrote = []

    def get_weights(self):
        return [weight.copy() for weight in self.weights]

    def set_weights(self, weights):
        self.weights = [np.array(weight) for weight in weights]

    def save(self, path, *, overwrite=False):
        self.saved.append(("model", str(path)))
        self.overwrote.append(overwrite)

    def save_weights(self, path, *, overwrite=False):
        self.saved.append(("weights", str(path)))
        self.overwrote.append(overwrite)


def run(callback, epochs, batches=0, model=None, fits=1):
    """Lead a callback through ``epochs`` (a dict of logs each) as ``fit`` does; what could be seen after each epoch."""
    model = model or FakeModel()
    seen = []
    callback.set_model(model)
    callback.set_params({"epochs": len(epochs), "steps": batches, "verbose": 0})
    for _ in range(fits):
        model.stop_training = False
        callback.on_train_begin({})
        for epoch, logs in enumerate(epochs):
            logs = dict(logs)
            callback.on_epoch_begin(epoch, {})
            for batch in range(batches):
                callback.on_train_batch_begin(batch, {})
                callback.on_train_batch_end(batch, logs)
            model.weights = [np.array([epoch + 1.0])]
            callback.on_epoch_end(epoch, logs)
            seen.append((model.stop_training, model.optimizer.learning_rate, logs, tuple(model.saved)))
            if model.stop_training:
                break
        callback.on_train_end(logs)
        seen.append(model.weights[0].tolist())
    return seen


@pytest.fixture
def model():
    """A fake model."""
    return FakeModel()


@pytest.fixture
def drive():
    """The driver."""
    return run


@pytest.fixture(scope="session")
def compare():
    """Drive ours and Keras's callback through the same epochs; both must show the same."""
    import keras

    def same(ours, theirs, epochs, **more):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = run(theirs(keras.callbacks), epochs, **more)
            assert run(ours, epochs, **more) == expected

    return same
