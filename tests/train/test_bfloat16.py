"""bfloat16: layers round, weights do not; what was float32 or float64 before is so still."""

import ml_dtypes  # JAX brings it
import numpy as np
import pytest
from attrs import evolve, frozen

from garasu import data, layers, losses, models
from garasu.array import as_float, kept_in, leaves, map_leaves, paths
from garasu.layers import Run
from garasu.messages import GarasuWarning, SettingError
from garasu.networks import Network
from garasu.optimizers import SGD
from garasu.train import Task
from garasu.train.narrow import InFloat32, narrow

KINDS = ("c9-like", "channels", "batch-normalization", "dropout", "tied", "residual")
ULP = 2.0**-8
"""The distance of 1 to the next number."""


def grads(one, engine):
    """The gradients of the first step: how far plain descent at rate 1 goes."""
    before = one.task.network.init(11)[0]
    after = one.run(engine, 1)["params"]
    return map_leaves(lambda a, b: b - a, after, before)


def smooth(network):
    """The network without kinks: a rounding that moves a ReLU over 0, or a maximum to its neighbour, moves more."""
    kinds = {layers.MaxPooling2D: layers.AveragePooling2D(2)}

    def change(layer):
        if getattr(layer, "activation", None) == "relu":
            return evolve(layer, activation="tanh")
        return kinds.get(type(layer), layer)

    return Network([change(layer) for layer in network.layers], network.in_shape)


@frozen(eq=False)
class _Own(layers.Layer):
    """y = 2 x, by a layer that writes ``apply``."""

    activation: str = "linear"

    def spec(self, in_shape):
        return layers.Spec(in_shape)

    def without_activation(self):
        return evolve(self, activation="linear")

    def apply(self, params, state, x, run):
        return 2 * x, state, {}

    def backward(self, params, cache, dy):
        return 2 * dy, {}


def in_bfloat16(one):
    return evolve(one, task=evolve(one.task, precision="bfloat16"))


class TestRounding:
    def test_as_ml_dtypes(self):
        """To the nearest, of two as near to the even; infinities and NaN stay, a number beyond the largest grows."""
        draw = np.random.default_rng(0)
        x = draw.integers(0, 2**32, 20_000, dtype=np.uint32).view(np.float32)
        x = np.concatenate(
            [x, np.float32([0, -0.0, 1 + ULP / 2, 1 + 3 * ULP / 2, np.inf, -np.inf, np.nan, 3.4e38, 1e-45])]
        )
        with np.errstate(all="ignore"):
            expected = x.astype(ml_dtypes.bfloat16).astype(np.float32)
        np.testing.assert_array_equal(as_float(x, "bfloat16"), expected)

    def test_as_jax(self):
        from jax import numpy as jnp

        x = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
        found = as_float(jnp.asarray(x), "bfloat16")
        assert str(found.dtype) == "bfloat16"
        np.testing.assert_array_equal(np.asarray(as_float(found)), as_float(x, "bfloat16"))

    def test_any_shape_and_type(self):
        assert as_float(np.float64(1.01), "bfloat16").shape == ()
        assert as_float(np.arange(6, dtype=np.uint8).reshape(2, 3).T, "bfloat16").tolist() == [[0, 3], [1, 4], [2, 5]]
        assert [kept_in(one) for one in ("float32", "float64", "bfloat16")] == ["float32", "float64", "float32"]


class TestStep:
    @pytest.mark.parametrize(
        ("kind", "engine"),
        [
            *(
                (kind, "eager")
                for kind in ("c9-like", "channels", "batch-normalization", "dropout", "tied", "residual")
            ),
            *((kind, "jit") for kind in ("c9-like", "channels", "residual")),
        ],
    )
    def test_gradients_are_those_of_float32_but_for_rounding(self, bench, kind, engine):
        one = bench(kind, optimizer=SGD(1.0))
        one = evolve(one, task=evolve(one.task, network=smooth(one.task.network)))
        exact, found = dict(paths(grads(one, "eager"))), dict(paths(grads(in_bfloat16(one), engine)))
        assert all(g.dtype == np.float32 for g in found.values())
        apart = [np.linalg.norm(g - exact[path]) / np.linalg.norm(exact[path]) for path, g in found.items()]
        assert min(apart) > ULP / 20 and max(apart) < 4 * ULP, apart

    def test_so_is_the_error_at_the_input(self):
        net = Network([layers.Dense(5, activation="tanh", name="a"), layers.Dense(2, name="b")], (4,))
        draw, params = np.random.default_rng(0), net.init(0)[0]
        x, dy = draw.normal(size=(3, 4)).astype(np.float32), draw.normal(size=(3, 2)).astype(np.float32)
        exact, found = (one.backward(params, one.apply(params, {}, x, Run())[2], dy)[0] for one in (net, narrow(net)))
        assert found.dtype == np.float32
        assert ULP / 20 < np.linalg.norm(found - exact) / np.linalg.norm(exact) < 4 * ULP

    def test_weights_memory_sums_and_state_stay_float32(self, bench):
        one = in_bfloat16(bench("residual"))
        for engine in ("eager", "jit"):
            carry = one.run(engine, 3)
            kinds = {path: str(array.dtype) for path, array in paths(carry)}
            assert {kind for path, kind in kinds.items() if path not in ("step", "ok")} == {"float32"}, kinds
            assert kinds["step"] == "uint32" and kinds["ok"] == "bool"

    def test_small_steps_are_not_lost(self):
        """1 + 2^-12 is 1 in bfloat16; sixteen such steps are 2^-8 in the weights."""
        net = Network([layers.Dense(1, use_bias=False, kernel_initializer="ones", name="a")], (1,))
        task = Task(net, losses.MeanSquaredError(), SGD(2.0**-13), {}, "bfloat16")
        from garasu.train import step as steps
        from garasu.train.task import numbers

        rows = {"x": np.ones((1, 1), np.float32), "t": np.full((1, 1), 2, np.float32), "weight": np.ones(1, np.float32)}
        carry = steps.first_carry(task, *net.init(0), np)
        given = np.zeros(1, np.int32), np.ones(1, np.float32), numbers(task.hyper(), "float32"), np.zeros(2, np.uint32)
        for _ in range(16):
            carry = steps.train_step(task, carry, rows, *given)
        assert carry["params"]["a"]["kernel"].item() == pytest.approx(1 + ULP, abs=1e-4)


class TestFrames:
    def net(self):
        inside = [layers.Conv2D(2, 3, padding="same"), layers.BatchNormalization(trainable=False), layers.Conv2D(2, 1)]
        return Network(
            [
                layers.BatchNormalization(name="first", trainable=False),
                layers.Residual(inside, name="around"),
                layers.BatchNormalization(name="second"),
                layers.Flatten(),
                layers.Dense(3, activation="softmax", name="last"),
            ],
            (4, 4, 2),
        )

    def test_who_works_in_float32(self):
        chain = narrow(self.net()).chain
        framed = {name for name, layer in chain.children if isinstance(layer, InFloat32)}
        assert framed == {"first", "second", "last.activation"}
        inside = [type(one) for one in dict(chain.children)["around"].within]
        assert inside == [layers.Conv2D, InFloat32, layers.Conv2D]

    def test_one_frame_each_in_copies_for_every_channel(self):
        inside = [layers.Conv2D(1, 1), layers.Dropout(0.1), layers.BatchNormalization()]
        chain = narrow(Network([layers.PerChannel(inside, name="each")], (4, 4, 2))).chain
        _, *framed = dict(chain.children)["each"].within
        assert [type(one.inner) for one in framed] == [layers.Dropout, layers.BatchNormalization]

    @pytest.mark.parametrize("frozen", [False, True])
    def test_a_framed_layer_keeps_its_activation_and_what_it_borrows(self, frozen):
        """A layer of the user's own that writes ``apply``, inside another: all that the chain asks goes through."""
        inside = [
            layers.Dense(4, name="owner"),
            _Own(activation="relu", name="own"),
            layers.Dense(3),
            layers.Block([_Own(activation="tanh", name="last")], name="block"),
        ]
        plain = Network([layers.Residual(inside, name="around", trainable=not frozen)], (3,))
        low, (params, state) = narrow(plain), plain.init(0)
        x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
        exact, _, cache = plain.apply(params, state, x, Run(training=True))
        found, _, low_cache = low.apply(params, state, x, Run(training=True))
        np.testing.assert_allclose(found, exact, atol=0.03)
        wanted, given = plain.backward(params, cache, exact)[1], low.backward(params, low_cache, exact)[1]
        for path, grad in paths(wanted):
            np.testing.assert_allclose(dict(paths(given))[path], grad, atol=0.1, err_msg=path)

    def test_normalisation_before_a_convolution_frozen_or_not(self):
        """Its float32 averages must not make float32 of what follows: XLA's convolution takes numbers of one type."""
        import jax

        plain = self.net()
        low, (params, state) = narrow(plain), plain.init(0)
        x = np.random.default_rng(0).normal(size=(6, 4, 4, 2)).astype(np.float32)
        for run in (Run(), Run(training=True)):

            def both(params, x, run=run):
                y, after, cache = low.apply(params, state, x, run)
                return y, after, low.backward(params, cache, y)

            y, after, (_, found) = jax.jit(both)(params, x)
            exact, expected, _ = plain.apply(params, state, x, run)
            np.testing.assert_allclose(y, exact, atol=0.02)
            for path, array in paths(after):
                assert array.dtype == np.float32
                np.testing.assert_allclose(array, dict(paths(expected))[path], atol=0.02, err_msg=path)
            assert {str(g.dtype) for g in leaves(found)} == {"float32"}

    def test_inner_values_are_float32(self):
        low, (params, state) = narrow(self.net()), self.net().init(0)
        found = low.outputs(params, state, np.ones((2, 4, 4, 2), np.float32), ["around", "last.u", "last"], Run())
        assert {str(values.dtype) for values in found.values()} == {"float32"}
        np.testing.assert_allclose(found["last"].sum(axis=-1), 1.0, rtol=1e-6)  # the answer is not rounded


@pytest.fixture(scope="module")
def digits():
    return data.load("digits")


@pytest.mark.filterwarnings("ignore:CPUs have no products")  # it is tested below
class TestModel:
    def make(self, precision="bfloat16", eager=False, seed=1):
        one = models.Sequential(
            [
                layers.Rescaling(1 / 255, input_shape=(28, 28)),
                layers.Flatten(),
                layers.Dense(64, activation="relu"),
                layers.Dropout(0.1),
                layers.Dense(10, activation="softmax"),
            ],
            seed=seed,
        )
        one.compile("adam", "sparse_categorical_crossentropy", ["accuracy"], run_eagerly=eager, precision=precision)
        return one

    def test_it_learns_as_float32_does(self, digits):
        found = {}
        for precision in ("float32", "bfloat16"):
            model = self.make(precision)
            model.fit(digits.train_images, digits.train_labels, epochs=6, batch_size=64, verbose=0)
            found[precision] = model.evaluate(digits.test_images, digits.test_labels)
        (loss, accuracy), (low_loss, low_accuracy) = found.values()
        assert accuracy > 0.9 and abs(low_accuracy - accuracy) < 0.03 and low_loss == pytest.approx(loss, rel=0.1)

    @pytest.mark.parametrize("eager", [True, False])
    def test_goes_on_as_if_never_saved_and_answers_in_float32(self, digits, tmp_path, eager):
        rows = digits.train_images[:96], digits.train_labels[:96]
        whole, half = self.make(eager=eager), self.make(eager=eager)
        settings = {"batch_size": 32, "verbose": 0}
        whole.fit(*rows, epochs=2, **settings)
        half.fit(*rows, epochs=1, **settings)
        again = models.load_model(half.save(tmp_path / "m"), engine="eager" if eager else "jit")
        assert again.task.precision == "bfloat16"
        again.fit(*rows, epochs=2, resume=True, **settings)
        for mine, other in zip(whole.get_weights(), again.get_weights(), strict=True):
            assert mine.dtype == np.float32
            np.testing.assert_array_equal(mine, other)
        y = again.predict(rows[0])
        assert y.dtype == np.float32
        loss = -np.log(y[np.arange(96), rows[1]]).mean()
        assert again.evaluate(*rows)[0] == pytest.approx(loss, rel=1e-5)

    def test_compiled_in_another_precision_weights_stay(self):
        model = self.make("float64", eager=True)
        before = model.get_weights()
        model.compile("sgd", "sparse_categorical_crossentropy", precision="bfloat16", run_eagerly=True)
        for mine, first in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(mine, first.astype(np.float32))

    def test_there_is_no_other(self, language):
        said = {"en": "compile: precision must be one of {}. Got 'float16' instead."}
        said["ja"] = "compile の precision には {} のいずれかを指定してください（指定された値: 'float16'）。"
        with pytest.raises(SettingError) as raised:
            self.make("float16")
        assert str(raised.value) == said[language].format("'float32', 'float64', 'bfloat16'")


@pytest.mark.parametrize("eager", [True, False])
def test_on_a_cpu_it_is_warned_of(eager, language):
    """Once, at ``compile``, at the caller's line; of no other precision, and not when a file is loaded."""
    one = models.Sequential([layers.Dense(2, input_shape=(3,))], seed=0)
    with pytest.warns(GarasuWarning, match="float32") as caught:
        one.compile("sgd", "mse", precision="bfloat16", run_eagerly=eager, device=None if eager else "cpu")
    assert [warning.filename for warning in caught] == [__file__]
    one.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)  # a second warning would be an error here
    one.compile("sgd", "mse", precision="float64", run_eagerly=eager)


def test_a_task_of_float32_or_float64_runs_the_network_itself(bench):
    for precision in ("float32", "float64"):
        task = bench("dropout", precision).task
        assert task.working is task.network and task.kept == precision
