"""Garasu on its jit engine, through the face users see: Sequential, compile, fit."""

import time
from typing import Any, ClassVar

import numpy as np

from benchmarks.cases import Case
from benchmarks.network import Convolution, Dense, Flatten, Layer, MaxPooling
from benchmarks.peers.epoch_clock import EpochClock
from benchmarks.peers.peer import Measurement, Peer
from garasu import callbacks, layers, models, networks, optimizers


def _layer(layer: Layer, **first: Any) -> layers.Layer:
    """Garasu's layer; ``first`` is ``input_shape`` for the first one."""
    match layer:
        case Convolution(filters, size, activation):
            return layers.Conv2D(filters, size, padding="same", activation=activation, **first)
        case MaxPooling(size):
            return layers.MaxPooling2D(size, **first)
        case Flatten():
            return layers.Flatten(**first)
        case Dense(units, activation):
            return layers.Dense(units, activation=activation, **first)


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
    practice = "`fit` on the uint8 pictures as stored; they are divided by 255 inside the step."
    environment: ClassVar = {"GARASU_COMPILE_CACHE": "off"}  # else only the first process of all would compile

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Sequential.fit for two epochs, of which the second is timed.

        The warm-up is a whole epoch: the program is made for the number of rows it will be given.
        """
        network = case.network
        first = {"input_shape": network.in_shape}
        model = models.Sequential(
            [_layer(layer, **(first if number == 0 else {})) for number, layer in enumerate(network.layers)],
            seed=0,
            preparation=networks.Preparation("unit", image_shape=images.shape[1:]),
        )
        model.compile(
            optimizer=optimizers.Adam(case.learning_rate),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        clock, began = _Clock(), time.perf_counter()
        history = model.fit(images, labels, batch_size=case.batch_size, epochs=2, verbose=0, callbacks=[clock])
        progress = model.progress
        assert progress is not None
        return Measurement(
            seconds=clock.seconds,
            steps=progress.train_steps - case.steps,
            warm_up_seconds=clock.began - began,
            warm_up_steps=case.steps,
            losses=history.history["loss"],
            weights=model.count_params(),
            checks={
                "compile_seconds": model.engine.compile_seconds,
                "engine_step_seconds": (progress.train_seconds - clock.engine_before) / case.steps,
            },
        )


PEER = GarasuJit()
