"""Dropout: in training, each number is dropped with probability ``rate`` and the others are scaled up.

    y = x m        m = [r >= rate] / (1 - rate), r uniform in [0, 1)
    dx = dy m

Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014), in the form that
scales in training, so that inference is the identity.
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, Tree, namespace, random
from garasu.layers.layer import Layer, Run, Spec
from garasu.settings import fraction


@frozen(eq=False)
class Dropout(Layer):
    """Drops numbers in training with probability ``rate`` (texts often give the share that is kept, 1 - rate).

    Raises:
        SettingError: the rate is not in [0, 1).

    Example:
        >>> import numpy as np
        >>> run = Run(training=True, key=random.key(0), hyper={"rate": np.asarray(0.5)})
        >>> y, _, cache = Dropout(0.5).apply({}, {}, np.ones((1, 6)), run)
        >>> sorted(set(y.ravel().tolist()))
        [0.0, 2.0]
    """

    rate: float = field(default=0.5, validator=fraction)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays; the rate may vary within a run."""
        return Spec(in_shape, hyper={"rate": self.rate})

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y = x m in training, y = x otherwise."""
        xp = namespace(x)
        if not run.training:
            return x, state, {"m": xp.ones((1,) * x.ndim, dtype=x.dtype)}
        rate = xp.astype(xp.asarray(run.hyper["rate"]), x.dtype)
        r = xp.astype(random.uniform(run.key, x.shape), x.dtype)
        m = xp.astype(r >= rate, x.dtype) / (1.0 - rate)
        return x * m, state, {"m": m}

    def backward(self, params: Tree, cache: Arrays, dy: Array) -> tuple[Array, Tree]:
        """dx = dy m."""
        return dy * cache["m"], {}
