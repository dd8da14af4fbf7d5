"""Tables line up in a terminal, where a Japanese letter takes two cells, in both languages and whatever the names."""

from unicodedata import combining, east_asian_width

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from garasu import layers
from garasu.cli import evaluate, runs
from garasu.messages import text
from garasu.models import summary
from garasu.networks import Network

NAMES = ["c9", "数字", "カタカナの名前", "ﾊﾝｶｸ", "Ｗｉｄｅ", "が", "か\u3099", "naïve", "猫🐈"]
"""Narrow, wide, half-wide, full-width Latin, one letter in two pieces, accented, and a picture."""


def cells(words):
    """How many cells of a terminal a text takes, by Unicode's own table; what is only combined with a letter: none."""
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def places(line, row):
    """The cells at which each text of a row starts and ends, found from left to right in a line."""
    found, at = [], 0
    for words in row:
        at = line.index(words, at)
        found.append((cells(line[:at]), cells(line[: at + len(words)])))
        at += len(words)
    return found


def misplaced(lines, rows, right=()):
    """The columns that do not start (those in ``right``: end) at the same cell in all lines."""
    found = [places(line, row) for line, row in zip(lines, rows, strict=True)]
    return [
        column
        for column, each in enumerate(zip(*found, strict=True))
        if len({one[column in right] for one in each}) > 1
    ]


def test_a_column_that_is_out_of_line_is_seen():
    rows = [["a", "1"], ["数字", "2"]]
    assert misplaced(["a     1", "数字  2"], rows) == []
    assert misplaced(["a     1", "数字    2"], rows) == [1]
    padded = [f"{name:6}{number}" for name, number in rows]  # counts letters, not cells
    assert misplaced(padded, rows) == [1]
    assert misplaced(["   a 1", "数字 2"], rows) == [0]
    assert misplaced(["   a 1", "数字 2"], rows, right={0}) == []


@pytest.mark.usefixtures("language")
def test_the_table_of_runs(capsys):
    record = {"network": "c9", "status": "finished", "epochs": 12, "test_accuracy": 0.5, "created": "2026-01-02T03:04"}
    statuses = ["training", "finished", "interrupted", "failed", "damaged"]
    found = [{**record, "name": name, "data": name, "status": statuses[k % 5]} for k, name in enumerate(NAMES)]
    runs._print(found)
    head = [text(f"cli.column_{column}") for column in runs.COLUMNS]
    shown = [[runs._cell(column, row.get(column)) for column in runs.COLUMNS] for row in found]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(NAMES)
    assert misplaced(lines, [head, *shown]) == []


@pytest.mark.usefixtures("language")
def test_the_table_of_an_evaluation(capsys):
    """It may be wider than a terminal of 80 columns, and yet no name and no count is cut."""
    labels = np.arange(len(NAMES)).repeat(3)
    matrix = confusion_matrix(labels, np.roll(labels, 1)).tolist()
    found = {"run": "runs/数字", "data": "digits", "rows": 27, "right": 18, "accuracy": 2 / 3, "loss": 0.5}
    shares = dict(zip(("recall", "precision", "f1"), (0.5, 0.25, 1 / 3), strict=True))
    ends = {f"{name}_interval": (share / 2, 1.0) for name, share in shares.items()}
    per_class = [{"class": name, "rows": 1000, **shares, **ends} for name in NAMES]
    evaluate._print(found | {"accuracy_interval": (0.5, 0.8), "confusion_matrix": matrix, "per_class": per_class})
    _, title, head, *lines = capsys.readouterr().out.splitlines()
    lines, (empty, second, heads, *others) = lines[: len(NAMES)], lines[len(NAMES) :]
    assert (title.strip(), second.strip(), empty) == (text("cli.confusion"), text("cli.by_class"), "")
    counts = [[str(number or "·") for number in row] for row in matrix]
    rows = [[name, *row] for name, row in zip(NAMES, counts, strict=True)]
    right = range(len(NAMES) + 1)
    assert misplaced(lines, rows, right) == []
    assert misplaced([head, *lines], [["", *NAMES], *rows], right) == [0]  # above the names stands nothing
    columns = [text(f"cli.column_{column}") for column in evaluate.COLUMNS]
    shown = ["1,000", "0.500 (0.25-1.00)", "0.250 (0.12-1.00)", "0.333 (0.17-1.00)"]
    rows = [columns, *([name, *shown] for name in NAMES)]
    assert misplaced([heads, *others], rows, range(5)) == []


@pytest.mark.usefixtures("language")
def test_the_table_of_a_network():
    stack = [layers.Dense(1000 + k, name=name) for k, name in enumerate(NAMES)]
    drawn = summary.render(Network(stack, (3,))).splitlines()
    lines = [line for line in drawn if line.startswith(("┃", "│"))]
    head = ["┃", text("models.column_layer"), "┃", text("models.column_shape"), "┃", text("models.column_count"), "┃"]
    rows = [
        ["│", f"{name} ({kind})", "│", str(shape), "│", f"{count:,}", "│"]
        for name, kind, shape, count in summary.rows(Network(stack, (3,)))
    ]
    assert misplaced(lines, [head, *rows], right={5}) == []
    assert {cells(line) for line in drawn[1:-3]} == {80}


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize(
    "names", [["a class of flowers with a very long name", "猫", "x"], [f"c{k}" for k in range(30)]]
)
def test_over_a_wide_confusion_matrix_stand_the_numbers_of_the_classes(names):
    counts = [[str(7 * row + column) for column in range(len(names))] for row in range(len(names))]
    table = evaluate._confusion(names, counts)
    numbers = [str(number) for number in range(len(names))]
    assert table.title == text("cli.confusion_numbered")
    assert [column.header for column in table.columns] == ["", *numbers]
    shown = [list(column.cells) for column in table.columns]
    assert shown[0] == [f"{name} {number}" for name, number in zip(names, numbers, strict=True)]
    assert [list(row) for row in zip(*shown[1:], strict=True)] == counts


def test_where_there_is_room_the_names_themselves_stand_there():
    table = evaluate._confusion(["cat", "犬"], [["1", "2"], ["3", "4"]])
    assert [column.header for column in table.columns] == ["", "cat", "犬"]
