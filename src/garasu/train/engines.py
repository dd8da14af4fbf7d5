"""Engines by name. JAX is loaded only when the jit engine is asked for."""

from garasu.messages import DataError, nearest
from garasu.train.eager import EagerEngine
from garasu.train.engine import ENGINES, Engine
from garasu.train.task import Task


def make_engine(name: str, task: Task, device: str | None = None) -> Engine:
    """The engine called ``name`` ("eager" or "jit") for a task.

    Raises:
        UnknownNameError: there is no such engine, or no such device.
        DataError: the device is not here, or not one the engine can use.
    """
    if name == "eager":
        if device not in (None, "cpu"):
            raise DataError("train.eager_device", name=device)
        return EagerEngine(task)
    if name != "jit":
        raise nearest("engine", name, ENGINES)
    from garasu.train.jit import JitEngine  # noqa: PLC0415 - the eager engine works without JAX

    return JitEngine(task, device)
