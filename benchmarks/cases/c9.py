"""C9: the course's Keras program. One convolution, one pooling, one hidden layer of 1024 nodes, trained with Adam.

Counts of one step at batch 128, from the shapes (``benchmarks.layers``):

    convolution   2 * 128 * 28*28 * 25 * 1 * 16   =    80.3 million, forward and dW
    hidden        2 * 128 * 3136 * 1024           =   822.1 million, forward, dW and dx
    softmax       2 * 128 * 1024 * 10             =     2.6 million, forward, dW and dx
                                                    2,634.7 million operations
    Adam          reads w, dw, m, v and writes w, m, v: 7 * 4 bytes * 3,222,954 = 90.2 million bytes
"""

from benchmarks.cases.case import Case
from benchmarks.layers import Convolution, Dense, Flatten, Pooling
from benchmarks.network import Network

NETWORK = Network((28, 28, 1), (Convolution(16, 5), Pooling(2), Flatten(), Dense(1024), Dense(10, "softmax")))

NOTE = (
    "Convolution of 16 filters 5x5 (picture size kept) with ReLU, max pooling 2x2, dense 1024 with ReLU, dense 10 "
    "with softmax; Adam, rate 0.001; categorical cross-entropy; loss and accuracy of the epoch kept."
)

C9 = Case(id="c9", title="C9 training steps, batch 128", network=NETWORK, batch_size=128, steps=80, note=NOTE)
