"""The picture of many copies: every copy, the mean, the band; and the one of settings beside each other."""

import numpy as np
import pytest

from garasu import figures
from garasu.figures import style
from garasu.messages import DataError, ShapeError

VALUES = np.array([[0.9, 0.5, 0.2], [0.7, 0.4, 0.3], [0.8, 0.6, np.nan]])


class TestBand:
    def test_copies_mean_and_band(self):
        (ax,) = figures.copies_band(VALUES, "loss").axes
        *each, mean = ax.lines
        for line, values in zip(each, VALUES, strict=True):
            np.testing.assert_array_equal(line.get_ydata(), values)
            assert line.get_linewidth() < mean.get_linewidth()
        np.testing.assert_allclose(mean.get_ydata(), [0.8, 0.5, 0.25])
        assert mean.get_color() == style.BLUE and mean.get_xdata().tolist() == [1, 2, 3]
        edges = ax.collections[0].get_paths()[0].vertices
        assert edges[:, 1].min() == pytest.approx(0.25 - np.std([0.2, 0.3], ddof=1))
        assert edges[:, 1].max() == pytest.approx(0.9)

    def test_words(self, language, legible):
        figure = figures.copies_band(VALUES, "loss", epochs=[4, 5, 6])
        (ax,) = figure.axes
        words = {
            "en": ["loss of 3 copies", "in the last epoch 0.25 ± 0.071 (mean ± standard deviation)"],
            "ja": ["コピー 3 個の loss", "最後のエポックで 0.25 ± 0.071（平均 ± 標準偏差）"],
        }[language]
        assert [ax.get_title(loc="left"), ax.texts[0].get_text()] == words
        legend = [one.get_text() for one in figure.legends[0].get_texts()]
        assert (
            legend
            == {
                "en": ["each copy", "mean ± standard deviation", "mean"],
                "ja": ["各コピー", "平均 ± 標準偏差", "平均"],
            }[language]
        )
        legible(figure)

    def test_one_copy_one_epoch_or_an_end_that_is_not_finite(self, legible):
        for values in ([[0.5]], [[0.5, 0.4]], [[0.5, np.nan], [0.6, np.inf]]):
            legible(figures.copies_band(values, "loss"))
        assert len(figures.copies_band([[0.5, np.nan]], "loss").axes[0].texts) == 0

    def test_into_axes_of_the_users_own(self):
        own = style.figure(5, 3)
        ax = own.add_subplot()
        assert figures.copies_band(VALUES, "loss", ax=ax) is own and ax.get_legend() is not None

    @pytest.mark.parametrize(
        ("error", "named", "values", "epochs"),
        [
            (ShapeError, r"loss.*\(3,\)", [0.1, 0.2, 0.3], None),
            (ShapeError, "3.*2", VALUES, [1, 2]),
            (DataError, "loss", [[np.nan], [np.inf]], None),
            (DataError, "loss", np.zeros((2, 0)), None),
        ],
    )
    def test_what_cannot_be_drawn(self, error, named, values, epochs, language):
        with pytest.raises(error, match=named):
            figures.copies_band(values, "loss", epochs)


FOUND = {"rate=0.1": [0.9, 0.8, np.nan], "rate=1": [0.5, 0.7], "rate=10": [np.nan]}


class TestSettings:
    def test_dots_and_means(self):
        (ax,) = figures.settings_compared(FOUND, "acc").axes
        assert [line.get_xdata() for line in ax.lines[1::2]] == [pytest.approx([0.85, 0.85]), pytest.approx([0.6, 0.6])]
        assert [list(line.get_xdata()) for line in ax.lines[::2]] == [[0.9, 0.8], [0.5, 0.7]]
        assert ax.yaxis_inverted()

    def test_words(self, language, legible):
        figure = figures.settings_compared(FOUND, "acc")
        (ax,) = figure.axes
        words = {
            "en": ["acc by setting", "each dot a copy, the line their mean", "all stopped"],
            "ja": ["設定ごとの acc", "点は各コピー、線はその平均", "すべて停止"],
        }[language]
        assert [ax.get_title(loc="left"), *sorted((one.get_text() for one in ax.texts), key=len, reverse=True)] == words
        legible(figure)

    def test_long_names_and_many(self, legible):
        legible(figures.settings_compared({f"{'long' * 20} {k}": [k, k + 1] for k in range(20)}, "acc"))

    def test_into_axes_of_the_users_own(self):
        own = style.figure(5, 3)
        assert figures.settings_compared(FOUND, "acc", ax=own.add_subplot()) is own

    @pytest.mark.parametrize("found", [{}, {"a": []}, {"a": [np.nan]}])
    def test_what_cannot_be_drawn(self, found, language):
        with pytest.raises(DataError, match="acc"):
            figures.settings_compared(found, "acc")
