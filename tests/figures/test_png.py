"""Pictures become whole files: letters in both languages, sizes, nothing left behind."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager, ft2font
from matplotlib.figure import Figure
from PIL import Image

from garasu import figures
from garasu.figures import style
from garasu.messages import FileError, SettingError

HISTORY = {"loss": [0.9, 0.5], "accuracy": [0.5, 0.8], "val_loss": [0.8, 0.6], "val_accuracy": [0.6, 0.7]}
GREY = np.arange(162, dtype=np.uint8).reshape(2, 9, 9)
COLOR = np.stack([GREY, GREY[:, ::-1], GREY[:, :, ::-1]], axis=-1)
DRAWN = [
    lambda: figures.training_curves(HISTORY),
    lambda: figures.training_curves({"loss": [900.0, 0.5]}),
    lambda: figures.confusion_matrix(np.array([[3, 1], [0, 4]]), ["縦の棒", "十字"]),
    lambda: figures.confusion_matrix(np.array([[3]]), ["長い名前" * 6]),
    lambda: figures.sample_images(GREY, [0, 1], ["縦の棒", "十字"]),
    lambda: figures.sample_images(COLOR, [0, 1], ["bar", "cross"]),
    lambda: figures.image_numbers(COLOR[0]),
    lambda: figures.one_hot([0, 39], ["長い名前" * 6] * 40),
    lambda: figures.chain_of_shapes([("畳み込み", "Conv2D", (None, 9, 9, 4), 40)], (9, 9, 1)),
    lambda: figures.feature_maps(np.ones((3, 3, 3, 2)), COLOR, np.ones((2, 9, 9, 2))),
    lambda: figures.feature_maps(np.ones((3, 3, 2, 2)), GREY, np.ones((2, 9, 9, 2))),
    lambda: figures.weight_images(np.ones((243, 2)), (9, 9, 3)),
    lambda: figures.misclassified(GREY, [0, 1], [1, 0], np.eye(20)[[1, 0]], ["長い名前" * 6] * 20),
    lambda: figures.misclassified(GREY, [0, 1], [0, 1], np.eye(2), ["縦の棒", "十字"]),
    lambda: figures.stages({"grey": GREY[0], "centred": GREY[1]}, title="縦の棒.png"),
]


def test_every_letter_has_a_glyph_in_a_font_it_is_set_in(language, texts):
    glyphs = {}
    for family in style.families():
        found = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
        glyphs[family] = set(ft2font.FT2Font(found).get_charmap())
    for text in (text for draw in DRAWN for text in texts(draw())):
        known = set().union(*(glyphs[family] for family in text.get_fontfamily()))
        assert {letter for letter in text.get_text().replace("\n", "") if ord(letter) not in known} == set(), (
            text.get_text()
        )


@pytest.mark.parametrize("draw", DRAWN)
def test_is_a_png_wide_enough(language, draw, tmp_path):
    """Warnings are errors here: a missing glyph would be one."""
    path = figures.save(draw(), tmp_path / "新しい" / "図.png")
    with Image.open(path) as image:
        assert image.format == "PNG" and 500 <= image.width <= 4000
        pixels = np.asarray(image.convert("L"))
    assert pixels[:3].min() == 255 and pixels[:, :3].min() == 255, "something is cut off at the edge"
    assert [one.name for one in path.parent.iterdir()] == ["図.png"]


def test_japanese_is_not_boxes(tmp_path):
    """Two different letters look different; as boxes they would be the same."""
    drawn = []
    for letter in "損失":
        figure = style.figure(1, 1)
        figure.text(0.5, 0.5, letter, **style.letters())
        with Image.open(figures.save(figure, tmp_path / f"{letter}.png")) as image:
            drawn.append(np.asarray(image))
    assert (drawn[0] != drawn[1]).any()


def test_a_failure_leaves_the_file_before(tmp_path, language, monkeypatch):
    path = tmp_path / "curves.png"
    path.write_bytes(b"before")

    def fails(self, file, **named):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", fails)
    with pytest.raises(FileError, match=r"curves\.png"):
        figures.save(style.figure(1, 1), path)
    assert path.read_bytes() == b"before" and [one.name for one in tmp_path.iterdir()] == ["curves.png"]


def test_where_it_cannot_be_written(tmp_path, language):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=r"new\.png"):
        figures.save(style.figure(1, 1), tmp_path / "file" / "new.png")
    with pytest.raises(SettingError, match=r"curves\.pdf"):
        figures.save(style.figure(1, 1), tmp_path / "curves.pdf")


def test_neither_pyplot_nor_the_fonts_package_is_imported():
    """The one keeps figures alive for ever, the other changes the font of every figure."""
    program = "import sys, garasu.figures as f; f.training_curves({'loss': [1]}); print(*sys.modules)"
    source = str(Path(figures.__file__).parents[2])
    run = [sys.executable, "-c", f"import sys; sys.path.insert(0, {source!r}); {program}"]
    modules = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
    assert "matplotlib.figure" in modules
    assert not {"matplotlib.pyplot", "matplotlib_fontja"} & set(modules)
