"""Keras's face: Sequential, Model, History; thin over networks and engines."""

from garasu.models.history import History
from garasu.models.model import Model
from garasu.models.seed import set_random_seed
from garasu.models.sequential import Sequential
from garasu.models.storage import load as load_model

__all__ = ["History", "Model", "Sequential", "load_model", "set_random_seed"]
