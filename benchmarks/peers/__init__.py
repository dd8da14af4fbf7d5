"""The peers, one file each, imported only in the process that runs it, so that no library weighs on another."""

from importlib import import_module

from benchmarks.peers.peer import Measurement, Peer

OURS = "garasu"

MODULES = {
    "garasu": "benchmarks.peers.garasu_jit",
    "keras-tensorflow": "benchmarks.peers.keras_tensorflow",
    "keras-jax": "benchmarks.peers.keras_jax",
    "pytorch": "benchmarks.peers.pytorch",
    "tinygrad": "benchmarks.peers.tiny_grad",
    "scikit-learn": "benchmarks.peers.scikit_learn",
    "numpy": "benchmarks.peers.plain_numpy",
}


def get(name: str) -> Peer:
    """The peer called ``name``."""
    return import_module(MODULES[name]).PEER


__all__ = ["MODULES", "OURS", "Measurement", "Peer", "get"]
