"""Everything that can be asked for at once: both engines the same numbers, and training cut anywhere goes on as if not.

Each part has tests of its own; these are for what they do to each other.
"""

import numpy as np

from garasu import layers, losses, models, optimizers
from garasu.array import paths
from garasu.regularizers import L1, L2, Lp
from garasu.schedules import ExponentialDecay

DRAW = np.random.default_rng(0)
X, T, WEIGHT = DRAW.normal(size=(30, 6)), DRAW.integers(0, 3, 30), DRAW.random(30)
SETTINGS = {"batch_size": 8, "verbose": 0, "sample_weight": WEIGHT, "validation_split": 0.2}


def make(eager):
    """Regularisers, composites, a borrowed array, frozen layers, noise, averages of both kinds."""
    inside = [
        layers.Dense(4, "sigmoid", kernel_regularizer=Lp(3, 0.05)),
        layers.BatchNormalization(),
        layers.Dropout(0.2),
        layers.Dense(5, trainable=False, kernel_regularizer=L2(0.5)),
    ]
    one = models.Sequential(
        [
            layers.Dense(5, use_bias=False, kernel_regularizer=L2(0.01), input_shape=(6,)),
            layers.BatchNormalization(momentum=0.8, gamma_regularizer=L1(0.02)),
            layers.Residual(inside),
            layers.Parallel([layers.Dense(3, "tanh", name="one"), layers.Dense(2, "swish", name="two")]),
            layers.Dense(4, "sigmoid", name="code", kernel_regularizer="l1_l2"),
            layers.TiedDense("code", activation="tanh"),
            layers.Block([layers.Dense(4, "tanh"), layers.Dense(4, "elu")]),
            layers.Dense(3, "softmax", bias_regularizer=L2(0.1)),
        ],
        seed=3,
    )
    rate = ExponentialDecay(0.01, 4, 0.9)
    adamw = optimizers.AdamW(rate, weight_decay=0.02, global_clipnorm=0.7, use_ema=True, ema_momentum=0.8)
    loss = losses.SparseCategoricalCrossentropy(reduction="sum")
    one.compile(adamw, loss, metrics=["accuracy"], run_eagerly=eager, precision="float64")
    return one


def arrays(model):
    return dict(paths(model.trees()))


def test_both_engines_and_a_fit_that_was_cut(tmp_path):
    model, compiled = make(eager=True), make(eager=False)
    whole = model.fit(X, T, epochs=4, **SETTINGS)
    part = make(eager=True)
    part.fit(X, T, steps=7, **SETTINGS)  # in the middle of the third epoch
    again = models.load_model(part.save(tmp_path / "part"), engine="eager")
    rest = again.fit(X, T, epochs=4, resume=True, **SETTINGS)
    compiled.fit(X, T, epochs=4, **SETTINGS)
    mine, resumed, other = arrays(model), arrays(again), arrays(compiled)
    assert mine.keys() == resumed.keys() == other.keys()
    for path, array in mine.items():
        np.testing.assert_array_equal(resumed[path], array, err_msg=path)
        np.testing.assert_allclose(other[path], array, rtol=0, atol=1e-9, err_msg=path)
    assert rest.history == whole.history
    for name, values in compiled.history.history.items():
        np.testing.assert_allclose(values, whole.history[name], rtol=1e-9, err_msg=name)
    held = whole.params["validation_rows"]
    found = model.evaluate(X[held], T[held], sample_weight=WEIGHT[held])[0]
    np.testing.assert_allclose(found, whole.history["val_loss"][-1], rtol=1e-12)
