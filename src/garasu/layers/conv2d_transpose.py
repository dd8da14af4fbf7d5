"""Conv2DTranspose: convolution turned round. Every pixel lays the kernel, times itself, onto a larger image.

    y' = col2im(x W^T): y'[n,u,v,k] is the sum of x[n,p,q,c] W[i,j,k,c] over c and all p, i, q, j that meet there,
         s p + d i = u and s q + d j = v
    y = y' with its borders cut off, + b                 x (N, Y, X, C), W (F, F, K/G, C), b (K), y (N, OY, OX, K)
    dx = im2col(dy) W        dW = im2col(dy)^T x        db = sum of dy over n and all places

It is the transpose of a ``Conv2D`` that takes y to x with the same W, strides s, dilation d and groups G. Forward is
how that layer hands its error back; so dx is that layer's convolution, and dW that layer's with image and error in each
other's place. Not its inverse: sizes come back, numbers do not.

Size of the result, with F' = d (F - 1) + 1 and o = ``output_padding``:

    "valid"                             (I - 1) s + max(F', s)        with o: (I - 1) s + F' + o
    "same"                              I s                           with o: (I - 1) s + (1 if F' is odd else 0) + o
    ((above, below), (left, right))     that of "valid" less what is cut off

"same" cuts off what F' is above s, an odd row or column below and to the right.
Source: Zeiler et al. (2010); sizes as in Keras. Also called, wrongly, deconvolution.
"""

from typing import Any

from attrs import field, frozen

from garasu.array import (
    Array,
    Arrays,
    Pads,
    Pair,
    Shape,
    convolve,
    convolve_input_gradient,
    convolve_kernel_gradient,
    namespace,
    reach,
)
from garasu.initializers import Initializer
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Param, Spec
from garasu.messages import ShapeError
from garasu.regularizers import Regularizer
from garasu.settings import count, is_tuple, is_whole, must_be, pair, truth


def _below_stride(owner: Any, attribute: Any, value: object) -> None:
    """Rows and columns of zeros as many as a stride would be pixels without an image."""

    def accepts(value: Any) -> bool:
        if value is None:
            return True
        sizes = is_tuple(value) and len(value) == 2 and all(map(is_whole, value))
        return sizes and all(one < step for one, step in zip(value, owner.strides, strict=True))

    must_be("settings.output_padding", accepts, strides=owner.strides)(owner, attribute, value)


@frozen(eq=False)
class Conv2DTranspose(Layer):
    """Transposed convolution (転置畳み込み): makes images larger by what it learns, for decoders and segmentation.

    Keras's words, sizes and layout: the kernel is (F, F, filters, C). Unlike Keras, strides and dilation may both be
    above 1, there are groups, and padding may say what to cut off each side (PyTorch's padding and output_padding are
    ``padding=((p, p), (p, p)), output_padding=o``).

    Raises:
        SettingError: a setting out of range.
        UnknownNameError: no activation, initializer or regulariser of that name.

    Example:
        >>> import numpy as np
        >>> layer = Conv2DTranspose(1, 2, strides=2, use_bias=False)
        >>> params = {"kernel": np.array([[1.0, 2], [3, 4]]).reshape(2, 2, 1, 1)}
        >>> y, cache = layer.forward(params, np.array([[1.0, 10]]).reshape(1, 1, 2, 1))
        >>> y[0, :, :, 0].tolist()
        [[1.0, 2.0, 10.0, 20.0], [3.0, 4.0, 30.0, 40.0]]
        >>> layer.backward(params, cache, np.ones((1, 2, 4, 1)))[0][0, :, :, 0].tolist()
        [[10.0, 10.0]]
    """

    filters: int = field(validator=count)
    kernel_size: Pair = fields.window((3, 3))
    strides: Pair = fields.window((1, 1))
    padding: str | Pads = fields.padding("valid")
    output_padding: Pair | None = field(default=None, converter=pair, validator=_below_stride)
    activation: str = fields.activation()
    use_bias: bool = field(default=True, validator=truth)
    kernel_initializer: Initializer = fields.initializer("glorot_uniform")
    bias_initializer: Initializer = fields.initializer("zeros")
    dilation_rate: Pair = fields.window((1, 1), kw_only=True)
    groups: int = fields.groups()
    kernel_regularizer: Regularizer | None = fields.regularizer()
    bias_regularizer: Regularizer | None = fields.regularizer()

    def target(self, size: Pair) -> tuple[Pair, Pads]:
        """Rows and columns of the result for an image of ``size``, and what was cut off around it."""
        (rows, above), (columns, left) = (self._along(axis, size[axis]) for axis in (0, 1))
        return (rows, columns), (above, left)

    def _along(self, axis: int, size: int) -> tuple[int, Pair]:
        """The same in one direction."""
        seen, step = reach(self.kernel_size, self.dilation_rate)[axis], self.strides[axis]
        covered = (size - 1) * step + seen
        more = None if self.output_padding is None else self.output_padding[axis]
        if self.padding == "same":
            result = size * step if more is None else (size - 1) * step + seen % 2 + more
            cut = max(covered - result, 0)
            return result, (cut // 2, cut - cut // 2)
        sides = (0, 0) if isinstance(self.padding, str) else self.padding[axis]
        return covered + (max(step - seen, 0) if more is None else more) - sum(sides), sides

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, filters)."""
        size, _ = self.target(images.size_in(self, in_shape))
        fields.fits_groups(self, in_shape)
        if min(size) < 1:
            raise ShapeError("layers.nothing_left", layer=self.label, found=size, got=("N", *in_shape))
        shape = (*self.kernel_size, self.filters // self.groups, in_shape[2])
        params = {"kernel": Param(shape, self.kernel_initializer, regularizer=self.kernel_regularizer)}
        if self.use_bias:
            params["bias"] = Param((self.filters,), self.bias_initializer, "bias", self.bias_regularizer)
        return Spec((*size, self.filters), params)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = col2im(x W^T) + b."""
        size, cut = self.target(images.size_of(x))
        kind = (self.dilation_rate, self.groups)
        y = convolve_input_gradient(x, params["kernel"], size, self.strides, cut, *kind)
        return (y + params["bias"] if self.use_bias else y), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dW = im2col(dy)^T x, db = sum dy, dx = im2col(dy) W."""
        x, kind = cache["x"], (self.dilation_rate, self.groups)
        _, cut = self.target(images.size_of(x))
        grads = {"kernel": convolve_kernel_gradient(dy, x, self.kernel_size, self.strides, cut, *kind)}
        if self.use_bias:
            grads["bias"] = namespace(dy).sum(dy, axis=(0, 1, 2))
        return convolve(dy, params["kernel"], self.strides, cut, *kind), grads
