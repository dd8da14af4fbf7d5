"""Pre-training: the Dense layers of a stack trained one after another, each as an autoencoder of what it is given.

    h = f(W t + b)        y = f~(W~ h + b~)              t: what the layers in front hand on, W~ = W^T when tied
    L = sum_j (y_j - t_j)^2                              linear output
    L = sum_j -(t_j log y_j + (1 - t_j) log(1 - y_j))    sigmoid output, t in [0, 1]

The layers in front stand still and are run once. With noise the autoencoder is given noisy rows and is to hand back the
clean ones. What was learned goes into the model; a classifier is then put behind it and all is fine-tuned by ``fit``.
Sources: Hinton and Salakhutdinov (2006); Bengio, Lamblin, Popovici and Larochelle (2007); Vincent et al. (2010).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from garasu import activations, losses
from garasu.array import Array, random
from garasu.layers import Block, Dense, Layer, TiedDense
from garasu.losses import BinaryCrossentropy, Loss, SumOfSquares
from garasu.messages import RunError, SettingError, ShapeError, nearest, text
from garasu.models import training
from garasu.models.drawing import is_batch_size
from garasu.models.frozen_front import check_size
from garasu.models.history import History
from garasu.models.seed import check
from garasu.models.views import LayerView
from garasu.networks import check_head
from garasu.settings import is_count, is_truth

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


@frozen(eq=False)
class Pretraining:
    """What pre-training wrote down: ``histories``, one for each layer by its name, in the order they were trained."""

    histories: dict[str, History]


def _is_noise(value: object) -> bool:
    return value is None or isinstance(value, Layer)


_RULES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("tied", is_truth, "settings.truth"),
    ("noise", _is_noise, "settings.noise"),
    ("epochs", is_count, "settings.count"),
    ("batch_size", is_batch_size, "draws.batch_size"),
)


def _loss(value: Any) -> Loss | None:
    return None if value is None else losses.get(value)


@frozen(eq=False)
class Autoencoding:
    """How each layer is trained: see ``pretrain``.

    Raises:
        SettingError: a setting that is none.
        UnknownNameError: no activation or loss of that name.
    """

    tied: bool = True
    output: str = field(default="linear", converter=activations.name_of)
    loss: Loss | None = field(default=None, converter=_loss)
    noise: Layer | None = None
    epochs: int = 1
    batch_size: int | str | None = None

    def __attrs_post_init__(self) -> None:
        """Check what is no name."""
        for name, accepts, expected in _RULES:
            value = getattr(self, name)
            if not accepts(value):
                words = {"expected": text(expected), "value": repr(value)}
                raise SettingError("settings.must_be", owner="pretrain", name=name, **words)

    def chosen_loss(self) -> Loss:
        """The loss asked for, or the one that goes with the output."""
        if self.loss is not None:
            return self.loss
        return BinaryCrossentropy(outputs="sum") if self.output == "sigmoid" else SumOfSquares()

    def check_noise(self, view: LayerView) -> None:
        """Noise spoils what a layer is given, and leaves its shape.

        Raises:
            SettingError: it has another shape afterwards.
            ShapeError: it cannot take it.
        """
        shape = view.input_shape
        found = shape if self.noise is None else self.noise.spec(shape).out_shape
        if found != shape and self.noise is not None:
            fields = {"noise": self.noise.label, "layer": view.settings.label}
            raise SettingError("models.pretrain_noise", expected=("N", *shape), got=("N", *found), **fields)

    def layers(self, layer: Dense, size: int) -> list[Layer]:
        """The autoencoder of a layer that is given ``size`` numbers."""
        before = [] if self.noise is None else [evolve(self.noise, name="noise", input_shape=None)]
        encode = evolve(layer, name="encode", trainable=True, input_shape=None)
        if self.tied:
            return [*before, encode, TiedDense("encode", activation=self.output, name="decode")]
        return [*before, encode, Dense(size, activation=self.output, name="decode")]


def pretrain(
    model: "Sequential",
    x: Any,
    *,
    epochs: int,
    batch_size: int | str | None,
    optimizer: Any,
    layers: str | Sequence[str] | None,
    tied: bool,
    output: str,
    loss: Any,
    noise: Layer | None,
    seed: int | None,
    verbose: Any,
) -> Pretraining:
    """Pre-train the Dense layers of a model; ``Sequential.pretrain`` says what everything means."""
    how = Autoencoding(tied, output, loss, noise, epochs, batch_size)
    seed = model.seed if seed is None else check(seed, "pretrain")
    histories: dict[str, History] = {}
    for view in _chosen(model, [layers] if isinstance(layers, str) else layers):
        how.check_noise(view)
        given = _given(model, view, x, how)
        coder = _autoencoder(model, view, how, given.shape[1:], seed)
        check_head(coder.network, how.chosen_loss())
        coder.compile_as_before(optimizer, how.chosen_loss(), None, model.task.precision)  # what it warns of was said
        coder.run_on(*model.runs_on)
        try:
            histories[view.path] = coder.fit(given, given, batch_size=batch_size, epochs=epochs, verbose=verbose)
        finally:  # also what was learned before someone said stop
            _take_over(model, view, coder, tied=how.tied)
    return Pretraining(histories)


def _chosen(model: "Sequential", names: Sequence[str] | None) -> list[LayerView]:
    """The layers to pre-train, from the input on."""
    fitting = list(_dense(model))
    if not fitting:
        raise RunError("models.nothing_to_pretrain", model=model.name)
    for name in names or ():
        if name not in model.network.places:
            raise nearest("layer", name, fitting)
        if name not in fitting:
            raise SettingError("models.cannot_pretrain", layer=name, known=", ".join(fitting))
    if names is None:
        places = model.network.places
        names = [path for path in fitting if getattr(places[path].layer, "activation", "") != "softmax"]
    if not names:
        raise RunError("models.nothing_to_pretrain", model=model.name)
    return [model.get_layer(path) for path in fitting if path in names]


def _dense(model: "Sequential") -> Iterator[str]:
    """The paths of trainable Dense layers that stand one after another: in the model itself, or in blocks of it."""
    places = model.network.places
    for path, place in places.items():
        parts = path.split("/")
        around = [places["/".join(parts[:depth])].layer for depth in range(1, len(parts))]
        if isinstance(place.layer, Dense) and place.layer.trainable and all(isinstance(one, Block) for one in around):
            yield path


def _given(model: "Sequential", view: LayerView, x: Any, how: Autoencoding) -> Array:
    """What a layer is given for every row of x, run once."""
    name = view.input.name
    check_size(model, name, len(x), view.input_shape)
    given = training.predict(model, x, [name])[0]
    low, high = float(given.min(initial=0.0)), float(given.max(initial=0.0))
    if isinstance(how.chosen_loss(), BinaryCrossentropy) and not 0.0 <= low <= high <= 1.0:
        raise ShapeError("models.pretrain_range", layer=view.settings.label, low=f"{low:.3g}", high=f"{high:.3g}")
    return given


def _autoencoder(
    model: "Sequential", view: LayerView, how: Autoencoding, shape: tuple[int, ...], seed: int
) -> "Sequential":
    """The autoencoder of a layer, which starts from the layer's weights."""
    from garasu.models.sequential import Sequential  # noqa: PLC0415 - the two build on each other

    low, high = (int(word) for word in random.fold_name(random.key(seed), f"pretrain/{view.path}"))
    parts = how.layers(view.settings, shape[-1]) if isinstance(view.settings, Dense) else []
    coder = Sequential(parts, view.path, seed=low + (high << 32))
    coder.build((None, *shape))
    coder.get_layer("encode").set_weights(view.get_weights())
    return coder


def _take_over(model: "Sequential", view: LayerView, coder: "Sequential", *, tied: bool) -> None:
    """What an autoencoder has learned, into the model."""
    view.set_weights(coder.get_layer("encode").get_weights())
    beside = view.path.rpartition("/")[0]
    for path, place in model.network.places.items():
        decoder = place.layer if isinstance(place.layer, TiedDense) and path.rpartition("/")[0] == beside else None
        if tied and decoder is not None and decoder.to == view.name and decoder.use_bias:
            model.get_layer(path).set_weights(coder.get_layer("decode").get_weights())
