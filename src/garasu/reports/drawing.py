"""The pictures of a report by name, in the order in which they are looked at. How each is drawn, ``figures`` knows."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from garasu import figures
from garasu.layers import Conv2D, Dense, MaxPooling2D
from garasu.messages import text
from garasu.models import summary
from garasu.models.measure import Measured
from garasu.models.run import Run
from garasu.models.sequential import Sequential
from garasu.reports.sample import order

_SAMPLES, _ACROSS, _MISTAKES = 10, 9, 10

WIDE = frozenset({"image_numbers"})
"""Pictures that need more width than a telephone has: they are moved sideways there, not made smaller."""


def drawings(run: Run, found: Measured) -> Iterator[tuple[str, Any]]:
    """(name, figure) one after the other; what a run has nothing for is left out."""
    yield from _data(run)
    yield from _network(run)
    yield from _inside(run)
    yield from _mistakes(run, found)


def _data(run: Run) -> Iterator[tuple[str, Any]]:
    """The first training pictures, one as numbers, the labels as the loss sees them."""
    data = run.dataset
    rows = order(data, data.train_labels)[:_SAMPLES]
    images, labels = data.train_images[rows], data.train_labels[rows]
    yield "sample_images", figures.sample_images(images, labels, data.class_names, total=len(data.train_labels))
    yield "image_numbers", figures.image_numbers(images[0])
    yield "one_hot", figures.one_hot(labels, data.class_names)


def _network(run: Run) -> Iterator[tuple[str, Any]]:
    network = run.model.network
    yield "chain_of_shapes", figures.chain_of_shapes(summary.rows(network), network.in_shape)
    if run.model.history and run.model.history.epoch:
        yield "training_curves", run.model.history.plot()


def _inside(run: Run) -> Iterator[tuple[str, Any]]:
    """What the filters make of some test pictures; of a network without filters its first weights."""
    rows = order(run.dataset, run.dataset.test_labels)[:_ACROSS]
    images = run.dataset.test_images[rows]
    filters = _first_filters(run.model)
    if filters is None:
        yield from _weights(run)
        return
    convolution, pooling = filters
    kernel = run.model.get_layer(convolution).get_weights()[0]
    for name in [convolution, pooling] if pooling else [convolution]:
        maps = run.model.activations(images, [name])[name]
        yield (
            f"feature_maps_{name}",
            figures.feature_maps(kernel, images, maps, title=text("page.maps_of", layer=name)),
        )


def _first_filters(model: Sequential) -> tuple[str, str | None] | None:
    """The names of the first convolution and of the pooling right behind it."""
    layers = model.network.layers
    for at, layer in enumerate(layers):
        if isinstance(layer, Conv2D):
            behind = layers[at + 1] if at + 1 < len(layers) else None
            return str(layer.name), str(behind.name) if isinstance(behind, MaxPooling2D) else None
    return None


def _weights(run: Run) -> Iterator[tuple[str, Any]]:
    """The weights of the first dense layer, if it sees the picture itself."""
    network = run.model.network
    first = next((layer for layer in network.layers if isinstance(layer, Dense)), None)
    if first is None:
        return
    kernel = run.model.get_layer(str(first.name)).get_weights()[0]
    shape = network.preparation.prepared_shape()
    if kernel.shape[0] == int(np.prod(shape)):
        names = run.dataset.class_names if first is network.layers[-1] else None
        yield "weight_images", figures.weight_images(kernel, shape, names=names)


def _mistakes(run: Run, found: Measured) -> Iterator[tuple[str, Any]]:
    data = run.dataset
    ordered = order(data, found.labels)
    wrong = ordered[found.answers[ordered] != found.labels[ordered]]
    rows = wrong[:_MISTAKES] if len(wrong) else ordered[:1]
    yield (
        "misclassified",
        figures.misclassified(
            data.test_images[rows],
            found.labels[rows],
            found.answers[rows],
            found.outputs[rows],
            data.class_names,
            wrong=len(wrong),
            total=len(ordered),
        ),
    )
    yield "confusion_matrix", figures.confusion_matrix(found.matrix, data.class_names)
