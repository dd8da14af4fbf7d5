"""The stages of a preparation as a figure: all of them, in order, ink dark, in both languages."""

import numpy as np
import pytest

from garasu import figures
from garasu.messages import set_language
from garasu.pictures import STAGES, DigitPreparation


@pytest.fixture
def found():
    picture = np.full((60, 40), 240, dtype=np.uint8)
    picture[10:40, 18:24] = 20
    return DigitPreparation().stages(picture)


@pytest.mark.parametrize(("code", "first", "last"), [("en", "as stored", "centred"), ("ja", "元の画像", "中央へ")])
def test_every_stage_has_its_name_and_size(found, code, first, last):
    set_language(code)
    titles = [ax.get_title(loc="left") for ax in figures.stages(found, title="七.png").axes]
    assert len(titles) == len(STAGES)
    assert titles[0] == f"{first}\n60 × 40" and titles[-1] == f"{last}\n28 × 28"


def test_what_is_drawn_is_what_was_found(found):
    axes = figures.stages(found).axes
    for ax, values in zip(axes, found.values(), strict=True):
        np.testing.assert_array_equal(ax.get_images()[0].get_array(), values)
    assert axes[0].get_images()[0].get_cmap().name == "gray" and axes[1].get_images()[0].get_cmap().name == "gray_r"
