"""What the contract tests share: Keras on JAX, and the marker that CI selects them by."""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"  # before anything imports Keras

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Every test of this folder is a contract test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.contract)
