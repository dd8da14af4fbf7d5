"""Activations, one file each: the function, and how the error passes back through it."""

from typing import Any

from garasu.activations.elu import elu
from garasu.activations.gelu import gelu
from garasu.activations.hard_sigmoid import hard_sigmoid
from garasu.activations.identity import identity
from garasu.activations.leaky_relu import leaky_relu
from garasu.activations.relu import relu
from garasu.activations.rule import Rule
from garasu.activations.sigmoid import sigmoid
from garasu.activations.softmax import softmax
from garasu.activations.softmax_straight_through import softmax_straight_through
from garasu.activations.softplus import softplus
from garasu.activations.step import step
from garasu.activations.swish import swish
from garasu.activations.tanh import tanh
from garasu.messages import nearest

_ALL = (
    elu,
    gelu,
    hard_sigmoid,
    identity,
    leaky_relu,
    relu,
    sigmoid,
    softmax,
    softmax_straight_through,
    softplus,
    step,
    swish,
    tanh,
)
RULES = {rule.name: rule for rule in _ALL}
_ALIASES = {"identity": "linear", "silu": "swish"}


def name_of(activation: Any) -> str:
    """The standard name of an activation given as a name or a rule; nothing (None) is "linear".

    Raises:
        UnknownNameError: no activation has this name; the nearest one is offered.

    Example:
        >>> name_of(None), name_of("relu"), name_of(tanh)
        ('linear', 'relu', 'tanh')
    """
    if activation is None:
        return identity.name
    name = activation.name if isinstance(activation, Rule) else activation
    name = _ALIASES.get(name, name) if isinstance(name, str) else repr(name)
    if name not in RULES:
        raise nearest("activation", name, [*RULES, *_ALIASES])
    return name


__all__ = [
    "RULES",
    "Rule",
    "elu",
    "gelu",
    "hard_sigmoid",
    "identity",
    "leaky_relu",
    "name_of",
    "relu",
    "sigmoid",
    "softmax",
    "softmax_straight_through",
    "softplus",
    "step",
    "swish",
    "tanh",
]
