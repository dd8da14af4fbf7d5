"""Initial values: pure functions from a key and a shape to numbers, under Keras's names and with its defaults.

n is the fan-in of a kernel of shape (..., C_in, C_out): C_in times the places of the window. All are drawn in float64
on the host and rounded once, so an engine or a precision never changes what a seed means.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen

from garasu.array import Array, Shape, random
from garasu.messages import ShapeError, chosen, in_words
from garasu.settings import Plain, is_list, is_number, is_tuple, must_be, not_negative, number, one_of, positive

# The standard deviation of a standard normal number that was kept only within +-2.
_TRUNCATED_DEVIATION = 0.87962566103423978


class Initializer(Plain, ABC):
    """Draws the first value of a parameter."""

    elsewhere: ClassVar[Mapping[str, str]] = {"seed": "calls.seed_elsewhere"}

    @abstractmethod
    def draw(self, key: Array, shape: Shape) -> Array:
        """Numbers of the given shape (NumPy, float64)."""


@frozen(eq=False)
class Constant(Initializer):
    """Every number is ``value``. With all kernels alike, all nodes of a layer learn the same."""

    value: float = field(default=0.0, validator=number)

    def draw(self, key: Array, shape: Shape) -> Array:
        """The constant array; the key is not used."""
        return np.full(shape, float(self.value))


@frozen(eq=False)
class Zeros(Initializer):
    """Every number is 0: the usual start of a bias."""

    def draw(self, key: Array, shape: Shape) -> Array:
        """Zeros; the key is not used."""
        return np.zeros(shape)


@frozen(eq=False)
class Ones(Initializer):
    """Every number is 1: the usual start of a scale."""

    def draw(self, key: Array, shape: Shape) -> Array:
        """Ones; the key is not used."""
        return np.ones(shape)


def _nested(values: Any) -> Any:
    """A converter: arrays and nested lists become nested tuples of floats; anything else is left to the validator."""
    try:
        array = np.asarray(values)
    except ValueError:  # rows of unequal length
        return values
    return _tuples(array.astype(np.float64).tolist()) if array.dtype.kind in "iuf" else values


def _tuples(values: Any) -> Any:
    return tuple(map(_tuples, values)) if is_list(values) else values


def _is_nested(values: object) -> bool:
    return (bool(values) and all(map(_is_nested, values))) if is_tuple(values) else is_number(values)


@frozen(eq=False)
class Given(Initializer):
    """The numbers that are given, such as filters chosen beforehand; arrays and nested lists are taken.

    Kept as nested tuples of floats: a setting is plain data, and the model file holds it.

    Raises:
        SettingError: no numbers, numbers that are not finite, or rows of unequal length.

    Example:
        >>> given = Given([[1, 2], [3, 4]])
        >>> given.values, given.shape, given.draw(random.key(0), (2, 2)).tolist()
        (((1.0, 2.0), (3.0, 4.0)), (2, 2), [[1.0, 2.0], [3.0, 4.0]])
    """

    values: Any = field(
        converter=_nested,
        validator=must_be("settings.nested_numbers", _is_nested),
        repr=lambda values: f"<{'x'.join(map(str, np.shape(values)))}>",
    )

    @property
    def shape(self) -> Shape:
        """The shape of the numbers."""
        return np.shape(self.values)

    def draw(self, key: Array, shape: Shape) -> Array:
        """The numbers themselves; the key is not used.

        Raises:
            ShapeError: an array of another shape is asked for.
        """
        if tuple(shape) == self.shape:
            return np.array(self.values)
        if len(shape) == len(self.shape) == 4 and (*shape[:2], shape[3]) == (*self.shape[:2], self.shape[3]):
            raise ShapeError("layers.given_channels", wanted=shape[2], got=self.shape[2])
        raise ShapeError("layers.given_shape", expected=tuple(shape), got=self.shape)


@frozen(eq=False)
class RandomNormal(Initializer):
    """Normal numbers of the given mean and standard deviation.

    Example:
        >>> RandomNormal(stddev=0.01).draw(random.key(0), (2, 2)).shape
        (2, 2)
    """

    mean: float = field(default=0.0, validator=number)
    stddev: float = field(default=0.05, validator=not_negative)

    def draw(self, key: Array, shape: Shape) -> Array:
        """mean + stddev * standard normal numbers."""
        return self.mean + self.stddev * random.normal(key, shape, "float64")


@frozen(eq=False)
class TruncatedNormal(Initializer):
    """Normal numbers, those beyond two standard deviations left out; ``stddev`` is the one before cutting."""

    mean: float = field(default=0.0, validator=number)
    stddev: float = field(default=0.05, validator=not_negative)

    def draw(self, key: Array, shape: Shape) -> Array:
        """mean + stddev * standard normal numbers within +-2."""
        return self.mean + self.stddev * random.truncated_normal(key, shape, "float64")


@frozen(eq=False)
class RandomUniform(Initializer):
    """Uniform numbers from ``minval`` to ``maxval``."""

    minval: float = field(default=-0.05, validator=number)
    maxval: float = field(default=0.05, validator=number)

    def draw(self, key: Array, shape: Shape) -> Array:
        """minval + (maxval - minval) * uniform numbers in [0, 1)."""
        return self.minval + (self.maxval - self.minval) * random.uniform(key, shape, "float64")


def fans(shape: Shape) -> tuple[int, int]:
    """Fan-in and fan-out of a kernel (..., C_in, C_out): channels times the places of the window.

    Example:
        >>> fans((5, 5, 1, 16)), fans((784, 10)), fans((3,))
        ((25, 400), (784, 10), (3, 3))
    """
    if len(shape) < 2:
        size = math.prod(shape)
        return size, size
    places = math.prod(shape[:-2])
    return places * shape[-2], places * shape[-1]


@frozen(eq=False)
class VarianceScaling(Initializer):
    """Numbers of variance scale / n, with n the fan-in, the fan-out or their mean.

    The eight below are settings of this one. Sources: LeCun (1998), Glorot and Bengio (2010), He et al. (2015).
    """

    scale: float = field(default=1.0, validator=positive)
    mode: str = field(default="fan_in", validator=one_of("fan_in", "fan_out", "fan_avg"))
    distribution: str = field(
        default="truncated_normal", validator=one_of("truncated_normal", "untruncated_normal", "uniform")
    )

    def draw(self, key: Array, shape: Shape) -> Array:
        """Numbers of variance scale / n in the chosen distribution."""
        fan_in, fan_out = fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        deviation = math.sqrt(self.scale / max(n, 1))
        if self.distribution == "uniform":  # uniform on +-limit has variance limit^2 / 3
            return math.sqrt(3.0) * deviation * (2.0 * random.uniform(key, shape, "float64") - 1.0)
        if self.distribution == "truncated_normal":
            return deviation / _TRUNCATED_DEVIATION * random.truncated_normal(key, shape, "float64")
        return deviation * random.normal(key, shape, "float64")


_maker = partial(in_words, elsewhere=Initializer.elsewhere)


@_maker
def GlorotUniform() -> VarianceScaling:  # noqa: N802 - Keras's name
    """Uniform on +-sqrt(6 / (fan_in + fan_out)): the default of kernels."""
    return VarianceScaling(1.0, "fan_avg", "uniform")


@_maker
def GlorotNormal() -> VarianceScaling:  # noqa: N802
    """Truncated normal of variance 2 / (fan_in + fan_out)."""
    return VarianceScaling(1.0, "fan_avg", "truncated_normal")


@_maker
def HeNormal() -> VarianceScaling:  # noqa: N802
    """Truncated normal of variance 2 / fan_in."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal")


@_maker
def HeUniform() -> VarianceScaling:  # noqa: N802
    """Uniform on +-sqrt(6 / fan_in)."""
    return VarianceScaling(2.0, "fan_in", "uniform")


@_maker
def LecunNormal() -> VarianceScaling:  # noqa: N802
    """Truncated normal of variance 1 / fan_in."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal")


@_maker
def LecunUniform() -> VarianceScaling:  # noqa: N802
    """Uniform on +-sqrt(3 / fan_in)."""
    return VarianceScaling(1.0, "fan_in", "uniform")


@_maker
def Xavier() -> VarianceScaling:  # noqa: N802
    """Normal numbers of standard deviation 1 / sqrt(n), n the fan-in, nothing cut off."""
    return VarianceScaling(1.0, "fan_in", "untruncated_normal")


@_maker
def He() -> VarianceScaling:  # noqa: N802
    """Normal numbers of standard deviation sqrt(2 / n), n the fan-in, nothing cut off."""
    return VarianceScaling(2.0, "fan_in", "untruncated_normal")


@frozen(eq=False)
class Orthogonal(Initializer):
    """``gain`` times a kernel whose columns (or rows, if those are fewer) are orthonormal, drawn evenly from all such.

    A kernel (..., C_in, C_out) counts as a matrix with C_out columns. It is Q of a normal matrix's QR decomposition,
    each column turned so that R's diagonal is positive: without that, LAPACK's habits would decide the signs, and not
    all rotations would be equally likely. The last bits are those of the machine's LAPACK.
    Sources: Saxe, McClelland and Ganguli (2014); for the signs, Mezzadri (2007).

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> W = Orthogonal().draw(random.key(0), (3, 2))
        >>> abs(W.T @ W).round(12).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """

    gain: float = field(default=1.0, validator=number)

    def draw(self, key: Array, shape: Shape) -> Array:
        """gain times Q, with the signs of R's diagonal.

        Raises:
            ShapeError: fewer than two axes; there is nothing to be orthogonal to.
        """
        if len(shape) < 2:
            raise ShapeError("layers.orthogonal_rank", got=tuple(shape))
        rows, columns = math.prod(shape[:-1]), shape[-1]
        normal = random.normal(key, (max(rows, columns), min(rows, columns)), "float64")
        q, r = np.linalg.qr(normal)
        q = q * np.where(np.diag(r) < 0.0, -1.0, 1.0)
        return float(self.gain) * (q if rows >= columns else q.T).reshape(shape)


CLASSES = (Constant, Given, Zeros, Ones, RandomNormal, TruncatedNormal, RandomUniform, VarianceScaling, Orthogonal)
NAMES: dict[str, Callable[[], Initializer]] = {
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "random_normal": RandomNormal,
    "truncated_normal": TruncatedNormal,
    "random_uniform": RandomUniform,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
    "lecun_normal": LecunNormal,
    "lecun_uniform": LecunUniform,
    "orthogonal": Orthogonal,
    "xavier": Xavier,
    "he": He,
}
_ALSO: dict[str, Callable[[], Initializer]] = {"normal": RandomNormal, "uniform": RandomUniform}  # Keras's short names

# Keras has its initializers under these names too: initializers.zeros is initializers.Zeros.
zeros, ones, constant, orthogonal, variance_scaling = Zeros, Ones, Constant, Orthogonal, VarianceScaling
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_normal, he_uniform, lecun_normal, lecun_uniform = HeNormal, HeUniform, LecunNormal, LecunUniform


def get(initializer: Any, owner: str = "initializers.get", setting: str = "initializer") -> Initializer:
    """An initializer from itself, from its class, or from its name.

    ``owner`` and ``setting`` say in the sentence of an error whose setting it is.

    Raises:
        UnknownNameError: no initializer has this name; the nearest one is offered.
        ArgumentError: a class that needs settings, such as ``Given``.
        SettingError: none of the three.

    Example:
        >>> get("zeros"), get(Ones), get("HeNormal").scale
        (Zeros(), Ones(), 2.0)
    """
    return chosen("initializer", initializer, Initializer, {**NAMES, **_ALSO}, owner, setting)
