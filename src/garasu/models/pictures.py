"""What a model says of pictures in files: each prepared as the model's own training pictures were, then predicted."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from garasu.array import Array
from garasu.messages import DataError, FileError, RunError
from garasu.pictures import read

if TYPE_CHECKING:
    from garasu.models.sequential import Sequential


@frozen(eq=False)
class Answer:
    """One picture's class with the probability of each; ``stages`` are the steps of its preparation, if asked for."""

    file: Path
    predicted: str
    probabilities: Mapping[str, float]
    stages: Mapping[str, Array]


@frozen(eq=False)
class Refusal:
    """A picture that could not be read, or holds nothing; ``reason`` is a sentence that names it."""

    file: Path
    reason: str


def predict_pictures(
    model: "Sequential", paths: Iterable[str | os.PathLike[str]], keep_stages: bool = False
) -> list[Answer | Refusal]:
    """An answer for every picture, or why there is none, in the order given; one bad file stops no other.

    Raises:
        RunError: the model does not say how pictures are prepared, or answers with something else than its classes.
    """
    preparation = model.preparation.picture
    outputs = model.network.spec.out_shape
    if preparation is None or model.class_names is None or outputs != (len(model.class_names),):
        raise RunError("models.no_picture", model=model.name)
    found: list[Answer | Refusal] = []
    for path in map(Path, paths):
        try:
            stages = preparation.stages(read(path, preparation.sides).pixels)
        except FileError as error:
            found.append(Refusal(path, str(error)))
        except DataError:
            found.append(Refusal(path, str(FileError("pictures.empty_file", path=path))))
        else:
            found.append(_answer(model, path, stages, keep_stages))
    return found


def _answer(model: "Sequential", path: Path, stages: Mapping[str, Array], keep_stages: bool) -> Answer | Refusal:
    *_, prepared = stages.values()
    y = model.predict(prepared[None])[0]
    if not np.all(np.isfinite(y)):
        return Refusal(path, str(RunError("pictures.not_finite", path=path, model=model.name)))
    names = model.class_names or ()
    shares = {name: float(share) for name, share in zip(names, y, strict=True)}
    return Answer(path, names[int(np.argmax(y))], shares, stages if keep_stages else {})
