"""Model: the outputs of chosen layers of a Sequential, as a model of its own that predicts."""

from collections.abc import Sequence
from typing import Any

from garasu.array import Array
from garasu.messages import SettingError
from garasu.models import notebook, training
from garasu.models.sequential import Sequential
from garasu.models.views import LayerView, Symbol


class Model:
    """``Model(inputs=model.input, outputs=[model.get_layer("conv").output, ...])``, as in Keras.

    It shares the weights of the model it was made from and always sees their latest values.

    Raises:
        SettingError: inputs and outputs of different models, something else than such symbols, or other inputs than
            ``model.input``.

    Example:
        >>> import numpy as np
        >>> from garasu import layers
        >>> whole = Sequential([layers.Dense(3, input_shape=(4,), name="a"), layers.Dense(2, name="b")], seed=0)
        >>> inner = Model(inputs=whole.input, outputs=[whole.get_layer("a").output, whole.output])
        >>> [part.shape for part in inner.predict(np.ones((5, 4)))]
        [(5, 3), (5, 2)]
    """

    def __init__(self, inputs: Symbol | Sequence[Symbol], outputs: Symbol | Sequence[Symbol]) -> None:
        sources = list(inputs) if isinstance(inputs, Sequence) else [inputs]
        self.outputs = list(outputs) if isinstance(outputs, Sequence) else [outputs]
        self._one = not isinstance(outputs, Sequence)
        symbols = [*sources, *self.outputs]
        if not all(isinstance(one, Symbol) for one in symbols) or len({id(one.model) for one in symbols}) != 1:
            raise SettingError("models.other_model")
        if len(sources) != 1 or not sources[0].is_input:
            raise SettingError("models.not_the_input", got=", ".join(one.name for one in sources))
        self._whole: Sequential = sources[0].model

    def _repr_html_(self) -> str:
        """The outputs that were chosen, and the layers of the whole model, for notebooks."""
        return notebook.part_html(self.outputs, self._whole.name, self._whole.network)

    @property
    def layers(self) -> list[LayerView]:
        """The layers of the whole model."""
        return self._whole.layers

    def get_layer(self, name: str | None = None, index: int | None = None) -> LayerView:
        """A layer of the whole model."""
        return self._whole.get_layer(name, index)

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0) -> Any:
        """The chosen outputs for every row of ``x``: a list, or one array where one output was given alone."""
        found: list[Array] = training.predict(self._whole, x, [one.name for one in self.outputs])
        return found[0] if self._one else found
