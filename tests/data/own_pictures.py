"""What the tests of pictures of one's own share: small pictures as bytes, folders and archives of them."""

import io
import tarfile
import zipfile

import numpy as np
from PIL import Image


def pixels(number, shape=(10, 12)):
    """A picture in colour that no other number has."""
    return np.random.default_rng(number).integers(0, 256, (*shape, 3), dtype=np.uint8)


def encoded(array, kind="PNG", **settings):
    """The bytes of a picture file."""
    out = io.BytesIO()
    Image.fromarray(array).save(out, kind, **settings)
    return out.getvalue()


def picture(number, shape=(10, 12)):
    """A PNG that no other number has."""
    return encoded(pixels(number, shape))


def pets(count=6, classes=("cat", "dog"), prefix=""):
    """So many pictures of each class: bytes by name."""
    return {
        f"{prefix}{name}/{number}.png": picture(1000 * place + number)
        for place, name in enumerate(classes)
        for number in range(count)
    }


def put(root, files):
    """Files below a folder; the folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def tarred(files, mode="w", **settings):
    """The bytes of a TAR that Python writes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, **settings) as file:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """The bytes of a ZIP that Python writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return out.getvalue()


PACKINGS = {
    "zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "tar": tarred,
    "tar.gz": lambda files: tarred(files, "w:gz"),
    "tar.bz2": lambda files: tarred(files, "w:bz2"),
    "tar.xz": lambda files: tarred(files, "w:xz"),
}
"""Every packing, as Python writes it: bytes by name in, the archive's bytes out."""
