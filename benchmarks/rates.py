"""What this machine can do: the best rate of matrix products, and the bandwidth of copying.

    product rate    2 n^3 / seconds, float32, n = 2048; the best of what NumPy and XLA reach with all cores
    bandwidth       2 * bytes / seconds of copying (each byte is read and written), one copy a core at once, arrays
                    larger than the caches

Best of several, because a disturbance only ever makes them slower.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.machine import cores

SIZE = 2048
REPEATS = 7
COPY_BYTES = 64 * 2**20


def best_seconds(function: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The shortest of several runs, after one that does not count.

    Example:
        >>> best_seconds(lambda: None, 2) >= 0.0
        True
    """
    function()
    times: list[float] = []
    for _ in range(repeats):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return min(times)


def product_rates(size: int = SIZE) -> dict[str, float]:
    """Operations a second of a float32 matrix product, by library."""
    a = np.ones((size, size), np.float32)
    seconds = {"NumPy": best_seconds(lambda: a @ a)}
    if find_spec("jax"):
        import jax

        product, b = jax.jit(lambda b: b @ b), jax.numpy.asarray(a)
        seconds["XLA"] = best_seconds(lambda: product(b).block_until_ready())
    return {name: 2 * size**3 / value for name, value in seconds.items()}


def bandwidth(size: int = COPY_BYTES) -> float:
    """Bytes a second, read and written, with a copy on every core at once."""
    count = cores()
    sources = [np.ones(size, np.uint8) for _ in range(count)]
    targets = [np.empty_like(source) for source in sources]
    with ThreadPoolExecutor(count) as pool:
        seconds = best_seconds(lambda: list(pool.map(np.copyto, targets, sources)))
    return 2 * size * count / seconds


def measure() -> dict[str, Any]:
    """Both, for JSON."""
    rates = product_rates()
    return {"products": rates, "product_rate": max(rates.values()), "bandwidth": bandwidth()}
