"""Pictures in a file answer as the array they were written from does."""

import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from garasu.data.stored import StoredPictures, _File, digest_of, rows_of
from garasu.messages import FileError

GREY, COLOUR = (5, 3), (4, 3, 3)
COUNT = 12


@pytest.fixture
def left():
    """The threads that are there now and were not before."""
    before = set(threading.enumerate())
    return lambda: set(threading.enumerate()) - before


@pytest.fixture(params=[GREY, COLOUR], ids=["grey", "colour"])
def pair(request, tmp_path):
    """An array, and the same pictures in a file."""
    array = np.random.default_rng(1).integers(0, 256, (COUNT, *request.param), dtype=np.uint8)
    (tmp_path / "pictures.u8").write_bytes(array.tobytes())
    return array, StoredPictures.open(tmp_path / "pictures.u8", request.param, COUNT)


INDICES = {
    "first": 0,
    "last": -1,
    "numpy-number": np.int32(7),
    "unsigned": np.uint8(3),
    "all": slice(None),
    "middle": slice(3, 7),
    "step": slice(1, 11, 3),
    "backwards": slice(None, None, -2),
    "beyond": slice(9, 99),
    "nothing": slice(5, 5),
    "list": [4, 1, 2, 3, 11],
    "repeats": [2, 2, 2, 0, 2],
    "negative-list": [-1, 0, -12],
    "empty-list": [],
    "array": np.array([8, 9, 10, 0]),
    "empty-array": np.array([], dtype=np.int32),
    "unsigned-array": np.array([1, 2, 3], dtype=np.uint16),
    "two-dimensions": np.array([[1, 2], [3, 1]]),
    "mask": np.arange(COUNT) % 3 == 1,
    "mask-list": [k in (0, 5) for k in range(COUNT)],
    "empty-mask": np.zeros(COUNT, dtype=bool),
    "ellipsis": ...,
    "new-axis": None,
    "tuple": (slice(2, 4),),
}


@pytest.mark.parametrize("name", INDICES)
def test_every_index_answers_as_numpy_does(pair, name):
    array, stored = pair
    found, expected = stored[INDICES[name]], array[INDICES[name]]
    assert found.dtype == np.uint8 and found.shape == expected.shape
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("index", [COUNT, -COUNT - 1, [0, COUNT], np.ones(COUNT - 1, dtype=bool), "x", 1.0, [0.5]])
def test_what_numpy_refuses_is_refused(pair, index):
    for one in pair:
        with pytest.raises(IndexError):
            one[index]


def test_shape_and_kind(pair):
    array, stored = pair
    for name in ("shape", "ndim", "dtype"):
        assert getattr(stored, name) == getattr(array, name)
    assert len(stored) == COUNT and stored.each == array[0].nbytes
    assert [one.tolist() for one in stored] == array.tolist()


def test_what_is_read_is_the_reader_s_own(pair):
    array, stored = pair
    found = stored[2:4]
    found[...] = 0
    np.testing.assert_array_equal(stored[2:4], array[2:4])


@pytest.mark.parametrize("rows", [[5, 1, 1, -1], [], np.array([0]), np.arange(COUNT)[::-1], np.arange(COUNT) > 8])
def test_taking_reads_nothing_and_takes_as_numpy_does(pair, rows, monkeypatch):
    array, stored = pair
    monkeypatch.setattr(_File, "read_into", lambda *words: pytest.fail("read"))
    taken = stored.take(rows)
    monkeypatch.undo()
    expected = array[np.asarray(rows, dtype=None if len(rows) else int)]
    np.testing.assert_array_equal(taken[:], expected)
    assert taken.shape == expected.shape
    np.testing.assert_array_equal(rows_of(stored, np.asarray(rows, dtype=None if len(rows) else int))[:], expected)


def test_taking_of_what_was_taken(pair):
    array, stored = pair
    rows, again = [7, 3, 9, 0], [-1, 1, 1]
    np.testing.assert_array_equal(stored.take(rows).take(again)[:], array[rows][again])
    np.testing.assert_array_equal(stored.take(rows).take(again)[[2, 0]], array[rows][again][[2, 0]])


def test_as_an_array(pair):
    array, stored = pair
    np.testing.assert_array_equal(np.asarray(stored), array)
    assert np.asarray(stored, dtype=np.float32).dtype == np.float32
    np.testing.assert_array_equal(np.concatenate([stored, stored]), np.concatenate([array, array]))


def test_neighbours_are_read_at_once(pair, monkeypatch):
    _, stored = pair
    reads, real = [], _File.read_into
    monkeypatch.setattr(
        _File, "read_into", lambda self, target, at: reads.append(len(target)) or real(self, target, at)
    )
    assert len(stored[[3, 4, 5, 9, 10, 1]]) == 6
    assert reads == [3 * stored.each, 2 * stored.each, stored.each]


def test_a_read_that_the_system_cuts_goes_on(pair):
    """One read ends at two gigabytes at the latest."""
    array, stored = pair

    class Short:
        def __init__(self, stream):
            self.seek, self.stream = stream.seek, stream

        def readinto(self, target):
            return self.stream.readinto(target[:7])

    whole = StoredPictures(_File(stored._file.path, Short(stored._file.stream)), stored.picture_shape, stored.rows)
    np.testing.assert_array_equal(whole[:], array)


def test_a_file_cut_while_it_is_open_is_named(pair):
    array, stored = pair
    os.truncate(stored._file.path, 5 * stored.each + 1)
    np.testing.assert_array_equal(stored[:5], array[:5])
    for index in (5, slice(3, 8), -1):
        with pytest.raises(FileError) as caught:
            stored[index]
        assert caught.value.key == "folders.cache_cut" and "pictures.u8" in str(caught.value)


def test_a_disk_that_fails_is_named(pair):
    _, stored = pair

    class Failing:
        def seek(self, offset):
            raise OSError(5, "Input/output error")

    broken = StoredPictures(_File(stored._file.path, Failing()), stored.picture_shape, stored.rows)
    with pytest.raises(FileError, match=r"pictures\.u8.*Input/output error"):
        broken[0]


def test_no_such_file_is_named(tmp_path):
    with pytest.raises(FileError, match=r"none\.u8"):
        StoredPictures.open(tmp_path / "none.u8", GREY, 1)


def test_the_file_may_be_removed_while_it_is_open(pair):
    array, stored = pair
    stored._file.path.unlink()
    np.testing.assert_array_equal(stored[:], array)


def test_many_threads_read_at_once(pair, left):
    array, stored = pair

    def read(seed):
        rows = np.random.default_rng(seed).integers(0, COUNT, 50)
        return np.array_equal(stored[rows], array[rows])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(300)))
    assert not left()


def test_the_file_stays_open_with_the_last_of_its_pictures(tmp_path):
    (tmp_path / "x").write_bytes(bytes(12))
    stored = StoredPictures.open(tmp_path / "x", (2, 2), 3)
    taken = stored.take([1])
    del stored
    gc.collect()
    assert taken[0].tolist() == [[0, 0], [0, 0]]


def test_no_descriptor_is_left_open(tmp_path):
    (tmp_path / "x").write_bytes(bytes(12))
    opened = [StoredPictures.open(tmp_path / "x", (2, 2), 3) for _ in range(5)]
    numbers = [one._file.stream.fileno() for one in opened]
    del opened
    gc.collect()
    for number in numbers:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)


class TestIdentity:
    def test_is_that_of_the_pictures_in_their_order(self, pair, tmp_path):
        array, stored = pair
        other = np.concatenate([array[:1], array[::-1]])
        (tmp_path / "other").write_bytes(other.tobytes())
        moved = StoredPictures.open(tmp_path / "other", stored.picture_shape, COUNT + 1)
        assert moved.take(np.arange(COUNT, 0, -1)).identity() == stored.identity()
        assert len(stored.identity()) == 32

    def test_changes_with_order_content_and_shape(self, pair, tmp_path):
        array, stored = pair
        (tmp_path / "other").write_bytes(array[:-1].tobytes() + (255 - array[-1]).tobytes())
        changed = StoredPictures.open(tmp_path / "other", stored.picture_shape, COUNT)
        swapped = stored.take([1, 0, *range(2, COUNT)])
        flat = StoredPictures.open(stored._file.path, (stored.each, 1), COUNT)
        found = [one.identity() for one in (stored, changed, swapped, flat, stored.take([0]), stored.take([]))]
        assert len(set(found)) == len(found)
        assert changed.take(range(COUNT - 1)).identity() == stored.take(range(COUNT - 1)).identity()

    def test_is_the_same_from_hashes_that_were_kept(self, pair):
        array, stored = pair
        kept = StoredPictures.open(stored._file.path, stored.picture_shape, COUNT, [digest_of(one) for one in array])
        assert kept.identity() == stored.identity() and kept.take([3, 1]).identity() == stored.take([3, 1]).identity()
        os.truncate(stored._file.path, 0)
        assert kept.identity()  # nothing is read for it
