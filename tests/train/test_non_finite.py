"""Where the first number arose that is not finite: named for every layer, and the step changes nothing."""

import numpy as np
import pytest
from attrs import evolve

from garasu.array import paths
from garasu.messages import NonFiniteError
from garasu.networks import Network
from garasu.optimizers import SGD
from garasu.train import Plan, Progress, fit


class Silent:
    """A listener that asks for nothing."""

    wants_batches = False
    stops_on_nan = False

    def __getattr__(self, name):
        return lambda *arguments: False if name == "wants_stop" else None


def told(one, engine_name, spoil):
    """The error of a fit whose parameters were spoilt first, and the carry before and after."""
    engine = one.engine(engine_name)
    params, state = one.task.network.init(1, one.task.precision)
    spoil(params)
    progress = Progress(engine.start(params, state), one.task.hyper())
    before = engine.fetch(progress.carry)
    with pytest.raises(NonFiniteError) as caught:
        fit(one.task, engine, progress, Plan(2, 16, 1), one.data, Silent())
    return caught.value, before, engine.fetch(progress.carry)


def first_changed(one, **settings):
    """The network of a bench with other settings for its first layer."""
    network = one.task.network
    return Network([evolve(network.layers[0], **settings), *network.layers[1:]], network.in_shape)


def finite(carry):
    return all(np.isfinite(array).all() for _, array in paths(carry))


class TestTheLayerIsNamed:
    @pytest.mark.parametrize("engine", ["eager", "jit"])
    @pytest.mark.parametrize(
        ("kind", "path", "value", "where"),
        [
            ("c9-like", "conv2d/kernel", np.nan, "conv2d"),
            ("residual", "residual/dense/kernel", np.inf, "residual"),
            ("dropout", "dense_1/bias", np.nan, "dense_1"),
        ],
    )
    def test_from_a_spoilt_array(self, bench, engine, kind, path, value, where):
        def spoil(params):
            dict(paths(params))[path].flat[0] = value

        error, before, after = told(bench(kind), engine, spoil)
        assert f"epoch 1, batch 1: the first number that is not finite is in {where}" in str(error)
        kept = dict(paths(after))
        for name, old in paths(before):
            if name != "ok":
                np.testing.assert_array_equal(old, kept[name], err_msg=name)

    @pytest.mark.parametrize("engine", ["eager", "jit"])
    def test_a_penalty(self, bench, engine):
        """Squares beyond all numbers, while the layers themselves work with them."""
        one = bench("dropout")
        one.task = evolve(one.task, network=first_changed(one, kernel_regularizer="l2"))

        def spoil(params):
            params["dense"]["kernel"] *= 1e20
            params["dense_1"]["kernel"] *= 1e-20

        error, _, after = told(one, engine, spoil)
        assert "is in dense/kernel: the penalty of its regulariser." in str(error)
        assert finite(after)

    def test_what_a_layer_keeps(self, bench, language):
        """A variance beyond all numbers makes its layer's output 0: nothing else is amiss."""

        def spoil(params):
            params["dense"]["kernel"] *= 1e22

        error, _, after = told(bench("batch-normalization"), "eager", spoil)
        said = {
            "en": "is in batch_normalization/moving_variance, which the layer keeps.",
            "ja": "現れたところ: batch_normalization/moving_variance（層が保持する値）。",
        }
        assert said[language] in str(error)
        assert finite(after)

    def test_an_update_that_is_too_large_is_none_of_a_frozen_layer(self, bench):
        """Whose gradient is the largest here."""
        one = bench("dropout", optimizer=SGD(3e38))
        one.task = evolve(one.task, network=first_changed(one, trainable=False))

        def spoil(params):
            params["dense_1"]["kernel"] *= 1e6

        assert "is in dense_1/kernel: its update" in str(told(one, "eager", spoil)[0])


class TestNothingSpoiltIsKept:
    @pytest.mark.parametrize("engine", ["eager", "jit"])
    def test_a_memory_of_squares_that_overflows(self, bench, engine):
        """Every gradient is finite, but Adam's memory of their squares would not be."""

        def spoil(params):
            params["dense_1"]["kernel"] *= 1e25

        error, _, after = told(bench("dropout"), engine, spoil)
        assert "in dense/kernel: its update" in str(error)
        assert finite(after)

    @pytest.mark.parametrize("engine", ["eager", "jit"])
    def test_a_weight_that_overflows(self, bench, engine):
        """Every gradient is finite, but the rate takes the weights beyond all numbers."""
        one = bench("dropout", optimizer=SGD(3e38))
        one.data = {**one.data, "x": one.data["x"] * 1000}
        _, _, after = told(one, engine, lambda params: None)
        assert finite(after)
