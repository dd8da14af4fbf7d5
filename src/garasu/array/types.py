"""Names for what flows through the rules.

``Array`` is any array of the array-API standard (NumPy, JAX, ...). The libraries share no base class, so the
alias is ``Any``; the shapes stand in the margin of each rule and are checked in the tests.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

Array: TypeAlias = Any
Namespace: TypeAlias = Any
Arrays: TypeAlias = Mapping[str, Array]
Tree: TypeAlias = Any
"""A (nested) dict whose leaves are arrays."""

Shape: TypeAlias = tuple[int, ...]
Pair: TypeAlias = tuple[int, int]
Pads: TypeAlias = tuple[Pair, Pair]
"""Rows and columns added: ((above, below), (left, right))."""
