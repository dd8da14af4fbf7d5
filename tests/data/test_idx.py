"""The IDX reader: right arrays from right files, one sentence from any other, and no allocation on a header's word."""

import gzip
import math
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from garasu.data import idx
from garasu.messages import DataError, FileError

CODES = {0x08: ("B", 1), 0x09: ("b", 1), 0x0B: ("h", 2), 0x0C: ("i", 4), 0x0D: ("f", 4), 0x0E: ("d", 8)}


def reference(content):
    """What the bytes mean, by ``struct`` alone: (shape, numbers), or None where they are not exactly one array."""
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in CODES or not 1 <= content[3] <= 64:
        return None
    axes, (letter, size) = content[3], CODES[content[2]]
    if len(content) < 4 + 4 * axes:
        return None
    shape = struct.unpack_from(f">{axes}I", content, 4)
    body = content[4 + 4 * axes :]
    if size * math.prod(max(1, n) for n in shape) > idx.LIMIT or len(body) != size * math.prod(shape):
        return None
    return shape, struct.unpack(f">{len(body) // size}{letter}", body)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("code", CODES)
def test_every_type_comes_out_in_the_machines_own_byte_order(written, idx_bytes, code, zipped):
    letter, _ = CODES[code]
    numbers = [1, 2, 3, 100, 0, 7]
    array = idx.read(written(idx_bytes((2, 3), struct.pack(f">6{letter}", *numbers), code), zipped))
    assert array.tolist() == [[1, 2, 3], [100, 0, 7]]
    assert array.dtype == np.dtype(letter) and array.dtype.isnative


def test_gzip_is_told_by_content_and_not_by_name(written, idx_bytes):
    assert idx.read(written(idx_bytes((4,)), name="plain.gz")).tolist() == [0, 1, 2, 3]
    assert idx.read(written(idx_bytes((4,)), zipped=True, name="zipped")).tolist() == [0, 1, 2, 3]


def test_the_hash_is_of_the_unpacked_file(written, idx_bytes):
    from hashlib import sha256

    content = idx_bytes((3, 2))
    for zipped in (False, True):
        assert idx.read_hashed(written(content, zipped))[1] == sha256(content).hexdigest()


def test_an_empty_array_is_an_array(written, idx_bytes):
    assert idx.read(written(idx_bytes((0, 28, 28)))).shape == (0, 28, 28)


def test_a_path_in_japanese_is_read(tmp_path, idx_bytes):
    path = tmp_path / "手書き数字" / "画像"
    path.parent.mkdir()
    path.write_bytes(idx_bytes((2,)))
    assert idx.read(str(path)).tolist() == [0, 1]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "idx_short_header"),
        (b"\0\0\x08", "idx_short_header"),
        (b"\0\0\x08\x02\0\0\0\x01\0", "idx_short_header"),
        (b"PK\x03\x04 something else", "idx_magic"),
        (b"\0\0\x0a\x01\0\0\0\x01\0", "idx_type"),
        (b"\0\0\x08\x00\0", "idx_axes"),
        (b"\0\0\x08\xff" + b"\0\0\0\x01" * 255 + b"\0", "idx_axes"),
        (b"\0\0\x08\x01\0\0\0\x03ab", "idx_truncated"),
        (b"\0\0\x08\x01\0\0\0\x03abcd", "idx_trailing"),
        (b"\0\0\x08\x01\0\0\0\x00a", "idx_trailing"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "idx_too_large"),
        (b"\0\0\x08\x02\0\0\0\0" + b"\xff" * 4 + b"x", "idx_too_large"),
        (b"\0\0\x08\x03\0\0\0\0" + b"\xff" * 8, "idx_too_large"),
    ],
)
def test_what_is_not_exactly_one_array_is_one_sentence(written, content, key, zipped):
    with pytest.raises(DataError) as caught:
        idx.read(written(content, zipped))
    assert caught.value.key == f"data.{key}" and "some-idx" in str(caught.value)


def test_the_numbers_of_a_truncated_file_are_named(written, idx_bytes):
    with pytest.raises(DataError, match="must hold 12 bytes after its IDX header but holds only 11"):
        idx.read(written(idx_bytes((3, 4))[:-1]))


def test_a_limit_is_kept_and_its_last_byte_allowed(written, idx_bytes):
    path = written(idx_bytes((10,)))
    assert idx.read(path, limit=10).size == 10
    with pytest.raises(DataError, match="10 numbers of 1 bytes each, more than the 9 bytes allowed"):
        idx.read(path, limit=9)


def test_what_cannot_be_opened_is_a_file_error(tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(FileError) as caught:
            idx.read(path)
        assert caught.value.key == "data.unreadable"


def _peak(path):
    """The error's key and the most memory Python held while reading."""
    tracemalloc.start()
    try:
        with pytest.raises(DataError) as caught:
            idx.read(path)
        return caught.value.key, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("zipped", [False, True])
def test_a_header_that_claims_a_gigabyte_allocates_nothing(written, idx_bytes, zipped):
    key, peak = _peak(written(idx_bytes((1024, 1024, 1024), b"abc"), zipped))
    assert key == "data.idx_truncated" and peak < 4 << 20


def test_a_gzip_bomb_is_unpacked_no_further_than_declared(written, idx_bytes):
    path = written(idx_bytes((10,), bytes(64 << 20)), zipped=True)
    assert path.stat().st_size < 1 << 17
    key, peak = _peak(path)
    assert key == "data.idx_trailing" and peak < 4 << 20


def test_every_way_to_cut_a_gzip_file_short_is_noticed(written, idx_bytes):
    whole = gzip.compress(idx_bytes((3, 4)), mtime=0)
    for length in range(2, len(whole)):
        with pytest.raises(DataError) as caught:
            idx.read(written(whole[:length]))
        assert caught.value.key == "data.gzip_truncated"


def test_bytes_after_the_gzip_stream_are_noticed(written, idx_bytes):
    with pytest.raises(DataError) as caught:
        idx.read(written(gzip.compress(idx_bytes((3,))) + b"more"))
    assert caught.value.key == "data.gzip_damaged"


def test_a_wrong_sum_at_the_end_of_gzip_is_noticed(written, idx_bytes):
    whole = bytearray(gzip.compress(idx_bytes((3, 4))))
    whole[-8] ^= 1
    with pytest.raises(DataError) as caught:
        idx.read(written(whole))
    assert caught.value.key == "data.gzip_damaged"


@given(
    shape=st.lists(st.integers(0, 4), min_size=1, max_size=3),
    code=st.sampled_from(sorted(CODES)),
    flips=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 255)), max_size=3),
    cut=st.integers(0, 40),
    more=st.binary(max_size=3),
)
@example(shape=[2], code=8, flips=[(3, 2)], cut=0, more=b"")
def test_damaged_plain_files_give_a_data_error_or_what_they_say(
    tmp_path_factory, idx_bytes, shape, code, flips, cut, more
):
    size = CODES[code][1] * math.prod(shape)
    content = bytearray(idx_bytes(shape, bytes(k * 37 % 256 for k in range(size)), code))
    for place, mask in flips:
        content[place % len(content)] ^= mask
    content = bytes(content[: max(0, len(content) - cut)]) + more
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(content)
    meant = reference(content)
    if meant is None:
        with pytest.raises(DataError):
            idx.read(path)
    else:
        array = idx.read(path)
        assert array.shape == meant[0]
        np.testing.assert_array_equal(array.reshape(-1), np.array(meant[1], array.dtype))


@given(data=st.data())
def test_damaged_gzip_files_give_a_data_error_or_the_right_array(tmp_path_factory, idx_bytes, data):
    content = idx_bytes((9, 9))
    whole = bytearray(gzip.compress(content, mtime=0))
    for _ in range(data.draw(st.integers(1, 3))):
        # From byte 2 on: without the gzip magic it is a plain file, which the test above covers.
        whole[data.draw(st.integers(2, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "fuzzed.gz"
    path.write_bytes(whole[: data.draw(st.integers(2, len(whole)))])
    try:
        array = idx.read(path)
    except DataError:
        return
    assert array.tobytes() == content[12:] and array.shape == (9, 9)
