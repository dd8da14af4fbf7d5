"""Reshape: the same numbers in another shape; the error is put back into the old one."""

import math

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.layers.layer import Layer, Spec
from garasu.messages import ShapeError
from garasu.settings import as_tuple, is_count, is_tuple, must_be


def _is_target(value: object) -> bool:
    if not is_tuple(value):
        return False
    sizes = [size for size in value if size != -1]
    return len(value) - len(sizes) <= 1 and all(map(is_count, sizes))


@frozen(eq=False)
class Reshape(Layer):
    """Every row in ``target_shape``; one axis may be -1 and takes what is left.

    Raises:
        SettingError: the target is no shape.

    Example:
        >>> import numpy as np
        >>> y, cache = Reshape((2, -1)).forward({}, np.zeros((5, 6)))
        >>> y.shape, Reshape((2, -1)).backward({}, cache, y)[0].shape
        ((5, 2, 3), (5, 6))
    """

    target_shape: Shape = field(converter=as_tuple, validator=must_be("settings.target_shape", _is_target))

    def spec(self, in_shape: Shape) -> Spec:
        """in_shape becomes target_shape, -1 worked out."""
        found, known = math.prod(in_shape), math.prod(size for size in self.target_shape if size != -1)
        rest = found // known if -1 in self.target_shape else 1
        target = tuple(rest if size == -1 else size for size in self.target_shape)
        if math.prod(target) != found:
            sentence = "layers.reshape_rest" if -1 in self.target_shape else "layers.reshape"
            raise ShapeError(
                sentence,
                layer=self.label,
                got=("N", *in_shape),
                found=found,
                target=("N", *self.target_shape),
                wanted=known,
            )
        return Spec(target)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x in the target shape."""
        return namespace(x).reshape(x, (x.shape[0], *self.spec(x.shape[1:]).out_shape)), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx = dy in the shape of x."""
        return namespace(dy).reshape(dy, cache["x"].shape), {}
