"""The settings of a run, as run.json keeps them."""

import attrs
from attrs import field, frozen

from garasu.array import PRECISIONS
from garasu.models.drawing import ALL, Drawing
from garasu.settings import as_tuple, count, is_count, must_be, one_of, pair_of_counts, truth
from garasu.train import ENGINES


@frozen
class RunSettings:
    """What a run is made of; whatever is None is the network's own default.

    ``data`` is the name of a data set, or a folder or archive of pictures. For these ``network`` is by default one that
    suits them, and ``image_size`` (rows, columns), ``image_fit``, ``color`` and ``test_share`` say how they are taken.
    ``epochs`` or ``steps``, ``batch_size``, ``steps_per_epoch`` and ``replacement``: how rows are drawn (see ``fit``).
    """

    network: str | None = None
    data: str = "digits"
    epochs: int | None = field(default=None, validator=attrs.validators.optional(count))
    steps: int | None = field(default=None, validator=attrs.validators.optional(count))
    batch_size: int | str | None = field(
        default=None, validator=must_be("draws.batch_size", lambda value: value in (None, ALL) or is_count(value))
    )
    steps_per_epoch: int | None = field(default=None, validator=attrs.validators.optional(count))
    replacement: bool | None = field(default=None, validator=attrs.validators.optional(truth))
    optimizer: str | None = None
    learning_rate: float | None = None
    loss_reduction: str | None = field(
        default=None, validator=must_be("settings.reduction", lambda value: value in (None, "mean", "sum"))
    )
    seed: int = 0
    engine: str = field(default="jit", validator=one_of(*ENGINES))
    device: str | None = None
    precision: str = field(default="float32", validator=one_of(*PRECISIONS))
    image_size: tuple[int, int] | None = field(
        default=None, converter=as_tuple, validator=attrs.validators.optional(pair_of_counts)
    )
    image_fit: str | None = None
    color: str | None = None
    test_share: float | None = None

    def __attrs_post_init__(self) -> None:
        """Training has one end."""
        Drawing(epochs=self.epochs, steps=self.steps)
