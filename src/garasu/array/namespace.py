"""Which library does this array belong to? The only question the rules ever ask about libraries."""

from garasu.array.types import Array, Namespace


def namespace(*arrays: Array) -> Namespace:
    """The array-API namespace of the first array that has one.

    Raises:
        TypeError: none of the values is an array of an array-API library.

    Example:
        >>> import numpy as np
        >>> namespace(np.ones(3)).__name__
        'numpy'
    """
    for array in arrays:
        if hasattr(array, "__array_namespace__"):
            return array.__array_namespace__()
    kinds = ", ".join(type(array).__name__ for array in arrays)
    raise TypeError(f"expected an array of an array-API library (NumPy, JAX, ...), got {kinds}")


def library(array: Array) -> str:
    """The short name of an array's library: ``numpy``, ``jax``, ``array_api_strict``, ...

    Example:
        >>> import numpy as np
        >>> library(np.ones(3))
        'numpy'
    """
    return namespace(array).__name__.partition(".")[0]
