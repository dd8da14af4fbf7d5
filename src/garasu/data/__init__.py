"""Data sets by name, checked against their hashes: real digits that are always there, and MNIST from a folder."""

from garasu.data.dataset import Dataset, content_hash
from garasu.data.registry import load, locate, missing, names

__all__ = ["Dataset", "content_hash", "load", "locate", "missing", "names"]
