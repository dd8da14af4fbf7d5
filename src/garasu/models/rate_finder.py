"""find_learning_rate: Keras's words around the search of ``garasu.train.rate_finder``."""

from typing import TYPE_CHECKING, Any

from attrs import evolve

from garasu.messages import SettingError, text
from garasu.models import arguments
from garasu.models.drawing import BATCH_SIZE
from garasu.settings import is_count
from garasu.train import FoundRates, LearningRateFinder, averages
from garasu.train.rate_finder import search

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


def find_learning_rate(
    model: "Sequential",
    x: Any,
    y: Any,
    *,
    low: float = 1e-7,
    high: float = 10.0,
    steps: int = 100,
    batch_size: int | None = None,
    smoothing: float = 0.9,
    sample_weight: Any = None,
) -> FoundRates:
    """Try rates from ``low`` to ``high`` on copies of a compiled model's weights; nothing of the model changes.

    Args:
        model: the model, as it is: with its weights, but an optimizer that remembers nothing and has no schedule.
        x: pictures, (N, ...).
        y: targets, (N,) or (N, K).
        low: the first rate.
        high: the last rate, if the loss does not explode before.
        steps: mini-batches, one for each rate.
        batch_size: rows in a mini-batch, 32 unless given: as in the training that is to follow.
        smoothing: the share of the old mean in the smoothed loss.
        sample_weight: a weight for each row, (N,).

    Raises:
        RunError: not compiled.
        SettingError: a setting out of range.
        ShapeError: data that do not fit.
        NonFiniteError: a number was not finite in the very first step.
    """
    model.needs_compile("find_learning_rate")
    how = LearningRateFinder(low, high, steps, smoothing)
    size = BATCH_SIZE if batch_size is None else batch_size
    if not is_count(size):
        expected = text("settings.count")
        raise SettingError(
            "settings.must_be", owner="LearningRateFinder", name="batch_size", expected=expected, value=repr(size)
        )
    model.build_for(x)
    task = evolve(model.task, optimizer=evolve(model.task.optimizer, learning_rate=low))
    engine, trees = model.engine.for_task(task), model.trees()
    data = arguments.dataset(task.network, task.loss, x, y, task.kept, sample_weight)
    carry = engine.start(averages.in_use(trees), trees["state"])
    return search(task, engine, carry, model.hyper, data, how, batch_size=size, seed=model.seed)
