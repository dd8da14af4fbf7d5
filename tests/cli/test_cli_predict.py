"""``garasu predict``: any picture of a digit in, its class out; what cannot be read is named."""

import numpy as np
import pytest
from PIL import Image

import garasu
from garasu import data


@pytest.fixture
def pictures(cli, run_copy):
    """Six test digits that the run is surest of, as files of different kinds and polarity; (names, classes)."""
    digits = data.load("digits")
    names, classes = [], []
    answers = garasu.load(run_copy / "checkpoints" / "last.safetensors").predict(digits.test_images)
    surest = [row for row in np.argsort(-answers.max(axis=1)) if answers[row].argmax() == digits.test_labels[row]]
    for row, suffix in zip(surest, ("png", "jpg", "webp", "bmp", "tiff", "gif"), strict=False):
        large = np.kron(digits.test_images[row], np.ones((4, 4), np.uint8))
        drawn = np.pad(large, ((30, 10), (20, 60)))
        name = f"数字 {row}.{suffix}"
        Image.fromarray(255 - drawn if row % 2 else drawn).save(cli.folder / name)
        names.append(name)
        classes.append(digits.class_names[digits.test_labels[row]])
    return names, classes


def test_digits_of_every_kind_are_recognised(cli, run_copy, pictures):
    names, classes = pictures
    found = cli("predict", *names, "--json").json
    assert found["errors"] == [] and [one["file"] for one in found["predictions"]] == names
    assert [one["class"] for one in found["predictions"]] == classes
    for one in found["predictions"]:
        assert list(one["probabilities"]) == list("0123456789")
        assert sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert max(one["probabilities"], key=one["probabilities"].get) == one["class"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_first_word_is_the_run_if_it_names_one(cli, run_copy, pictures, language):
    (name, *_), (wanted, *_) = pictures
    latest = cli("predict", name, "--lang", language)
    assert latest.code == 0 and f"{name}: {wanted}" in latest.out and "%" in latest.out
    for run in ("first", run_copy):
        assert cli("predict", run, name, "--lang", language).out == latest.out
    cli("predict", "first", "--lang", language).sentence(2, "first", "garasu predict first IMAGE", language=language)


def test_stages_are_kept_as_a_figure(cli, run_copy, pictures):
    found = cli("predict", pictures[0][0], "--show-stages", "--json").json["predictions"][0]
    assert found["stages"].startswith("runs") and (cli.folder / found["stages"]).stat().st_size > 5000
    (cli.folder / "other").mkdir()
    (cli.folder / "other" / pictures[0][0]).write_bytes((cli.folder / pictures[0][1]).read_bytes())
    pair = cli("predict", pictures[0][0], f"other/{pictures[0][0]}", "--show-stages", "--json").json["predictions"]
    assert len({one["stages"] for one in pair}) == 2  # of one name, in two folders
    with Image.open(cli.folder / found["stages"]) as image:
        assert image.format == "PNG" and image.width > 800


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_bad_file_is_named_and_the_others_are_answered(cli, run_copy, pictures, language):
    (good, *_), _ = pictures
    (cli.folder / "page.png").write_bytes(b"<html></html>")
    Image.new("L", (50, 50), 255).save(cli.folder / "empty.png")
    words = ("predict", "page.png", good, "empty.png", "none.png", "--lang", language)
    result = cli(*words)
    assert result.code == 1 and len(result.out.splitlines()) == 1 and good in result.out
    lines = result.err.splitlines()
    assert all(name in line for name, line in zip(("page", "empty", "none"), lines, strict=True))
    found = cli(*words, "--json")
    assert found.code == 1 and [one["file"] for one in found.json["errors"]] == ["page.png", "empty.png", "none.png"]
    assert [one["file"] for one in found.json["predictions"]] == [good]


def test_odd_names(cli, run_copy, pictures):
    """Longer than a file system takes as one more file, with line ends, with bytes that are no letters."""
    content = (cli.folder / pictures[0][0]).read_bytes()
    odd = ["x" * 250 + ".png", "two\nlines.png", b"\xff\xfe.png".decode("utf-8", "surrogateescape"), "👩.png"]
    for name in odd:
        (cli.folder / name).write_bytes(content)
    found = cli("predict", *odd, "--show-stages", "--json")
    assert found.code == 0 and len(found.json["predictions"]) == 4 and found.err == ""
    assert cli("predict", odd[2]).code == 0
    cli("predict", "y" * 300).sentence(1, "yyy")


def test_without_a_run_or_a_picture(cli):
    cli("predict", "x.png").sentence(1, "garasu train")
    assert cli("predict").code == 2
