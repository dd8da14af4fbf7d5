"""C10: two convolutions of several channels, dropout; the network of the course for deep learning on images.

Counts of one step at batch 128, in millions of operations: first convolution 2 * 128 * 784 * 25 * 32 = 160.6, twice;
second 2 * 128 * 196 * 25 * 32 * 64 = 2,569.0, three times; dense 3136 x 1024 822.1 and 1024 x 10 2.6, three times.
"""

from benchmarks.cases.case import Case
from benchmarks.layers import Convolution, Dense, Dropout, Flatten, Pooling
from benchmarks.network import Network

NETWORK = Network(
    (28, 28, 1),
    (
        *(Convolution(32, 5), Pooling(2), Convolution(64, 5), Pooling(2)),
        *(Flatten(), Dense(1024), Dropout(0.5), Dense(10, "softmax")),
    ),
)


def _case(batch_size: int, steps: int) -> Case:
    return Case(
        id=f"c10-{batch_size}",
        title=f"C10 training steps, batch {batch_size}",
        network=NETWORK,
        batch_size=batch_size,
        steps=steps,
        warm_up=10,
        quick_steps=10,
        learning_rate=1e-4,
        note=(
            "Twice a convolution 5x5 (32, then 64 filters, size kept) with ReLU and max pooling 2x2; dense 1024 with "
            "ReLU, dropout 0.5, dense 10 with softmax; Adam, rate 0.0001; categorical cross-entropy."
        ),
    )


C10_50, C10_128 = _case(50, 100), _case(128, 100)
