"""Photos: convolution and pooling again and again until little is left of the plane, then one hidden layer.

Each block halves rows and columns: 32 x 32 photos take 3 blocks, 64 x 64 take 4; filters of 3 x 3, first 32, then 64,
then 128. Half of the inputs of each dense layer are dropped in training.
"""

import math

from garasu.array import Shape
from garasu.initializers import HeNormal
from garasu.layers import Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D
from garasu.losses import SparseCategoricalCrossentropy
from garasu.networks.preparation import Preparation
from garasu.networks.zoo.entry import Entry
from garasu.optimizers import Adam

FILTERS = (32, 64, 128)
_LEFT = 4  # rows or columns that a plane keeps


def layers(shape: Shape = (64, 64, 3), classes: int = 10) -> list[Layer]:
    """For 64 x 64 in colour and 10 classes 504,394 parameters."""
    blocks = max(1, int(math.log2(max(min(shape[:2]), 2 * _LEFT) / _LEFT)))
    start = HeNormal()
    found: list[Layer] = []
    for k in range(blocks):
        filters = FILTERS[min(k, len(FILTERS) - 1)]
        found += [
            Conv2D(filters, (3, 3), padding="same", activation="relu", kernel_initializer=start, name=f"conv_{k + 1}"),
            MaxPooling2D((2, 2), name=f"pool_{k + 1}"),
        ]
    return [
        *found,
        Flatten(name="flatten"),
        Dropout(0.5, name="dropout_1"),
        Dense(128, activation="relu", kernel_initializer=start, name="hidden"),
        Dropout(0.5, name="dropout_2"),
        Dense(classes, activation="softmax", name="softmax"),
    ]


PHOTOS = Entry(
    id="photos",
    name="photo-cnn",
    source="after LeCun et al. (1998) and Simonyan and Zisserman (2015)",
    layers=layers,
    preparation=Preparation("unit"),
    loss=SparseCategoricalCrossentropy(),
    optimizer=Adam(),
    batch_size=64,
    epochs={"digits": 20, "mnist": 5},
    flat=False,
)
