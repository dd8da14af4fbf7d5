"""Fashion-MNIST with the face of Keras's ``datasets.fashion_mnist``."""

from garasu.array import Array
from garasu.data import load
from garasu.datasets.pairs import pairs


def load_data() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """``(x_train, y_train), (x_test, y_test)``: uint8 arrays, as Keras returns them.

    Shapes: (60000, 28, 28), (60000,), (10000, 28, 28), (10000,). Pixels 0-255, labels 0-9. Nothing is fetched here:
    ``garasu data get fashion_mnist`` does.

    Raises:
        DataError: the files are missing or damaged.
        FileError: a file cannot be read.
    """
    return pairs(load("fashion_mnist"))
