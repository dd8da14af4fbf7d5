"""CosineDecay: down along half a wave of the cosine, after a straight way up if asked for.

    s < w:   eta(s) = eta_0 + (eta_w - eta_0) s / w                                      warm-up
    s >= w:  eta(s) = eta_w ((1 - alpha) (1 + cos(pi p)) / 2 + alpha)       p = min(s - w, d) / d

Source: Loshchilov and Hutter (2017). As Keras's: without a ``warmup_target`` w = 0 and eta_w = eta_0. (PyTorch's
CosineAnnealingLR names the last rate itself, alpha times the first.)
"""

import math
from typing import Any

from attrs import field, frozen

from garasu.array import Array, namespace
from garasu.schedules.schedule import Schedule, real
from garasu.settings import is_whole, must_be, not_negative, positive


def _target(owner: Any, attribute: Any, value: Any) -> None:
    """A validator: a rate; or None, if there is no warm-up."""
    if value is not None:
        not_negative(owner, attribute, value)


def _needs_target(owner: Any, attribute: Any, value: Any) -> None:
    """A validator of ``warmup_steps``: Keras takes them without a target, and then never warms up."""
    must_be("settings.whole", is_whole)(owner, attribute, value)
    if owner.warmup_target is None:
        must_be("settings.no_warm_up", lambda steps: steps == 0)(owner, attribute, value)


@frozen(eq=False)
class CosineDecay(Schedule):
    """From ``initial_learning_rate`` to ``alpha`` times as much in ``decay_steps`` steps, and that rate from there on.

    With a ``warmup_target`` the rate first climbs from ``initial_learning_rate`` to it, in ``warmup_steps`` steps.

    Raises:
        SettingError: a setting out of range; steps of warm-up without a rate to warm up to.

    Example:
        >>> wave = CosineDecay(0.0, decay_steps=100, warmup_target=0.1, warmup_steps=10)
        >>> wave(0), wave(5), wave(10), wave(60), wave(110)
        (0.0, 0.05, 0.1, 0.05, 0.0)
    """

    initial_learning_rate: float = field(validator=not_negative)
    decay_steps: float = field(validator=positive)
    alpha: float = field(default=0.0, validator=not_negative)
    warmup_target: float | None = field(default=None, validator=_target)
    warmup_steps: int = field(default=0, validator=_needs_target)

    def at(self, step: Array, dtype: Any) -> Array:
        """The wave from eta_w on; before step w the line."""
        s = real(step, dtype)
        xp, w = namespace(s), float(self.warmup_steps)
        start = float(self.initial_learning_rate)
        top = start if self.warmup_target is None else float(self.warmup_target)
        p = xp.clip((s - w) / float(self.decay_steps), 0.0, 1.0)
        wave = top * ((1.0 - float(self.alpha)) * 0.5 * (1.0 + xp.cos(math.pi * p)) + float(self.alpha))
        if self.warmup_steps == 0:
            return wave
        return xp.where(s < w, start + (top - start) * (s / w), wave)
