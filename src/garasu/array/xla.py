"""Faster forms for JAX arrays, each measured to be worth it; importing this module registers them.

Where XLA has an operation of its own for several channels, it is several times faster than im2col on the CPU. With
one channel there is nothing to multiply together: F*F shifted multiply-adds fuse into a single loop, and, unlike
XLA's convolution, they stay fast inside a loop of steps.
"""

# JAX is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownLambdaType=false

from functools import reduce
from operator import add

import jax
from jax import lax

from garasu.array.convolution import convolve, convolve_input_gradient, convolve_kernel_gradient
from garasu.array.scatter import scatter_add
from garasu.array.types import Array, Pads, Pair
from garasu.array.windows import split

_LAYOUT = ("NHWC", "HWIO", "NHWC")


def _native(x: Array, W: Array, stride: Pair, pads: Pads) -> Array:
    return lax.conv_general_dilated(x, W, stride, pads, dimension_numbers=_LAYOUT)


@convolve.form("jax")
def convolve_xla(x: Array, W: Array, stride: Pair, pads: Pads) -> Array:
    """``convolve``: shifted multiply-adds for one channel, XLA's own convolution for several."""
    high, wide, channels, _ = W.shape
    if channels > 1:
        return _native(x, W, stride, pads)
    parts = split(x, (high, wide), stride, pads)
    y = reduce(add, [part * W[k // wide, k % wide, 0] for k, part in enumerate(parts)])
    return lax.optimization_barrier(y)  # else XLA works it out anew inside every loop that reads it


@convolve_input_gradient.form("jax")
def convolve_input_gradient_xla(dy: Array, W: Array, size: Pair, stride: Pair, pads: Pads) -> Array:
    """``convolve_input_gradient``: the transpose of XLA's own convolution in x."""
    x = jax.ShapeDtypeStruct((dy.shape[0], *size, W.shape[2]), dy.dtype)
    (dx,) = jax.linear_transpose(lambda x: _native(x, W, stride, pads), x)(dy)
    return dx


@convolve_kernel_gradient.form("jax")
def convolve_kernel_gradient_xla(x: Array, dy: Array, window: Pair, stride: Pair, pads: Pads) -> Array:
    """``convolve_kernel_gradient``: im2col for one channel, the transpose of XLA's convolution in W for several."""
    if x.shape[-1] == 1:
        return convolve_kernel_gradient.plain(x, dy, window, stride, pads)
    W = jax.ShapeDtypeStruct((*window, x.shape[-1], dy.shape[-1]), x.dtype)
    (dW,) = jax.linear_transpose(lambda W: _native(x, W, stride, pads), W)(dy)
    return dW


@scatter_add.form("jax")
def scatter_add_xla(values: Array, index: Array, size: int) -> Array:
    """``scatter_add``: XLA's own scatter, which adds repeated places."""
    return jax.numpy.zeros((size, values.shape[1]), values.dtype).at[index].add(values)
