"""Windows over an image, and their transposes: the ground of convolution and pooling.

``split`` cuts an image into the F*F shifted pictures that a window sees, one for each place in the window, in
row-major order; ``merge`` is its transpose: it adds such pictures back where they came from. im2col and col2im are
these two with the pictures side by side. Size of the result: (I - F + pads) / s + 1, rounded down; where the places of
a window lie d rows and columns apart (its dilation), F is its ``reach``, d (F - 1) + 1.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add

from array_api_extra import pad as pad_array

from garasu.array.namespace import namespace
from garasu.array.types import Array, Pads, Pair

NO_PADS: Pads = ((0, 0), (0, 0))
NO_GAPS: Pair = (1, 1)
"""The dilation of a window without gaps."""


def reach(window: Pair, dilation: Pair) -> Pair:
    """Rows and columns from the first to the last place of a window: d (F - 1) + 1.

    Example:
        >>> reach((3, 3), (1, 2))
        (3, 5)
    """
    rows, columns = (dilation[axis] * (window[axis] - 1) + 1 for axis in (0, 1))
    return rows, columns


def output_size(size: Pair, window: Pair, stride: Pair, pads: Pads) -> Pair:
    """Rows and columns of the result: (I - F + above + below) // s + 1 in each direction.

    Example:
        >>> output_size((6, 6), (2, 2), (1, 1), ((1, 1), (1, 1)))
        (7, 7)
    """
    rows, columns = ((size[axis] - window[axis] + sum(pads[axis])) // stride[axis] + 1 for axis in (0, 1))
    return rows, columns


def same_pads(size: Pair, window: Pair, stride: Pair) -> Pads:
    """The padding called "same": ceil(I / s) results; an odd row or column goes below and to the right.

    Example:
        >>> same_pads((28, 28), (5, 5), (1, 1))
        ((2, 2), (2, 2))
    """

    def one(axis: int) -> Pair:
        results = -(-size[axis] // stride[axis])
        total = max((results - 1) * stride[axis] + window[axis] - size[axis], 0)
        return total // 2, total - total // 2

    return one(0), one(1)


def pad(x: Array, pads: Pads, value: float = 0.0) -> Array:
    """``x`` with rows and columns of ``value`` around each image.                        x (N, Y, X, C)

    Example:
        >>> import numpy as np
        >>> pad(np.ones((1, 2, 2, 1)), ((1, 0), (0, 2))).shape
        (1, 3, 4, 1)
    """
    if pads == NO_PADS:
        return x
    return pad_array(x, [(0, 0), *pads, (0, 0)], constant_values=value)


def crop(x: Array, pads: Pads) -> Array:
    """``x`` without its outer rows and columns: the transpose of ``pad``.

    Example:
        >>> import numpy as np
        >>> crop(np.arange(6.0).reshape(1, 2, 3, 1), ((1, 0), (0, 1))).ravel().tolist()
        [3.0, 4.0]
    """
    (above, below), (left, right) = pads
    return x[:, above : x.shape[1] - below, left : x.shape[2] - right, :]


def _places(window: Pair, dilation: Pair) -> list[Pair]:
    """Where the places of a window lie, in row-major order."""
    return [(dilation[0] * i, dilation[1] * j) for i in range(window[0]) for j in range(window[1])]


def split(
    x: Array, window: Pair, stride: Pair, pads: Pads = NO_PADS, value: float = 0.0, dilation: Pair = NO_GAPS
) -> list[Array]:
    """The F*F pictures a window sees, each (N, OY, OX, C), in row-major order of the place in the window.

    Example:
        >>> import numpy as np
        >>> parts = split(np.arange(1.0, 17.0).reshape(1, 4, 4, 1), (2, 2), (2, 2))
        >>> [part.ravel().tolist() for part in parts][:2]
        [[1.0, 3.0, 9.0, 11.0], [2.0, 4.0, 10.0, 12.0]]
    """
    rows, columns = output_size((x.shape[1], x.shape[2]), reach(window, dilation), stride, pads)
    x, (down, right) = pad(x, pads, value), stride
    return [
        x[:, i : i + down * (rows - 1) + 1 : down, j : j + right * (columns - 1) + 1 : right, :]
        for i, j in _places(window, dilation)
    ]


def merge(
    parts: Sequence[Array], size: Pair, window: Pair, stride: Pair, pads: Pads = NO_PADS, dilation: Pair = NO_GAPS
) -> Array:
    """The transpose of ``split``: every picture added back at its place in an image of ``size``.

    Example:
        >>> import numpy as np
        >>> x = np.ones((1, 3, 3, 1))
        >>> merge(split(x, (2, 2), (1, 1)), (3, 3), (2, 2), (1, 1))[0, :, :, 0].tolist()
        [[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]
    """
    rows, columns = size[0] + sum(pads[0]), size[1] + sum(pads[1])
    if window == stride and dilation == NO_GAPS:
        whole = _interleave(parts, window)
        whole = _trim(whole, rows, columns)
    else:
        places = zip(parts, _places(window, dilation), strict=True)
        whole = reduce(add, [_place(part, at, (rows, columns), stride) for part, at in places])
    return whole[:, pads[0][0] : rows - pads[0][1], pads[1][0] : columns - pads[1][1], :]


def _interleave(parts: Sequence[Array], window: Pair) -> Array:
    """Windows that do not overlap: the pictures are dealt out like cards, nothing is added."""
    xp = namespace(*parts)
    n, rows, columns, channels = parts[0].shape
    (high, wide) = window
    grid = xp.reshape(xp.stack(list(parts)), (high, wide, n, rows, columns, channels))
    dealt = xp.permute_dims(grid, (2, 3, 0, 4, 1, 5))
    return xp.reshape(dealt, (n, rows * high, columns * wide, channels))


def _trim(x: Array, rows: int, columns: int) -> Array:
    """Cut or fill with zeros, below and to the right, to the given size."""
    x = x[:, : min(rows, x.shape[1]), : min(columns, x.shape[2]), :]
    return pad(x, ((0, rows - x.shape[1]), (0, columns - x.shape[2])))


def _place(part: Array, at: Pair, size: Pair, stride: Pair) -> Array:
    """One picture spread by the stride and laid at ``at`` into zeros of ``size``."""
    xp = namespace(part)
    n, rows, columns, channels = part.shape
    down, right = min(stride[0], size[0]), min(stride[1], size[1])  # one step beyond the image is as good as more
    if (down, right) != (1, 1):
        gaps = [(0, 0), (0, 0), (0, down - 1), (0, 0), (0, right - 1), (0, 0)]
        apart = pad_array(xp.reshape(part, (n, rows, 1, columns, 1, channels)), gaps)
        part = xp.reshape(apart, (n, rows * down, columns * right, channels))
    (i, j) = at
    part = part[:, : min(size[0] - i, part.shape[1]), : min(size[1] - j, part.shape[2]), :]
    return pad(part, ((i, size[0] - i - part.shape[1]), (j, size[1] - j - part.shape[2])))


def im2col(x: Array, window: Pair, stride: Pair = (1, 1), pads: Pads = NO_PADS, dilation: Pair = NO_GAPS) -> Array:
    """Every window as one row: X' of shape (N, OY, OX, F*F*C), place by place, channels innermost.

    Example:
        >>> import numpy as np
        >>> im2col(np.arange(1.0, 17.0).reshape(1, 4, 4, 1), (2, 2))[0, 0, 0].tolist()
        [1.0, 2.0, 5.0, 6.0]
    """
    return namespace(x).concat(split(x, window, stride, pads, dilation=dilation), axis=-1)


def col2im(
    cols: Array, size: Pair, window: Pair, stride: Pair = (1, 1), pads: Pads = NO_PADS, dilation: Pair = NO_GAPS
) -> Array:
    """The transpose of ``im2col`` (not its inverse: where windows overlap, the values add up).

    Example:
        >>> import numpy as np
        >>> col2im(np.ones((1, 2, 2, 9)), (4, 4), (3, 3))[0, :, :, 0].tolist()[1]
        [2.0, 4.0, 4.0, 2.0]
    """
    channels = cols.shape[-1] // (window[0] * window[1])
    parts = [cols[..., k * channels : (k + 1) * channels] for k in range(window[0] * window[1])]
    return merge(parts, size, window, stride, pads, dilation)
