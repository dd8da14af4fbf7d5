"""What the tests of data share: IDX files written to order."""

import gzip
import math
import struct

import pytest

from garasu.data import mnist


@pytest.fixture(scope="session")
def idx_bytes():
    """A writer of IDX written apart from the reader: (shape, content, type code) in, the file's bytes out."""

    def write(shape, content=None, code=0x08):
        content = bytes(k % 256 for k in range(math.prod(shape))) if content is None else content
        return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + content

    return write


@pytest.fixture
def written(tmp_path):
    """Puts bytes into a file, gzip-compressed on request."""

    def write(content, zipped=False, name="some-idx"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content, mtime=0) if zipped else content)
        return path

    return write


@pytest.fixture
def small_mnist(tmp_path, monkeypatch, idx_bytes):
    """Four small files that take MNIST's place, hashes included; (folder, the files' bytes by name)."""
    from hashlib import sha256

    names = list(mnist.SHA256)
    files = {
        names[0]: idx_bytes((5, 2, 3)),
        names[1]: idx_bytes((5,), bytes([5, 0, 4, 1, 9])),
        names[2]: idx_bytes((2, 2, 3), bytes(range(100, 112))),
        names[3]: idx_bytes((2,), bytes([7, 2])),
    }
    monkeypatch.setattr(mnist, "SHA256", {name: sha256(content).hexdigest() for name, content in files.items()})
    monkeypatch.setenv(mnist.VARIABLE, str(tmp_path))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path, files
