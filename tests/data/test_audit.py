"""Looking through a folder first: what is there, what cannot be read, what is there twice."""

import numpy as np
import pytest
from PIL import Image

from garasu.data.audit import Audit, Copies, audit
from garasu.messages import DataError, FileError
from tests.data.own_pictures import PACKINGS, encoded, pets, picture, pixels, put


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path):
    return put(tmp_path / "pets", pets(3) | {"list.csv": b"x"})


def test_counts_sizes_formats_and_modes(root):
    put(
        root,
        {"cat/x.jpg": encoded(pixels(5, (40, 30)), "JPEG"), "dog/y.gif": encoded(pixels(6, (2, 3))[..., 0], "GIF")},
    )
    found = audit(root)
    assert found.root == root and found.classes == ("cat", "dog") and found.pictures == 8
    assert found.counts == {"": {"cat": 4, "dog": 4}}
    assert found.sizes == ((2, 3), (10, 12), (40, 30))
    assert found.formats == {"PNG": 6, "JPEG": 1, "GIF": 1} and next(iter(found.formats)) == "PNG"
    assert found.modes == {"RGB": 7, "L": 1} or found.modes == {"RGB": 7, "P": 1}
    assert (found.unreadable, found.copies, found.outside) == ({}, (), ("list.csv",))


@pytest.mark.parametrize("name", PACKINGS)
def test_of_an_archive_the_same(root, tmp_path, name):
    files = pets(3) | {"dog/x.png": picture(1), "cat/broken.png": b"x", "list.csv": b"x"}
    put(root, files)
    (tmp_path / "archive").write_bytes(PACKINGS[name](files))
    first, second = audit(root), audit(tmp_path / "archive")
    for field in ("classes", "counts", "sizes", "formats", "modes", "copies", "outside"):
        assert getattr(first, field) == getattr(second, field)
    assert list(first.unreadable) == list(second.unreadable) == ["cat/broken.png"]


def test_nothing_is_written(root, tmp_path, monkeypatch):
    monkeypatch.setenv("GARASU_PICTURE_CACHE", str(tmp_path / "caches"))
    before = contents(tmp_path)
    audit(root)
    assert contents(tmp_path) == before


def test_what_cannot_be_read_is_named_and_not_counted(root):
    put(root, {"dog/cut.png": picture(1)[:150], "cat/empty.png": b"", "cat/page.jpg": b"<html>"})
    found = audit(root)
    assert list(found.unreadable) == ["cat/empty.png", "cat/page.jpg", "dog/cut.png"]
    assert all(str(root / name) in reason for name, reason in found.unreadable.items())
    assert found.counts == {"": {"cat": 3, "dog": 3}}


def test_a_picture_cut_far_behind_its_head_is_found(root):
    large = encoded(pixels(3, (400, 500)), "JPEG")
    put(root, {"cat/cut.jpg": large[: len(large) * 2 // 3]})
    assert list(audit(root).unreadable) == ["cat/cut.jpg"]


def test_a_class_of_which_nothing_can_be_read(root):
    put(root, {"eel/x.png": b"x"})
    assert audit(root).counts[""] == {"cat": 3, "dog": 3, "eel": 0}


def test_nothing_can_be_read_at_all(tmp_path):
    found = audit(put(tmp_path / "own", {"a/1": b"x", "b/1": b"y"}))
    assert (found.pictures, found.sizes, found.formats, len(found.unreadable)) == (0, (), {}, 2)


class TestCopies:
    def test_whatever_the_format_and_the_name(self, root):
        same = pixels(1)
        put(root, {"cat/x.bmp": encoded(same, "BMP"), "cat/y.webp": encoded(same, "WEBP", lossless=True)})
        assert audit(root).copies == (Copies(("cat/1.png", "cat/x.bmp", "cat/y.webp"), False, False),)

    def test_turned_by_the_camera_and_upright(self, root):
        image = Image.fromarray(np.rot90(pixels(1)).copy())
        exif = image.getexif()
        exif[0x0112] = 6  # to be turned a quarter to the right
        image.save(root / "cat" / "turned.png", exif=exif)
        assert audit(root).copies == (Copies(("cat/1.png", "cat/turned.png"), False, False),)

    def test_of_the_same_bytes_in_another_shape_are_none(self, tmp_path):
        flat = np.arange(24, dtype=np.uint8)
        files = {f"{kind}/1.png": encoded(flat.reshape(shape)) for kind, shape in (("a", (4, 6)), ("b", (6, 4)))}
        assert audit(put(tmp_path / "own", files)).copies == ()

    def test_across_the_split_come_first_then_those_of_two_classes(self, tmp_path):
        files = pets(3, prefix="train/") | {
            f"test/{kind}/9.png": picture(90 + k) for k, kind in enumerate(("cat", "dog"))
        }
        files |= {
            "train/cat/again.png": picture(0),
            "train/dog/cat.png": picture(1),
            "test/cat/known.png": picture(2),
            "test/dog/both.png": picture(1000),
            "test/cat/both.png": picture(1000),
        }
        found = audit(put(tmp_path / "own", files))
        assert found.copies == (
            Copies(("test/cat/both.png", "test/dog/both.png", "train/dog/0.png"), True, True),
            Copies(("test/cat/known.png", "train/cat/2.png"), True, False),
            Copies(("train/cat/1.png", "train/dog/cat.png"), False, True),
            Copies(("train/cat/0.png", "train/cat/again.png"), False, False),
        )
        assert list(found.counts) == ["train", "test"] and found.counts["test"] == {"cat": 3, "dog": 2}


def test_how_far_it_is_is_told(root):
    told = []
    audit(root, lambda done, count: told.append((done, count)))
    assert told == [(k, 6) for k in range(1, 7)]


def test_by_its_public_name_and_a_home_folder(root, monkeypatch):
    from garasu import data

    monkeypatch.setenv("HOME", str(root.parent))
    assert isinstance(data.audit("~/pets"), Audit) and data.audit("~/pets").pictures == 6


def test_too_few_classes_and_no_folder(tmp_path, root):
    with pytest.raises(DataError, match="two classes"):
        audit(root / "cat")
    with pytest.raises(FileError, match="none"):
        audit(tmp_path / "none")
