"""Keras's own program, whatever it runs on: Sequential, compile, fit, predict.

The worker sets ``KERAS_BACKEND`` from the peer's environment before this file is imported.
"""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from benchmarks import data
from benchmarks import layers as plain
from benchmarks.cases import Case
from benchmarks.peers import calls
from benchmarks.peers.epoch_clock import EpochClock
from benchmarks.peers.peer import Measurement

Feed = Callable[[np.ndarray, np.ndarray, int], dict[str, Any]]


class _Clock(EpochClock, keras.callbacks.Callback):
    """The clock as a callback of Keras's."""


def softmax_straight_through(u: Any) -> Any:
    """softmax(u), its error handed on as it comes."""
    return u + keras.ops.stop_gradient(keras.ops.softmax(u) - u)


def half_squares(t: Any, y: Any) -> Any:
    """Half the sum of the squared differences of a row."""
    return 0.5 * keras.ops.sum((y - t) ** 2, axis=-1)


LOSSES = {"classes": "categorical_crossentropy", "squares": half_squares, "bits": "binary_crossentropy"}
OPTIMIZERS = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}


def _activation(name: str) -> Any:
    return softmax_straight_through if name == "softmax_straight_through" else name


def _layer(layer: plain.Layer, initial: dict[str, Any]) -> Any:  # noqa: C901 - one line a layer
    match layer:
        case plain.Convolution(filters, size, activation, stride, padding):
            return keras.layers.Conv2D(filters, size, stride, padding, activation=activation, **initial)
        case plain.TransposedConvolution(filters, size, activation, stride):
            return keras.layers.Conv2DTranspose(filters, size, stride, padding="same", activation=activation, **initial)
        case plain.Pooling(size, of):
            return (keras.layers.MaxPooling2D if of == "max" else keras.layers.AveragePooling2D)(size)
        case plain.Flatten():
            return keras.layers.Flatten()
        case plain.Dense(units, activation):
            return keras.layers.Dense(units, activation=_activation(activation), **initial)
        case plain.Dropout(rate):
            return keras.layers.Dropout(rate)
        case plain.BatchNormalization():
            return keras.layers.BatchNormalization()
        case plain.Activation(activation):
            return keras.layers.Activation(activation)
    raise TypeError(f"no layer of Keras's for {layer}")


def _initial(case: Case, shape: plain.Shape) -> dict[str, Any]:
    """How the weights of a layer with inputs of ``shape`` are drawn; without a word, as its defaults say."""
    if case.uniform is not None:
        draw = {name: keras.initializers.RandomUniform(-case.uniform, case.uniform) for name in ("kernel", "bias")}
        return {f"{name}_initializer": one for name, one in draw.items()}
    return {"kernel_initializer": keras.initializers.RandomNormal(0.0, case.deviation(shape[0]))} if case.normal else {}


def model(case: Case, **compiling: Any) -> Any:
    """The case's network, compiled."""
    keras.utils.set_random_seed(case.seed)
    built = (_layer(layer, _initial(case, shape)) for layer, shape in case.network.walk())
    made = keras.Sequential([keras.Input(case.network.in_shape), *built])
    made.compile(
        optimizer=OPTIMIZERS[case.optimizer](case.learning_rate),
        loss=LOSSES[case.loss],
        metrics=["accuracy"] if case.loss == "classes" else [],
        **compiling,
    )
    return made


def arrays(x: np.ndarray, t: np.ndarray, batch_size: int) -> dict[str, Any]:
    """NumPy arrays, as most programs hand them over."""
    return {"x": x, "y": t, "batch_size": batch_size}


def dataset(x: np.ndarray, t: np.ndarray, batch_size: int) -> dict[str, Any]:
    """A tf.data pipeline over the same arrays: shuffled, batched, fetched ahead."""
    import tensorflow as tf

    whole = tf.data.Dataset.from_tensor_slices((x, t)).shuffle(len(x))
    return {"x": whole.batch(batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)}


def train(case: Case, images: np.ndarray, labels: np.ndarray, feed: Feed, **compiling: Any) -> Measurement:
    """fit for a short epoch, then for the timed one; a start has only the timed one."""
    x, t = data.prepared(case, images, labels)
    made, losses = model(case, **compiling), []
    began = time.perf_counter()
    warm = case.warm_up * case.batch_size
    if case.kind == "train":
        losses += made.fit(**feed(x[:warm], t[:warm], case.batch_size), verbose=0).history["loss"][-1:]
    warm_up_seconds = time.perf_counter() - began
    clock = _Clock()
    losses += made.fit(**feed(x, t, case.batch_size), verbose=0, callbacks=[clock]).history["loss"][-1:]
    weights = sum(int(np.prod(array.shape)) for array in made.trainable_weights)
    return Measurement(clock.seconds, case.steps, warm_up_seconds, case.warm_up, losses, weights)


def predict(case: Case, images: np.ndarray, labels: np.ndarray) -> Measurement:
    """predict, with its own batches of 32 where there are many pictures."""
    x, _ = data.prepared(case, images, labels)
    made = model(case)
    return calls.timed(case, x, made.count_params(), lambda rows: made.predict(rows, verbose=0))
