"""C13's comparison: sigmoid or ReLU, weights of three spreads, each from eight seeds. 48 small networks to train.

Counts of one copy's step at batch 100, in millions of operations: 784 x 40 2 * 100 * 31,360 = 6.27, twice; 40 x 20 0.16
and 20 x 10 0.04, three times: 13.14. Plain descent reads w and dw and writes w: 3 * 4 bytes * 32,430 = 0.39 million
bytes, which a cache holds.
"""

from itertools import product

from benchmarks.cases.case import NORMAL, Case
from benchmarks.layers import Dense
from benchmarks.network import Network

COPIES = Case(
    id="copies",
    title="C13's six settings from 8 seeds: 48 copies",
    kind="copies",
    network=Network((784,), (Dense(40), Dense(20), Dense(10, "softmax"))),
    batch_size=100,
    steps=120,
    quick_steps=20,
    optimizer="sgd",
    learning_rate=0.1,
    variants=tuple(product(("sigmoid", "relu"), NORMAL)),
    seeds=8,
    note=(
        "Dense 784 - 40 - 20 with sigmoid or ReLU - 10 with softmax; weights normal with a standard deviation of 0.01 "
        "(gauss), 1 / sqrt(n) (Xavier) or sqrt(2 / n) (He), biases 0; descent, rate 0.1; categorical cross-entropy. A "
        "copy's step is the time of all that is timed, divided by the copies and by the steps of each; losses are "
        "means over the copies."
    ),
)
