"""The judge of one rung: compares what came with what was expected, and says exactly where they part."""

from typing import Any, NoReturn

import numpy as np
from attrs import frozen

from garasu.array import Array, Tree, paths
from garasu.messages import text
from garasu.testing.failure import CheckFailure
from garasu.testing.hints import hint


@frozen
class Judge:
    """Knows whose rung this is and how much may differ.

    ``limit`` is a share of each array's largest absolute value. An array that should be 0 and is so up to rounding has
    no such value: below ``vanishing`` times the largest value of all arrays, two arrays are both taken as 0.

    Example:
        >>> Judge("Dense", "vjp", 1e-9, 1e-14).same({"y": np.ones(2)}, {"y": np.ones(2)})
        0.0
    """

    label: str
    rung: str
    limit: float = 0.0
    vanishing: float = 0.0

    def fail(self, key: str, **fields: Any) -> NoReturn:
        """Raise the failure that the text ``key`` of the area "testing" describes."""
        what = text(f"testing.what_{self.rung}")
        if "array" in fields:
            fields["array"] = _said(fields["array"])
        raise CheckFailure(f"testing.{key}", layer=self.label, rung=self.rung, what=what, **fields)

    def same(self, expected: Tree, got: Tree) -> float:
        """The largest deviation of two trees of arrays.

        Raises:
            CheckFailure: other names, other shapes, or a deviation above the limit.
        """
        self.same_names("all", expected, got)
        wanted, found = dict(paths(expected)), dict(paths(got))
        largest = max((_largest(array) for array in wanted.values()), default=0.0)
        return max((self._array(name, wanted[name], found[name], largest) for name in wanted), default=0.0)

    def same_names(self, tree: str, expected: Tree, got: Tree) -> None:
        """Check that two trees hold arrays of the same names."""
        wanted, found = {name for name, _ in paths(expected)}, {name for name, _ in paths(got)}
        if wanted != found:
            self.fail("names", array=tree, expected=_listed(wanted), got=_listed(found))

    def same_shape(self, name: str, expected: Any, got: Any) -> None:
        """Check a shape."""
        expected, got = tuple(expected), tuple(got)
        if len(expected) == 2 and expected != got == expected[::-1]:
            self.fail("shape_transposed", array=name, expected=expected, got=got)
        if expected != got:
            self.fail("shape", array=name, expected=expected, got=got)

    def _array(self, name: str, expected: Array, got: Array, largest: float) -> float:
        expected, got = np.asarray(expected), np.asarray(got)
        self.same_shape(name, expected.shape, got.shape)
        error, off = self.deviation(expected, got, largest)
        if error > self.limit:
            self._differs(name, expected, got, off, error)
        return error

    def deviation(self, expected: Array, got: Array, largest: float) -> tuple[float, Array]:
        """How far two arrays of one shape are apart, as a share of the largest value; and number by number.

        Args:
            expected: what should be.
            got: what came.
            largest: the largest value of all arrays, beside which this one may be nothing but rounding.
        """
        if expected.size == 0:
            return 0.0, expected
        with np.errstate(invalid="ignore"):
            off = np.where(expected == got, 0.0, np.abs(np.subtract(got, expected, dtype=np.float64)))
        off = np.where(np.isnan(off), np.inf, off)
        own, worst = _largest(expected), float(np.max(off))
        if max(own, worst) <= self.vanishing * largest:
            return 0.0, off
        return worst / own if own > 0.0 else (0.0 if worst == 0.0 else float("inf")), off

    def _differs(self, name: str, expected: Array, got: Array, off: Array, error: float) -> NoReturn:
        place = np.unravel_index(int(np.argmax(off)), off.shape)
        self.fail(
            "differs",
            array=name,
            place=[int(index) for index in place] if place else "",
            expected=f"{expected[place]:.9g}",
            got=f"{got[place]:.9g}",
            error=f"{error:.2g}",
            limit=f"{self.limit:.2g}",
            hint=hint(expected, got),
        )


_PARTS = ("all", "cache", "gradient", "output", "slope", "state")
"""What an array is part of: the first word of its path."""


def _said(array: str) -> str:
    """An array's path in words: what it is part of, then its name there.

    Example:
        >>> _said("gradient/kernel"), _said("param")
        ('gradient of kernel', 'param')
    """
    part, _, name = array.partition("/")
    if part not in _PARTS:
        return array
    return text(f"testing.array_{part}", name=name) if name else text(f"testing.arrays_{part}")


def _largest(array: Array) -> float:
    array = np.asarray(array)
    return float(np.max(np.abs(array.astype(np.float64)))) if array.size else 0.0


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "-"
