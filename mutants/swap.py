"""A changed function in the place of the true one, for a moment: whoever holds the function runs the change."""

import ast
from collections.abc import Generator
from contextlib import contextmanager
from types import CodeType, FunctionType

from mutants.targets import Target


def code_of(tree: ast.Module, target: Target) -> CodeType:
    """The compiled body of the target's function in a (changed) module.

    Raises:
        LookupError: there is no such function.
    """

    def search(code: CodeType) -> CodeType | None:
        if code.co_qualname == target.qualname:
            return code
        inner = (search(one) for one in code.co_consts if isinstance(one, CodeType))
        return next((one for one in inner if one is not None), None)

    found = search(compile(tree, target.file, "exec"))
    if found is None:
        raise LookupError(target.name)
    return found


@contextmanager
def swapped(function: FunctionType, code: CodeType) -> Generator[None]:
    """Within this context the function runs other code."""
    kept = function.__code__
    function.__code__ = code
    try:
        yield
    finally:
        function.__code__ = kept
