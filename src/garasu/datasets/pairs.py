"""From a data set to the pairs of writable arrays that Keras's ``load_data`` returns."""

import numpy as np

from garasu.array import Array
from garasu.data import Dataset


def pairs(data: Dataset) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """``(x_train, y_train), (x_test, y_test)``, all uint8 and the caller's own to write to."""
    return (
        (np.array(data.train_images), data.train_labels.astype(np.uint8)),
        (np.array(data.test_images), data.test_labels.astype(np.uint8)),
    )
