"""What the zoo says of a network: how it is built and how it is trained unless the user says otherwise."""

from collections.abc import Callable, Mapping

from attrs import evolve, field, frozen

from garasu.array import Shape
from garasu.layers import Layer
from garasu.losses import Loss
from garasu.networks.network import Network
from garasu.networks.preparation import Preparation
from garasu.optimizers import Optimizer


@frozen(eq=False)
class Entry:
    """One network: its id in the course, its name, where it comes from, its layers and its settings.

    ``epochs`` are good default numbers of epochs by data set. ``loss`` takes class numbers or one-hot rows.
    """

    id: str
    name: str
    source: str
    layers: Callable[[], list[Layer]]
    in_shape: Shape
    preparation: Preparation
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    epochs: Mapping[str, int] = field(factory=dict[str, int])

    def build(self, image_shape: Shape = (28, 28)) -> Network:
        """The network for pictures of ``image_shape``."""
        return Network(self.layers(), self.in_shape, evolve(self.preparation, image_shape=image_shape), self.name)
