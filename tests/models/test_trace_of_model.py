"""``model.trace``: the numbers of one pass are those that evaluate, predict and a step of training use."""

import numpy as np
import pytest

from garasu import layers
from garasu.messages import RunError, ShapeError
from garasu.models import Sequential


@pytest.fixture
def model():
    hidden = layers.Dense(5, activation="relu", input_shape=(4,), name="hidden")
    one = Sequential(
        [hidden, layers.Dropout(0.5, name="drop"), layers.Dense(3, activation="softmax", name="out")], seed=1
    )
    one.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True, precision="float64")
    return one


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return rng.normal(size=(6, 4)), np.arange(6) % 3


def test_it_is_the_pass_of_predict_and_evaluate(model, rows):
    found = model.trace(*rows)
    np.testing.assert_allclose(found.outputs["out.activation"], model.predict(rows[0]), rtol=1e-12)
    np.testing.assert_allclose(found.loss.mean(), model.evaluate(*rows), rtol=1e-12)


def test_one_step_of_descent_goes_along_its_gradients(model, rows):
    """In training, dropout and all: w - 0.01 g is what fit leaves behind."""
    found = model.trace(*rows, in_training=True)
    before = model.get_layer("out").get_weights()[0]
    model.fit(*rows, batch_size=6, epochs=1, shuffle=False, verbose=0)
    after = model.get_layer("out").get_weights()[0]
    np.testing.assert_allclose(before - 0.01 * found.grads["out"]["kernel"], after, rtol=1e-12)
    assert not np.array_equal(found.outputs["drop"], found.outputs["hidden.activation"])


def test_it_needs_a_loss_and_rows_that_fit(model, rows):
    with pytest.raises(ShapeError):
        model.trace(rows[0][:, :3], rows[1])
    with pytest.raises(RunError, match="trace"):
        Sequential([layers.Dense(1, input_shape=(4,))], seed=0).trace(*rows)
