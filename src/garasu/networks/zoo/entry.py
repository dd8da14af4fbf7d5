"""What the zoo says of a network: how it is built and how it is trained unless the user says otherwise."""

from collections.abc import Callable, Mapping

from attrs import evolve, field, frozen

from garasu.array import Shape
from garasu.layers import Layer
from garasu.losses import Loss
from garasu.networks.network import Network
from garasu.networks.preparation import Preparation
from garasu.optimizers import Optimizer
from garasu.pictures import DigitPreparation


@frozen(eq=False)
class Entry:
    """One network: its id in the course, its name, where it comes from, its layers and its settings.

    ``epochs`` are good default numbers of epochs by data set. ``loss`` takes class numbers or one-hot rows. Where
    ``in_shape`` is None the network takes pictures of every size, as rows of numbers.
    """

    id: str
    name: str
    source: str
    layers: Callable[[], list[Layer]]
    preparation: Preparation
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    epochs: Mapping[str, int] = field(factory=dict[str, int])
    in_shape: Shape | None = None

    def build(self, image_shape: Shape = (28, 28), picture: DigitPreparation | None = None) -> Network:
        """The network for pictures of ``image_shape``; ``picture`` says how others become such.

        Raises:
            ShapeError: it takes pictures of another size only.
        """
        preparation = evolve(self.preparation, image_shape=image_shape, picture=picture)
        in_shape = self.in_shape or (preparation.prepared_size() or 0,)
        return Network(self.layers(), in_shape, preparation, self.name)
