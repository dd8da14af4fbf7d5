"""The pointwise layers in one model: it trains alike on both engines, and comes back from its file as it was."""

import numpy as np
import pytest

from garasu import models
from garasu.layers import (
    ELU,
    Absolute,
    Activation,
    Cutoff,
    Dense,
    GaussianNoise,
    LayerNormalization,
    LeakyReLU,
    MaskingNoise,
    Rescaling,
)


def built(eagerly):
    """All of them one behind another, trained for three steps in float64."""
    model = models.Sequential(
        [
            Rescaling(2.0, offset=-1.0, input_shape=4),
            GaussianNoise(0.1),
            Dense(6, activation="gelu"),
            LayerNormalization(),
            MaskingNoise(0.2),
            LeakyReLU(),
            Dense(6, activation="swish"),
            ELU(),
            Cutoff(-0.5),
            Activation("softplus"),
            Absolute(),
            Dense(3, activation="softmax"),
        ],
        seed=1,
    )
    model.compile("adam", "categorical_crossentropy", run_eagerly=eagerly, precision="float64")
    rng = np.random.default_rng(0)
    x, t = rng.uniform(size=(12, 4)), np.eye(3)[rng.integers(3, size=12)]
    model.fit(x, t, batch_size=4, verbose=0)
    return model, x


@pytest.fixture(scope="module")
def eager():
    return built(eagerly=True)


def test_both_engines_train_alike(eager):
    model, x = eager
    other, _ = built(eagerly=False)
    for mine, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(theirs, mine, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.predict(x), model.predict(x), rtol=1e-9)


def test_the_file_gives_every_setting_back(eager, tmp_path):
    model, x = eager
    back = models.load_model(model.save(tmp_path / "pointwise.safetensors"))
    assert [(type(one), one.name) for one in back.settings] == [(type(one), one.name) for one in model.settings]
    np.testing.assert_allclose(back.predict(x), model.predict(x), rtol=1e-5)
    assert (back.settings[0].scale, back.settings[0].offset, back.settings[1].stddev) == (2.0, -1.0, 0.1)
