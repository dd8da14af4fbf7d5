"""Conv2D: the same small kernel laid over every place of an image.

    y[n,p,q,k] = sum_{i,j,c} x'[n, s p + d i, s q + d j, c] W[i,j,c,k] + b[k]
                                                       x (N, Y, X, C), W (F, F, C/G, K), b (K), y (N, OY, OX, K)
    dW = im2col(x')^T dy        db = sum of dy over n, p, q        dx = col2im(dy W^T) without the frame

x' is x in a frame of rows and columns that hold ``padding_value``; s is the stride, d the dilation (a kernel with d - 1
rows and columns of nothing between its own). With G groups, channels and filters are cut into G equal parts, and c runs
over the channels of k's own part: G convolutions side by side. Cross-correlation: the kernel is not flipped.
Size of the result: (I - F' + pads) / s + 1, rounded down, F' = d (F - 1) + 1.

Derived: y is linear in W with the windows of x' as factors, which gives dW. Pixel x'[y] stands in the window of p at
place i where s p + d i = y, so its error is the sum of dy[p] W[i] over those pairs: col2im. What lies in the frame is
given, not computed from x, so its share of the error ends there; its share of dW counts.

Source: LeCun et al. (1989); as matrix products, Chellapilla, Puri and Simard (2006); groups, Krizhevsky, Sutskever and
Hinton (2012); dilation, Yu and Koltun (2016).
"""

from collections.abc import Sequence
from typing import Any, Self

from attrs import field, frozen

from garasu import filters as given_filters
from garasu.array import (
    NO_PADS,
    Array,
    Arrays,
    Pads,
    Pair,
    Shape,
    convolve,
    convolve_input_gradient,
    convolve_kernel_gradient,
    namespace,
    output_size,
    pad,
    reach,
)
from garasu.initializers import Initializer
from garasu.layers import fields, images
from garasu.layers.layer import Layer, Param, Spec
from garasu.messages import SettingError, ShapeError, shown, text
from garasu.regularizers import Regularizer
from garasu.settings import count, number, truth


def _has_a_frame(owner: Any, attribute: Any, value: float) -> None:
    """A value for a frame that there is not would be passed over in silence."""
    number(owner, attribute, value)
    if value != 0 and owner.padding == "valid":
        raise SettingError(
            "settings.must_be",
            owner=type(owner).__name__,
            name=attribute.name,
            expected=text("settings.padding_value"),
            value=shown(value),
        )


@frozen(eq=False)
class Conv2D(Layer):
    """Convolution layer (畳み込み層): ``filters`` kernels, one bias each, images NHWC, kernels HWIO.

    Keras's defaults: stride 1, padding "valid", Glorot uniform kernels, zero biases. Unlike Keras, strides and dilation
    may both be above 1 (PyTorch allows it too), padding may be given in rows and columns as ``ZeroPadding2D`` takes it,
    and the frame may hold another value than zero. ``Conv2D.given`` makes one of given filters.

    Raises:
        SettingError: a setting out of range.
        UnknownNameError: no activation, initializer or regulariser of that name.

    Example:
        >>> import numpy as np
        >>> layer = Conv2D(1, 2, use_bias=False)
        >>> params = {"kernel": np.ones((2, 2, 1, 1))}
        >>> y, cache = layer.forward(params, np.arange(9.0).reshape(1, 3, 3, 1))
        >>> y[0, :, :, 0].tolist()
        [[8.0, 12.0], [20.0, 24.0]]
        >>> dx, grads = layer.backward(params, cache, np.ones((1, 2, 2, 1)))
        >>> dx[0, :, :, 0].tolist()
        [[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]
    """

    filters: int = field(validator=count)
    kernel_size: Pair = fields.window((3, 3))
    strides: Pair = fields.window((1, 1))
    padding: str | Pads = fields.padding("valid")
    activation: str = fields.activation()
    use_bias: bool = field(default=True, validator=truth)
    kernel_initializer: Initializer = fields.initializer("glorot_uniform")
    bias_initializer: Initializer = fields.initializer("zeros")
    dilation_rate: Pair = fields.window((1, 1), kw_only=True)
    groups: int = fields.groups()
    padding_value: float = field(default=0.0, validator=_has_a_frame, kw_only=True)
    kernel_regularizer: Regularizer | None = fields.regularizer()
    bias_regularizer: Regularizer | None = fields.regularizer()

    @classmethod
    def given(cls, filters: Array | Sequence[Array], channels: int = 1, **settings: Any) -> Self:
        """A layer of given two-dimensional filters, or of a single one.

        It is neither trained nor has it a bias, unless ``settings`` say so.

        The kernel is ``garasu.filters.bank(filters, channels)``: over several channels, each filter sees their mean.
        With ``groups`` as many as channels, each filter sees one channel.

        Raises:
            SettingError: no filters, filters of several sizes, or a setting out of range.

        Example:
            The seminar's pair of edge filters, as a network would begin:

            >>> from garasu import filters
            >>> layer = Conv2D.given([filters.edge_vertical(), filters.edge_horizontal()], padding="same")
            >>> layer.filters, layer.kernel_size, layer.trainable
            (2, (5, 5), False)

            A photo smoothed in colour, one filter for each channel:

            >>> Conv2D.given([filters.smoothing(3)] * 3, groups=3, padding="same").spec((32, 32, 3)).out_shape
            (32, 32, 3)
        """
        kernel = given_filters.bank(filters, channels, owner=f"{cls.__name__}.given")
        high, wide, _, number_of_filters = kernel.shape
        fixed: dict[str, Any] = {"kernel_initializer": kernel, "use_bias": False, "trainable": False}
        return cls(number_of_filters, (high, wide), **{**fixed, **settings})

    def pads(self, size: Pair) -> Pads:
        """Rows and columns added around an image of ``size``."""
        return fields.pads_of(self.padding, size, reach(self.kernel_size, self.dilation_rate), self.strides)

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, filters)."""
        size, window = images.size_in(self, in_shape), reach(self.kernel_size, self.dilation_rate)
        fields.fits_groups(self, in_shape)
        rows, columns = output_size(size, window, self.strides, self.pads(size))
        if rows < 1 or columns < 1:
            raise ShapeError(
                "layers.window_too_large" if window == self.kernel_size else "layers.dilated_window_too_large",
                layer=self.label,
                window=self.kernel_size,
                dilation=self.dilation_rate,
                reach=window,
                found=size,
                got=("N", *in_shape),
            )
        shape = (*self.kernel_size, in_shape[2] // self.groups, self.filters)
        params = {"kernel": Param(shape, self.kernel_initializer, regularizer=self.kernel_regularizer)}
        if self.use_bias:
            params["bias"] = Param((self.filters,), self.bias_initializer, "bias", self.bias_regularizer)
        return Spec((rows, columns, self.filters), params)

    def _framed(self, x: Array) -> tuple[Array, Pads]:
        """x' and the frame of zeros still to be laid around it."""
        pads = self.pads(images.size_of(x))
        return (x, pads) if self.padding_value == 0 else (pad(x, pads, self.padding_value), NO_PADS)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = im2col(x') W + b."""
        framed, pads = self._framed(x)
        y = convolve(framed, params["kernel"], self.strides, pads, self.dilation_rate, self.groups)
        return (y + params["bias"] if self.use_bias else y), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dW = im2col(x')^T dy, db = sum dy, dx = col2im(dy W^T) without the frame."""
        x, size, kind = cache["x"], images.size_of(cache["x"]), (self.dilation_rate, self.groups)
        framed, pads = self._framed(x)
        grads = {"kernel": convolve_kernel_gradient(framed, dy, self.kernel_size, self.strides, pads, *kind)}
        if self.use_bias:
            grads["bias"] = namespace(dy).sum(dy, axis=(0, 1, 2))
        return convolve_input_gradient(dy, params["kernel"], size, self.strides, self.pads(size), *kind), grads
