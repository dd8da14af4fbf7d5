"""``garasu doctor``: versions, devices, caches, data; and what to put right."""

import os
from pathlib import Path
from typing import Any

import click

from garasu.cli.options import common
from garasu.cli.worded import Verb
from garasu.messages import text


@click.command("doctor", cls=Verb, help=text("cli.doctor"), short_help=text("cli.doctor"))
@common
def command(as_json: bool) -> None:
    """Look around and say what was found."""
    import json

    found = examine()
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for title, values in found.items():
        if title != "advice":
            print(text(f"cli.doctor_{title}"))
            for name, value in values.items():
                print(f"  {_said(name)}: {value if value is not None else text('cli.doctor_absent')}")
    print(text("cli.doctor_advice"))
    for line in found["advice"] or [text("cli.doctor_nothing")]:
        print(f"  {line}")


def examine() -> dict[str, Any]:
    """Everything the doctor looks at, as plain data."""
    from garasu import data
    from garasu.models.storage import versions

    advice: list[str] = []
    sets = {name: _where(data.locate(name)) for name in data.names()}
    if sets.get("mnist") is None:
        advice.append(text("cli.advice_mnist"))
    lacking = {name: ", ".join(data.missing(name)) for name in data.names()}
    advice += [
        text("cli.advice_files", data=name, files=files, folder=sets[name]) for name, files in lacking.items() if files
    ]
    return {
        "versions": versions(),
        "devices": _devices(advice),
        "caches": _caches(advice),
        "data": sets,
        "advice": advice,
    }


def _said(name: str) -> str:
    """Names of libraries, data sets and devices are the same in every language; these two are words."""
    return text(f"cli.doctor_{name}") if name in ("cores", "programs") else name


def _where(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _devices(advice: list[str]) -> dict[str, str]:
    from garasu.train import devices

    found = {str(number): devices.describe(device) for number, device in enumerate(devices.available())}
    if Path("/dev/nvidia0").exists() and not any("gpu" in name for name in found.values()):
        advice.append(text("cli.advice_gpu"))
    return {**found, "cores": str(os.cpu_count())}


def _caches(advice: list[str]) -> dict[str, str | None]:
    from garasu.train import compile_cache

    compile_cache.switch_on()
    used = compile_cache.in_use()
    if used is None and compile_cache.folder() is not None:
        advice.append(text("cli.advice_cache", folder=compile_cache.folder()))
    return {"programs": used}
