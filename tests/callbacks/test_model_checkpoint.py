"""ModelCheckpoint beside Keras's: which file, when; and file names that cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garasu.callbacks import Callback, CallbackList, ModelCheckpoint
from garasu.messages import FileError, SettingError

EIGHTHS = st.integers(0, 8).map(lambda value: value / 8)


@given(
    st.fixed_dictionaries(
        {
            "filepath": st.sampled_from(["m.weights.h5", "{epoch:02d}-{val_loss:.2f}.weights.h5"]),
            "save_best_only": st.booleans(),
            "mode": st.sampled_from(["min", "max"]),
            "initial_value_threshold": st.none() | EIGHTHS,
        }
    ),
    st.lists(EIGHTHS, min_size=1, max_size=8),
    st.integers(1, 2),
)
def test_saves_after_epochs_as_keras_does(compare, settings, values, fits):
    settings = {**settings, "save_weights_only": True}
    epochs = [{"loss": 1.0, "val_loss": value} for value in values]
    compare(ModelCheckpoint(**settings), lambda keras: keras.ModelCheckpoint(**settings), epochs, fits=fits)


@pytest.mark.parametrize("every", [1, 2, 3, 5, 7])
def test_saves_after_batches_as_keras_does(compare, every):
    settings = {"filepath": "{epoch}-{batch:03d}-{loss:.1f}.keras", "save_freq": every}
    epochs = [{"loss": 1.0}, {"loss": 0.5}, {"loss": 0.25}]
    compare(ModelCheckpoint(**settings), lambda keras: keras.ModelCheckpoint(**settings), epochs, batches=5)


def test_without_the_value_it_saves_always_and_says_so_once(model, drive):
    with pytest.warns(UserWarning, match="val_loss") as caught:
        drive(ModelCheckpoint("m.keras", save_best_only=True), [{"loss": 1.0}] * 3, model=model)
    (only,) = caught
    assert "val_loss" in str(only.message) and "loss" in str(only.message) and len(model.saved) == 3


def test_only_saving_by_batches_makes_training_call_back_after_every_batch(model):
    def wants(callback):
        return CallbackList([Callback(), callback], model, {}).wants_batches

    assert not wants(ModelCheckpoint("m.keras"))
    assert wants(ModelCheckpoint("m.keras", save_freq=10))


def test_makes_folders_and_leaves_other_files_alone(tmp_path, model, drive):
    other = tmp_path / "new" / "01-other.keras"
    other.parent.mkdir()
    other.write_text("of another fit")
    drive(ModelCheckpoint(tmp_path / "new" / "日本語" / "{epoch}.keras"), [{"loss": 1.0}], model=model)
    assert model.saved == [("model", str(tmp_path / "new" / "日本語" / "1.keras"))]
    assert (tmp_path / "new" / "日本語").is_dir() and other.read_text() == "of another fit"


def test_replaces_only_what_it_wrote_itself(tmp_path, model, drive, language):
    path = tmp_path / "m.safetensors"
    saving = ModelCheckpoint(path)
    drive(saving, [{"loss": 1.0}, {"loss": 0.5}], model=model)
    assert model.overwrote == [False, True]
    path.write_text("of another fit")
    with pytest.raises(FileError, match=r"m\.safetensors"):
        drive(ModelCheckpoint(path), [{"loss": 1.0}], model=model)
    assert path.read_text() == "of another fit"


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("{val_loss:.2f}.keras", ["val_loss", "epoch, loss"]),
        ("{batch}.keras", ["batch", "epoch, loss"]),
        ("{epoch:zz}.keras", ["{epoch:zz}.keras"]),
        ("{epoch.keras", ["{epoch.keras"]),
        ("{}.keras", ["{}.keras"]),
    ],
)
def test_names_that_cannot_be_filled_in(pattern, named, language, drive):
    with pytest.raises(SettingError) as caught:
        drive(ModelCheckpoint(pattern), [{"loss": 1.0}])
    assert all(part in str(caught.value) for part in named), caught.value


def test_places_that_cannot_be_written(tmp_path, language, drive):
    with pytest.raises(FileError) as caught:
        drive(ModelCheckpoint(tmp_path), [{"loss": 1.0}])
    assert str(tmp_path) in str(caught.value)
    (tmp_path / "file").touch()
    with pytest.raises(FileError) as caught:
        drive(ModelCheckpoint(tmp_path / "file" / "m.keras"), [{"loss": 1.0}])
    assert str(tmp_path / "file" / "m.keras") in str(caught.value)


def test_what_it_says(language, drive, capsys):
    drive(ModelCheckpoint("m.keras", "loss", 1), [{"loss": 1.0}])
    values = (float("nan"), 0.75, 0.5, 0.5)
    drive(ModelCheckpoint("m.keras", "loss", 1, save_best_only=True), [{"loss": value} for value in values])
    said = capsys.readouterr().out.splitlines()
    expected = [["1", "m.keras"], ["1"], ["2", "0.75000", "m.keras"], ["3", "0.75000", "0.50000"], ["4", "0.50000"]]
    assert len(said) == len(expected)
    for line, parts in zip(said, expected, strict=True):
        assert all(part in line for part in parts) and ("エポック" in line) == (language == "ja")
