"""Layers, one file each: formula, settings, spec, forward rule, backward rule."""

from garasu.layers.activation import Activation
from garasu.layers.batch_normalization import BatchNormalization
from garasu.layers.chain import Chain, Stage, chain
from garasu.layers.conv2d import Conv2D
from garasu.layers.dense import Dense
from garasu.layers.dropout import Dropout
from garasu.layers.flatten import Flatten
from garasu.layers.layer import INFERENCE, Layer, Param, Run, Spec
from garasu.layers.max_pooling2d import MaxPooling2D
from garasu.layers.names import named
from garasu.layers.reshape import Reshape
from garasu.layers.residual import Residual
from garasu.layers.tied_dense import TiedDense

CLASSES = (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    Reshape,
    Residual,
    TiedDense,
)

__all__ = [
    "CLASSES",
    "INFERENCE",
    "Activation",
    "BatchNormalization",
    "Chain",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPooling2D",
    "Param",
    "Reshape",
    "Residual",
    "Run",
    "Spec",
    "Stage",
    "TiedDense",
    "chain",
    "named",
]
