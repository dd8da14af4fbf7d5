"""The examples in the suite's docstrings run; pytest collects doctests from src only."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "__main__",
    "cases.case",
    "data",
    "floor",
    "machine",
    "layers",
    "network",
    "peers.calls",
    "peers.epoch_clock",
    "peers.in_turn",
    "joining",
    "peers.line_clock",
    "peers.peer",
    "processes",
    "rates",
    "report",
    "rounds",
    "summary",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testmod(import_module(f"benchmarks.{name}"), optionflags=flags)
    assert found.failed == 0
    assert found.attempted > 0
