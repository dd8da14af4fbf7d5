"""Decoding many files at once: in order, errors in their place, a bound on memory, no thread left."""

import io
import threading
import time
from pathlib import Path

import pytest

from garasu.data import decoding
from garasu.data.decoding import decoded, kept_error, said
from garasu.messages import DataError, FileError
from tests.data.own_pictures import picture, pixels


@pytest.fixture
def left():
    """The threads that are there now and were not before."""
    before = set(threading.enumerate())
    return lambda: set(threading.enumerate()) - before


class Given:
    """Files by name, each of them bytes or an error; ``most`` is how many were open to be decoded at once."""

    root = Path("given")

    def __init__(self, files):
        self.files, self.read, self.taken, self.most = files, [], 0, 0

    def open(self, names):
        for name in names:
            self.read.append(name)
            self.most = max(self.most, len(self.read) - self.taken)
            yield name, lambda name=name: self._load(name)

    def _load(self, name):
        if isinstance(self.files[name], Exception):
            raise self.files[name]
        return io.BytesIO(self.files[name])


def everything(source, then=lambda picture: picture.pixels.tolist(), **more):
    sizes = dict.fromkeys(source.files, 100)
    for one in decoded(source, sizes, None, then, **more):
        source.taken += 1
        yield one


def test_in_order_whatever_takes_longest():
    source = Given({str(k): picture(k) for k in range(60)})

    def slow(found):
        time.sleep(0.02 if found.pixels[0, 0, 0] % 5 == 0 else 0)
        return found.pixels.tolist()

    assert list(everything(source, slow)) == [(str(k), pixels(k).tolist()) for k in range(60)]


def test_an_error_comes_in_the_place_of_its_picture():
    files = {
        "good": picture(1),
        "broken": picture(2)[:100],
        "none": OSError(2, "No such file or directory"),
        "other": OSError("odd"),
        "refused": DataError("archives.lies", path="a", name="b", declared=3),
        "last": picture(3),
    }
    found = dict(everything(Given(files)))
    assert list(found) == list(files) and found["last"] == pixels(3).tolist()
    assert isinstance(found["broken"], FileError) and "broken" in str(found["broken"])
    assert found["none"].key == found["other"].key == "data.unreadable"
    assert "No such file" in str(found["none"]) and "odd" in str(found["other"])
    assert found["refused"].key == "archives.lies"


def test_an_error_holds_nothing_of_what_was_in_memory():
    """Its traceback would hold the bytes of the file."""
    for error in dict(
        everything(Given({"a": b"x" * 1000, "b": DataError("archives.lies", path="", name="", declared=1)}))
    ).values():
        assert error.__traceback__ is None and error.__cause__ is None and error.__context__ is None


def test_what_waits_is_bounded_by_number(monkeypatch):
    monkeypatch.setattr(decoding, "THREADS", 2)
    source = Given({str(k): picture(k) for k in range(100)})
    list(everything(source))
    assert 16 <= source.most <= 17


@pytest.mark.parametrize(("size", "each"), [(1 << 23, 0), (0, 1 << 23), (1 << 22, 1 << 22)])
def test_what_waits_is_bounded_by_bytes_of_files_and_of_answers(size, each):
    source = Given({str(k): picture(k) for k in range(30)})
    for _ in decoded(source, dict.fromkeys(source.files, size), None, lambda found: found, each):
        source.taken += 1
    assert source.most == 5  # four wait, one is being opened


def test_one_larger_than_all_that_may_wait_goes_alone():
    source = Given({str(k): picture(k) for k in range(5)})
    for _ in decoded(source, dict.fromkeys(source.files, 1 << 26), None, lambda found: found):
        source.taken += 1
    assert source.most == 2


def test_no_thread_is_left_when_it_is_given_up(left):
    source = Given({str(k): picture(k) for k in range(100)})
    found = everything(source)
    next(found)
    found.close()
    assert not left() and len(source.read) < 60


def test_an_error_of_the_source_itself_ends_it_and_leaves_no_thread(left):
    class Ending(Given):
        def open(self, names):
            yield from list(super().open(names))[:3]
            raise DataError("archives.damaged", path="a", reason="b")

    with pytest.raises(DataError):
        list(everything(Ending({str(k): picture(k) for k in range(9)})))
    assert not left()


def test_nothing_to_decode():
    assert list(decoded(Given({}), {}, None, lambda found: found)) == []


def test_an_error_may_be_kept_and_said_later(language):
    error = FileError("pictures.missing", path=Path("a/ねこ.png"))
    assert said(kept_error(error)) == str(error)
