"""Keras's face: Sequential, Model, History; thin over networks and engines."""

from garasu.models.comparison import Comparison
from garasu.models.histories import Histories, TrainedCopy
from garasu.models.history import History
from garasu.models.model import Model
from garasu.models.seed import set_random_seed
from garasu.models.sequential import Sequential
from garasu.models.storage import load as load_model
from garasu.models.sweep import Sweep, sweep

__all__ = [
    "Comparison",
    "Histories",
    "History",
    "Model",
    "Sequential",
    "Sweep",
    "TrainedCopy",
    "load_model",
    "set_random_seed",
    "sweep",
]
