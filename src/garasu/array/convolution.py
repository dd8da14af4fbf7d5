"""Convolution and its two transposes, as matrix products over im2col.

    y  = X' W                   X' = im2col(x), W as (F*F*C, K)
    dW = X'^T dy
    dx = col2im(dy W^T)

What the field calls convolution is cross-correlation: the kernel is not flipped. Kernels are HWIO: (F, F, C, K).
"""

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array, Pads, Pair
from garasu.array.windows import col2im, im2col


@Primitive
def convolve(x: Array, W: Array, stride: Pair, pads: Pads) -> Array:
    """y = im2col(x) W.                                    x (N, Y, X, C), W (F, F, C, K) -> y (N, OY, OX, K)

    Example:
        >>> import numpy as np
        >>> x = np.array([[3.0, 0, 2, 2], [1, 0, 3, 1], [3, 2, 2, 0], [1, 2, 2, 1]]).reshape(1, 4, 4, 1)
        >>> W = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(3, 3, 1, 1)
        >>> convolve(x, W, (1, 1), ((0, 0), (0, 0)))[0, :, :, 0].tolist()
        [[2.0, 2.0], [1.0, -4.0]]
    """
    xp = namespace(x)
    high, wide, channels, filters = W.shape
    return xp.matmul(im2col(x, (high, wide), stride, pads), xp.reshape(W, (high * wide * channels, filters)))


@Primitive
def convolve_input_gradient(dy: Array, W: Array, size: Pair, stride: Pair, pads: Pads) -> Array:
    """dx = col2im(dy W^T), the transpose of ``convolve`` in x.             dy (N, OY, OX, K) -> dx (N, Y, X, C)

    Example:
        >>> import numpy as np
        >>> dy, W = np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1))
        >>> convolve_input_gradient(dy, W, (4, 4), (1, 1), ((0, 0), (0, 0)))[0, 0, :, 0].tolist()
        [1.0, 2.0, 2.0, 1.0]
    """
    xp = namespace(dy)
    high, wide, channels, filters = W.shape
    flat = xp.reshape(W, (high * wide * channels, filters))
    return col2im(xp.matmul(dy, flat.T), size, (high, wide), stride, pads)


@Primitive
def convolve_kernel_gradient(x: Array, dy: Array, window: Pair, stride: Pair, pads: Pads) -> Array:
    """dW = im2col(x)^T dy, the transpose of ``convolve`` in W.                     dW (F, F, C, K)

    Example:
        >>> import numpy as np
        >>> x, dy = np.ones((1, 4, 4, 1)), np.ones((1, 3, 3, 1))
        >>> dW = convolve_kernel_gradient(x, dy, (2, 2), (1, 1), ((0, 0), (0, 0)))
        >>> dW[:, :, 0, 0].tolist()
        [[9.0, 9.0], [9.0, 9.0]]
    """
    xp = namespace(x)
    cols = im2col(x, window, stride, pads)
    rows = xp.reshape(cols, (-1, cols.shape[-1]))
    product = xp.matmul(rows.T, xp.reshape(dy, (-1, dy.shape[-1])))
    return xp.reshape(product, (*window, x.shape[-1], dy.shape[-1]))
