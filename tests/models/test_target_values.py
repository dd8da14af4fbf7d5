"""Targets outside what a loss takes are refused where data enter: fit, evaluate, and whatever else takes them."""

import re

import numpy as np
import pytest

from garasu import layers, losses, models
from garasu.messages import SettingError, ShapeError
from garasu.models.target_values import check_values
from garasu.testing.check_loss import drawn_outputs

ENDS = {
    "BinaryCrossentropy": "sigmoid",
    "CategoricalCrossentropy": "softmax",
    "CategoricalHinge": "linear",
    "Hinge": "tanh",
    "KLDivergence": "softmax",
    "Poisson": "softplus",
    "SquaredHinge": "tanh",
}
X = np.linspace(-1, 1, 16).reshape(4, 4)
ONE_HOT = np.eye(3)[[0, 1, 2, 0]]


def spoilt(value, place=(2, 1)):
    """One-hot rows but for one number."""
    t = ONE_HOT.copy()
    t[place] = value
    return t


def model(loss, units=3, activation=None):
    one = models.Sequential([layers.Dense(units, activation or ENDS[loss], input_shape=(4,))], seed=0)
    one.compile("sgd", getattr(losses, loss)(), run_eagerly=True)
    return one


OUTSIDE = [
    ("BinaryCrossentropy", 2 * ONE_HOT - 1, "y[0, 1] is -1", 8),
    ("BinaryCrossentropy", (255 * ONE_HOT).astype(np.uint8), "y[0, 0] is 255", 4),
    ("BinaryCrossentropy", spoilt(np.nan), "y[2, 1] is nan", 1),
    ("CategoricalCrossentropy", 2 * ONE_HOT, "y[0] sums to 2", 4),
    ("CategoricalCrossentropy", spoilt(1), "y[2] sums to 2", 1),
    ("CategoricalCrossentropy", 0 * ONE_HOT, "y[0] sums to 0", 4),
    ("CategoricalCrossentropy", spoilt(-0.25), "y[2, 1] is -0.25", 1),
    ("KLDivergence", spoilt(-1), "y[2, 1] is -1", 1),
    ("CategoricalHinge", spoilt(0.5), "y[2, 1] is 0.5", 1),
    ("CategoricalHinge", spoilt(1), "y[2] sums to 2", 1),
    ("Hinge", 5 * ONE_HOT, "y[0, 0] is 5", 4),
    ("SquaredHinge", spoilt(-1), "y[0, 1] is 0", 7),
    ("Poisson", spoilt(-2), "y[2, 1] is -2", 1),
]


@pytest.mark.parametrize(("loss", "t", "said", "count"), OUTSIDE)
def test_the_first_one_outside_is_named(loss, t, said, count):
    one = model(loss)
    before = one.get_weights()
    with pytest.raises(ShapeError, match=re.escape(said)) as caught:
        one.fit(X, t, verbose=0)
    counted = f"such {'row' if 'sums' in said else 'value'}s: {count})"
    assert str(caught.value).startswith(f"{loss} takes ") and counted in str(caught.value)
    assert all(map(np.array_equal, before, one.get_weights()))


@pytest.mark.parametrize("loss", sorted({loss for loss, *_ in OUTSIDE}))
def test_what_to_do_about_it_is_said_in_both_languages(loss, language):
    for name, t, said, count in OUTSIDE:
        if name == loss:
            with pytest.raises(ShapeError) as caught:
                check_values(getattr(losses, loss)(), np.asarray(t), 2)
            place, got = re.fullmatch(r"y\[(.*)\] \D+ (\S+)", said).groups()
            assert all(part in str(caught.value) for part in (loss, f"y[{place}]", got, str(count)))
            assert re.search(r"'mse'|loss='|y / 255|to_categorical|2 \* \(y", str(caught.value))


@pytest.mark.parametrize("verb", ["evaluate", "trace", "check_gradients", "find_learning_rate"])
def test_wherever_targets_enter(verb):
    with pytest.raises(ShapeError, match=r"y\[0, 0\] is 2"):
        getattr(model("BinaryCrossentropy"), verb)(X, 2 * ONE_HOT)


def test_for_validation_too():
    with pytest.raises(ShapeError, match=r"y\[0, 0\] is 2"):
        model("BinaryCrossentropy").fit(X, ONE_HOT, validation_data=(X, 2 * ONE_HOT), verbose=0)


def test_a_single_output_is_named_as_it_was_given():
    """A row of numbers is taken as a column; the place is the user's."""
    for t, place in (([0, 1, 2, 1], "2"), ([[0], [1], [2], [1]], "2, 0")):
        with pytest.raises(ShapeError, match=rf"y\[{place}\] is 2"):
            model("BinaryCrossentropy", 1).fit(X, t, verbose=0)


@pytest.mark.parametrize(
    ("loss", "t"),
    [
        ("BinaryCrossentropy", ONE_HOT * 0.3),
        ("BinaryCrossentropy", ONE_HOT.astype(bool)),
        ("BinaryCrossentropy", ONE_HOT + np.float32(1e-7)),
        ("CategoricalCrossentropy", np.full((4, 3), 0.333)),
        ("KLDivergence", np.full((4, 3), 1 / 3)),
        ("CategoricalHinge", ONE_HOT.astype(np.uint8)),
        ("Hinge", ONE_HOT),
        ("SquaredHinge", 2 * ONE_HOT - 1),
        ("Poisson", 2.5 * ONE_HOT),
    ],
)
def test_what_lies_inside_is_taken(loss, t):
    assert np.isfinite(model(loss).evaluate(X, t))


@pytest.mark.parametrize("loss", losses.CLASSES)
def test_what_the_audit_kit_draws_lies_inside(loss):
    rule = loss()
    check_values(rule, drawn_outputs(rule, (4,), batch=50)[1], 2)


def test_a_loss_that_says_nothing_takes_any():
    check_values(losses.MeanSquaredError(), spoilt(-7.5), 2)


class TestClassWeight:
    @pytest.mark.parametrize("t", [np.linspace(0, 3, 12).reshape(4, 3), 0.5 * ONE_HOT, spoilt(1)])
    def test_numbers_are_no_classes(self, t):
        with pytest.raises(SettingError, match="class_weight weighs classes, but these targets are no classes"):
            model("MeanSquaredError", activation="linear").fit(X, t, class_weight={0: 2.0}, verbose=0)

    def test_several_yes_or_no_are_no_class(self):
        with pytest.raises(SettingError, match="no classes"):
            model("BinaryCrossentropy").fit(X, spoilt(1), class_weight={0: 2.0}, verbose=0)

    @pytest.mark.parametrize(
        ("loss", "t"),
        [
            ("MeanSquaredError", ONE_HOT),
            ("SumOfSquares", ONE_HOT),
            ("BinaryCrossentropy", ONE_HOT),
            ("CategoricalCrossentropy", 0.8 * ONE_HOT + 0.2 / 3),
            ("CategoricalHinge", ONE_HOT),
        ],
    )
    def test_rows_that_are_classes(self, loss, t):
        """The weight of a class is that of its rows."""
        by_class, by_row = (model(loss, activation=ENDS.get(loss, "sigmoid")) for _ in range(2))
        by_class.fit(X, t, class_weight={0: 3.0}, verbose=0)
        by_row.fit(X, t, sample_weight=[3.0, 1.0, 1.0, 3.0], verbose=0)
        assert all(map(np.array_equal, by_class.get_weights(), by_row.get_weights()))
