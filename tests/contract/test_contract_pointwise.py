"""What the rows of activations and pointwise layers leave open: the straight path, kinks, names, penalties."""

import jax
import numpy as np
import pytest

from garasu import activations
from garasu.layers import ELU, Absolute, Activation, BatchNormalization, Cutoff, LayerNormalization, LeakyReLU
from garasu.regularizers import L1, L2
from garasu.testing import CheckFailure, check_layer
from garasu.testing.subject import draw


def test_the_straight_path_is_the_derivative_of_what_it_stands_for():
    """u + stop(softmax(u) - u) has softmax's value and the identity's slope."""
    u, dz = draw(0, "u", (3, 4)), draw(0, "dz", (3, 4))
    rule = activations.softmax_straight_through

    def meant(u):
        return u + jax.lax.stop_gradient(activations.softmax.forward(u) - u)

    with jax.enable_x64(True):
        z, pull = jax.vjp(meant, jax.numpy.asarray(u))
        (du,) = pull(jax.numpy.asarray(dz))
    np.testing.assert_allclose(rule.forward(u), z, rtol=1e-12)
    np.testing.assert_array_equal(rule.backward(u, rule.forward(u), dz), du)


@pytest.mark.parametrize("rung", ["differences", "vjp"])
def test_the_straight_path_would_fail_the_rungs_its_row_skips(rung):
    """So that nothing is left out which could be climbed."""
    with pytest.raises(CheckFailure) as failure:
        check_layer(Activation("softmax_straight_through"), (4,), skip={"differences", "vjp"} - {rung})
    assert failure.value.fields["rung"] == rung


KINKS = [
    (Activation("relu"), 0.0, 0.0),
    (Activation("leaky_relu"), 0.0, 0.2),
    (Activation("elu"), 0.0, 1.0),
    (Activation("hard_sigmoid"), -3.0, 0.0),
    (Activation("hard_sigmoid"), 3.0, 0.0),
    (Activation("step"), 0.0, 0.0),
    (LeakyReLU(0.5), 0.0, 0.5),
    (ELU(2.0), 0.0, 2.0),
    (Absolute(), 0.0, 0.0),
    (Cutoff(-1.5), -1.5, 0.0),
]


@pytest.mark.parametrize(("layer", "place", "slope"), KINKS)
def test_the_slope_at_a_kink_is_the_one_that_is_written(xp, layer, place, slope):
    def at(x):
        return layer.backward({}, layer.forward({}, x)[1], x * 0 + 1)[0]

    np.testing.assert_array_equal(xp.call(at, np.array([[place]])), [[slope]])


def test_other_names_mean_the_same_rule():
    assert activations.name_of("silu") == "swish"
    assert activations.name_of("identity") == activations.name_of(None) == "linear"
    assert Activation(activations.gelu).activation == "gelu"


@pytest.mark.parametrize("kind", [BatchNormalization, LayerNormalization])
def test_scale_and_shift_carry_their_penalties(kind):
    spec = kind(gamma_regularizer=L2(0.1), beta_regularizer=L1(0.2)).spec((3,))
    assert (spec.params["gamma"].regularizer.l2, spec.params["beta"].regularizer.l1) == (0.1, 0.2)
    assert [(name, param.role) for name, param in spec.params.items()] == [("gamma", "scale"), ("beta", "bias")]
    assert all(param.regularizer is None for param in kind().spec((3,)).params.values())
