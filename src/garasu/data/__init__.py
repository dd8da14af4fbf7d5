"""Data sets by name, checked against their hashes: digits that are always there, MNIST; and pictures of one's own."""

from garasu.data.audit import Audit, audit
from garasu.data.dataset import Dataset, Files, content_hash
from garasu.data.folder import FolderSettings
from garasu.data.folder import load as load_folder
from garasu.data.registry import get, load, locate, missing, names, remotes
from garasu.data.stored import StoredPictures

__all__ = [
    "Audit",
    "Dataset",
    "Files",
    "FolderSettings",
    "StoredPictures",
    "audit",
    "content_hash",
    "get",
    "load",
    "load_folder",
    "locate",
    "missing",
    "names",
    "remotes",
]
