"""tinygrad on the processor: the whole step under its TinyJit."""

import shutil
import time
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from tinygrad import Tensor, TinyJit, nn
from tinygrad.helpers import Context

from benchmarks import data
from benchmarks import layers as plain
from benchmarks.cases import Case
from benchmarks.peers import calls, in_turn
from benchmarks.peers.peer import Measurement, Peer

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": Tensor.relu,
    "sigmoid": Tensor.sigmoid,
    "tanh": Tensor.tanh,
    "softmax_straight_through": lambda u: u + (u.softmax() - u).detach(),
}
OPTIMIZERS = {"adam": nn.optim.Adam, "sgd": nn.optim.SGD}


def _function(layer: plain.Layer, shape: plain.Shape) -> Callable[[Tensor], Tensor]:
    match layer:
        case plain.Convolution(filters, size, _, stride, padding):
            return nn.Conv2d(shape[2], filters, size, stride, size // 2 if padding == "same" else 0)
        case plain.TransposedConvolution(filters, size, _, stride):
            return nn.ConvTranspose2d(shape[2], filters, size, stride, size // 2, output_padding=stride - 1)
        case plain.Pooling(size, of):
            return lambda x: (x.max_pool2d if of == "max" else x.avg_pool2d)((size, size))
        case plain.Flatten():
            return lambda x: x.flatten(1)
        case plain.Dense(units):
            return nn.Linear(shape[0], units)
        case plain.Dropout(rate):
            return lambda x: x.dropout(rate)
        case plain.BatchNormalization():
            return nn.BatchNorm(shape[-1])
        case _:
            return lambda x: x


class Model:
    """The case's network; what it answers are the sums before softmax or before the sigmoid of binary cross-entropy."""

    def __init__(self, case: Case) -> None:
        self.functions: list[Any] = []
        for layer, shape in case.network.walk():
            self.functions.append(_function(layer, shape))
            name, last = getattr(layer, "activation", None), layer is case.network.layers[-1]
            if name in ACTIVATIONS and not (last and case.loss == "bits"):
                self.functions.append(ACTIVATIONS[name])
        self.arrays = [array for one in self.functions if hasattr(one, "weight") for array in (one.weight, one.bias)]
        for array in self.arrays:
            if case.uniform is not None:
                array.assign(Tensor.uniform(*array.shape, low=-case.uniform, high=case.uniform))
            elif case.normal is not None:  # weights (out, in), biases (out,)
                deviation = case.deviation(array.shape[1]) if array.ndim > 1 else 0.0
                array.assign(Tensor.normal(*array.shape, std=deviation))

    def __call__(self, x: Tensor) -> Tensor:
        """One layer after another."""
        return x.sequential(self.functions)

    @property
    def weights(self) -> int:
        """How many numbers are trained."""
        return sum(int(array.numel()) for array in self.arrays)


def _loss(case: Case, y: Tensor, t: Tensor) -> Tensor:
    if case.loss == "classes":
        return y.sparse_categorical_crossentropy(t)
    return y.binary_crossentropy_logits(t) if case.loss == "bits" else 0.5 * ((y - t) ** 2).sum() / y.shape[0]


class TinyGrad(Peer):
    """One jitted step after another, mini-batches gathered inside it."""

    title = "tinygrad"
    packages = ("tinygrad", "numpy")
    modules = ("tinygrad",)
    practice = "The whole step under `TinyJit`, mini-batches gathered inside; no search for kernels; by clang."
    more_practice: ClassVar = {"copies": "One copy of each setting is timed, not eight: every model is compiled anew."}
    environment: ClassVar = {"DEV": "CPU", "CACHELEVEL": "0"}

    def missing(self) -> list[str]:
        """Its compiler too, which stands outside Python."""
        return super().missing() or ([] if shutil.which("clang") else ["clang"])

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One short epoch, then the timed one; a start has only the timed one."""
        Tensor.manual_seed(case.seed)
        made = Model(case)
        x, t = _tensors(case, images, labels)
        optimizer = OPTIMIZERS[case.optimizer](made.arrays, lr=case.learning_rate)

        @TinyJit
        @Context(TRAINING=1)
        def step(rows: Tensor) -> Tensor:
            optimizer.zero_grad()
            loss = _loss(case, made(x[rows]), t[rows]).backward()
            return loss.realize(*optimizer.schedule_step())

        losses: list[float] = []
        began = time.perf_counter()
        if case.kind == "train":
            losses.append(_epoch(case, step, case.warm_up * case.batch_size))
        warmed = time.perf_counter()
        losses.append(_epoch(case, step, len(images)))
        seconds = time.perf_counter() - warmed
        return Measurement(seconds, case.steps, warmed - began, case.warm_up, losses, made.weights)

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One copy after another, one of each setting."""
        return in_turn.trained(self.train, case, setting, images, labels, seeds=1)

    def predict(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """The jitted model, softmax behind it; NumPy in, NumPy out."""
        made = Model(case)
        jitted = TinyJit(lambda x: made(x).softmax().realize())
        x, _ = data.prepared(case, images, labels)
        x = np.ascontiguousarray(np.moveaxis(x, -1, 1))
        return calls.timed(case, x, made.weights, lambda rows: jitted(Tensor(rows).realize()).numpy())


def _tensors(case: Case, images: np.ndarray, labels: np.ndarray) -> tuple[Tensor, Tensor]:
    x, t = data.prepared(case, images, labels)
    inputs = Tensor(np.ascontiguousarray(np.moveaxis(x, -1, 1)) if x.ndim == 4 else x).realize()
    if case.targets == "inputs":
        return inputs, inputs
    return inputs, Tensor(labels.astype(np.int32) if case.loss == "classes" else t).realize()


def _epoch(case: Case, step: Any, count: int) -> float:
    """Mean loss of one epoch over the first ``count`` rows."""
    order = np.random.default_rng(0).permutation(count).astype(np.int32).reshape(-1, case.batch_size)
    losses = [step(Tensor(rows)) for rows in order]
    return float(np.mean([loss.item() for loss in losses[-1:]]))


PEER = TinyGrad()
