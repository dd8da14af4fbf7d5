"""Random streams of our own: the same bits in NumPy, under XLA, under vmap, for ever.

A key is two 32-bit words, ``uint32 (2,)``. The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and
Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): 32-bit additions, exclusive ors and rotations only, so any
array library computes the same bits. Word ``2i`` and ``2i + 1`` of a stream are the two outputs at counter ``(i, 0)``;
keys are derived at counters ``(number, 1)`` and, for names, ``(word, word with its top bit set)``. None of the three
families meets another.
"""

import hashlib
import math

import numpy as np

from garasu.array.dtypes import Precision, kept_in
from garasu.array.namespace import namespace
from garasu.array.normal_quantile import normal_quantile
from garasu.array.types import Array, Shape

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA  # Threefish's constant C240, its 32-bit half


def key(seed: int) -> Array:
    """The key of a seed: its low and its high 32 bits (NumPy, uint32).

    Example:
        >>> key(7).tolist()
        [7, 0]
    """
    return np.array([seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF], dtype=np.uint32)


def threefry(k: Array, x0: Array, x1: Array) -> tuple[Array, Array]:
    """Threefry-2x32-20: the block ``(x0, x1)`` enciphered under the key ``k``.

    Example:
        >>> zero = np.zeros(1, dtype=np.uint32)
        >>> [hex(int(word[0])) for word in threefry(np.zeros(2, dtype=np.uint32), zero, zero)]
        ['0x6b200159', '0x99ba4efe']
    """
    xp = namespace(k)
    k0, k1 = k[0:1], k[1:2]  # one-element slices: arithmetic on NumPy scalars would warn when it wraps
    keys = (k0, k1, k0 ^ k1 ^ xp.asarray([_PARITY], dtype=xp.uint32))
    x0, x1 = x0 + keys[0], x1 + keys[1]
    for group in range(5):
        for turn in _ROTATIONS[group % 2]:
            x0 = x0 + x1
            x1 = ((x1 << turn) | (x1 >> (32 - turn))) ^ x0
        count = xp.asarray([group + 1], dtype=xp.uint32)
        x0, x1 = x0 + keys[(group + 1) % 3], x1 + keys[(group + 2) % 3] + count
    return x0, x1


def fold_in(k: Array, number: Array | int) -> Array:
    """A new key from a key and a number below 2**32 (a step, an epoch, a copy).

    Example:
        >>> fold_in(key(0), 1).tolist() != fold_in(key(0), 2).tolist()
        True
    """
    xp = namespace(k)
    words = xp.reshape(xp.asarray(number, dtype=xp.uint32), (1,))
    return xp.concat(threefry(k, words, xp.asarray([1], dtype=xp.uint32)))


def fold_name(k: Array, name: str) -> Array:
    """A new key from a key and a name: what a parameter or a layer draws does not depend on its neighbours.

    Example:
        >>> fold_name(key(0), "dense/kernel").tolist() == fold_name(key(0), "dense/kernel").tolist()
        True
    """
    xp = namespace(k)
    digest = hashlib.sha256(name.encode()).digest()
    first, second = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little") | 0x80000000
    words = threefry(k, xp.asarray([first], dtype=xp.uint32), xp.asarray([second], dtype=xp.uint32))
    return xp.concat(words)


def bits(k: Array, shape: Shape) -> Array:
    """Uniform 32-bit words, ``uint32`` of the given shape.

    Example:
        >>> bits(key(0), (2,)).tolist()
        [1797259609, 2579123966]
    """
    xp = namespace(k)
    size = math.prod(shape)
    counter = xp.arange((size + 1) // 2, dtype=xp.uint32)
    pair = threefry(k, counter, xp.zeros_like(counter))
    return xp.reshape(xp.reshape(xp.stack(pair, axis=-1), (-1,))[:size], shape)


def _fractions(k: Array, shape: Shape, precision: Precision, offset: float) -> Array:
    """``(n + offset) / 2**b`` with n of b bits: b = 23 from one word, b = 52 from two; exact in the type."""
    xp = namespace(k)
    if kept_in(precision) == "float32":  # whoever works in bfloat16 rounds what was drawn
        words = xp.astype(bits(k, shape) >> 9, xp.float32)
        return (words + offset) * 2.0**-23
    words = bits(k, (*shape, 2))
    high, low = xp.astype(words[..., 0] >> 6, xp.float64), xp.astype(words[..., 1] >> 6, xp.float64)
    return (high * 2.0**26 + low + offset) * 2.0**-52


def uniform(k: Array, shape: Shape, precision: Precision = "float32") -> Array:
    """Uniform numbers in [0, 1), multiples of 2**-23 (float32) or 2**-52 (float64).

    Example:
        >>> uniform(key(0), (2,)).tolist()
        [0.41845703125, 0.6004990339279175]
    """
    return _fractions(k, shape, precision, 0.0)


def normal(k: Array, shape: Shape, precision: Precision = "float32") -> Array:
    """Standard normal numbers: the normal quantile of a uniform number in the open interval (0, 1).

    Example:
        >>> round(float(np.std(normal(key(0), (10_000,)))), 1)
        1.0
    """
    return normal_quantile(_fractions(k, shape, precision, 0.5))


def truncated_normal(k: Array, shape: Shape, precision: Precision = "float32", bound: float = 2.0) -> Array:
    """Standard normal numbers that fell within ``+-bound``: the quantile of the part between the bounds.

    Example:
        >>> bool(np.max(np.abs(truncated_normal(key(0), (10_000,)))) < 2.0)
        True
    """
    below = 0.5 * math.erfc(bound / math.sqrt(2.0))
    x = normal_quantile(below + (1.0 - 2.0 * below) * _fractions(k, shape, precision, 0.5))
    return namespace(x).clip(x, -bound, bound)  # rounding may step over the bound by one last place


def permutation(k: Array, count: int) -> Array:
    """The numbers 0 ... count - 1 in random order (NumPy, int64), drawn on the host: rows sorted by 64 random bits.

    Example:
        >>> sorted(permutation(key(3), 5).tolist())
        [0, 1, 2, 3, 4]
    """
    words = bits(k, (count, 2)).astype(np.uint64)
    return np.argsort((words[:, 0] << np.uint64(32)) | words[:, 1], kind="stable")


def integers(k: Array, shape: Shape, count: int) -> Array:
    """Whole numbers from 0 to count - 1, each as likely as the others, drawn on the host (NumPy, int64).

    They are 64 random bits modulo ``count``: no number is favoured by more than count / 2**64.

    Example:
        >>> integers(key(3), (5,), 3).tolist()
        [2, 1, 1, 0, 0]
    """
    words = bits(k, (*shape, 2)).astype(np.uint64)
    return (((words[..., 0] << np.uint64(32)) | words[..., 1]) % np.uint64(count)).astype(np.int64)
