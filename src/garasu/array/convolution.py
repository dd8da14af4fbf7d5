"""Convolution and its two transposes, as matrix products over im2col.

    y  = X' W                   X' = im2col(x), W as (F*F*C, K)
    dW = X'^T dy
    dx = col2im(dy W^T)

What the field calls convolution is cross-correlation: the kernel is not flipped. Kernels are HWIO: (F, F, C, K).
``dilation`` d: the places of the kernel lie d rows and columns apart. ``groups`` G: the channels of x and the filters
are cut into G parts, and each part of the filters sees its own part of the channels, (F, F, C/G, K).
"""

from garasu.array.forms import Primitive
from garasu.array.namespace import namespace
from garasu.array.types import Array, Pads, Pair
from garasu.array.windows import NO_GAPS, col2im, im2col


def _parts(array: Array, groups: int) -> list[Array]:
    """The last axis cut into ``groups`` equal parts."""
    size = array.shape[-1] // groups
    return [array[..., part * size : (part + 1) * size] for part in range(groups)]


@Primitive
def convolve(x: Array, W: Array, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1) -> Array:
    """y = im2col(x) W.                                  x (N, Y, X, C), W (F, F, C/G, K) -> y (N, OY, OX, K)

    Example:
        >>> import numpy as np
        >>> x = np.array([[3.0, 0, 2, 2], [1, 0, 3, 1], [3, 2, 2, 0], [1, 2, 2, 1]]).reshape(1, 4, 4, 1)
        >>> W = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(3, 3, 1, 1)
        >>> convolve(x, W, (1, 1), ((0, 0), (0, 0)))[0, :, :, 0].tolist()
        [[2.0, 2.0], [1.0, -4.0]]
    """
    xp = namespace(x)
    high, wide, channels, filters = W.shape
    if groups > 1:
        pairs = zip(_parts(x, groups), _parts(W, groups), strict=True)
        return xp.concat([convolve.plain(part, own, stride, pads, dilation) for part, own in pairs], axis=-1)
    cols = im2col(x, (high, wide), stride, pads, dilation)
    return xp.matmul(cols, xp.reshape(W, (high * wide * channels, filters)))


@Primitive
def convolve_input_gradient(
    dy: Array, W: Array, size: Pair, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1
) -> Array:
    """dx = col2im(dy W^T), the transpose of ``convolve`` in x.             dy (N, OY, OX, K) -> dx (N, Y, X, C)

    Example:
        >>> import numpy as np
        >>> dy, W = np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1))
        >>> convolve_input_gradient(dy, W, (4, 4), (1, 1), ((0, 0), (0, 0)))[0, 0, :, 0].tolist()
        [1.0, 2.0, 2.0, 1.0]
    """
    xp = namespace(dy)
    high, wide, channels, filters = W.shape
    if groups > 1:
        pairs = zip(_parts(dy, groups), _parts(W, groups), strict=True)
        errors = [convolve_input_gradient.plain(part, own, size, stride, pads, dilation) for part, own in pairs]
        return xp.concat(errors, axis=-1)
    flat = xp.reshape(W, (high * wide * channels, filters))
    return col2im(xp.matmul(dy, flat.T), size, (high, wide), stride, pads, dilation)


@Primitive
def convolve_kernel_gradient(
    x: Array, dy: Array, window: Pair, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1
) -> Array:
    """dW = im2col(x)^T dy, the transpose of ``convolve`` in W.                     dW (F, F, C/G, K)

    Example:
        >>> import numpy as np
        >>> x, dy = np.ones((1, 4, 4, 1)), np.ones((1, 3, 3, 1))
        >>> dW = convolve_kernel_gradient(x, dy, (2, 2), (1, 1), ((0, 0), (0, 0)))
        >>> dW[:, :, 0, 0].tolist()
        [[9.0, 9.0], [9.0, 9.0]]
    """
    xp = namespace(x)
    if groups > 1:
        pairs = zip(_parts(x, groups), _parts(dy, groups), strict=True)
        slopes = [convolve_kernel_gradient.plain(part, error, window, stride, pads, dilation) for part, error in pairs]
        return xp.concat(slopes, axis=-1)
    cols = im2col(x, window, stride, pads, dilation)
    rows = xp.reshape(cols, (-1, cols.shape[-1]))
    product = xp.matmul(rows.T, xp.reshape(dy, (-1, dy.shape[-1])))
    return xp.reshape(product, (*window, x.shape[-1], dy.shape[-1]))
