"""The bundled digits: the same pixels and the same split for ever, at hand without a network."""

import subprocess
import sys

import numpy as np
import pytest

from garasu import data
from garasu.data import digits
from garasu.data.dataset import content_hash
from garasu.messages import DataError


@pytest.fixture(scope="module")
def large():
    return data.load("digits")


@pytest.fixture(scope="module")
def small():
    return data.load("digits-8x8")


def test_the_split_is_the_same_for_ever():
    train, test = digits.split(digits.source()[1])
    assert test[:10].tolist() == [9, 11, 15, 24, 27, 36, 39, 57, 60, 63]
    pinned = "5fe6f4cbb93456cc25e9aa4f1834887c846a1ab34e768fd2ba3ed936b75f7cb7"
    assert content_hash((train.astype(np.int64), test.astype(np.int64))) == pinned


def test_every_row_is_on_one_side_and_each_class_gives_a_fifth():
    labels = digits.source()[1]
    train, test = digits.split(labels)
    assert sorted([*train, *test]) == list(range(1797))
    assert np.bincount(labels[test]).tolist() == [round(n / 5) for n in np.bincount(labels)]


def test_no_image_stands_on_both_sides(small):
    seen = {image.tobytes() for image in small.train_images}
    assert not any(image.tobytes() in seen for image in small.test_images)


def test_the_small_form_is_pinned(small):
    assert small.sha256 == "5a3e9a6e1b02868641671d5fe2d522a786f184e279a3d4d5f9d3854c04668629"


def test_both_forms_have_the_same_rows(large, small):
    assert large.train_images.shape == (1438, 28, 28) and large.test_images.shape == (359, 28, 28)
    assert small.train_images.shape == (1438, 8, 8) and small.test_images.shape == (359, 8, 8)
    np.testing.assert_array_equal(large.train_labels, small.train_labels)
    np.testing.assert_array_equal(large.test_labels, small.test_labels)


def test_the_first_image_by_hand():
    from sklearn.datasets import load_digits

    raw = load_digits().images[0]
    assert raw[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    # 255 * (5, 13, 9, 1) / 16 = 79.69, 207.19, 143.44, 15.94
    assert digits.source()[0][0, 0].tolist() == [0, 0, 80, 207, 143, 16, 0, 0]


def test_resizing_keeps_the_picture(large, small):
    assert large.train_images.max() == 255 and large.train_images.min() == 0
    # Averaging 7x7 blocks of the large form and 2x2 blocks of the small one shows the same 4x4 picture.
    coarse_large = large.test_images.reshape(-1, 4, 7, 4, 7).mean((2, 4))
    coarse_small = small.test_images.reshape(-1, 4, 2, 4, 2).mean((2, 4))
    assert np.abs(coarse_large - coarse_small).mean() < 6
    similar = np.corrcoef(coarse_large.reshape(-1), coarse_small.reshape(-1))[0, 1]
    assert similar > 0.99


def test_two_loads_have_one_hash(large):
    """The one that every run on them has written down; Pillow's resizing is part of it."""
    assert (
        data.load("digits").sha256 == large.sha256 == "b6e11a563edf293e5d45272e93336d3c7d6708345b9ac27c2553772b88653069"
    )


def test_types_and_class_names(large):
    assert large.train_images.dtype == np.uint8 and large.train_labels.dtype == np.int64
    assert large.class_names == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
    assert large.name == "digits" and large.image_shape == (28, 28)


def test_nothing_can_be_written_to(large):
    for array in (large.train_images, large.train_labels, large.test_images, large.test_labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_another_content_of_scikit_learns_copy_is_noticed(monkeypatch):
    monkeypatch.setattr(digits, "SOURCE_SHA256", "0" * 64)
    with pytest.raises(DataError, match="expected SHA-256 0000"):
        data.load("digits")


def test_asking_for_names_does_not_import_scikit_learn():
    code = (
        "import sys, garasu.data, garasu.datasets; garasu.data.names(); garasu.data.locate('digits');"
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
