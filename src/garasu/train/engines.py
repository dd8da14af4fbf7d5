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


def platform_of(name: str, device: str | None = None) -> str:
    """The kind of device the engine called ``name`` would run on: "cpu", "gpu" or "tpu".

    Raises:
        UnknownNameError: no kind of device has this name.
        DataError: the device is not here.

    Example:
        >>> platform_of("eager"), platform_of("jit", "cpu")
        ('cpu', 'cpu')
    """
    if name == "eager":
        return "cpu"
    from garasu.train import devices  # noqa: PLC0415 - the eager engine works without JAX

    return devices.find(device).platform
