"""A primitive picks its form by library; ``plain_forms`` runs the definitions."""

import threading

import numpy as np
import pytest

from garasu import array
from garasu.array import Primitive, plain_forms


@pytest.fixture
def which():
    """A primitive that says which of its forms ran."""

    @Primitive
    def which(x, extra=""):
        """Say which."""
        return "plain" + extra

    which.form("jax")(lambda x, extra="": "faster" + extra)
    return which


def test_the_form_is_picked_by_library(which, ways):
    seen = []
    for way in ways:
        way.call(lambda x, seen=seen: seen.append(which(x)) or x, np.ones(2))
    assert seen == ["plain", "plain", "plain", "faster", "faster"]


def test_settings_reach_either_form(which, ways):
    assert which(np.ones(1), extra="!") == "plain!"
    assert which(ways[3].asarray(np.ones(1, dtype=np.float32)), extra="!") == "faster!"


def test_plain_forms_hold_within_and_only_there(which, ways):
    x = ways[3].asarray(np.ones(1, dtype=np.float32))
    with plain_forms():
        with plain_forms():
            assert which(x) == "plain"
        assert which(x) == "plain"
    assert which(x) == "faster"
    with pytest.raises(KeyError), plain_forms():
        raise KeyError
    assert which(x) == "faster"


def test_plain_forms_of_one_thread_are_not_anothers(which, ways):
    x, seen = ways[3].asarray(np.ones(1, dtype=np.float32)), []
    with plain_forms():
        thread = threading.Thread(target=lambda: seen.append(which(x)))
        thread.start()
        thread.join()
    assert seen == ["faster"]


def test_a_primitive_keeps_name_and_documentation(which):
    assert which.__name__ == "which" and which.__doc__ == "Say which." and callable(which.plain)


def test_every_faster_form_is_known():
    """Each has equality tests with its plain form, in the test file named after its module."""
    import garasu.array.xla  # noqa: F401

    primitives = {name: value for name in array.__all__ if isinstance(value := getattr(array, name), Primitive)}
    assert {name: set(primitive.faster) for name, primitive in primitives.items()} == {
        "convolve": {"jax"},
        "convolve_input_gradient": {"jax"},
        "convolve_kernel_gradient": {"jax"},
        "erf": {"jax"},
        "scatter_add": {"jax", "numpy"},
        "max_pool": set(),
        "max_pool_transpose": {"jax"},
        "average_pool": set(),
        "average_pool_transpose": set(),
        "lp_pool": set(),
        "lp_pool_gradient": set(),
        "enlarge": set(),
        "enlarge_transpose": set(),
        "squared_norm": {"jax"},
        "take_rows": {"jax"},
        "unless_wrong": {"jax", "numpy"},
        "weigh": {"jax"},
    }
