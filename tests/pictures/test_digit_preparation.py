"""A digit prepared as MNIST's makers did: MNIST's own come back, and drawings of every kind become like them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from garasu import data
from garasu.messages import DataError, SettingError
from garasu.pictures import STAGES, DigitPreparation, by_area


@pytest.fixture
def stroke():
    """A dark stroke of 20 x 4 on light paper of 40 x 40."""
    picture = np.full((40, 40), 255, dtype=np.uint8)
    picture[6:26, 8:12] = 0
    return picture


class TestByHand:
    def test_a_stroke(self, stroke):
        """20 high: nothing is resampled. Its centre of mass in the square is (10, 10): pasted at trunc(15 - 10) = 5."""
        prepared = DigitPreparation()(stroke)
        wanted = np.zeros((28, 28), dtype=np.uint8)
        wanted[5:25, 13:17] = 255
        np.testing.assert_array_equal(prepared, wanted)

    def test_every_stage_in_order(self, stroke):
        stages = DigitPreparation().stages(stroke)
        assert tuple(stages) == STAGES
        sizes = {name: array.shape for name, array in stages.items()}
        assert sizes == {
            "grey": (40, 40),
            "ink": (40, 40),
            "box": (20, 4),
            "square": (20, 20),
            "scaled": (20, 20),
            "peak": (20, 20),
            "centred": (28, 28),
        }

    def test_the_centre_of_mass_not_of_the_box(self):
        """A column of 20 with a foot of 10 places to the right: the mass lies left and low of the box's middle."""
        picture = np.zeros((30, 30), dtype=np.uint8)
        picture[2:22, 4:6] = 255
        picture[20:22, 6:16] = 255
        # rows: (20 * 2 * 10 + 20 * 19) / 60 = 13; columns: the box is 12 wide, 4 of paper before it in the square:
        # (40 * 5 + 20 * 11) / 60 = 7. So the square is pasted at trunc(15 - 13) = 2 and trunc(15 - 7) = 8.
        prepared = DigitPreparation()(picture)
        rows, columns = np.nonzero(prepared)
        assert (rows.min(), rows.max(), columns.min(), columns.max()) == (2, 21, 12, 23)

    def test_by_area_in_parts(self):
        values = np.arange(9.0).reshape(3, 3)
        # Two places of 1.5: rows (0 + 3/2) / 1.5 = 1 and (3/2 + 6) / 1.5 = 5, columns as they stand.
        assert by_area(values, (2, 3)).tolist() == [[1, 2, 3], [5, 6, 7]]
        assert by_area(values, (3, 3)).tolist() == values.tolist()

    @given(old=st.integers(1, 50), new=st.integers(1, 50))
    def test_by_area_keeps_the_mean(self, old, new):
        values = np.random.default_rng(old).random((old, 3))
        assert by_area(values, (new, 3)).mean(axis=0) == pytest.approx(values.mean(axis=0))


class TestStagesOff:
    @pytest.mark.parametrize(
        ("off", "size"),
        [({"box": False}, (10, 2)), ({"square": False}, (20, 20)), ({"mass": False}, (20, 4)), ({}, (20, 4))],
    )
    def test_the_ink_s_size(self, stroke, off, size):
        """The whole canvas halved; the stroke stretched to a square; else 20 x 4."""
        rows, columns = np.nonzero(DigitPreparation(**off)(stroke))
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == size

    def test_without_peak_faint_ink_stays_faint(self):
        faint = np.zeros((30, 30), dtype=np.uint8)
        faint[3:23, 9:12] = 100
        assert DigitPreparation(peak=False)(faint).max() == 100
        assert DigitPreparation()(faint).max() == 255

    def test_polarity_as_told(self):
        half = np.zeros((30, 30), dtype=np.uint8)
        half[5:25, 10:14] = 200
        with pytest.raises(DataError):
            DigitPreparation(polarity="dark")(half)
        np.testing.assert_array_equal(DigitPreparation(polarity="light")(half), DigitPreparation()(half))


class TestSameDigitOtherPicture:
    """What does not belong to the digit changes nothing."""

    @pytest.fixture
    def digit(self):
        draw = np.zeros((28, 28), dtype=np.uint8)
        draw[4:24, 12:15] = 255
        draw[4:7, 8:20] = 180
        return draw

    @given(top=st.integers(1, 60), left=st.integers(1, 60), paper=st.integers(120, 255))
    def test_place_canvas_and_polarity(self, top, left, paper):
        draw = np.zeros((20, 12))
        draw[:, 4:7], draw[:3] = 1.0, 0.7
        canvas = np.full((100, 90), float(paper))
        canvas[top : top + 20, left : left + 12] -= draw * (paper - 10)
        dark = np.round(canvas).astype(np.uint8)
        plain = np.zeros((40, 40), dtype=np.uint8)
        plain[9:29, 9:21] = np.round(draw * 255)
        wanted = DigitPreparation()(plain).astype(int)
        assert np.abs(DigitPreparation()(dark).astype(int) - wanted).max() <= 2
        assert np.abs(DigitPreparation()(255 - dark).astype(int) - wanted).max() <= 2

    @pytest.mark.parametrize("times", [2, 3, 7])
    def test_size(self, digit, times):
        large = np.kron(digit, np.ones((times, times), dtype=np.uint8))
        np.testing.assert_array_equal(DigitPreparation()(large), DigitPreparation()(digit))

    def test_grain_and_shadow_of_a_photo(self, digit):
        """Paper of uneven light with grain, as from a telephone: the digit is found where it is."""
        draw = np.random.default_rng(0)
        large = np.kron(digit, np.ones((8, 8))) / 255
        y, x = np.mgrid[0:300, 0:400] / 300
        photo = 210 - 70 * x - 30 * y + 4 * draw.standard_normal((300, 400))
        photo[40 : 40 + 224, 90 : 90 + 224] -= 90 * large
        found = DigitPreparation()(np.clip(np.round(photo), 0, 255).astype(np.uint8)).astype(float)
        wanted = DigitPreparation()(digit).astype(float)
        likeness = np.corrcoef(found.ravel(), wanted.ravel())[0, 1]
        assert likeness > 0.97


class TestDirt:
    """Faint traces on large paper do not widen the box."""

    @pytest.fixture
    def drawn(self):
        """A stroke of 300 x 60 on white paper of 500 x 500, and what it becomes."""
        paper = np.full((500, 500), 255, dtype=np.uint8)
        paper[100:400, 200:260] = 20
        return paper, DigitPreparation()(paper).astype(float)

    def test_a_single_pixel(self, drawn):
        paper, wanted = drawn
        paper[3, 4] = 254
        np.testing.assert_array_equal(DigitPreparation()(paper), wanted)

    def test_grain_that_white_cuts_off(self, drawn):
        """Lighter than white is not to be had, so the wrong side shows no grain."""
        paper, wanted = drawn
        grain = np.random.default_rng(0).normal(0, 1.5, paper.shape)
        noisy = np.clip(np.round(paper + grain), 0, 255).astype(np.uint8)
        assert np.corrcoef(DigitPreparation()(noisy).ravel(), wanted.ravel())[0, 1] > 0.99

    def test_a_compressor_s_traces(self, drawn):
        import io

        from PIL import Image

        paper, wanted = drawn
        out = io.BytesIO()
        Image.fromarray(paper).save(out, "JPEG", quality=60)
        found = DigitPreparation()(np.asarray(Image.open(out)))
        assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.99

    def test_a_line_that_would_make_a_square_no_memory_holds(self):
        line = np.full((4, 200_000), 255, dtype=np.uint8)
        line[:, :9], line[:, -9:] = 0, 0
        stages = DigitPreparation().stages(line)
        assert stages["centred"].max() == 255 and max(array.size for array in stages.values()) <= line.size

    def test_many_pixels_are_averaged_first(self):
        large = np.full((3000, 2000), 250, dtype=np.uint8)
        large[500:2500, 900:1100] = 10
        stages = DigitPreparation().stages(large)
        assert stages["grey"].size <= 2**20
        rows, columns = np.nonzero(stages["centred"] > 127)
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (20, 2)


class TestEmpty:
    def test_ink_too_faint_to_be_left(self):
        faint = np.full((1800, 400), 230, dtype=np.uint8)
        faint[:, 200] = 205
        with pytest.raises(DataError, match="no digit"):
            DigitPreparation(peak=False)(faint)

    @pytest.mark.parametrize("level", [0, 7, 128, 255])
    def test_plain_paper(self, level):
        with pytest.raises(DataError, match="no digit"):
            DigitPreparation()(np.full((50, 60), level, dtype=np.uint8))

    def test_only_grain(self):
        grain = np.random.default_rng(1).normal(200, 6, (120, 120))
        with pytest.raises(DataError, match="no digit"):
            DigitPreparation()(np.clip(grain, 0, 255).astype(np.uint8))

    @pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 2)])
    def test_hardly_any_pixels(self, shape):
        with pytest.raises(DataError, match="no digit"):
            DigitPreparation()(np.full(shape, 9, dtype=np.uint8))


@pytest.mark.parametrize("wrong", [{"side": 0}, {"inner": 2.5}, {"polarity": "black"}, {"mass": 1}])
def test_settings_out_of_range(wrong):
    with pytest.raises(SettingError, match=next(iter(wrong))):
        DigitPreparation(**wrong)


@pytest.mark.data
def test_mnist_s_test_digits_come_back(real_mnist):
    """At least 99.9 % of the 10,000, no pixel further off than 1."""
    prepare = DigitPreparation()
    back = sum(np.abs(prepare(image).astype(int) - image).max() <= 1 for image in real_mnist.test_images)
    assert back >= 9_990


def _on_a_table(digit, angle, table=40):
    """A digit on a sheet of paper, turned, on a dark table; and the same picture without the table."""
    sheet = 235 - np.kron(np.pad(digit, 14), np.ones((4, 4))) * (200 / 255)
    image = Image.fromarray(sheet.astype(np.uint8))
    turned = image.rotate(angle, expand=True, fillcolor=table, resample=Image.Resampling.BILINEAR)
    free = image.rotate(angle, expand=True, fillcolor=235, resample=Image.Resampling.BILINEAR)
    return np.pad(np.asarray(turned), ((30, 50), (60, 20)), constant_values=table), np.asarray(free)


@pytest.mark.parametrize("turned_round", [False, True], ids=["dark table", "light wall"])
@pytest.mark.parametrize("angle", [0, 7, 45])
def test_a_sheet_on_a_table_is_the_paper(angle, turned_round):
    """What is written on it is the ink, not the sheet itself; also chalk on a board on a light wall."""
    for digit in data.load("digits").test_images[:10]:
        whole, free = _on_a_table(digit, angle)
        if turned_round:
            whole, free = 255 - whole, 255 - free
        prepared, wanted = DigitPreparation()(whole).astype(float), DigitPreparation()(free).astype(float)
        assert np.corrcoef(prepared.ravel(), wanted.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("thick", [10, 18])
def test_a_square_nought_is_no_sheet(thick):
    """Its hole is too large for writing."""
    nought = np.full((80, 60), 20, dtype=np.uint8)
    nought[thick:-thick, thick:-thick] = 250
    picture = np.pad(nought, 6, constant_values=250)
    prepared = DigitPreparation()(picture)
    assert prepared[14, 14] == 0 and prepared[5, 14] > 200  # paper in the middle, ink at the top
