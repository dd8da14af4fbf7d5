"""scikit-learn's MLPClassifier, where a case's network is one of its kind."""

import time
from typing import ClassVar

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks import data
from benchmarks.cases import Case
from benchmarks.layers import Dense
from benchmarks.peers import in_turn
from benchmarks.peers.peer import Measurement, Peer

ACTIVATIONS = {"relu": "relu", "sigmoid": "logistic"}
"""Its names."""


class ScikitLearn(Peer):
    """Dense layers with one activation for all, softmax behind them: nothing else."""

    title = "scikit-learn"
    packages = ("scikit-learn", "numpy")
    modules = ("sklearn",)
    practice = "`MLPClassifier.partial_fit`, one pass over float32 inputs."
    more_practice: ClassVar = {"copies": "It takes no initial values: all copies begin with its own."}

    def does(self, case: Case) -> bool:
        """Only networks of Dense layers for classes."""
        *hidden, last = case.network.layers
        dense = all(isinstance(layer, Dense) for layer in case.network.layers)
        if case.kind not in ("train", "copies") or not dense:
            return case.id == "import"
        names = {layer.activation for layer in hidden}
        return (case.loss, last.activation, len(names)) == ("classes", "softmax", 1) and names <= set(ACTIVATIONS)

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One short pass, then the timed one."""
        x, _ = data.prepared(case, images, labels)
        hidden = case.network.layers[:-1]
        made = MLPClassifier(
            tuple(layer.units for layer in hidden),
            ACTIVATIONS[hidden[0].activation],
            solver=case.optimizer,
            momentum=0.0,  # of descent alone
            nesterovs_momentum=False,
            batch_size=case.batch_size,
            learning_rate_init=case.learning_rate,
            alpha=0.0,
            random_state=case.seed,
        )
        warm, classes, began = case.warm_up * case.batch_size, np.arange(10), time.perf_counter()
        made.partial_fit(x[:warm], labels[:warm], classes=classes)
        warmed, before = time.perf_counter(), made.loss_
        made.partial_fit(x, labels)
        seconds = time.perf_counter() - warmed
        weights = sum(array.size for array in (*made.coefs_, *made.intercepts_))
        return Measurement(seconds, case.steps, warmed - began, case.warm_up, (before, made.loss_), weights)

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One copy after another."""
        return in_turn.trained(self.train, case, setting, images, labels)


PEER = ScikitLearn()
