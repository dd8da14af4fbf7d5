"""GaussianNoise: in training, normal noise added to each number; in inference, nothing.

    y = x + stddev n         n standard normal, drawn anew in every step
    dx = dy

Source: Bishop, "Training with noise is equivalent to Tikhonov regularization" (1995).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, Tree, namespace, random
from garasu.layers.layer import Layer, Run, Spec
from garasu.settings import not_negative


@frozen(eq=False)
class GaussianNoise(Layer):
    """Adds noise of standard deviation ``stddev`` in training.

    Raises:
        SettingError: the deviation is below 0.

    Example:
        >>> import numpy as np
        >>> run = Run(training=True, key=random.key(0), hyper={"stddev": np.asarray(0.5)})
        >>> y, _, _ = GaussianNoise(0.5).apply({}, {}, np.zeros((100, 100)), run)
        >>> round(float(np.std(y)), 1)
        0.5
    """

    stddev: float = field(validator=not_negative)

    def spec(self, in_shape: Shape) -> Spec:
        """The shape stays; the deviation may vary within a run."""
        return Spec(in_shape, hyper={"stddev": self.stddev})

    def apply(self, params: Tree, state: Tree, x: Array, run: Run) -> tuple[Array, Tree, Tree]:
        """y = x + stddev n in training, y = x otherwise."""
        if not run.training:
            return x, state, {}
        xp = namespace(x)
        stddev = xp.astype(xp.asarray(run.hyper["stddev"]), x.dtype)
        n = random.normal(run.key, x.shape, "float64" if x.dtype == xp.float64 else "float32")
        return x + stddev * xp.astype(n, x.dtype), state, {}

    def backward(self, params: Tree, cache: Arrays, dy: Array) -> tuple[Array, Tree]:
        """dx = dy."""
        return dy, {}
