"""Central differences: the slope of a forward rule without any knowledge of its backward rule.

    slope along d = (f(x + h d) - f(x - h d)) / 2h,        f = sum of dy times y, in float64, h = 6e-6

The error is of the order h^2, unless a kink (of ReLU, of a maximum) lies between. Two step sizes and the slopes of
both sides betray one: on smooth ground the central slopes at h and h/2 agree, and the difference between the slopes to
the right and to the left halves with h; at a kink it stays. Then the point is moved a little, and all is done again.
"""

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from attrs import frozen

from garasu.array import Array, Tree, map_leaves, paths
from garasu.testing.judge import Judge
from garasu.testing.subject import Subject, draw

STEP = 6e-6
FULL = 200
"""Arrays up to this size are differentiated number by number, larger ones along random directions."""
DIRECTIONS = 8
ATTEMPTS = 8


@frozen(eq=False)
class Smooth:
    """A point without kinks: the subject there, and the slopes of each input array along its directions.

    ``seconds`` is what it took to measure them.
    """

    subject: Subject
    slopes: dict[str, Array]
    seconds: dict[str, float]


def directions(name: str, array: Array, seed: int) -> Array:
    """The directions for one array, (count, *shape): the axes, or unit vectors drawn at random.

    Example:
        >>> directions("x", np.zeros((2, 2)), 0).shape
        (4, 2, 2)
    """
    if array.size <= FULL:
        return np.eye(array.size).reshape(array.size, *array.shape)
    drawn = [draw(seed, f"direction {k} {name}", array.shape) for k in range(DIRECTIONS)]
    return np.stack([d / np.sqrt(np.sum(d * d)) for d in drawn])


def _slopes(f: Callable[[Array], float], x: Array, along: Array) -> tuple[Array, bool]:
    """Central slopes of f along each direction, and whether any of them met a kink."""
    h = STEP * max(1.0, float(np.max(np.abs(x), initial=0.0)))
    middle = f(x)
    points = [[f(x + step * d) for step in (h, h / 2, -h / 2, -h)] for d in along]
    p1, p2, m2, m1 = np.moveaxis(np.array(points).reshape(-1, 4), 1, 0)
    wide, narrow = (p1 - m1) / (2 * h), (p2 - m2) / h
    bend_wide, bend_narrow = np.abs(p1 - 2 * middle + m1) / h, np.abs(p2 - 2 * middle + m2) / (h / 2)
    noise = 1e-6 * max(float(np.max(np.abs(wide), initial=0.0)), 1e-3 * abs(middle), 1e-6)
    kinked = (np.abs(wide - narrow) > noise) | ((bend_narrow > noise) & (bend_narrow > 0.75 * bend_wide))
    return (4 * narrow - wide) / 3, bool(np.any(kinked))  # Richardson: the error of the order h^2 cancels


def _replaced(tree: Tree, name: str, value: Array) -> Tree:
    places = iter([path for path, _ in paths(tree)])
    return map_leaves(lambda leaf: value if next(places) == name else leaf, tree)


def _measured(subject: Subject) -> Iterator[tuple[str, Array, bool, float]]:
    """Each array's slopes, whether any of them met a kink, and the seconds it took."""
    outputs, _ = subject.forward(subject.inputs, subject.held)
    dy = subject.error_like(outputs["y"])
    for name, array in paths(subject.inputs):

        def f(value: Array, name: str = name) -> float:
            y = subject.forward(_replaced(subject.inputs, name, value), subject.held)[0]["y"]
            return float(np.sum(dy * y))

        began = perf_counter()
        slopes, kinked = _slopes(f, array, directions(name, array, subject.seed))
        yield name, slopes, kinked, perf_counter() - began


def away_from_kinks(subject: Subject, judge: Judge) -> Smooth:
    """The subject, moved if need be, with its slopes.

    Raises:
        CheckFailure: a kink at every point that was tried.
    """
    subject = subject.at("float64")
    for attempt in range(ATTEMPTS):
        rows = list(_measured(subject))
        if not any(kinked for _, _, kinked, _ in rows):
            seconds = {name: took for name, _, _, took in rows}
            return Smooth(subject, {name: slopes for name, slopes, _, _ in rows}, seconds)
        subject = subject.nudged(attempt)
    return judge.fail("kinks", attempts=ATTEMPTS)


def compare(smooth: Smooth, judge: Judge) -> float:
    """The backward rule against the measured slopes."""
    subject = smooth.subject
    _, _, gradients = subject.gradients()
    judge.same_names("gradient", subject.inputs, gradients)
    expected, got = {}, {}
    for (name, array), (_, gradient) in zip(paths(subject.inputs), _ordered(subject.inputs, gradients), strict=True):
        judge.same_shape(f"gradient/{name}", array.shape, np.shape(gradient))
        along, slopes = directions(name, array, subject.seed), smooth.slopes[name]
        full = array.size <= FULL
        title = f"gradient/{name}" if full else f"slope/{name}"
        expected[title] = slopes.reshape(array.shape) if full else slopes
        got[title] = gradient if full else np.tensordot(along, gradient, axes=array.ndim)
    return judge.same(expected, got)


def _ordered(inputs: Tree, gradients: Tree) -> list[tuple[str, Array]]:
    by_name = dict(paths(gradients))
    return [(name, by_name[name]) for name, _ in paths(inputs)]
