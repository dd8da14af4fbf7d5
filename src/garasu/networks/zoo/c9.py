"""C9: the course's Keras program. One convolution of 16 filters, one pooling, one hidden layer of 1024 nodes."""

from garasu.array import Shape
from garasu.initializers import TruncatedNormal
from garasu.layers import Conv2D, Dense, Flatten, Layer, MaxPooling2D, Reshape
from garasu.losses import SparseCategoricalCrossentropy
from garasu.networks.preparation import Preparation
from garasu.networks.zoo.entry import Entry
from garasu.optimizers import Adam


def layers(shape: Shape = (28, 28, 1), classes: int = 10) -> list[Layer]:
    """For digits 416 + 3,212,288 + 10,250 = 3,222,954 parameters."""
    return [
        Reshape(shape, name="reshape"),
        Conv2D(16, (5, 5), padding="same", activation="relu", kernel_initializer=TruncatedNormal(), name="conv_filter"),
        MaxPooling2D((2, 2), name="max_pooling"),
        Flatten(name="flatten"),
        Dense(1024, activation="relu", kernel_initializer=TruncatedNormal(), name="hidden"),
        Dense(classes, activation="softmax", name="softmax"),
    ]


C9 = Entry(
    id="c9",
    name="keras-cnn",
    source="after LeCun et al. (1998)",
    layers=layers,
    preparation=Preparation("unit"),
    loss=SparseCategoricalCrossentropy(),
    optimizer=Adam(),
    batch_size=128,
    epochs={"digits": 20, "mnist": 10},
)
