"""The struct every data set comes in, and the names they are asked for by."""

import numpy as np
import pytest

from garasu import data
from garasu.data.dataset import content_hash
from garasu.messages import UnknownNameError


def _tiny(labels=(0, 1)):
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    return data.Dataset("tiny", images, np.array(labels), images[:1], np.array([0]), ["no", "yes"])


def test_the_callers_array_stays_the_callers():
    images = np.zeros((1, 2, 2), np.uint8)
    held = data.Dataset("own", images, np.array([0]), images, np.array([0]), ("all",))
    images[:] = 9
    assert held.train_images.max() == 0 and content_hash([held.train_images]) == content_hash([np.zeros_like(images)])


def test_the_hash_follows_the_content():
    assert _tiny().sha256 == _tiny().sha256 != _tiny(labels=(1, 1)).sha256


def test_the_hash_tells_shapes_and_types_apart():
    flat = np.zeros(6, np.uint8)
    hashes = {content_hash([a]) for a in (flat, flat.reshape(2, 3), flat.reshape(3, 2), flat.astype(np.int64))}
    assert len(hashes) == 4


def test_the_hash_is_of_values_and_not_of_memory_layout():
    array = np.arange(6).reshape(2, 3)
    assert content_hash([array]) == content_hash([np.asfortranarray(array)]) == content_hash([array.astype(">i8")])


def test_the_printed_form_holds_no_pixels():
    assert len(repr(_tiny())) < 200 and "class_names=('no', 'yes')" in repr(_tiny())


def test_the_names_are_known():
    assert data.names() == ("digits", "digits-8x8", "fashion_mnist", "mnist")


@pytest.mark.parametrize("ask", [data.load, data.locate])
def test_an_unknown_name_is_answered_with_the_nearest(ask, language):
    with pytest.raises(UnknownNameError) as caught:
        ask("minst")
    kind = {"en": "data set", "ja": "データセット"}[language]
    assert "mnist" in str(caught.value) and kind in str(caught.value)


@pytest.mark.parametrize("name", data.names())
def test_located_means_a_folder(name):
    found = data.locate(name)
    assert found is None or found.is_dir()
