"""C4: softmax regression, 784 - 10. The straight line among classifiers: each class one weighted sum of the pixels."""

from garasu.array import Shape
from garasu.initializers import Zeros
from garasu.layers import Dense, Layer
from garasu.losses import SparseCategoricalCrossentropy
from garasu.networks.preparation import Preparation
from garasu.networks.zoo.entry import Entry
from garasu.optimizers import Adam


def layers(shape: Shape = (28, 28, 1), classes: int = 10) -> list[Layer]:
    """For digits 7,850 parameters, all from zero."""
    return [Dense(classes, activation="softmax", kernel_initializer=Zeros(), name="softmax")]


C4 = Entry(
    id="c4",
    name="softmax-regression",
    source="Bridle (1990)",
    layers=layers,
    preparation=Preparation("unit"),
    loss=SparseCategoricalCrossentropy(reduction="sum"),
    optimizer=Adam(1e-3),
    batch_size=100,
    epochs={"digits": 60, "digits-8x8": 60, "mnist": 4},
)
