"""What the tests of the command line share: ``garasu`` in a process of its own, and one trained run for all.

Nearly all of what ``garasu`` costs is loading libraries, so on Linux its processes are forks of one that has loaded
them (``garasu_forks.py``). ``start`` and ``first=("-c", ...)`` run an interpreter from its beginning.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

import garasu

SOURCE = Path(garasu.__file__).parents[1]
STOPPER = Path(__file__).with_name("garasu_stopped.py")
FORKS = Path(__file__).with_name("garasu_forks.py")
GARASU = ("-m", "garasu")
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@frozen
class Result:
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The one JSON object that stands on standard output."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    def sentence(self, code, *words, language="en"):
        """The one sentence that says what was wrong; it holds ``words``, and nothing else was printed."""
        assert (self.code, self.out) == (code, "")
        (line,) = self.err.splitlines()
        assert line.startswith("garasu: ")
        assert bool(JAPANESE.search(line)) == (language == "ja")
        for word in words:
            assert word in line
        return line


class Commands:
    """Runs ``garasu`` in a folder: English, on the CPU, without data, programs compiled once a session.

    ``SHORT`` is the run that all tests of finished runs share. ``LONG`` has 3 x 1438 steps, many programs an epoch, to
    be stopped in the middle.
    """

    SHORT = ("train", "c4", "--epochs", "2", "--seed", "3")
    LONG = ("train", "c4", "--epochs", "3", "--batch-size", "1", "--seed", "5", "--no-report")

    def __init__(self, folder, caches, forks=None):
        self.folder, self.forks = folder, forks
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
        self.environment |= {
            "PYTHONPATH": str(SOURCE),
            "LANG": "C.UTF-8",
            "JAX_PLATFORMS": "cpu",
            "GARASU_COMPILE_CACHE": str(caches / "programs"),
            "XDG_DATA_HOME": str(caches / "no-data"),
            "COLUMNS": "100",
        }
        self.environment.pop("GARASU_DATA", None)

    def __call__(self, *words, first=GARASU, **variables):
        """The result of ``garasu WORDS``. Never a traceback, never a warning."""
        if first == GARASU:
            return self.script(None, *words, **variables)
        with self.start(*words, first=first, **variables) as process:
            return self.end(process)

    def script(self, path, *words, **variables):
        """The result of a script that runs ``garasu``, or of ``garasu`` itself."""
        if self.forks is not None:
            return clean(self.forks.run(path, words, self.folder, self.environment | variables))
        with self.start(*words, first=[path] if path else GARASU, **variables) as process:
            return self.end(process)

    def start(self, *words, first=GARASU, **variables):
        """The process of ``garasu WORDS``, under way."""
        command = [sys.executable, *map(str, first), *map(str, words)]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment | variables, **pipes)

    def end(self, process):
        """The result of a process once it has ended."""
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return clean(Result(process.returncode, out, err))

    def stopped(self, signal, epoch, step, *words):
        """``garasu WORDS`` sent a signal in ``epoch`` after ``step`` steps; a checkpoint after every epoch."""
        return self.script(STOPPER, signal, epoch, step, *words)


def clean(result):
    """The result, once no traceback and no warning was seen in it."""
    assert "Traceback" not in result.err, result.err
    assert "Warning" not in result.err, result.err
    return result


class Forks:
    """The process whose forks are ``garasu``; ``notes`` is a folder for what they say."""

    def __init__(self, process, notes):
        self.process, self.notes = process, notes

    def run(self, script, words, folder, environment):
        """The result of one command."""
        said = {"out": self.notes / "out", "err": self.notes / "err"}
        asked = {"script": script, "words": [str(word) for word in words], "folder": folder, **said}
        print(json.dumps(asked | {"environment": environment}, default=str), file=self.process.stdin, flush=True)
        code = int(self.process.stdout.readline())
        return Result(code, *(Path(path).read_text(encoding="utf-8") for path in said.values()))


@pytest.fixture(scope="session")
def caches(tmp_path_factory):
    """Where compiled programs are kept while the tests run."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(scope="session")
def forks(tmp_path_factory, caches):
    """What ``garasu`` is forked from, or None where there is no fork to rely on. It has nothing to say by itself."""
    if not sys.platform.startswith("linux"):
        yield None
        return
    notes = tmp_path_factory.mktemp("forks")
    command, pipe = [sys.executable, str(FORKS)], subprocess.PIPE
    with (notes / "own").open("w+") as own:
        environment = Commands(notes, caches).environment
        with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=own, text=True) as process:
            yield Forks(process, notes)
            process.stdin.close()
        own.seek(0)
        assert (process.returncode, own.read()) == (0, "")


@pytest.fixture
def cli(tmp_path, caches, forks):
    """``cli("train", "c4")`` runs ``garasu train c4`` in an empty folder."""
    return Commands(tmp_path, caches, forks)


@pytest.fixture(scope="session")
def trained(tmp_path_factory, caches):
    """One finished run, trained with --json: (the folder it was trained in, the result). Not to be written to."""
    folder = tmp_path_factory.mktemp("trained")
    return folder, Commands(folder, caches)(*Commands.SHORT, "--json", "--name", "first")


@pytest.fixture(scope="session")
def uncut(tmp_path_factory, caches):
    """The folder of the long run, trained in one go."""
    folder = tmp_path_factory.mktemp("uncut")
    result = Commands(folder, caches)(*Commands.LONG, "--name", "whole")
    assert result.code == 0, result.err
    return folder / "runs" / "whole"


@pytest.fixture
def run_copy(trained, tmp_path):
    """A copy of the finished run to damage, runs/first in the test's own folder."""
    return Path(shutil.copytree(trained[0] / "runs" / "first", tmp_path / "runs" / "first"))
