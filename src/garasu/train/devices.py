# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false
# (JAX ships without complete types.)
"""Which device a run uses. Chosen openly: an unavailable one is an error, never a silent step down."""

from typing import Any, TypeAlias

import jax

from garasu.messages import DataError, nearest

Device: TypeAlias = Any
PLATFORMS = ("cpu", "gpu", "tpu")


def find(name: str | None = None) -> Device:
    """The device called ``name`` ("cpu", "gpu", "gpu:1", "tpu"), or the one JAX puts first.

    Raises:
        UnknownNameError: no kind of device has this name.
        DataError: there is no such device on this machine, or JAX was installed without support for it.
    """
    if name is None:
        return jax.devices()[0]
    platform, _, number = name.lower().replace("cuda", "gpu").partition(":")
    if platform not in PLATFORMS:
        raise nearest("device", name, PLATFORMS)
    try:
        found = jax.devices(platform)
        return found[int(number or 0)]
    except (RuntimeError, IndexError, ValueError) as error:
        known = ", ".join(sorted({device.platform for device in jax.devices()}))
        raise DataError("train.no_device", name=name, known=known) from error


def available() -> list[Device]:
    """Every device JAX sees."""
    return list(jax.devices())


def describe(device: Device) -> str:
    """A device in words: "cpu", "gpu:0 NVIDIA H200"."""
    if device.platform == "cpu":
        return "cpu"
    return f"{device.platform}:{device.id} {device.device_kind}"
