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
