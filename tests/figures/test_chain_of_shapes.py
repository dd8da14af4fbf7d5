"""The chain says of every layer what the model's own table says, and draws larger shapes larger."""

from itertools import pairwise

import pytest
from matplotlib.colors import to_rgba

from garasu import figures
from garasu.figures import style
from garasu.figures.chain_of_shapes import _written
from garasu.layers import Dense
from garasu.models import summary
from garasu.networks import Network
from garasu.networks.zoo import get

C9 = [
    ("reshape", "Reshape", (None, 28, 28, 1), 0),
    ("conv_filter", "Conv2D", (None, 28, 28, 16), 416),
    ("max_pooling", "MaxPooling2D", (None, 14, 14, 16), 0),
    ("flatten", "Flatten", (None, 3136), 0),
    ("hidden", "Dense", (None, 1024), 3_212_288),
    ("softmax", "Dense", (None, 10), 10_250),
]
MANY = [("a_layer_with_a_very_long_name_$", "BatchNormalization", (None, 224, 224, 2**k), 10**9) for k in range(12)]


def _fronts(ax):
    """Width and height of the sheet in front of each stage; how many sheets each has."""
    fronts, sheets = [], []
    behind = 0
    for patch in (one for one in ax.patches if hasattr(one, "get_width")):
        behind += 1
        if patch.get_facecolor() == to_rgba(style.BLUE):
            fronts.append((patch.get_width(), patch.get_height()))
            sheets.append(behind)
            behind = 0
    return fronts, sheets


def test_names_shapes_in_both_orders_and_parameters(words, legible):
    figure = figures.chain_of_shapes(C9, (784,))
    (ax,) = figure.axes
    assert words(ax)[:8] == [
        "input",
        "(N, 784)",
        "reshape (Reshape)",
        "(N, 28, 28, 1)",
        "0 parameters",
        "(N, 1, 28, 28)",
        "conv_filter (Conv2D)",
        "(N, 28, 28, 16)",
    ]
    assert "3,212,288 parameters" in words(ax) and "(N, 16, 14, 14)" in words(ax)
    legible(figure)


def test_rows_as_the_models_table_gives_them(words):
    network = Network(get("c9").layers(), (784,))
    (ax,) = figures.chain_of_shapes(summary.rows(network), network.in_shape).axes
    assert ax.get_title(loc="left") == "Layers: 6, parameters: 3,222,954"
    small = Network([Dense(3, name="only")], (4,))
    figure = figures.chain_of_shapes(summary.rows(small), small.in_shape)
    assert words(figure.axes[0])[2:5] == ["only (Dense)", "(N, 3)", "15 parameters"]


def test_words(language, words, legible):
    figure = figures.chain_of_shapes(C9, (28, 28, 1))
    (ax,) = figure.axes
    title, entry, last = {
        "en": (
            "Layers: 6, parameters: 3,222,954",
            "input",
            "grey: (batch, channel, Y, X), the same in the other order",
        ),
        "ja": ("6 層、パラメータ 3,222,954 個", "入力", "灰色: (バッチ, チャンネル, Y, X) の順で書いた同じ形"),
    }[language]
    assert (ax.get_title(loc="left"), words(ax)[0], words(ax)[-1].split("\n")[-1]) == (title, entry, last)
    legible(figure)


def test_larger_shapes_are_drawn_larger_and_more_channels_as_more_sheets():
    (ax,) = figures.chain_of_shapes(C9, (28, 28, 1)).axes
    fronts, sheets = _fronts(ax)
    assert len(fronts) == 7 and sheets == [1, 1, 5, 5, 1, 1, 1]
    assert fronts[1] == fronts[2] > fronts[3] and fronts[4] > fronts[5] > fronts[6]
    assert fronts[1][0] == pytest.approx(fronts[1][1])
    assert sum(patch.get_visible() for patch in ax.texts if getattr(patch, "arrow_patch", None)) == 6


def test_without_pictures_there_is_only_one_order(words):
    (ax,) = figures.chain_of_shapes(C9[-2:], (784,)).axes
    assert "\n" not in words(ax)[-1] and not [one for one in words(ax) if "channel" in one]


@pytest.mark.parametrize("rows", [MANY[:1], MANY, MANY * 3, []], ids=len)
def test_one_layer_and_many(rows, language, legible, words):
    figure = figures.chain_of_shapes(rows, (224, 224, 3))
    (ax,) = figure.axes
    assert len(_fronts(ax)[0]) == len(rows) + 1 and figure.get_size_inches()[0] == pytest.approx(5.6)
    assert all("(BatchNormalization)" in one for one in words(ax) if "a_lay" in one)
    legible(figure)


def test_every_stage_begins_below_the_one_before():
    (ax,) = figures.chain_of_shapes([*C9, ("row", "LSTM", (None, 9, 5), 1), ("one", "Sum", (None,), 0)], ()).axes
    names = [one.get_position()[1] for one in ax.texts if one.get_fontsize() == style.LABEL]
    assert len(names) == 9 and all(later - one > 0.5 for one, later in pairwise(names))
    assert max(names) < ax.get_ylim()[0]


def test_shapes_are_written_as_python_does():
    assert [_written(shape) for shape in ((None,), (None, 3), (2, None, 3))] == ["(N,)", "(N, 3)", "(2, N, 3)"]


def test_into_axes_of_the_users_own(legible):
    own = style.figure(5.6, 5)
    assert figures.chain_of_shapes(C9, (784,), ax=own.add_subplot()) is own
    legible(own, least=5)


def test_a_wide_shape_is_drawn_wide():
    (ax,) = figures.chain_of_shapes([("conv", "Conv2D", (None, 8, 32, 4), 9)], (8, 32)).axes
    assert all(width > height for width, height in _fronts(ax)[0])
