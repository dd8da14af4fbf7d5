"""Fresh processes: every measurement gets one, so that nothing is left over from another.

The caller stays small on purpose: Linux counts the memory of the process that starts a child
into the child's peak.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.worker import MARK

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 600
"""Seconds a single measurement may take."""

ON_CPU = {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "", "PYTHONWARNINGS": "ignore"}


class WorkerError(RuntimeError):
    """A worker that did not answer; the text is the end of what it wrote."""


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The child's variables: this tree's packages first, the processor as device, and what the peer asks for."""
    paths = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, **ON_CPU, **extra, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def ask(*arguments: object, extra: Mapping[str, str] | None = None, timeout: float = TIMEOUT) -> Any:
    """What ``python -m benchmarks.worker ARGUMENTS`` answers.

    Raises:
        WorkerError: it failed, ran too long, or did not answer.
    """
    command, variables = [sys.executable, "-m", "benchmarks.worker", *map(str, arguments)], environment(extra or {})
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WorkerError(f"no answer within {timeout:.0f} s") from error
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise WorkerError(f"exit status {done.returncode}: " + " | ".join(last))
    return json.loads(lines[-1].removeprefix(MARK))


def run_timed(arguments: Sequence[str], extra: Mapping[str, str]) -> dict[str, Any]:
    """Python called with ``arguments``: seconds from start to end, and the most memory it held.

    Raises:
        WorkerError: it failed.

    Example:
        >>> 0 < run_timed(["-c", "pass"], {})["step_seconds"] < 60
        True
    """
    began = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment(extra), **quiet) as child:
        written = child.stderr.read() if child.stderr else b""
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise WorkerError(f"exit status {child.returncode}: {written.decode(errors='replace').strip()[-300:]}")
    peak = used.ru_maxrss if sys.platform == "darwin" else used.ru_maxrss * 1024
    return {"step_seconds": seconds, "start_seconds": None, "peak_bytes": peak, "losses": [], "checks": {}}


def ask_timed(*arguments: object, extra: Mapping[str, str] | None = None) -> tuple[Any, float]:
    """The answer, and the wall time of the whole process from start to end."""
    began = time.perf_counter()
    return ask(*arguments, extra=extra), time.perf_counter() - began
