"""Archives made to harm: each is read right or named in one sentence, in little memory, and nothing is written."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import struct
import subprocess
import sys
import tarfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

import garasu
from garasu.data import archive
from garasu.messages import DataError
from tests.data.own_pictures import PACKINGS, pets, picture, put, tarred, zipped

GOOD = pets(3)
OUTSIDE = ("../outside.png", "/outside.png", "C:\\outside.png", "..\\outside.png", "cat/../../outside.png")
ZEROS = bytes(1 << 22)
BLOCK = tarfile.BLOCKSIZE
ZERO_CRC = zlib.crc32(bytes(63 << 20))
MEMORY = 256e6

# ------------------------------------------------------------------------------------------------ made by hand


def header(name, size=0, kind=tarfile.REGTYPE, **more):
    """A TAR's header; ``size`` may be a lie, and negative."""
    info = tarfile.TarInfo(name)
    info.size, info.type = max(size, 0), kind
    for key, value in more.items():
        setattr(info, key, value)
    found = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    if size < 0:
        found[124:136] = b"\xff" * 4 + size.to_bytes(8, "big", signed=True)
        found[148:156] = b" " * 8
        found[148:156] = b"%06o\0 " % sum(found)
    return bytes(found)


def member(name, content, kind=tarfile.REGTYPE):
    """A file in a TAR, or what a header of another kind holds."""
    return header(name, len(content), kind) + content + bytes(-len(content) % BLOCK)


def tar(*parts, end=True):
    """The good pictures, then these parts."""
    return b"".join([*(member(*one) for one in GOOD.items()), *parts, bytes(2 * BLOCK if end else 0)])


def entry(name, content, method=0, flags=0, size=None, crc=None, mode=0, packed=None, at=None):
    """An entry of a ZIP, which may lie: see ``zip_of``."""
    packed = content if packed is None else packed
    return {
        "name": name.encode() if isinstance(name, str) else name,
        "packed": packed,
        "numbers": (flags, method, zlib.crc32(content) if crc is None else crc),
        "sizes": (len(packed), len(content) if size is None else size),
        "mode": mode,
        "at": at,
    }


def zip_of(*entries, good=True):
    """A ZIP of the good pictures and these entries; one with ``at`` has its local header where another one's is."""
    out, directory = io.BytesIO(), b""
    for one in [*(entry(*pair) for pair in (GOOD.items() if good else ())), *entries]:
        at = out.tell() if one["at"] is None else one["at"]
        flags, method, crc = one["numbers"]
        common = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 33, crc, *one["sizes"], len(one["name"]), 0)
        if one["at"] is None:
            out.write(b"PK\x03\x04" + common + one["name"] + one["packed"])
        place = struct.pack("<HHHII", 0, 0, 0, one["mode"] << 16, at)
        directory += b"PK\x01\x02" + struct.pack("<H", 0x314) + common + place + one["name"]
    count, size = directory.count(b"PK\x01\x02"), len(directory)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, size, out.tell(), 0)
    return out.getvalue() + directory + b"PK\x05\x06" + end


def deflated(megabytes):
    """So many MB of zeros in a few kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + packer.flush()


def bomb(pack, gigabytes=2):
    """A TAR whose one file is gigabytes of zeros, packed piece by piece: all these packings may be put together."""
    size = gigabytes << 30
    return pack(header("cat/x.png", size)) + pack(ZEROS) * (size // len(ZEROS)) + pack(bytes(2 * BLOCK))


def filled(pack, content):
    """Packed behind noise, so that what it grows to is not what it is refused for."""
    return pack(member("noise", random.Random(0).randbytes(1 << 21))) + pack(content)


def pax(name, **records):
    """A pax header of these records."""
    lines = b""
    for key, value in records.items():
        length = len(key) + len(value) + 3
        length += len(str(length + len(str(length))))
        lines += f"{length} {key}=".encode() + value + b"\n"
    return member(name, lines, tarfile.XHDTYPE)


def overlapping():
    """A thousand names for one and the same 8 MB of zeros, packed in 8 kB."""
    packed = deflated(8)
    first = sum(30 + len(name) + len(content) for name, content in GOOD.items())
    one = {"packed": packed, "method": 8, "size": 8 << 20, "crc": zlib.crc32(bytes(8 << 20))}
    return zip_of(entry("cat/x.png", b"", **one), *(entry("cat/x.png", b"", at=first, **one) for _ in range(1000)))


def zip_list_of_everything(path):
    """A file of a gigabyte, nearly all of it a hole, whose end says that all of it is the list of files."""
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.seek((1 << 30) - 22)
        file.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, (1 << 30) - 22, 0, 0))


def longer_list():
    """1.1 million files without a byte in them, which ``zipfile`` would make 1.1 million objects of."""
    one = b"PK\x01\x02" + struct.pack("<H", 20) + bytes(18) + bytes(22)
    size = 1_100_000 * len(one)
    return b"PK\x03\x04" + one * 1_100_000 + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, size, 4, 0)


def wide_xz():
    """A file whose header asks for a dictionary of 1.5 GB."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 20}]
    content = bytearray(lzma.compress(tar(), lzma.FORMAT_XZ, lzma.CHECK_CRC32, filters=filters))
    start = 12  # behind the stream's header
    length = (content[start] + 1) * 4
    place = content.index(bytes([0x21, 1]), start) + 2
    content[place] = 40  # 4 GB - 1
    content[start + length - 4 : start + length] = struct.pack("<I", zlib.crc32(content[start : start + length - 4]))
    return bytes(content)


def endless_sparse_map():
    """A header of a file with holes that says of itself, again and again, that there is more of it."""
    head = bytearray(header("cat/x.png", 0, tarfile.GNUTYPE_SPARSE))
    head[482] = 1
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    piece = (b"00000000001\0" * 42).ljust(504, b"\0") + b"\1" + bytes(7)
    return bytes(head) + piece * 100_000


def long_name(size):
    return header("././@LongLink", size, tarfile.GNUTYPE_LONGNAME) + b"a" * min(size, BLOCK)


def cut(content, share=0.6):
    return content[: int(share * len(content))]


def sparse():
    """A file of which only the ends are stored, as GNU tar writes it."""
    head = header("cat/holes.png", BLOCK, tarfile.GNUTYPE_SPARSE)
    return head + bytes(BLOCK)


PACKED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
LINKS = [
    header("cat/link.png", 0, tarfile.SYMTYPE, linkname="/etc/passwd"),
    header("cat/far.png", 0, tarfile.SYMTYPE, linkname="../../../outside.png"),
    header("cat/hard.png", 0, tarfile.LNKTYPE, linkname="/etc/passwd"),
]
DEVICES = [header(f"cat/{kind}.png", 0, kind.to_bytes(1, "big")) for kind in b"346"]
FLAT = entry("cat/x.png", b"", 8, packed=deflated(512), size=512 << 20, crc=0)

# name -> (bytes, or what writes the file; what comes of it: "read", a file that is "left out", or the sentence's key)
KINDS = {
    "zip-names-outside": (lambda: zip_of(*(entry(name, picture(1)) for name in OUTSIDE)), "read"),
    "tar-names-outside": (lambda: tar(*(member(name, picture(1)) for name in OUTSIDE)), "read"),
    "zip-nul-in-a-name": (lambda: zip_of(entry(b"\0cat/x.png", picture(1))), "read"),
    "tar-nul-in-a-name": (lambda: tar(pax("p", path=b"cat/\0x.png"), member("cat/y.png", picture(1))), "read"),
    "zip-empty-name": (lambda: zip_of(entry("", picture(1))), "read"),
    "tar-empty-name": (lambda: tar(member("", picture(1)), member("././", picture(1))), "read"),
    "tar-dots": (lambda: tarred({f"./{name}": content for name, content in GOOD.items()}), "read"),
    "zip-dots": (lambda: zipped({f"././/{name}": content for name, content in GOOD.items()}), "read"),
    "tar-links": (lambda: tar(*LINKS), "read"),
    "zip-links": (lambda: zip_of(entry("cat/link.png", b"/etc/passwd", mode=0o120777)), "read"),
    "tar-devices": (lambda: tar(*DEVICES), "read"),
    "zip-devices": (lambda: zip_of(*(entry(f"cat/{m}", b"", mode=m) for m in (0o10600, 0o20600, 0o60600))), "read"),
    "tar-one-name-twice": (lambda: tar(member("cat/0.png", picture(5))), "read"),
    "zip-one-name-twice": (lambda: zip_of(entry("cat/0.png", picture(5)), entry("./cat/0.png", picture(6))), "read"),
    "zip-declares-less": (lambda: zip_of(entry("cat/x.png", picture(1), size=50)), "left out"),
    "zip-declares-more": (lambda: zip_of(entry("cat/x.png", picture(1), size=5000)), "left out"),
    "zip-declares-4-gigabytes": (lambda: zip_of(entry("cat/x.png", picture(1), size=2**32 - 2)), "archives.grows"),
    "zip-declares-65-megabytes": (lambda: zip_of(entry("cat/x.png", b"x" * 500_000, size=65 << 20)), "left out"),
    "zip-wrong-crc": (lambda: zip_of(entry("cat/x.png", picture(1), crc=7)), "left out"),
    "zip-local-header-elsewhere": (lambda: zip_of(entry("cat/x.png", picture(1), at=2**31)), "left out"),
    "zip-bomb": (lambda: zip_of(FLAT), "archives.grows"),
    "zip-bomb-that-declares-little": (lambda: zip_of(FLAT | {"sizes": (len(FLAT["packed"]), 999)}), "left out"),
    "zip-bomb-overlapping": (overlapping, "archives.grows"),
    "zip-bomb-bzip2": (
        lambda: zip_of(entry("cat/x.png", b"", 12, packed=bz2.compress(ZEROS) * 400, size=9)),
        "archives.method",
    ),
    "zip-bomb-of-many-files": (
        lambda: zip_of(
            entry("noise", random.Random(0).randbytes(2 << 20)),
            *(entry(f"cat/{k}", b"", 8, packed=deflated(63), size=63 << 20, crc=ZERO_CRC) for k in range(6)),
        ),
        "left out",
    ),
    "zip-list-of-a-gigabyte": (lambda: zip_list_of_everything, "archives.members"),
    "zip-list-of-too-many": (longer_list, "archives.members"),
    "zip-encrypted": (lambda: zip_of(entry("cat/x.png", picture(1), flags=1)), "archives.encrypted"),
    "zip-unknown-method": (lambda: zip_of(entry("cat/x.png", picture(1), 99)), "archives.method"),
    "zip-nested": (lambda: zip_of(entry("cat/more.zip", zipped(GOOD))), "left out"),
    "tar-nested": (lambda: tar(member("cat/more.tar", tarred(GOOD))), "left out"),
    "tar-sparse": (lambda: tar(sparse()), "read"),
    "tar-endless-sparse-map": (lambda: tar(endless_sparse_map()), "archives.headers"),
    "tar-long-name-of-gigabytes": (lambda: tar(long_name(7 << 30)), "archives.headers"),
    "tar-pax-of-gigabytes": (lambda: tar(header("p", 7 << 30, tarfile.XHDTYPE) + ZEROS), "archives.headers"),
    "tar-pax-of-50-megabytes-gz": (
        lambda: filled(gzip.compress, tar(member("p", bytes(50 << 20), tarfile.XHDTYPE))),
        "archives.headers",
    ),
    "tar-chain-of-long-names": (lambda: tar(*[long_name(BLOCK)] * 5000), "archives.damaged"),
    "tar-chain-of-longer-names-gz": (
        lambda: filled(gzip.compress, tar(*[member("l", b"a" * 800_000, tarfile.GNUTYPE_LONGNAME)] * 300)),
        "archives.headers",
    ),
    "tar-negative-size": (lambda: tar(header("cat/x.png", -100)), "left out"),
    "tar-back-to-itself": (lambda: tar(header("cat/x.png", -BLOCK)), "archives.damaged"),
    "tar-far-back": (lambda: tar(header("cat/x.png", -(2**40))), "archives.damaged"),
    "tar-a-header-damaged": (
        lambda: tar(member("cat/x.png", picture(1))[::-1], member("dog/x.png", picture(2))),
        "archives.damaged",
    ),
    "tar-without-end": (lambda: tar(end=False), "archives.damaged"),
    "tar-nothing-in-it": (lambda: bytes(20 * BLOCK), "folders.missing"),
    "zip-nothing-in-it": (lambda: zipped({}), "folders.classes"),
    "gz-nothing-in-it": (lambda: gzip.compress(b""), "archives.damaged"),
    "gz-wrong-crc": (lambda: gzip.compress(tar())[:-8] + bytes(8), "archives.damaged"),
    "gz-not-a-tar": (lambda: gzip.compress(picture(1)), "archives.damaged"),
    "one-class": (lambda: zipped(pets(3, ("cat",))), "folders.classes"),
    "xz-wide": (wide_xz, "archives.damaged"),
    **{f"bomb-{name}": (lambda pack=pack: bomb(pack), "archives.grows") for name, pack in PACKED.items()},
    **{f"cut-{name}": (lambda pack=pack: cut(pack(GOOD)), "archives.damaged") for name, pack in PACKINGS.items()},
    **{
        f"garbage-{name}": (lambda pack=pack: pack(GOOD)[:10] + random.Random(1).randbytes(3000), "archives.damaged")
        for name, pack in PACKINGS.items()
        if name != "tar"
    },
    "garbage-tar": (lambda: tar()[:300] + random.Random(1).randbytes(3000), "archives.damaged"),
}

CHILD = """
import json, os, re, sys
from garasu.data import folder
from garasu.messages import GarasuError

def tried(path):
    try:
        found = folder.load(path)
        return {"classes": found.class_names, "split": found.files.split, "reasons": found.files.reasons,
                "train": found.train_images[:].tolist(), "test": found.test_images[:].tolist()}
    except GarasuError as error:
        return {"key": error.key, "said": str(error)}
    except BaseException as error:
        return {"raised": repr(error)}

def in_a_child(path):
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        found = tried(path)
        found["peak"] = 1024 * int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
        with os.fdopen(send, "w") as out:
            json.dump(found, out)
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    return json.loads(found or '{"raised": "died"}')

print(json.dumps({path: in_a_child(path) for path in sys.argv[1:]}))
"""
"""Each archive in a process of its own, whose memory begins with what the libraries take."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell what is used")


def contents(root, without):
    """Everything below a folder: sizes and times by name."""
    found = [path for path in root.rglob("*") if without not in (path, *path.parents)]
    return {path: (path.lstat().st_size, path.lstat().st_mtime_ns) for path in found}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of each kind, and what was there that was not before."""
    root = tmp_path_factory.mktemp("hostile")
    for name in ("archives", "work", "home", "temporary"):
        (root / name).mkdir()
    for name, (make, _) in KINDS.items():
        path = root / "archives" / name
        made = make()
        made(path) if callable(made) else path.write_bytes(made)
    good = put(root / "archives" / "folder", GOOD)
    cache, before = root / "cache", contents(root, root / "cache")
    environment = os.environ | {
        "PYTHONPATH": str(Path(garasu.__file__).parents[1]),
        "GARASU_PICTURE_CACHE": str(cache),
        "HOME": str(root / "home"),
        "TMPDIR": str(root / "temporary"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }
    paths = [root / "archives" / name for name in KINDS]
    command = [sys.executable, "-c", CHILD, *map(str, [*paths, good])]
    ran = subprocess.run(command, env=environment, cwd=root / "work", capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0 and not ran.stderr, ran.stderr
    found = {Path(path).name: one for path, one in json.loads(ran.stdout).items()}
    return found, {path: one for path, one in contents(root, cache).items() if before.get(path) != one}


def test_nothing_was_written_but_the_cache(outcomes):
    assert outcomes[1] == {}


@pytest.mark.parametrize("name", KINDS)
def test_a_hostile_archive_is_read_right_or_named(outcomes, name):
    found, expected = outcomes[0][name], KINDS[name][1]
    assert "raised" not in found, found
    assert found["peak"] < MEMORY
    if "." in expected:
        assert found["key"] == expected
        assert name in found["said"] and "\n" not in found["said"] and found["said"].endswith(".")
        return
    assert found.get("said") is None
    whole = outcomes[0]["folder"]
    assert all(found[part] == whole[part] for part in ("classes", "train", "test"))
    kept = [one for one in found["split"] if one[0] != "skipped"]
    assert kept == whole["split"] and len(kept) == len(GOOD)
    left_out = [one[2] for one in found["split"] if one[0] == "skipped"]
    assert sorted(found["reasons"]) == left_out and bool(left_out) == (expected == "left out")
    for reason in found["reasons"].values():
        assert name in reason and "\n" not in reason


def test_names_in_two_cases_are_two_classes(tmp_path):
    found = archive.Archive(_written(tmp_path, zip_of(entry("Cat/0.png", picture(9))))).items()
    assert {"Cat/0.png", "cat/0.png"} <= {one.name for one in found}


def _written(folder, content):
    path = folder / "pets"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_no_more_files_than_the_limit(tmp_path, monkeypatch, pack):
    path = _written(tmp_path, pack(GOOD))
    monkeypatch.setattr(archive, "MEMBERS", len(GOOD))
    assert len(archive.members(path)) == len(GOOD)
    monkeypatch.setattr(archive, "MEMBERS", len(GOOD) - 1)
    with pytest.raises(DataError, match="more than 5 files"):
        archive.members(path)


@pytest.mark.parametrize("name", PACKINGS)
def test_cut_anywhere_it_is_named(tmp_path, name):
    """Every archive that lacks its end is damaged; none is read as one of fewer files."""
    content = PACKINGS[name](GOOD)
    end = len(content.rstrip(b"\0")) if name == "tar" else len(content)  # a plain TAR ends with blocks of zeros
    for stop in [*range(520, end, 211), end - 1]:
        path = _written(tmp_path, content[:stop])
        with pytest.raises(DataError) as caught:
            archive.members(path)
        assert caught.value.key == "archives.damaged", stop


@pytest.mark.parametrize("name", PACKINGS)
def test_bytes_changed_anywhere_raise_nothing_but_a_sentence(tmp_path, name):
    content, draw = PACKINGS[name](GOOD), random.Random(3)
    for _ in range(150):
        damaged = bytearray(content)
        for place in draw.sample(range(6, len(content)), draw.choice((1, 3, 20))):
            damaged[place] = draw.randrange(256)
        path = _written(tmp_path, bytes(damaged))
        with suppress(DataError):  # anything else that is raised is a defect
            for one, found in archive.read(path, [member.name for member in archive.members(path)]):
                assert isinstance(found, bytes) and one
