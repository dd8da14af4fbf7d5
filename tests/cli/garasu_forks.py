"""``garasu`` many times over, the slow imports paid for once: every command runs in a fork of this process.

python garasu_forks.py

A line on standard input is JSON, {"script", "words", "folder", "environment", "out", "err"}: what is typed after
``garasu`` (or after a script that runs it), where, and the files that standard output and standard error go to. The
answer is a line with the exit code; a negative one is the signal that ended the command, as in ``subprocess``. What is
loaded here decides nothing by itself: no language (the verbs are left out: their help is worded when they are loaded),
no device.
"""

import json
import os
import runpy
import signal
import sys
import traceback
from importlib import import_module

LONGEST = 120
"""Seconds after which a command is ended."""

SLOW = ("garasu.models.measure", "garasu.models.pictures", "garasu.models.run", "garasu.reports", "garasu.testing")
SLOW += ("garasu.train.jit", "rich.console", "rich.progress", "rich.table", "scipy.stats", "sklearn.metrics")


def serve():
    """One command after the other, until standard input ends."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def become(script, words, folder, environment, out, err):
    """Be ``garasu WORDS``, or the script, in that folder, and end."""
    signal.alarm(LONGEST)
    redirect(os.devnull, os.O_RDONLY, 0)
    redirect(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 1)
    redirect(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    code = 1
    try:
        code = run(script, words)
    except BaseException:  # noqa: BLE001 - what the interpreter itself would do with it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(script, words):
    """The exit code."""
    sys.argv = [script or "garasu", *words]
    try:
        if script is None:
            return import_module("garasu.cli").main()
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        return end.code or 0
    return 0


def redirect(path, mode, number):
    opened = os.open(path, mode)
    os.dup2(opened, number)
    os.close(opened)


if __name__ == "__main__":
    for name in SLOW:
        import_module(name)
    serve()
