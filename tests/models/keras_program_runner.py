"""Run a program's text with a few rows of data: python keras_program_runner.py PROGRAM.py garasu|keras ROWS.npz

The program is not touched: only what ``load_data`` answers is replaced. "keras" gives it real Keras on JAX under the
name of TensorFlow, so that TensorFlow, which the tests do not install, is not needed; its seed line sets Keras's seed.
Keras 2, which the course used, answers ``Sequential.input`` before the model was called; Keras 3 does not: put back.
"""

import runpy
import sys
import types
import warnings

import numpy as np


def rows(path):
    """What ``load_data`` answers."""
    with np.load(path) as file:
        arrays = [file[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    return tuple(arrays[:2]), tuple(arrays[2:])


def keras_as_tensorflow():
    """``import tensorflow`` and ``from tensorflow.keras...`` find Keras."""
    import keras
    from keras.src.utils import module_utils

    module_utils.tensorflow._available = False  # Keras itself must not take what follows for TensorFlow
    tensorflow = types.ModuleType("tensorflow")
    tensorflow.keras = keras
    tensorflow.random = types.SimpleNamespace(set_seed=keras.utils.set_random_seed)
    names = {"": keras, ".datasets": keras.datasets, ".utils": keras.utils}
    sys.modules.update({"tensorflow": tensorflow, **{f"tensorflow.keras{name}": part for name, part in names.items()}})
    keras.Sequential.input = property(lambda model: model.inputs[0])
    warnings.filterwarnings("ignore", "Do not pass an `input_shape`")
    return keras.datasets.mnist


def garasu_mnist():
    """Garasu's place for MNIST."""
    from garasu.datasets import mnist

    return mnist


if __name__ == "__main__":
    program, which, data = sys.argv[1:]
    mnist = keras_as_tensorflow() if which == "keras" else garasu_mnist()
    mnist.load_data = lambda: rows(data)
    runpy.run_path(program, run_name="__main__")
