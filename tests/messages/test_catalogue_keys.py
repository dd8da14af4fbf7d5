"""Keys that are not written out where they are asked for: put together, handed on, kept in a variable.

What is written out is looked at in test_catalogue_texts.py.
"""

import ast
import re

import numpy as np
import pytest

from garasu import figures
from garasu.cli import data as data_verb
from garasu.cli import doctor, evaluate, runs, slope_table
from garasu.messages import LANGUAGES
from garasu.models import gradient_report, notebook
from garasu.networks import preparation, trace_html
from garasu.pictures import DigitPreparation, PhotoPreparation
from garasu.testing import judge, ladder
from tests.messages.test_catalogue_texts import AREAS, SOURCE, placeholders, texts

KNOWN = {f"{area}.{key}": text for area in AREAS for key, text in texts("en", area).items()}
TREES = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}

NO_KEYS = {"pictures.u8"}
"""What looks like a key: a file's name."""


def nodes(kind):
    """Every node of a kind: (place, node)."""
    for file, tree in TREES.items():
        yield from ((f"{file}:{node.lineno}", node) for node in ast.walk(tree) if isinstance(node, kind))


def called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def value(node):
    return node.value if isinstance(node, ast.Constant) else None


def literal_keys():
    """Every literal that looks like a key of an area there is: (place, key)."""
    pattern = re.compile(rf"({'|'.join(AREAS)})\.[a-z_0-9]+")
    return [(place, value(node)) for place, node in nodes(ast.Constant) if pattern.fullmatch(str(value(node)))]


def test_every_literal_that_looks_like_a_key_is_one():
    """In a tuple, a dict or a variable too; the start of one in an f-string has its test below."""
    started = {value(part) for _, node in nodes(ast.JoinedStr) for part in node.values}
    wrong = [one for one in literal_keys() if one[1] not in KNOWN and one[1] not in NO_KEYS | started]
    assert wrong == []


# ------------------------------------------------------------------------------------------ keys put together


def failures():
    """The keys that rungs fail with."""
    return {value(call.args[0]) for _, call in nodes(ast.Call) if called(call) == "fail"}


def kinds():
    """What nearest() is asked for."""
    return rules() | {
        value(call.args[0])
        for place, call in nodes(ast.Call)
        if called(call) == "nearest" and not place.startswith("messages/chosen.py")
    }


def rules():
    """The kinds of what compile and layers are given as itself, as a class or by its name."""
    asks = [call for place, call in nodes(ast.Call) if not place.startswith(("messages/", "data/"))]
    return {value(call.args[0]) for call in asks if called(call) in ("chosen", "refused")}


def stages():
    pixels = np.where(np.eye(30) > 0, 0.0, 255.0)
    return {*DigitPreparation().stages(pixels), *PhotoPreparation(8, 8, False).stages(pixels)}


def drawn():
    """The names of the pictures in a report; those of filters begin alike."""
    names = {value(node) for place, node in nodes(ast.Constant) if place.startswith("reports/drawing.py")}
    return {name for name in names if name in dir(figures)} | {"feature_maps"}


CARDS = {"accuracy", "loss", "parameters", "epochs", "steps"}
SECTIONS = {"data", "network", "learning", "filters", "weights", "mistakes", "settings"}
RUN = {"folder", "network", "data", "parameters", "seed", "device", "status"}
SIDES, CURVES = {"training", "test"}, {"training", "validation"}

COMPLETIONS = {
    "check.column_": lambda: {"rule", "rungs", "error"},
    "check.slope_": lambda: {*slope_table.COLUMNS, "mode"},
    "check.verdict_": lambda: set(slope_table.VERDICTS),
    "cli.check_part_": lambda: {"train", "test", "all"},
    "cli.column_": lambda: {*runs.COLUMNS, *evaluate.COLUMNS},
    "cli.data_": lambda: set(data_verb._shown("digits")),
    "cli.doctor_": lambda: {"cores", "programs", *doctor.examine()},
    "cli.status_": lambda: {"training", "finished", "interrupted", "failed", "damaged"},
    "copies.column_": lambda: {"mean", "spread", "least", "greatest", "n", "stopped"},
    "data.part_": lambda: SIDES,
    "figures.": lambda: CURVES,
    "figures.best_": lambda: CURVES,
    "folders.no_": lambda: SIDES,
    "gradients.": lambda: {unit for unit, _ in gradient_report._UNITS},
    "gradients.column_": lambda: set(gradient_report._COLUMNS),
    "gradients.row_": lambda: {"input", "all"},
    "kinds.": kinds,
    "names.wanted_": rules,
    "notebook.": lambda: set(notebook._MEASURES),
    "notebook.column_": lambda: {"layer", "kind", "shape", "count", "training"},
    "notebook.run_": lambda: RUN | {"settings", "measured", "versions"},
    "notebook.split_": lambda: set(notebook._SPLITS),
    "notebook.status_": lambda: set(notebook._STATUSES),
    "notebook.trace_": lambda: set(trace_html._COLUMNS),
    "page.": lambda: CARDS | SECTIONS | {f"{name}_see" for name in SECTIONS},
    "page.alt_": drawn,
    "page.scale_": lambda: set(preparation.SCALES),
    "page.column_": lambda: (
        {"layer", "class", "shape", "parameters", "name", *evaluate.COLUMNS, "answer", "count", "share"}
    ),
    "pictures.stage_": stages,
    "testing.": failures,
    "testing.array_": lambda: set(judge._PARTS),
    "testing.arrays_": lambda: set(judge._PARTS),
    "testing.column_": lambda: {"rung", "error", "allowed"},
    "testing.raised_": lambda: {"purity", "float64", "vjp"},
    "testing.what_": lambda: set(ladder.NAMES),
}
"""All that may stand behind the start of a key, as the program itself has it where it has it in one place."""


def starts():
    """The starts of keys that f-strings complete."""
    pattern = re.compile(rf"({'|'.join(AREAS)})\.[a-z_0-9]*")
    firsts = [value(node.values[0]) for _, node in nodes(ast.JoinedStr) if node.values]
    return {first for first in firsts if first and pattern.fullmatch(first)}


def test_every_start_of_a_key_is_looked_at():
    assert starts() == set(COMPLETIONS)


@pytest.mark.parametrize("start", COMPLETIONS)
def test_every_completion_of_a_key_exists(start):
    ends = COMPLETIONS[start]()
    assert len(ends) > 1 and None not in ends  # None: not a literal, so nobody can tell what is asked for
    for code in LANGUAGES:
        area, _, first = start.partition(".")
        assert sorted(end for end in ends if first + end not in texts(code, area)) == []


def test_no_text_hides_behind_the_start_of_a_key():
    """It would stay for ever, said by nobody."""
    asked = {key for _, key in literal_keys()} | {start + end for start, ends in COMPLETIONS.items() for end in ends()}
    assert sorted(KNOWN.keys() - asked) == []


# ---------------------------------------------------------------------------------------------- keys handed on

HANDED_ON = {
    "_say": ("", {"epoch", "monitor"}),  # callbacks
    "fail": ("testing.", {"layer", "rung", "what"}),  # the audit kit's judge
}
"""Functions that make a sentence of a key: what they put before it, and the fields they add."""


def keys_in(node):
    """The keys an argument may be: a literal, or the choice of two."""
    if isinstance(node, ast.IfExp):
        return keys_in(node.body) | keys_in(node.orelse)
    return {value(node)} if isinstance(value(node), str) else set()


def handed_on():
    """(place, key, fields) of every key that goes through one of these functions, or is a choice of two."""
    for place, call in nodes(ast.Call):
        if not call.args or None in [keyword.arg for keyword in call.keywords]:
            continue
        before, added = HANDED_ON.get(called(call), ("", set()))
        if called(call) in HANDED_ON or isinstance(call.args[0], ast.IfExp):
            for key in keys_in(call.args[0]):
                if before + key in KNOWN:
                    yield place, before + key, added | {keyword.arg for keyword in call.keywords}


def test_a_key_that_is_handed_on_gets_its_fields():
    found = list(handed_on())
    wanted = {key: {name for name, _, _ in placeholders(KNOWN[key])} for _, key, _ in found}
    assert len(found) > 15
    assert [(place, key, wanted[key] - fields) for place, key, fields in found if wanted[key] - fields] == []


# --------------------------------------------------------------------------------------------------- too early


def at_import(tree):
    """The calls of ``text`` that run when a module is loaded."""
    waiting, found = [tree], []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and called(node) == "text":
            found.append(node.lineno)
        inside = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            body = node.body if isinstance(node.body, list) else [node.body]
            inside = [one for one in inside if one not in body]
        waiting += inside
    return found


def test_no_text_is_made_while_a_module_is_loaded():
    """It would keep the language of that moment. The command line chooses its language before it loads its verbs."""
    early = {file: at_import(tree) for file, tree in TREES.items() if not file.startswith("cli/")}
    assert {file: lines for file, lines in early.items() if lines} == {}


def test_a_text_made_too_early_is_seen():
    assert at_import(ast.parse("X = text('a.b')\ndef f(x=text('a.b')):\n    return text('a.b')")) == [2, 1]
    assert at_import(ast.parse("class A:\n    x = text('a.b')\n    def f(self):\n        text('a.b')")) == [2]
    assert at_import(ast.parse("f = lambda: text('a.b')")) == []
