"""What models, histories and runs show of themselves in a notebook: plain HTML from plain values."""

import json
import math
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from garasu.array import paths
from garasu.layers import Layer
from garasu.messages import DataError, ShapeError, text
from garasu.models import summary
from garasu.models.views import Symbol, count
from garasu.networks import Network
from garasu.networks.markup import NONE, Html, facts, folded, number, table, tag

_FIRST, _LAST = 3, 10  # the epochs of a long history that are not folded
_STAR = "★"

_STATUSES = ("training", "finished", "interrupted", "failed")
_SPLITS = ("train", "validation", "test")
_MEASURES = ("accuracy", "loss")

# ----------------------------------------------------------------------------------------------------------- models


def model_html(name: str, layers: Sequence[Layer], network: Network | None) -> str:
    """The table of a model's layers, as ``summary`` has it; ``network`` is None while the input shape is not known.

    Example:
        >>> from garasu.layers import Dense
        >>> layers = [Dense(3, name="hidden"), Dense(2, name="<out>")]
        >>> found = model_html("small", layers, Network(layers, (4,)))
        >>> [part in found for part in ("hidden", "&lt;out&gt;", "(None, 3)", "15")]
        [True, True, True, True]
    """
    if not layers:
        return tag("p", text("notebook.no_layers", name=name))
    if network is None:
        columns = [text(f"notebook.column_{key}") for key in ("layer", "kind", "training")]
        rows = [(layer.name, type(layer).__name__, _mark(layer.trainable, not layer.trainable)) for layer in layers]
        return table(text("notebook.not_built", name=name), columns, rows)
    return tag("div", _layers(text("models.model_title", name=name), network))


def part_html(outputs: Sequence[Symbol], name: str, network: Network) -> str:
    """A model of inner outputs: what it answers with, and folded the layers of the model that it looks into."""
    columns = [text(f"notebook.column_{key}") for key in ("layer", "shape")]
    chosen = table(text("notebook.part_of", name=name), columns, [(one.name, str(one.shape)) for one in outputs])
    whole = _layers(text("models.model_title", name=name), network)
    return tag("div", chosen, folded(text("notebook.all_layers"), whole))


def _layers(caption: str, network: Network) -> Html:
    """The table of layers and the totals below it."""
    columns = [text(f"notebook.column_{key}") for key in ("layer", "kind", "shape", "count", "training")]
    sizes = _trained_and_frozen(network)
    rows = [
        (name, kind, str(shape), number(size), _mark(*sizes.get(name, (0, 0))))
        for name, kind, shape, size in summary.rows(network)
    ]
    total, trained = count(network.spec), sum(size for size, _ in sizes.values())
    counts = {"models.total": total, "models.trainable": trained, "models.frozen": total - trained}
    lines = [tag("div", text(key, count=number(size), size=summary.size(size))) for key, size in counts.items()]
    return Html(table(caption, columns, rows, {3}) + "".join(lines))


def _trained_and_frozen(network: Network) -> dict[str, tuple[int, int]]:
    """How many numbers of each layer training changes, and how many it leaves as they are though it could."""
    frozen, found = network.frozen_paths(), dict[str, tuple[int, int]]()
    for path, param in paths(network.spec.params):
        name, size = path.split("/")[0].partition(".")[0], math.prod(param.shape)
        before = found.get(name, (0, 0))
        found[name] = (before[0], before[1] + size) if path in frozen else (before[0] + size, before[1])
    return found


def _mark(trained: int, frozen: int) -> str:
    if trained and frozen:
        return text("notebook.partly_frozen")
    if trained or frozen:
        return text("notebook.trained" if trained else "notebook.frozen")
    return NONE


# -------------------------------------------------------------------------------------------------------- histories


def history_html(history: Mapping[str, Sequence[float]], epochs: Sequence[int], plot: Callable[[], Any]) -> str:
    """The table of epochs, the middle of a long one folded, and the curves; ``plot`` draws them.

    Args:
        history: means by name, one an epoch.
        epochs: the epochs' numbers from 0.
        plot: answers with a matplotlib Figure; with DataError where there is nothing to draw.
    """
    if not epochs:
        return tag("p", text("notebook.no_epochs"))
    at, line = _best(history, epochs)
    rows = [
        (tag("strong", _STAR, f" {epoch + 1}") if row == at else epoch + 1, *(number(v[row]) for v in history.values()))
        for row, epoch in enumerate(epochs)
    ]
    columns, right = [text("notebook.column_epoch"), *history], range(len(history) + 1)
    caption = text("notebook.history_title", epochs=len(epochs))
    picture, middle = _picture(history, len(epochs), plot), rows[_FIRST:-_LAST]
    if len(middle) < 2:  # one line that says that a line is left out saves nothing
        return tag("div", table(caption, columns, rows, right), line, picture)
    gap = ("⋮", *("" for _ in history))
    shown = table(caption, columns, [*rows[:_FIRST], gap, *rows[-_LAST:]], right)
    span = text("notebook.epochs_between", first=epochs[_FIRST] + 1, last=epochs[-_LAST - 1] + 1)
    return tag("div", shown, line, folded(span, table(caption, columns, middle, right)), picture)


def _best(history: Mapping[str, Sequence[float]], epochs: Sequence[int]) -> tuple[int | None, Html]:
    """The row whose validation loss, or else training loss, is lowest, as for the checkpoint "best"; and a line."""
    name = "val_loss" if "val_loss" in history else "loss"
    values = {row: value for row, value in enumerate(history.get(name, ())) if math.isfinite(value)}
    if not values:
        return None, Html()
    at = min(values, key=lambda row: values[row])
    best = text("notebook.best", star=_STAR, name=name, value=number(values[at]), epoch=epochs[at] + 1)
    return at, tag("div", best)


def _picture(history: Mapping[str, Sequence[float]], epochs: int, plot: Callable[[], Any]) -> Html:
    """The curves."""
    return _image(plot, text("notebook.curves", epochs=epochs, names=", ".join(history)))


def _image(plot: Callable[[], Any], words: str) -> Html:
    """A figure inside the page itself, twice as fine as it is shown; nothing where there is nothing to draw."""
    try:
        figure = plot()
    except (DataError, ShapeError):
        return Html()
    out = BytesIO()
    figure.savefig(out, format="png", dpi=2 * figure.dpi)
    return tag(
        "img",
        src=f"data:image/png;base64,{b64encode(out.getvalue()).decode()}",
        alt=words,
        width=str(round(figure.get_figwidth() * figure.dpi)),
        style="max-width:100%;height:auto",
    )


def rates_html(suggestion: float | None, plot: Callable[[], Any]) -> str:
    """What the search for a learning rate suggests, and its picture; ``plot`` draws it.

    Example:
        >>> from matplotlib.figure import Figure
        >>> "0.032" in rates_html(0.0316, Figure), "<img" in rates_html(None, Figure)
        (True, True)
    """
    said = text("figures.rates_none")
    if suggestion is not None:
        said = text("figures.rates_suggested", rate=f"{suggestion:.2g}")
    return tag("div", tag("div", said), _image(plot, text("figures.rates")))


def copies_html(found: Any, line: str, plot: Callable[[], Any]) -> str:
    """Many copies, or settings: their table, a line about them, and their picture; ``plot`` draws it."""
    return tag("div", Html(found._repr_html_()), tag("div", line), _image(plot, line))


# ------------------------------------------------------------------------------------------------------------- runs


def run_html(record: Mapping[str, Any], folder: Path) -> str:
    """A run as its record (run.json) has it: what was trained on what, how far it is, what came out.

    What a record does not hold has a dash; settings and versions are folded.

    Example:
        >>> found = run_html({"network": "c9", "data": {"name": "a & b", "train_rows": 1500}}, Path("runs/<first>"))
        >>> [part in found for part in ("&lt;first&gt;", "c9", "a &amp; b", "1,500")]
        [True, True, True, True]
    """
    name = record.get("name", folder.name)
    values = {
        "folder": folder,
        "network": record.get("network"),
        "data": _data(record.get("data") or {}),
        "parameters": _rounded(record.get("parameters")),
        "seed": record.get("seed"),
        "device": record.get("device"),
        "status": _status(record.get("status")),
    }
    about = {text(f"notebook.run_{key}"): value for key, value in values.items()}
    results, title = record.get("results") or {}, text("notebook.run_title", name=name)
    settings = {**record.get("settings", {}), **{key: record[key] for key in ("loss", "optimizer") if key in record}}
    parts = {"settings": settings, "measured": _others(results), "versions": record.get("versions", {})}
    more = [folded(text(f"notebook.run_{key}"), facts(title, _lines(part))) for key, part in parts.items() if part]
    return tag("div", facts(title, about), _results(results), *more)


def _data(found: Mapping[str, Any]) -> str | None:
    """The name of the data and how many rows each side has."""
    rows = [f"{_split(key[:-5])} {number(value)}" for key, value in found.items() if key.endswith("_rows")]
    name = found.get("name")
    return name if not rows else f"{name} ({', '.join(rows)})"


def _split(name: str) -> str:
    return text(f"notebook.split_{name}") if name in _SPLITS else name


def _status(status: Any) -> Any:
    return text(f"notebook.status_{status}") if status in _STATUSES else status


def _results(results: Mapping[str, Any]) -> Html:
    """Accuracy and loss, one column for each side of the data that was asked."""
    if not results:
        return tag("p", text("notebook.no_results"))
    sides = [one for one in _SPLITS if any(f"{one}_{measure}" in results for measure in _MEASURES)]
    rows = [
        (text(f"notebook.{measure}"), *(_rounded(results.get(f"{one}_{measure}")) for one in sides))
        for measure in _MEASURES
    ]
    return table(text("notebook.results"), ["", *map(_split, sides)], rows, range(1, len(sides) + 1))


def _others(results: Mapping[str, Any]) -> dict[str, str]:
    """What else was measured: epochs, seconds, steps a second."""
    shown = {f"{one}_{measure}" for one in _SPLITS for measure in _MEASURES}
    return {name: _rounded(value) for name, value in results.items() if name not in shown}


def _lines(found: Mapping[str, Any]) -> dict[str, str]:
    """Settings exactly as they are, each on one line."""
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> str:
    if value is None:
        return NONE
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _rounded(value: float | None) -> str:
    return NONE if value is None else number(value)
