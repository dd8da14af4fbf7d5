"""Pieces of HTML for notebooks: elements, numbers, tables, folded parts.

They stand by themselves: no scripts, no classes, nothing fetched from elsewhere. Letters have the page's own colour and
lines a grey that lets the page through, so that light and dark pages both suit. What is put in is escaped.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape

NONE = "–"
"""What stands where there is no value."""

_LINE = "border-style:solid;border-width:0 0 1px;border-color:rgba(128,128,128,.4)"
_TABLE = "color:inherit;border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0"
_CELL = "padding:.15em .6em;vertical-align:top"
_SIDES = (f"text-align:left;{_CELL}", f"text-align:right;white-space:nowrap;{_CELL}")
_VOID = ("img",)


class Html(str):
    """What is HTML already and is not escaped again."""

    __slots__ = ()


def tag(name: str, *content: object, **attributes: str) -> Html:
    """An element with its attributes; contents are escaped unless they are ``Html``.

    Example:
        >>> tag("p", "a < b", tag("b", "&"), style="margin:0")
        '<p style="margin:0">a &lt; b<b>&amp;</b></p>'
    """
    words = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    inside = "".join(one if isinstance(one, Html) else escape(str(one)) for one in content)
    return Html(f"<{name}{words}/>" if name in _VOID else f"<{name}{words}>{inside}</{name}>")


def number(value: float) -> str:
    """A number in as few digits as tell it from its neighbours.

    Example:
        >>> [number(value) for value in (3_222_954, 0.98765, 0.0, 1.5e-7, -123456.0, float("nan"))]
        ['3,222,954', '0.9877', '0', '1.50e-07', '-1.23e+05', 'nan']
    """
    if isinstance(value, int):
        return f"{value:,}"
    if not value:
        return "0"
    return f"{value:.4f}" if 1e-3 <= abs(value) < 1e4 else f"{value:.2e}"


def table(
    caption: object, columns: Sequence[object], rows: Iterable[Sequence[object]], right: Collection[int] = ()
) -> Html:
    """A table whose first cell in each row names the row.

    Args:
        caption: what stands above it.
        columns: their names; none where each row explains itself.
        rows: as many cells as there are columns.
        right: which columns hold numbers, to be set to the right.

    Example:
        >>> made = table("sizes", ["layer", "parameters"], [("<a>", "1,500")], right={1})
        >>> made.count("<tr"), "&lt;a&gt;" in made, "<a>" in made
        (2, True, False)
    """
    head = tag("thead", _row([tag("th", name, scope="col", style=_side(k, right)) for k, name in enumerate(columns)]))
    body = [
        _row([tag("th" if k == 0 else "td", cell, **_words(k, right)) for k, cell in enumerate(row)]) for row in rows
    ]
    title = tag("caption", caption, style="text-align:left;font-weight:bold")
    return tag("table", title, head if columns else Html(), tag("tbody", *body), style=_TABLE)


def _row(cells: Iterable[Html]) -> Html:
    return tag("tr", *cells, style=_LINE)


def _words(column: int, right: Collection[int]) -> dict[str, str]:
    """The attributes of a cell; the first of a row says what the row is about."""
    style = {"style": _side(column, right)}
    return style if column else {"scope": "row", **style}


def _side(column: int, right: Collection[int]) -> str:
    return _SIDES[column in right]


def facts(caption: object, found: Mapping[str, object]) -> Html:
    """A table of names and their values, one below the other.

    Example:
        >>> "<td" in facts("run", {"seed": 7, "device": None}), "–" in facts("run", {"device": None})
        (True, True)
    """
    return table(caption, (), [(name, NONE if value is None else value) for name, value in found.items()])


def folded(summary: object, *content: object) -> Html:
    """A part that opens when its line is clicked.

    Example:
        >>> folded("more", tag("p", 1))
        '<details><summary>more</summary><p>1</p></details>'
    """
    return tag("details", tag("summary", summary), *content)
