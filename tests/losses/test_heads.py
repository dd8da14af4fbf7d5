"""The end of a network beside every loss: what is refused, what is warned of, what is taken, and when it is said."""

import warnings

import numpy as np
import pytest
from attrs import frozen

from garasu import activations, layers, losses, models
from garasu.layers import (
    Activation,
    BatchNormalization,
    Block,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    Parallel,
    Residual,
    Spec,
    ZeroPadding2D,
)
from garasu.losses import CLASSES, CategoricalCrossentropy, MeanSquaredError
from garasu.messages import GarasuWarning, SettingError
from garasu.networks import Network, check_head, ranges
from garasu.networks.ranges import RANGES, values_of

CROSS = ("CategoricalCrossentropy", "SparseCategoricalCrossentropy", "KLDivergence")
NO_PROBABILITIES = ("linear", "relu", "tanh")
OTHERS = sorted({kind.__name__ for kind in CLASSES} - {*CROSS, "BinaryCrossentropy"})


def network(activation, units=3):
    return Network([Dense(units, activation=activation, name="out")], (4,))


def verdict(loss, activation, units=3):
    """The sentence a pair is refused or warned of with, and which of both."""
    return verdict_of(network(activation, units), loss)


def verdict_of(network, loss):
    """The same of a whole network."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            check_head(network, getattr(losses, loss)())
        except SettingError as error:
            return "refused", str(error)
    if not caught:
        return "taken", ""
    (only,) = caught
    assert only.category is GarasuWarning
    return "warned", str(only.message)


@pytest.mark.parametrize("activation", NO_PROBABILITIES)
@pytest.mark.parametrize("loss", [*CROSS, "BinaryCrossentropy"])
def test_probabilities_are_needed(loss, activation, language):
    partner = "sigmoid" if loss == "BinaryCrossentropy" else "softmax"
    kind, said = verdict(loss, activation)
    assert kind == "refused"
    for part in (loss, 'Dense "out"', activation, f"activation='{partner}'"):
        assert part in said, said


@pytest.mark.parametrize("loss", [kind.__name__ for kind in CLASSES])
def test_softmax_over_one_output_learns_nothing(loss, language):
    kind, said = verdict(loss, "softmax", 1)
    assert kind == "refused" and 'Dense "out"' in said and "sigmoid" in said


@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
@pytest.mark.parametrize("loss", CROSS)
def test_one_output_has_no_classes_to_compare(loss, activation, language):
    kind, said = verdict(loss, activation, 1)
    assert kind == "refused" and loss in said and "binary_crossentropy" in said


@pytest.mark.parametrize("loss", CROSS)
def test_sigmoid_beside_a_loss_of_classes(loss, language):
    kind, said = verdict(loss, "sigmoid")
    assert kind == "warned" and loss in said and "softmax" in said and 'Dense "out"' in said


def test_softmax_beside_yes_or_no(language):
    kind, said = verdict("BinaryCrossentropy", "softmax")
    assert kind == "warned" and "categorical_crossentropy" in said and "sigmoid" in said


@pytest.mark.parametrize("activation", ["sigmoid", "softmax", "relu"])
@pytest.mark.parametrize("loss", ["Hinge", "SquaredHinge"])
def test_a_sign_that_never_comes(loss, activation, language):
    kind, said = verdict(loss, activation)
    assert kind == "warned" and activation in said and "tanh" in said


@pytest.mark.parametrize("activation", ["linear", "tanh"])
def test_counts_below_zero(activation, language):
    kind, said = verdict("Poisson", activation)
    assert kind == "warned" and activation in said and "softplus" in said


FINE = [
    *((loss, "softmax", 3) for loss in CROSS),
    ("BinaryCrossentropy", "sigmoid", 1),
    ("BinaryCrossentropy", "sigmoid", 3),
    ("MeanSquaredError", "sigmoid", 1),
    ("SumOfSquares", "sigmoid", 10),
    ("SumOfSquares", "softmax", 10),
    ("MeanSquaredError", "relu", 3),
    ("MeanAbsoluteError", "linear", 1),
    ("Huber", "tanh", 1),
    ("LogCosh", "linear", 1),
    ("Hinge", "linear", 1),
    ("SquaredHinge", "tanh", 3),
    ("CategoricalHinge", "linear", 3),
    ("CategoricalHinge", "softmax", 3),
    ("Poisson", "softplus", 1),
    ("Poisson", "relu", 1),
]


@pytest.mark.parametrize(("loss", "activation", "units"), FINE)
def test_what_fits_is_taken_without_a_word(loss, activation, units):
    assert verdict(loss, activation, units) == ("taken", "")


@pytest.mark.parametrize("loss", OTHERS)
@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "softmax", "tanh"])
def test_what_is_no_cross_entropy_is_never_refused(loss, activation):
    assert verdict(loss, activation)[0] in ("taken", "warned")


@frozen(eq=False)
class Own(Layer):
    """A layer of the user's own: what it hands out is not known."""

    def spec(self, in_shape):
        return Spec(in_shape)

    def forward(self, params, x):
        return x, {}

    def backward(self, params, cache, dy):
        return dy, {}


@frozen(eq=False)
class OwnDense(Dense):
    """A subclass may do anything."""


SOFTMAX = Dense(4, activation="softmax", name="out")
LOW, HIGH = Dense(4, activation="sigmoid", name="low"), Dense(4, activation="tanh", name="high")
INF = float("inf")


@pytest.mark.parametrize(
    ("stack", "function"),
    [
        ([Dense(3, activation="softmax")], "softmax"),
        ([Dense(3), Activation("softmax")], "softmax"),
        ([Dense(4, activation="sigmoid"), layers.Reshape((2, 2)), Flatten()], "sigmoid"),
        ([Dense(3), Flatten()], "linear"),
        ([Dense(3, activation="softmax"), BatchNormalization()], "linear"),
        ([Block([Dense(3), Dense(3, activation="tanh")])], "tanh"),
        ([Block([Dense(3, activation="tanh"), Dense(3)])], "linear"),
        ([Dense(4, activation="relu"), Block([Dense(4, activation="softmax"), Flatten()])], "softmax"),
        ([Dense(4, activation="relu"), Block([Dense(3)]), Block([])], "linear"),
        ([Dense(3, activation="softmax"), Activation("linear")], "softmax"),
        ([Dense(3), layers.LeakyReLU()], "leaky_relu"),
        ([Dense(3), layers.ELU()], "elu"),
        ([Dense(3, activation="softmax"), layers.Dropout(0.5)], "softmax"),
        ([Dense(3, activation="sigmoid"), layers.Absolute()], "sigmoid"),
        ([Parallel([[LOW]])], "sigmoid"),
    ],
)
def test_what_a_network_ends_in(stack, function):
    assert values_of(Network(stack, (4,))).function == function


@pytest.mark.parametrize(
    "stack",
    [
        [],
        [Flatten()],
        [layers.Absolute()],
        [Activation("linear")],
        [Dense(3, activation="softmax"), Own()],
        [OwnDense(3)],
        [Residual([Dense(4)])],
        [Dense(4), Parallel([[Dense(2)], [Own()]])],
        [Dense(4), Parallel([[Own()], []], mode="add")],
    ],
)
def test_where_nothing_is_known(stack):
    assert values_of(Network(stack, (4,))) is None


@pytest.mark.parametrize(
    ("stack", "low", "high", "sums"),
    [
        ([SOFTMAX], 0, 1, True),
        ([SOFTMAX, Flatten(), layers.Reshape((4,))], 0, 1, True),
        ([layers.Reshape((2, 2)), Dense(3, activation="softmax"), Flatten()], 0, 1, False),
        ([LOW, layers.Rescaling(2, -1)], -1, 1, False),
        ([HIGH, layers.Rescaling(-3, 1)], -2, 4, False),
        ([Dense(4), layers.Rescaling(0.0, 0.5)], 0.5, 0.5, False),
        ([Dense(4), layers.Rescaling(-1.0)], -INF, INF, False),
        ([HIGH, layers.Absolute()], 0, 1, False),
        ([HIGH, layers.Rescaling(1, -3), layers.Absolute()], 2, 4, False),
        ([SOFTMAX, layers.Absolute()], 0, 1, True),
        ([HIGH, layers.Cutoff(0.25)], 0, 0.75, False),
        ([Dense(4), layers.Cutoff(0.25)], 0, INF, False),
        ([Dense(4), layers.ELU(2.0)], -2, INF, False),
        ([Dense(4), layers.LeakyReLU(0.0)], 0, INF, False),
        ([LOW, Residual([HIGH])], -1, 2, False),
        ([LOW, Residual([Dense(4)])], -INF, INF, False),
        ([LOW, Parallel([[HIGH], []])], -1, 1, False),
        ([LOW, Parallel([[HIGH], []], mode="add")], -1, 2, False),
        ([SOFTMAX, Parallel([[], []])], 0, 1, False),
        ([LOW, layers.Reshape((2, 2)), layers.PerChannel([layers.Rescaling(4)])], 0, 4, False),
        ([LOW, layers.Reshape((2, 2, 1)), ZeroPadding2D(1)], 0, 1, False),
        (
            [Dense(4, activation="sigmoid"), layers.Reshape((2, 2, 1)), layers.Rescaling(1, 1), ZeroPadding2D(1)],
            0,
            2,
            False,
        ),
        ([HIGH, layers.Reshape((2, 2, 1)), layers.LpPooling2D(2)], 0, 1, False),
        ([layers.Reshape((2, 2, 1)), Conv2D(3, 1, activation="softmax"), layers.GlobalAveragePooling2D()], 0, 1, True),
        ([layers.Reshape((2, 2, 1)), Conv2D(3, 1, activation="softmax"), layers.MaxPooling2D(2)], 0, 1, False),
    ],
)
def test_from_where_to_where_values_run(stack, low, high, sums):
    found = values_of(Network(stack, (4,)))
    assert (found.low, found.high, found.sums) == (low, high, sums)


@pytest.mark.parametrize("function", activations.RULES)
def test_an_activation_stays_within_its_range(function):
    """Nearly all of it: a range that is much too wide would refuse nothing."""
    u = np.linspace(-20, 20, 4001)[None]
    z = activations.RULES[function].forward(u if "softmax" not in function else np.stack([u[0], -u[0]], axis=-1))
    low, high = RANGES[function]
    assert low <= z.min() < max(low, -0.1) + 0.01
    assert min(high, 5.0) - 0.01 < z.max() <= high


BEHIND = [
    ([Dense(4), layers.Absolute(name="size")], "CategoricalCrossentropy", "refused", "from 0 to ∞"),
    ([Dense(4), layers.Dropout(0.5)], "CategoricalCrossentropy", "refused", "activation: linear"),
    ([LOW, layers.Rescaling(2, name="twice")], "BinaryCrossentropy", "refused", "from 0 to 2"),
    ([LOW, Residual([HIGH], name="around")], "BinaryCrossentropy", "refused", "from -1 to 2"),
    ([LOW, Parallel([[HIGH], []], mode="add", name="both")], "KLDivergence", "refused", "from -1 to 2"),
    ([HIGH, layers.Rescaling(0.5, 0.5)], "BinaryCrossentropy", "taken", ""),
    ([SOFTMAX, layers.Rescaling(0.5, name="half")], "CategoricalCrossentropy", "warned", "from 0 to 0.5"),
    ([SOFTMAX, layers.Dropout(0.5, name="drop")], "CategoricalCrossentropy", "warned", 'Dropout "drop"'),
    ([LOW, layers.GaussianNoise(0.1, name="noise")], "BinaryCrossentropy", "warned", 'GaussianNoise "noise"'),
    ([SOFTMAX, layers.Dropout(0.5)], "BinaryCrossentropy", "warned", "categorical_crossentropy"),
    ([SOFTMAX, layers.Dropout(0.5)], "MeanSquaredError", "taken", ""),
    ([HIGH, layers.Absolute(name="size")], "Hinge", "warned", "from 0 to 1"),
    ([LOW, layers.Rescaling(2, -1)], "Hinge", "taken", ""),
    ([Dense(4), layers.Cutoff(0.1)], "Poisson", "taken", ""),
    ([Dense(4), layers.Rescaling(2, name="twice")], "Poisson", "warned", "from -∞ to ∞"),
]


@pytest.mark.parametrize(("stack", "loss", "verdict", "said"), BEHIND)
def test_what_stands_behind_the_last_activation(stack, loss, verdict, said):
    kind, sentence = verdict_of(Network(stack, (4,)), loss)
    assert kind == verdict and said in sentence
    assert kind == "taken" or stack[-1].label in sentence or stack[0].label in sentence


def test_every_layer_is_known_or_left_out_on_purpose():
    known = {*ranges._MADE, *ranges._CHANGED, *ranges._COMPOSITES}
    assert known == set(layers.CLASSES) and set(RANGES) == set(activations.RULES)


def test_noise_behind_probabilities_is_warned_of_in_both_languages(language):
    kind, said = verdict_of(Network([SOFTMAX, layers.Dropout(0.5, name="drop")], (4,)), "CategoricalCrossentropy")
    assert kind == "warned" and 'Dropout "drop"' in said and 'Dense "out"' in said and "softmax" in said


def test_a_layer_of_one_s_own_at_the_end_is_not_judged():
    check_head(Network([Dense(3), Own()], (4,)), CategoricalCrossentropy())


def test_softmax_over_one_output_is_looked_for_where_it_stands():
    """Three shares in a column are no fault; one share at each of four places is, also after they are laid flat."""
    check_head(Network([Dense(3, activation="softmax"), layers.Reshape((3, 1))], (4,)), MeanSquaredError())
    alone = [layers.Reshape((4, 1)), Dense(1, activation="softmax", name="out"), Flatten()]
    with pytest.raises(SettingError, match='Dense "out" has one output'):
        check_head(Network(alone, (4,)), MeanSquaredError())


@frozen(eq=False)
class OwnLoss(MeanSquaredError):
    """A user's own, whose slope at u is known behind a sigmoid: it may stand behind any other end too."""

    partner = "sigmoid"

    def delta(self, y, t):
        return self.backward(y, t) * y * (1.0 - y)


@pytest.mark.parametrize(("domain", "named"), [("distributions", "softmax"), ("shares", "sigmoid")])
def test_a_loss_of_one_s_own_that_says_what_it_takes_is_judged(domain, named, language):
    """The sentence names an end that would do, though the loss has no partner."""
    loss = type("Own", (OwnLoss,), {"partner": None, "domain": domain})()
    with pytest.raises(SettingError, match=f"activation='{named}'"):
        check_head(network("linear"), loss)


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "softmax"])
def test_a_loss_that_does_not_say_what_it_takes_is_not_judged(activation):
    check_head(network(activation), OwnLoss())


# -------------------------------------------------------------------------------------------------- when it is said


def stack(activation, in_shape=None):
    return [Dense(5, activation="relu", input_shape=in_shape), Dense(3, activation=activation)]


def test_compile_refuses_and_leaves_the_model_as_it_was():
    model = models.Sequential(stack("linear", (4,)), seed=0)
    model.compile("sgd", "mse", run_eagerly=True)
    with pytest.raises(SettingError, match="activation='softmax'"):
        model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    assert type(model.task.loss).__name__ == "MeanSquaredError"


def test_compile_warns_once_and_names_the_caller_s_line():
    model = models.Sequential(stack("softmax", (4,)), seed=0)
    with pytest.warns(GarasuWarning, match="categorical_crossentropy") as caught:
        model.compile("sgd", "binary_crossentropy", run_eagerly=True)
    assert [one.filename for one in caught] == [__file__]
    model.fit(np.ones((4, 4)), np.ones((4, 3)), verbose=0)  # a second warning would be an error here


def test_freezing_says_nothing_a_second_time():
    model = models.Sequential(stack("softmax", (4,)), seed=0)
    with pytest.warns(GarasuWarning):
        model.compile("sgd", "binary_crossentropy", run_eagerly=True)
    model.layers[0].trainable = False
    model.fit(np.ones((4, 4)), np.ones((4, 3)), verbose=0)
    model.trainable = True
    model.evaluate(np.ones((4, 4)), np.ones((4, 3)))


def test_what_was_compiled_before_is_loaded_without_a_word(tmp_path):
    """Also what an older Garasu took and this one refuses: it can still be asked."""
    model = models.Sequential(stack("linear", (4,)), seed=0)
    model.compile_as_before("sgd", "categorical_crossentropy", None, "float32")
    again = models.load_model(model.save(tmp_path / "old"))
    np.testing.assert_array_equal(again.predict(np.ones((2, 4))), model.predict(np.ones((2, 4))))
    with pytest.raises(SettingError, match="activation='softmax'"):
        again.compile("sgd", "categorical_crossentropy")


def test_said_later_it_names_the_caller_s_line_too():
    model = models.Sequential(stack("softmax"), seed=0)
    model.compile("sgd", "binary_crossentropy", run_eagerly=True)
    with pytest.warns(GarasuWarning) as caught:
        model.fit(np.ones((4, 4)), np.ones((4, 3)), verbose=0)
    assert [one.filename for one in caught] == [__file__]


def test_of_a_model_built_later_it_is_said_when_it_is_first_run():
    model = models.Sequential(stack("linear"), seed=0)
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    with pytest.raises(SettingError, match="activation='softmax'"):
        model.fit(np.ones((4, 4)), np.eye(3)[[0, 1, 2, 0]], verbose=0)


def test_layers_may_be_added_after_compile():
    """In between, the last layer does not fit yet."""
    model = models.Sequential([Dense(5, activation="relu", input_shape=(4,))], seed=0)
    model.add(Activation("softmax"))
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    model.add(Dense(3, activation="relu"))
    model.add(Activation("softmax"))
    model.fit(np.ones((4, 4)), np.eye(3)[[0, 1, 2, 0]], verbose=0)
