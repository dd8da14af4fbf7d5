"""Photos as networks take them: every size and colour, values worked by hand, the same whatever way the file came."""

import io

import numpy as np
import pytest
from PIL import Image

from garasu import layers, models
from garasu.messages import SettingError
from garasu.networks import Preparation, describe, rebuild
from garasu.pictures import FITS, PhotoPreparation, grey, read

WIDE = np.arange(12, dtype=np.uint8).reshape(2, 6) * 20


def encoded(image, kind, **settings):
    out = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    image.save(out, kind, **settings)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(content, name="picture"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def photo(rows, columns, seed=0):
    """A picture as smooth as photos are, with some grain."""
    draw = np.random.default_rng(seed)
    rough = draw.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(rough).resize((columns, rows), Image.Resampling.BICUBIC)).astype(int)
    return np.clip(smooth + draw.integers(-6, 7, smooth.shape), 0, 255).astype(np.uint8)


class TestByHand:
    def test_half_as_wide(self):
        """Each new place weighs what lies within two old ones: (3, 3, 1) / 7 at the edge."""
        row = np.array([[0, 70, 140, 210]], dtype=np.uint8)
        assert PhotoPreparation(1, 2, False)(row).tolist() == [[50, 160]]

    def test_twice_as_wide(self):
        row = np.array([[0, 100]], dtype=np.uint8)
        assert PhotoPreparation(1, 4, False)(row).tolist() == [[0, 25, 75, 100]]

    def test_one_pixel_fills_all(self):
        pixel = np.array([[[10, 20, 30]]], dtype=np.uint8)
        for fit in FITS:
            found = PhotoPreparation(3, 3, True, fit)(pixel)
            assert found.shape == (3, 3, 3) and (found == pixel).all()

    def test_its_own_size_changes_nothing(self):
        for fit in FITS:
            np.testing.assert_array_equal(PhotoPreparation(2, 6, False, fit)(WIDE), WIDE)

    def test_crop_takes_the_middle(self):
        np.testing.assert_array_equal(PhotoPreparation(2, 2, False, "crop")(WIDE), WIDE[:, 2:4])
        np.testing.assert_array_equal(PhotoPreparation(2, 2, False, "crop")(WIDE.T.copy()), WIDE.T[2:4])

    def test_crop_to_proportions(self):
        assert PhotoPreparation(4, 2, False, "crop").stages(np.zeros((20, 30), np.uint8))["fitted"].shape == (20, 10)
        assert PhotoPreparation(2, 4, False, "crop").stages(np.zeros((20, 30), np.uint8))["fitted"].shape == (15, 30)

    def test_pad_puts_it_into_the_middle_of_black(self):
        found = PhotoPreparation(6, 6, False, "pad")(WIDE + 1)
        assert found[2:4].tolist() == (WIDE + 1).tolist() and not found[:2].any() and not found[4:].any()
        found = PhotoPreparation(6, 6, False, "pad")((WIDE + 1).T.copy())
        assert found[:, 2:4].tolist() == (WIDE + 1).T.tolist() and not found[:, :2].any() and not found[:, 4:].any()

    def test_pad_of_an_odd_rest_leaves_one_more_behind(self):
        found = PhotoPreparation(4, 3, False, "pad")(np.full((1, 3), 9, np.uint8))
        assert found.tolist() == [[0, 0, 0], [9, 9, 9], [0, 0, 0], [0, 0, 0]]

    def test_stretch_keeps_no_proportions(self):
        found = PhotoPreparation(2, 2, False)(np.full((1, 40), 7, np.uint8))
        assert found.tolist() == [[7, 7], [7, 7]]

    def test_colour_to_grey_by_luma_and_grey_to_colour_three_times(self):
        pure = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)
        assert PhotoPreparation(2, 2, False)(pure).tolist() == [[76, 150], [29, 255]]
        found = PhotoPreparation(2, 6, True)(WIDE)
        assert found.shape == (2, 6, 3) and all((found[..., k] == WIDE).all() for k in range(3))


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (3, 2), (64, 48), (700, 500), (48, 64, 3), (1, 300, 3)])
class TestEveryPicture:
    def test_becomes_the_size_and_kind_asked_for(self, fit, color, shape):
        made = PhotoPreparation(48, 64, color, fit)
        given = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        before = given.copy()
        found = made(given)
        assert found.shape == made.shape == ((48, 64, 3) if color else (48, 64)) and found.dtype == np.uint8
        np.testing.assert_array_equal(given, before)
        np.testing.assert_array_equal(made(given), found)

    def test_stays_between_its_least_and_greatest(self, fit, color, shape):
        given = np.random.default_rng(0).integers(50, 200, shape, dtype=np.uint8)
        found = PhotoPreparation(32, 32, color, fit)(given)
        inside = found[found > 0] if fit == "pad" else found
        assert inside.size and inside.min() >= 50 and inside.max() < 200

    def test_in_stages_that_end_with_it(self, fit, color, shape):
        made = PhotoPreparation(20, 30, color, fit)
        given = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        stages = made.stages(given)
        assert list(stages) == ["stored", "fitted", "resized"]
        np.testing.assert_array_equal(stages["resized"], made(given))
        assert stages["stored"].shape[:2] == shape[:2] and stages["stored"].ndim == 2 + color
        if fit != "crop":
            assert stages["fitted"] is stages["stored"]
        if not color:
            np.testing.assert_array_equal(stages["stored"], grey(given))


class TestWhateverTheFile:
    @pytest.mark.parametrize("orientation", range(2, 9))
    @pytest.mark.parametrize("fit", FITS)
    def test_turned_by_the_camera_the_same_as_upright(self, file, orientation, fit):
        image = Image.fromarray(photo(90, 120))
        exif = image.getexif()
        exif[0x0112] = orientation
        turned = file(encoded(image, "JPEG", exif=exif))
        pixels = np.asarray(Image.open(io.BytesIO(encoded(image, "JPEG"))))  # as any decoder has it
        mirrored, quarters = {2: (1, 0), 3: (0, 2), 4: (1, 2), 5: (1, 1), 6: (0, 3), 7: (1, 3), 8: (0, 1)}[orientation]
        upright = np.rot90(pixels[:, ::-1] if mirrored else pixels, quarters)
        straight = file(encoded(np.ascontiguousarray(upright), "PNG"), "upright")
        made = PhotoPreparation(24, 32, True, fit)
        assert read(turned, made.sides).stored == upright.shape[:2]
        np.testing.assert_array_equal(made(read(turned, made.sides).pixels), made(read(straight, made.sides).pixels))

    @pytest.mark.parametrize(("rows", "columns"), [(1200, 1600), (1600, 1200), (700, 3000)])
    @pytest.mark.parametrize("fit", FITS)
    def test_a_jpeg_decoded_smaller_is_nearly_as_decoded_whole(self, file, rows, columns, fit):
        path, made = file(encoded(photo(rows, columns), "JPEG", quality=90)), PhotoPreparation(64, 64, True, fit)
        whole, smaller = read(path), read(path, made.sides)
        assert whole.size == (rows, columns) == smaller.stored and smaller.size[0] <= rows // 2
        difference = np.abs(made(whole.pixels).astype(int) - made(smaller.pixels))
        assert 0 < difference.max() <= 6 and difference.mean() < 0.7

    def test_a_jpeg_that_is_small_is_decoded_whole(self, file):
        path = file(encoded(photo(200, 200), "JPEG"))
        assert read(path, (64, 64)).size == (200, 200)

    @pytest.mark.parametrize(
        ("kind", "settings"), [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {"lossless": True})]
    )
    def test_of_every_kind_the_same(self, file, kind, settings):
        pixels, made = photo(100, 80), PhotoPreparation(30, 40)
        path = file(encoded(pixels, kind, **settings))
        np.testing.assert_array_equal(made(read(path, made.sides).pixels), made(pixels))


class TestKept:
    @pytest.mark.parametrize("color", [False, True])
    @pytest.mark.parametrize("fit", FITS)
    def test_described_and_rebuilt(self, color, fit):
        made = Preparation("unit", image_shape=(48, 64, 3), picture=PhotoPreparation(48, 64, color, fit))
        again = rebuild(describe(made)).picture
        assert isinstance(again, PhotoPreparation)
        assert (again.height, again.width, again.color, again.fit) == (48, 64, color, fit)

    def test_in_a_model_file(self, tmp_path):
        preparation = Preparation("unit", image_shape=(5, 4), picture=PhotoPreparation(5, 4, False, "crop"))
        inner = [layers.Dense(2, activation="softmax", input_shape=(20,))]
        model = models.Sequential(inner, seed=0, preparation=preparation, class_names=("cat", "dog"))
        model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        again = models.load_model(model.save(tmp_path / "model"), engine="eager").preparation.picture
        np.testing.assert_array_equal(again(photo(30, 40)), preparation.picture(photo(30, 40)))

    @pytest.mark.parametrize(
        ("wrong", "name"),
        [((0, 5), "height"), ((5, -1), "width"), ((5, 5.5), "width"), ((5, 5, 1), "color"), ((5, 5, True, "x"), "fit")],
    )
    def test_wrong_settings(self, wrong, name):
        with pytest.raises(SettingError, match=name):
            PhotoPreparation(*wrong)
