"""What the tests of pictures share."""

import pytest
from matplotlib import rcParams


@pytest.fixture(autouse=True)
def nothing_global_changes():
    """No picture touches the user's settings."""
    before = dict(rcParams)
    yield
    assert dict(rcParams) == before


@pytest.fixture
def texts():
    """All texts of a figure that are shown."""
    from matplotlib.text import Text

    def found(figure):
        figure.draw_without_rendering()
        return [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]

    return found


@pytest.fixture
def legible(texts):
    """Asserts that every text of a figure lies within it, that no two lie on each other, and that none is tiny."""

    def check(figure, least=9.5):
        shown = texts(figure)
        boxes = [one.get_window_extent() for one in shown]
        width, height = figure.bbox.size
        for text, box in zip(shown, boxes, strict=True):
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
            assert text.get_fontsize() >= least, text
        for at, (text, box) in enumerate(zip(shown, boxes, strict=True)):
            for other, beside in zip(shown[at + 1 :], boxes[at + 1 :], strict=True):
                across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
                down = min(box.y1, beside.y1) - max(box.y0, beside.y0)
                assert across <= 0.5 or down <= 0.5, (text, other)

    return check


@pytest.fixture
def words():
    """The texts written on axes, in order, without the line below the title."""

    def found(ax):
        return [one.get_text() for one in ax.texts if one.get_text()]

    return found
