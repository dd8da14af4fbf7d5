"""The audit of a loss."""

from collections.abc import Callable, Collection, Iterator

import numpy as np

from garasu import activations
from garasu.array import Array, Shape, Tree, namespace
from garasu.losses import Loss
from garasu.testing.check_rule import steps
from garasu.testing.judge import Judge
from garasu.testing.ladder import Step, climb, known
from garasu.testing.purity import STRICT_LIMIT
from garasu.testing.report import Report, Rung
from garasu.testing.subject import Subject, draw

_Draw = Callable[[Array], Array]


def check_loss(
    loss: Loss,
    out_shape: Shape = (4,),
    *,
    y: Array | None = None,
    t: Array | None = None,
    batch: int = 3,
    seed: int = 0,
    skip: Collection[str] = (),
) -> Report:
    """Audit a loss: its slope at the outputs y, and, where it has a partner activation, its delta at u.

    Args:
        loss: the loss, of Garasu or your own.
        out_shape: the shape of one row's outputs.
        y: outputs (batch, *out_shape), which then decide both; unless given, random numbers of the loss's ``domain``.
            The delta is audited at random u. A loss that says none is given what its partner hands on.
        t: targets; unless given, random ones of the loss's ``domain``: class numbers or one-hot rows, numbers from 0 to
            1, signs, counts, or normal numbers.
        batch: how many rows.
        seed: for all that is drawn.
        skip: names of rungs to leave out.

    Raises:
        CheckFailure: a rung failed.
        SettingError: no rung is called as ``skip`` says.

    Example:
        >>> from garasu.losses import MeanSquaredError
        >>> [rung.name for rung in check_loss(MeanSquaredError()).rungs]
        ['spec', 'rows', 'dtype', 'purity', 'differences', 'vjp', 'float64', 'float32']
    """
    skip, label = known(skip), type(loss).__name__
    rungs: tuple[Rung, ...] = ()
    for mode, subject in loss_subjects(loss, out_shape, y=y, t=t, batch=batch, seed=seed):
        rungs += climb(label, [*_first(loss, subject, mode), *steps(subject)], mode, skip)
    return Report(label, rungs)


def loss_subjects(
    loss: Loss,
    out_shape: Shape = (4,),
    *,
    y: Array | None = None,
    t: Array | None = None,
    batch: int = 3,
    seed: int = 0,
) -> Iterator[tuple[str, Subject]]:
    """A loss as a function of its outputs and, where it has a partner activation, of u: (letter, what climbs).

    The arguments are those of ``check_loss``.

    Example:
        >>> from garasu.losses import BinaryCrossentropy
        >>> [mode for mode, _ in loss_subjects(BinaryCrossentropy())]
        ['y', 'u']
    """
    if y is not None:
        batch, out_shape = len(y), np.shape(y)[1:]
    drawn_y, drawn_t = drawn_outputs(loss, out_shape, batch, seed)
    held = {"t": drawn_t if t is None else np.asarray(t)}
    yield "" if loss.partner is None else "y", _slope(loss, drawn_y if y is None else np.asarray(y), held, seed)
    if loss.partner is not None:
        yield "u", _delta(loss, draw(seed, "u", (batch, *out_shape)), held, seed)


def _first(loss: Loss, subject: Subject, mode: str) -> list[Step]:
    """The rungs that a loss climbs as a function of its outputs only."""
    if mode == "u":
        return []
    return [
        Step("spec", lambda judge: _check_spec(loss, subject, judge)),
        Step("rows", lambda judge: _check_rows(loss, subject, judge), STRICT_LIMIT, 1e-13),
    ]


def drawn_outputs(loss: Loss, out_shape: Shape, batch: int = 3, seed: int = 0) -> tuple[Array, Array]:
    """What an audit draws for a loss: outputs and targets of its domain.

    Example:
        >>> from garasu.losses import CategoricalCrossentropy
        >>> y, t = drawn_outputs(CategoricalCrossentropy(), (4,))
        >>> y.shape, t.sum(axis=1).tolist()
        ((3, 4), [1.0, 1.0, 1.0])
    """
    shape = (batch, *out_shape)
    make_y, make_t = _draws(loss)
    t = draw(seed, "t", shape)
    if loss.target == "index":
        return make_y(draw(seed, "u", shape)), np.argmax(t, axis=-1).astype(np.int32)
    return make_y(draw(seed, "u", shape)), make_t(t)


def _draws(loss: Loss) -> tuple[_Draw, _Draw]:
    """How normal numbers become outputs and targets: by the domain; where none is said, by the partner."""
    domain = loss.domain or _OF_PARTNER.get(loss.partner)
    if domain is not None:
        return _DOMAINS[domain]
    handed_on = activations.RULES[str(loss.partner)].forward
    return handed_on, handed_on


def _largest(numbers: Array) -> Array:
    return (numbers == np.max(numbers, axis=-1, keepdims=True)).astype(np.float64)


def _as_drawn(numbers: Array) -> Array:
    return numbers


_DOMAINS: dict[str, tuple[_Draw, _Draw]] = {
    "numbers": (_as_drawn, _as_drawn),
    "shares": (activations.sigmoid.forward, activations.sigmoid.forward),
    "distributions": (activations.softmax.forward, _largest),
    "scores": (_as_drawn, _largest),
    "signs": (_as_drawn, np.sign),
    "counts": (np.exp, lambda numbers: np.floor(np.abs(2.0 * numbers))),
}
"""How normal numbers become outputs and targets."""

_OF_PARTNER = {None: "numbers", "sigmoid": "shares", "softmax": "distributions"}
"""The domain of a loss that says none; of other partners both are what the partner hands on."""


def _by_row(dy: Array, slope: Array) -> Array:
    return namespace(slope).reshape(dy, (-1,) + (1,) * (slope.ndim - 1)) * slope


def _slope(loss: Loss, y: Array, held: Tree, seed: int) -> Subject:
    """Each row's loss as a function of y; dy weighs the rows, as a reduction does."""
    return Subject(
        type(loss).__name__,
        lambda inputs, held: ({"y": loss.value(inputs["y"], held["t"])}, {"y": inputs["y"]}),
        lambda inputs, held, cache, dy: {"y": _by_row(dy, loss.backward(cache["y"], held["t"]))},
        {"y": y},
        held,
        seed,
        loss,
    )


def _delta(loss: Loss, u: Array, held: Tree, seed: int) -> Subject:
    """Each row's loss as a function of u, through the partner activation."""

    def forward(inputs: Tree, held: Tree) -> tuple[Tree, Tree]:
        z = activations.RULES[str(loss.partner)].forward(inputs["u"])
        return {"y": loss.value(z, held["t"])}, {"z": z}

    def backward(inputs: Tree, held: Tree, cache: Tree, dy: Array) -> Tree:
        return {"u": _by_row(dy, loss.delta(cache["z"], held["t"]))}

    return Subject(type(loss).__name__, forward, backward, {"u": u}, held, seed, loss)


def _check_spec(loss: Loss, subject: Subject, judge: Judge) -> None:
    """One number a row; a slope in the shape of y; targets in the announced shape."""
    y, t = subject.inputs["y"], subject.held["t"]
    loss.check(y.shape[1:], t.shape[1:])
    judge.same_shape("value", y.shape[:1], loss.value(y, t).shape)
    judge.same_shape("backward", y.shape, loss.backward(y, t).shape)
    if loss.partner is not None:
        judge.same_shape("delta", y.shape, loss.delta(y, t).shape)


def _check_rows(loss: Loss, subject: Subject, judge: Judge) -> float:
    """The batch against its rows one by one."""
    y, t = subject.inputs["y"], subject.held["t"]
    rows = [(y[k : k + 1], t[k : k + 1]) for k in range(len(y))]
    one_by_one = {
        "value": np.concatenate([loss.value(*row) for row in rows]),
        "backward": np.concatenate([loss.backward(*row) for row in rows]),
    }
    return judge.same(one_by_one, {"value": loss.value(y, t), "backward": loss.backward(y, t)})
