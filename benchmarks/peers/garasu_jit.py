"""Garasu on its jit engine, through the face users see: Sequential, compile, fit, predict."""

import time
from contextlib import redirect_stdout
from typing import Any, ClassVar

import numpy as np
from attrs import evolve

from benchmarks import data
from benchmarks import layers as plain
from benchmarks.cases import Case
from benchmarks.peers import calls
from benchmarks.peers.epoch_clock import EpochClock
from benchmarks.peers.line_clock import LineClock
from benchmarks.peers.peer import Measurement, Peer
from garasu import callbacks, initializers, layers, losses, models, networks, optimizers, sweep

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


def _initial(case: Case, shape: plain.Shape) -> dict[str, Any]:
    """How the weights of a layer with inputs of ``shape`` are drawn; without a word, as its defaults say."""
    if case.uniform is not None:
        draw = initializers.RandomUniform(-case.uniform, case.uniform)
        return {"kernel_initializer": draw, "bias_initializer": draw}
    return {"kernel_initializer": initializers.RandomNormal(stddev=case.deviation(shape[0]))} if case.normal else {}


def model(case: Case) -> models.Sequential:
    """The case's network, compiled. Where the targets are labels, pictures go in as they are stored."""
    stored = networks.Preparation(case.scale, case.pool, case.picture)
    first, *others = (_layer(layer, _initial(case, shape)) for layer, shape in case.network.walk())
    made = models.Sequential(
        [evolve(first, input_shape=case.network.in_shape), *others],
        seed=case.seed,
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
    more_practice: ClassVar = {
        "copies": (
            "`garasu.sweep`, mini-batches shared by the copies (with orders of their own a network of this size goes "
            "copy by copy). Two epochs, of which the second is timed, by the lines that `verbose=2` writes; what comes "
            "before the first of them and after the last is left out, as it is for the peers."
        )
    }
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

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """garasu.sweep for two epochs, of which the second is timed.

        A second sweep would compile anew, so both epochs are of one; and a sweep takes no callbacks, so its lines are
        the clock: one for each epoch, group by group (or copy by copy), and behind them the table.
        """
        (x, t), settings = arrays(case, images, labels), [{"activation": a, "normal": n} for a, n in case.variants]
        clock, began = LineClock(), time.perf_counter()
        drawn = {"batch_size": case.batch_size, "epochs": 2, "share_batches": True}
        with redirect_stdout(clock):
            found = sweep(lambda **one: model(case.copy(**one)), settings, x, t, seeds=case.seeds, **drawn, verbose=2)
        whole = time.perf_counter() - began
        ends = clock.times[: -len(str(found.table()).splitlines())]
        seconds = sum(second - first for first, second in zip(ends[::2], ends[1::2], strict=True))
        losses = np.mean([copy.history.history["loss"] for copy in found.copies], axis=0)
        return Measurement(
            seconds=seconds,
            steps=case.steps,
            warm_up_seconds=whole - seconds,
            warm_up_steps=case.steps,
            losses=losses.tolist(),
            weights=found.copies[0].model.count_params(),
            copies=len(found.copies),
        )

    def predict(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Sequential.predict."""
        made = model(case)
        return calls.timed(case, images, made.count_params(), lambda x: made.predict(x, verbose=0))


def not_trained(case: Case) -> int:
    """The running means and variances, which count_params counts as Keras does."""
    return sum(2 * shape[-1] for layer, shape in case.network.walk() if isinstance(layer, plain.BatchNormalization))


PEER = GarasuJit()
