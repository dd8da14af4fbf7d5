"""The page of a report: one HTML file with its style and its pictures inside, no script, nothing fetched.

It is read on a telephone, on paper and in ten years: plain headings, tables and pictures, in the language in use.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from garasu.messages import language, text
from garasu.models import summary
from garasu.models.measure import Measured, interval
from garasu.models.run import Run
from garasu.networks.markup import Html, facts, folded, table, tag
from garasu.reports.command import command
from garasu.reports.drawing import WIDE

_SHOWN = 10
"""Skipped files that are named."""


def page(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> str:
    """The whole page as text; ``pictures`` are PNG files by the name of what they show."""
    title = text("page.title", run=run.folder.name)
    sections = (_outcome, _data, _network, _learning, _inside, _mistakes, _settings)
    body = tag("main", tag("h1", title), *(tag("section", *part(run, found, pictures)) for part in sections))
    frame, style = (_file(name) for name in ("frame.html", "style.css"))
    return Template(frame).substitute(language=language(), title=escape(title), style=style, body=body)


def _file(name: str) -> str:
    """A file that stands beside this one."""
    return files("garasu.reports").joinpath(name).read_text(encoding="utf-8")


Parts = Iterator[Html]


def _heading(key: str) -> Iterator[Html]:
    """A heading and the sentence that says what to see below it."""
    yield tag("h2", text(f"page.{key}"))
    yield tag("p", text(f"page.{key}_see"))


def _picture(name: str, pictures: Mapping[str, bytes]) -> Iterator[Html]:
    """A picture with words for those who do not see it; nothing where it was not drawn."""
    if name not in pictures:
        return
    kind = name.partition("_maps_")[0] + "_maps" if "_maps_" in name else name
    image = tag(
        "img",
        src=f"data:image/png;base64,{b64encode(pictures[name]).decode()}",
        alt=text(f"page.alt_{kind}"),
        loading="lazy",
    )
    caption = tag("figcaption", text("page.scroll")) if name in WIDE else Html()
    yield tag("figure", tag("div", image, **({"class": "wide"} if name in WIDE else {})), caption)


def _outcome(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    """What came out, how sure that is, and what it is to be held against."""
    total = len(found.labels)
    low, high = interval(found.right, total)
    commonest = max(row["rows"] for row in found.per_class)
    cards = {
        "accuracy": f"{100 * found.accuracy:.2f} %",
        "loss": f"{found.loss:.4f}",
        "parameters": f"{run.model.network.parameter_count:,}",
        "epochs": f"{run.model.epoch}",
    }
    yield tag("div", *(_card(text(f"page.{key}"), value) for key, value in cards.items()), **{"class": "cards"})
    shares = {"low": f"{100 * low:.1f}", "high": f"{100 * high:.1f}", "guess": f"{100 * commonest / total:.1f}"}
    yield tag("p", text("page.trust", right=f"{found.right:,}", total=f"{total:,}", **shares))
    if run.record.get("status") != "finished":
        yield tag("p", text("page.unfinished"), **{"class": "warning"})
    files_ = run.dataset.files
    if files_ is not None and files_.leaked:
        yield tag("p", text("cli.leaked", count=files_.leaked), **{"class": "warning"})


def _card(name: str, value: str) -> Html:
    return tag("div", tag("b", value), tag("span", name))


def _data(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    yield from _heading("data")
    data = run.dataset
    rows, columns, *color = data.image_shape
    size = f"{rows} x {columns}"
    about: dict[str, Any] = {
        text("page.name"): data.name,
        text("page.size"): f"{size} x 3" if color else size,
        text("page.train_rows"): f"{len(data.train_labels):,}",
        text("page.test_rows"): f"{len(data.test_labels):,}",
        text("page.classes"): ", ".join(data.class_names),
        text("page.hash"): tag("code", data.sha256),
    }
    yield facts("", about)
    yield from _skipped(run)
    for name in ("sample_images", "image_numbers", "one_hot"):
        yield from _picture(name, pictures)


def _skipped(run: Run) -> Parts:
    """Files that could not be read."""
    found = run.dataset.files
    if found is None or not found.reasons:
        return
    lines = [tag("li", reason) for reason in list(found.reasons.values())[:_SHOWN]]
    if len(found.reasons) > len(lines):
        lines.append(tag("li", text("cli.more", count=len(found.reasons) - len(lines))))
    yield folded(text("page.skipped", count=len(found.reasons)), tag("ul", *lines))


def _network(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    yield from _heading("network")
    columns = [text(f"page.column_{name}") for name in ("layer", "class", "shape", "parameters")]
    rows = [(name, kind, str(shape), f"{count:,}") for name, kind, shape, count in summary.rows(run.model.network)]
    yield _scrolled(table(text("page.layers"), columns, rows, right={3}), "scrolled lines")
    yield from _picture("chain_of_shapes", pictures)


def _scrolled(content: Html, kind: str = "scrolled") -> Html:
    return tag("div", content, **{"class": kind})


def _learning(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    if "training_curves" in pictures:
        yield from _heading("learning")
        yield from _picture("training_curves", pictures)


def _inside(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    names = [name for name in pictures if name.startswith("feature_maps_")]
    if names:
        yield from _heading("filters")
    elif "weight_images" in pictures:
        yield from _heading("weights")
    for name in [*names, "weight_images"]:
        yield from _picture(name, pictures)


def _mistakes(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    yield from _heading("mistakes")
    for name in ("misclassified", "confusion_matrix"):
        yield from _picture(name, pictures)
    columns = [text(f"page.column_{name}") for name in ("name", "rows", "recall", "precision", "f1")]
    rows = [
        (row["class"], f"{row['rows']:,}", *(f"{row[key]:.3f}" for key in ("recall", "precision", "f1")))
        for row in found.per_class
    ]
    yield tag("p", text("page.scores"))
    yield _scrolled(table(text("page.per_class"), columns, rows, right={1, 2, 3, 4}))


def _settings(run: Run, found: Measured, pictures: Mapping[str, bytes]) -> Parts:
    """How it was made, and how it can be made again."""
    yield from _heading("settings")
    yield tag("pre", command(run))
    record = run.record
    plain = {name: value for name, value in record["settings"].items() if value is not None}
    plain |= {name: _words(record[name]) for name in ("optimizer", "loss")}
    plain |= {name: record[name] for name in ("device", "engine", "created") if name in record}
    yield _scrolled(facts(text("page.settings_table"), plain))
    yield _scrolled(facts(text("page.versions"), record["versions"]))


def _words(described: Mapping[str, Any]) -> str:
    """A class and its settings as one would write them.

    Example:
        >>> _words({"class": "SGD", "settings": {"learning_rate": 0.1}})
        'SGD(learning_rate=0.1)'
    """
    settings = ", ".join(f"{name}={value}" for name, value in described["settings"].items())
    return f"{described['class']}({settings})"
