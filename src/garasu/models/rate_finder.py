"""find_learning_rate: Keras's words around the search of ``garasu.train.rate_finder``."""

from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, frozen

from garasu.messages import SettingError, text
from garasu.models import arguments, notebook
from garasu.models.drawing import BATCH_SIZE
from garasu.settings import is_count
from garasu.train import FoundRates, LearningRateFinder, averages
from garasu.train.rate_finder import search

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


@frozen(eq=False, repr=False)
class LearningRates(FoundRates):
    """What ``find_learning_rate`` gives back: ``rates``, ``losses``, ``smoothed``, ``suggestion``, ``exploded``.

    ``suggestion`` is None where the loss never fell; ``exploded`` says whether the search ended before the last rate.
    """

    def plot(self) -> Any:
        """The loss while the rate grows, and the suggestion, as a matplotlib Figure.

        Raises:
            ShapeError: fewer than two rates were tried.
        """
        from garasu import figures  # noqa: PLC0415 - loads the plotting library

        return figures.learning_rate_finder(self)

    def _repr_html_(self) -> str:
        """The suggestion, and the picture, for notebooks."""
        return notebook.rates_html(self.suggestion, self.plot)


def find_learning_rate(
    model: "Sequential",
    x: Any,
    y: Any,
    *,
    low: float,
    high: float,
    steps: int,
    batch_size: int | None,
    smoothing: float,
    sample_weight: Any,
) -> LearningRates:
    """Try growing rates; ``Sequential.find_learning_rate`` says what everything means."""
    model.needs_compile("find_learning_rate")
    how = LearningRateFinder(low, high, steps, smoothing)
    size = BATCH_SIZE if batch_size is None else batch_size
    if not is_count(size):
        expected = text("settings.count")
        raise SettingError(
            "settings.must_be", owner="find_learning_rate", name="batch_size", expected=expected, value=repr(size)
        )
    model.build_for(x)
    task = evolve(model.task, optimizer=evolve(model.task.optimizer, learning_rate=low))
    engine, trees = model.engine.for_task(task), model.trees()
    data = arguments.dataset(task.network, task.loss, x, y, task.kept, sample_weight)
    carry = engine.start(averages.in_use(trees), trees["state"])
    found = search(task, engine, carry, model.hyper, data, how, batch_size=size, seed=model.seed)
    return LearningRates(**asdict(found))
