"""How good a trained network is: one pass over the test pictures, labels and answers as they belong together.

Every share comes with its 95 % interval: where the share lies for all pictures of this kind, as far as these few tell.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from garasu.array import Array

if TYPE_CHECKING:
    from garasu.models.run import Run

Interval = tuple[float, float]


@frozen(eq=False)
class Measured:
    """Answers over the test pictures of a run.

    ``outputs`` (N, K); ``answers`` (N,) class numbers; ``matrix`` (K, K) counts, rows true, columns predicted;
    ``per_class``: class, precision, recall, f1 and rows of each, and the interval of each share ("recall_interval").
    """

    accuracy: float
    loss: float
    labels: Array
    outputs: Array
    answers: Array
    matrix: Array
    per_class: tuple[Mapping[str, Any], ...]

    @property
    def right(self) -> int:
        """How many answers are right."""
        return int(np.trace(self.matrix))

    @property
    def accuracy_interval(self) -> Interval:
        """The interval of the accuracy."""
        return interval(self.right, len(self.labels))

    @property
    def mistakes(self) -> tuple[Mapping[str, Any], ...]:
        """Which class is taken for which: see ``mistaken``."""
        return mistaken([row["class"] for row in self.per_class], self.matrix)


def measure(run: "Run") -> Measured:
    """Evaluate a run's model on the test pictures of its data."""
    images, labels = run.dataset.test_images, run.dataset.test_labels
    means = run.evaluate(images, labels)
    outputs = run.model.predict(images)
    answers, names = np.argmax(outputs, axis=1), run.dataset.class_names
    matrix = confusion_matrix(labels, answers, labels=list(range(len(names))))
    per_class = by_class(names, labels, answers)
    return Measured(means["accuracy"], means["loss"], labels, outputs, answers, matrix, per_class)


def by_class(names: Sequence[str], labels: Array, answers: Array) -> tuple[Mapping[str, Any], ...]:
    """Precision, recall and F1 of each class by scikit-learn, 0 where nothing can be said, and their intervals.

    Example:
        >>> rows = by_class(("cat", "dog"), np.array([0, 0, 1]), np.array([0, 1, 1]))
        >>> rows[1]["precision"], [round(share, 2) for share in rows[1]["precision_interval"]]
        (0.5, [0.09, 0.91])
    """
    numbers = list(range(len(names)))
    scores: Any = precision_recall_fscore_support
    found = scores(labels, answers, labels=numbers, average=None, zero_division=0.0)
    return tuple(
        {
            "class": name,
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "rows": int(rows),
            **_intervals(int(np.sum((labels == k) & (answers == k))), int(rows), int(np.sum(answers == k))),
        }
        for k, name, precision, recall, f1, rows in zip(numbers, names, *found, strict=True)
    )


def _intervals(right: int, rows: int, answered: int) -> dict[str, Interval]:
    """``right`` answers among the ``rows`` of a class and among those ``answered`` so."""
    return {
        "precision_interval": interval(right, answered),
        "recall_interval": interval(right, rows),
        "f1_interval": f1_interval(right, rows + answered - right),
    }


def mistaken(names: Sequence[str], matrix: Array) -> tuple[Mapping[str, Any], ...]:
    """Which class is taken for which answer: its count, its share of the class, the interval; the commonest first.

    Example:
        >>> [row["answer"] for row in mistaken(("cat", "dog", "owl"), np.array([[8, 1, 3], [0, 9, 0], [0, 0, 7]]))]
        ['owl', 'dog']
    """
    rows, columns = np.nonzero(matrix - np.diag(np.diag(matrix)))
    found = [(int(matrix[k, m]), int(k), int(m)) for k, m in zip(rows, columns, strict=True)]
    totals = matrix.sum(axis=1)
    return tuple(
        {
            "class": names[k],
            "answer": names[m],
            "count": count,
            "share": count / int(totals[k]),
            "share_interval": interval(count, int(totals[k])),
        }
        for count, k, m in sorted(found, key=lambda one: (-one[0], one[1], one[2]))
    )


def interval(right: int, total: int) -> Interval:
    """Between which shares the true share lies, 95 times of 100, where ``right`` of ``total`` were found right.

    Where there was nothing to look at, anywhere from 0 to 1.
    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    Example:
        >>> [round(share, 3) for share in interval(98, 100)]
        [0.93, 0.994]
    """
    if total == 0:
        return 0.0, 1.0
    z, right, total = 1.959964, int(right), int(total)
    share = right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))  # rounding aside, share lies inside


def f1_interval(right: int, concerned: int) -> Interval:
    """The interval of a class's F1, where ``right`` of the ``concerned`` rows are right.

    A row concerns a class if it is of the class, or answered so, or both: TP + FP + FN rows. Of these J = TP / (TP + FP
    + FN) are right, a share, whose interval is Wilson's; and F1 = 2 TP / (2 TP + FP + FN) = 2 J / (1 + J) grows with J,
    so the ends of J's interval give those of F1's. Unlike a bootstrap it needs no draws, and does not shrink to a point
    where all answers are right.
    Source: K. F. Y. Lam, V. Gopal and J. Qian, "Confidence intervals for the F1 score: a comparison of four methods"
    (2023), the "Wilson indirect" method.

    Example:
        >>> [round(share, 3) for share in f1_interval(9, 11)]
        [0.687, 0.974]
    """
    low, high = interval(right, concerned)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def with_interval(share: float, ends: Interval) -> str:
    """A share and its interval as tables show them.

    Example:
        >>> with_interval(0.98, interval(98, 100))
        '0.980 (0.93-0.99)'
    """
    return f"{share:.3f} ({ends[0]:.2f}-{ends[1]:.2f})"
