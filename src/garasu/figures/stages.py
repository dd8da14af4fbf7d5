"""The stages of a picture's preparation, side by side: what happened to a drawing before the network saw it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import style
from garasu.messages import text

_COLUMNS = 4


def stages(found: Mapping[str, Array], title: str = "") -> Figure:
    r"""Draw each stage with its name and size; ink is dark, as on paper.

    Args:
        found: pictures by the name of their stage, in order, as ``DigitPreparation.stages`` gives them.
        title: what stands above all, the file's name say.

    Example:
        >>> figure = stages({"grey": np.zeros((9, 5)), "centred": np.ones((28, 28))}, title="seven.png")
        >>> [ax.get_title(loc="left") for ax in figure.axes]
        ['as stored\n9 × 5', 'centred\n28 × 28']
    """
    rows = -(-len(found) // _COLUMNS)
    figure = style.figure(5.6, 1.75 * rows + (0.3 if title else 0.0))
    if title:
        figure.suptitle(title, x=0.02, ha="left", **style.letters(style.TITLE))
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for ax, (name, values) in zip(axes, found.items(), strict=False):
        _draw(ax, name, np.asarray(values))
    for ax in axes[len(found) :]:
        ax.remove()
    return figure


def _draw(ax: Axes, name: str, values: np.ndarray) -> None:
    """One stage: as stored it is shown as it is, later ones show ink dark on white."""
    stored = name == "grey"
    top = 255.0 if stored else max(float(values.max()), 1.0)
    ax.imshow(values, cmap="gray" if stored else "gray_r", vmin=0.0, vmax=top, interpolation="nearest")
    ax.set_anchor("NW")  # names stand in one line, however high or wide the pictures are
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(edgecolor=style.FAINT)
    high, wide = values.shape
    ax.set_title(f"{text(f'pictures.stage_{name}')}\n{high} × {wide}", loc="left", **style.letters(style.SMALL))
