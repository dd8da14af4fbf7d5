"""Precision, recall, F1 and mistakes by class with their intervals: by hand, and whether 95 of 100 hold the truth."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import f1_score, precision_score, recall_score

from garasu.models.measure import by_class, f1_interval, interval, mistaken, with_interval

NAMES = ("cat", "dog", "owl")
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
ANSWERS = np.array([0, 0, 0, 1, 1, 1, 1, 1, 0, 0])


def test_a_class_by_hand():
    """4 cats, of which 3 are found; 5 answers say cat, 3 rightly; 6 pictures are a cat or taken for one."""
    cat = by_class(NAMES, LABELS, ANSWERS)[0]
    assert (cat["class"], cat["rows"], cat["recall"], cat["precision"]) == ("cat", 4, 3 / 4, 3 / 5)
    assert cat["f1"] == pytest.approx(2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5))
    assert cat["recall_interval"] == interval(3, 4)
    assert cat["precision_interval"] == interval(3, 5)
    assert cat["f1_interval"] == f1_interval(3, 6)


def test_the_scores_are_scikit_learns():
    found = by_class(NAMES, LABELS, ANSWERS)
    for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        expected = score(LABELS, ANSWERS, labels=[0, 1, 2], average=None, zero_division=0.0)
        np.testing.assert_allclose([row[name] for row in found], expected)


def test_of_a_class_never_seen_and_never_answered_nothing_is_known():
    owl = by_class(NAMES, LABELS, ANSWERS)[2]
    assert (owl["recall"], owl["precision"], owl["f1"], owl["rows"]) == (0.0, 0.0, 0.0, 0)
    assert owl["recall_interval"] == owl["precision_interval"] == owl["f1_interval"] == (0.0, 1.0)


@pytest.mark.parametrize(("right", "total"), [(0, 10), (1, 3), (50, 100), (98, 100), (10, 10), (747, 1000)])
def test_the_interval_is_scipys(right, total):
    """Wilson's interval: rounding z to 1.96 moves it by less than a millionth."""
    expected = binomtest(right, total).proportion_ci(0.95, method="wilson")
    assert interval(right, total) == pytest.approx((expected.low, expected.high), abs=1e-6)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(right, total, low, high):
    """Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, the score method."""
    assert interval(right, total) == pytest.approx((low, high), abs=5e-5)


def test_the_share_itself_lies_in_the_interval():
    for total in range(1, 60):
        for right in (0, total, total // 2):
            low, high = interval(right, np.int64(total))
            assert low <= right / total <= high and type(low) is type(high) is float
        assert interval(0, total)[0] == 0.0 and interval(total, total)[1] == 1.0


def test_the_interval_of_f1_holds_f1_and_ends_within_0_and_1():
    for right, concerned in ((0, 7), (1, 2), (5, 9), (9, 11), (40, 40)):
        low, high = f1_interval(right, concerned)
        f1 = 2 * right / (right + concerned)  # 2 TP / (2 TP + FP + FN)
        assert 0 <= low <= f1 <= high <= 1
        assert high > low  # even where all answers are right


@pytest.mark.parametrize(("recall", "precision", "share"), [(0.9, 0.8, 0.1), (0.7, 0.95, 0.3), (0.5, 0.5, 0.2)])
def test_95_of_100_intervals_hold_the_true_f1(recall, precision, share):
    """Test sets of 400 pictures drawn from known probabilities of TP, FN, FP and TN."""
    tp = share * recall
    odds = [tp, share - tp, tp / precision - tp]
    truth = 2 * recall * precision / (recall + precision)
    drawn = np.random.default_rng(1).multinomial(400, [*odds, 1 - sum(odds)], 1500)
    held = [low <= truth <= high for low, high in (f1_interval(int(a), int(a + b + c)) for a, b, c, _ in drawn)]
    assert 0.93 < np.mean(held) < 0.97


def test_more_pictures_make_an_interval_narrower():
    widths = [high - low for low, high in (f1_interval(8 * n, 10 * n) for n in (1, 10, 100))]
    assert widths == sorted(widths, reverse=True) and widths[-1] < 0.04


def test_mistakes_come_the_commonest_first():
    matrix = np.array([[3, 1, 0], [2, 4, 1], [0, 1, 0]])
    found = mistaken(NAMES, matrix)
    assert [(row["class"], row["answer"], row["count"]) for row in found] == [
        ("dog", "cat", 2),
        ("cat", "dog", 1),
        ("dog", "owl", 1),
        ("owl", "dog", 1),
    ]
    assert found[0]["share"] == 2 / 7 and found[0]["share_interval"] == interval(2, 7)
    assert mistaken(NAMES, np.diag([3, 4, 0])) == ()


def test_a_share_as_tables_show_it():
    assert with_interval(0.75, (0.3006, 0.9544)) == "0.750 (0.30-0.95)"
