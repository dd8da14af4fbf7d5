"""One formula, several forms: a primitive's plain array-API form, and faster ones where measured to be worth it.

The plain form is the definition. A faster form is registered for one library ("jax"), or for one library on one kind of
device ("jax-cpu"), computes the same function, and has an equality test against the plain one. ``with plain_forms():``
runs everything on the definitions; ``with forms_for(platform):`` says for which kind of device a program is made.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

from garasu.array.namespace import library

P = ParamSpec("P")
R = TypeVar("R")

_plain_only: ContextVar[bool] = ContextVar("garasu_plain_forms", default=False)

_platform: ContextVar[str] = ContextVar("garasu_platform", default="cpu")


@contextmanager
def forms_for(platform: str) -> Generator[None]:
    """Within this context programs are traced for a kind of device: "cpu" (as without it), "gpu" or "tpu"."""
    token = _platform.set(platform)
    try:
        yield
    finally:
        _platform.reset(token)


@contextmanager
def plain_forms() -> Generator[None]:
    """Within this context every primitive runs in its plain form, whatever the library.

    A function that was compiled outside keeps the forms it was compiled with.
    """
    token = _plain_only.set(True)
    try:
        yield
    finally:
        _plain_only.reset(token)


class Primitive(Generic[P, R]):
    """A function of arrays that picks its form by the library of its first argument.

    Example:
        >>> import numpy as np
        >>> @Primitive
        ... def double(x):
        ...     return x + x
        >>> _ = double.form("numpy")(lambda x: 2 * x)
        >>> float(double(np.float64(3.0) * np.ones(1))[0])
        6.0
    """

    def __init__(self, plain: Callable[P, R]) -> None:
        self.plain = plain
        self.faster: dict[str, Callable[P, R]] = {}
        update_wrapper(self, plain)

    def form(self, name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Register a faster form for the library called ``name``, or for "library-platform"."""

        def register(function: Callable[P, R]) -> Callable[P, R]:
            self.faster[name] = function
            return function

        return register

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The value, from the form of the first argument's library."""
        if _plain_only.get():
            return self.plain(*args, **kwargs)
        name = library(args[0])
        form = self.faster.get(f"{name}-{_platform.get()}") or self.faster.get(name, self.plain)
        return form(*args, **kwargs)
