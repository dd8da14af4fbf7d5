"""The stages of a preparation as a figure: all of them, in order, ink dark, in both languages."""

import sys

import numpy as np
import pytest

from garasu import figures
from garasu.figures import style
from garasu.messages import ShapeError, set_language
from garasu.pictures import STAGES, DigitPreparation


@pytest.fixture
def found():
    picture = np.full((60, 40), 240, dtype=np.uint8)
    picture[10:40, 18:24] = 20
    return DigitPreparation().stages(picture)


@pytest.mark.parametrize(
    ("code", "first", "last"), [("en", "as stored", "centred"), ("ja", "元の画像", "重心を中央へ")]
)
def test_every_stage_has_its_name_and_size(found, code, first, last, legible):
    set_language(code)
    figure = figures.stages(found, title="七.png")
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert len(titles) == len(STAGES)
    assert titles[0] == f"{first}\n60 × 40" and titles[-1] == f"{last}\n28 × 28"
    legible(figure)


def test_what_is_drawn_is_what_was_found(found):
    axes = figures.stages(found).axes
    for ax, values in zip(axes, found.values(), strict=True):
        np.testing.assert_array_equal(ax.get_images()[0].get_array(), values)
    assert axes[0].get_images()[0].get_cmap().name == "gray" and axes[1].get_images()[0].get_cmap().name == "gray_r"


@pytest.mark.parametrize("name", ["stored", "fitted", "resized", "grey"])
@pytest.mark.parametrize("shape", [(6, 9), (6, 9, 3)], ids=["grey", "colour"])
def test_a_photo_is_shown_as_it_is(name, shape, monkeypatch):
    monkeypatch.setattr(sys.modules["garasu.figures.stages"], "text", lambda key: key)  # whatever it is called
    photo = np.random.default_rng(0).integers(0, 100, shape, dtype=np.uint8)
    (ax,) = figures.stages({name: photo}).axes
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), photo)
    assert image.get_cmap().name == "gray" and image.get_clim() == (0.0, 255.0)
    assert ax.get_title(loc="left") == f"pictures.stage_{name}\n6 × 9"


def test_into_axes_of_the_users_own(found, legible):
    own = style.figure(9, 4)
    left, right = own.subplots(1, 2)
    assert figures.stages(found, title="七.png", ax=right) is own
    assert not right.axison and right.get_title(loc="left") == "七.png" and not left.child_axes
    for inside, values in zip(right.child_axes, found.values(), strict=True):
        np.testing.assert_array_equal(inside.get_images()[0].get_array(), values)
    own.draw_without_rendering()
    around = right.get_window_extent()
    assert all(around.contains(*one.get_window_extent().get_points().mean(axis=0)) for one in right.child_axes)
    legible(own)


def test_what_is_no_picture(language):
    with pytest.raises(ShapeError, match=r"\(2, 3, 4\)"):
        figures.stages({"grey": np.zeros((2, 3, 4))})
