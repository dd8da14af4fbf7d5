"""docs/mechanisms.md and docs/mechanisms.ja.md: every public mechanism, its formula, its rungs, its measured errors.

Usage: python tools/mechanisms.py [--check | --words]

The formula is the head of the file that holds the rule; where one file holds several (initial values, metrics, image
steps), it stands in tools/mechanisms.toml. tools/mechanisms_errors.py climbs every row of the contract table and every
test beside another library, and the largest deviation is written down as a power of ten, the worst of all of a
mechanism. Japanese formulas are the English ones, line by line, in the words of tools/mechanisms_ja.toml.

``--check`` climbs nothing: it only says whether the committed pages name every mechanism with its present formula.
``--words`` climbs nothing either: it writes formulas and texts anew and leaves the tables as they are.
"""

import argparse
import inspect
import math
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import frozen

from garasu import activations, filters, initializers, layers, losses, metrics, optimizers, regularizers, schedules
from garasu.models import pretraining
from garasu.pictures import scale_to_sum, steps
from garasu.train import averages, clipping, rate_finder

ROOT = Path(__file__).parent.parent
WORDS = tomllib.loads((Path(__file__).parent / "mechanisms.toml").read_text(encoding="utf-8"))
JAPANESE = tomllib.loads((Path(__file__).parent / "mechanisms_ja.toml").read_text(encoding="utf-8"))
RUNGS = ("hand", "formula", "differences", "vjp", "keras", "pytorch", "optax", "scipy", "fit", "float64", "float32")
LANGUAGES = ("en", "ja")
TRAINING = {
    "clipping": clipping,
    "use_ema": averages,
    "find_learning_rate": rate_finder,
    "pretrain": pretraining,
}
"""What stands around the training step, by the file that holds it."""


@frozen
class Mechanism:
    """A public rule: its group on the page, what users call it, and the text at the head of its file or of itself."""

    group: str
    name: str
    text: str
    whole: bool = True
    """Whether the text is the head of a file, which holds the formula."""

    @property
    def head(self) -> tuple[str, str]:
        """The first sentence, and what follows: the rest of the file's head, or the formula."""
        if not self.whole:
            first = re.sub(r" {4,}.*", "", inspect.cleandoc(self.text).split("\n\n")[0]).replace("\n", " ")
            return first, str(WORDS["formulas"][self.group][self.name])
        first, _, rest = inspect.cleandoc(self.text).partition("\n")
        sentence = first.partition(": ")[2] or first
        return sentence if self.group == "activations" else sentence[:1].upper() + sentence[1:], rest.strip("\n")

    @property
    def formula(self) -> str:
        """The paragraphs of its head that are formulas, not words; of an activation, its first line."""
        if self.group == "activations":
            return self.head[0].partition(". ")[0].rstrip(".")
        if not self.whole:
            return self.head[1].strip("\n")
        paragraphs = re.split(r"\n\s*\n", self.head[1])
        known = r"(eta\(s\)|[A-Za-z']{1,6}(_\w+)?) +(=|<-) "
        kept = [one for one in paragraphs if one.startswith("    ") or re.match(known, one)]
        return "\n\n".join(textwrap.dedent(one) for one in kept)


def mechanisms() -> list[Mechanism]:
    """All of them, group by group."""
    return [one for group in WORDS["groups"] for one in FOUND[group](group)]


def _activations(group: str) -> list[Mechanism]:
    return [Mechanism(group, name, _file_of(rule.backward)) for name, rule in activations.RULES.items()]


def _one_file_each(module: Any) -> Callable[[str], list[Mechanism]]:
    return lambda group: [Mechanism(group, one.__name__, _file_of(one)) for one in module.CLASSES]


def _named(names: Mapping[str, Any]) -> Callable[[str], list[Mechanism]]:
    """Things by their names; of several names for one thing, the one that the words have."""

    def found(group: str) -> list[Mechanism]:
        return [Mechanism(group, name, names[name].__doc__ or "", False) for name in WORDS["said"][group]]

    return found


def _file_of(thing: Any) -> str:
    return sys.modules[thing.__module__].__doc__ or ""


def _training(group: str) -> list[Mechanism]:
    return [Mechanism(group, name, module.__doc__ or "") for name, module in TRAINING.items()]


def made_here(module: ModuleType) -> dict[str, Any]:
    """The public functions of a module, by name."""
    mine = inspect.getmembers(module, lambda one: inspect.isfunction(one) and one.__module__ == module.__name__)
    return {name: one for name, one in mine if not name.startswith("_")}


GIVEN = {name: one for name, one in made_here(filters).items() if name != "bank"}
STEPS = {**{one.__name__: one for one in steps.CLASSES}, "scale_to_sum": scale_to_sum}
NAMED: dict[str, Mapping[str, Any]] = {
    "initializers": initializers.NAMES,
    "regularizers": regularizers.NAMES,
    "metrics": metrics.NAMES,
    "steps": STEPS,
    "filters": GIVEN,
}
FOUND: dict[str, Callable[[str], list[Mechanism]]] = {
    "activations": _activations,
    "layers": _one_file_each(layers),
    "losses": _one_file_each(losses),
    "optimizers": _one_file_each(optimizers),
    "schedules": _one_file_each(schedules),
    **{group: _named(names) for group, names in NAMED.items()},
    "training": _training,
}


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


def page(language: str, tables: Mapping[str, str]) -> str:
    """One page in Markdown, around the table of each group."""
    words, everyone = WORDS[language], mechanisms()
    parts = [words["head"]]
    for group in WORDS["groups"]:
        parts.append(f"## {words[group]}\n\n{words['about'][group]}\n\n{tables[group]}\n")
        parts += [_section(one, language) for one in everyone if one.group == group]
    return "\n".join(parts).rstrip() + "\n"


def tables(language: str, errors: Mapping[tuple[str, str], Mapping[str, float]]) -> dict[str, str]:
    """The table of each group: a row for each mechanism, a column for each rung that any of them has."""
    words, found = WORDS[language], dict[str, str]()
    for group in WORDS["groups"]:
        mine = {one: errors.get((group, one.name), {}) for one in mechanisms() if one.group == group}
        rungs = [rung for rung in RUNGS if any(rung in measured for measured in mine.values())]
        lines = [f"| | {' | '.join(words['rungs'][rung] for rung in rungs)} |", "|---" * (len(rungs) + 1) + "|"]
        for one, measured in mine.items():
            cells = " | ".join(_cell(rung, measured.get(rung)) for rung in rungs)
            lines.append(f"| [{one.name}](#{anchor(one)}) | {cells} |")
        found[group] = "\n".join(lines)
    return found


def committed(language: str) -> dict[str, str]:
    """The tables that stand on the page now."""
    text = (ROOT / "docs" / file_of(language)).read_text(encoding="utf-8")
    return dict(zip(WORDS["groups"], re.findall(r"^\| \|.*?\|$(?=\n\n)", text, re.MULTILINE | re.DOTALL), strict=True))


def _cell(rung: str, found: float | None) -> str:
    """A number of cases for what is worked by hand, else a power of ten."""
    return str(int(found) if found else "-") if rung == "hand" else power(found)


def anchor(one: Mechanism) -> str:
    """Where on the page a mechanism stands."""
    return f"{one.group}-{one.name}".lower().replace("_", "-")


def _section(one: Mechanism, language: str) -> str:
    sentence, rest = one.head
    body = rest.strip("\n") if language == "en" else in_japanese(one)
    said = sentence if language == "en" else WORDS["said"][one.group][one.name]
    heading = f'<a id="{anchor(one)}"></a>\n### {one.name}\n\n{said}\n'
    return heading + (f"\n```text\n{body}\n```\n" if body.strip() else "")


def in_japanese(one: Mechanism) -> str:
    """The formula in Japanese words, and what its letters mean."""
    lines = [JAPANESE["lines"].get(line.strip(), line.rstrip()) for line in one.formula.splitlines()]
    return "\n".join([*lines, *_where(one.group, one.name)]).strip("\n")


def _where(group: str, name: str) -> Iterable[str]:
    meaning = JAPANESE["where"].get(group, {}).get(name)
    return ["", meaning.strip("\n")] if meaning else []


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
    made.add_argument("--words", action="store_true", help="climb nothing; write all but the tables")
    asked = made.parse_args(arguments)
    if asked.check:
        lacking = {language: missing(language) for language in LANGUAGES}
        for language, names in lacking.items():
            print(f"docs/{file_of(language)}: {'lacks ' + ', '.join(names) if names else 'complete'}")
        return 1 if any(lacking.values()) else 0
    if asked.words:
        found = {language: committed(language) for language in LANGUAGES}
    else:
        from tools.mechanisms_errors import climbed  # here: it brings in the tests and the other libraries

        errors = climbed()
        found = {language: tables(language, errors) for language in LANGUAGES}
    for language in LANGUAGES:
        (ROOT / "docs" / file_of(language)).write_text(page(language, found[language]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
