"""Optimizers, one file each: formula, settings, first state, one step of one array."""

from typing import Any

from attrs import evolve

from garasu import schedules
from garasu.messages import chosen
from garasu.optimizers.adadelta import Adadelta
from garasu.optimizers.adagrad import Adagrad
from garasu.optimizers.adam import Adam
from garasu.optimizers.adamw import AdamW
from garasu.optimizers.lion import Lion
from garasu.optimizers.momentum import Momentum
from garasu.optimizers.muon import Muon
from garasu.optimizers.nadam import Nadam
from garasu.optimizers.nesterov import Nesterov
from garasu.optimizers.optimizer import Optimizer
from garasu.optimizers.rmsprop import RMSprop
from garasu.optimizers.sgd import SGD

AdaGrad, RMSProp = Adagrad, RMSprop  # as the papers write them; Keras's names are the classes' own

NAMES: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "nadam": Nadam,
    "lion": Lion,
    "muon": Muon,
}
CLASSES = tuple(NAMES.values())


def get(optimizer: Any, learning_rate: float | schedules.Schedule | None = None) -> Optimizer:
    """An optimizer from itself, its class or its name, with another rate, or schedule, where one is given.

    Raises:
        UnknownNameError: no optimizer has this name; the nearest one is offered.
        SettingError: none of the three.

    Example:
        >>> get("adam").learning_rate
        0.001
    """
    found = chosen("optimizer", optimizer, Optimizer, NAMES, "compile", "optimizer")
    return found if learning_rate is None else evolve(found, learning_rate=learning_rate)


__all__ = [
    "CLASSES",
    "NAMES",
    "SGD",
    "AdaGrad",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Lion",
    "Momentum",
    "Muon",
    "Nadam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "RMSprop",
    "get",
    "schedules",
]
