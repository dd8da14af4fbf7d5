"""TiedDense: a Dense layer run backwards, with the kernel of another layer (weight tying, 重み共有).

    y  = x W^T + b                                             x (N, ..., units), W (n, units) of the owner, b (n)
    dW = dy^T x       db = 1^T dy       dx = dy W

The owner's array is borrowed, its gradient handed back to the owner: counted, saved and updated once.
Source: the decoder of an autoencoder, Hinton and Salakhutdinov (2006); Vincent et al. (2010).
"""

from collections.abc import Mapping
from typing import Self

from attrs import evolve, field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.initializers import Initializer
from garasu.layers import fields
from garasu.layers.layer import Layer, Param, Spec
from garasu.messages import ShapeError
from garasu.settings import must_be, truth


def _is_owner(value: object) -> bool:
    return isinstance(value, str) and value != ""


@frozen(eq=False)
class TiedDense(Layer):
    """The transpose of the Dense layer named ``to``, which must stand before it in the same list.

    Raises:
        SettingError: ``to`` is no name.

    Example:
        >>> import numpy as np
        >>> params = {"kernel": np.array([[1.0, 2.0]]), "bias": np.array([0.5])}
        >>> y, cache = TiedDense("encode").forward(params, np.array([[3.0, 4.0]]))
        >>> y.tolist()
        [[11.5]]
    """

    to: str = field(validator=must_be("settings.name", _is_owner))
    activation: str = fields.activation()
    use_bias: bool = field(default=True, validator=truth)
    bias_initializer: Initializer = fields.initializer("zeros")
    owner: Param | None = field(default=None, kw_only=True, repr=False)

    @property
    def borrows(self) -> Mapping[str, str]:
        """The kernel of the layer ``to`` is this layer's kernel."""
        return {"kernel": self.to}

    def settle(self, lent: Mapping[str, Param]) -> Self:
        """This layer, knowing the shape of the borrowed kernel."""
        return evolve(self, owner=lent["kernel"])

    def spec(self, in_shape: Shape) -> Spec:
        """(..., units) becomes (..., n)."""
        if self.owner is None:
            raise ShapeError("layers.borrow_alone", layer=self.label, owner=self.to)
        n, units = self.owner.shape
        if not in_shape or in_shape[-1] != units:
            found = in_shape[-1] if in_shape else 0
            raise ShapeError(
                "layers.axis_size", layer=self.label, axis=-1, expected=units, found=found, got=("N", *in_shape)
            )
        params = {"bias": Param((n,), self.bias_initializer, "bias")} if self.use_bias else {}
        return Spec((*in_shape[:-1], n), params)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x W^T + b."""
        y = namespace(x).matmul(x, params["kernel"].T)
        return (y + params["bias"] if self.use_bias else y), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dW = dy^T x, db = 1^T dy, dx = dy W."""
        xp, x = namespace(dy), cache["x"]
        rows, errors = xp.reshape(x, (-1, x.shape[-1])), xp.reshape(dy, (-1, dy.shape[-1]))
        grads = {"kernel": xp.matmul(errors.T, rows)}
        if self.use_bias:
            grads["bias"] = xp.sum(errors, axis=0)
        return xp.matmul(dy, params["kernel"]), grads
