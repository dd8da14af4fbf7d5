"""What a row of the contract table holds. ``tests/contract/contract_*_rows.py`` hold the rows."""

from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from garasu.array import Shape
from garasu.layers import Layer
from garasu.losses import Loss
from garasu.optimizers import Optimizer


@frozen(eq=False, kw_only=True)
class Hand:
    """Rung 1 for a layer: numbers a reader can redo. ``worked`` says how, where the numbers do not."""

    x: Any
    y: Any
    dy: Any
    dx: Any
    params: dict = field(factory=dict)
    grads: dict = field(factory=dict)
    state: dict = field(factory=dict)
    new_state: dict | None = None
    layer: Layer | None = None
    training: bool = False
    weight: Any = None
    worked: str = ""


@frozen(eq=False, kw_only=True)
class LayerRow:
    """A layer, or layers together, on all rungs.

    ``also`` holds further cases by hand, such as training beside inference.
    ``keras()`` answers with a Keras layer whose variables stand in the order of our parameters;
    ``torch(F, params, state, x, training)`` with the output that PyTorch's functions make (NHWC, as ours).
    ``skip`` names rungs of the audit that the rule cannot climb, and ``why`` says why.
    """

    case: str
    covers: type | str
    layer: Layer
    in_shape: Shape
    hand: Hand
    also: tuple[Hand, ...] = ()
    keras: Callable[[], Any]
    torch: Callable[..., Any]
    batch: int = 3
    modes: tuple[bool, ...] = (False,)
    skip: tuple[str, ...] = ()
    why: str = ""


@frozen(eq=False, kw_only=True)
class LossRow:
    """A loss on all rungs. Values by hand for one row of outputs; ``keras`` and ``torch`` give each row's loss."""

    case: str
    covers: type
    loss: Loss
    y: Any
    t: Any
    value: float
    dy: Any
    du: Any = None
    keras: Callable[..., Any]
    torch: Callable[..., Any]
    keras_normalises: bool = False
    worked: str = ""


@frozen(eq=False, kw_only=True)
class OptimizerRow:
    """An optimizer on all rungs. By hand: a weight, the gradients of a few steps, the weight after each.

    ``shape`` is that of the array on the other rungs. ``without`` says why an outside library is not asked.
    """

    case: str
    covers: type
    optimizer: Optimizer
    shape: Shape = (4, 3)
    start: Any
    gradients: tuple[Any, ...]
    weights: tuple[Any, ...]
    by_hand: Optimizer
    keras: Callable[..., Any] | None = None
    optax: Callable[..., Any] | None = None
    torch: Callable[..., Any] | None = None
    without: dict[str, str] = field(factory=dict)
    worked: str = ""
