"""``garasu data list|show|get|check``: which data sets there are, what is in them, fetching one; a folder's state."""

import sys
from pathlib import Path
from typing import Any

import click
from attrs import asdict

from garasu.cli.options import Word, common
from garasu.cli.worded import Verb
from garasu.messages import SettingError, text

ACTIONS = ("list", "show", "get", "check")


@click.command("data", cls=Verb, help=text("cli.data_verb"), short_help=text("cli.data_short"))
@click.argument("action", type=Word(*ACTIONS), metavar="|".join(ACTIONS))
@click.argument("name", required=False)
@common
def command(action: str, name: str | None, as_json: bool) -> None:
    """List all data sets, show one, fetch one; or look through a folder of pictures."""
    import json

    _check_name(action, name)
    if action == "check":
        from garasu.cli import data_check

        data_check.run(str(name), as_json)
        return
    found = {"data": _listed()} if action == "list" else _shown(str(name)) if action == "show" else _fetched(str(name))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    elif action == "list":
        for row in found["data"]:
            print(_line(row))
    else:
        for key, value in found.items():
            print(f"{text(f'cli.data_{key}')}: {_words(value)}")


def _check_name(action: str, name: str | None) -> None:
    """Whether the action goes with what was named."""
    from garasu import data

    if action == "list":
        if name is not None:
            raise SettingError("cli.data_listed_only", name=name)
    elif name is None:
        raise SettingError("cli.data_needs_folder" if action == "check" else "cli.data_needs_name", action=action)
    elif action == "show" and name not in data.names() and Path(name).is_dir():
        raise SettingError("cli.data_show_folder", name=name)


def offer(name: str) -> None:
    """Ask whether to fetch a data set that is not on this machine but could be, where someone sits at the terminal."""
    from garasu import data

    if name not in data.names() or not sys.stdin.isatty() or not sys.stdout.isatty():
        return
    remotes = data.remotes(name)
    if remotes is None or (data.locate(name) is not None and not data.missing(name)):
        return
    print(text("cli.data_ask", data=name, size=_megabytes(remotes.size), mirror=remotes.mirrors[0]), end=" ")
    if input().strip().lower() in text("cli.data_yes").split():
        _fetched(name)


def _listed() -> list[dict[str, Any]]:
    from garasu import data

    return [_known(name) for name in data.names()]


def _known(name: str) -> dict[str, Any]:
    """What can be said of a data set without reading it."""
    from garasu import data

    where, remotes = data.locate(name), data.remotes(name)
    return {
        "name": name,
        "folder": None if where is None else str(where),
        "missing": list(data.missing(name)),
        "bytes": None if remotes is None else remotes.size,
        "mirrors": [] if remotes is None else list(remotes.mirrors),
        "files": [] if remotes is None else [asdict(file) for file in remotes.files],
    }


def _shown(name: str) -> dict[str, Any]:
    """The same, and what is in it where it is here."""
    from garasu import data

    found = _known(name)
    if found["folder"] is None or found["missing"]:
        return found
    one = data.load(name)
    classes = list(one.class_names)
    rows = {"train": len(one.train_labels), "test": len(one.test_labels)}
    return found | {"rows": rows, "image_shape": list(one.image_shape), "classes": classes, "sha256": one.sha256}


def _fetched(name: str) -> dict[str, Any]:
    """Fetch it, saying on standard error how far it is; then read it, so that it is known to be good."""
    from garasu import data

    shown = ""

    def tell(file: str, done: int, size: int) -> None:
        nonlocal shown
        line = f"{file}: {100 * done // size} %"
        if line != shown and (sys.stderr.isatty() or done == size):
            print(line, file=sys.stderr, end="\r" if done < size else "\n", flush=True)
            shown = line

    data.get(name, tell)
    return _shown(name)


def _line(row: dict[str, Any]) -> str:
    if row["folder"] is None:
        return text("cli.data_away", name=row["name"], size=_megabytes(row["bytes"]))
    key = "cli.data_partly" if row["missing"] else "cli.data_here"
    return text(key, name=row["name"], folder=row["folder"], files=", ".join(row["missing"]))


def _words(value: Any) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "".join(f"\n  {one['name']}  {one['size']:,} B  SHA-256 {one['sha256']}" for one in value)
    if isinstance(value, dict):
        return text("cli.data_rows_each", **value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
