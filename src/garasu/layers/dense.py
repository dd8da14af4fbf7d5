"""Dense: every output a weighted sum of all inputs.

    y  = x W + b                                               x (N, ..., n), W (n, units), b (units)
    dW = x^T dy        db = 1^T dy        dx = dy W^T

Source: any text on networks; as matrices, Rumelhart, Hinton and Williams (1986). Works on the last axis, as Keras's.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace, weigh
from garasu.initializers import Initializer
from garasu.layers import fields
from garasu.layers.layer import Layer, Param, Spec
from garasu.regularizers import Regularizer
from garasu.settings import count, truth


@frozen(eq=False)
class Dense(Layer):
    """Fully connected layer (全結合層) of ``units`` outputs, with an activation if one is given.

    Defaults are Keras's: Glorot uniform kernels, zero biases. (PyTorch's start is uniform on +-1/sqrt(n), biases too.)

    Raises:
        SettingError: a setting out of range.
        UnknownNameError: no activation or initializer of that name.

    Example:
        >>> import numpy as np
        >>> params = {"kernel": np.array([[1.0], [2.0]]), "bias": np.array([0.5])}
        >>> y, cache = Dense(1).forward(params, np.array([[3.0, 4.0]]))
        >>> y.tolist()
        [[11.5]]
        >>> dx, grads = Dense(1).backward(params, cache, np.array([[1.0]]))
        >>> dx.tolist(), grads["kernel"].tolist(), grads["bias"].tolist()
        ([[1.0, 2.0]], [[3.0], [4.0]], [1.0])
    """

    units: int = field(validator=count)
    activation: str = fields.activation()
    use_bias: bool = field(default=True, validator=truth)
    kernel_initializer: Initializer = fields.initializer("glorot_uniform")
    bias_initializer: Initializer = fields.initializer("zeros")
    kernel_regularizer: Regularizer | None = fields.regularizer()
    bias_regularizer: Regularizer | None = fields.regularizer()

    def spec(self, in_shape: Shape) -> Spec:
        """(..., n) becomes (..., units)."""
        if not in_shape:
            self.needs_rank(in_shape, 1, "N, n")
        shape = (in_shape[-1], self.units)
        params = {"kernel": Param(shape, self.kernel_initializer, regularizer=self.kernel_regularizer)}
        if self.use_bias:
            params["bias"] = Param((self.units,), self.bias_initializer, "bias", self.bias_regularizer)
        return Spec((*in_shape[:-1], self.units), params)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = x W + b."""
        y = weigh(x, params["kernel"])
        return (y + params["bias"] if self.use_bias else y), {"x": x}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dW = x^T dy, db = 1^T dy, dx = dy W^T."""
        xp, x, W = namespace(dy), cache["x"], params["kernel"]
        rows, errors = xp.reshape(x, (-1, x.shape[-1])), xp.reshape(dy, (-1, dy.shape[-1]))
        grads = {"kernel": xp.matmul(rows.T, errors)}
        if self.use_bias:
            grads["bias"] = xp.sum(errors, axis=0)
        return xp.matmul(dy, W.T), grads
