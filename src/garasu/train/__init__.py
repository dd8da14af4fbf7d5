"""Training: one step, the engines that run it, and the loop around them."""

from garasu.train.engine import ENGINES, Engine
from garasu.train.loop import Listener, Plan, Progress, fit, means
from garasu.train.task import Task

__all__ = ["ENGINES", "Engine", "Listener", "Plan", "Progress", "Task", "fit", "means"]
