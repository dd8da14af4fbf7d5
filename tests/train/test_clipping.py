"""Clipping: against Keras, Optax and PyTorch, behind the check for what is not finite, on both engines."""

import numpy as np
import optax
import pytest
from attrs import evolve

from garasu import optimizers
from garasu.array import leaves, map_leaves, paths
from garasu.messages import SettingError
from garasu.optimizers import SGD
from garasu.train.clipping import clip
from tests.contract.contract_oracles import torch_or_skip

DRAW = np.random.default_rng(0)
GRADS = {
    "a": {"kernel": 3 * DRAW.normal(size=(4, 3)), "bias": 0.01 * DRAW.normal(size=3)},
    "b": {"in": {"kernel": DRAW.normal(size=5)}},
}
WAYS = [{"clipvalue": 0.5}, {"clipnorm": 2.0}, {"global_clipnorm": 2.0}, {"global_clipnorm": 1e3}, {"clipnorm": 1e3}]


def norm(grads):
    return float(np.sqrt(sum((g**2).sum() for g in leaves(grads))))


@pytest.mark.parametrize("way", WAYS, ids=str)
class TestAgainst:
    def test_keras(self, way):
        import keras

        found = keras.optimizers.SGD(**way)._clip_gradients(leaves(map_leaves(np.float32, GRADS)))
        for mine, theirs in zip(leaves(clip(SGD(**way), GRADS)), found, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)

    def test_optax(self, way):
        """Its bound on each array is on the root of the MEAN square: c / sqrt(size)."""
        ((name, bound),) = way.items()
        grads = map_leaves(np.float32, GRADS)
        if name == "clipnorm":
            limit = optax.clip_by_block_rms
            found = map_leaves(lambda g: limit(bound / np.sqrt(g.size)).update(g, optax.EmptyState())[0], grads)
        else:
            limit = {"clipvalue": optax.clip, "global_clipnorm": optax.clip_by_global_norm}[name](bound)
            found = limit.update(grads, optax.EmptyState())[0]
        theirs = dict(paths(found))  # JAX sorts by name
        for path, mine in paths(clip(SGD(**way), GRADS)):
            np.testing.assert_allclose(mine, theirs[path], rtol=1e-5, atol=1e-7)

    @pytest.mark.oracles
    def test_pytorch(self, way):
        """Its norms are divided by max(norm, c) + 1e-6."""
        torch = torch_or_skip()
        ((name, bound),) = way.items()
        params = []
        for g in leaves(GRADS):
            params.append(torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)))
            params[-1].grad = torch.tensor(g)
        if name == "clipvalue":
            torch.nn.utils.clip_grad_value_(params, bound)
        else:
            for part in [params] if name == "global_clipnorm" else [[one] for one in params]:
                torch.nn.utils.clip_grad_norm_(part, bound)
        for mine, one in zip(leaves(clip(SGD(**way), GRADS)), params, strict=True):
            np.testing.assert_allclose(mine, one.grad.numpy(), rtol=2e-6)


def test_what_is_small_enough_stays_to_the_last_bit():
    for way in ({"clipvalue": 1e3}, {"clipnorm": 1e3}, {"global_clipnorm": 1e3}, {}):
        for mine, g in zip(leaves(clip(SGD(**way), GRADS)), leaves(GRADS), strict=True):
            np.testing.assert_array_equal(mine, g)


def test_no_gradient_and_nothing_to_clip():
    zero = map_leaves(np.zeros_like, GRADS)
    for way in ({"clipnorm": 1.0}, {"global_clipnorm": 1.0}):
        assert norm(clip(SGD(**way), zero)) == 0.0
        assert clip(SGD(**way), {"a": {}}) == {"a": {}}


def moved(one, engine, optimizer):
    """How far plain descent at rate 1 moves the weights in one step: the gradient, as it was clipped."""
    before = one.task.network.init(11, "float64")[0]
    after = evolve(one, task=evolve(one.task, optimizer=optimizer)).run(engine, 1)["params"]
    return map_leaves(lambda a, b: b - a, after, before)


@pytest.mark.parametrize("engine", ["eager", "jit"])
def test_a_step_is_no_longer_than_the_norm_allows(bench, engine, agree):
    one = bench("tied", "float64", SGD(1.0))
    free = moved(one, "eager", SGD(1.0))
    bound = moved(one, engine, SGD(1.0, global_clipnorm=0.01))
    assert norm(free) > 0.1 and norm(bound) == pytest.approx(0.01)
    agree(bound, map_leaves(lambda g: g * 0.01 / norm(free), free), 1e-9, floor=0.01)


def test_a_step_is_no_longer_than_the_bound_on_each_number(bench):
    cut = moved(bench("tied", "float64", SGD(1.0)), "eager", SGD(1.0, clipvalue=1e-3))
    assert max(abs(g).max() for g in leaves(cut)) == pytest.approx(1e-3)


def test_frozen_arrays_have_no_part_in_the_norm():
    from garasu import layers, losses
    from garasu.networks import Network
    from garasu.train import Task

    net = Network([layers.Dense(2, trainable=False, name="a"), layers.Dense(1, name="b")], (2,))
    task = Task(net, losses.MeanSquaredError(), SGD(global_clipnorm=1.0))
    grads = {"a": {"kernel": np.full((2, 2), 100.0), "bias": np.zeros(2)}, "b": {"kernel": np.ones((2, 1)) / 4}}
    assert dict(paths(clip(task.optimizer, task.trained(grads)))).keys() == {"b/kernel"}
    np.testing.assert_array_equal(clip(task.optimizer, task.trained(grads))["b"]["kernel"], grads["b"]["kernel"])


def test_what_is_not_finite_is_found_before_it_is_clipped(bench):
    """Cut to +-1, an infinite gradient would look harmless."""
    one = bench("dropout", optimizer=SGD(0.1, clipvalue=1.0))
    one.data["x"][:, 3] = np.float32(3e38)
    carry = one.run("eager", 1)
    assert not carry["ok"] and carry["step"] == 0


ONE_WAY = {
    "en": "gradients are clipped in one way at most, but {given} were given. Choose one of them.",
    "ja": "勾配のクリッピングは 1 種類だけ指定できますが、{given} が指定されています。いずれか 1 つにしてください。",
}


@pytest.mark.parametrize("name", optimizers.NAMES)
def test_one_way_at_most(name, language):
    """As in Keras."""
    kind, said = optimizers.NAMES[name], ONE_WAY[language].format(given="clipvalue, global_clipnorm")
    with pytest.raises(SettingError) as raised:
        kind(clipvalue=1.0, global_clipnorm=1.0)
    assert str(raised.value) == f"{kind.__name__}: {said}"


@pytest.mark.parametrize("setting", ["clipvalue", "clipnorm", "global_clipnorm"])
def test_bounds_are_above_0(setting):
    with pytest.raises(SettingError, match=f"SGD: {setting} must be a number above 0. Got 0 instead."):
        SGD(**{setting: 0})
