"""The C library's allocator: set once, only where it is glibc's, and never over the user's own settings."""

import os
import subprocess
import sys

import pytest

from garasu.train import allocator

GLIBC = allocator._glibc() is not None
needs_glibc = pytest.mark.skipif(not GLIBC, reason="the C library here is not glibc")

FAULTS = """
import ctypes, resource, sys
from garasu.train import allocator
print(allocator.keep())
malloc, free = ctypes.CDLL(None).malloc, ctypes.CDLL(None).free
malloc.restype, free.argtypes, size = ctypes.c_void_p, [ctypes.c_void_p], 50_000_000
def once():
    piece = malloc(size)
    ctypes.memset(piece, 1, size)
    free(piece)
once()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(4):
    once()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _run(**variables):
    done = subprocess.run(
        [sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True, env={**_environment(), **variables}
    )
    kept, faults = done.stdout.split()
    return kept == "True", int(faults)


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}


@needs_glibc
def test_kept_memory_is_not_faulted_in_again():
    kept, faults = _run()
    assert kept
    assert faults < 1000  # four times 50 million bytes are 48,000 pages


@needs_glibc
def test_a_users_own_settings_stay():
    kept, _ = _run(MALLOC_ARENA_MAX="2")
    assert not kept


def test_elsewhere_nothing_is_done(monkeypatch):
    monkeypatch.setattr(allocator, "_glibc", lambda: None)
    assert allocator.keep.__wrapped__() is False
    assert allocator.give_back() is False


GIVEN_BACK = """
import os
from garasu.train import allocator
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
small = [bytes(10_000) for _ in range(10_000)]
last = bytes(10_000)
del small
before = resident()
print(allocator.give_back(), before - resident())
"""


@needs_glibc
def test_freed_memory_is_given_back():
    done = subprocess.run([sys.executable, "-c", GIVEN_BACK], capture_output=True, text=True, check=True)
    gave, bytes_less = done.stdout.split()
    assert gave == "True"
    assert int(bytes_less) > 50_000_000  # of 100 million that were freed below a piece still held
