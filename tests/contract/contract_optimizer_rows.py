"""Rows of the optimizers.

Where the others part from us, as stated in each file of ``garasu.optimizers``: PyTorch and Optax leave the rate out of
the momentum's velocity (the same as long as the rate stays), and add Adam's epsilon to the corrected root, where we and
Keras add it to the uncorrected one. With epsilon / sqrt(1 - b2^t) for theirs at step t both are the same number.
"""

import math

from garasu.optimizers import SGD, Adam, Momentum
from tests.contract.contract_types import OptimizerRow


def corrected(epsilon, beta_2):
    """Their epsilon at step t, counted from 1."""
    return lambda t: epsilon / math.sqrt(1.0 - beta_2**t)


ROOT = math.sqrt(7 / 4)

OPTIMIZER_ROWS = [
    OptimizerRow(
        case="SGD",
        covers=SGD,
        optimizer=SGD(0.05),
        by_hand=SGD(0.1),
        start=1.0,
        gradients=(2.0, -1.0),
        weights=(0.8, 0.9),
        keras=lambda keras: keras.optimizers.SGD(0.05),
        optax=lambda optax, t: optax.sgd(0.05),
        torch=lambda torch, params, t: torch.optim.SGD(params, 0.05),
    ),
    OptimizerRow(
        case="Momentum",
        covers=Momentum,
        optimizer=Momentum(0.05, momentum=0.8),
        by_hand=Momentum(0.1, momentum=0.9),
        start=1.0,
        gradients=(2.0, 1.0),
        weights=(0.8, 0.52),
        worked="v = -0.2, then 0.9 * -0.2 - 0.1 = -0.28",
        keras=lambda keras: keras.optimizers.SGD(0.05, momentum=0.8),
        optax=lambda optax, t: optax.sgd(0.05, momentum=0.8),
        torch=lambda torch, params, t: torch.optim.SGD(params, 0.05, momentum=0.8),
    ),
    OptimizerRow(
        case="Adam",
        covers=Adam,
        optimizer=Adam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-3),
        by_hand=Adam(0.1, beta_1=0.5, beta_2=0.75, epsilon=1.0),
        start=1.0,
        gradients=(2.0, 2.0),
        weights=(0.95, 0.95 - 0.1 * ROOT / (ROOT + 1)),
        worked="m = 1, v = 1, rate 0.1 * (1/2) / (1/2), step 0.1 * 1 / (1 + 1); "
        "then m = 3/2, v = 7/4, rate 0.1 * sqrt(7/16) / (3/4), and sqrt(7/16) = sqrt(7/4) / 2",
        keras=lambda keras: keras.optimizers.Adam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-3),
        optax=lambda optax, t: optax.adam(0.01, b1=0.8, b2=0.98, eps=corrected(1e-3, 0.98)(t)),
        torch=lambda torch, params, t: torch.optim.Adam(params, 0.01, (0.8, 0.98), corrected(1e-3, 0.98)(t)),
    ),
    OptimizerRow(
        case="Adam with its defaults",
        covers=Adam,
        optimizer=Adam(),
        by_hand=Adam(0.001, epsilon=1e-300),
        start=1.0,
        gradients=(5.0, 5.0),
        weights=(0.999, 0.998),
        worked="equal gradients and no epsilon: every step is the rate itself",
        keras=lambda keras: keras.optimizers.Adam(),
        optax=lambda optax, t: optax.adam(0.001, eps=corrected(1e-7, 0.999)(t)),
        torch=lambda torch, params, t: torch.optim.Adam(params, 0.001, eps=corrected(1e-7, 0.999)(t)),
    ),
]
