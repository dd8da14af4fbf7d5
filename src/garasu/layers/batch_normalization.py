"""BatchNormalization: each channel brought to mean 0 and variance 1 over the mini-batch, then scaled and shifted.

    mu = sum_i p_i x_i        var = sum_i p_i (x_i - mu)^2        s = 1 / sqrt(var + epsilon)
    z = (x - mu) s            y = gamma z + beta
    dgamma = sum_i dy_i z_i   dbeta = sum_i dy_i
    dx_i = gamma s (dy_i - p_i (dbeta + z_i dgamma))

The sums run over all rows and places; p_i is 1 over their number (0 for a row of padding). In inference mu and var are
the moving averages, which do not depend on x: then p = 0 in dx. Source: Ioffe and Szegedy (2015).
"""

import math

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, Tree, namespace
from garasu.initializers import Initializer
from garasu.layers import fields
from garasu.layers.layer import Layer, Param, Run, Spec
from garasu.regularizers import Regularizer
from garasu.settings import fraction, positive, truth


@frozen(eq=False)
class BatchNormalization(Layer):
    """Batch normalisation (バッチ正規化) over the last axis, placed before the activation.

    Keras's defaults: momentum 0.99, epsilon 1e-3. ``momentum`` is the share of the OLD moving average that is kept;
    PyTorch's argument of that name is the share of the new one, so its 0.1 is 0.9 here. The moving variance
    takes the mini-batch's variance as it is (divided by n), as Keras does; PyTorch divides by n - 1.

    Raises:
        SettingError: a setting out of range.

    Example:
        >>> import numpy as np
        >>> layer = BatchNormalization(epsilon=1e-12)
        >>> params = {"gamma": np.ones(1), "beta": np.zeros(1)}
        >>> state = {"moving_mean": np.zeros(1), "moving_variance": np.ones(1)}
        >>> y, state, _ = layer.apply(params, state, np.array([[1.0], [3.0]]), Run(training=True))
        >>> y.round(6).tolist(), state["moving_mean"].round(6).tolist()
        ([[-1.0], [1.0]], [0.02])
    """

    momentum: float = field(default=0.99, validator=fraction)
    epsilon: float = field(default=1e-3, validator=positive)
    center: bool = field(default=True, validator=truth)
    scale: bool = field(default=True, validator=truth)
    beta_initializer: Initializer = fields.initializer("zeros")
    gamma_initializer: Initializer = fields.initializer("ones")
    moving_mean_initializer: Initializer = fields.initializer("zeros")
    moving_variance_initializer: Initializer = fields.initializer("ones")
    beta_regularizer: Regularizer | None = fields.regularizer()
    gamma_regularizer: Regularizer | None = fields.regularizer()

    @property
    def steady(self) -> bool:
        """A frozen layer's averages stand still, and it normalises by them in training too."""
        return not self.trainable

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
        state = {
            "moving_mean": Param(channels, self.moving_mean_initializer, "state"),
            "moving_variance": Param(channels, self.moving_variance_initializer, "state"),
        }
        return Spec(in_shape, params, state)

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y = gamma (x - mu) s + beta, and the moving averages one step on."""
        xp = namespace(x)
        if run.training and self.trainable:  # a frozen layer keeps its averages, as Keras's does
            p = _shares(x, run.weight)
            mu = _mean(x, p)
            var = _mean((x - mu) ** 2, p)
            keep, take = self.momentum, 1.0 - self.momentum
            state = {
                "moving_mean": keep * state["moving_mean"] + take * mu,
                "moving_variance": keep * state["moving_variance"] + take * var,
            }
        else:
            mu, var = state["moving_mean"], state["moving_variance"]
            p = xp.zeros((1,) * x.ndim, dtype=x.dtype)
        s = 1.0 / xp.sqrt(var + self.epsilon)
        z = (x - mu) * s
        y = z * params["gamma"] if self.scale else z
        y = y + params["beta"] if self.center else y
        return y, state, {"z": z, "s": s, "p": p}

    def backward(self, params: Tree, cache: Arrays, dy: Array) -> tuple[Array, Tree]:
        """dgamma = sum dy z, dbeta = sum dy, dx_i = gamma s (dy_i - p_i (dbeta + z_i dgamma))."""
        xp, axes = namespace(dy), tuple(range(dy.ndim - 1))
        z, s, p = cache["z"], cache["s"], cache["p"]
        dgamma, dbeta = xp.sum(dy * z, axis=axes), xp.sum(dy, axis=axes)
        slope = params["gamma"] * s if self.scale else s
        dx = slope * (dy - p * (dbeta + z * dgamma))
        grads = {**({"gamma": dgamma} if self.scale else {}), **({"beta": dbeta} if self.center else {})}
        return dx, grads


def _mean(x: Array, p: Array) -> Array:
    """sum_i p_i x_i over all rows and places, place by place first: so no array as large as x is made of p."""
    xp = namespace(x)
    rows = xp.sum(x, axis=tuple(range(1, x.ndim - 1)))
    return xp.sum(xp.reshape(p, (-1, 1)) * rows, axis=0)


def _shares(x: Array, weight: Array) -> Array:
    """p: each row's share in the mean, (N, 1, ..., 1); rows of padding have none."""
    xp, ones = namespace(x), (1,) * (x.ndim - 1)
    places = math.prod(x.shape[1:-1])
    if weight is None:
        weight = xp.ones((x.shape[0],), dtype=x.dtype)
    return xp.reshape(weight / (xp.sum(weight) * places), (x.shape[0], *ones))
