"""Rows of the losses. Keras's functions take (targets, outputs); PyTorch's take (outputs, targets)."""

import math

from tests.contract.contract_types import LossRow

from garasu.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    SumOfSquares,
)


def _rows(values):
    return values.flatten(1).sum(1)


LOSS_ROWS = [
    LossRow(
        case="binary cross-entropy, mean over outputs",
        covers=BinaryCrossentropy,
        loss=BinaryCrossentropy(),
        y=[0.8, 0.4],
        t=[1, 0],
        value=(math.log(5 / 4) + math.log(5 / 3)) / 2,
        dy=[-5 / 8, 5 / 6],
        du=[-0.1, 0.2],
        worked="-log 0.8 = log 5/4, -log(1 - 0.4) = log 5/3; dy1 = 1/2 (0.8 - 1) / (0.8 * 0.2); du1 = 1/2 (0.8 - 1)",
        keras=lambda keras, t, y: keras.losses.binary_crossentropy(t, y),
        torch=lambda F, y, t: _rows(F.binary_cross_entropy(y, t, reduction="none")) / y.shape[1],
    ),
    LossRow(
        case="binary cross-entropy, sum over outputs",
        covers=BinaryCrossentropy,
        loss=BinaryCrossentropy(outputs="sum"),
        y=[0.8, 0.4],
        t=[1, 0],
        value=math.log(5 / 4) + math.log(5 / 3),
        dy=[-5 / 4, 5 / 3],
        du=[-0.2, 0.4],
        worked="twice the row above",
        keras=lambda keras, t, y: y.shape[-1] * keras.losses.binary_crossentropy(t, y),
        torch=lambda F, y, t: _rows(F.binary_cross_entropy(y, t, reduction="none")),
    ),
    LossRow(
        case="categorical cross-entropy",
        covers=CategoricalCrossentropy,
        loss=CategoricalCrossentropy(),
        y=[1 / 4, 3 / 4],
        t=[0, 1],
        value=math.log(4 / 3),
        dy=[0, -4 / 3],
        du=[1 / 4, -1 / 4],
        keras=lambda keras, t, y: keras.losses.categorical_crossentropy(t, y),
        keras_normalises=True,
        torch=lambda F, y, t: F.cross_entropy(y.log(), t, reduction="none") - y.sum(1).log() * t.sum(1),
    ),
    LossRow(
        case="categorical cross-entropy, targets that sum to 1",
        covers=CategoricalCrossentropy,
        loss=CategoricalCrossentropy(),
        y=[1 / 4, 3 / 4],
        t=[1 / 2, 1 / 2],
        value=math.log(16 / 3) / 2,
        dy=[-2, -2 / 3],
        du=[-1 / 4, 1 / 4],
        worked="(log 4 + log 4/3) / 2",
        keras=lambda keras, t, y: keras.losses.categorical_crossentropy(t, y),
        keras_normalises=True,
        torch=lambda F, y, t: F.cross_entropy(y.log(), t, reduction="none") - y.sum(1).log() * t.sum(1),
    ),
    LossRow(
        case="sparse categorical cross-entropy",
        covers=SparseCategoricalCrossentropy,
        loss=SparseCategoricalCrossentropy(),
        y=[1 / 4, 3 / 4],
        t=1,
        value=math.log(4 / 3),
        dy=[0, -4 / 3],
        du=[1 / 4, -1 / 4],
        keras=lambda keras, t, y: keras.losses.sparse_categorical_crossentropy(t, y),
        keras_normalises=True,
        torch=lambda F, y, t: F.nll_loss(y.log(), t.long(), reduction="none"),
    ),
    LossRow(
        case="mean squared error",
        covers=MeanSquaredError,
        loss=MeanSquaredError(),
        y=[3, 1],
        t=[1, 2],
        value=5 / 2,
        dy=[2, -1],
        worked="(4 + 1) / 2; 2/2 (3 - 1)",
        keras=lambda keras, t, y: keras.losses.mean_squared_error(t, y),
        torch=lambda F, y, t: _rows(F.mse_loss(y, t, reduction="none")) / y.shape[1],
    ),
    LossRow(
        case="sum of squares",
        covers=SumOfSquares,
        loss=SumOfSquares(),
        y=[3, 1],
        t=[1, 2],
        value=5,
        dy=[4, -2],
        keras=lambda keras, t, y: y.shape[-1] * keras.losses.mean_squared_error(t, y),
        torch=lambda F, y, t: _rows(F.mse_loss(y, t, reduction="none")),
    ),
    LossRow(
        case="half the sum of squares",
        covers=SumOfSquares,
        loss=SumOfSquares(half=True),
        y=[3, 1],
        t=[1, 2],
        value=5 / 2,
        dy=[2, -1],
        worked="the error is y - t",
        keras=lambda keras, t, y: y.shape[-1] / 2 * keras.losses.mean_squared_error(t, y),
        torch=lambda F, y, t: _rows(F.mse_loss(y, t, reduction="none")) / 2,
    ),
]
