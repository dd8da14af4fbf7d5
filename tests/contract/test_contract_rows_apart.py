"""A batch is its pieces one after another, wherever it is cut: every layer of the contract table, in inference.

In training three rules are not row by row, and that is what they are for: BatchNormalization looks at the whole
mini-batch, and noise and Dropout draw for each place of it anew.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garasu.array import map_leaves, random
from garasu.layers import BatchNormalization, Run
from garasu.testing.check_layer import drawn_inputs
from garasu.testing.subject import draw
from tests.contract.contract_oracles import close
from tests.contract.contract_rows import LAYER_ROWS


@st.composite
def cuts(draw_one):
    """A batch of up to five rows, cut into one to three pieces: the places of the cuts, from 0 to the end."""
    count = draw_one(st.integers(1, 5))
    inner = draw_one(st.sets(st.integers(1, count - 1), max_size=2)) if count > 1 else set()
    return [0, *sorted(inner), count]


def passed(layer, inputs, held, dy, training=False):
    """Both rules, for these rows."""
    y, _, cache = layer.apply(inputs["params"], held["state"], inputs["x"], Run(training, random.key(0), held["hyper"]))
    dx, grads = layer.backward(inputs["params"], cache, dy(y))
    return {"y": y, "x": dx}, grads


@settings(max_examples=4)
@pytest.mark.parametrize("row", LAYER_ROWS, ids=lambda row: row.case)
@given(places=cuts(), seed=st.integers(0, 99))
def test_a_batch_is_its_pieces(row, places, seed):
    inputs, held = drawn_inputs(row.layer, row.in_shape, places[-1], seed)
    whole, grads = passed(row.layer, inputs, held, lambda y: draw(seed, "dy", y.shape))
    dy = draw(seed, "dy", whole["y"].shape)
    pieces, added = [], map_leaves(np.zeros_like, grads)
    for start, end in pairwise(places):
        part = {**inputs, "x": inputs["x"][start:end]}
        piece, mine = passed(row.layer, part, held, lambda _, rows=slice(start, end): dy[rows])
        pieces.append(piece)
        added = map_leaves(np.add, added, mine)
    close({name: np.concatenate([piece[name] for piece in pieces]) for name in whole}, whole)
    close(added, grads, 1e-11)


def test_batch_normalization_in_training_is_no_such_rule():
    inputs, held = drawn_inputs(BatchNormalization(), (2,), 4)
    whole, _ = passed(BatchNormalization(), inputs, held, np.ones_like, training=True)
    half, _ = passed(BatchNormalization(), {**inputs, "x": inputs["x"][:2]}, held, np.ones_like, training=True)
    assert np.min(np.abs(whole["y"][:2] - half["y"])) > 1e-3
