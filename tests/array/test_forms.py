"""A primitive picks its form by library; ``plain_forms`` runs the definitions."""

import threading

import jax
import numpy as np
import pytest

from garasu import array
from garasu.array import (
    Primitive,
    convolve,
    convolve_kernel_gradient,
    forms_for,
    plain_forms,
    unless_wrong,
)


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


def test_a_form_for_one_kind_of_device(which, ways):
    which.form("jax-cpu")(lambda x, extra="": "for the CPU" + extra)
    x = ways[3].asarray(np.ones(1, dtype=np.float32))
    assert which(x) == "for the CPU"
    with forms_for("gpu"):
        assert which(x) == "faster" and which(np.ones(1)) == "plain"
        with plain_forms(), forms_for("cpu"):
            assert which(x) == "plain"
    assert which(x) == "for the CPU"


@pytest.mark.parametrize("channels", [1, 3])
def test_convolutions_as_other_devices_run_them(ways, channels):
    """XLA's own, whatever the number of channels: the same numbers as the definitions."""
    draw = np.random.default_rng(0)
    x, W = draw.normal(size=(20, 8, 8, channels)), draw.normal(size=(3, 3, channels, 4))
    dy, pads = draw.normal(size=(20, 8, 8, 4)), ((1, 1), (1, 1))

    def both(x, W, dy):
        return convolve(x, W, (1, 1), pads), convolve_kernel_gradient(x, dy, (3, 3), (1, 1), pads)

    with forms_for("gpu"):
        found = ways[4].call(both, x, W, dy)
        traced = str(jax.make_jaxpr(both)(*(array.astype("float32") for array in (x, W, dy))))
    assert traced.count("conv_general_dilated[") == 2 and "cond[" not in traced
    with plain_forms():
        for mine, plain in zip(found, both(x, W, dy), strict=True):
            np.testing.assert_allclose(mine, plain, rtol=1e-4, atol=1e-4)


def test_no_branch_on_other_devices():
    """A branch there waits for the host."""
    with forms_for("gpu"):
        step = jax.make_jaxpr(lambda ok, w: unless_wrong(ok, lambda: {"w": w + 1}, {"w": w}))
        traced = step(True, np.zeros(3, np.float32))
    assert "cond[" not in str(traced)


def test_a_primitive_keeps_name_and_documentation(which):
    assert which.__name__ == "which" and which.__doc__ == "Say which." and callable(which.plain)


def test_every_faster_form_is_known():
    """Each has equality tests with its plain form, in the test file named after its module."""
    import garasu.array.xla  # noqa: F401

    primitives = {name: value for name in array.__all__ if isinstance(value := getattr(array, name), Primitive)}
    assert {name: set(primitive.faster) for name, primitive in primitives.items()} == {
        "convolve": {"jax", "jax-cpu"},
        "convolve_input_gradient": {"jax"},
        "convolve_kernel_gradient": {"jax", "jax-cpu"},
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
        "squared_norm": {"jax-cpu"},
        "take_rows": {"jax"},
        "unless_wrong": {"jax-cpu", "numpy"},
        "weigh": {"jax-cpu"},
    }
