"""Every sentence of the area ``data`` is raised somewhere, in both languages, with all that it promises to name."""

import string
import tomllib
from importlib.resources import files

import numpy as np
import pytest

from garasu import data
from garasu.data import digits, fashion_mnist, idx
from garasu.data.download import Remote, Remotes, fetch
from garasu.messages import GarasuError
from garasu.utils import to_categorical

IMAGES, LABELS = np.zeros((2, 3, 4), np.uint8), np.array([0, 1])
PARTS = {"part_training", "part_test", "wrong_size", "changed_on_the_way"}
"""Pieces that stand inside other sentences."""


def _dataset(images=IMAGES, labels=LABELS, test=IMAGES):
    return data.Dataset("own", images, labels, test, LABELS, ("no", "yes"))


def _without(small_mnist, count):
    folder, names = small_mnist[0], list(small_mnist[1])
    for name in names[:count]:
        (folder / name).unlink()
    return data.load("mnist")


def _changed(small_mnist):
    folder, contents = small_mnist
    name, content = next(iter(contents.items()))
    (folder / name).write_bytes(content[:-1] + b"\xff")
    return data.load("mnist")


def _other_digits(patch):
    patch.setattr(digits, "SOURCE_SHA256", "0" * 64)
    return data.load("digits")


def _fashion(small_mnist, count):
    """Fashion-MNIST with ``count`` of its four files, none of them the published one."""
    folder = small_mnist[0] / "fashion_mnist"
    folder.mkdir()
    for file in fashion_mnist.REMOTES.files[:count]:
        (folder / file.name).write_bytes(b"other")
    return data.load("fashion_mnist")


def _fetched(small_mnist):
    return fetch(Remotes(("http://127.0.0.1:9/",), (Remote("some-idx.gz", 9, "0" * 64),)), small_mnist[0])


# key -> (what raises it from (write a file, small MNIST, monkeypatch), what the sentence must name)
RAISED = {
    "images": (lambda w, m, p: _dataset(images=IMAGES / 255), ["own", "float64", "(2, 3, 4)"]),
    "labels": (lambda w, m, p: _dataset(labels=LABELS[:1]), ["own", "(2,)", "(1,)"]),
    "label_range": (lambda w, m, p: _dataset(labels=LABELS * 7), ["own", "7", "1"]),
    "image_sizes": (lambda w, m, p: _dataset(test=np.zeros((2, 4, 4), np.uint8)), ["(3, 4)", "(4, 4)"]),
    "unreadable": (lambda w, m, p: idx.read(m[0]), []),
    "gzip_truncated": (lambda w, m, p: idx.read(w(b"\x1f\x8b\x08")), ["some-idx"]),
    "gzip_damaged": (lambda w, m, p: idx.read(w(b"\x1f\x8b\xff" + bytes(20))), ["some-idx"]),
    "idx_short_header": (lambda w, m, p: idx.read(w(b"\0\0\x08\x02")), ["some-idx", "12", "4"]),
    "idx_magic": (lambda w, m, p: idx.read(w(b"\x89PNG")), ["some-idx", "89 50 4e 47"]),
    "idx_type": (lambda w, m, p: idx.read(w(b"\0\0\x07\x01")), ["some-idx", "0x07", "0x08"]),
    "idx_axes": (lambda w, m, p: idx.read(w(b"\0\0\x08\0")), ["some-idx", "64", "0"]),
    "idx_too_large": (lambda w, m, p: idx.read(w(b"\0\0\x08\x01\xff\xff\xff\xff")), ["4294967295", str(1 << 30)]),
    "idx_truncated": (lambda w, m, p: idx.read(w(b"\0\0\x08\x01\0\0\0\x03a")), ["some-idx", "3", "1"]),
    "idx_trailing": (lambda w, m, p: idx.read(w(b"\0\0\x08\x01\0\0\0\x01ab")), ["some-idx", "1"]),
    "mnist_missing": (lambda w, m, p: _without(m, 4), ["GARASU_DATA", "--data digits"]),
    "mnist_file_missing": (lambda w, m, p: _without(m, 1), ["GARASU_DATA", "--data digits", "train-images-idx3-ubyte"]),
    "wrong_hash": (lambda w, m, p: _changed(m), ["train-images-idx3-ubyte", "SHA-256"]),
    "fashion_missing": (lambda w, m, p: _fashion(m, 0), ["GARASU_DATA", "garasu data get", "--data digits"]),
    "fashion_file_missing": (
        lambda w, m, p: fashion_mnist._verified(m[0], fashion_mnist.REMOTES.files[1]),
        ["train-labels-idx1-ubyte.gz", "garasu data get", "--data digits"],
    ),
    "not_as_published": (lambda w, m, p: _fashion(m, 4), ["train-images-idx3-ubyte.gz", "SHA-256", "garasu data get"]),
    "download_failed": (lambda w, m, p: _fetched(m), ["some-idx.gz", "127.0.0.1", "--data digits", "GARASU_DATA"]),
    "digits_changed": (lambda w, m, p: _other_digits(p), ["0" * 64, digits.SOURCE_SHA256]),
    "labels_not_numbers": (lambda w, m, p: to_categorical(["cat", "dog"]), ["cat"]),
    "labels_not_whole": (lambda w, m, p: to_categorical([0, 1.5]), ["1.5", "1"]),
    "labels_range": (lambda w, m, p: to_categorical([0, 12], 10), ["12", "9", "10", "1"]),
    "labels_negative": (lambda w, m, p: to_categorical([0, -3]), ["-3", "1"]),
    "labels_empty": (lambda w, m, p: to_categorical([]), ["num_classes"]),
    "num_classes": (lambda w, m, p: to_categorical([0], "ten"), ["'ten'"]),
}


def _texts(code):
    return tomllib.loads(files("garasu.messages").joinpath(code, "data.toml").read_text(encoding="utf-8"))


def _fields(sentence):
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def test_every_sentence_has_its_row_here_and_its_twin():
    assert set(_texts("en")) == set(_texts("ja")) == set(RAISED) | PARTS
    for key, sentence in _texts("en").items():
        assert _fields(sentence) == _fields(_texts("ja")[key]), key


@pytest.mark.parametrize("key", RAISED)
def test_the_sentence_names_what_it_should(key, language, written, small_mnist, monkeypatch):
    raises, named = RAISED[key]
    with pytest.raises(GarasuError) as caught:
        raises(written, small_mnist, monkeypatch)
    said = str(caught.value)
    assert caught.value.key == f"data.{key}"
    assert all(part in said for part in named), said
    assert "\n" not in said and said[-1] in ".。"
    assert any("\u3040" <= letter <= "\u30ff" for letter in said) == (language == "ja")
