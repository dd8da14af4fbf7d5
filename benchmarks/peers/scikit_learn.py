"""scikit-learn's MLPClassifier, where a case's network is one of its kind."""

import time

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks import data
from benchmarks.cases import Case
from benchmarks.layers import Dense
from benchmarks.peers.peer import Measurement, Peer


class ScikitLearn(Peer):
    """Dense layers with ReLU, softmax behind them, Adam: nothing else."""

    title = "scikit-learn"
    packages = ("scikit-learn", "numpy")
    modules = ("sklearn",)
    practice = "`MLPClassifier.partial_fit`, one pass over float32 inputs."

    def does(self, case: Case) -> bool:
        """Only networks of Dense layers for classes."""
        *hidden, last = case.network.layers
        dense = all(isinstance(layer, Dense) for layer in case.network.layers)
        if case.kind != "train" or not dense:
            return case.id == "import"
        kind = (case.loss, case.optimizer, last.activation)
        return kind == ("classes", "adam", "softmax") and all(layer.activation == "relu" for layer in hidden)

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One short pass, then the timed one."""
        x, _ = data.prepared(case, images, labels)
        hidden = tuple(layer.units for layer in case.network.layers[:-1])
        made = MLPClassifier(
            hidden, batch_size=case.batch_size, learning_rate_init=case.learning_rate, alpha=0.0, random_state=0
        )
        warm, classes, began = case.warm_up * case.batch_size, np.arange(10), time.perf_counter()
        made.partial_fit(x[:warm], labels[:warm], classes=classes)
        warmed, before = time.perf_counter(), made.loss_
        made.partial_fit(x, labels)
        seconds = time.perf_counter() - warmed
        weights = sum(array.size for array in (*made.coefs_, *made.intercepts_))
        return Measurement(seconds, case.steps, warmed - began, case.warm_up, (before, made.loss_), weights)


PEER = ScikitLearn()
