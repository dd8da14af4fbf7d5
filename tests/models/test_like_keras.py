"""The same weights, the same data, the same order: Keras and Garasu train, evaluate and predict to the same numbers."""

import numpy as np
import pytest

from garasu import layers, models, optimizers


@pytest.fixture
def twin():
    """Keras's model for a Garasu model: the same layers, the same weights, compiled."""
    import keras

    kinds = {
        "Reshape": lambda s: keras.layers.Reshape(s.target_shape),
        "Flatten": lambda s: keras.layers.Flatten(),
        "Dropout": lambda s: keras.layers.Dropout(s.rate),
        "MaxPooling2D": lambda s: keras.layers.MaxPooling2D(s.pool_size),
        "BatchNormalization": lambda s: keras.layers.BatchNormalization(momentum=s.momentum),
        "Dense": lambda s: keras.layers.Dense(s.units, activation=s.activation, use_bias=s.use_bias),
        "Conv2D": lambda s: keras.layers.Conv2D(s.filters, s.kernel_size, padding=s.padding, activation=s.activation),
    }

    def make(model, optimizer, loss):
        inner = [kinds[type(view.settings).__name__](view.settings) for view in model.layers]
        theirs = keras.Sequential([keras.Input(model.network.in_shape), *inner])
        theirs.set_weights(model.get_weights())
        theirs.compile(optimizer, loss, metrics=["acc"])
        return theirs

    return make


def both(model, theirs, x, y, **settings):
    """Both trained in the same order; their histories."""
    settings = {"batch_size": 16, "shuffle": False, "verbose": 0, **settings}
    return model.fit(x, y, **settings).history, theirs.fit(x, y, **settings).history


def arrays(model):
    """Keras's arrays; its own ``get_weights`` trips over NumPy's newest rules."""
    return [np.asarray(variable.value) for variable in model.weights]


def agree(ours, theirs, tolerance=1e-5):
    """Two histories, or two lists of arrays, with the same numbers."""
    if isinstance(ours, dict):
        assert sorted(ours) == sorted(theirs)
        ours, theirs = ([one[name] for name in sorted(one)] for one in (ours, theirs))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=tolerance, atol=tolerance)


class TestTraining:
    def test_sgd_epoch(self, cnn, twin, pictures):
        x, y = pictures[0] / np.float32(255), pictures[1]
        model = cnn(optimizers.SGD(0.1), eager=False)
        import keras

        theirs = twin(model, keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        agree(*both(model, theirs, x, y, validation_data=(x[:30], y[:30]), epochs=2))
        agree(model.get_weights(), arrays(theirs))
        agree([model.predict(x)], [theirs.predict(x, verbose=0)])

    def test_weights_of_rows_and_classes(self, dense, twin, clouds):
        import keras

        x, y = clouds
        weight = np.random.default_rng(1).random(70).astype(np.float32)
        model = dense(optimizers.SGD(0.1))
        theirs = twin(model, keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        agree(*both(model, theirs, x, y, sample_weight=weight))
        agree(*both(model, theirs, x, y, class_weight={0: 3.0, 2: 0.25}))
        agree(model.get_weights(), arrays(theirs))

    def test_adam_and_batch_normalization(self, twin, clouds):
        import keras

        x, y = clouds[0], np.eye(3, dtype=np.float32)[clouds[1]]
        model = models.Sequential(
            [
                layers.Dense(8, input_shape=(6,), use_bias=False),
                layers.BatchNormalization(momentum=0.9),
                layers.Dense(3, activation="softmax"),
            ],
            seed=1,
        )
        model.compile(optimizers.Adam(1e-2), "categorical_crossentropy", ["acc"], run_eagerly=True)
        theirs = twin(model, keras.optimizers.Adam(1e-2), "categorical_crossentropy")
        ours, found = both(model, theirs, x, y)
        agree(ours, found)
        agree(model.get_weights(), arrays(theirs))
        agree([model.predict(x)], [theirs.predict(x, verbose=0)])

    def test_class_weights_leave_validation_alone(self, dense, twin, clouds):
        import keras

        x, y = clouds
        model = dense(optimizers.SGD(0.1))
        theirs = twin(model, keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        agree(*both(model, theirs, x, y, class_weight={0: 3.0, 2: 0.25}, validation_data=(x[:30], y[:30])))

    def test_callbacks_hear_what_keras_s_hear(self, dense, twin, clouds):
        import keras

        from garasu.callbacks import Callback

        heard = {}
        for kind in (Callback, keras.callbacks.Callback):
            notes = heard[kind] = []

            class Listener(kind):
                def on_batch_begin(self, batch, logs=None, notes=notes):
                    notes.append(("begin", batch))

                def on_batch_end(self, batch, logs=None, notes=notes):
                    notes.append(("end", batch, round(float(logs["loss"]), 4)))

                def on_test_begin(self, logs=None, notes=notes):
                    notes.append("test begin")

                def on_test_end(self, logs=None, notes=notes):
                    notes.append(("test end", round(float(logs["loss"]), 4)))

            x, y = clouds
            model = dense(optimizers.SGD(0.1))
            fitted = (
                model if kind is Callback else twin(model, keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
            )
            fitted.fit(x, y, batch_size=32, shuffle=False, verbose=0, validation_data=(x, y), callbacks=[Listener()])
        assert heard[Callback] == heard[keras.callbacks.Callback]
        assert [note[0] for note in heard[Callback]].count("end") == 3


class TestWithoutTraining:
    @pytest.mark.parametrize("eager", [True, False])
    def test_metrics_come_in_the_order_given(self, dense, clouds, eager):
        metrics = ["sparse_categorical_accuracy", "acc"]
        model = dense(metrics=metrics, eager=eager)
        assert list(model.evaluate(*clouds, return_dict=True)) == ["loss", *metrics]
        history = model.fit(*clouds, verbose=0, validation_data=clouds).history
        assert list(history) == ["loss", *metrics, "val_loss", *(f"val_{name}" for name in metrics)]

    def test_losses_and_metrics_by_name(self, twin, clouds):
        """Each loss with the "acc" that belongs to it, evaluated on weights that were handed over."""
        x, y = clouds
        cases = {
            "binary_crossentropy": (layers.Dense(1, activation="sigmoid", input_shape=(6,)), (y == 1)),
            "mse": (layers.Dense(1, activation="sigmoid", input_shape=(6,)), (y == 1)),
            "categorical_crossentropy": (layers.Dense(3, activation="softmax", input_shape=(6,)), np.eye(3)[y]),
        }
        several = layers.Dense(3, activation="sigmoid", input_shape=(6,)), np.eye(3)[y]
        for loss, (layer, t) in [*cases.items(), ("mse", several), ("binary_crossentropy", several)]:
            model = models.Sequential([layer], seed=5)
            model.compile("sgd", loss, metrics=["acc"], run_eagerly=True)
            theirs = twin(model, "sgd", loss)
            t = t.astype(np.float32)
            agree([model.evaluate(x, t)], [theirs.evaluate(x, t if t.ndim == 2 else t[:, None], verbose=0)])
