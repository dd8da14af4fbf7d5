"""What ``garasu check`` does once its options are known: find out what is meant, check it, say what came out."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from inspect import isabstract
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
from attrs import field, frozen
from rich.cells import cell_len

from garasu import activations, losses, optimizers
from garasu.cli import slope_table
from garasu.cli.options import reopened
from garasu.layers import Layer
from garasu.layers.names import snake_case
from garasu.losses import Loss
from garasu.messages import FileError, GarasuError, RunError, SettingError, alike, nearest, text
from garasu.optimizers import Optimizer
from garasu.testing import CheckFailure, Report
from garasu.testing.samples import audit, kinds, made, slopes
from garasu.testing.slope_rows import SlopeRow
from garasu.train import run_folder

_QUICK = ("vjp", "float64", "float32")
"""Rungs that compile programs: they take nearly all the time, and are left out where all rules are checked."""

_ROWS = 4
_FOR_RUNS, _FOR_RULES = ("rows", "samples", "checkpoint", "data"), ("settings", "in_shape")


@frozen(eq=False)
class Found:
    """One rule, audited: its report, or the sentence of the rung that failed."""

    name: str
    report: Report | None
    failure: CheckFailure | None = None
    slopes: Sequence[SlopeRow] = ()

    @property
    def ok(self) -> bool:
        """Whether no rung failed."""
        return self.failure is None

    def as_json(self) -> dict[str, Any]:
        """The rungs and their errors, or what failed."""
        rungs = [attrs.asdict(rung) for rung in self.report.rungs] if self.report is not None else []
        found: dict[str, Any] = {"rule": self.name, "ok": self.ok, "rungs": rungs}
        if self.slopes:
            found["arrays"] = slope_table.as_json(self.slopes)
        if self.failure is not None:
            fields = {key: self.failure.fields[key] for key in ("rung", "array") if key in self.failure.fields}
            found |= {"error": str(self.failure), **{key: str(value) for key, value in fields.items()}}
        return found


@frozen(eq=False)
class Rule:
    """What is to be audited: a name, and what makes the rule of settings."""

    name: str
    make: Callable[[Mapping[str, Any]], Any]
    takes_settings: bool = field(default=True)


def run(what: str | None, out: Path, as_json: bool, chosen: dict[str, Any]) -> int:
    """Check, say what came out, and give the exit code: 0 right, 1 wrong."""
    if what is None:
        _only((), chosen, "full")
        return _all(as_json, () if chosen.get("full") else _QUICK)
    rule = _rule(what, out)
    if rule is None:
        _only(_FOR_RUNS, chosen)
        return _run(what, out, as_json, chosen)
    _only(_FOR_RULES, chosen, "full")
    chosen_settings, in_shape = _settings(chosen.get("settings", ())), chosen.get("in_shape")
    found = _audited(rule, chosen_settings, in_shape, ())
    found = attrs.evolve(found, slopes=slopes(rule.make(chosen_settings), in_shape))
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        print(found.report if found.ok else found.failure)
        for line in slope_table.lines(found.slopes):
            print(line)
    return 0 if found.ok else 1


def _only(taken: Sequence[str], chosen: Mapping[str, Any], *more: str) -> None:
    """Options that say nothing about what is checked are a mistake."""
    for name in chosen:
        if name not in (*taken, *more):
            option = f"--{name.replace('_', '-')}"
            if name in _FOR_RUNS:
                raise SettingError("check.for_runs", option=option)
            raise SettingError("check.for_rules" if name in _FOR_RULES else "check.for_all", option=option)


# --------------------------------------------------------------------------------------------------- all rules


def _all(as_json: bool, skip: Sequence[str]) -> int:
    """Every public rule, a line each as soon as it is done."""
    rules = [Rule(name, partial(made, kind)) for name, kind in kinds().items()]
    rules += [_activation(name) for name in activations.RULES]
    room = max(cell_len(rule.name) for rule in rules)
    found: list[Found] = []
    if not as_json:
        print(_line(" ", "check.column_rule", room, *(text(f"check.column_{name}") for name in ("rungs", "error"))))
    for rule in rules:
        one = _audited(rule, {}, None, skip)
        found.append(one)
        if not as_json:
            for line in _lines(one, room):
                print(line, flush=True)
    wrong = [one for one in found if not one.ok]
    if as_json:
        print(json.dumps({"ok": not wrong, "rules": [one.as_json() for one in found]}, ensure_ascii=False))
    else:
        print(text("check.some_wrong" if wrong else "check.all_right", count=len(found), wrong=len(wrong)))
        if skip:
            print(text("check.quick", rungs=", ".join(skip)))
    return 1 if wrong else 0


def _line(mark: str, name: str, room: int, rungs: str, error: str) -> str:
    name = text(name) if name.startswith("check.") else name
    widths = [max(7, cell_len(text(f"check.column_{key}"))) for key in ("rungs", "error")]
    cells = [" " * (wide - cell_len(cell)) + cell for wide, cell in zip(widths, (rungs, error), strict=True)]
    return "  ".join([f"{mark} {name}" + " " * (room - cell_len(name)), *cells])


def _lines(one: Found, room: int) -> Iterator[str]:
    """A rule in the table of all: how many rungs, and how far its slopes were from the differences."""
    if one.report is None:
        yield _line("✗", one.name, room, "-", "-")
        yield f"  {one.failure}"
        return
    climbed = [rung for rung in one.report.rungs if not rung.skipped]
    errors = [rung.error for rung in climbed if rung.name == "differences" and rung.error is not None]
    yield _line("✓", one.name, room, str(len(climbed)), f"{max(errors):.1e}" if errors else "-")


# --------------------------------------------------------------------------------------------------- one rule


def _rule(what: str, out: Path) -> Rule | None:
    """The rule that is meant; None where it is a run.

    Raises:
        UnknownNameError: it is nothing that is known; the nearest name is offered.
    """
    path, _, name = what.rpartition(":")
    if path.endswith(".py") or what.endswith(".py"):
        return _own(Path(path or what), name if path else "")
    known = _known()
    rule = alike(known, what)
    if rule is not None:
        return rule
    runs = run_folder.names(out)
    if what in runs or (Path(what) / run_folder.RECORD).is_file():
        return None
    raise nearest("rule_or_run", what, [*kinds(), *activations.RULES, *runs])


def _known() -> dict[str, Rule]:
    """Every public rule by each of its names: the class, the activation, the name that compile takes, snake case."""
    classes = kinds()
    named = {**{snake_case(name): kind for name, kind in classes.items()}, **losses.NAMES, **optimizers.NAMES}
    found = {name: Rule(kind.__name__, partial(made, kind)) for name, kind in {**named, **classes}.items()}
    also = {name: _activation(rule.name) for name, rule in activations.ALIASES.items()}
    return {**found, **also, **{name: _activation(name) for name in activations.RULES}}


def _activation(name: str) -> Rule:
    return Rule(name, lambda settings: activations.RULES[name], takes_settings=False)


def _own(path: Path, name: str) -> Rule:
    """A class in a file of the user's own, which is run for it: it was asked for by its name."""
    module = _imported(path)
    rules = (Layer, Loss, Optimizer)
    here = {
        key: one for key, one in vars(module).items() if isinstance(one, type) and one.__module__ == module.__name__
    }
    offered = [key for key, one in here.items() if issubclass(one, rules) and not isabstract(one)]
    if not offered and not isinstance(vars(module).get(name), type):
        raise SettingError("check.no_class", path=path)
    if not name:
        raise SettingError("check.which_class", path=path, known=", ".join(offered))
    kind = vars(module).get(name)
    if not isinstance(kind, type):
        raise nearest("class", name, offered)
    if not issubclass(kind, rules):
        raise SettingError("check.not_a_rule", rule=name)
    return Rule(name, partial(made, kind))


def _imported(path: Path) -> ModuleType:
    """The file as a module; what it imports from its own folder is found."""
    if not path.is_file():
        raise FileError("check.no_file", path=path)
    spec = importlib.util.spec_from_file_location(f"garasu_checks_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileError("check.no_file", path=path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise RunError("check.file_raises", path=path, error=_shown(error)) from error
    finally:
        sys.path.pop(0)
    return module


def _shown(error: BaseException) -> str:
    return ": ".join([type(error).__name__, *str(error).strip().splitlines()[:1]])


def _settings(given: Sequence[str]) -> dict[str, Any]:
    """--settings, each a JSON object or NAME=VALUE with a value that is JSON or a word."""
    found: dict[str, Any] = {}
    for one in given:
        if one.lstrip().startswith("{"):
            try:
                found |= json.loads(one)
            except ValueError as error:
                raise _no_settings(one) from error
            continue
        name, equals, value = one.partition("=")
        if not equals or not name.isidentifier():
            raise _no_settings(one)
        found[name] = _value(value)
    return found


def _no_settings(given: str) -> SettingError:
    return SettingError("cli.must_be", option="--settings", expected=text("check.name_value"), value=repr(given))


def _value(words: str) -> Any:
    try:
        return json.loads(words)
    except ValueError:
        return words


def _audited(rule: Rule, settings: dict[str, Any], in_shape: Any, skip: Sequence[str]) -> Found:
    """The ladder, climbed; whatever else a rule of the user's own raises becomes a sentence."""
    if settings and not rule.takes_settings:
        raise SettingError("check.no_settings", rule=rule.name)
    try:
        return Found(rule.name, audit(rule.make(settings), in_shape, skip=skip))
    except CheckFailure as failure:
        return Found(rule.name, None, failure)
    except GarasuError:
        raise
    except Exception as error:
        raise RunError("check.raises", rule=rule.name, error=_shown(error)) from error


# --------------------------------------------------------------------------------------------------------- runs


def _run(what: str, out: Path, as_json: bool, chosen: Mapping[str, Any]) -> int:
    """The gradients of a trained model on some of its test pictures."""
    one = reopened(out, what, chosen.get("checkpoint", "last"), chosen.get("data"), None)
    rows = min(chosen.get("rows", _ROWS), len(one.dataset.test_labels))
    images, labels = one.dataset.test_images[:rows], one.dataset.test_labels[:rows]
    samples = {"samples": chosen["samples"]} if "samples" in chosen else {}
    report = one.model.check_gradients(images, one.targets(labels), **samples)
    if as_json:
        said = {"run": str(one.folder), "checkpoint": one.checkpoint.stem, **report.as_json()}
        print(json.dumps(said, ensure_ascii=False, default=str))
    else:
        print(report)
    return 0 if report.ok else 1
