"""Options for XLA: the installed version takes those we give, and an unknown one is left out."""

import numpy as np
import pytest

from garasu.layers import Dense
from garasu.models import Sequential
from garasu.train import compile_options


def test_the_pinned_xla_takes_every_option():
    assert compile_options.known("cpu") == compile_options.OPTIONS["cpu"]


def test_small_programs_make_do_without_libraries():
    small = compile_options.known("cpu", small=True)
    assert small == {**compile_options.OPTIONS["cpu"], **compile_options.SMALL["cpu"]}
    assert small != compile_options.known("cpu")


@pytest.mark.parametrize(("units", "small"), [(8, True), (700, False)])
def test_programs_are_told_by_their_largest_array(monkeypatch, units, small):
    """784 rows to ``units``: 700 columns of weights are more than a core's own cache holds."""
    asked = []
    known = compile_options.known
    monkeypatch.setattr(compile_options, "known", lambda platform, *, small: asked.append(small) or known(platform))
    model = Sequential([Dense(units, activation="relu"), Dense(2)], seed=0)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(np.zeros((4, 784)), np.zeros((4, 2)), batch_size=2, verbose=0)
    assert asked == [small]


def test_an_option_that_xla_does_not_know_is_left_out(monkeypatch):
    options = {"xla_cpu_prefer_vector_width": 512, "xla_no_such_option": 1}
    monkeypatch.setitem(compile_options.OPTIONS, "cpu", options)
    compile_options.known.cache_clear()
    try:
        assert compile_options.known("cpu") == {"xla_cpu_prefer_vector_width": 512}
    finally:
        compile_options.known.cache_clear()
