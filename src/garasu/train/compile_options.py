# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false
# (JAX ships without complete types.)
"""What XLA's compiler is told, beside its own choices, for programs of ours.

Each was measured to be worth it. XLA's options come and go: one that the installed version does not know is left out.
"""

from functools import cache
from typing import Any

import jax

OPTIONS: dict[str, dict[str, Any]] = {
    "cpu": {
        "xla_cpu_prefer_vector_width": 512,
        "xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT,LIBRARY_FUSION_TYPE_REDUCE",
    }
}
"""By platform.

Vectors: XLA's own 256 bits are 3 % slower for C9 with AVX-512; a processor without it takes what it has.
Libraries: of the two that XLA has for the CPU, YNNPACK is quicker with products and sums, and the other, Eigen, with
convolutions: C10's second layer forward takes 21.6 ms by the one and 12.5 by the other, its error 23.4 and 13.7.
"""

SMALL: dict[str, dict[str, Any]] = {"cpu": {"xla_cpu_experimental_ynn_fusion_type": ""}}
"""Of these, what is otherwise where every array is small: calls into a library cost more than the work. (C14's step of
one picture 38 us for 60, 784-256-10 by 10 rows 267 for 300; 784-1024-10 by 100 rows, which is large, 2.6 ms for 2.1.)
"""


@cache
def known(platform: str, *, small: bool = False) -> dict[str, Any]:
    """The options for a platform that the installed XLA takes; ``small``: all arrays of the program are.

    Example:
        >>> known("no such platform")
        {}
    """
    wanted = {**OPTIONS.get(platform, {}), **(SMALL.get(platform, {}) if small else {})}
    return {name: value for name, value in wanted.items() if _taken(name, value)}


def _taken(name: str, value: Any) -> bool:
    """Whether a program compiles with the option."""
    try:
        jax.jit(lambda x: x).lower(0.0).compile({name: value})
    except Exception:  # noqa: BLE001 - what it raises differs between versions, and is not documented
        return False
    return True
