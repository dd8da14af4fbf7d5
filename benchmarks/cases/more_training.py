"""Other shapes of training: dense only, small convolutions, normalisation, transposed convolutions."""

from benchmarks.cases.case import Case
from benchmarks.layers import (
    Activation,
    BatchNormalization,
    Convolution,
    Dense,
    Flatten,
    Pooling,
    TransposedConvolution,
)
from benchmarks.network import Network

C5 = Case(
    id="c5",
    title="C5 training steps, batch 100",
    network=Network((784,), (Dense(1024), Dense(10, "softmax"))),
    batch_size=100,
    steps=200,
    note="Dense 784 - 1024 with ReLU - 10 with softmax; Adam, rate 0.001; categorical cross-entropy.",
)

C21 = Case(
    id="c21",
    title="C21 (LeNet-5) training steps, batch 128",
    network=Network(
        (28, 28, 1),
        (
            *(Convolution(6, 5, "tanh"), Pooling(2, "average"), Convolution(16, 5, "tanh", padding="valid")),
            *(Pooling(2, "average"), Flatten(), Dense(120, "tanh"), Dense(84, "tanh"), Dense(10, "softmax")),
        ),
    ),
    batch_size=128,
    steps=80,
    note=(
        "Convolution 6 filters 5x5 (size kept), average pooling 2x2, convolution 16 filters 5x5 (valid), average "
        "pooling 2x2, dense 120 and 84, all with tanh, dense 10 with softmax; Adam, rate 0.001; categorical "
        "cross-entropy."
    ),
)

NORMALISED = Case(
    id="normalised",
    title="A network with batch normalisation, batch 128",
    network=Network(
        (28, 28, 1),
        (
            *(Convolution(32, 3, "linear"), BatchNormalization(), Activation("relu"), Pooling(2)),
            *(Convolution(64, 3, "linear"), BatchNormalization(), Activation("relu"), Pooling(2)),
            *(Flatten(), Dense(128), Dense(10, "softmax")),
        ),
    ),
    batch_size=128,
    steps=40,
    warm_up=10,
    quick_steps=10,
    note=(
        "Twice a convolution 3x3 (32, then 64 filters, size kept), batch normalisation, ReLU, max pooling 2x2; dense "
        "128 with ReLU, dense 10 with softmax; Adam, rate 0.001; categorical cross-entropy."
    ),
)

AUTOENCODER = Case(
    id="autoencoder",
    title="A convolutional autoencoder, batch 128",
    network=Network(
        (28, 28, 1),
        (
            *(Convolution(16, 3, stride=2), Convolution(32, 3, stride=2)),
            *(TransposedConvolution(16, 3), TransposedConvolution(1, 3, "sigmoid")),
        ),
    ),
    batch_size=128,
    steps=80,
    targets="inputs",
    loss="bits",
    note=(
        "Convolutions 3x3 of stride 2 (16, then 32 filters) with ReLU, transposed convolutions 3x3 of stride 2 (16 "
        "with ReLU, 1 with sigmoid), size kept; Adam, rate 0.001; binary cross-entropy with the picture itself."
    ),
)
