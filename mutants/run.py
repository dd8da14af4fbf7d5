"""All mutants, one after another: each meets the proofs that reach the changed function, until one notices."""

import ast
import copy
import os
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache
from multiprocessing import get_context

from attrs import frozen

from mutants.operators import Mutant
from mutants.proofs import Proof, proofs
from mutants.swap import code_of, swapped
from mutants.targets import Target, changes_of, targets

_SEEN = "_mutants_seen"
Reach = Mapping[str, Sequence[str]]
"""For each target the proofs that run it, the quickest first."""


@frozen
class Fate:
    """What became of a mutant: which proof noticed it and on which rung, or nobody."""

    id: str
    kind: str
    file: str
    function: str
    line: int
    before: str
    after: str
    proof: str | None
    rung: str | None

    @property
    def caught(self) -> bool:
        """Whether any proof noticed."""
        return self.proof is not None


@cache
def _proofs() -> dict[str, Proof]:
    return {one.name: one for one in proofs()}


@cache
def _targets() -> dict[str, Target]:
    return {one.name: one for one in targets()}


def reach(names: Sequence[str]) -> dict[str, list[tuple[float, str]]]:
    """Climb proofs with the true rules; which functions did each run, and how long did it take?

    Raises:
        RuntimeError: a proof fails with nothing changed.
    """
    found: dict[str, list[tuple[float, str]]] = {}
    with ExitStack() as stack:
        for target in _targets().values():
            function = target.function()
            function.__globals__.setdefault(_SEEN, set())
            stack.enter_context(swapped(function, code_of(_marked(target), target)))
        for name in names:
            for target in _targets().values():
                target.function().__globals__[_SEEN].clear()
            began = time.perf_counter()
            verdict = _proofs()[name].verdict()
            seconds = time.perf_counter() - began
            if verdict is not None:
                raise RuntimeError(f"{name}: fails on rung {verdict} with nothing changed")
            for target in _targets().values():
                if target.name in target.function().__globals__[_SEEN]:
                    found.setdefault(target.name, []).append((seconds, name))
    return found


def _marked(target: Target) -> ast.Module:
    """The module with a note at the head of the function that it was run."""
    tree = copy.deepcopy(target.module)
    note = ast.parse(f"{_SEEN}.add({target.name!r})").body[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (node.name, node.lineno) == (target.node.name, target.node.lineno):
            node.body.insert(0, note)
    return ast.fix_missing_locations(tree)


def fates(name: str, reach: Reach) -> list[Fate]:
    """Every mutant of one target."""
    target = _targets()[name]
    counts: dict[str, int] = {}
    found: list[Fate] = []
    for mutant in changes_of(target):
        counts[mutant.kind] = counts.get(mutant.kind, 0) + 1
        number = f"{name}#{mutant.kind}{counts[mutant.kind]}"
        proof, rung = _meet(target, mutant, reach.get(name, ()))
        file, _, function = name.partition(":")
        found.append(Fate(number, mutant.kind, file, function, mutant.line, mutant.before, mutant.after, proof, rung))
    return found


def _meet(target: Target, mutant: Mutant, names: Iterable[str]) -> tuple[str | None, str | None]:
    with swapped(target.function(), code_of(mutant.tree, target)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            rung = _proofs()[name].verdict()
            if rung is not None:
                return name, rung
    return None, None


def run(pattern: str = "", workers: int | None = None) -> list[Fate]:
    """All mutants of the targets whose name contains ``pattern``, in the order of the files."""
    workers = workers or os.cpu_count() or 1
    names = [name for name in _targets() if pattern in name]
    everything = list(_proofs())
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = pool.map(reach, [everything[k::workers] for k in range(workers)])
        merged: dict[str, list[tuple[float, str]]] = {}
        for part in parts:
            for name, timed in part.items():
                merged.setdefault(name, []).extend(timed)
        order = {name: [proof for _, proof in sorted(timed, key=_rank)] for name, timed in merged.items()}
        results = pool.map(fates, names, [order] * len(names))
        return [fate for found in results for fate in found]


def _rank(timed: tuple[float, str]) -> tuple[int, float]:
    """By hand before the kit, for what a reader can redo is the first to be asked; whole files last."""
    seconds, name = timed
    return (0 if ", by hand" in name else 1 if name.endswith(", kit") else 2), seconds
