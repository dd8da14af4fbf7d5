"""LayerNormalization: each row (each place of it) brought to mean 0 and variance 1 over its own channels.

    mu = 1/n sum_k x_k        var = 1/n sum_k (x_k - mu)^2        s = 1 / sqrt(var + epsilon)
    z = (x - mu) s            y = gamma z + beta                                        x (N, ..., n), gamma, beta (n)
    dgamma = sum dy z         dbeta = sum dy                                            over rows and places
    dz = dy gamma             dx_k = s (dz_k - 1/n (sum_j dz_j + z_k sum_j dz_j z_j))

No row sees another one, so training and inference are the same. Source: Ba, Kiros and Hinton (2016).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, namespace
from garasu.initializers import Initializer
from garasu.layers import fields
from garasu.layers.layer import Layer, Param, Spec
from garasu.regularizers import Regularizer
from garasu.settings import positive, truth


@frozen(eq=False)
class LayerNormalization(Layer):
    """Layer normalisation (レイヤー正規化) over the last axis. Keras's default epsilon is 1e-3, PyTorch's 1e-5.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = LayerNormalization(epsilon=1e-12)
        >>> params = {"gamma": np.ones(2), "beta": np.zeros(2)}
        >>> y, cache = layer.forward(params, np.array([[1.0, 3.0], [50.0, 10.0]]))
        >>> y.round(6).tolist()
        [[-1.0, 1.0], [1.0, -1.0]]
    """

    epsilon: float = field(default=1e-3, validator=positive)
    center: bool = field(default=True, validator=truth)
    scale: bool = field(default=True, validator=truth)
    beta_initializer: Initializer = fields.initializer("zeros")
    gamma_initializer: Initializer = fields.initializer("ones")
    beta_regularizer: Regularizer | None = fields.regularizer()
    gamma_regularizer: Regularizer | None = fields.regularizer()

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays; one scale and one shift for each channel."""
        if not in_shape:
            self.needs_rank(in_shape, 1, "N, n")
        channels = in_shape[-1:]
        params: dict[str, Param] = {}
        if self.scale:
            params["gamma"] = Param(channels, self.gamma_initializer, "scale", self.gamma_regularizer)
        if self.center:
            params["beta"] = Param(channels, self.beta_initializer, "bias", self.beta_regularizer)
        return Spec(in_shape, params)

    def forward(self, params: Arrays, x: Array) -> tuple[Array, Arrays]:
        """y = gamma (x - mu) s + beta."""
        xp = namespace(x)
        off = x - xp.mean(x, axis=-1, keepdims=True)
        s = 1.0 / xp.sqrt(xp.mean(off * off, axis=-1, keepdims=True) + self.epsilon)
        z = off * s
        y = z * params["gamma"] if self.scale else z
        return (y + params["beta"] if self.center else y), {"z": z, "s": s}

    def backward(self, params: Arrays, cache: Arrays, dy: Array) -> tuple[Array, Arrays]:
        """dx_k = s (dz_k - 1/n (sum_j dz_j + z_k sum_j dz_j z_j)), dgamma = sum dy z, dbeta = sum dy."""
        xp, z, s = namespace(dy), cache["z"], cache["s"]
        dz = dy * params["gamma"] if self.scale else dy
        dx = s * (dz - xp.mean(dz, axis=-1, keepdims=True) - z * xp.mean(dz * z, axis=-1, keepdims=True))
        axes = tuple(range(dy.ndim - 1))
        grads: dict[str, Array] = {}
        if self.scale:
            grads["gamma"] = xp.sum(dy * z, axis=axes)
        if self.center:
            grads["beta"] = xp.sum(dy, axis=axes)
        return dx, grads
