"""The machine, and how quiet it is."""

import datetime as dt
import os
import platform
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "asimd": "NEON"}


def cores() -> int:
    """Cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def processor() -> str:
    """The processor's model, as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def vectors() -> str:
    """The widest vector instructions the processor tells of (Linux), or nothing."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""
    return next((name for flag, name in _VECTORS.items() if flag in text), "")


def describe() -> dict[str, Any]:
    """Model, cores, memory, system, Python, date, load average."""
    return {
        "processor": processor(),
        "vectors": vectors(),
        "cores": cores(),
        "memory_bytes": _memory(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load_average": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "others": others(),
    }


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def others(seconds: float = 1.0, least: float = 5.0) -> list[str] | None:
    """Other programs that used at least ``least`` percent of a core for ``seconds``, by name; None without psutil."""
    if find_spec("psutil") is None:
        return None
    import psutil

    found = [process for process in psutil.process_iter(["name"]) if process.pid != os.getpid()]
    for process in found:
        _percent(process)
    psutil.cpu_percent(interval=seconds)
    shares = sorted(((_percent(process), str(process.info["name"])) for process in found), reverse=True)
    return [f"{name} {share:.0f} %" for share, name in shares if share >= least]


def _percent(process: Any) -> float:
    import psutil

    try:
        return process.cpu_percent(None)
    except psutil.Error:  # it has ended meanwhile, or is not ours to look at
        return 0.0


class Neighbours:
    """How much of the machine others used while a block ran: 0.0 none, 1.0 all cores; None where that cannot be told.

    Example:
        >>> with Neighbours() as neighbours:
        ...     pass
        >>> neighbours.share is None or neighbours.share >= 0.0
        True
    """

    share: float | None = None

    def __enter__(self) -> "Neighbours":
        self._before = _busy_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        before, after = self._before, _busy_seconds()
        if before is None or after is None:
            return
        total = after["total"] - before["total"]
        busy = after["busy"] - before["busy"] - (after["ours"] - before["ours"])
        self.share = max(0.0, min(1.0, busy / total)) if total > 0 else 0.0


def _busy_seconds() -> Mapping[str, float] | None:
    """Seconds of all cores so far: in all, not idle, and used by this process and its ended children."""
    if sys.platform != "linux":
        return None
    tick = os.sysconf("SC_CLK_TCK")
    times = [int(word) / tick for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    own = os.times()
    ours = own.user + own.system + own.children_user + own.children_system
    return {"total": sum(times), "busy": sum(times) - times[3] - times[4], "ours": ours}
