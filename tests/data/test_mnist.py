"""MNIST: found where GARASU_DATA says, read as published or unpacked, and trusted only by its hash."""

import gzip
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from garasu import data
from garasu.data import mnist, quartet
from garasu.messages import DataError


def test_the_four_files_become_a_data_set(small_mnist):
    found = data.load("mnist")
    assert found.train_images.shape == (5, 2, 3) and found.train_labels.tolist() == [5, 0, 4, 1, 9]
    assert found.test_images[0].tolist() == [[100, 101, 102], [103, 104, 105]] and found.test_labels.tolist() == [7, 2]
    assert found.train_labels.dtype == np.int64 and not found.train_images.flags.writeable


def test_gz_and_unpacked_mix_and_have_one_hash(small_mnist):
    folder, files = small_mnist
    before = data.load("mnist").sha256
    for name in list(files)[::2]:
        (folder / f"{name}.gz").write_bytes(gzip.compress(files[name]))
        (folder / name).unlink()
    assert data.load("mnist").sha256 == before


def test_the_mnist_subfolder_is_looked_in(small_mnist):
    folder, files = small_mnist
    (folder / "mnist").mkdir()
    for name in files:
        (folder / name).rename(folder / "mnist" / name)
    assert data.locate("mnist") == folder / "mnist"
    assert data.load("mnist").name == "mnist"


def test_the_folder_with_more_of_the_files_is_taken(small_mnist):
    folder, files = small_mnist
    (folder / "mnist").mkdir()
    for name in list(files)[1:]:
        (folder / name).rename(folder / "mnist" / name)
    assert data.locate("mnist") == folder / "mnist"


def test_without_the_variable_the_users_data_folder_is_taken(small_mnist, monkeypatch):
    folder, _ = small_mnist
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name, appauthor: folder)
    for empty in (True, False):
        monkeypatch.setenv(mnist.VARIABLE, "") if empty else monkeypatch.delenv(mnist.VARIABLE)
        assert data.locate("mnist") == folder


def test_a_tilde_is_the_home_folder(monkeypatch):
    monkeypatch.setenv(mnist.VARIABLE, "~/sets")
    assert mnist.candidates() == (Path.home() / "sets", Path.home() / "sets" / "mnist")


@pytest.mark.parametrize("exists", [True, False])
def test_no_files_is_one_sentence_with_both_ways_out(tmp_path, monkeypatch, language, exists):
    monkeypatch.setenv(mnist.VARIABLE, str(tmp_path if exists else tmp_path / "nowhere"))
    assert data.locate("mnist") is None
    with pytest.raises(DataError) as caught:
        data.load("mnist")
    said = str(caught.value)
    assert all(part in said for part in ("GARASU_DATA", "--data digits", str(tmp_path))) and "\n" not in said


def test_one_missing_file_is_named(small_mnist, language):
    folder, files = small_mnist
    last = list(files)[-1]
    (folder / last).unlink()
    with pytest.raises(DataError) as caught:
        data.load("mnist")
    assert all(part in str(caught.value) for part in (last, str(folder), "GARASU_DATA", "--data digits"))


def test_another_content_is_named_with_both_hashes(small_mnist, language):
    folder, files = small_mnist
    first = next(iter(files))
    content = bytearray(files[first])
    content[-1] ^= 1
    (folder / first).write_bytes(content)
    with pytest.raises(DataError) as caught:
        data.load("mnist")
    assert caught.value.key == "data.wrong_hash"
    assert all(part in str(caught.value) for part in (str(folder / first), mnist.SHA256[first]))


def test_a_truncated_file_is_a_data_error(small_mnist):
    folder, files = small_mnist
    first = next(iter(files))
    (folder / first).write_bytes(files[first][:-1])
    with pytest.raises(DataError, match="cut off"):
        data.load("mnist")


def test_a_file_that_would_unpack_to_too_much_is_refused(small_mnist, idx_bytes):
    folder, files = small_mnist
    (folder / next(iter(files))).write_bytes(idx_bytes((quartet.LIMIT + 1,), b""))
    with pytest.raises(DataError) as caught:
        data.load("mnist")
    assert caught.value.key == "data.idx_too_large"


def test_real_mnist_is_what_it_is_known_to_be(real_mnist):
    assert real_mnist.train_images.shape == (60000, 28, 28) and real_mnist.test_images.shape == (10000, 28, 28)
    assert real_mnist.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(real_mnist.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert round(real_mnist.train_images.mean() / 255, 4) == 0.1307
    assert real_mnist.sha256 == "f25be01d212614f8e7af431ced212d8ab1aa89e0965d7b92f7ee45d6392bf320"


def test_the_hashes_of_real_mnist_images_are_the_published_ones():
    assert mnist.SHA256["train-images-idx3-ubyte"].startswith("ba891046e6505d7a")
    assert mnist.SHA256["t10k-images-idx3-ubyte"].startswith("0fa7898d509279e4")
