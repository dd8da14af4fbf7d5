"""Keras's ``utils``: the few helpers that a Keras program calls."""

from garasu.models import set_random_seed
from garasu.utils.to_categorical import to_categorical

__all__ = ["set_random_seed", "to_categorical"]
