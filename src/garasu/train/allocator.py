"""How memory is taken and given back while XLA's programs run, where the C library's allocator is glibc's.

XLA asks for the room of a program anew with every call. What glibc takes from the system in large pieces it gives
back as soon as they are freed, and every page of the next piece is a fault: C10's step of 128 pictures, called step by
step, made 15,000 of them. Kept, a step takes 77 ms for 89 (medians of five epochs, 2 cores), and the process holds
about 100 MB more. A program that makes many steps in one call gains nothing.

A thread other than the first takes its memory from heaps of 64 MiB, and glibc unmaps one that is wholly free whatever
the other settings say, unless that would leave less than the padding. So the padding is a heap's size: address space,
no memory. (A network with batch normalisation: epochs of 42 to 76 ms a step without it, all of 36 with it.)

Whoever has set the allocator themselves (a variable ``MALLOC_...``, or ``GLIBC_TUNABLES``) keeps their settings.
"""

import ctypes
import os
import platform
from functools import cache
from typing import Any

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4
_NEVER = 2**31 - 1
_HEAP = 2**26
_KEEPING = {_M_MMAP_MAX: 0, _M_TRIM_THRESHOLD: _NEVER, _M_TOP_PAD: _HEAP}


@cache
def _glibc() -> Any:
    """The C library, or None where it is not glibc."""
    if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def set_by_user() -> bool:
    """Whether the allocator's settings are the user's own.

    Example:
        >>> set_by_user() == ("GLIBC_TUNABLES" in os.environ or any(name.startswith("MALLOC_") for name in os.environ))
        True
    """
    return "GLIBC_TUNABLES" in os.environ or any(name.startswith("MALLOC_") for name in os.environ)


@cache
def keep() -> bool:
    """From now on freed memory is kept for the next call; says whether that could be done. It is done once."""
    library = _glibc()
    if library is None or set_by_user():
        return False
    return all(bool(library.mallopt(setting, value)) for setting, value in _KEEPING.items())


def give_back() -> bool:
    """Freed memory goes back to the system now, behind a compilation a hundred megabytes; says whether any did."""
    library = _glibc()
    return library is not None and bool(library.malloc_trim(0))
