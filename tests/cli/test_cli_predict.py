"""``garasu predict``: any picture of a digit in, its class out; what cannot be read is named."""

import numpy as np
import pytest
from PIL import Image

from garasu import data


@pytest.fixture
def pictures(cli):
    """Six test digits as files of different kinds, sizes and polarity; (names, classes)."""
    digits = data.load("digits")
    names, classes = [], []
    for row, suffix in enumerate(("png", "jpg", "webp", "bmp", "tiff", "gif")):
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


def test_without_a_run_or_a_picture(cli):
    cli("predict", "x.png").sentence(1, "garasu train")
    assert cli("predict").code == 2
