"""Layers, one file each: formula, settings, spec, forward rule, backward rule."""

from garasu.layers.absolute import Absolute
from garasu.layers.activation import Activation
from garasu.layers.average_pooling2d import AveragePooling2D
from garasu.layers.batch_normalization import BatchNormalization
from garasu.layers.block import Block
from garasu.layers.chain import Chain, Stage, chain
from garasu.layers.composite import Composite
from garasu.layers.conv2d import Conv2D
from garasu.layers.conv2d_transpose import Conv2DTranspose
from garasu.layers.cropping2d import Cropping2D
from garasu.layers.cutoff import Cutoff
from garasu.layers.dense import Dense
from garasu.layers.dropout import Dropout
from garasu.layers.elu import ELU
from garasu.layers.flatten import Flatten
from garasu.layers.gaussian_noise import GaussianNoise
from garasu.layers.global_average_pooling2d import GlobalAveragePooling2D
from garasu.layers.global_max_pooling2d import GlobalMaxPooling2D
from garasu.layers.layer import INFERENCE, Layer, Param, Run, Spec
from garasu.layers.layer_normalization import LayerNormalization
from garasu.layers.leaky_relu import LeakyReLU
from garasu.layers.lp_pooling2d import LpPooling2D
from garasu.layers.masking_noise import MaskingNoise
from garasu.layers.max_pooling2d import MaxPooling2D
from garasu.layers.names import named
from garasu.layers.parallel import Parallel
from garasu.layers.per_channel import PerChannel
from garasu.layers.rescaling import Rescaling
from garasu.layers.reshape import Reshape
from garasu.layers.residual import Residual
from garasu.layers.tied_dense import TiedDense
from garasu.layers.up_sampling2d import UpSampling2D
from garasu.layers.zero_padding2d import ZeroPadding2D

CLASSES = (
    Absolute,
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Block,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    Cutoff,
    Dense,
    Dropout,
    ELU,
    Flatten,
    GaussianNoise,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LayerNormalization,
    LeakyReLU,
    LpPooling2D,
    MaskingNoise,
    MaxPooling2D,
    Parallel,
    PerChannel,
    Rescaling,
    Reshape,
    Residual,
    TiedDense,
    UpSampling2D,
    ZeroPadding2D,
)

__all__ = [
    "CLASSES",
    "ELU",
    "INFERENCE",
    "Absolute",
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "Block",
    "Chain",
    "Composite",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping2D",
    "Cutoff",
    "Dense",
    "Dropout",
    "Flatten",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "LpPooling2D",
    "MaskingNoise",
    "MaxPooling2D",
    "Parallel",
    "Param",
    "PerChannel",
    "Rescaling",
    "Reshape",
    "Residual",
    "Run",
    "Spec",
    "Stage",
    "TiedDense",
    "UpSampling2D",
    "ZeroPadding2D",
    "chain",
    "named",
]
