"""What the contract tests share: Keras on JAX, English sentences, and the marker that CI selects them by."""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"  # before anything imports Keras

import pytest

from garasu.messages import set_language

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Every test of this folder is a contract test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.contract)


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English unless a test chooses otherwise."""
    set_language("en")
    yield
    set_language(None)


@pytest.fixture(params=["en", "ja"])
def language(request, english):
    """Each language in turn."""
    set_language(request.param)
    return request.param
