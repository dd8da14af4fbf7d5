"""scikit-learn's bundled digits, resized to 28x28, with the face of Keras's ``datasets.mnist``."""

from garasu.array import Array
from garasu.data import load
from garasu.datasets.pairs import pairs


def load_data() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """``(x_train, y_train), (x_test, y_test)``: uint8 arrays, as Keras returns them.

    Shapes: (1438, 28, 28), (1438,), (359, 28, 28), (359,). Pixels 0-255, labels 0-9.

    Raises:
        DataError: the files are missing or damaged.
        FileError: a file cannot be read.
    """
    return pairs(load("digits"))
