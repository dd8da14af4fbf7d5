"""Optimizers, one file each: formula, settings, first state, one step of one array."""

from typing import Any

from attrs import evolve

from garasu.messages import nearest
from garasu.optimizers.adam import Adam
from garasu.optimizers.momentum import Momentum
from garasu.optimizers.optimizer import Optimizer
from garasu.optimizers.sgd import SGD

CLASSES = (SGD, Adam, Momentum)
NAMES: dict[str, type[Optimizer]] = {"sgd": SGD, "momentum": Momentum, "adam": Adam}


def get(optimizer: Any, learning_rate: float | None = None) -> Optimizer:
    """An optimizer from itself or its name, with another rate where one is given.

    Raises:
        UnknownNameError: no optimizer has this name; the nearest one is offered.

    Example:
        >>> get("adam").learning_rate
        0.001
    """
    if not isinstance(optimizer, Optimizer):
        name = optimizer.lower() if isinstance(optimizer, str) else repr(optimizer)
        if name not in NAMES:
            raise nearest("optimizer", name, NAMES)
        optimizer = NAMES[name]()
    return optimizer if learning_rate is None else evolve(optimizer, learning_rate=learning_rate)


__all__ = ["CLASSES", "NAMES", "SGD", "Adam", "Momentum", "Optimizer", "get"]
