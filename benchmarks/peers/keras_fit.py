"""Keras's own program, whatever it runs on: Sequential, compile, fit.

The worker sets ``KERAS_BACKEND`` from the peer's environment before this file is imported.
"""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from benchmarks.cases import Case
from benchmarks.network import Convolution, Dense, Flatten, Layer, MaxPooling
from benchmarks.peers.epoch_clock import EpochClock
from benchmarks.peers.peer import Measurement

Feed = Callable[[np.ndarray, np.ndarray, int], dict[str, Any]]


class _Clock(EpochClock, keras.callbacks.Callback):
    """The clock as a callback of Keras's."""


def _layer(layer: Layer) -> Any:
    match layer:
        case Convolution(filters, size, activation):
            return keras.layers.Conv2D(filters, size, padding="same", activation=activation)
        case MaxPooling(size):
            return keras.layers.MaxPooling2D(size)
        case Flatten():
            return keras.layers.Flatten()
        case Dense(units, activation):
            return keras.layers.Dense(units, activation=activation)


def arrays(x: np.ndarray, t: np.ndarray, batch_size: int) -> dict[str, Any]:
    """NumPy arrays, as most programs hand them over."""
    return {"x": x, "y": t, "batch_size": batch_size}


def dataset(x: np.ndarray, t: np.ndarray, batch_size: int) -> dict[str, Any]:
    """A tf.data pipeline over the same arrays: shuffled, batched, fetched ahead."""
    import tensorflow as tf

    whole = tf.data.Dataset.from_tensor_slices((x, t)).shuffle(len(x))
    return {"x": whole.batch(batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)}


def train(case: Case, images: np.ndarray, labels: np.ndarray, feed: Feed, **compiling: Any) -> Measurement:
    """fit for a short epoch, then for the timed one; pictures float32 in 0 ... 1, targets one-hot."""
    x = images.astype(np.float32).reshape(-1, *case.network.in_shape) / np.float32(255)
    t = keras.utils.to_categorical(labels, 10)
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(case.network.in_shape), *map(_layer, case.network.layers)])
    model.compile(
        optimizer=keras.optimizers.Adam(case.learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
        **compiling,
    )
    began = time.perf_counter()
    warm = case.warm_up * case.batch_size
    before = model.fit(**feed(x[:warm], t[:warm], case.batch_size), verbose=0).history["loss"][-1]
    warm_up_seconds = time.perf_counter() - began
    clock = _Clock()
    after = model.fit(**feed(x, t, case.batch_size), verbose=0, callbacks=[clock]).history["loss"][-1]
    return Measurement(
        clock.seconds, case.steps, warm_up_seconds, case.warm_up, (before, after), int(model.count_params())
    )
