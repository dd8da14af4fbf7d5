"""Which rows make up a mini-batch, and which are kept for validation: from the seed, complete, the same for ever."""

import numpy as np
import pytest

from garasu.data.splits import classes_of, validation_rows
from garasu.train import batches


class TestOrder:
    @pytest.mark.parametrize(("rows", "size"), [(70, 16), (64, 16), (5, 8), (1, 1), (10, 1)])
    def test_every_row_once_and_padding_masked(self, rows, size):
        order = batches.draw(rows, size, seed=3, epoch=0)
        assert order.steps == -(-rows // size)
        assert sorted(order.index[order.mask == 1].tolist()) == list(range(rows))
        assert order.mask.sum() == rows
        assert order.mask[:-1].all()  # only the last mini-batch has padding
        assert ((order.index >= 0) & (order.index < rows)).all()

    def test_seed_and_epoch_decide(self):
        same, again, epoch, seed = (
            batches.draw(50, 10, seed=s, epoch=e).index.tolist() for s, e in ((1, 0), (1, 0), (1, 1), (2, 0))
        )
        assert same == again
        assert same != epoch
        assert same != seed

    def test_known_answer(self):
        """An order of rows is part of what a seed promises: this test may not change."""
        assert batches.draw(8, 8, seed=20190222, epoch=0).index.tolist() == [[3, 7, 4, 5, 2, 1, 0, 6]]

    def test_unshuffled(self):
        assert batches.draw(4, 2, seed=1, epoch=5, shuffle=False).index.tolist() == [[0, 1], [2, 3]]


class TestSplits:
    def test_share_of_every_class(self):
        t = np.repeat([0, 1, 2], [50, 30, 20])
        held = validation_rows(t, 0.3, seed=1)
        assert np.bincount(t[held]).tolist() == [15, 9, 6]
        assert held.tolist() == sorted(set(held.tolist()))
        assert not np.array_equal(held, validation_rows(t, 0.3, seed=2))

    def test_small_classes_leave_a_row_on_each_side(self):
        t = np.array([0] * 20 + [1, 1] + [2])
        held = validation_rows(t, 0.1, seed=1)
        assert np.bincount(t[held], minlength=3).tolist() == [2, 1, 0]

    def test_targets_that_are_no_classes(self):
        held = validation_rows(np.linspace(0, 1, 40), 0.25, seed=1)
        assert len(set(held.tolist())) == 10

    def test_which_targets_are_classes(self):
        assert classes_of(np.eye(3)[[2, 0]]).tolist() == [2, 0]
        assert classes_of(np.array([[0.2, 0.8]])) is None
        assert classes_of(np.array([[1.0, 1.0]])) is None
        assert classes_of(np.ones((3, 2, 2))) is None
