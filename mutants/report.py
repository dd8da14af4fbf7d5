"""The table of a run: how many mutants of each kind and file were noticed, by which rung, and who got past and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mutants.run import Fate

_HEAD = """# Mutants: the proofs, put to the proof

`python -m mutants` changes one small thing in a backward rule, in a transpose that such rules stand on, or in an
optimizer's update, and climbs the contract table with the changed rule: the rows worked by hand first, then the audit
kit, then test files of what is no row, until one notices. What gets past either shows a hole in the proofs, or is no
mistake at all: then the last table says why. Keras, PyTorch and Optax are not asked. Forward rules are not changed: the
rungs compare each with its backward rule, and with those libraries.
"""

_RUNGS = """`hand` is a row worked by hand, `tests` a test file beside the table; `error` means that the changed rule
could not run at all; the others are rungs of the audit kit.
"""


def note(fates: Sequence[Fate], explained: Mapping[str, str], when: str) -> str:
    """The page, in Markdown."""
    survivors = [fate for fate in fates if not fate.caught]
    parts = [
        _HEAD,
        _summary(fates, survivors, explained, when),
        "## By kind of change\n",
        _table(("kind", "mutants", "noticed"), _counted(fates, "kind")),
        "## By the rung that noticed first\n",
        _RUNGS,
        _table(("rung", "mutants"), sorted(Counter(str(f.rung) for f in fates if f.caught).items(), key=_most)),
        "## By file\n",
        _table(("file", "mutants", "noticed"), _counted(fates, "file")),
        "## Who got past\n",
        _table(
            ("mutant", "before", "after", "why"),
            [
                (f"`{f.id}`, line {f.line}", _code(f.before), _code(f.after), explained.get(f.id, "**not explained**"))
                for f in survivors
            ],
        ),
    ]
    return "\n".join(parts)


def _summary(fates: Sequence[Fate], survivors: Sequence[Fate], explained: Mapping[str, str], when: str) -> str:
    caught, ran = len(fates) - len(survivors), [fate for fate in fates if fate.rung != "error"]
    wrong, known = len(ran) - len(survivors), sum(fate.id in explained for fate in survivors)
    return (
        f"{when}: **of {len(ran)} mutants that could run at all, {wrong} were noticed, {_share(wrong, len(ran))}**. "
        f"With the {len(fates) - len(ran)} that could not: {caught} of {len(fates)}, {_share(caught, len(fates))}. "
        f"Of the {len(survivors)} that got past, {known} are explained below.\n"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _counted(fates: Sequence[Fate], attribute: str) -> list[tuple[str, int, int]]:
    all_of = Counter(getattr(fate, attribute) for fate in fates)
    caught = Counter(getattr(fate, attribute) for fate in fates if fate.caught)
    return [(name, count, caught[name]) for name, count in sorted(all_of.items())]


def _code(source: str) -> str:
    line = " ".join(source.split()).replace("|", "\\|")
    return f"`{line if len(line) <= 60 else line[:57] + '...'}`"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return "None.\n"
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"
