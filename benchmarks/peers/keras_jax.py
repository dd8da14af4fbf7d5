"""Keras on JAX."""

from typing import ClassVar

import numpy as np

from benchmarks.cases import Case
from benchmarks.peers import in_turn
from benchmarks.peers.peer import Measurement, Peer


class KerasJax(Peer):
    """`fit` over NumPy arrays (or tf.data, where TensorFlow is installed too)."""

    title = "Keras / JAX"
    packages = ("keras", "jax", "jaxlib", "numpy")
    modules = ("keras", "jax")
    settings = ("arrays",)
    more_settings = ("tf.data",)
    practice = (
        "`fit` over NumPy arrays of float32 pictures. tf.data was no quicker in a trial on a busy machine (processor "
        "time within 1 %)."
    )
    more_practice: ClassVar = {"copies": "One copy of each setting is timed, not eight: every model is compiled anew."}
    environment: ClassVar = {"KERAS_BACKEND": "jax", "TF_CPP_MIN_LOG_LEVEL": "3"}

    def train(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Keras's fit."""
        from benchmarks.peers import keras_fit

        return keras_fit.train(case, images, labels, keras_fit.arrays if setting == "arrays" else keras_fit.dataset)

    def copies(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """One copy after another, one of each setting."""
        return in_turn.trained(self.train, case, setting, images, labels, seeds=1)

    def predict(self, case: Case, setting: str, images: np.ndarray, labels: np.ndarray) -> Measurement:
        """Keras's predict."""
        from benchmarks.peers import keras_fit

        return keras_fit.predict(case, images, labels)


PEER = KerasJax()
