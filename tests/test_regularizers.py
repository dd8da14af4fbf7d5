"""Regularisers: worked by hand, against differences, JAX, Keras and PyTorch; and what they say to a wrong setting."""

import keras
import numpy as np
import pytest

from garasu import layers, regularizers
from garasu.messages import SettingError, UnknownNameError
from garasu.networks import describe, rebuild
from garasu.regularizers import L1, L1L2, L2, Lp, Regularizer
from tests.contract.contract_oracles import torch_or_skip

W = np.array([[3.0, -4.0], [0.5, 1e-3]])
EVERY = [L1(0.1), L2(0.1), L1L2(0.1, 0.02), Lp(1.5, 0.1), Lp(3, 0.2), Lp(1, 0.1), Lp(0.5, 0.1)]


def numbers(one):
    return {name: np.asarray(value) for name, value in one.hyper().items()}


class TestByHand:
    @pytest.mark.parametrize(
        ("one", "penalty", "slope"),
        [
            (L1(0.5), 3.5, [0.5, -0.5, 0.0]),
            (L2(0.5), 12.5, [3.0, -4.0, 0.0]),
            (L1L2(0.5, 0.5), 16.0, [3.5, -4.5, 0.0]),
            (Lp(3, 0.1), 9.1, [2.7, -4.8, 0.0]),
            (Lp(1, 0.5), 3.5, [0.5, -0.5, 0.0]),
        ],
    )
    def test_penalty_and_slope(self, one, penalty, slope):
        w = np.array([3.0, -4.0, 0.0])
        np.testing.assert_allclose(one.penalty(w, numbers(one)), penalty)
        np.testing.assert_allclose(one.slope(w, numbers(one)), slope)

    @pytest.mark.parametrize("p", [0.5, 1.0, 1.5, 2.0])
    def test_at_0_the_slope_is_0(self, p):
        one = Lp(p)
        assert one.slope(np.zeros(3), numbers(one)).tolist() == [0.0, 0.0, 0.0]
        assert one.penalty(np.zeros(3), numbers(one)) == 0.0

    def test_L1_and_L2_are_Lp_of_1_and_2(self):
        for one, same in ((L1(0.3), Lp(1, 0.3)), (L2(0.3), Lp(2, 0.3))):
            np.testing.assert_allclose(one.penalty(W, numbers(one)), same.penalty(W, numbers(same)))
            np.testing.assert_allclose(one.slope(W, numbers(one)), same.slope(W, numbers(same)))


@pytest.mark.parametrize("one", EVERY, ids=repr)
class TestSlope:
    def test_against_central_differences(self, one):
        hyper, step = numbers(one), 1e-6
        w = np.where(np.abs(W) < 0.01, 0.3, W)  # away from the kink
        found = np.zeros_like(w)
        for at in np.ndindex(w.shape):
            moved = np.zeros_like(w)
            moved[at] = step
            found[at] = (one.penalty(w + moved, hyper) - one.penalty(w - moved, hyper)) / (2 * step)
        np.testing.assert_allclose(one.slope(w, hyper), found, rtol=1e-6, atol=1e-9)

    def test_against_jax(self, one):
        import jax

        hyper = one.hyper()
        with jax.enable_x64(True):
            found = jax.jit(jax.grad(lambda w: one.penalty(w, hyper)))(W)
            mine = jax.jit(lambda w: one.slope(w, hyper))(W)
        np.testing.assert_allclose(one.slope(W, numbers(one)), found, rtol=1e-12)
        np.testing.assert_allclose(one.slope(W, numbers(one)), mine, rtol=1e-12)

    def test_the_strict_namespace(self, one):
        import array_api_strict as strict

        hyper = {name: strict.asarray(value, dtype=strict.float64) for name, value in one.hyper().items()}
        np.testing.assert_allclose(np.asarray(one.slope(strict.asarray(W), hyper)), one.slope(W, numbers(one)))
        assert float(one.penalty(strict.asarray(W), hyper)) == pytest.approx(float(one.penalty(W, numbers(one))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (L1(0.1), keras.regularizers.L1(0.1)),
        (L2(0.1), keras.regularizers.L2(0.1)),
        (L1L2(0.1, 0.02), keras.regularizers.L1L2(0.1, 0.02)),
    ],
    ids=["l1", "l2", "l1_l2"],
)
def test_keras_has_the_same_penalty(one, other):
    np.testing.assert_allclose(one.penalty(W.astype("float32"), one.hyper()), other(W.astype("float32")), rtol=1e-6)


@pytest.mark.oracles
def test_pytorch_has_the_same_slopes():
    torch = torch_or_skip()
    for p in (1.0, 1.5, 2.0, 3.0):
        w = torch.tensor(np.array([3.0, -4.0, 0.0]), requires_grad=True)
        (0.1 * (w.abs() ** p).sum()).backward()
        one = Lp(p, 0.1)
        np.testing.assert_allclose(one.slope(w.detach().numpy(), numbers(one)), w.grad.numpy(), rtol=1e-12)


class TestSettings:
    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda: L1(-0.1), "L1L2: l1 must be a number of 0 or more. Got -0.1 instead."),
            (lambda: L2("much"), "L1L2: l2 must be a number of 0 or more. Got 'much' instead."),
            (lambda: Lp(0), "Lp: p must be a number above 0. Got 0 instead."),
            (lambda: Lp(2, -1), "Lp: factor must be a number of 0 or more. Got -1 instead."),
            (
                lambda: layers.Dense(1, kernel_regularizer=0.01),
                (
                    "Dense: kernel_regularizer must be a regulariser or its name, such as L2(0.01) or 'l2', or None. "
                    "Got 0.01 instead."
                ),
            ),
        ],
    )
    def test_what_they_must_be(self, make, said):
        with pytest.raises(SettingError) as raised:
            make()
        assert str(raised.value) == said

    def test_an_unknown_name(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'l2'"):
            regularizers.get("l22")

    @pytest.mark.parametrize("name", regularizers.NAMES)
    def test_every_name_and_every_class_in_a_file(self, name):
        one = regularizers.get(name)
        assert isinstance(one, Regularizer) and regularizers.get(one) is one
        layer = layers.Dense(2, kernel_regularizer=name, bias_regularizer=Lp(1.5, 0.1))
        again = rebuild(describe(layer))
        assert repr(again.kernel_regularizer) == repr(one)
        assert again.bias_regularizer.p == 1.5
        assert {type(regularizers.get(known)) for known in regularizers.NAMES} == set(regularizers.CLASSES)

    def test_only_what_is_asked_for(self):
        spec = layers.Dense(2, kernel_regularizer="l2").spec((3,))
        assert spec.params["kernel"].regularizer is not None and spec.params["bias"].regularizer is None
