"""Prediction with C9: a single picture, many pictures one after another, and all in one call.

A single picture and the loop do the same call; what differs is how often: a handful of calls shows what one costs when
everything is warm, ten thousand show whether anything is made anew or kept from call to call.
"""

from benchmarks.cases.c9 import NETWORK
from benchmarks.cases.case import Case


def _case(name: str, title: str, batch_size: int, steps: int, quick_steps: int, note: str) -> Case:
    return Case(
        id=f"predict-{name}",
        title=f"{title} with C9",
        kind="predict",
        network=NETWORK,
        batch_size=batch_size,
        steps=steps,
        warm_up=min(20, steps),
        quick_steps=quick_steps,
        pictures=10_000,
        note=f"{note} Arrays in, probabilities out as an array; the weights are those of a network just made.",
    )


ONE = _case("one", "One picture predicted", 1, 300, 50, "One picture a call.")
LOOP = _case("loop", "10,000 pictures, one at a time,", 1, 10_000, 200, "One picture a call, as a loop does.")
ALL = _case("all", "10,000 pictures in one call", 10_000, 5, 1, "All pictures in one call.")
