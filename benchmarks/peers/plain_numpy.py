"""NumPy as a course on deep learning writes it: lists of arrays, a loop over layers forward and one backward.

Dense layers only; the derivative of each activation is written in its output z.
"""

import time
from collections.abc import Callable

import numpy as np

from benchmarks import data
from benchmarks.cases import Case
from benchmarks.layers import Dense
from benchmarks.peers import in_turn
from benchmarks.peers.peer import Measurement, Peer

Array = np.ndarray


def softmax(u: Array) -> Array:
    """e^u / sum e^u, row by row."""
    powers = np.exp(u - u.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda u: np.maximum(u, 0), lambda z: z > 0),
    "sigmoid": (lambda u: 1 / (1 + np.exp(-u)), lambda z: z * (1 - z)),
    "softmax_straight_through": (softmax, np.ones_like),
    "linear": (lambda u: u, np.ones_like),
    "softmax": (softmax, np.ones_like),  # last of all, with cross-entropy: the error is y - t
}


class Course:
    """Weights, one step, and what Adam keeps."""

    def __init__(self, case: Case) -> None:
        random = np.random.default_rng(case.seed)
        self.case, self.W, self.b = case, [], []
        self.functions = [ACTIVATIONS[layer.activation] for layer in case.network.layers]
        for layer, (size,) in case.network.walk():
            scale, bias = case.uniform or np.sqrt(6 / size), case.uniform or 0.0
            shape = (size, layer.units)
            W = random.normal(0, case.deviation(size), shape) if case.normal else random.uniform(-scale, scale, shape)
            self.W.append(W.astype(np.float32))
            self.b.append(random.uniform(-bias, bias, layer.units).astype(np.float32))
        self.moments = [(np.zeros_like(array), np.zeros_like(array)) for array in (*self.W, *self.b)]
        self.count = 0

    def step(self, x: Array, t: Array) -> float:
        """One mini-batch: forward, backward, update; the mean loss before it."""
        z = [x]
        for (forward, _), W, b in zip(self.functions, self.W, self.b, strict=True):
            z.append(forward(z[-1] @ W + b))
        loss = self._loss(z[-1], t)
        dy, dW, db = (z[-1] - t) / len(x), [], []
        for k in range(len(self.W) - 1, -1, -1):
            du = dy * self.functions[k][1](z[k + 1])
            dW.insert(0, z[k].T @ du)
            db.insert(0, du.sum(axis=0))
            dy = du @ self.W[k].T if k else dy
        self._update([*dW, *db])
        return loss

    def _loss(self, y: Array, t: Array) -> float:
        if self.case.loss == "classes":
            return float(-np.log(np.maximum(y[t > 0], 1e-7)).mean())
        return float(0.5 * ((y - t) ** 2).sum() / len(y))

    def _update(self, gradients: list[Array]) -> None:
        rate, arrays = self.case.learning_rate, (*self.W, *self.b)
        self.count += 1
        for array, gradient, (m, v) in zip(arrays, gradients, self.moments, strict=True):
            if self.case.optimizer == "sgd":
                np.subtract(array, rate * gradient, out=array)
                continue
            np.add(m, 0.1 * (gradient - m), out=m)
            np.add(v, 0.001 * (gradient**2 - v), out=v)
            known, seen = m / (1 - 0.9**self.count), v / (1 - 0.999**self.count)
            np.subtract(array, rate * known / (np.sqrt(seen) + 1e-7), out=array)


class PlainNumpy(Peer):
    """A loop over mini-batches."""

    title = "plain NumPy"
    packages = ("numpy",)
    modules = ("numpy",)
    practice = "Layers as lists of arrays, updated in place, as a course writes it."

    def does(self, case: Case) -> bool:
        """Only networks of Dense layers."""
        return case.kind in ("train", "copies") and all(isinstance(layer, Dense) for layer in case.network.layers)

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One short epoch, then the timed one."""
        x, t = data.prepared(case, images, labels)
        course, began = Course(case), time.perf_counter()
        warm = case.warm_up * case.batch_size
        before = _epoch(course, x[:warm], t[:warm])
        warmed = time.perf_counter()
        after = _epoch(course, x, t)
        seconds = time.perf_counter() - warmed
        weights = sum(array.size for array in (*course.W, *course.b))
        return Measurement(seconds, case.steps, warmed - began, case.warm_up, (before, after), weights)

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One copy after another."""
        return in_turn.trained(self.train, case, setting, images, labels)


def _epoch(course: Course, x: Array, t: Array) -> float:
    order = np.random.default_rng(1).permutation(len(x))
    size = course.case.batch_size
    losses = [course.step(x[rows], t[rows]) for rows in np.split(order, range(size, len(x), size))]
    return float(np.mean(losses))


PEER = PlainNumpy()
