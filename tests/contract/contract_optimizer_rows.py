"""Rows of the optimizers.

Where the others part from us, as stated in each file of ``garasu.optimizers``: PyTorch and Optax leave the rate out of
the momentum's velocity (the same as long as the rate stays), and add Adam's epsilon to the corrected root, where we and
Keras add it to the uncorrected one. With epsilon / sqrt(1 - b2^t) for theirs at step t both are the same number. What
cannot be said in a library's settings is left out there, with the reason in ``without``, and another row says it to
those that can.
"""

import math

from garasu.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    Momentum,
    Muon,
    Nadam,
    Nesterov,
    RMSprop,
)
from tests.contract.contract_types import OptimizerRow


def corrected(epsilon, beta_2):
    """Their epsilon at step t, counted from 1; t may be traced."""
    return lambda t: epsilon / (1.0 - beta_2**t) ** 0.5


INSIDE = "adds epsilon outside the root: see the row for that"
OUTSIDE = "adds epsilon inside the root only"
TINY = 1e-300
ROOT = math.sqrt(7 / 4)

DESCENT_ROWS = [
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
        case="Nesterov",
        covers=Nesterov,
        optimizer=Nesterov(0.05, momentum=0.8),
        by_hand=Nesterov(0.1, momentum=0.5),
        start=1.0,
        gradients=(2.0, 1.0),
        weights=(0.7, 0.5),
        worked="v = -0.2, step -0.1 - 0.2 = -0.3; then v = -0.1 - 0.1 = -0.2, step -0.1 - 0.1 = -0.2",
        keras=lambda keras: keras.optimizers.SGD(0.05, momentum=0.8, nesterov=True),
        optax=lambda optax, t: optax.sgd(0.05, momentum=0.8, nesterov=True),
        torch=lambda torch, params, t: torch.optim.SGD(params, 0.05, momentum=0.8, nesterov=True),
    ),
    OptimizerRow(
        case="Lion",
        covers=Lion,
        optimizer=Lion(0.01, beta_1=0.8, beta_2=0.95, weight_decay=0.1),
        by_hand=Lion(0.1, beta_1=0.5, beta_2=0.75, weight_decay=1.0),
        start=1.0,
        gradients=(4.0, -0.5, -0.5, -0.5),
        weights=(0.8, 0.62, 0.458, 0.5122),
        worked="c = 2, step 0.1 * (1 + 1), m = 1; then c = 1/2 - 1/4 > 0, step 0.1 * (1 + 0.8), m = 3/4 - 1/8 = 5/8; "
        "c = 5/16 - 1/4 > 0, m = 11/32; c = 11/64 - 1/4 < 0 at last, step 0.1 * (-1 + 0.458)",
        keras=lambda keras: keras.optimizers.Lion(0.01, beta_1=0.8, beta_2=0.95, weight_decay=0.1),
        optax=lambda optax, t: optax.lion(0.01, b1=0.8, b2=0.95, weight_decay=0.1),
        without={"torch": "has no Lion"},
    ),
]

ADAPTIVE_ROWS = [
    OptimizerRow(
        case="Adagrad",
        covers=Adagrad,
        optimizer=Adagrad(0.05, initial_accumulator_value=1e-4, epsilon=1e-3),
        by_hand=Adagrad(0.1, initial_accumulator_value=4.0, epsilon=1.0),
        start=1.0,
        gradients=(2.0, 4.0),
        weights=(1.0 - 0.2 / 3.0, 1.0 - 0.2 / 3.0 - 0.08),
        worked="h = 4 + 4, step 0.1 * 2 / sqrt(8 + 1); then h = 24, step 0.1 * 4 / sqrt(24 + 1)",
        keras=lambda keras: keras.optimizers.Adagrad(0.05, initial_accumulator_value=1e-4, epsilon=1e-3),
        optax=lambda optax, t: optax.adagrad(0.05, initial_accumulator_value=1e-4, eps=1e-3),
        without={"torch": INSIDE},
    ),
    OptimizerRow(
        case="Adagrad, epsilon outside the root",
        covers=Adagrad,
        optimizer=Adagrad(0.05, initial_accumulator_value=0.0, epsilon=1e-3, epsilon_inside=False),
        by_hand=Adagrad(0.1, initial_accumulator_value=0.0, epsilon=1.0, epsilon_inside=False),
        start=1.0,
        gradients=(3.0, 4.0),
        weights=(0.925, 0.925 - 0.4 / 6.0),
        worked="h = 9, step 0.1 * 3 / (3 + 1); then h = 25, step 0.1 * 4 / (5 + 1)",
        torch=lambda torch, params, t: torch.optim.Adagrad(params, 0.05, eps=1e-3),
        without={"keras": OUTSIDE, "optax": OUTSIDE},
    ),
    OptimizerRow(
        case="Adadelta",
        covers=Adadelta,
        optimizer=Adadelta(0.5, rho=0.9, epsilon=1e-3),
        by_hand=Adadelta(0.1, rho=0.5, epsilon=1.0),
        start=1.0,
        gradients=(4.0, 2.0),
        weights=(1.0 - 0.4 / 3.0, 1.0 - 0.4 / 3.0 - 0.2 * math.sqrt(17.0 / 63.0)),
        worked="h = 8, d = 1 / sqrt(9) * 4 = 4/3, s = 8/9; then h = 6, d = sqrt(17/9) / sqrt(7) * 2",
        keras=lambda keras: keras.optimizers.Adadelta(0.5, rho=0.9, epsilon=1e-3),
        optax=lambda optax, t: optax.adadelta(0.5, rho=0.9, eps=1e-3),
        torch=lambda torch, params, t: torch.optim.Adadelta(params, 0.5, rho=0.9, eps=1e-3),
    ),
    OptimizerRow(
        case="RMSprop",
        covers=RMSprop,
        optimizer=RMSprop(0.01, rho=0.8, epsilon=1e-3),
        by_hand=RMSprop(0.1, rho=0.5, epsilon=1.0),
        start=1.0,
        gradients=(4.0, 2.0),
        weights=(1.0 - 0.4 / 3.0, 1.0 - 0.4 / 3.0 - 0.2 / math.sqrt(7.0)),
        worked="h = 8, step 0.1 * 4 / sqrt(8 + 1); then h = 4 + 2, step 0.1 * 2 / sqrt(6 + 1)",
        keras=lambda keras: keras.optimizers.RMSprop(0.01, rho=0.8, epsilon=1e-3),
        optax=lambda optax, t: optax.rmsprop(0.01, decay=0.8, eps=1e-3),
        without={"torch": INSIDE},
    ),
    OptimizerRow(
        case="RMSprop, centred, with momentum",
        covers=RMSprop,
        optimizer=RMSprop(0.01, rho=0.8, momentum=0.7, epsilon=1e-3, centered=True),
        by_hand=RMSprop(0.1, rho=0.5, momentum=0.5, epsilon=5.0, centered=True),
        start=1.0,
        gradients=(4.0, 2.0),
        weights=(1.0 - 0.4 / 3.0, 1.0 - 0.6 / 3.0 - 0.2 / math.sqrt(7.0)),
        worked="h = 8, a = 2, v = 0.1 * 4 / sqrt(8 - 4 + 5); then h = 6, a = 2, v = v / 2 + 0.1 * 2 / sqrt(6 - 4 + 5)",
        keras=lambda keras: keras.optimizers.RMSprop(0.01, rho=0.8, momentum=0.7, epsilon=1e-3, centered=True),
        optax=lambda optax, t: optax.rmsprop(0.01, decay=0.8, eps=1e-3, centered=True, momentum=0.7),
        without={"torch": INSIDE},
    ),
    OptimizerRow(
        case="RMSprop, centred, with momentum, epsilon outside the root",
        covers=RMSprop,
        optimizer=RMSprop(0.01, rho=0.8, momentum=0.7, epsilon=1e-3, centered=True, epsilon_inside=False),
        by_hand=RMSprop(0.1, rho=0.5, epsilon=1.0, epsilon_inside=False),
        start=1.0,
        gradients=(math.sqrt(8.0), 0.0),
        weights=(1.0 - 0.1 * math.sqrt(8.0) / 3.0, 1.0 - 0.1 * math.sqrt(8.0) / 3.0),
        worked="h = 4, step 0.1 * sqrt(8) / (2 + 1); then no gradient, no step",
        optax=lambda optax, t: optax.rmsprop(0.01, decay=0.8, eps=1e-3, centered=True, momentum=0.7, eps_in_sqrt=False),
        torch=lambda torch, params, t: torch.optim.RMSprop(params, 0.01, 0.8, 1e-3, momentum=0.7, centered=True),
        without={"keras": OUTSIDE},
    ),
]

ADAM_ROWS = [
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
        by_hand=Adam(0.001, epsilon=TINY),
        start=1.0,
        gradients=(5.0, 5.0),
        weights=(0.999, 0.998),
        worked="equal gradients and no epsilon: every step is the rate itself",
        keras=lambda keras: keras.optimizers.Adam(),
        optax=lambda optax, t: optax.adam(0.001, eps=corrected(1e-7, 0.999)(t)),
        torch=lambda torch, params, t: torch.optim.Adam(params, 0.001, eps=corrected(1e-7, 0.999)(t)),
    ),
    OptimizerRow(
        case="Adam, epsilon beside the corrected root",
        covers=Adam,
        optimizer=Adam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-3, corrected_epsilon=True),
        by_hand=Adam(0.1, beta_1=0.5, beta_2=0.75, epsilon=2.0, corrected_epsilon=True),
        start=1.0,
        gradients=(2.0, 2.0),
        weights=(0.95, 0.9),
        worked="equal gradients: m and v, corrected, are 2 and 4 at every step, so 0.1 * 2 / (2 + 2)",
        optax=lambda optax, t: optax.adam(0.01, b1=0.8, b2=0.98, eps=1e-3),
        torch=lambda torch, params, t: torch.optim.Adam(params, 0.01, (0.8, 0.98), 1e-3),
        without={"keras": "adds epsilon to the uncorrected root only"},
    ),
    OptimizerRow(
        case="AdamW",
        covers=AdamW,
        optimizer=AdamW(0.01, weight_decay=0.3, beta_1=0.8, beta_2=0.98, epsilon=1e-3),
        by_hand=AdamW(0.1, weight_decay=0.5, beta_1=0.5, beta_2=0.75, epsilon=2.0, corrected_epsilon=True),
        start=1.0,
        gradients=(2.0, 2.0),
        weights=(0.9, 0.805),
        worked="Adam's step of these is 0.05 each time, as in its own row: 1 - 0.05 - 0.05; 0.9 - 0.045 - 0.05",
        keras=lambda keras: keras.optimizers.AdamW(0.01, weight_decay=0.3, beta_1=0.8, beta_2=0.98, epsilon=1e-3),
        optax=lambda optax, t: optax.adamw(0.01, b1=0.8, b2=0.98, eps=corrected(1e-3, 0.98)(t), weight_decay=0.3),
        torch=lambda torch, params, t: torch.optim.AdamW(
            params, 0.01, (0.8, 0.98), corrected(1e-3, 0.98)(t), weight_decay=0.3
        ),
    ),
    OptimizerRow(
        case="Nadam",
        covers=Nadam,
        optimizer=Nadam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-3),
        by_hand=Nadam(0.1, beta_1=0.5, beta_2=0.75, epsilon=2.0),
        start=1.0,
        gradients=(2.0,),
        weights=(1.0 - 0.025 * (0.2696 / (1.0 - 0.26 * 0.2696) + 1.48 / 0.74),),
        worked="u_1 = (1 - 0.48) / 2 = 0.26, u_2 = (1 - 0.4608) / 2 = 0.2696, U = 0.26; m = 1, v corrected is 4: "
        "0.1 * (0.2696 * 1 / (1 - 0.26 * 0.2696) + 0.74 * 2 / 0.74) / (2 + 2)",
        keras=lambda keras: keras.optimizers.Nadam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-3),
        torch=lambda torch, params, t: torch.optim.NAdam(params, 0.01, (0.8, 0.98), 1e-3, momentum_decay=1.0),
        without={"optax": "has no growing momentum: see the row for that"},
    ),
    OptimizerRow(
        case="Nadam, its momentum constant",
        covers=Nadam,
        optimizer=Nadam(0.01, beta_1=0.8, beta_2=0.98, epsilon=1e-3, momentum_decay=1e6),
        by_hand=Nadam(0.1, beta_1=0.5, beta_2=0.75, epsilon=2.0, momentum_decay=1e6),
        start=1.0,
        gradients=(2.0, -2.0),
        weights=(1.0 - 0.025 * (2.0 / 3.0 + 2.0), 1.0 - 0.025 * (2.0 / 3.0 + 2.0 - 2.0 / 7.0 - 4.0 / 3.0)),
        worked="u = 1/2 always, U = 1/2, m = 1, v corrected is 4: "
        "0.1 * (1/2 * 1 / (1 - 1/4) + 1/2 * 2 / (1/2)) / (2 + 2); then U = 1/4, m = -1/2, v corrected is 4 again: "
        "0.1 * (1/2 * (-1/2) / (1 - 1/8) + 1/2 * (-2) / (3/4)) / (2 + 2)",
        optax=lambda optax, t: optax.nadam(0.01, b1=0.8, b2=0.98, eps=1e-3),
        torch=lambda torch, params, t: torch.optim.NAdam(params, 0.01, (0.8, 0.98), 1e-3, momentum_decay=1e6),
        without={"keras": "has the growth written in: momentum_decay=1"},
    ),
]


def optax_muon(optax, **settings):
    """Optax's Muon as in the rows for what is no bias."""
    numbers = {"beta": 0.9, "eps": 1e-30, "weight_decay": 0.1, "consistent_rms": 0.2, "nesterov": False}
    return optax.contrib.muon(0.05, **numbers, **settings)


BFLOAT16 = "computes in bfloat16: its formula in float64 is in test_contract_optimizers.py"
P1 = 3.4445 - 4.7750 + 2.0315

MUON_ROWS = [
    OptimizerRow(
        case="Muon on a matrix",
        covers=Muon,
        optimizer=Muon(0.05, momentum=0.9, weight_decay=0.1),
        by_hand=Muon(0.1, ns_steps=1, rms_rate=1.0, weight_decay=0.5, epsilon=TINY),
        start=[[1.0]],
        gradients=([[3.0]], [[-1.0]], [[-1.0]]),
        weights=(
            [[0.95 - 0.1 * P1]],
            [[0.95 * (0.95 - 0.1 * P1) - 0.1 * P1]],
            [[0.95 * (0.95 * (0.95 - 0.1 * P1) - 0.1 * P1) + 0.1 * P1]],
        ),
        worked="a matrix of one number: x is its sign, and one iteration makes it a + b + c = 0.701; "
        "m = 0.95 * 3 - 1, n = 0.95 * 1.85 - 1 > 0; then m = 0.95 * 1.85 - 1 > 0, but n = 0.95 * 0.7575 - 1 < 0",
        keras=lambda keras: keras.optimizers.Muon(0.05, momentum=0.9, weight_decay=0.1),
        without={
            "optax": "corrects both parts of nesterov's momentum, each by its own factor: see the row without nesterov",
            "torch": BFLOAT16,
        },
    ),
    OptimizerRow(
        case="Muon without nesterov",
        covers=Muon,
        optimizer=Muon(0.05, momentum=0.9, weight_decay=0.1, nesterov=False, epsilon=1e-30),
        by_hand=Muon(1.0, ns_steps=2, momentum=0.0, nesterov=False, rms_rate=1.0, weight_decay=0.0, epsilon=TINY),
        start=[[0.0]],
        gradients=([[3.0]], [[-3.0]]),
        weights=([[-(3.4445 * P1 - 4.7750 * P1**3 + 2.0315 * P1**5)]], [[0.0]]),
        worked="a matrix of one number, two iterations: p(p(1)) with p(x) = a x + b x^3 + c x^5; then back again",
        keras=lambda keras: keras.optimizers.Muon(0.05, momentum=0.9, weight_decay=0.1, nesterov=False),
        optax=lambda optax, t: optax_muon(optax),
        without={"torch": BFLOAT16},
    ),
    OptimizerRow(
        case="Muon on the kernel of a convolution",
        covers=Muon,
        optimizer=Muon(0.05, momentum=0.9, weight_decay=0.1, nesterov=False, epsilon=1e-30),
        shape=(2, 2, 3, 5),
        by_hand=Muon(0.1, ns_steps=1, rms_rate=1.0, weight_decay=0.0, epsilon=TINY),
        start=[[[[1.0]], [[1.0]]]],
        gradients=([[[[3.0]], [[4.0]]]],),
        weights=([[[[1.0 - 0.06 * math.sqrt(2.0) * P1]], [[1.0 - 0.08 * math.sqrt(2.0) * P1]]]],),
        worked="a column of two numbers: x = (3/5, 4/5), of norm 1, times a + b + c, times sqrt(2)",
        optax=lambda optax, t: optax_muon(
            optax, muon_weight_dimension_numbers=optax.contrib.MuonDimensionNumbers((0, 1, 2), 3)
        ),
        without={"keras": "gives it to Adam", "torch": "takes matrices only"},
    ),
    OptimizerRow(
        case="Muon on a bias",
        covers=Muon,
        optimizer=Muon(0.01, adam_beta_1=0.8, adam_beta_2=0.98, epsilon=1e-3, weight_decay=0.3),
        shape=(5,),
        by_hand=Muon(0.1, weight_decay=0.5, epsilon=TINY),
        start=1.0,
        gradients=(5.0, 5.0),
        weights=(0.85, 0.7075),
        worked="as AdamW: 1 - 0.05 * 1 - 0.1; then 0.85 - 0.05 * 0.85 - 0.1",
        keras=lambda keras: keras.optimizers.Muon(
            0.01, adam_beta_1=0.8, adam_beta_2=0.98, epsilon=1e-3, weight_decay=0.3, adam_weight_decay=0.3
        ),
        optax=lambda optax, t: optax.contrib.muon(
            0.01, nesterov=False, adam_b1=0.8, adam_b2=0.98, eps=corrected(1e-3, 0.98)(t), adam_weight_decay=0.3
        ),
        without={"torch": "takes matrices only"},
    ),
]

OPTIMIZER_ROWS = [*DESCENT_ROWS, *ADAPTIVE_ROWS, *ADAM_ROWS, *MUON_ROWS]
