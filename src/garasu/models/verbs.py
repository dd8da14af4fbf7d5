"""What a Sequential does with rows: train, predict, look inside. Each verb's work stands in a module of its own."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from garasu.array import Array
from garasu.callbacks import Callback
from garasu.layers import Layer
from garasu.messages import SettingError, in_words, nearest
from garasu.models import copies, gradient_report, pretraining, rate_finder, training
from garasu.models.drawing import Drawing
from garasu.models.gradient_report import GradientReport
from garasu.models.pretraining import Pretraining
from garasu.models.rate_finder import LearningRates
from garasu.models.weights import Weights
from garasu.networks import Trace
from garasu.networks.gradient_check import SAMPLES

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


class Verbs(Weights):
    """The verbs of ``Sequential``, the one class that has them. All but ``predict`` and ``pretrain`` need ``compile``.

    A call with an argument that there is not is answered with the nearest one.
    """

    @property
    def _model(self) -> "Sequential":
        return cast("Sequential", self)

    @in_words
    def fit(
        self,
        x: Any,
        y: Any,
        batch_size: int | str | None = None,
        epochs: int | None = None,
        verbose: Any = "auto",
        *,
        callbacks: Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        steps: int | None = None,
        replacement: bool = False,
        resume: bool = False,
        cache_frozen: bool = False,
        seeds: int | Sequence[int] | None = None,
        share_batches: bool = False,
    ) -> Any:
        """Train a compiled model; the answer is its ``History``, or with ``seeds`` the ``Histories`` of its copies.

        The ways to draw rows: ``batch_size="all"`` the whole batch, a number mini-batches, ``1`` one row at a time;
        each pass over the rows shuffled, in turn (``shuffle=False``), or not a pass at all but draws with
        ``replacement``.

        Args:
            x: pictures, (N, ...).
            y: targets, (N,) or (N, K).
            batch_size: rows in a mini-batch, 32 unless given; "all" for all rows at once.
            epochs: the number of the last epoch, as in Keras; 1 unless given.
            verbose: 0 nothing, 1 (and "auto") a bar, 2 a line an epoch.
            callbacks: see ``garasu.callbacks``.
            validation_split: the share of rows kept for validation: shuffled, the same share of each class, from the
                model's seed; their numbers stand in ``history.params["validation_rows"]``. (Keras takes the last rows.)
            validation_data: (x, y) or (x, y, sample_weight).
            shuffle: a new order every epoch.
            class_weight: a weight for each class number, in training; validation counts every row alike.
            sample_weight: a weight for each row, (N,).
            initial_epoch: the number of the first epoch.
            steps_per_epoch: mini-batches in an epoch, as many as hold all rows unless given. The next epoch goes on in
                the order of the rows where the last one stopped; each pass over all rows has its own.
            steps: the number of the last step, instead of epochs. Where that is in the middle of an epoch, the epoch
                ends there: with its means, its validation and its callbacks. ``resume`` goes on with the rest of it.
            replacement: draw every row of every mini-batch from all rows, so that one may come twice and another not at
                all; decided by the seed, as the order is.
            cache_frozen: work out once what the frozen layers in front hand on, and train the others on that: the same
                weights, sooner. It is kept in memory; ``history.params["cached_layers"]`` names the layers, whose
                weights callbacks cannot set meanwhile.
            resume: go on where the model's last fit stopped, in the middle of an epoch too, with the same order and
                keys.
            seeds: train so many copies, from the model's seed and those behind it; or from the seeds given. Each comes
                to what a model of that seed comes to by itself; the model then has the weights of the first. A copy
                in which a number is not finite stops, and the others go on. With ``validation_split`` all copies have
                the rows of the model's seed.
            share_batches: copies see the same mini-batches, those of the first seed, which is quicker.

        Raises:
            RunError: not compiled; or a layer to be trained stands in front of a step function, whose slope is 0;
                or ``cache_frozen`` where no layer in front is frozen, where all are, or where too much were to be kept;
                or ``seeds`` for a model that was trained.
            SettingError: a setting out of range; two that contradict each other; or ``resume`` in mid-epoch with
                another order of rows than it began with.
            ShapeError: data that do not fit.
            NonFiniteError: a loss or gradient was not finite; the weights are those before that step.
            KeyboardInterrupt: Ctrl-C; the weights are those of the last finished program.
        """
        if seeds is not None:
            return copies.fit(
                self._model,
                x,
                y,
                seeds=seeds,
                share_batches=share_batches,
                drawing=Drawing(batch_size, epochs, steps, steps_per_epoch, shuffle, replacement),
                verbose=verbose,
                validation_split=validation_split,
                validation_data=validation_data,
                class_weight=class_weight,
                sample_weight=sample_weight,
                left_out={
                    "callbacks": callbacks,
                    "initial_epoch": initial_epoch,
                    "resume": resume,
                    "cache_frozen": cache_frozen,
                },
            )
        if share_batches:
            raise SettingError("copies.share_alone")
        return training.fit(
            self._model,
            x,
            y,
            batch_size=batch_size,
            epochs=epochs,
            verbose=verbose,
            callbacks=callbacks,
            validation_split=validation_split,
            validation_data=validation_data,
            shuffle=shuffle,
            class_weight=class_weight,
            sample_weight=sample_weight,
            initial_epoch=initial_epoch,
            steps_per_epoch=steps_per_epoch,
            steps=steps,
            replacement=replacement,
            resume=resume,
            cache_frozen=cache_frozen,
        )

    @in_words
    def evaluate(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        verbose: Any = 0,
        *,
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """The mean loss and metrics over all rows: a number, a list in the order loss, metrics, or a dict.

        To the loss belong the penalties of regularisers, as in Keras and as in training.

        Args:
            x: pictures, (N, ...).
            y: targets, (N,) or (N, K).
            batch_size: taken for Keras's sake; rows are grouped into buckets of their own.
            verbose: taken for Keras's sake; nothing is printed.
            sample_weight: a weight for each row, (N,).
            return_dict: answer with {"loss": ..., metric: ...}.

        Raises:
            RunError: not compiled.
            ShapeError: data that do not fit.
        """
        return training.evaluate(self._model, x, y, sample_weight=sample_weight, return_dict=return_dict)

    @in_words
    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0) -> Array:
        """The output for every row of ``x``. One compiled program serves every size up to its bucket."""
        self._model.build_for(x)
        return training.predict(self._model, x, [str(self._model.network.layers[-1].name)])[0]

    @in_words
    def pretrain(
        self,
        x: Any,
        epochs: int = 1,
        batch_size: int | str | None = None,
        *,
        optimizer: Any = "adam",
        layers: str | Sequence[str] | None = None,
        tied: bool = True,
        output: str = "linear",
        loss: Any = None,
        noise: Layer | None = None,
        seed: int | None = None,
        verbose: Any = "auto",
    ) -> Pretraining:
        """Train the Dense layers of a model one after another, each as an autoencoder of what it is given.

        The model need not be compiled; its precision and its engine are used. Each layer starts from the weights it
        has. A ``TiedDense`` of the model that borrows a pre-trained kernel gets the bias that was learned with it.

        Args:
            x: pictures, (N, ...).
            epochs: over each layer.
            batch_size: rows in a mini-batch, 32 unless given; "all" for all rows at once.
            optimizer: for each layer anew.
            layers: names of the layers, or one name; all trainable Dense layers unless given, but for those that end in
                softmax. Inside another model they are named by their paths.
            tied: decode with the transpose of the layer's kernel, and a bias of its own.
            output: the activation of the decoder: "linear" (squares) or "sigmoid" (summed binary cross-entropy).
            loss: another loss.
            noise: a layer that spoils what an autoencoder is given, such as ``MaskingNoise(0.3)``.
            seed: decides the decoders, the order of rows and the noise; the model's seed unless given.
            verbose: as in ``fit``.

        Raises:
            RunError: there is no layer to pre-train; or what one is given is too large to be kept.
            UnknownNameError: no such layer, activation or loss.
            SettingError: a setting out of range, or a layer that cannot be pre-trained.
            ShapeError: pictures that do not fit; or, with a sigmoid output, a layer that is given numbers outside 0
                to 1.

        Example:
            >>> import numpy as np
            >>> from garasu.layers import Dense
            >>> from garasu.models import Sequential
            >>> stack = [Dense(5, activation="sigmoid", name="low", input_shape=(8,)), Dense(3, name="high")]
            >>> model = Sequential(stack, seed=0)
            >>> found = model.pretrain(np.eye(8), epochs=2, verbose=0)
            >>> {name: len(record.epoch) for name, record in found.histories.items()}
            {'low': 2, 'high': 2}
        """
        self._model.build_for(x)
        return pretraining.pretrain(
            self._model,
            x,
            epochs=epochs,
            batch_size=batch_size,
            optimizer=optimizer,
            layers=layers,
            tied=tied,
            output=output,
            loss=loss,
            noise=noise,
            seed=seed,
            verbose=verbose,
        )

    @in_words
    def activations(self, x: Any, names: Sequence[str]) -> dict[str, Array]:
        """What the named layers hand on for ``x``; "NAME.u" is what stands before the layer's activation.

        A layer inside another is named by its path, "outer/inner".

        Raises:
            UnknownNameError: there is no such layer; the nearest name is offered.
        """
        self._model.build_for(x)
        known = list(self._model.network.places)
        for name in names:
            if name.removesuffix(".u").removesuffix(".activation") not in known:
                raise nearest("layer", name, known)
        return dict(zip(names, training.predict(self._model, x, names), strict=True))

    @in_words
    def find_learning_rate(
        self,
        x: Any,
        y: Any,
        *,
        low: float = 1e-7,
        high: float = 10.0,
        steps: int = 100,
        batch_size: int | None = None,
        smoothing: float = 0.9,
        sample_weight: Any = None,
    ) -> LearningRates:
        """Try rates from ``low`` to ``high`` on copies of a compiled model's weights; nothing of the model changes.

        The optimizer is the model's, without its memory and its schedule. ``found.plot()`` draws what came out.

        Args:
            x: pictures, (N, ...).
            y: targets, (N,) or (N, K).
            low: the first rate.
            high: the last rate, if the loss does not explode before.
            steps: mini-batches, one for each rate.
            batch_size: rows in a mini-batch, 32 unless given: as in the training that is to follow.
            smoothing: the share of the old mean in the smoothed loss.
            sample_weight: a weight for each row, (N,).

        Raises:
            RunError: not compiled.
            SettingError: a setting out of range.
            ShapeError: data that do not fit.
            NonFiniteError: a number was not finite in the very first step.
        """
        return rate_finder.find_learning_rate(
            self._model,
            x,
            y,
            low=low,
            high=high,
            steps=steps,
            batch_size=batch_size,
            smoothing=smoothing,
            sample_weight=sample_weight,
        )

    @in_words
    def trace(self, x: Any, y: Any, in_training: bool = False) -> Trace:
        """Every number of one forward and backward pass over these rows, by name; a notebook shows its sizes.

        Raises:
            RunError: not compiled, so there is no loss.
            ShapeError: rows that do not fit.

        Example:
            >>> import numpy as np
            >>> from garasu import layers, models
            >>> model = models.Sequential([layers.Dense(2, input_shape=(3,), name="out")], seed=0)
            >>> model.compile(loss="mse")
            >>> found = model.trace(np.ones((4, 3)), np.zeros((4, 2)))
            >>> [name for name, _ in found.numbers()]
            ['input', 'out: output', 'loss', 'out: error', 'out/kernel: gradient', 'out/bias: gradient']
        """
        return training.trace_of(self._model, x, y, in_training)

    @in_words
    def check_gradients(
        self, x: Any, y: Any, *, samples: int = SAMPLES, seed: int = 0, in_training: bool = True
    ) -> GradientReport:
        """Check the gradients of a compiled model over some rows, on NumPy in float64, with its weights as they are.

        Args:
            x: pictures, (N, ...); a few are enough.
            y: their targets.
            samples: arrays of at most so many numbers are checked whole; of larger ones so many of their numbers, and
                then all of them at once along one random direction.
            seed: for what is drawn.
            in_training: as in training, with one key for every pass: dropout then drops the same numbers in each.

        Raises:
            RunError: not compiled; no row is left to compare on; or a backward rule does not run.
            SettingError: ``samples`` is no whole number above 0, or ``seed`` is none.
            ShapeError: rows that do not fit.
            NonFiniteError: the loss is no finite number here.

        Example:
            >>> import numpy as np
            >>> from garasu import layers, models
            >>> model = models.Sequential([layers.Dense(2, "tanh", input_shape=(3,), name="out")], seed=0)
            >>> model.compile(loss="mse")
            >>> found = model.check_gradients(np.ones((4, 3)), np.zeros((4, 2)))
            >>> found.ok, found.numbers, found.rows[0].name
            (True, 20, 'out/kernel')
        """
        return gradient_report.check(self._model, x, y, samples=samples, seed=seed, in_training=in_training)
