"""Data that are missing or damaged: one sentence before anything is trained, and the way out in it."""

import struct

import pytest

FILES = {
    "train-images-idx3-ubyte": (3, 28, 28),
    "train-labels-idx1-ubyte": (3,),
    "t10k-images-idx3-ubyte": (2, 28, 28),
    "t10k-labels-idx1-ubyte": (2,),
}
FIRST = next(iter(FILES))


def idx(shape):
    """An IDX file of bytes, written apart from the reader."""
    size = 1
    for axis in shape:
        size *= axis
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + bytes(k % 251 for k in range(size))


@pytest.fixture
def mnist(cli):
    """A folder with four IDX files of MNIST's names."""
    folder = cli.folder / "data"
    folder.mkdir()
    for name, shape in FILES.items():
        (folder / name).write_bytes(idx(shape))
    return folder


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_mnist_the_way_out_is_said(cli, language):
    words = ("GARASU_DATA", "--data digits")
    cli("train", "--data", "mnist", "--lang", language).sentence(1, *words, language=language)
    assert not (cli.folder / "runs").exists()


DAMAGE = {
    "missing": (lambda path: path.unlink(), [FIRST, "GARASU_DATA", "--data digits"]),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-100]), [FIRST]),
    "empty": (lambda path: path.write_bytes(b""), [FIRST]),
    "flipped": (lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\xff"), [FIRST, "SHA-256"]),
    "no-idx": (lambda path: path.write_bytes(b"<!DOCTYPE html>"), [FIRST, "IDX"]),
    "cut-gzip": (lambda path: path.rename(path.with_suffix(".gz")).write_bytes(b"\x1f\x8b\x08\0\0"), [f"{FIRST}.gz"]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_named(cli, mnist, damage):
    act, words = DAMAGE[damage]
    act(mnist / FIRST)
    cli("train", "--data", "mnist", GARASU_DATA=str(mnist)).sentence(1, *words)
    assert not (cli.folder / "runs").exists()


def test_a_damaged_file_is_named_in_japanese(cli, mnist):
    act, words = DAMAGE["cut"]
    act(mnist / FIRST)
    cli("train", "--data", "mnist", LANG="ja_JP.UTF-8", GARASU_DATA=str(mnist)).sentence(1, *words, language="ja")


def test_a_run_is_not_evaluated_on_other_data(cli, run_copy):
    from garasu.train import run_folder

    record = run_folder.read_record(run_copy)
    run_folder.write_record(run_copy, record | {"data": record["data"] | {"sha256": "0" * 64}})
    cli("evaluate").sentence(1, "digits", "SHA-256")
