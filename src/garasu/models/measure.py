"""How good a trained network is: one pass over the test pictures, labels and answers as they belong together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from garasu.array import Array

if TYPE_CHECKING:
    from garasu.models.run import Run


@frozen(eq=False)
class Measured:
    """Answers over the test pictures of a run.

    ``outputs`` (N, K); ``answers`` (N,) class numbers; ``matrix`` (K, K) counts, rows true, columns predicted;
    ``per_class``: class, precision, recall, f1 and rows of each.
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


def measure(run: "Run") -> Measured:
    """Evaluate a run's model on the test pictures of its data."""
    images, labels = run.dataset.test_images, run.dataset.test_labels
    means = run.evaluate(images, labels)
    outputs = run.model.predict(images)
    answers = np.argmax(outputs, axis=1)
    numbers = list(range(len(run.dataset.class_names)))
    scores: Any = precision_recall_fscore_support
    precision, recall, f1, support = scores(labels, answers, labels=numbers, average=None, zero_division=0.0)
    per_class = tuple(
        {"class": name, "precision": float(p), "recall": float(r), "f1": float(f), "rows": int(n)}
        for name, p, r, f, n in zip(run.dataset.class_names, precision, recall, f1, support, strict=True)
    )
    matrix = confusion_matrix(labels, answers, labels=numbers)
    return Measured(means["accuracy"], means["loss"], labels, outputs, answers, matrix, per_class)


def interval(right: int, total: int) -> tuple[float, float]:
    """Between which shares the true accuracy lies, 95 times of 100, where ``right`` of ``total`` were found right.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    Example:
        >>> [round(share, 3) for share in interval(98, 100)]
        [0.93, 0.994]
    """
    z, share = 1.959964, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    return max(0.0, middle - half), min(1.0, middle + half)
