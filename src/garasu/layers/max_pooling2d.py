"""MaxPooling2D: the largest value of each window.

    y[n,p,q,c] = max_{i,j} x[n, s p + i, s q + j, c]
    dx = dy at the place that held the maximum (the FIRST one in row-major order where several do), 0 elsewhere

Size of the result: (I - F + pads) / s + 1, rounded down.
Source: Yamaguchi et al. (1990); Riesenhuber and Poggio (1999).
"""

from typing import Any

from attrs import field, frozen

from garasu.array import Array, Arrays, Pads, Pair, Shape, max_pool, max_pool_transpose, output_size
from garasu.layers import fields
from garasu.layers.layer import Layer, Spec
from garasu.messages import SettingError, ShapeError, text
from garasu.settings import is_pair_of_counts, must_be, pair


def _is_stride(value: object) -> bool:
    return value is None or is_pair_of_counts(value)


def _below_window(owner: Any, attribute: Any, value: str | Pads) -> None:
    """A window that lies in the padding alone has no maximum."""
    if isinstance(value, str) or all(max(sides) < size for sides, size in zip(value, owner.pool_size, strict=True)):
        return
    expected = text("settings.padding_below", window=owner.pool_size)
    raise SettingError(
        "settings.must_be", owner=type(owner).__name__, name=attribute.name, expected=expected, value=repr(value)
    )


@frozen(eq=False)
class MaxPooling2D(Layer):
    """Max pooling (最大値プーリング) over windows of ``pool_size``; the stride is the window's size unless given.

    PyTorch and XLA's own gradient also give a tie to one place; automatic differentiation of a maximum would share it.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = MaxPooling2D(2)
        >>> y, cache = layer.forward({}, np.array([[1.0, 2], [3, 3]]).reshape(1, 2, 2, 1))
        >>> float(y[0, 0, 0, 0])
        3.0
        >>> layer.backward({}, cache, np.ones((1, 1, 1, 1)))[0][0, :, :, 0].tolist()
        [[0.0, 0.0], [1.0, 0.0]]
    """

    pool_size: Pair = fields.window((2, 2))
    strides: Pair | None = field(default=None, converter=pair, validator=must_be("settings.pair_of_counts", _is_stride))
    padding: str | Pads = fields.padding("valid", _below_window)

    @property
    def stride(self) -> Pair:
        """The stride in use."""
        return self.strides or self.pool_size

    def pads(self, size: Pair) -> Pads:
        """Rows and columns added around an image of ``size``."""
        return fields.pads_of(self.padding, size, self.pool_size, self.stride)

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, C)."""
        self.needs_rank(in_shape, 3, "N, rows, columns, channels")
        size = (in_shape[0], in_shape[1])
        rows, columns = output_size(size, self.pool_size, self.stride, self.pads(size))
        if rows < 1 or columns < 1:
            raise ShapeError(
                "layers.window_too_large", layer=self.label, window=self.pool_size, found=size, got=("N", *in_shape)
            )
        return Spec((rows, columns, in_shape[2]))

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = max over each window; the place of the maximum is remembered."""
        y, place = max_pool(x, self.pool_size, self.stride, self.pads((x.shape[1], x.shape[2])))
        return y, {"x": x, "place": place}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """Each error goes to the remembered place."""
        size = (cache["x"].shape[1], cache["x"].shape[2])
        return max_pool_transpose(dy, cache["place"], size, self.pool_size, self.stride, self.pads(size)), {}
