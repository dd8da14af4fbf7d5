"""Conv2D: the same small kernel laid over every place of an image.

    y[n,p,q,k] = sum_{i,j,c} x[n, s p + i, s q + j, c] W[i,j,c,k] + b[k]      x (N, Y, X, C), W (F, F, C, K), b (K)
    dW = im2col(x)^T dy        db = sum of dy over n, p, q        dx = col2im(dy W^T)

Size of the result: (I - F + pads) / s + 1, rounded down. Cross-correlation: the kernel is not flipped.
Source: LeCun et al. (1989); as matrix products, Chellapilla, Puri and Simard (2006).
"""

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
    output_size,
)
from garasu.initializers import Initializer
from garasu.layers import fields
from garasu.layers.layer import Layer, Param, Spec
from garasu.messages import ShapeError
from garasu.settings import count, truth


@frozen(eq=False)
class Conv2D(Layer):
    """Convolution layer (畳み込み層): ``filters`` kernels, one bias each, images NHWC, kernels HWIO.

    Keras's defaults: stride 1, padding "valid", Glorot uniform kernels, zero biases.

    Raises:
        SettingError: a setting out of range.
        UnknownNameError: no activation or initializer of that name.

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

    def pads(self, size: Pair) -> Pads:
        """Rows and columns added around an image of ``size``."""
        return fields.pads_of(self.padding, size, self.kernel_size, self.strides)

    def spec(self, in_shape: Shape) -> Spec:
        """(Y, X, C) becomes (OY, OX, filters)."""
        self.needs_rank(in_shape, 3, "N, rows, columns, channels")
        size = (in_shape[0], in_shape[1])
        rows, columns = output_size(size, self.kernel_size, self.strides, self.pads(size))
        if rows < 1 or columns < 1:
            raise ShapeError(
                "layers.window_too_large", layer=self.label, window=self.kernel_size, found=size, got=("N", *in_shape)
            )
        params = {"kernel": Param((*self.kernel_size, in_shape[2], self.filters), self.kernel_initializer)}
        if self.use_bias:
            params["bias"] = Param((self.filters,), self.bias_initializer, "bias")
        return Spec((rows, columns, self.filters), params)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = im2col(x) W + b."""
        y = convolve(x, params["kernel"], self.strides, self.pads((x.shape[1], x.shape[2])))
        return (y + params["bias"] if self.use_bias else y), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dW = im2col(x)^T dy, db = sum dy, dx = col2im(dy W^T)."""
        x, size = cache["x"], (cache["x"].shape[1], cache["x"].shape[2])
        pads = self.pads(size)
        grads = {"kernel": convolve_kernel_gradient(x, dy, self.kernel_size, self.strides, pads)}
        if self.use_bias:
            grads["bias"] = namespace(dy).sum(dy, axis=(0, 1, 2))
        return convolve_input_gradient(dy, params["kernel"], size, self.strides, pads), grads
