"""What training wrote down, as a file and as a picture."""

import csv

import pytest

from garasu.messages import FileError
from garasu.models import History


@pytest.fixture
def record():
    """Three epochs; the second without validation."""
    made = History()
    made.add(0, {"loss": 0.5, "val_loss": 0.75})
    made.add(1, {"loss": 0.25})
    made.add(2, {"loss": 1 / 3, "val_loss": 0.5})
    return made


def test_csv_holds_every_number_as_it_is(record, tmp_path):
    path = record.to_csv(tmp_path / "記録.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [float(row["loss"]) for row in rows] == record.history["loss"]
    assert [row["val_loss"] for row in rows] == ["0.75", "nan", "0.5"]


def test_csv_that_cannot_be_written(record, tmp_path):
    with pytest.raises(FileError, match="Cannot write"):
        record.to_csv(tmp_path)


def test_the_curves_are_the_numbers(record):
    lines = {line.get_label(): line for line in record.plot().axes[0].get_lines()}
    (training,) = (line for line in lines.values() if list(line.get_ydata()) == record.history["loss"])
    assert list(training.get_xdata()) == [1, 2, 3]
