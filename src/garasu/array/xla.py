"""Faster forms for JAX arrays, each measured to be worth it; importing this module registers them.

What is registered for "jax-cpu" was measured on CPUs and makes up for what XLA's compiler for them does not do; on
other devices the plain forms run, and convolutions are XLA's own.

Where XLA has an operation of its own for several channels, it is several times faster than im2col on the CPU. With
one channel there is nothing to multiply together: F*F shifted multiply-adds fuse into a single loop, and, unlike
XLA's convolution, they stay fast inside a loop of steps. A dilated or grouped convolution is always XLA's own.
"""

# JAX is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownLambdaType=false

from collections.abc import Callable
from functools import partial, reduce
from operator import add

import jax
from jax import lax

from garasu.array.branch import unless_wrong
from garasu.array.convolution import convolve, convolve_input_gradient, convolve_kernel_gradient
from garasu.array.erf import erf
from garasu.array.norms import squared_norm
from garasu.array.pooling import max_pool_transpose
from garasu.array.products import weigh
from garasu.array.rows import take_rows
from garasu.array.scatter import scatter_add
from garasu.array.tree import leaves
from garasu.array.types import Array, Pads, Pair, Tree
from garasu.array.windows import NO_GAPS, NO_PADS, pad, split

_LAYOUT = ("NHWC", "HWIO", "NHWC")


@convolve.form("jax")
def _native(x: Array, W: Array, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1) -> Array:
    """``convolve``: XLA's own."""
    return lax.conv_general_dilated(
        x, W, stride, pads, rhs_dilation=dilation, dimension_numbers=_LAYOUT, feature_group_count=groups
    )


def _one_channel(channels: int, dilation: Pair, groups: int) -> bool:
    """Whether the forms for one channel apply."""
    return channels == 1 and dilation == NO_GAPS and groups == 1


def _shifted(x: Array, W: Array, stride: Pair, pads: Pads) -> Array:
    """F*F shifted pictures, each times its weight, added up: one loop, where there is one channel."""
    high, wide, _, _ = W.shape
    parts = split(x, (high, wide), stride, pads)
    return reduce(add, [part * W[k // wide, k % wide, 0] for k, part in enumerate(parts)])


@convolve.form("jax-cpu")
def convolve_xla(x: Array, W: Array, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1) -> Array:
    """``convolve``: shifted multiply-adds for one channel, XLA's own convolution for several.

    Left alone, XLA works the shifted form out anew inside every loop that reads it (three times in a network with
    pooling), and on the CPU it drops ``optimization_barrier``. A branch is worked out once: so both branches here are
    the convolution, and the shifted one is taken unless the first weight is NaN.
    """
    if not _one_channel(W.shape[2], dilation, groups):
        return _native(x, W, stride, pads, dilation, groups)
    first = W[0, 0, 0, 0]
    by_products = partial(convolve.plain, stride=stride, pads=pads)
    by_shifts = partial(_shifted, stride=stride, pads=pads)
    return lax.cond(jax.numpy.isnan(first), by_products, by_shifts, x, W)


@convolve_input_gradient.form("jax")
def convolve_input_gradient_xla(
    dy: Array, W: Array, size: Pair, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1
) -> Array:
    """``convolve_input_gradient``: the transpose of XLA's own convolution in x."""
    x = jax.ShapeDtypeStruct((dy.shape[0], *size, W.shape[2] * groups), dy.dtype)
    (dx,) = jax.linear_transpose(lambda x: _native(x, W, stride, pads, dilation, groups), x)(dy)
    return dx


@convolve_kernel_gradient.form("jax-cpu")
def convolve_kernel_gradient_xla(
    x: Array, dy: Array, window: Pair, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1
) -> Array:
    """``convolve_kernel_gradient``: band products for one channel, the transpose of XLA's convolution for several."""
    if _one_channel(x.shape[-1], dilation, groups):
        return _kernel_gradient_by_bands(x, dy, window, stride, pads)
    part = partial(_kernel_gradient, window=window, stride=stride, pads=pads, dilation=dilation, groups=groups)
    return reduce(add, [part(x[rows], dy[rows]) for rows in _few_at_a_time(x.shape[0])])


_IMAGES = 16
_PARTS = 8
_BANDS = 4


def _few_at_a_time(images: int) -> list[slice]:
    """A mini-batch cut into parts of 16 images, or into 8 where these would be too many.

    The kernel gradient of many images is a convolution with a kernel as large as a picture and as many channels as
    images: by parts it works in the cache. Milliseconds for 128 images, whole and in 8 parts: 14x14, 32 to 64 filters
    of 5x5, 19.5 and 16.8; of 3x3, 7.3 and 5.9; 28x28, 16 to 32 filters of 3x3, 12.7 and 8.0; 32 to 32, 22.7 and 16.7.
    """
    size = max(_IMAGES, -(-images // _PARTS))
    return [slice(start, min(start + size, images)) for start in range(0, images, size)]


@convolve_kernel_gradient.form("jax")
def _kernel_gradient(
    x: Array, dy: Array, window: Pair, stride: Pair, pads: Pads, dilation: Pair = NO_GAPS, groups: int = 1
) -> Array:
    """``convolve_kernel_gradient``: the transpose of XLA's own convolution in W."""
    W = jax.ShapeDtypeStruct((*window, x.shape[-1] // groups, dy.shape[-1]), x.dtype)
    (dW,) = jax.linear_transpose(lambda W: _native(x, W, stride, pads, dilation, groups), W)(dy)
    return dW


def _kernel_gradient_by_bands(x: Array, dy: Array, window: Pair, stride: Pair, pads: Pads) -> Array:
    """One channel, stride 1: dW[i,j] = sum_q R[i,q+j,q] with R[i,u,q] = sum_{n,p,b} x[n,p+i,b+u] dy[n,p,b+q].

    A row of dy is cut into blocks b of ``width`` places; a block and the lines of the picture it sees give one row each
    of a single matrix product, in which nothing is copied F*F times, and dy not at all. Only a band of R is used;
    blocks of at most 8 places keep the part worked out in vain small. (C9, processor time: 4.0 ms with blocks of 7; a
    product for each block 6.4.) Its rows are many and its result is small: in 4 parts, side by side, 1.0 ms for 1.7.
    """
    (high, wide), (n, rows, columns, filters) = window, dy.shape
    width = next((size for size in range(8, 1, -1) if columns % size == 0), 1)
    if stride != (1, 1) or width == 1:
        return convolve_kernel_gradient.plain(x, dy, window, stride, pads)
    image, seen = pad(x, pads)[..., 0], width + wide - 1
    blocks = [
        jax.numpy.stack([image[:, i : i + rows, left : left + seen] for i in range(high)], axis=2)
        for left in range(0, columns, width)
    ]
    parts = next(parts for parts in (_BANDS, 1) if n * rows * len(blocks) % parts == 0)
    lines = jax.numpy.stack(blocks, axis=2).reshape(parts, -1, high * seen)
    products = jax.numpy.einsum("pli,plj->pij", lines, dy.reshape(parts, -1, width * filters))
    R = jax.numpy.sum(products, axis=0).reshape(high, seen, width, filters)
    return reduce(add, [R[:, q : q + wide, q, :] for q in range(width)])[:, :, None, :]


@max_pool_transpose.form("jax")
def max_pool_transpose_xla(dy: Array, place: Array, size: Pair, window: Pair, stride: Pair, pads: Pads) -> Array:
    """``max_pool_transpose``: windows that tile the picture repeat dy and keep it at its place, in one loop."""
    (high, wide), (n, rows, columns, channels) = window, dy.shape
    if window != stride or pads != NO_PADS or size != (rows * high, columns * wide):
        return max_pool_transpose.plain(dy, place, size, window, stride, pads)
    own = jax.numpy.arange(high * wide, dtype=place.dtype).reshape(1, 1, high, 1, wide, 1)
    spread = (slice(None), slice(None), None, slice(None), None, slice(None))
    dx = jax.numpy.where(place[spread] == own, dy[spread], jax.numpy.zeros((), dy.dtype))
    return dx.reshape(n, *size, channels)


_MANY_WEIGHTS = 2**21
_SHARES = 16


@weigh.form("jax-cpu")
def weigh_xla(x: Array, W: Array) -> Array:
    """``weigh``: one row and a large W in 16 parts, so that all cores read it.

    XLA's CPU compiler gives the product of a single row to one core, and reading W is all the work there is: for W
    (3136, 1024) 0.49 ms whole, 0.35 in 8 parts, 0.30 in 16. From two rows on, and below two million weights, nothing
    is gained.
    """
    if x.ndim != 2 or x.shape[0] != 1 or W.size < _MANY_WEIGHTS or W.shape[0] % _SHARES:
        return weigh.plain(x, W)
    parts = jax.numpy.einsum("sj,sjk->sk", x.reshape(_SHARES, -1), W.reshape(_SHARES, -1, W.shape[1]))
    return jax.numpy.sum(parts, axis=0, keepdims=True)


SMALL = 2**18
"""Numbers of an array that stays in a core's own cache. Where all are that small, a step is a hundred short loops."""


@unless_wrong.form("jax-cpu")
def unless_wrong_xla(ok: Array, go: Callable[[], Tree], old: Tree, *, by_number: bool = False) -> Tree:
    """``unless_wrong``: a branch; of small arrays a choice number by number, if that is allowed.

    Without a branch XLA works a gradient out where it is used and writes it nowhere: C14's step of one picture takes
    38 us for 59. Of large arrays a choice copies every one that is kept, as it does where one new array needs another.
    """
    if by_number and sum(leaf.size for leaf in leaves(old)) <= SMALL:
        return unless_wrong.plain(ok, go, old)
    return lax.cond(ok, go, lambda: old)


@squared_norm.form("jax-cpu")
def squared_norm_xla(g: Array) -> Array:
    """``squared_norm``: of a small array column by column first, which is a loop over vectors.

    XLA makes one sum of two, number after number, unless there is something between them: no square is below 0.
    """
    if g.ndim < 2 or g.size > SMALL:
        return squared_norm.plain(g)
    columns = jax.numpy.sum(g * g, axis=tuple(range(g.ndim - 1)))
    return jax.numpy.sum(jax.numpy.maximum(columns, 0))


@take_rows.form("jax")
def take_rows_xla(x: Array, index: Array) -> Array:
    """``take_rows``: XLA's own gather, without a second pass over the rows for numbers that are out of range."""
    return x.at[index].get(mode="promise_in_bounds")


@scatter_add.form("jax")
def scatter_add_xla(values: Array, index: Array, size: int) -> Array:
    """``scatter_add``: XLA's own scatter, which adds repeated places."""
    return jax.numpy.zeros((size, values.shape[1]), values.dtype).at[index].add(values)


@erf.form("jax")
def erf_xla(x: Array) -> Array:
    """``erf``: XLA's own, in one loop instead of seventy."""
    return lax.erf(x)
