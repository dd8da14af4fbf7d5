"""What a layer is: settings that never change, a spec, a forward rule and a backward rule.

A layer holds no arrays. ``spec`` says which arrays it wants; the network draws them and hands them in.

    spec(in_shape)                    -> Spec              nothing is allocated
    forward(params, x)                -> y, cache          a plain layer
    apply(params, state, x, run)      -> y, state, cache   a layer with state, randomness or children
    backward(params, cache, dy)       -> dx, grads         every layer

Shapes in specs leave out the batch axis. Rules are pure: no attribute is set, nothing is written in place, no ``if``
looks at numbers. The cache is a (nested) dict of named arrays.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import evolve, field, frozen

from garasu.array import Array, Arrays, Shape, Tree, random
from garasu.initializers import Initializer
from garasu.messages import ShapeError
from garasu.regularizers import Regularizer
from garasu.settings import Plain, as_tuple, is_count, is_tuple, must_be, truth


@frozen(eq=False)
class Param:
    """A trained array a layer wants: its shape, how it starts, its role (kernel, bias or scale), and its penalty.

    Decoupled weight decay applies to the role "kernel" alone; a penalty only to an array that was given one.
    """

    shape: Shape
    initializer: Initializer
    role: str = "kernel"
    regularizer: Regularizer | None = None


@frozen(eq=False)
class Spec:
    """What a layer makes of an input shape: output shape, arrays to train, arrays to keep, numbers that may vary."""

    out_shape: Shape
    params: Mapping[str, Any] = field(factory=dict[str, Any])
    state: Mapping[str, Any] = field(factory=dict[str, Any])
    hyper: Mapping[str, Any] = field(factory=dict[str, Any])


@frozen(eq=False)
class Run:
    """The circumstances of one pass: training or not, the random key, numbers that vary, and the rows that count.

    ``weight`` is 1 for a row of the batch and 0 for a row of padding, shape (N,), or None where all rows count.
    """

    training: bool = False
    key: Array = None
    hyper: Mapping[str, Any] = field(factory=dict[str, Any])
    weight: Array = None

    def child(self, name: str) -> "Run":
        """The circumstances as the layer called ``name`` sees them: its own key, its own numbers."""
        key = None if self.key is None else random.fold_name(self.key, name)
        return Run(self.training, key, self.hyper.get(name, {}), self.weight)


INFERENCE = Run()


def _is_name(value: object) -> bool:
    return value is None or (isinstance(value, str) and value != "" and not set(value) & {"/", "."})


def _is_shape(value: object) -> bool:
    return value is None or (is_tuple(value) and all(map(is_count, value)))


def _shape(value: Any) -> Any:
    """A converter: 784 and [784] mean (784,)."""
    return (int(value),) if is_count(value) else as_tuple(value)


@frozen(eq=False)
class Layer(Plain, ABC):
    """Settings every layer has. ``input_shape`` is only for the first layer of a model, as in Keras."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "data_format": "calls.data_format_elsewhere",
        "dtype": "calls.dtype_elsewhere",
        "input_dim": "calls.input_dim_elsewhere",
        "seed": "calls.seed_elsewhere",
        "weights": "calls.weights_elsewhere",
    }

    name: str | None = field(default=None, kw_only=True, validator=must_be("settings.name", _is_name))
    input_shape: Shape | None = field(
        default=None, kw_only=True, converter=_shape, validator=must_be("settings.shape", _is_shape)
    )
    trainable: bool = field(default=True, kw_only=True, validator=truth)

    @property
    def borrows(self) -> Mapping[str, str]:
        """Parameters that are another layer's: {own name: the owner}. Most layers borrow none."""
        return {}

    @abstractmethod
    def spec(self, in_shape: Shape) -> Spec:
        """What this layer makes of inputs of ``in_shape``.

        Raises:
            ShapeError: the layer cannot take such inputs; the sentence names the layer and the axis.
        """

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Tree]:
        """The forward rule of a plain layer: y and the cache that ``backward`` will need."""
        raise TypeError(f"{type(self).__name__} defines neither `forward` nor `apply`; a layer needs one of them")

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """The forward rule as the chain calls it: y, the new state, the cache."""
        y, cache = self.forward(params, x)
        return y, state, cache

    @abstractmethod
    def backward(self, params: Tree, cache: Tree, dy: Array) -> tuple[Array, Tree]:
        """The backward rule: the error at the input and the gradient of each parameter."""

    @property
    def steady(self) -> bool:
        """Whether a pass in training is the same as in inference; one that writes ``apply`` is taken to differ."""
        return type(self).apply is Layer.apply

    def without_activation(self) -> Self:
        """This layer, handing on u: what stands before its activation."""
        return evolve(self, activation=None)

    def settle(self, lent: Mapping[str, Param]) -> Self:
        """This layer once it knows the arrays it borrows; layers that borrow nothing are settled as they are."""
        return self

    def needs_rank(self, in_shape: Shape, rank: int, axes: str) -> None:
        """Check the number of axes of an input, batch axis left out.

        Raises:
            ShapeError: there are more or fewer axes.
        """
        if len(in_shape) != rank:
            raise ShapeError(
                "layers.rank", layer=self.label, axes=axes, rank=rank + 1, got=("N", *in_shape), found=len(in_shape) + 1
            )

    @property
    def label(self) -> str:
        """How error messages call this layer: its class, and its name where it has one."""
        return type(self).__name__ if self.name is None else f'{type(self).__name__} "{self.name}"'
