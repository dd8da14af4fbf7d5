"""What the tests of reports share: small runs, trained once."""

import numpy as np
import pytest
from PIL import Image

from garasu.models import run as runs


def _trained(out, **settings):
    one = runs.start(runs.RunSettings(epochs=1, **settings), out)
    one.train()
    return one


@pytest.fixture(scope="session")
def straight(tmp_path_factory):
    """Softmax regression on the bundled digits: a network without filters."""
    return _trained(tmp_path_factory.mktemp("straight"), network="c4")


@pytest.fixture(scope="session")
def filtered(tmp_path_factory):
    """C9 on small digits: filters and pooling."""
    return _trained(tmp_path_factory.mktemp("filtered"), network="c9", data="digits-8x8")


def _pictures(folder):
    rng = np.random.default_rng(0)
    for number, name in enumerate(["<b>&amp", "猫", "dog"]):
        place = folder / name
        place.mkdir(parents=True)
        for k in range(10):
            pixels = rng.integers(0, 90, (20, 24, 3), dtype=np.uint8)
            pixels[..., number] += 120
            Image.fromarray(pixels).save(place / f"{k}.png")
    (folder / "dog" / "<i>broken.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="session")
def own(tmp_path_factory):
    """Pictures of one's own in colour, one of them broken, names that HTML must escape."""
    folder = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GARASU_PICTURE_CACHE", str(tmp_path_factory.mktemp("pictures")))
        yield _trained(folder / "runs", data=str(_pictures(folder / "pets")))
