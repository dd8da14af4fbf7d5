"""The stages of a picture's preparation, side by side: what happened to a drawing before the network saw it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from garasu.array import Array
from garasu.figures import given, style
from garasu.messages import text

_COLUMNS = 4
_AS_STORED = {"grey", "stored", "fitted", "resized"}  # 0 is black in these; in all others 0 is paper
_WORDS = 0.4  # inches above a stage for its two lines


def stages(found: Mapping[str, Array], title: str = "", ax: Axes | None = None) -> Figure:
    r"""Draw each stage with its name and size; ink is dark, as on paper. A photo's stages are shown as they are.

    Args:
        found: pictures by the name of their stage, in order, as ``DigitPreparation.stages`` gives them: (Y, X), or
            uint8 (Y, X, 3) in colour.
        title: what stands above all, the file's name say.
        ax: axes of the user's own to draw into.

    Raises:
        ShapeError: a stage is no picture.

    Example:
        >>> figure = stages({"grey": np.zeros((9, 5)), "centred": np.ones((28, 28))}, title="seven.png")
        >>> [ax.get_title(loc="left") for ax in figure.axes]
        ['as stored\n9 × 5', 'centred\n28 × 28']
    """
    pictures = {name: given.image(values) for name, values in found.items()}
    rows = -(-len(found) // _COLUMNS)
    if ax is None:
        figure = style.figure(5.6, 1.75 * rows + (0.3 if title else 0.0))
        if title:
            figure.suptitle(title, x=0.02, ha="left", **style.letters(style.TITLE))
        axes = list(figure.subplots(rows, _COLUMNS, squeeze=False).ravel())
    else:
        figure = style.adopt(ax)
        style.titles(ax, title)
        axes = style.panels(ax, rows, _COLUMNS, _WORDS)
    for panel, (name, values) in zip(axes, pictures.items(), strict=False):
        _draw(panel, name, values)
    for panel in axes[len(found) :]:
        panel.remove()
    return figure


def _draw(ax: Axes, name: str, values: np.ndarray) -> None:
    """One stage: as stored it is shown as it is, later ones show ink dark on white."""
    stored = name in _AS_STORED
    top = 255.0 if stored else max(float(values.max()), 1.0)
    ax.imshow(values, cmap="gray" if stored else "gray_r", vmin=0.0, vmax=top, interpolation="nearest")
    ax.set_anchor("NW")  # names stand in one line, however high or wide the pictures are
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(edgecolor=style.FAINT)
    high, wide = values.shape[:2]
    ax.set_title(f"{text(f'pictures.stage_{name}')}\n{high} × {wide}", loc="left", **style.letters(style.SMALL))
