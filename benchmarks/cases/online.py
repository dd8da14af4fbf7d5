"""C14 and C16: one picture a step, the course's deep network and its autoencoder, by plain descent.

Here a step is a few thousand numbers, and what a library does between two steps is most of its time.
"""

from benchmarks.cases.case import Case
from benchmarks.layers import Dense
from benchmarks.network import Network

_DEEP = Network((196,), (*(Dense(units) for units in (256, 128, 64, 32, 32, 32)), Dense(10, "sigmoid")))
_ONLINE = {"batch_size": 1, "steps": 4000, "warm_up": 200, "quick_steps": 200, "optimizer": "sgd", "learning_rate": 0.1}
_INPUTS = {"loss": "squares", "scale": "sum", "pool": 2, "uniform": 0.5}

C14 = Case(
    id="c14",
    title="C14, one picture a step",
    falls=False,
    network=_DEEP,
    note=(
        "196 - 256 - 128 - 64 - 32 - 32 - 32 with ReLU, 10 with sigmoid; pictures 14x14, each divided by its sum; half "
        "the sum of squares; descent, rate 0.1; weights and biases from (-0.5, 0.5)."
    ),
    **_ONLINE,
    **_INPUTS,
)

C16 = Case(
    id="c16",
    title="C16, one picture a step",
    network=Network((196,), (Dense(32, "softmax_straight_through"), Dense(196, "linear"))),
    targets="inputs",
    note=(
        "Autoencoder 196 - 32 - 196; softmax on the hidden layer, whose error is handed straight through; pictures "
        "14x14, each divided by its sum; half the sum of squares; descent, rate 0.1; weights and biases from "
        "(-0.5, 0.5)."
    ),
    **_ONLINE,
    **_INPUTS,
)
