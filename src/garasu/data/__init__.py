"""Data sets by name, checked against their hashes: real digits that are always there, and MNIST from a folder."""

from garasu.data.dataset import Dataset, content_hash
from garasu.data.registry import get, load, locate, missing, names, remotes

__all__ = ["Dataset", "content_hash", "get", "load", "locate", "missing", "names", "remotes"]
