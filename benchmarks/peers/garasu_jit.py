"""Garasu on its jit engine, through the face users see: Sequential, compile, fit, predict."""

import time
from typing import Any, ClassVar

import numpy as np
from attrs import evolve

from benchmarks import data
from benchmarks import layers as plain
from benchmarks.cases import Case
from benchmarks.peers import calls
from benchmarks.peers.epoch_clock import EpochClock
from benchmarks.peers.peer import Measurement, Peer
from garasu import callbacks, initializers, layers, losses, models, networks, optimizers

LOSSES = {
    "classes": "sparse_categorical_crossentropy",
    "squares": losses.SumOfSquares(half=True),
    "bits": "binary_crossentropy",
}
OPTIMIZERS = {"adam": optimizers.Adam, "sgd": optimizers.SGD}


def _layer(layer: plain.Layer, initial: dict[str, Any]) -> layers.Layer:  # noqa: C901 - one line a layer
    match layer:
        case plain.Convolution(filters, size, activation, stride, padding):
            return layers.Conv2D(filters, size, stride, padding, activation=activation, **initial)
        case plain.TransposedConvolution(filters, size, activation, stride):
            return layers.Conv2DTranspose(filters, size, stride, padding="same", activation=activation, **initial)
        case plain.Pooling(size, of):
            return (layers.MaxPooling2D if of == "max" else layers.AveragePooling2D)(size)
        case plain.Flatten():
            return layers.Flatten()
        case plain.Dense(units, activation):
            return layers.Dense(units, activation=activation, **initial)
        case plain.Dropout(rate):
            return layers.Dropout(rate)
        case plain.BatchNormalization():
            return layers.BatchNormalization()
        case plain.Activation(activation):
            return layers.Activation(activation)
    raise TypeError(f"no layer of Garasu's for {layer}")


def model(case: Case) -> models.Sequential:
    """The case's network, compiled. Where the targets are labels, pictures go in as they are stored."""
    initial: dict[str, Any] = {}
    if case.uniform is not None:
        draw = initializers.RandomUniform(-case.uniform, case.uniform)
        initial = {"kernel_initializer": draw, "bias_initializer": draw}
    stored = networks.Preparation(case.scale, case.pool, case.picture)
    first, *others = (_layer(layer, initial) for layer in case.network.layers)
    made = models.Sequential(
        [evolve(first, input_shape=case.network.in_shape), *others],
        seed=0,
        preparation=stored if case.targets == "labels" else None,
    )
    made.compile(
        optimizer=OPTIMIZERS[case.optimizer](case.learning_rate),
        loss=LOSSES[case.loss],
        metrics=["accuracy"] if case.loss == "classes" else [],
    )
    return made


def arrays(case: Case, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and targets as a user of Garasu hands them over."""
    x, t = data.prepared(case, images, labels)
    if case.targets == "inputs":
        return x, t
    return images, labels if case.loss == "classes" else t


class _Clock(EpochClock, callbacks.Callback):
    """The clock as a callback of Garasu's; it also keeps the engine's own count at the beginning of the last epoch."""

    engine_before = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start."""
        self.engine_before = self.model.progress.train_seconds
        super().on_epoch_begin(epoch, logs)


class GarasuJit(Peer):
    """Ours."""

    title = "Garasu (jit)"
    packages = ("garasu", "jax", "jaxlib", "numpy")
    modules = ("garasu", "jax")
    practice = (
        "`fit` on the uint8 pictures as stored, which are scaled inside the step; float32 inputs where these are the "
        "targets too. `predict` takes the stored pictures."
    )
    environment: ClassVar = {"GARASU_COMPILE_CACHE": "off"}  # else only the first process of all would compile

    def does(self, case: Case) -> bool:
        """Everything, its command line too."""
        return True

    def command(self, case: Case) -> list[str]:
        """Its own command line, or its import."""
        return ["-m", "garasu", "--help"] if case.id == "help" else super().command(case)

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Sequential.fit for two epochs, of which the second is timed; a start has only the first.

        The warm-up is a whole epoch: the program is made for the number of rows it will be given.
        """
        made, (x, t) = model(case), arrays(case, images, labels)
        clock, began = _Clock(), time.perf_counter()
        epochs = 1 if case.kind == "start" else 2
        history = made.fit(x, t, batch_size=case.batch_size, epochs=epochs, verbose=0, callbacks=[clock])
        progress = made.progress
        assert progress is not None
        return Measurement(
            seconds=clock.seconds,
            steps=progress.train_steps - (epochs - 1) * case.steps,
            warm_up_seconds=clock.began - began,
            warm_up_steps=case.steps,
            losses=history.history["loss"],
            weights=made.count_params() - not_trained(case),
            checks={
                "compile_seconds": made.engine.compile_seconds,
                "engine_step_seconds": (progress.train_seconds - clock.engine_before) / case.steps,
            },
        )

    def predict(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Sequential.predict."""
        made = model(case)
        return calls.timed(case, images, made.count_params(), lambda x: made.predict(x, verbose=0))


def not_trained(case: Case) -> int:
    """The running means and variances, which count_params counts as Keras does."""
    return sum(2 * shape[-1] for layer, shape in case.network.walk() if isinstance(layer, plain.BatchNormalization))


PEER = GarasuJit()
