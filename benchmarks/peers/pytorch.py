"""PyTorch, eager or compiled by its own compiler, with its fused optimizers."""

import time
from typing import Any, ClassVar

import numpy as np
import torch
from torch import nn

from benchmarks import data
from benchmarks import layers as plain
from benchmarks.cases import Case
from benchmarks.peers import calls, in_turn
from benchmarks.peers.peer import Measurement, Peer


class StraightThrough(nn.Module):
    """softmax, its error handed on as it comes."""

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        """softmax(u)."""
        return u + (torch.softmax(u, 1) - u).detach()


class HalfSquares(nn.Module):
    """Half the sum of the squared differences of a row, the mean over rows."""

    def forward(self, y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """sum (y - t)^2 / 2N."""
        return 0.5 * ((y - t) ** 2).sum() / len(y)


ACTIVATIONS = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softmax_straight_through": StraightThrough,
}
"""softmax and the sigmoid of binary cross-entropy are part of PyTorch's losses."""

LOSSES = {"classes": nn.CrossEntropyLoss, "squares": HalfSquares, "bits": nn.BCEWithLogitsLoss}
OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def _module(layer: plain.Layer, shape: plain.Shape) -> nn.Module | None:
    match layer:
        case plain.Convolution(filters, size, _, stride, padding):
            edge = size // 2 if padding == "same" else 0  # for odd sizes, on 28 and 14 rows, the same picture size
            return nn.Conv2d(shape[2], filters, size, stride, edge)
        case plain.TransposedConvolution(filters, size, _, stride):
            return nn.ConvTranspose2d(shape[2], filters, size, stride, size // 2, output_padding=stride - 1)
        case plain.Pooling(size, of):
            return (nn.MaxPool2d if of == "max" else nn.AvgPool2d)(size)
        case plain.Flatten():
            return nn.Flatten()
        case plain.Dense(units):
            return nn.Linear(shape[0], units)
        case plain.Dropout(rate):
            return nn.Dropout(rate)
        case plain.BatchNormalization():
            return nn.BatchNorm2d(shape[-1])
        case _:
            return None


def model(case: Case) -> nn.Sequential:
    """The network in PyTorch's words."""
    modules: list[nn.Module] = []
    for layer, shape in case.network.walk():
        module = _module(layer, shape)
        modules += [] if module is None else [module]
        name = getattr(layer, "activation", None)
        last = layer is case.network.layers[-1]
        if name in ACTIVATIONS and not (last and case.loss == "bits"):
            modules.append(ACTIVATIONS[name]())
    made = nn.Sequential(*modules)
    for array in made.parameters():
        if case.uniform is not None:
            nn.init.uniform_(array, -case.uniform, case.uniform)
        elif case.normal is not None:  # weights (out, in), biases (out,)
            nn.init.normal_(array, std=case.deviation(array.shape[1]) if array.ndim > 1 else 0.0)
    return made


def tensors(case: Case, images: np.ndarray, labels: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs, channels first, and targets as PyTorch's losses take them."""
    x, t = data.prepared(case, images, labels)
    inputs = torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)) if x.ndim == 4 else x)
    if case.targets == "inputs":
        return inputs, inputs
    return inputs, torch.from_numpy(labels.astype(np.int64) if case.loss == "classes" else t)


class PyTorch(Peer):
    """The ordinary loop: zero_grad, forward, backward, step."""

    title = "PyTorch"
    packages = ("torch", "numpy")
    modules = ("torch",)
    settings = ("eager", "eager, channels last", "compiled, channels last")
    practice = (
        "All pictures in one float32 tensor, mini-batches gathered by index (quicker than a DataLoader); fused Adam or "
        "descent. Compiled: `torch.compile` of the model; it is left out of starts."
    )
    more_practice: ClassVar = {"copies": "Copies are not compiled: it would be done anew for each."}

    def settings_for(self, case: Case) -> tuple[str, ...]:
        """Where there are no pictures, no layout of them; where starting counts or models are many, none compiled."""
        if case.kind == "load":
            return ("",)
        dense = not any(isinstance(layer, plain.Convolution) for layer in case.network.layers)
        names = ("eager", "compiled") if dense else self.settings
        return tuple(name for name in names if case.kind not in ("start", "copies") or "compiled" not in name)

    def _made(self, case: Case, setting: str) -> tuple[nn.Module, Any]:
        torch.manual_seed(case.seed)
        layout = torch.channels_last if "channels last" in setting else torch.contiguous_format
        made = model(case).to(memory_format=layout)
        return (torch.compile(made) if "compiled" in setting else made), layout

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One short epoch, then the timed one; a start has only the timed one."""
        made, layout = self._made(case, setting)
        x, t = tensors(case, images, labels)
        x = x.contiguous(memory_format=layout) if x.ndim == 4 else x
        optimizer = OPTIMIZERS[case.optimizer](made.parameters(), lr=case.learning_rate, fused=True)
        losses: list[float] = []
        began = time.perf_counter()
        if case.kind == "train":
            losses.append(_epoch(case, made, optimizer, x[: case.warm_up * case.batch_size], t)[0])
        warm_up_seconds = time.perf_counter() - began
        after, seconds = _epoch(case, made, optimizer, x, t)
        weights = sum(array.numel() for array in made.parameters())
        return Measurement(seconds, case.steps, warm_up_seconds, case.warm_up, [*losses, after], weights)

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One copy after another."""
        return in_turn.trained(self.train, case, setting, images, labels)

    def predict(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """The model in inference mode, softmax behind it; NumPy in, NumPy out."""
        made, layout = self._made(case, setting)
        made.eval()
        x, _ = tensors(case, images, labels)

        def predict(rows: np.ndarray) -> np.ndarray:
            given = torch.from_numpy(rows).contiguous(memory_format=layout)
            return torch.softmax(made(given), 1).numpy()

        with torch.inference_mode():
            return calls.timed(case, x.numpy(), sum(array.numel() for array in made.parameters()), predict)


def _epoch(case: Case, made: nn.Module, optimizer: Any, x: torch.Tensor, t: torch.Tensor) -> tuple[float, float]:
    """Mean loss and wall time of one epoch over ``x``."""
    loss_of, losses, right = LOSSES[case.loss](), torch.zeros(()), torch.zeros((), dtype=torch.int64)
    began = time.perf_counter()
    order = torch.randperm(len(x))
    for rows in order.split(case.batch_size):
        targets = t[rows]
        optimizer.zero_grad(set_to_none=True)
        y = made(x[rows])
        loss = loss_of(y, targets)
        loss.backward()
        optimizer.step()
        losses += loss.detach() * len(rows)
        if case.loss == "classes":
            right += (y.detach().argmax(1) == targets).sum()
    mean = losses.item() / len(x)
    return mean, time.perf_counter() - began


PEER = PyTorch()
