# pyright: reportUnknownMemberType=false
# (JAX ships without complete types.)
"""Where a CPU's programs run: in the thread that calls them.

JAX hands them to another thread, so that Python goes on meanwhile. Nothing here waits for that: a call that lasts tens
of microseconds takes 75 longer, and the room of a large program comes from an allocator's arena that does not keep
it (C10's step of 128 pictures: 62 to 70 ms by turns, 62 always in the calling thread).

The setting is JAX's own, for the whole process, and counts only for a process whose JAX has not worked yet. Whoever
has set JAX's variable keeps their choice.
"""

import os

import jax

VARIABLE = "JAX_CPU_ENABLE_ASYNC_DISPATCH"


def in_calling_thread() -> bool:
    """From JAX's first use on, CPU programs run in the calling thread; False where the user has chosen."""
    if VARIABLE in os.environ:
        return False
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    return True
