"""Training: one step, the engines that run it, and the loop around them."""

from garasu.train.engine import ENGINES, Engine
from garasu.train.loop import Listener, Plan, Progress, fit, means
from garasu.train.rate_finder import FoundRates, LearningRateFinder
from garasu.train.step import ARRAYS
from garasu.train.task import Task

__all__ = [
    "ARRAYS",
    "ENGINES",
    "Engine",
    "FoundRates",
    "LearningRateFinder",
    "Listener",
    "Plan",
    "Progress",
    "Task",
    "fit",
    "means",
]
