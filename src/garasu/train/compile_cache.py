# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false
# (JAX ships without complete types.)
"""The folder where compiled programs are kept between runs: the user's own, closed to others.

XLA's programs are machine code. They are kept apart by processor features and JAX version, in a folder of mode 0700
that belongs to the user. A setting the host program has made is never changed.
"""

import hashlib
import os
import platform
from pathlib import Path
from typing import Any

import jax
from platformdirs import user_cache_path

VARIABLE = "GARASU_COMPILE_CACHE"
"""An environment variable: another folder, or "off"."""

WORTH_KEEPING = 0.1
"""Seconds: programs that took longer to compile are kept."""


def features() -> str:
    """Twelve hexadecimal digits that stand for this processor and this JAX."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    except OSError:
        flags = platform.processor()
    return hashlib.sha256(f"{platform.machine()} {jax.__version__} {flags}".encode()).hexdigest()[:12]


def folder() -> Path | None:
    """Where programs are kept, or None where the user has switched this off."""
    chosen = os.environ.get(VARIABLE)
    if chosen == "off":
        return None
    return (Path(chosen) if chosen else user_cache_path("garasu") / "programs") / features()


def in_use() -> str | None:
    """The folder JAX keeps compiled programs in, if any."""
    config: Any = jax.config
    return config.jax_compilation_cache_dir


def switch_on() -> None:
    """Let JAX keep compiled programs in ``folder()``, unless the host program has chosen a folder itself.

    Left alone JAX keeps only what took it a second to compile; most of our programs take less. A folder that cannot be
    made, or that is open to others, is left alone: then nothing is kept.
    """
    place = folder()
    if place is None or in_use() is not None:
        return
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = place.stat()
    except OSError:
        return
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o077):
        return
    jax.config.update("jax_compilation_cache_dir", str(place))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", WORTH_KEEPING)
