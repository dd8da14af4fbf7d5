"""Metrics: against Keras, ties and NaN by hand, names, functions of one's own, and what the engines make of them."""

import attrs
import numpy as np
import pytest

from garasu import layers, losses, metrics, models
from garasu.messages import RunError, SettingError, ShapeError, UnknownNameError
from garasu.metrics import BinaryAccuracy, OwnMetric, TopKAccuracy, by_name, name_of

draw = np.random.default_rng(5)
Y = draw.random((40, 7)).astype(np.float32)
LABELS = draw.integers(0, 7, 40)
ROWS = np.eye(7, dtype=np.float32)[LABELS]
YES = (draw.random((40, 7)) > 0.5).astype(np.float32)

AGAINST_KERAS = [
    (metrics.categorical_accuracy, "categorical_accuracy", ROWS, {}),
    (metrics.sparse_categorical_accuracy, "sparse_categorical_accuracy", LABELS, {}),
    (metrics.binary_accuracy, "binary_accuracy", YES, {}),
    (BinaryAccuracy(0.3), "binary_accuracy", YES, {"threshold": 0.3}),
    (metrics.mean_squared_error, "mean_squared_error", ROWS, {}),
    (metrics.mean_absolute_error, "mean_absolute_error", ROWS, {}),
    (TopKAccuracy(), "top_k_categorical_accuracy", ROWS, {}),
    (TopKAccuracy(3), "top_k_categorical_accuracy", ROWS, {"k": 3}),
    (TopKAccuracy(3), "sparse_top_k_categorical_accuracy", LABELS, {"k": 3}),
]


@pytest.mark.parametrize(("ours", "name", "t", "settings"), AGAINST_KERAS)
def test_against_keras(ours, name, t, settings):
    import keras

    theirs = np.asarray(getattr(keras.metrics, name)(t, Y, **settings))
    theirs = theirs.mean(axis=1) if theirs.ndim == 2 else theirs  # Keras's binary accuracy is by output
    assert ours(Y, t).shape == (40,)
    np.testing.assert_allclose(ours(Y, t), theirs, rtol=1e-6)


@pytest.mark.parametrize("rows", [40, 7])
def test_class_numbers_and_one_hot_rows_are_the_same_to_every_metric(rows, xp):
    """As many rows as classes too, where shapes that do not belong together would fit by chance."""
    every = [*metrics.NAMES.values(), BinaryAccuracy(0.3), TopKAccuracy(2)]
    given = Y[:rows], LABELS[:rows].astype(np.int32), ROWS[:rows]
    for found in xp.call(lambda y, t, r: [(metric(y, t), metric(y, r)) for metric in every], *given):
        assert found[0].shape == (rows,) and found[0].dtype == np.float32
        np.testing.assert_allclose(*found, rtol=1e-6)


def test_beside_one_output_a_class_number_is_the_target_itself():
    y, t = np.array([[0.75], [0.25]]), np.array([1, 1])
    assert metrics.binary_accuracy(y, t).tolist() == [1.0, 0.0]
    assert metrics.mean_absolute_error(y, t).tolist() == [0.25, 0.75]


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_ties_are_keras_ties(k):
    import keras

    y = np.array([[0.5, 0.2, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.1, 0.4, 0.4, 0.1]], np.float32)
    for t in (np.array([1, 3, 2]), np.array([2, 0, 3])):
        theirs = np.asarray(keras.metrics.sparse_top_k_categorical_accuracy(t, y, k=k))
        np.testing.assert_array_equal(TopKAccuracy(k)(y, t), theirs)


def test_with_all_outputs_alike_every_row_is_among_the_first():
    y = np.zeros((2, 4))
    assert TopKAccuracy(1)(y, np.array([0, 3])).tolist() == [1.0, 1.0]
    assert metrics.sparse_categorical_accuracy(y, np.array([0, 3])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("k", [1, 3, 9])
def test_what_is_not_a_number_is_never_right(k):
    y = np.array([[np.nan, np.nan, np.nan], [np.nan, 0.5, 0.1]])
    assert TopKAccuracy(k)(y, np.array([1, 0])).tolist() == [0.0, 0.0]


def test_one_output_on_the_threshold_means_no():
    y, t = np.array([[0.5], [0.51], [-1.0]]), np.array([[0.0], [1.0], [0.0]])
    assert metrics.binary_accuracy(y, t).tolist() == [1.0, 1.0, 1.0]
    assert BinaryAccuracy(0.0)(y, np.array([[-1.0], [1.0], [-1.0]])).tolist() == [0.0, 1.0, 1.0]


def test_with_more_axes_the_share_of_places():
    y = np.array([[[0.9, 0.1], [0.2, 0.8]]])
    assert TopKAccuracy(1)(y, np.array([[0, 0]])).tolist() == [0.5]
    assert TopKAccuracy(1)(y, np.array([[[1.0, 0.0], [1.0, 0.0]]])).tolist() == [0.5]
    assert metrics.mean_absolute_error(y, np.zeros((1, 2, 2))).tolist() == [0.5]


# ----------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("name", list(metrics.NAMES))
def test_names_are_those_of_keras(name):
    import keras

    assert keras.metrics.get(name) is not None
    assert metrics.get(name, (7,), "values") is metrics.NAMES[name]


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (TopKAccuracy(3), "top_3_accuracy"),
        (BinaryAccuracy(), "binary_accuracy"),
        (BinaryAccuracy(0.3), "binary_accuracy_at_0.3"),
        (BinaryAccuracy(-2), "binary_accuracy_at_-2.0"),
        (BinaryAccuracy(1e-9), "binary_accuracy_at_1e-09"),
    ],
)
def test_a_metric_is_found_again_by_its_name(metric, name):
    assert name_of(metric) == name
    found = metrics.get(name, (7,), "index")
    assert type(found) is type(metric) and attrs.asdict(found) == attrs.asdict(metric)


def test_compile_takes_one_or_several():
    assert list(by_name(["accuracy", "mse", "mae", "top_5_accuracy"])) == ["accuracy", "mse", "mae", "top_5_accuracy"]
    assert list(by_name(("acc",))) == list(by_name("acc")) == ["acc"]
    assert by_name(None) == by_name([]) == {}
    assert list(by_name(TopKAccuracy(2))) == ["top_2_accuracy"]


@pytest.mark.parametrize(
    ("name", "near"), [("acuracy", "accuracy"), ("top_0_accuracy", "top_5_accuracy"), ("msee", "mse")]
)
def test_of_a_mistyped_name_the_nearest_is_offered(name, near):
    with pytest.raises(UnknownNameError, match=f"no metric named '{name}'. Did you mean '{near}'"):
        metrics.get(name, (7,), "index")


def test_settings_out_of_range():
    with pytest.raises(SettingError, match=r"^TopKAccuracy: k must be a whole number above 0\. Got 0 instead\."):
        TopKAccuracy(0)
    with pytest.raises(SettingError, match=r"^BinaryAccuracy: threshold must be a finite number\. Got 'a' instead\."):
        BinaryAccuracy("a")


@pytest.mark.parametrize("metric", [3, [["acc"]], {"acc"}])
def test_what_is_no_metric(metric, language):
    with pytest.raises(SettingError, match="metrics") as caught:
        by_name([metric])
    assert repr(metric) in str(caught.value) and "(y, t)" in str(caught.value)


@pytest.mark.parametrize("name", ["loss", "rows", "epoch", "learning_rate", "val_loss", "a/b"])
def test_names_that_are_taken(name, language):
    def own(y, t):
        return y[:, 0]

    own.__name__ = name
    with pytest.raises(SettingError, match="rows"):
        by_name([own])


def test_two_metrics_of_one_name(language):
    """One of them would be lost without a word."""
    with pytest.raises(SettingError, match="<lambda>"):
        by_name([lambda y, t: y[:, 0], lambda y, t: y[:, 1]])
    assert list(by_name(["acc", "acc"])) == ["acc"]


def test_a_mistyped_name_leaves_a_model_as_it_was():
    made = models.Sequential([layers.Dense(2)], seed=0)
    with pytest.raises(UnknownNameError, match="Did you mean 'accuracy'"):
        made.compile("sgd", "mse", ["acuracy"])
    with pytest.raises(RunError, match="compile"):
        made.fit(np.ones((2, 3)), np.ones((2, 2)), verbose=0)


# ------------------------------------------------------------------------------------------------ of the user's own


def furthest(y, t):
    """The largest error of a row."""
    return abs(y - t).max(axis=-1)


def second_target(y_true, y_pred):
    """Keras's order."""
    return y_true[:, 1]


def test_functions_are_called_with_outputs_and_targets_or_as_keras_does():
    y, t = np.array([[1.0, 2.0]]), np.array([[0.0, 5.0]])
    assert OwnMetric(furthest)(y, t).tolist() == [3.0]
    assert OwnMetric(second_target)(y, t).tolist() == [5.0]
    assert name_of(furthest) == "furthest" and OwnMetric(np.hypot).name == "hypot"


@pytest.mark.parametrize("wrong", [lambda y, t: y.sum(), lambda y, t: y, lambda y, t: 1.0])
def test_one_number_a_row(wrong, language):
    with pytest.raises(ShapeError, match=r"\(2,\)") as caught:
        OwnMetric(wrong)(np.ones((2, 3)), np.ones((2, 3)))
    assert "<lambda>" in str(caught.value)


# -------------------------------------------------------------------------------------------------- in the engines

LIST = ["accuracy", "mse", "mae", "top_2_accuracy", furthest]


def model(eager, loss="categorical_crossentropy", chosen=LIST):
    made = models.Sequential([layers.Dense(4, activation="softmax", input_shape=(3,))], seed=1)
    made.compile("sgd", loss, chosen, run_eagerly=eager)
    return made


@pytest.fixture(scope="module")
def data():
    drawn = np.random.default_rng(2)
    return drawn.normal(size=(22, 3)).astype(np.float32), np.eye(4, dtype=np.float32)[drawn.integers(0, 4, 22)]


@pytest.mark.parametrize("eager", [True, False])
def test_evaluate_gives_the_mean_over_rows(data, eager):
    """22 rows in batches of 8: the last is padded. Sample weights change the loss and no metric."""
    x, t = data
    made = model(eager)
    y = made.predict(x)
    found = made.evaluate(x, t, batch_size=8, return_dict=True)
    assert list(found) == ["loss", "accuracy", "mse", "mae", "top_2_accuracy", "furthest"]
    rank = (np.argsort(-y, axis=1)[:, :2] == t.argmax(1)[:, None]).any(axis=1)
    expected = {
        "loss": np.mean(losses.get("categorical_crossentropy").value(y, t)),
        "accuracy": np.mean(y.argmax(1) == t.argmax(1)),
        "mse": np.mean((y - t) ** 2),
        "mae": np.mean(np.abs(y - t)),
        "top_2_accuracy": np.mean(rank),
        "furthest": np.mean(np.abs(y - t).max(axis=1)),
    }
    assert found == pytest.approx(expected, rel=1e-5)
    weighted = made.evaluate(x, t, batch_size=8, sample_weight=np.full(22, 2.0), return_dict=True)
    assert weighted.pop("loss") == pytest.approx(2 * found.pop("loss"), rel=1e-5) and weighted == pytest.approx(found)


def test_class_numbers_count_as_one_hot_rows(data):
    x, t = data
    names = ["accuracy", "mse", "mae", "top_2_accuracy"]
    rows, numbers = model(True, chosen=names), model(True, "sparse_categorical_crossentropy", names)
    assert numbers.evaluate(x, t.argmax(1)) == pytest.approx(rows.evaluate(x, t), rel=1e-6)


def test_both_engines_report_the_same_while_training(data):
    found = [model(eager).fit(*data, batch_size=8, epochs=2, verbose=0).history for eager in (True, False)]
    assert set(found[0]) == {"loss", "accuracy", "mse", "mae", "top_2_accuracy", "furthest"}
    for name, values in found[0].items():
        np.testing.assert_allclose(found[1][name], values, rtol=1e-5)


def test_a_saved_model_comes_back_without_functions_of_one_s_own(data, tmp_path):
    made = model(True)
    made.fit(*data, verbose=0)
    made.save(tmp_path / "model.safetensors")
    again = models.load_model(tmp_path / "model.safetensors")
    again.run_on("eager")
    assert list(again.task.metrics) == ["accuracy", "mse", "mae", "top_2_accuracy"]
    assert again.task.metrics["top_2_accuracy"].k == 2
    assert again.evaluate(*data) == pytest.approx(made.evaluate(*data)[:-1])
    again.fit(*data, verbose=0)  # the sums in the file are those of the metrics that came back
