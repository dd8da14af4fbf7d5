"""Activation: a function applied to what a layer hands on.

    z = f(u)        du = dz f'(u)       (softmax: its whole Jacobian)

The functions stand in ``garasu.activations``, one file each. ``Dense(10, activation="softmax")`` becomes a Dense layer
(u) and this one (z) when a network is built.
"""

from attrs import frozen

from garasu import activations
from garasu.array import Array, Arrays, Shape
from garasu.layers import fields
from garasu.layers.layer import Layer, Spec


@frozen(eq=False)
class Activation(Layer):
    """The function called ``activation``: one of ``garasu.activations.RULES``.

    linear (identity), step, sigmoid, hard_sigmoid, tanh, relu, leaky_relu, elu, softplus, gelu, swish (silu), softmax
    and softmax_straight_through. ``LeakyReLU`` and ``ELU`` are layers that take the slope as a setting.

    Raises:
        UnknownNameError: no activation has this name.
        SettingError: neither an activation nor a name.

    Example:
        >>> import numpy as np
        >>> layer = Activation("relu")
        >>> z, cache = layer.forward({}, np.array([[-1.0, 2.0]]))
        >>> z.tolist(), layer.backward({}, cache, np.ones((1, 2)))[0].tolist()
        ([[0.0, 2.0]], [[0.0, 1.0]])
    """

    activation: str = fields.activation(needed=True)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays."""
        return Spec(in_shape)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """z = f(u)."""
        z = activations.RULES[self.activation].forward(x)
        return z, {"u": x, "z": z}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """du = dz f'(u)."""
        return activations.RULES[self.activation].backward(cache["u"], cache["z"], dy), {}
