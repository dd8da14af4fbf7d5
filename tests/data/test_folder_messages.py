"""Every sentence of the areas ``folders`` and ``archives`` is raised somewhere, in both languages, with its fields."""

import gzip
import os
import re
import shutil
import string
import tarfile
import tomllib
import zipfile
from importlib.resources import files
from types import SimpleNamespace

import pytest

from garasu.data import archive, folder
from garasu.data.folder import FolderSettings, load
from garasu.data.picture_cache import VARIABLE
from garasu.messages import GarasuError, SettingError
from garasu.models import datasets
from garasu.models.run_settings import RunSettings
from tests.data.own_pictures import pets, picture, put, tarred, zipped
from tests.data.test_archive_hostile import entry, header, member, tar, zip_of

AREAS = ("folders", "archives")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "caches"))


@pytest.fixture
def given(tmp_path, monkeypatch):
    """A place with a folder of pictures, what patches, and makers of folders and archives."""
    return SimpleNamespace(
        pets=put(tmp_path / "pets", pets(3)),
        patch=monkeypatch,
        folder=lambda found: put(tmp_path / "own", found),
        archive=lambda content: put(tmp_path, {"own.zip": content}) / "own.zip",
        caches=tmp_path / "caches",
    )


def _only(count):
    """As much room on every disk as that."""
    return lambda path: SimpleNamespace(free=count)


def _gone(given):
    found = load(given.pets)
    shutil.rmtree(given.pets / "dog")
    load(given.pets, FolderSettings(), found.files.split)


def _split_of(given, content):
    put(given.pets, {"split.csv": content})
    datasets.kept_split(given.pets)


def _cut(given):
    found = load(given.pets)
    os.truncate(next(given.caches.glob("*/pictures.u8")), 9)
    return found.train_images[:]


def _full(given):
    given.patch.setattr(os, "fsync", lambda descriptor: _raise(OSError(28, os.strerror(28))))
    load(given.pets)


def _raise(error):
    raise error


def _limited(given, name, limit, content):
    given.patch.setattr(archive, name, limit)
    load(given.archive(content))


def _only_of(given, found):
    """The first file of an archive is refused by itself; asked for alone, it raises."""
    path = given.archive(found)
    dict(archive.read(path, [one.name for one in archive.members(path)]))


BROKEN = {"cat/1.png": b"x", "cat/2.png": b"x", "dog/1.png": picture(1)}
BOTH = {"train/cat/1.png": picture(1), "train/dog/1.png": picture(2), "test/cat/1.png": picture(3)}
LONG = header("cat/0.png", archive.LIMIT + 1)

# area and key -> (what raises it, what the sentence must name)
RAISED = {
    "folders.missing": (lambda g: load(g.pets / "none"), ["pets/none", "garasu data list"]),
    "folders.classes": (lambda g: load(g.folder(pets(2, ("cat",)))), ["own", "1", "train/", "test/"]),
    "folders.only_test": (lambda g: load(g.folder(BOTH | {"test/eel/1.png": picture(4)})), ["own", "eel", "train/"]),
    "folders.empty_class": (lambda g: load(g.folder(BROKEN)), ["own", "cat", "garasu data check"]),
    "folders.no_training": (
        lambda g: load(
            g.folder(BOTH | dict.fromkeys([n for n in BOTH if "train" in n], b"x") | {"test/dog/1": picture(4)})
        ),
        ["own", "train/", "garasu data check"],
    ),
    "folders.only_train": (lambda g: load(g.folder({f"train/{n}": one for n, one in pets(2).items()})), ["own/train"]),
    "folders.share_given": (lambda g: load(g.folder(BOTH), FolderSettings(test_share=0.3)), ["own", "--test-share"]),
    "folders.no_text": (lambda g: datasets.load(RunSettings(data=os.fsdecode(b"./p\xffts"))), ["p\\xffts"]),
    "folders.no_test": (lambda g: load(g.folder(pets(1))), ["own", "test/"]),
    "folders.gone": (_gone, ["pets", "3", "dog/0.png"]),
    "folders.no_split": (lambda g: _split_of(g, b"cat,1"), ["split.csv", "part, class, file"]),
    "folders.cache_cut": (_cut, ["pictures.u8"]),
    "folders.cache_room": (
        lambda g: (g.patch.setattr(shutil, "disk_usage", _only(10)), load(g.pets, FolderSettings((2000, 1500)))),
        ["0.1 GB", "0.0 GB", "caches", "--image-size", VARIABLE],
    ),
    "folders.cache_write": (_full, ["caches", os.strerror(28), VARIABLE]),
    "archives.none": (lambda g: archive.members(g.pets / "cat" / "0.png"), ["0.png", "ZIP", "TAR", "gzip", "xz"]),
    "archives.damaged": (
        lambda g: load(g.archive(gzip.compress(tarred(pets(2)))[:-900])),
        ["own.zip", "end-of-stream"],
    ),
    "archives.large": (
        lambda g: _only_of(g, LONG + bytes(1 << 26) + bytes(2048)),
        ["own.zip", "67,108,864", "cat/0.png"],
    ),
    "archives.headers": (
        lambda g: load(g.archive(tar(header("p", 1 << 40, tarfile.XHDTYPE)))),
        ["own.zip", "1,048,576"],
    ),
    "archives.lies": (
        lambda g: _only_of(g, zip_of(entry("cat/x.png", picture(1), size=9_999))),
        ["own.zip", "cat/x.png", "9999"],
    ),
    "archives.encrypted": (lambda g: load(g.archive(zip_of(entry("a/1.png", b"x", flags=1)))), ["own.zip", "a/1.png"]),
    "archives.method": (
        lambda g: load(g.archive(zipped(pets(2), zipfile.ZIP_LZMA))),
        ["own.zip", "cat/0.png", "14", "ZIP"],
    ),
    "archives.members": (lambda g: _limited(g, "MEMBERS", 3, tarred(pets(2))), ["own.zip", "3"]),
    "archives.grows": (lambda g: _limited(g, "LIMIT", 99, gzip.compress(member("a", bytes(9**7)))), ["own.zip", "200"]),
}


def _texts(code, area):
    return tomllib.loads(files("garasu.messages").joinpath(code, f"{area}.toml").read_text(encoding="utf-8"))


def _fields(sentence):
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def test_every_sentence_has_its_row_here_and_its_twin():
    for code in ("en", "ja"):
        assert {f"{area}.{key}" for area in AREAS for key in _texts(code, area)} == set(RAISED)
    for area in AREAS:
        for key, sentence in _texts("en", area).items():
            assert _fields(sentence) == _fields(_texts("ja", area)[key]), key


@pytest.mark.parametrize("key", RAISED)
def test_the_sentence_names_what_it_should(key, language, given):
    raises, named = RAISED[key]
    with pytest.raises(GarasuError) as caught:
        raises(given)
    said = str(caught.value)
    assert caught.value.key == key
    assert all(part in said for part in named), said
    assert "\n" not in said and said[-1] in ".。"
    assert bool(re.search("[ぁ-んァ-ヶ]", said)) == (language == "ja")
    area, _, name = key.partition(".")
    for field in _fields(_texts("en", area)[name]):
        assert str(caught.value.fields[field]) in said, field


def test_a_setting_of_folders_for_a_data_set_that_has_a_name(language):
    with pytest.raises(SettingError, match="--image-size"):
        datasets.load(RunSettings(data="digits", image_size=(9, 9)))


def test_a_kept_error_is_said_in_the_language_of_the_moment(given, language):
    """It may have been met while another language was in use."""
    put(given.pets, {"cat/broken.png": b"x"})
    for _ in range(2):  # decoded, and from the cache
        (reason,) = folder.load(given.pets).files.reasons.values()
        assert "broken.png" in reason and bool(re.search("[ぁ-んァ-ヶ]", reason)) == (language == "ja")
