"""The pictures of a report by name, in the order in which they are looked at. How each is drawn, ``figures`` knows."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from garasu import figures
from garasu.layers import Conv2D, Dense, MaxPooling2D
from garasu.messages import text
from garasu.models import summary
from garasu.models.measure import Measured
from garasu.models.run import Run
from garasu.models.sequential import Sequential
from garasu.reports.sample import order

_SAMPLES, _ACROSS, _MISTAKES = 10, 9, 10

Drawing = tuple[str, Callable[[], Any]]
"""The name of a figure, and what draws it."""


def drawings(run: Run, found: Measured) -> Iterator[Drawing]:
    """What there is to draw of a run, one after the other."""
    yield from _data(run)
    yield from _network(run)
    yield from _inside(run)
    yield "misclassified", lambda: _mistakes(run, found)
    yield "confusion_matrix", lambda: figures.confusion_matrix(found.matrix, run.dataset.class_names)


def _data(run: Run) -> Iterator[Drawing]:
    """Some training pictures, one as numbers, their labels as one-hot rows."""
    data = run.dataset
    rows = order(data, data.train_labels)[:_SAMPLES]
    images, labels, total = data.train_images[rows], data.train_labels[rows], len(data.train_labels)
    yield "sample_images", lambda: figures.sample_images(images, labels, data.class_names, total=total)
    yield "image_numbers", lambda: figures.image_numbers(images[0])
    yield "one_hot", lambda: figures.one_hot(labels, data.class_names)


def _network(run: Run) -> Iterator[Drawing]:
    network, history = run.model.network, run.model.history
    yield "chain_of_shapes", lambda: figures.chain_of_shapes(summary.rows(network), network.in_shape)
    if history and history.epoch:
        yield "training_curves", history.plot


def _inside(run: Run) -> Iterator[Drawing]:
    """What the filters make of some test pictures; of a network without filters its first weights."""
    filters = _first_filters(run.model)
    if filters is None:
        yield from _weights(run)
        return
    images = run.dataset.test_images[order(run.dataset, run.dataset.test_labels)[:_ACROSS]]
    kernel = run.model.get_layer(filters[0]).get_weights()[0]
    for name, maps in run.model.activations(images, filters).items():
        title = text("page.maps_of", layer=name)
        yield f"feature_maps_{name}", partial(figures.feature_maps, kernel, images, maps, title=title)


def _first_filters(model: Sequential) -> list[str] | None:
    """The names of the first convolution and of the pooling right behind it."""
    layers = model.network.layers
    for layer, behind in zip(layers, [*layers[1:], None], strict=True):
        if isinstance(layer, Conv2D):
            return [str(one.name) for one in (layer, behind) if isinstance(one, Conv2D | MaxPooling2D)]
    return None


def _weights(run: Run) -> Iterator[Drawing]:
    """The weights of the first dense layer, if it sees the picture itself."""
    network = run.model.network
    first = next((layer for layer in network.layers if isinstance(layer, Dense)), None)
    if first is None:
        return
    kernel = run.model.get_layer(str(first.name)).get_weights()[0]
    shape = network.preparation.prepared_shape()
    if kernel.shape[0] == math.prod(shape):
        names = run.dataset.class_names if first is network.layers[-1] else None
        yield "weight_images", lambda: figures.weight_images(kernel, shape, names=names)


def _mistakes(run: Run, found: Measured) -> Any:
    """The first wrong answers; one right one where there is none, for the figure that says so."""
    data = run.dataset
    ordered = order(data, found.labels)
    wrong = ordered[found.answers[ordered] != found.labels[ordered]]
    rows = wrong[:_MISTAKES] if len(wrong) else ordered[:1]
    arrays = data.test_images[rows], found.labels[rows], found.answers[rows], found.outputs[rows]
    return figures.misclassified(*arrays, data.class_names, wrong=len(wrong), total=len(ordered))
