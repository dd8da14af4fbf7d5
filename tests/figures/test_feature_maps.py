"""Every filter, picture and map stands at its place in the grid; each kind has one scale, which is stated truly."""

import numpy as np
import pytest

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError

RNG = np.random.default_rng(0)
FILTERS = RNG.normal(size=(5, 5, 1, 16)).astype(np.float32)
IMAGES = RNG.random((9, 28, 28), dtype=np.float32)
MAPS = np.maximum(RNG.normal(size=(9, 28, 28, 16)), 0).astype(np.float32)


def _grid(ax):
    """The images by (row, column), from where they stand."""
    lefts = sorted({round(sum(image.get_extent()[:2]) / 2, 4) for image in ax.images})
    middles = sorted({round(sum(image.get_extent()[2:]) / 2, 4) for image in ax.images})
    places = {}
    for image in ax.images:
        left, right, bottom, top = image.get_extent()
        places[middles.index(round((bottom + top) / 2, 4)), lefts.index(round((left + right) / 2, 4))] = image
    return places


def test_seventeen_rows_of_ten(legible):
    figure = figures.feature_maps(FILTERS, IMAGES, MAPS)
    grid = _grid(figure.axes[0])
    assert set(grid) == {(row, column) for row in range(17) for column in range(10)} - {(0, 0)}
    for row, column in grid:
        shown = grid[row, column].get_array()
        if row == 0:
            low, top = IMAGES.min(), IMAGES.max()
            np.testing.assert_allclose(shown * (top - low) + low, IMAGES[column - 1], atol=1e-6)
        elif column == 0:
            most = np.abs(FILTERS).max()
            np.testing.assert_allclose(shown * 2 * most - most, FILTERS[:, :, 0, row - 1], atol=1e-6)
        else:
            np.testing.assert_array_equal(shown, MAPS[column - 1, :, :, row - 1])
    legible(figure)


def test_one_scale_for_all_maps_and_it_is_stated(language, words):
    (ax,) = figures.feature_maps(FILTERS, IMAGES, MAPS, title="conv_filter").axes
    grid = _grid(ax)
    assert {grid[place].get_clim() for place in grid if 0 not in place} == {(MAPS.min(), MAPS.max())}
    top, most = f"{MAPS.max():.3g}", f"{np.abs(FILTERS).max():.3g}"
    assert ax.get_title(loc="left") == "conv_filter"
    assert words(ax) == [
        {
            "en": "left: 16 filters; top: 9 pictures\n"
            f"maps 28 × 28: 0 black, {top} white, the same for all\n"
            f"filters 5 × 5: −{most} black, 0 grey, {most} white",
            "ja": "左: フィルタ 16 個すべて、上: 画像 9 枚\n"
            f"特徴マップ 28 × 28: 0 が黒、{top} が白（全体で共通）\n"
            f"フィルタ 5 × 5: −{most} が黒、0 が灰色、{most} が白",
        }[language]
    ]


def test_no_title_says_what_it_is(language):
    (ax,) = figures.feature_maps(FILTERS, IMAGES, MAPS).axes
    assert (
        ax.get_title(loc="left")
        == {
            "en": "What each filter makes of each picture",
            "ja": "各フィルタによる特徴マップ",
        }[language]
    )


def test_the_scale_is_that_of_what_is_shown(words):
    maps = np.concatenate([MAPS, 100 * MAPS[:1]])  # a tenth picture, which is not shown
    (ax,) = figures.feature_maps(FILTERS, np.concatenate([IMAGES, IMAGES[:1]]), maps).axes
    assert f"{MAPS.max():.3g} white" in words(ax)[0] and "top: 9 pictures" in words(ax)[0]


def test_after_pooling_and_fewer_of_each(words, language, legible):
    figure = figures.feature_maps(FILTERS, IMAGES[:2], MAPS[:2, ::2, ::2], shown=3)
    (ax,) = figure.axes
    grid = _grid(ax)
    assert max(grid) == (3, 2) and len(grid) == 2 + 3 + 6
    np.testing.assert_array_equal(grid[3, 2].get_array(), MAPS[1, ::2, ::2, 2])
    said = {"en": ["the first 3 of 16", "maps 14 × 14"], "ja": ["全 16 個の最初の 3 個", "特徴マップ 14 × 14"]}
    assert all(one in words(ax)[0] for one in said[language])
    legible(figure)


def test_colours(language, words, legible):
    filters = RNG.normal(size=(3, 3, 3, 2))
    images = RNG.integers(0, 256, (4, 8, 6, 3), dtype=np.uint8)
    figure = figures.feature_maps(filters, images, np.zeros((4, 6, 4, 2)))
    grid = _grid(figure.axes[0])
    np.testing.assert_allclose(grid[0, 4].get_array() * 255, images[3])
    most = np.abs(filters).max()
    np.testing.assert_allclose(grid[2, 0].get_array(), 0.5 + filters[..., 1] / (2 * most))
    assert {"en": "each channel", "ja": "各チャンネル"}[language] in words(figure.axes[0])[0]
    left, right, bottom, top = grid[0, 1].get_extent()
    assert (right - left) / (bottom - top) == pytest.approx(6 / 8)
    legible(figure)


def test_of_other_channels_the_largest_and_it_is_said(language, words, legible):
    filters = np.ones((3, 3, 5, 2))
    filters[:, :, 4, 0], filters[:, :, 1, 1] = -3, [[0, 4, 0]] * 3
    figure = figures.feature_maps(filters, IMAGES[:2], MAPS[:2, ..., :2])
    grid = _grid(figure.axes[0])
    np.testing.assert_allclose(grid[1, 0].get_array() * 8 - 4, filters[:, :, 4, 0])
    np.testing.assert_allclose(grid[2, 0].get_array() * 8 - 4, filters[:, :, 1, 1])
    said = {"en": "of a filter's 5 channels", "ja": "5 チャンネルのうちノルムが最大"}[language]
    assert said in words(figure.axes[0])[0]
    legible(figure)


def test_nothing_but_noughts():
    grid = _grid(figures.feature_maps(FILTERS * 0, IMAGES[..., None] * 0, MAPS * 0).axes[0])
    assert grid[1, 1].get_clim() == (0.0, 1.0) and (grid[1, 0].get_array() == 0.5).all()


def test_into_axes_of_the_users_own():
    own = style.figure(4, 6)
    ax = own.add_subplot()
    assert figures.feature_maps(FILTERS, IMAGES, MAPS, ax=ax) is own and len(ax.images) == 16 + 9 + 144


@pytest.mark.parametrize(
    ("error", "named", "call"),
    [
        (ShapeError, r"\(5, 5, 16\)", lambda: figures.feature_maps(FILTERS[:, :, 0], IMAGES, MAPS)),
        (ShapeError, r"\(28, 28\)", lambda: figures.feature_maps(FILTERS, IMAGES[0], MAPS)),
        (ShapeError, r"\(8, 28, 28, 16\)", lambda: figures.feature_maps(FILTERS, IMAGES, MAPS[:8])),
        (ShapeError, r"\(9, 28, 28, 4\)", lambda: figures.feature_maps(FILTERS, IMAGES, MAPS[..., :4])),
        (DataError, "maps", lambda: figures.feature_maps(FILTERS, IMAGES, MAPS * np.nan)),
        (DataError, "filters", lambda: figures.feature_maps(FILTERS * np.inf, IMAGES, MAPS)),
        (DataError, "images", lambda: figures.feature_maps(FILTERS, IMAGES * np.nan, MAPS)),
        (SettingError, "shown.*0", lambda: figures.feature_maps(FILTERS, IMAGES, MAPS, shown=0)),
    ],
)
def test_what_cannot_be_drawn(error, named, call, language):
    with pytest.raises(error, match=named):
        call()
