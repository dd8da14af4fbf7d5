"""Keras on TensorFlow."""

from typing import ClassVar

import numpy as np

from benchmarks.cases import Case
from benchmarks.peers import in_turn
from benchmarks.peers.peer import Measurement, Peer


class KerasTensorFlow(Peer):
    """`fit` over NumPy arrays or tf.data, with Keras's own choice of XLA or without."""

    title = "Keras / TensorFlow"
    packages = ("keras", "tensorflow", "tensorflow_cpu", "numpy")
    modules = ("keras", "tensorflow")
    settings = ("tf.data",)
    more_settings = ("arrays", "arrays without XLA", "tf.data without XLA")
    practice = (
        "`fit` over a tf.data pipeline of float32 pictures (shuffled, batched, fetched ahead). NumPy arrays, or "
        "either without XLA, were no quicker in a trial on a busy machine (processor time within 2 %)."
    )
    more_practice: ClassVar = {"copies": "One copy of each setting is timed, not eight: every model is compiled anew."}
    environment: ClassVar = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Keras's fit."""
        from benchmarks.peers import keras_fit

        feed = keras_fit.arrays if setting.startswith("arrays") else keras_fit.dataset
        compiling = {"jit_compile": False} if setting.endswith("without XLA") else {}
        return keras_fit.train(case, images, labels, feed, **compiling)

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One copy after another, one of each setting."""
        return in_turn.trained(self.train, case, setting, images, labels, seeds=1)

    def predict(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Keras's predict."""
        from benchmarks.peers import keras_fit

        return keras_fit.predict(case, images, labels)


PEER = KerasTensorFlow()
