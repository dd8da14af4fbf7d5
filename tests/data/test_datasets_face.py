"""Keras's face: ``load_data`` and ``to_categorical`` return what Keras returns."""

import importlib
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from garasu import data
from garasu.datasets import digits, mnist
from garasu.messages import SettingError, ShapeError
from garasu.utils import to_categorical


def test_digits_are_pairs_of_uint8():
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert [a.shape for a in (x_train, y_train, x_test, y_test)] == [(1438, 28, 28), (1438,), (359, 28, 28), (359,)]
    assert all(a.dtype == np.uint8 for a in (x_train, y_train, x_test, y_test))


def test_the_arrays_are_the_callers_own():
    (x_train, y_train), _ = digits.load_data()
    before = x_train[0].copy()
    x_train[:], y_train[:] = 0, 0
    (again, labels), _ = digits.load_data()
    assert (again[0] == before).all() and labels.max() == 9
    assert data.load("digits").train_images.max() == 255


def test_mnist_from_small_files(small_mnist):
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (5, 2, 3) and y_test.tolist() == [7, 2] and y_train.dtype == np.uint8
    x_test[0, 0, 0] = 1
    y_train[0] = 1


def test_mnist_as_the_course_reads_it(mnist_folder, monkeypatch):
    monkeypatch.setenv("GARASU_DATA", str(mnist_folder))
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert [a.shape for a in (x_train, y_train, x_test, y_test)] == [
        (60000, 28, 28),
        (60000,),
        (10000, 28, 28),
        (10000,),
    ]
    assert all(a.dtype == np.uint8 and a.flags.writeable for a in (x_train, y_train, x_test, y_test))
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert to_categorical(y_train).shape == (60000, 10)


def test_one_hot_by_hand():
    rows = to_categorical([2, 0], num_classes=3)
    assert rows.tolist() == [[0, 0, 1], [1, 0, 0]] and rows.dtype == np.float32


CASES = {
    "labels": [1, 3, 0],
    "column": [[1], [3], [0]],
    "matrix": [[1, 3], [0, 2]],
    "cube": [[[1], [3]], [[0], [2]]],
    "one": [4],
    "scalar": 2,
    "float": np.array([1.0, 2.0], np.float32),
    "uint8": np.array([7, 1], np.uint8),
    "truth": [True, False],
    "figures": ["3", "1"],
}


@pytest.fixture
def keras(monkeypatch):
    """Keras on JAX; where it is not installed the comparison is skipped, but never in CI."""
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    if os.environ.get("CI"):
        return importlib.import_module("keras")
    return pytest.importorskip("keras", reason="keras is not installed (extra: test)")


@pytest.mark.parametrize("classes", [None, 0, 9, np.int64(9)])
@pytest.mark.parametrize("case", CASES)
def test_one_hot_is_keras_one_hot(case, classes, keras):
    ours, theirs = to_categorical(CASES[case], classes), keras.utils.to_categorical(CASES[case], classes)
    assert ours.shape == theirs.shape
    np.testing.assert_array_equal(ours, theirs)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=20))
def test_the_place_of_the_one_is_the_label(labels):
    rows = to_categorical(labels)
    assert rows.argmax(-1).tolist() == labels and (rows.sum(-1) == 1).all() and rows.shape[1] == max(labels) + 1


def test_no_labels_are_no_rows_when_classes_are_given():
    assert to_categorical([], 10).shape == (0, 10)


@pytest.mark.parametrize(
    ("labels", "classes", "key"),
    [
        ([0, 10], 10, "labels_range"),
        ([0, -1], 10, "labels_negative"),
        ([-1], None, "labels_negative"),
        ([0.5], None, "labels_not_whole"),
        ([float("nan")], 3, "labels_not_whole"),
        ([float("inf")], 3, "labels_not_whole"),
        ([1e300], 3, "labels_range"),
        (np.array([2**63], np.uint64), 3, "labels_range"),
        (["cat"], 3, "labels_not_numbers"),
        ([[0, 1], [2]], 3, "labels_not_numbers"),
        (None, 3, "labels_not_whole"),
        ([], None, "labels_empty"),
    ],
)
def test_labels_that_have_no_place(labels, classes, key):
    with pytest.raises(ShapeError) as caught:
        to_categorical(labels, classes)
    assert caught.value.key == f"data.{key}"


@pytest.mark.parametrize("classes", [-1, 2.5, "ten", [3]])
def test_a_number_of_classes_that_is_none(classes):
    with pytest.raises(SettingError) as caught:
        to_categorical([0, 1], classes)
    assert caught.value.key == "data.num_classes"
