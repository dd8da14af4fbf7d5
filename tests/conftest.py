"""What all tests share: Keras on JAX, English sentences, and ``xp``, the five ways in which one formula runs.

def test_doubling(xp):
    assert xp.call(lambda x: x + x, np.ones(3)).tolist() == [2.0, 2.0, 2.0]
"""

import os
import signal

os.environ["KERAS_BACKEND"] = "jax"  # before anything imports keras
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # started in the background: here and in children Ctrl-C counts
    signal.signal(signal.SIGINT, signal.default_int_handler)

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from hypothesis import settings

from garasu.data import load, mnist
from garasu.messages import set_language

settings.register_profile("garasu", derandomize=True, database=None, deadline=None, max_examples=40)
settings.load_profile("garasu")

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
WAYS = ("numpy", "numpy-readonly", "array-api-strict", "jax", "jax-jit")


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English unless a test chooses otherwise."""
    set_language("en")
    yield
    set_language(None)


@pytest.fixture(params=["en", "ja"])
def language(request, english):
    """Each language in turn."""
    set_language(request.param)
    return request.param


@pytest.fixture(scope="session")
def mnist_folder():
    """The folder to set GARASU_DATA to for real MNIST: the one it names already, or the one beside the checkout."""
    chosen = [os.environ[mnist.VARIABLE]] if os.environ.get(mnist.VARIABLE) else []
    for folder in [*chosen, BESIDE]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(mnist.VARIABLE, str(folder))
            if mnist.locate() is not None:
                return Path(folder)
    reason = f"real MNIST is neither in GARASU_DATA nor in {BESIDE}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_mnist(mnist_folder):
    """Real MNIST, read once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(mnist.VARIABLE, str(mnist_folder))
        return load("mnist")


@pytest.fixture(params=WAYS)
def xp(request):
    """Each of the five ways in turn (a ``Way``)."""
    return way(request.param)


@pytest.fixture
def ways():
    """All five ways at once, for tests that compare them."""
    return [way(name) for name in WAYS]


@frozen
class Way:
    """One way to run a function of arrays; ``asarray`` takes NumPy's arrays there, ``jit`` compiles."""

    name: str
    asarray: Callable[[np.ndarray], Any]
    jit: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda function: function

    @property
    def is_jax(self) -> bool:
        """Whether XLA computes: its sums and fused products round differently from NumPy's."""
        return self.name.startswith("jax")

    def call(self, function: Callable[..., Any], *arrays: Any, wide: bool = False) -> Any:
        """``function(*arrays)`` computed this way; NumPy arrays in, NumPy arrays out, both possibly in dicts and lists.

        JAX runs as users run it, in 32 bits, unless an input has 64 or ``wide`` asks for it. The inputs must come
        out as they went in.
        """
        before = [[leaf.copy() for leaf in _leaves(array)] for array in arrays]
        wide = wide or any(leaf.dtype.itemsize == 8 for leaf in _leaves(arrays))
        with _x64(wide) if self.is_jax else nullcontext():
            inputs = _map(self.asarray, arrays)
            result = _map(np.asarray, self.jit(function)(*inputs))
        for array, copy in zip(inputs, before, strict=True):
            for leaf, old in zip(_leaves(array), copy, strict=True):
                np.testing.assert_array_equal(np.asarray(leaf), old, err_msg="an input was written to")
        return result


def way(name: str) -> Way:
    """The way called ``name``. The libraries are imported here, so that tests without them stay quick."""
    if name == "numpy":
        return Way(name, np.array)
    if name == "numpy-readonly":
        return Way(name, _readonly)
    if name == "array-api-strict":
        import array_api_strict

        return Way(name, array_api_strict.asarray)
    import jax

    import garasu.array.xla  # noqa: F401 - the faster forms, as the product runs them

    return Way(name, jax.numpy.asarray, jax.jit) if name == "jax-jit" else Way(name, jax.numpy.asarray)


def _readonly(array):
    array = np.array(array)
    array.flags.writeable = False
    return array


def _x64(wide):
    import jax

    return jax.enable_x64(wide)


def _map(function, tree):
    if isinstance(tree, dict):
        return {name: _map(function, value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(_map(function, value) for value in tree)
    return function(tree)


def _leaves(tree):
    if isinstance(tree, dict | list | tuple):
        parts = tree.values() if isinstance(tree, dict) else tree
        return [leaf for part in parts for leaf in _leaves(part)]
    return [tree]
