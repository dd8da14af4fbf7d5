"""MaskingNoise: in training, each number is set to 0 with probability ``rate``; the others stay as they are.

    y = x m        m = [r >= rate], r uniform in [0, 1)
    dx = dy m

The noise of denoising autoencoders, which put back what is missing. Unlike ``Dropout`` it scales nothing up: what is
left of a picture is to look like the picture.

Source: Vincent et al., "Extracting and composing robust features with denoising autoencoders" (2008).
"""

from attrs import field, frozen

from garasu.array import Array, Arrays, Shape, Tree, namespace, random
from garasu.layers.layer import Layer, Run, Spec
from garasu.settings import fraction


@frozen(eq=False)
class MaskingNoise(Layer):
    """Sets numbers to 0 in training with probability ``rate``; there is no such layer in Keras or PyTorch.

    Raises:
        SettingError: the rate is not in [0, 1).

    Example:
        >>> import numpy as np
        >>> run = Run(training=True, key=random.key(0), hyper={"rate": np.asarray(0.5)})
        >>> y, _, cache = MaskingNoise(0.5).apply({}, {}, np.full((1, 6), 7.0), run)
        >>> sorted(set(y.ravel().tolist()))
        [0.0, 7.0]
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
        m = xp.astype(r >= rate, x.dtype)
        return x * m, state, {"m": m}

    def backward(self, params: Tree, cache: Arrays, dy: Array) -> tuple[Array, Tree]:
        """dx = dy m."""
        return dy * cache["m"], {}
