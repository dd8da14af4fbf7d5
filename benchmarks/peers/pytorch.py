"""PyTorch, eager, with its fused Adam."""

import time
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.cases import Case
from benchmarks.network import Convolution, Dense, Flatten, MaxPooling
from benchmarks.peers.peer import Measurement, Peer


def _modules(case: Case) -> list[nn.Module]:
    """The network in PyTorch's words; softmax is part of its loss."""
    modules: list[nn.Module] = []
    for layer, shape in case.network.walk():
        match layer:
            case Convolution(filters, size):
                modules.append(nn.Conv2d(shape[2], filters, size, padding="same"))
            case MaxPooling(size):
                modules.append(nn.MaxPool2d(size))
            case Flatten():
                modules.append(nn.Flatten())
            case Dense(units):
                modules.append(nn.Linear(shape[0], units))
        if getattr(layer, "activation", None) == "relu":
            modules.append(nn.ReLU())
    return modules


class PyTorch(Peer):
    """The ordinary loop: zero_grad, forward, backward, step."""

    title = "PyTorch (eager)"
    packages = ("torch", "numpy")
    modules = ("torch",)
    settings = ("", "channels last")
    practice = (
        "All pictures in one float32 tensor, mini-batches gathered by index (quicker than a DataLoader); fused Adam."
    )

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One short epoch, then the timed one."""
        torch.manual_seed(0)
        layout = torch.channels_last if setting == "channels last" else torch.contiguous_format
        pictures = images.astype(np.float32)[:, None] / np.float32(255)
        x = torch.from_numpy(pictures).contiguous(memory_format=layout)
        t = torch.from_numpy(labels.astype(np.int64))
        model = nn.Sequential(*_modules(case)).to(memory_format=layout)
        adam = torch.optim.Adam(model.parameters(), lr=case.learning_rate, fused=True)
        began = time.perf_counter()
        before, _ = _epoch(case, model, adam, x[: case.warm_up * case.batch_size], t)
        warm_up_seconds = time.perf_counter() - began
        after, seconds = _epoch(case, model, adam, x, t)
        weights = sum(array.numel() for array in model.parameters())
        return Measurement(seconds, case.steps, warm_up_seconds, case.warm_up, (before, after), weights)


def _epoch(case: Case, model: nn.Module, adam: Any, x: torch.Tensor, t: torch.Tensor) -> tuple[float, float]:
    """Mean loss and wall time of one epoch over ``x``."""
    loss_of, losses, right = nn.CrossEntropyLoss(), torch.zeros(()), torch.zeros((), dtype=torch.int64)
    began = time.perf_counter()
    order = torch.randperm(len(x))
    for rows in order.split(case.batch_size):
        targets = t[rows]
        adam.zero_grad(set_to_none=True)
        y = model(x[rows])
        loss = loss_of(y, targets)
        loss.backward()
        adam.step()
        losses += loss.detach() * len(rows)
        right += (y.detach().argmax(1) == targets).sum()
    mean = losses.item() / len(x)
    return mean, time.perf_counter() - began


PEER = PyTorch()
