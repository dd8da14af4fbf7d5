"""A node's weights stand where its pixels stand, all nodes on one scale with white at 0."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, SettingError, ShapeError

KERNEL = np.random.default_rng(0).normal(size=(6 * 4, 20))
COLOR = np.random.default_rng(0).normal(size=(6 * 4 * 3, 3))


def test_the_first_nodes_as_pictures(words, legible):
    figure = figures.weight_images(KERNEL, (6, 4))
    (ax,) = figure.axes
    assert len(ax.images) == 16
    for node, image in enumerate(ax.images):
        np.testing.assert_array_equal(image.get_array(), KERNEL[:, node].reshape(6, 4))
    assert words(ax)[:2] == ["node 0", "node 1"] and words(ax)[15] == "node 15"
    legible(figure)


def test_one_scale_blue_for_and_orange_against():
    (ax,) = figures.weight_images(KERNEL, (6, 4), shown=4).axes
    most = np.abs(KERNEL).max()  # of all nodes, those that are not shown too
    assert {image.get_clim() for image in ax.images} == {(-most, most)}
    colours = ax.images[0].get_cmap()([0.0, 0.5, 1.0])[:, :3]
    np.testing.assert_allclose(colours, [to_rgb(style.ORANGE), (1, 1, 1), to_rgb(style.BLUE)], atol=0.01)


def test_three_pictures_a_node_for_colours(words, language, legible):
    figure = figures.weight_images(COLOR, (6, 4, 3))
    (ax,) = figure.axes
    assert len(ax.images) == 9
    for at, image in enumerate(ax.images):
        np.testing.assert_array_equal(image.get_array(), COLOR.reshape(6, 4, 3, 3)[:, :, at % 3, at // 3])
    assert {"en": "red, green, blue", "ja": "赤・緑・青"}[language] in words(ax)[-1]
    legible(figure)


@pytest.mark.parametrize("names", [["猫", "$dog$", "automobile and more of it"], ["a"] * 3], ids=["long", "short"])
def test_names_of_classes(names, words, legible):
    figure = figures.weight_images(KERNEL[:, :3], (6, 4, 1), names=names)
    shown = words(figure.axes[0])[:3]
    assert [one[:6] for one in shown] == [name[:6] for name in names]
    legible(figure)


def test_words(language, words, legible):
    figure = figures.weight_images(KERNEL / np.abs(KERNEL).max(), (6, 4))
    (ax,) = figure.axes
    assert (ax.get_title(loc="left"), words(ax)[-1]) == {
        "en": (
            "Which pixels speak for a node",
            "the weights of the first 16 of 20 nodes\n−1 orange, 0 white, 1 blue, the same for all",
        ),
        "ja": (
            "ノードの重みを画像として見る",
            "ノード 20 個のうち最初の 16 個の重み\n−1 がオレンジ、0 が白、1 が青（全体で共通）",
        ),
    }[language]
    legible(figure)


@pytest.mark.parametrize("nodes", [1, 3, 10, 16])
def test_no_two_on_each_other(nodes):
    (ax,) = figures.weight_images(KERNEL[:, :nodes], (4, 6)).axes
    extents = [image.get_extent() for image in ax.images]
    assert len({(left, top) for left, _, _, top in extents}) == nodes
    width, height = ax.get_xlim()[1], ax.get_ylim()[0]
    assert all(0 <= left < right <= width and 0 < top < low < height + 1e-9 for left, right, low, top in extents)


def test_noughts_are_white():
    (ax,) = figures.weight_images(KERNEL[:, :1] * 0, (6, 4)).axes
    assert ax.images[0].get_clim() == (-1.0, 1.0)


def test_into_axes_of_the_users_own():
    own = style.figure(4, 4)
    ax = own.add_subplot()
    assert figures.weight_images(KERNEL, (6, 4), ax=ax) is own and len(ax.images) == 16


@pytest.mark.parametrize(
    ("error", "named", "call"),
    [
        (ShapeError, r"\(25, .*\(24, 20\)", lambda: figures.weight_images(KERNEL, (5, 5))),
        (ShapeError, r"\(24,\)", lambda: figures.weight_images(KERNEL[:, 0], (6, 4))),
        (ShapeError, r"\(6, 2, 2\)", lambda: figures.weight_images(KERNEL, (6, 2, 2))),
        (ShapeError, "20.*2", lambda: figures.weight_images(KERNEL, (6, 4), names=["a", "b"])),
        (DataError, "kernel", lambda: figures.weight_images(KERNEL * np.nan, (6, 4))),
        (SettingError, "shown", lambda: figures.weight_images(KERNEL, (6, 4), shown=1.5)),
    ],
)
def test_what_cannot_be_drawn(error, named, call, language):
    with pytest.raises(error, match=named):
        call()
