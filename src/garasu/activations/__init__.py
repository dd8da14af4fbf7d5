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
from garasu.messages import alike, nearest, refused

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
ALIASES = {"identity": identity, "silu": swish}

linear, silu = identity, swish  # the names that Keras has beside these


def get(activation: Any, owner: str = "activations.get", setting: str = "activation") -> Rule:
    """An activation from itself or from its name; nothing (None) is ``identity``.

    ``owner`` and ``setting`` say in the sentence of an error whose setting it is.

    Raises:
        UnknownNameError: no activation has this name; the nearest one is offered.
        SettingError: neither an activation of Garasu's nor a name.

    Example:
        >>> get(None).name, get("ReLU").name, get("silu") is get(swish)
        ('linear', 'relu', True)
    """
    names = {**RULES, **ALIASES}
    if activation is None:
        return identity
    if isinstance(activation, str):
        found = alike(names, activation)
        if found is None:
            raise nearest("activation", activation, names)
        return found
    if isinstance(activation, Rule) and RULES.get(activation.name) is activation:
        return activation
    raise refused("activation", activation, names, owner, setting)


def name_of(activation: Any, owner: str = "activations.name_of", setting: str = "activation") -> str:
    """The standard name of an activation: see ``get``.

    Raises:
        UnknownNameError: no activation has this name; the nearest one is offered.
        SettingError: neither an activation of Garasu's nor a name.

    Example:
        >>> name_of(None), name_of("relu"), name_of(tanh)
        ('linear', 'relu', 'tanh')
    """
    return get(activation, owner, setting).name


__all__ = [
    "ALIASES",
    "RULES",
    "Rule",
    "elu",
    "gelu",
    "get",
    "hard_sigmoid",
    "identity",
    "leaky_relu",
    "linear",
    "name_of",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softmax_straight_through",
    "softplus",
    "step",
    "swish",
    "tanh",
]
