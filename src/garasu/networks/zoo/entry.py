"""What the zoo says of a network: how it is built and how it is trained unless the user says otherwise."""

import math
from collections.abc import Callable, Mapping

from attrs import evolve, field, frozen

from garasu.array import Shape
from garasu.layers import Layer
from garasu.losses import Loss
from garasu.networks.network import Network
from garasu.networks.preparation import Preparation
from garasu.optimizers import Optimizer
from garasu.pictures import PicturePreparation


@frozen(eq=False)
class Entry:
    """One network: its id in the course, its name, where it comes from, its layers and its settings.

    ``layers`` makes them for pictures of a shape (rows, columns, channels) and a number of classes. ``epochs`` are good
    default numbers of epochs by data set. ``loss`` takes class numbers or one-hot rows. ``flat``: the network takes a
    picture as one row of numbers. ``replacement`` and ``steps_per_epoch`` say how rows are drawn, as in ``fit``.
    """

    id: str
    name: str
    source: str
    layers: Callable[[Shape, int], list[Layer]]
    preparation: Preparation
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    epochs: Mapping[str, int] = field(factory=dict[str, int])
    flat: bool = True
    replacement: bool = False
    steps_per_epoch: int | None = None

    def build(
        self, image_shape: Shape = (28, 28), picture: PicturePreparation | None = None, classes: int = 10
    ) -> Network:
        """The network for pictures of ``image_shape``; ``picture`` says how others become such.

        Raises:
            ShapeError: the pictures are too small for it.
            SettingError: it averages blocks that do not divide them.
        """
        preparation = evolve(self.preparation, image_shape=image_shape, picture=picture)
        shape = preparation.prepared_shape()
        in_shape = (math.prod(shape),) if self.flat else shape
        return Network(self.layers(shape, classes), in_shape, preparation, self.name)
