"""The cache of decoded pictures: used again, made again when something has changed, never used when it is not whole."""

import json
import multiprocessing
import os
import shutil
import stat
import tempfile
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from garasu.data import picture_cache
from garasu.data.decoding import said
from garasu.data.folder import load
from garasu.data.picture_cache import VARIABLE, decode_once
from garasu.data.sources import Folder
from garasu.messages import FileError
from garasu.pictures import PhotoPreparation
from tests.data.own_pictures import pets, picture, pixels, put

SMALL = PhotoPreparation(6, 5)


@pytest.fixture
def caches(tmp_path, monkeypatch):
    """Where caches are kept."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "caches"))
    return tmp_path / "caches"


@pytest.fixture
def root(tmp_path, caches):
    return put(tmp_path / "pets", pets(3) | {"dog/broken.png": picture(1)[:90]})


def decoded(root, preparation=SMALL, **more):
    source = Folder(root)
    return decode_once(source, source.items(), preparation, **more)


def pixels_of(found):
    return found.pictures[:].tolist()


@pytest.fixture
def opened(monkeypatch):
    """The names of the files that were opened to be decoded."""
    names, load = [], Folder._load
    monkeypatch.setattr(Folder, "_load", lambda self, name: names.append(name) or load(self, name))
    return names


def kept(caches):
    return sorted(path for path in caches.iterdir() if not path.name.startswith("."))


def test_every_picture_once_in_order_and_what_is_wrong_with_the_others(root):
    told = []
    found = decoded(root, tell=lambda done, count: told.append((done, count)))
    names = [one.name for one in Folder(root).items()]
    assert found.place.tolist() == [0, 1, 2, 3, 4, 5, -1] and names[-1] == "dog/broken.png"
    expected = [SMALL(pixels(number)) for number in (0, 1, 2, 1000, 1001, 1002)]
    np.testing.assert_array_equal(found.pictures[:], expected)
    assert list(found.refused) == ["dog/broken.png"] and "broken.png" in said(found.refused["dog/broken.png"])
    assert told == [(done, 7) for done in range(1, 8)]


class TestUsedAgain:
    def test_nothing_is_opened_or_decoded(self, root, opened, monkeypatch):
        first = decoded(root)
        assert len(opened) == 7
        monkeypatch.setattr(picture_cache, "decoded", lambda *words: pytest.fail("decoded again"))
        second = decoded(root)
        assert len(opened) == 7 and pixels_of(second) == pixels_of(first)
        assert (second.digests, second.refused) == (first.digests, first.refused)
        assert second.pictures.identity() == first.pictures.identity()

    def test_by_another_way_to_the_same_folder(self, root, opened, monkeypatch):
        decoded(root)
        monkeypatch.chdir(root.parent)
        decoded(Path("pets"))
        assert len(opened) == 7

    def test_not_for_another_preparation(self, root, opened, caches):
        for one in (SMALL, PhotoPreparation(6, 5, fit="crop"), PhotoPreparation(6, 5, color=False)):
            decoded(root, one)
        assert len(opened) == 21 and len(kept(caches)) == 3
        decoded(root)
        assert len(opened) == 21


class TestMadeAgain:
    @pytest.mark.parametrize("change", ["size", "time", "name", "more", "fewer"])
    def test_when_a_file_changes(self, root, opened, caches, change):
        before = pixels_of(decoded(root))
        one = root / "cat" / "0.png"
        if change == "size":
            status = one.stat()
            one.write_bytes(picture(77) + b"more")
            os.utime(one, ns=(status.st_atime_ns, status.st_mtime_ns))
        elif change == "time":
            one.write_bytes(picture(77)[: one.stat().st_size].ljust(one.stat().st_size, b"\0"))
            os.utime(one, ns=(1, 1))
        elif change == "name":
            one.rename(root / "cat" / "9.png")
        elif change == "more":
            put(root, {"cat/9.png": picture(77)})
        else:
            one.unlink()
        opened.clear()
        assert pixels_of(decoded(root)) != before
        assert len(opened) == {"more": 8, "fewer": 6}.get(change, 7)
        assert len(kept(caches)) == 1  # the older one is gone

    def test_the_older_one_is_open_still(self, root):
        first = decoded(root)
        before = pixels_of(first)
        put(root, {"cat/9.png": picture(77)})
        decoded(root)
        assert pixels_of(first) == before

    @pytest.mark.parametrize("size", [0, 100, -1, 1])
    def test_when_its_pixels_are_cut_or_longer(self, root, opened, caches, size):
        before = pixels_of(decoded(root))
        (cache,) = kept(caches)
        content = (cache / "pictures.u8").read_bytes()
        (cache / "pictures.u8").write_bytes(content + b"x" if size == 1 else content[:size])
        opened.clear()
        assert pixels_of(decoded(root)) == before and len(opened) == 7
        assert pixels_of(decoded(root)) == before and len(opened) == 7  # and it is whole again

    @pytest.mark.parametrize("name", ["pictures.u8", "index.json"])
    def test_when_a_file_of_it_is_gone(self, root, opened, caches, name):
        before = pixels_of(decoded(root))
        (kept(caches)[0] / name).unlink()
        assert pixels_of(decoded(root)) == before and len(opened) == 14

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b"7",
            b"\xff",
            b"{}",
            b'{"place": [0], "digests": 5, "refused": {}}',
            b"[" * 99_999,
        ],
    )
    def test_when_its_index_is_damaged(self, root, opened, caches, content):
        before = pixels_of(decoded(root))
        (kept(caches)[0] / "index.json").write_bytes(content)
        assert pixels_of(decoded(root)) == before and len(opened) == 14

    @pytest.mark.parametrize(
        "change",
        [
            {"place": [0, 1, 2, 3, 4, -1]},  # of fewer files
            {"place": [0, 1, 2, 3, 4, 99, -1]},  # a row that is not there
            {"place": [0, 1, 2, 3, 4, 4, -1]},  # a row twice
            {"digests": ["0"] * 7},
            {"refused": {"x": {}}},
        ],
    )
    def test_when_its_index_says_what_cannot_be(self, root, opened, caches, change):
        before = pixels_of(decoded(root))
        path = kept(caches)[0] / "index.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | change))
        assert pixels_of(decoded(root)) == before and len(opened) == 14

    def test_when_a_file_that_could_not_be_opened_can_be(self, root, opened, monkeypatch):
        """Rights change neither size nor time; root may open everything, so the opening itself refuses here."""
        real = Folder._load

        def refusing(self, name):
            return real(self, "no/such.png" if name == "cat/0.png" else name)

        monkeypatch.setattr(Folder, "_load", refusing)
        assert set(decoded(root).refused) == {"cat/0.png", "dog/broken.png"}
        assert decoded(root).place[0] == -1
        monkeypatch.setattr(Folder, "_load", real)
        assert set(decoded(root).refused) == {"dog/broken.png"}

    def test_other_folders_caches_stay(self, root, tmp_path, caches):
        put(tmp_path / "others", pets(2))
        decoded(tmp_path / "others")
        (caches / "strange").mkdir()
        (caches / "file").write_bytes(b"x")
        decoded(root)
        put(root, {"cat/9.png": picture(77)})
        decoded(root)
        assert len(kept(caches)) == 4


class TestWhereItLies:
    def test_in_a_folder_that_only_the_user_may_enter(self, root, caches):
        decoded(root)
        assert stat.S_IMODE(caches.stat().st_mode) == 0o700
        assert stat.S_IMODE(kept(caches)[0].stat().st_mode) == 0o700

    def test_in_the_user_s_cache_folder(self, root, tmp_path, monkeypatch):
        monkeypatch.delenv(VARIABLE)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
        decoded(root)
        assert len(kept(tmp_path / "home" / "garasu" / "pictures")) == 1

    def test_where_the_variable_says(self, root, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv(VARIABLE, "~/deep/er")
        decoded(root)
        assert len(kept(tmp_path / "home" / "deep" / "er")) == 1

    @pytest.mark.parametrize("how", ["off", "below a file", "read only"])
    def test_nowhere_but_for_a_while(self, root, tmp_path, opened, monkeypatch, how):
        (tmp_path / "file").write_bytes(b"x")
        (tmp_path / "temporary").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
        monkeypatch.setenv(VARIABLE, "off" if how == "off" else str(tmp_path / ("file/x" if "file" in how else "shut")))
        if how == "read only":
            (tmp_path / "shut").mkdir()
            monkeypatch.setattr(os, "access", lambda path, mode: False)
        first, second = decoded(root), decoded(root)
        assert len(opened) == 14 and pixels_of(first) == pixels_of(second)
        assert list((tmp_path / "temporary").iterdir()) == []  # its name is gone already
        assert first.pictures.identity() == second.pictures.identity()

    def test_names_that_are_no_text(self, tmp_path, caches, opened):
        root = put(tmp_path / "p\udcffts", {"c\udcfft/\udc80.png": picture(1), "dog/1.png": picture(2)})
        put(root, {"dog/\udc81.png": b"broken"})
        first, second = decoded(root), decoded(root)
        assert len(opened) == 3 and list(second.refused) == ["dog/\udc81.png"]
        assert said(second.refused["dog/\udc81.png"]) == said(first.refused["dog/\udc81.png"])


class TestNotWhole:
    @pytest.fixture
    def cut(self, root, monkeypatch):
        """Decoding that stops after four pictures, as it does where somebody presses Ctrl-C."""

        def stop(done, count):
            if done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            decoded(root, tell=stop)

    def test_what_was_cut_leaves_nothing(self, cut, caches):
        assert list(caches.iterdir()) == []

    def test_what_was_killed_is_never_used_and_goes_after_a_day(self, root, caches, opened):
        child = multiprocessing.get_context("spawn").Process(target=_killed, args=(root, caches))
        child.start()
        child.join()
        (left,) = caches.iterdir()
        assert left.name.endswith(".part") and kept(caches) == []
        before = pixels_of(decoded(root))
        assert len(opened) == 7 and left.exists()  # it might be one at work
        for one in (left / "pictures.u8", left):
            os.utime(one, (time.time() - 90_000,) * 2)
        put(root, {"cat/9.png": picture(77)})
        assert pixels_of(decoded(root)) != before and not left.exists()

    def test_no_room_is_said_before_anything_is_decoded(self, root, caches, opened, monkeypatch):
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 7 * 6 * 5 * 3 - 1))
        with pytest.raises(FileError) as caught:
            decoded(root)
        assert caught.value.key == "folders.cache_room" and str(caches) in str(caught.value) and opened == []
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 7 * 6 * 5 * 3))
        decoded(root)

    def test_a_disk_that_fills_up_is_named_and_nothing_stays(self, root, caches, monkeypatch):
        def full(descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(FileError) as caught:
            decoded(root)
        assert caught.value.key == "folders.cache_write" and "No space left" in str(caught.value)
        assert list(caches.iterdir()) == []

    @pytest.mark.parametrize("maker", ["mkdtemp", "TemporaryDirectory"])
    def test_a_folder_that_cannot_be_made_is_named(self, root, monkeypatch, maker):
        def refuse(*words, **more):
            raise OSError(30, "Read-only file system")

        if maker == "TemporaryDirectory":
            monkeypatch.setenv(VARIABLE, "off")
        monkeypatch.setattr(tempfile, maker, refuse)
        with pytest.raises(FileError, match="Read-only"):
            decoded(root)


class TestSeveralAtOnce:
    def test_processes_agree(self, root, caches):
        """Whoever is first, all have the pictures, and one cache is left."""
        context = multiprocessing.get_context("spawn")
        answers = context.Queue()
        children = [context.Process(target=_read, args=(root, caches, answers)) for _ in range(3)]
        for child in children:
            child.start()
        found = [answers.get(timeout=60) for _ in children]
        for child in children:
            child.join()
        assert len(set(found)) == 1 and len(kept(caches)) == 1 and len(list(caches.iterdir())) == 1

    def test_one_that_is_made_meanwhile_does_no_harm(self, root, caches):
        """The other one's takes the place, or ours does: both are whole."""
        other = []

        def meanwhile(done, count):
            if done == 5 and not other:
                other.append(decoded(root))

        mine = decoded(root, tell=meanwhile)
        assert pixels_of(mine) == pixels_of(other[0]) and len(kept(caches)) == 1

    def test_one_that_is_removed_at_once_is_open_still(self, root, caches, monkeypatch):
        """Another program has a folder of the same name in mind that holds one file more."""
        monkeypatch.setattr(picture_cache, "_remove_older", lambda caches, key, known: shutil.rmtree(caches / key))
        assert len(decoded(root).pictures[:]) == 6 and kept(caches) == []


def _read(root, caches, answers):
    os.environ[VARIABLE] = str(caches)
    answers.put(decoded(root).pictures.identity())


def _killed(root, caches):
    os.environ[VARIABLE] = str(caches)
    decoded(root, tell=lambda done, count: os._exit(9) if done == 4 else None)


def test_a_cache_whose_pictures_were_changed_is_made_again(tmp_path, monkeypatch):
    """The size is right and the index whole, but a run would train on other pictures than it says."""
    monkeypatch.setenv(picture_cache.VARIABLE, str(tmp_path / "changed"))
    root = put(tmp_path / "own", pets(3))
    before = load(root).train_images[:]
    (pixels,) = (tmp_path / "changed").rglob("pictures.u8")
    content = bytearray(pixels.read_bytes())
    content[len(content) // 2] ^= 1
    pixels.write_bytes(content)
    np.testing.assert_array_equal(load(root).train_images[:], before)
