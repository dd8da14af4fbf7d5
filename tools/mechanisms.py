"""docs/mechanisms.md and docs/mechanisms.ja.md: every public mechanism, its formula, its rungs, its measured errors.

Usage: python tools/mechanisms.py [--check]

The formula is the head of the file that holds the rule. Every row of the contract table is climbed and its largest
deviation written down as a power of ten, the worst of all rows of a mechanism. ``--check`` climbs nothing: it only says
whether the committed pages name every mechanism with its present formula.
"""

import argparse
import inspect
import math
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import frozen

from garasu import activations, initializers, layers, losses, metrics, optimizers, regularizers, schedules

ROOT = Path(__file__).parent.parent
WORDS = tomllib.loads((Path(__file__).parent / "mechanisms.toml").read_text(encoding="utf-8"))
RUNGS = ("hand", "differences", "vjp", "keras", "pytorch", "optax", "float64", "float32")
LANGUAGES = ("en", "ja")
OTHERS = {"initializers": initializers, "regularizers": regularizers, "schedules": schedules, "metrics": metrics}
"""What has no slope of its own."""


@frozen
class Mechanism:
    """A public rule: what users call it, the file that holds it, and its group on the page."""

    group: str
    name: str
    module: ModuleType

    @property
    def head(self) -> tuple[str, str]:
        """The first sentence of its file, and what follows."""
        first, _, rest = inspect.cleandoc(self.module.__doc__ or "").partition("\n")
        sentence = first.partition(": ")[2] or first
        return sentence if self.group == "activations" else sentence[:1].upper() + sentence[1:], rest.strip("\n")

    @property
    def formula(self) -> str:
        """The paragraphs of its head that are formulas, not words; of an activation, its first line."""
        if self.group == "activations":
            return self.head[0].partition(". ")[0].rstrip(".")
        paragraphs = re.split(r"\n\s*\n", self.head[1])
        kept = [one for one in paragraphs if one.startswith("    ") or re.match(r"[A-Za-z']{1,6}(_\w+)? +(=|<-) ", one)]
        return "\n\n".join(textwrap.dedent(one) for one in kept)


def mechanisms() -> list[Mechanism]:
    """All of them, group by group."""
    classes = {"layers": layers.CLASSES, "losses": losses.CLASSES, "optimizers": optimizers.CLASSES}
    found = [Mechanism("activations", name, _module_of(rule.backward)) for name, rule in activations.RULES.items()]
    found += [Mechanism(group, one.__name__, _module_of(one)) for group, all_of in classes.items() for one in all_of]
    return sorted(found, key=lambda one: list(WORDS["groups"]).index(one.group))


def _module_of(thing: Any) -> ModuleType:
    return sys.modules[thing.__module__]


# ------------------------------------------------------------------------------------------------------ measuring


@contextmanager
def recorded(module: ModuleType) -> Generator[list[float]]:
    """Within this context a test module's ``close`` also writes down what it measured."""
    errors: list[float] = []
    true: Any = module.close

    def close(*args: Any, **kwargs: Any) -> float:
        errors.append(true(*args, **kwargs))
        return errors[-1]

    module.close = close
    try:
        yield errors
    finally:
        module.close = true


def _measured(test: Callable[..., Any], *args: Any) -> float | None:
    """The largest deviation a test meets, or None where it has nothing to compare with."""
    import pytest

    with recorded(_module_of(test)) as errors:
        try:
            test(*args)
        except pytest.skip.Exception:
            return None
    return max(errors, default=None)


def _kit(report: Any) -> dict[str, float | None]:
    worst: dict[str, float | None] = {}
    for rung in report.rungs:
        if rung.name in RUNGS and rung.error is not None:
            worst[rung.name] = max(rung.error, worst.get(rung.name) or 0.0)
    return worst


def climbed() -> dict[tuple[str, str], dict[str, float]]:
    """The worst deviation of every mechanism on every rung."""
    from tests.contract import contract_rows, test_contract_layers, test_contract_losses, test_contract_optimizers

    table: dict[tuple[str, str], dict[str, float]] = {}

    def note(group: str, name: str, rungs: Mapping[str, float | None]) -> None:
        mine = table.setdefault((group, name), {})
        mine["hand"] = mine.get("hand", 0) + (rungs["hand"] or 0)
        for rung, error in rungs.items():
            if error is not None and rung != "hand":
                mine[rung] = max(error, mine.get(rung, 0.0))

    for row in contract_rows.LAYER_ROWS:
        found = _layer(test_contract_layers, row)
        if row in contract_rows.ACTIVATION_ROWS:
            note("activations", _name(row), found)
        note("layers", type(row.layer).__name__ if row in contract_rows.ACTIVATION_ROWS else _name(row), found)
    for row in contract_rows.LOSS_ROWS:
        note("losses", _name(row), _rule(test_contract_losses, row, ("keras", "pytorch")))
    for row in contract_rows.OPTIMIZER_ROWS:
        note("optimizers", _name(row), _rule(test_contract_optimizers, row, ("keras", "optax", "pytorch")))
    return table


def _name(row: Any) -> str:
    return row.covers if isinstance(row.covers, str) else row.covers.__name__


def _layer(module: Any, row: Any) -> dict[str, float | None]:
    hands = (row.hand, *row.also)
    for hand in hands:
        module.test_by_hand(row, hand)
    modes = {
        name: [_measured(getattr(module, f"test_against_{name}"), row, mode) for mode in row.modes]
        for name in ("keras", "pytorch")
    }
    worst = {name: max((e for e in found if e is not None), default=None) for name, found in modes.items()}
    return {"hand": len(hands), **worst, **_audit(module, row)}


def _audit(module: Any, row: Any) -> dict[str, float | None]:
    """What the kit reports when the row's own audit is run."""
    reports: list[Any] = []
    names = [name for name in vars(module) if name.startswith("check_")]
    kept = {name: getattr(module, name) for name in names}

    def watched(check: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            reports.append(check(*args, **kwargs))
            return reports[-1]

        return run

    try:
        for name, check in kept.items():
            setattr(module, name, watched(check))
        module.test_audit(row)
    finally:
        for name, check in kept.items():
            setattr(module, name, check)
    return {name: error for report in reports for name, error in _kit(report).items()}


def _rule(module: Any, row: Any, peers: Iterable[str]) -> dict[str, float | None]:
    asked = [name for name in peers if getattr(row, {"pytorch": "torch"}.get(name, name)) is not None]
    beside = {name: _measured(getattr(module, f"test_against_{name}"), row) for name in asked}
    module.test_by_hand(row)
    return {"hand": 1, **beside, **_audit(module, row)}


# ------------------------------------------------------------------------------------------------------ the pages


def power(error: float | None) -> str:
    """An error to the power of ten, rounded up.

    Example:
        >>> power(2e-16), power(0.0), power(None)
        ('10⁻¹⁵', '0', '-')
    """
    if error is None:
        return "-"
    if error == 0.0:
        return "0"
    digits = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    return "10" + str(math.ceil(math.log10(error))).translate(digits)


def page(language: str, table: Mapping[tuple[str, str], Mapping[str, float]]) -> str:
    """One page in Markdown."""
    words = WORDS[language]
    parts = [words["head"]]
    for group in WORDS["groups"]:
        mine = [one for one in mechanisms() if one.group == group]
        parts.append(f"## {words[group]}\n")
        parts.append(_table(mine, table, words))
        parts += [_section(one, language) for one in mine]
    parts.append(words["others"])
    parts += [_others(group, language) for group in OTHERS]
    return "\n".join(parts).rstrip() + "\n"


def _table(mine: Sequence[Mechanism], table: Mapping[tuple[str, str], Mapping[str, float]], words: Any) -> str:
    rungs = [rung for rung in RUNGS if any(rung in table.get((one.group, one.name), {}) for one in mine)]
    lines = [f"| | {' | '.join(words['rungs'][rung] for rung in rungs)} |", "|---" * (len(rungs) + 1) + "|"]
    for one in mine:
        errors = table.get((one.group, one.name), {})
        lines.append(f"| [{one.name}](#{anchor(one)}) | {' | '.join(_cell(r, errors.get(r)) for r in rungs)} |")
    return "\n".join(lines) + "\n"


def _cell(rung: str, found: float | None) -> str:
    """A number of cases for what is worked by hand, else a power of ten."""
    return str(found or "-") if rung == "hand" else power(found)


def anchor(one: Mechanism) -> str:
    """Where on the page a mechanism stands."""
    return f"{one.group}-{one.name}".lower().replace("_", "-")


def _section(one: Mechanism, language: str) -> str:
    sentence, rest = one.head
    body = rest if language == "en" else one.formula
    said = sentence if language == "en" else WORDS["said"][one.group][one.name]
    heading = f'<a id="{anchor(one)}"></a>\n### {one.name}\n\n{said}\n'
    return heading + (f"\n```text\n{body.strip(chr(10))}\n```\n" if body.strip() else "")


def _others(group: str, language: str) -> str:
    """Names with their first sentences: what is no rule with a slope."""
    words = WORDS[language]
    lines = [f"### {words[group]}\n", f"{words['others_' + group]}\n"]
    module: Any = OTHERS[group]
    said = {name: _first_sentence(thing, group, name, language) for name, thing in module.NAMES.items()}
    return "\n".join([*lines, *(f"- `{name}`: {sentence}" for name, sentence in said.items())]) + "\n"


def _first_sentence(thing: Any, group: str, name: str, language: str) -> str:
    if language == "ja":
        return WORDS["said"][group][name]
    return re.sub(r" {4,}.*", "", inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0]).replace("\n", " ")


def missing(language: str) -> list[str]:
    """The mechanisms that the committed page does not show with their present formula."""
    text = (ROOT / "docs" / file_of(language)).read_text(encoding="utf-8")
    return [one.name for one in mechanisms() if _section(one, language) not in text]


def file_of(language: str) -> str:
    """The name of a language's page."""
    return "mechanisms.md" if language == "en" else f"mechanisms.{language}.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Climb and write both pages, or check them."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--check", action="store_true", help="climb nothing; 1 if a page lacks a mechanism")
    if made.parse_args(arguments).check:
        lacking = {language: missing(language) for language in LANGUAGES}
        for language, names in lacking.items():
            print(f"docs/{file_of(language)}: {'lacks ' + ', '.join(names) if names else 'complete'}")
        return 1 if any(lacking.values()) else 0
    table = climbed()
    for language in LANGUAGES:
        (ROOT / "docs" / file_of(language)).write_text(page(language, table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
