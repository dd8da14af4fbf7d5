"""Signatures are Keras's; a setting out of range, a missing value or a name without direction says what to do."""

import inspect

import pytest

from garasu import callbacks
from garasu.messages import SettingError

NAMES = sorted(set(callbacks.__all__) - {"Callback", "CallbackList"})
REQUIRED = {"ModelCheckpoint": ["m.keras"], "CSVLogger": ["log.csv"], "LearningRateScheduler": [abs]}
BAD = [
    ("EarlyStopping", "monitor", 3),
    ("EarlyStopping", "min_delta", "0"),
    ("EarlyStopping", "patience", -1),
    ("EarlyStopping", "patience", 1.5),
    ("EarlyStopping", "verbose", "yes"),
    ("EarlyStopping", "mode", "lower"),
    ("EarlyStopping", "baseline", "none"),
    ("EarlyStopping", "restore_best_weights", "yes"),
    ("EarlyStopping", "start_from_epoch", -2),
    ("ReduceLROnPlateau", "factor", 1.0),
    ("ReduceLROnPlateau", "factor", -0.5),
    ("ReduceLROnPlateau", "cooldown", None),
    ("ReduceLROnPlateau", "min_lr", -1),
    ("ModelCheckpoint", "filepath", 3),
    ("ModelCheckpoint", "save_freq", "batch"),
    ("ModelCheckpoint", "save_freq", 0),
    ("ModelCheckpoint", "initial_value_threshold", "best"),
    ("LearningRateScheduler", "schedule", 0.1),
    ("CSVLogger", "filename", None),
    ("CSVLogger", "separator", ", "),
    ("TerminateOnNaN", "raise_error", 1),
]


@pytest.mark.parametrize("name", NAMES)
def test_signatures_are_those_of_keras(name):
    import keras

    def parameters(kind):
        found = inspect.signature(kind).parameters.values()
        return [(one.name, one.default) for one in found if one.kind is not inspect.Parameter.VAR_KEYWORD]

    assert parameters(getattr(callbacks, name)) == parameters(getattr(keras.callbacks, name))


@pytest.mark.parametrize(("name", "setting", "value"), BAD)
def test_settings_out_of_range(name, setting, value, language):
    kind = getattr(callbacks, name)
    given = dict(zip(inspect.signature(kind).parameters, REQUIRED.get(name, ()), strict=False))
    with pytest.raises(SettingError) as caught:
        kind(**{**given, setting: value})
    assert all(part in str(caught.value) for part in (name, setting, repr(value)))


@pytest.mark.parametrize("name", ["EarlyStopping", "ReduceLROnPlateau"])
def test_a_value_that_is_not_reported_is_one_warning(name, language, drive):
    with pytest.warns(UserWarning, match="val_los") as caught:
        drive(getattr(callbacks, name)("val_los"), [{"loss": 1.0, "acc": 0.5}] * 3)
    (only,) = caught
    assert all(part in str(only.message) for part in (name, "val_los", "loss, acc"))


def test_no_values_at_all(language, drive):
    with pytest.warns(UserWarning, match={"en": "nothing", "ja": "なし"}[language]):
        drive(callbacks.EarlyStopping(), [{}])


@pytest.mark.parametrize("name", ["EarlyStopping", "ReduceLROnPlateau"])
def test_a_name_without_direction_asks_for_mode(name, language, drive):
    with pytest.raises(SettingError) as caught:
        drive(getattr(callbacks, name)("score"), [{"score": 1.0}])
    assert all(part in str(caught.value) for part in (name, "score", "mode='max'"))
    drive(getattr(callbacks, name)("score", mode="max"), [{"score": 1.0}])
