"""A run on pictures of one's own: what it keeps, opened again whatever has become of the folder, asked the same way."""

import csv
import shutil

import numpy as np
import pytest

from garasu.callbacks import Callback
from garasu.messages import DataError, FileError, RunError, SettingError, UnknownNameError
from garasu.models import run as runs
from garasu.models.pictures import Answer, predict_pictures
from garasu.models.run_settings import RunSettings
from garasu.train import run_folder
from tests.data.own_pictures import PACKINGS, encoded, pets, picture, pixels, put


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GARASU_PICTURE_CACHE", str(tmp_path / "caches"))


@pytest.fixture
def root(tmp_path):
    return put(tmp_path / "pets", pets(12) | {"dog/broken.png": b"x"})


def settings(root, **more):
    given = {"network": "c4", "epochs": 2, "batch_size": 4, "engine": "eager", "seed": 3}
    return RunSettings(**{"data": str(root), **given, **more})


@pytest.fixture
def started(root, tmp_path):
    """A maker of runs on the folder, not trained yet."""
    return lambda **more: runs.start(settings(root, **more), tmp_path / "runs")


@pytest.fixture
def trained(started):
    one = started()
    one.train()
    return one


def rows(run):
    with (run.folder / "split.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


class TestKept:
    def test_how_the_pictures_were_taken(self, started, root):
        one = started()
        kept = run_folder.read_record(one.folder)
        found = {name: kept["settings"][name] for name in ("data", "image_size", "image_fit", "color")}
        assert found == {"data": str(root), "image_size": [10, 12], "image_fit": "stretch", "color": "rgb"}
        data = kept["data"]
        assert (data["name"], data["classes"], data["split"]) == ("pets", ["cat", "dog"], "split.csv")
        assert (data["train_rows"], data["test_rows"]) == (20, 4)
        assert data["files"] == {"skipped": 1, "copies": 0, "leaked": 0}
        assert one.folder.name == "c4-pets-1"

    def test_as_asked_for(self, started):
        one = started(image_size=(6, 8), image_fit="pad", color="grey", test_share=0.5)
        kept = run_folder.read_record(one.folder)
        assert one.dataset.image_shape == (6, 8) and kept["settings"]["image_fit"] == "pad"
        assert (kept["data"]["train_rows"], kept["data"]["test_rows"]) == (12, 12)

    def test_which_file_went_where(self, started):
        one = started()
        header, *found = rows(one)
        assert header == ["part", "class", "file"] and tuple(map(tuple, found)) == one.dataset.files.split
        assert ["skipped", "dog", "dog/broken.png"] in found and len(found) == 25

    @pytest.mark.parametrize(
        ("shape", "expected"), [((10, 12, 3), "photos"), ((32, 32), "c9"), ((33, 20), "photos"), ((5, 5), "c9")]
    )
    def test_the_network_that_suits_them(self, tmp_path, shape, expected):
        files = {
            f"{kind}/{k}.png": encoded(np.random.default_rng(k).integers(0, 256, shape, dtype=np.uint8))
            for kind, numbers in (("a", range(3)), ("b", range(5, 8)))
            for k in numbers
        }
        one = runs.start(settings(put(tmp_path / "own", files), network=None), tmp_path / "runs")
        assert one.settings.network == expected

    @pytest.mark.parametrize("name", ["tar.gz", "zip"])
    def test_of_an_archive_the_same(self, trained, tmp_path, name):
        (tmp_path / f"pets.{name}").write_bytes(PACKINGS[name](pets(12) | {"dog/broken.png": b"x"}))
        one = runs.start(settings(tmp_path / f"pets.{name}"), tmp_path / "runs")
        one.train()
        assert one.record["data"]["sha256"] == trained.record["data"]["sha256"]
        assert all(map(np.array_equal, one.model.get_weights(), trained.model.get_weights()))
        assert rows(one) == rows(trained)
        assert runs.reopen(one.folder).dataset.sha256 == one.dataset.sha256

    def test_a_relative_path_is_found_from_elsewhere(self, root, tmp_path, monkeypatch):
        monkeypatch.chdir(root)
        one = runs.start(settings("."), tmp_path / "runs")
        one.train()
        monkeypatch.chdir(tmp_path)
        assert one.folder.name == "c4-pets-1" and runs.reopen(one.folder).dataset.sha256 == one.dataset.sha256


class TestOpenedAgain:
    def test_the_same(self, trained):
        again = runs.reopen(trained.folder)
        assert (
            again.dataset.sha256 == trained.dataset.sha256 and again.dataset.files.split == trained.dataset.files.split
        )
        found = again.evaluate(again.dataset.test_images, again.dataset.test_labels)
        assert found["accuracy"] == trained.record["results"]["test_accuracy"]

    @pytest.mark.parametrize(
        "change", ["more", "a class more", "repaired", "skipped one gone", "touched", "cache gone"]
    )
    def test_whatever_came_later(self, trained, root, tmp_path, change):
        if change == "more":
            put(root, {"cat/!.png": picture(77)})
        elif change == "a class more":
            put(root, {"ant/1.png": picture(77), "ant/2.png": picture(78)})
        elif change == "repaired":
            put(root, {"dog/broken.png": picture(77)})
        elif change == "skipped one gone":
            (root / "dog" / "broken.png").unlink()
        elif change == "touched":
            put(root, {"cat/1.png": (root / "cat" / "1.png").read_bytes()})
        else:
            shutil.rmtree(tmp_path / "caches")
        again = runs.reopen(trained.folder)
        assert again.dataset.sha256 == trained.dataset.sha256
        np.testing.assert_array_equal(again.dataset.test_images[:], trained.dataset.test_images[:])

    @pytest.mark.parametrize("content", [None, b"broken"])
    def test_a_picture_that_is_gone_or_broken_is_named(self, trained, root, content):
        (root / "cat" / "1.png").unlink()
        if content:
            put(root, {"cat/1.png": content})
        with pytest.raises(DataError, match=r"cat/1\.png") as caught:
            runs.reopen(trained.folder)
        assert caught.value.key == "folders.gone"

    def test_a_picture_that_is_another_is_said(self, trained, root):
        put(root, {"cat/1.png": picture(77)})
        with pytest.raises(DataError) as caught:
            runs.reopen(trained.folder)
        assert caught.value.key == "runs.other_data"

    def test_a_folder_that_has_gone_is_named(self, trained, root):
        shutil.rmtree(root)
        with pytest.raises(RunError, match="pets"):
            runs.reopen(trained.folder)

    def test_a_damaged_split_is_named(self, trained):
        (trained.folder / "split.csv").write_bytes(b"nothing")
        with pytest.raises(FileError, match=r"split\.csv"):
            runs.reopen(trained.folder)

    @pytest.mark.parametrize("place", [(0, 3), (1, 2)])
    def test_gone_on_with_after_a_cut(self, trained, started, root, place):
        """And after a file has come into the folder: nothing of it is seen."""

        class Stop(Callback):
            def on_train_batch_end(self, batch, logs=None):
                """One step a program."""

            def on_progress(self, epoch, done, steps, logs):
                if (epoch, done) == place:
                    raise KeyboardInterrupt

        cut = started()
        with pytest.raises(KeyboardInterrupt):
            cut.train([Stop()])
        put(root, {"cat/!.png": picture(77), "dog/broken.png": picture(78)})
        again = runs.resume(cut.folder)
        assert (again.model.epoch, again.model.position) == place
        results = again.train()
        assert all(map(np.array_equal, again.model.get_weights(), trained.model.get_weights()))
        assert results["test_loss"] == trained.record["results"]["test_loss"]


@pytest.mark.parametrize(
    "more", [{}, {"image_size": (7, 9), "image_fit": "crop"}, {"color": "grey", "image_fit": "pad"}]
)
def test_asked_about_its_own_pictures_it_sees_what_it_learned_from(root, tmp_path, started, more):
    """The very bytes, from the file of the model alone."""
    put(root, {"cat/photo.jpg": encoded(pixels(7, (300, 260)), "JPEG"), "dog/paper.png": encoded(pixels(8)[..., 0])})
    one = started(**more, test_share=0.4)
    one.train()
    model = runs.load_model(one.folder)
    for part in ("train", "test"):
        names = one.dataset.files.names(part)
        answers = predict_pictures(model, [root / name for name in names], keep_stages=True)
        expected = model.predict(getattr(one.dataset, f"{part}_images"))
        for answer, row, y in zip(answers, getattr(one.dataset, f"{part}_images"), expected, strict=True):
            assert isinstance(answer, Answer)
            np.testing.assert_array_equal(answer.stages["resized"], row)
            np.testing.assert_allclose(list(answer.probabilities.values()), y, rtol=1e-4)
    assert list(answer.probabilities) == ["cat", "dog"]


@pytest.mark.parametrize("network", ["photos", "c9"])
def test_the_compiled_networks_train_as_on_arrays(root, tmp_path, network):
    """To the last bit, whatever the network."""
    weights = []
    for in_memory in (False, True):
        one = runs.start(settings(root, network=network, engine="jit", batch_size=5), tmp_path / "runs")
        x, t = one.dataset.train_images, one.targets(one.dataset.train_labels)
        one.model.fit(np.asarray(x) if in_memory else x, t, batch_size=5, epochs=2, verbose=0)
        weights.append(one.model.get_weights())
    assert all(map(np.array_equal, *weights))


@pytest.mark.parametrize("name", ["image_size", "image_fit", "color", "test_share"])
def test_settings_of_folders_are_refused_for_a_data_set_that_has_a_name(tmp_path, name):
    value = {"image_size": (8, 8), "image_fit": "pad", "color": "rgb", "test_share": 0.5}[name]
    with pytest.raises(SettingError, match="--" + name.replace("_", "-")):
        runs.start(settings("digits", **{name: value}), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_wrong_name_is_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownNameError, match="digits"):
        runs.start(settings("digit"), tmp_path / "runs")
    with pytest.raises(FileError, match="none"):
        runs.start(settings("./none"), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_nothing_is_left_where_the_pictures_cannot_be_taken(tmp_path):
    with pytest.raises(DataError):
        runs.start(settings(put(tmp_path / "own", pets(3, ("cat",)))), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
