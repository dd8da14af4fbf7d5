"""The page of a report: one HTML file with its style and its pictures inside, no script, nothing fetched.

It is read on a telephone, on paper and in ten years: plain headings, tables and pictures, in the language in use.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np
from attrs import field, frozen

from garasu.messages import language, text
from garasu.models import summary
from garasu.models.measure import Measured, with_interval
from garasu.models.run import Run
from garasu.models.sequential import Sequential
from garasu.networks.markup import Html, facts, folded, table, tag
from garasu.reports.command import command
from garasu.settings import is_mapping
from garasu.train import run_folder

_SHOWN = 10
"""Skipped files that are named."""

_COMMONEST = 5
"""Pairs of classes that are most often taken for each other."""

_SHARES = ("recall", "precision", "f1")

_NARROW = 6.5
"""Inches: a wider picture is not made smaller on a telephone, but moved sideways."""

_INCH = 72
"""Pixels of a page that such a picture takes for each of its inches."""


@frozen
class Drawn:
    """A figure as a PNG file, and how many inches it is wide."""

    png: bytes = field(repr=False)
    width: float


Pictures = Mapping[str, Drawn]
Parts = Iterator[Html]


def page(run: Run, found: Measured, pictures: Pictures, reasons: Mapping[str, str]) -> str:
    """The whole page as text; ``pictures`` by the name of what they show, ``reasons`` why others were not drawn."""
    title = text("page.title", run=run.folder.name)
    sections = (_data, _network, _learning, _inside, _mistakes, _settings)
    parts = [tag("section", *part(run, found, pictures)) for part in sections]
    body = tag("main", tag("h1", title), tag("section", *_outcome(run, found, reasons)), *parts)
    frame, style = (_file(name) for name in ("frame.html", "style.css"))
    return Template(frame).substitute(language=language(), title=escape(title), style=style, body=body)


def _file(name: str) -> str:
    """A file that stands beside this one."""
    return files("garasu.reports").joinpath(name).read_text(encoding="utf-8")


def _heading(key: str) -> Iterator[Html]:
    """A heading and the sentence that says what to see below it."""
    yield tag("h2", text(f"page.{key}"))
    yield tag("p", text(f"page.{key}_see"))


def _picture(name: str, pictures: Pictures) -> Iterator[Html]:
    """A picture with words for those who do not see it; nothing where it was not drawn."""
    if name not in pictures:
        return
    drawn, kind = pictures[name], "feature_maps" if name.startswith("feature_maps_") else name
    source = f"data:image/png;base64,{b64encode(drawn.png).decode()}"
    words = {"src": source, "alt": text(f"page.alt_{kind}"), "loading": "lazy"}
    if drawn.width <= _NARROW:
        yield tag("figure", tag("img", **words))
        return
    image = tag("img", **words, style=f"width:{round(drawn.width * _INCH)}px")
    yield tag("figure", tag("div", image, **{"class": "wide"}), tag("figcaption", text("page.scroll")))


def _outcome(run: Run, found: Measured, reasons: Mapping[str, str]) -> Parts:
    """What came out, how sure that is, and what it is to be held against."""
    cards = {
        "accuracy": f"{100 * found.accuracy:.2f} %",
        "loss": f"{found.loss:.4f}",
        "parameters": f"{run.model.network.parameter_count:,}",
        **_trained(run.model),
    }
    yield tag("div", *(_card(text(f"page.{key}"), value) for key, value in cards.items()), **{"class": "cards"})
    total = len(found.labels)
    low, high = found.accuracy_interval
    commonest = max(row["rows"] for row in found.per_class)
    shares = {"low": f"{100 * low:.1f}", "high": f"{100 * high:.1f}", "guess": f"{100 * commonest / total:.1f}"}
    yield tag("p", text("page.trust", right=f"{found.right:,}", total=f"{total:,}", **shares))
    for warning in _warnings(run, found, reasons):
        yield tag("p", warning, **{"class": "warning"})


def _trained(model: Sequential) -> dict[str, str]:
    """How long it has been trained: in epochs, or in steps where that is in the middle of one."""
    return {"steps": f"{model.step:,}"} if model.position else {"epochs": f"{model.epoch}"}


def _warnings(run: Run, found: Measured, reasons: Mapping[str, str]) -> Iterator[str]:
    """What a reader must know before believing the rest."""
    if run.checkpoint == run_folder.BEST:
        yield text("page.chosen", epoch=run.model.epoch + (run.model.position > 0))
    status = run.record["status"]
    if status != "finished" and run.checkpoint == run_folder.LAST:
        known = status in ("training", "interrupted", "failed")
        yield text("page.unfinished", status=text(f"cli.status_{status}") if known else status)
    if run.dataset.files is not None and run.dataset.files.leaked:
        yield text("cli.leaked", count=run.dataset.files.leaked)
    if not np.all(np.isfinite(found.outputs)):
        yield text("page.not_finite")
    for name, reason in reasons.items():
        yield text("page.not_drawn", name=name, reason=reason)


def _card(name: str, value: str) -> Html:
    return tag("div", tag("b", value), tag("span", name))


def _data(run: Run, found: Measured, pictures: Pictures) -> Parts:
    yield from _heading("data")
    data = run.dataset
    rows, columns, *color = data.image_shape
    size = f"{rows} × {columns}"
    about: dict[str, Any] = {
        text("page.name"): data.name,
        text("page.size"): f"{size} × 3" if color else size,
        text("page.prepared"): _prepared(run),
        text("page.train_rows"): f"{len(data.train_labels):,}",
        text("page.test_rows"): f"{len(data.test_labels):,}",
        text("page.classes"): ", ".join(data.class_names),
        text("page.hash"): tag("code", data.sha256),
    }
    yield _scrolled(facts("", about))
    yield from _skipped(run)
    for name in ("sample_images", "image_numbers", "one_hot"):
        yield from _picture(name, pictures)


def _prepared(run: Run) -> str:
    """What is done to the numbers of a picture before the network sees them."""
    made = run.model.network.preparation
    scale = text(f"page.scale_{made.scale}")
    then = scale if made.pool == 1 else text("page.pooled", pool=made.pool, scale=scale)
    steps = ", ".join(type(step).__name__ for step in made.steps)
    return text("page.stepped", steps=steps, then=then) if steps else then


def _skipped(run: Run) -> Parts:
    """Files that could not be read."""
    found = run.dataset.files
    if found is None or not found.reasons:
        return
    lines = [tag("li", reason) for reason in list(found.reasons.values())[:_SHOWN]]
    if len(found.reasons) > len(lines):
        lines.append(tag("li", text("cli.more", count=len(found.reasons) - len(lines))))
    yield folded(text("page.skipped", count=len(found.reasons)), tag("ul", *lines))


def _network(run: Run, found: Measured, pictures: Pictures) -> Parts:
    yield from _heading("network")
    columns = [text(f"page.column_{name}") for name in ("layer", "class", "shape", "parameters")]
    rows = [(name, kind, str(shape), f"{count:,}") for name, kind, shape, count in summary.rows(run.model.network)]
    yield _scrolled(table(text("page.layers"), columns, rows, right={3}), "scrolled lines")
    yield from _picture("chain_of_shapes", pictures)


def _scrolled(content: Html, kind: str = "scrolled") -> Html:
    return tag("div", content, **{"class": kind})


def _learning(run: Run, found: Measured, pictures: Pictures) -> Parts:
    if "training_curves" in pictures:
        yield from _heading("learning")
        yield from _picture("training_curves", pictures)


def _inside(run: Run, found: Measured, pictures: Pictures) -> Parts:
    names = [name for name in pictures if name.startswith("feature_maps_")]
    if names:
        yield from _heading("filters")
    elif "weight_images" in pictures:
        yield from _heading("weights")
    for name in [*names, "weight_images"]:
        yield from _picture(name, pictures)


def _mistakes(run: Run, found: Measured, pictures: Pictures) -> Parts:
    if found.right == len(found.labels):
        yield tag("h2", text("page.mistakes"))
        yield tag("p", text("page.mistakes_none"))
    else:
        yield from _heading("mistakes")
        yield from _picture("misclassified", pictures)
    yield from _picture("confusion_matrix", pictures)
    yield from _commonest(found)
    columns = [text(f"page.column_{name}") for name in ("name", "rows", *_SHARES)]
    rows = [
        (row["class"], f"{row['rows']:,}", *(with_interval(row[key], row[f"{key}_interval"]) for key in _SHARES))
        for row in found.per_class
    ]
    yield tag("p", text("page.scores"))
    yield _scrolled(table(text("page.per_class"), columns, rows, right={1, 2, 3, 4}))


def _commonest(found: Measured) -> Parts:
    """Which class is most often taken for which."""
    if not found.mistakes:
        return
    columns = [text(f"page.column_{name}") for name in ("name", "answer", "count", "share")]
    rows = [
        (row["class"], row["answer"], f"{row['count']:,}", with_interval(row["share"], row["share_interval"]))
        for row in found.mistakes[:_COMMONEST]
    ]
    yield tag("p", text("page.commonest_see"))
    yield _scrolled(table(text("page.commonest"), columns, rows, right={2, 3}))


def _settings(run: Run, found: Measured, pictures: Pictures) -> Parts:
    """How it was made, and how it can be made again."""
    yield from _heading("settings")
    if run.record["status"] == "finished" and run.checkpoint == run_folder.LAST:
        yield tag("p", text("page.again"))
        yield tag("pre", command(run))
    record = run.record
    plain = {name: value for name, value in record["settings"].items() if value is not None}
    plain |= {name: _words(record[name]) for name in ("optimizer", "loss")}
    plain |= {"checkpoint": run.checkpoint.stem, "device": record["device"], "created": record["created"][:19]}
    yield _scrolled(facts(text("page.settings_table"), plain))
    yield _scrolled(facts(text("page.versions"), record["versions"]))


def _words(described: Mapping[str, Any]) -> str:
    """A class and its settings as one would write them.

    Example:
        >>> _words({"class": "SGD", "settings": {"learning_rate": 0.1}})
        'SGD(learning_rate=0.1)'
    """
    settings = (
        f"{name}={_words(value) if is_mapping(value) else value}" for name, value in described["settings"].items()
    )
    return f"{described['class']}({', '.join(settings)})"
