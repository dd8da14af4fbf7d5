"""C5: one hidden layer, 784 - 1024 ReLU - 10. The output layer starts at zero, the hidden one at random."""

from garasu.array import Shape
from garasu.initializers import TruncatedNormal, Zeros
from garasu.layers import Dense, Layer
from garasu.losses import SparseCategoricalCrossentropy
from garasu.networks.preparation import Preparation
from garasu.networks.zoo.entry import Entry
from garasu.optimizers import Adam


def layers(shape: Shape = (28, 28, 1), classes: int = 10) -> list[Layer]:
    """For digits 814,090 parameters."""
    return [
        Dense(1024, activation="relu", kernel_initializer=TruncatedNormal(stddev=1.0), name="hidden"),
        Dense(classes, activation="softmax", kernel_initializer=Zeros(), name="softmax"),
    ]


C5 = Entry(
    id="c5",
    name="hidden-layer",
    source="Rumelhart, Hinton and Williams (1986)",
    layers=layers,
    preparation=Preparation("unit"),
    loss=SparseCategoricalCrossentropy(reduction="sum"),
    optimizer=Adam(1e-3),
    batch_size=100,
    epochs={"digits": 30, "digits-8x8": 30, "mnist": 4},
)
