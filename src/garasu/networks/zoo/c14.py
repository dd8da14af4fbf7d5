"""C14: a deep narrow network trained one image at a time, 196 - 256 - 128 - 64 - 32 - 32 - 32 - 10.

Pictures are reduced to 14 x 14 and scaled to sum 1; weights and biases start uniform on +-1/2; the error is
(o - t) f'(u). An epoch is 1,000 pictures drawn with replacement. Its learning often stops: nodes whose u is negative
for every picture hand back no error (dead units).
"""

from garasu.array import Shape
from garasu.initializers import RandomUniform
from garasu.layers import Dense, Layer
from garasu.losses import SumOfSquares
from garasu.networks.preparation import Preparation
from garasu.networks.zoo.entry import Entry
from garasu.optimizers import SGD

WIDTHS = (256, 128, 64, 32, 32, 32)


def layers(shape: Shape = (28, 28, 1), classes: int = 10) -> list[Layer]:
    """For digits 96,106 parameters."""
    start = RandomUniform(-0.5, 0.5)
    hidden: list[Layer] = [
        Dense(n, activation="relu", kernel_initializer=start, bias_initializer=start, name=f"hidden_{k}")
        for k, n in enumerate(WIDTHS, start=1)
    ]
    return [
        *hidden,
        Dense(classes, activation="sigmoid", kernel_initializer=start, bias_initializer=start, name="output"),
    ]


C14 = Entry(
    id="c14",
    name="deep-online",
    source="online backpropagation, Rumelhart, Hinton and Williams (1986)",
    layers=layers,
    preparation=Preparation("sum", pool=2, image_shape=(28, 28)),
    loss=SumOfSquares(half=True, reduction="sum"),
    optimizer=SGD(0.1),
    batch_size=1,
    replacement=True,
    steps_per_epoch=1_000,
    epochs={"digits": 200, "digits-8x8": 200, "mnist": 200},
)
