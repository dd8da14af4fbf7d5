"""Folders as a source: plain files by name, links followed once, everything odd passed over or named."""

import os
import time
from pathlib import Path

import pytest
from attrs import evolve

from garasu.data.sources import Folder, Item, passed_over
from garasu.messages import FileError
from tests.data.own_pictures import put


def names(root):
    return [one.name for one in Folder(root).items()]


@pytest.fixture
def pets(tmp_path):
    return put(tmp_path / "pets", {"cat/1.png": b"one", "dog/young/2.png": b"three", "list.txt": b""})


def test_files_with_their_sizes_sorted_by_name(pets):
    os.utime(pets / "cat" / "1.png", ns=(1, 123_456_789))
    first, *others = Folder(pets).items()
    assert first == Item("cat/1.png", 3, "123456789")
    assert [(one.name, one.size) for one in others] == [("dog/young/2.png", 5), ("list.txt", 0)]


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        ".git/cat/1.png",
        "__MACOSX/cat/1.png",
        "cat/.hidden.png",
        "cat/._1.png",
        "cat/.ipynb_checkpoints/1.png",
        "cat/THUMBS.DB",
        "cat/Thumbs.db",
        "cat/desktop.ini",
    ],
)
def test_what_systems_leave_behind_is_passed_over(pets, name):
    before = names(pets)
    put(pets, {name: b"x"})
    assert passed_over(name) and names(pets) == before


@pytest.mark.parametrize("name", ["cat/thumbs.png", "cat/a.hidden", "cat/db", "macosx/1.png"])
def test_what_looks_like_it_is_not(pets, name):
    put(pets, {name: b"x"})
    assert not passed_over(name) and name in names(pets)


def test_what_is_no_plain_file_is_passed_over(pets):
    before = names(pets)
    os.mkfifo(pets / "cat" / "pipe.png")
    (pets / "cat" / "nowhere.png").symlink_to("none.png")
    (pets / "cat" / "self.png").symlink_to("self.png")
    (pets / "empty").mkdir()
    assert names(pets) == before


class TestLinks:
    def test_to_files_are_followed(self, pets, tmp_path):
        (tmp_path / "far.png").write_bytes(b"seven b")
        (pets / "cat" / "far.png").symlink_to(tmp_path / "far.png")
        assert [one.size for one in Folder(pets).items() if one.name == "cat/far.png"] == [7]

    def test_to_folders_elsewhere_are_followed(self, pets, tmp_path):
        put(tmp_path / "far", {"3.png": b"x", "deep/4.png": b"x"})
        (pets / "fox").symlink_to(tmp_path / "far")
        assert names(pets) == ["cat/1.png", "dog/young/2.png", "fox/3.png", "fox/deep/4.png", "list.txt"]

    def test_that_lead_back_end(self, pets):
        before = names(pets)
        (pets / "dog" / "up").symlink_to("..")
        (pets / "dog" / "round").symlink_to("round")
        (pets / "dog" / "young" / "self").symlink_to(".")
        assert names(pets) == before

    @pytest.mark.parametrize("name", ["ape", "zebra"])
    def test_to_a_folder_that_is_there_anyway_change_nothing(self, pets, name):
        """It stands where it really stands, whichever name comes first."""
        before = names(pets)
        (pets / name).symlink_to("cat")
        (pets / "cat" / "a").symlink_to("../dog")
        assert names(pets) == before

    def test_a_root_that_is_one(self, pets, tmp_path):
        (tmp_path / "link").symlink_to("pets")
        assert names(tmp_path / "link") == names(pets)


def test_names_in_any_bytes(pets):
    odd = ["ねこ/一.png", "two\nlines/1.png", "c\udcfft/\udc80.png", "a\\b/1.png", " /1.png"]
    put(pets, dict.fromkeys(odd, b"x"))
    assert set(odd) <= set(names(pets))
    for name, load in Folder(pets).open(odd):
        with load() as file:
            assert file.read() == b"x", name


def test_a_file_that_goes_between_listing_and_looking_is_passed_over(pets, monkeypatch):
    real = os.scandir

    class Scan:
        def __init__(self, path):
            self.entries, self.path = list(real(path)), path

        def __enter__(self):
            for entry in self.entries:
                if entry.name == "1.png":
                    Path(entry.path).unlink()
            return iter(self.entries)

        def __exit__(self, *words):
            pass

    monkeypatch.setattr(os, "scandir", Scan)
    assert names(pets) == ["dog/young/2.png", "list.txt"]


def test_a_folder_that_cannot_be_read_is_named(pets):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (pets / "dog").chmod(0)
    with pytest.raises(FileError, match="dog"):
        names(pets)
    (pets / "dog").chmod(0o700)


def test_a_folder_that_is_gone_is_named(tmp_path):
    with pytest.raises(FileError) as caught:
        names(tmp_path / "none")
    assert caught.value.key == "data.unreadable" and "none" in str(caught.value)


def test_a_thousand_folders_deep(tmp_path):
    """Deeper than Python's calls may be nested."""
    here, made = os.open(tmp_path, os.O_RDONLY), []
    for _ in range(1100):
        os.mkdir("d", dir_fd=here)
        made.append(here)
        here = os.open("d", os.O_RDONLY, dir_fd=here)
    os.close(os.open("1.png", os.O_CREAT, dir_fd=here))
    try:
        assert names(tmp_path) == ["d/" * 1100 + "1.png"]
    finally:
        os.unlink("1.png", dir_fd=here)
        os.close(here)
        for parent in reversed(made):
            os.rmdir("d", dir_fd=parent)
            os.close(parent)


def test_few_are_from_everywhere(tmp_path):
    many = [f"{k:03}" for k in range(100)]
    few = Folder(tmp_path).few
    assert few(many, 10) == many[::10] and few(many[:3], 10) == many[:3] and few([], 10) == []
    assert few(many[:15], 10) == [many[k] for k in (0, 1, 3, 4, 6, 7, 9, 10, 12, 13)]


def test_many_small_files_are_listed_quickly(tmp_path):
    for part in range(20):
        put(tmp_path / str(part), {f"{k}.png": b"" for k in range(250)})
    began = time.perf_counter()
    assert len(names(tmp_path)) == 5000
    assert time.perf_counter() - began < 2  # a twentieth of that where nobody else works


def test_an_item_is_known_by_its_three_parts():
    one = Item("a", 1, "2")
    assert one == Item("a", 1, "2") and all(one != evolve(one, **more) for more in ({"size": 2}, {"stamp": "3"}))
