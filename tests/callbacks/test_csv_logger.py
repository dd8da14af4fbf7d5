"""CSVLogger beside Keras's: the same bytes."""

import numpy as np
import pytest

from garasu.callbacks import CSVLogger
from garasu.messages import FileError

FULL = [{"loss": 1.5, "acc": 0.25, "val_loss": 1.0, "val_acc": 0.5}, {"loss": 0.1, "acc": 0.75, "val_loss": 0.2}]
BARE = [{"loss": 1.5, "acc": 0.25}, {"loss": 0.5, "acc": 0.5, "extra": 1.0}]
ODD = [{"loss": np.float64(0.5), "list": [1, 2], "array": np.arange(3.0), "one": np.array(2.5), "word": "a,b"}]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("append", [False, True])
@pytest.mark.parametrize("epochs", [FULL, BARE, ODD])
def test_writes_what_keras_writes(tmp_path, compare, epochs, append, separator):
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    for _ in range(2):  # the second time there is a file
        compare(
            CSVLogger(ours, separator, append), lambda keras: keras.CSVLogger(str(theirs), separator, append), epochs
        )
        assert ours.read_bytes() == theirs.read_bytes()


def test_every_row_is_there_when_its_epoch_ends(tmp_path, model):
    path = tmp_path / "日本語" / "log.csv"
    logger = CSVLogger(str(path))
    logger.on_train_begin()
    for epoch in range(3):
        logger.on_epoch_end(epoch, {"loss": 0.5, "val_loss": 0.25})
        assert len(path.read_text(encoding="utf-8").splitlines()) == epoch + 2


def test_a_place_that_cannot_be_written(tmp_path, language, drive):
    with pytest.raises(FileError) as caught:
        drive(CSVLogger(tmp_path), FULL)
    assert str(tmp_path) in str(caught.value)
    logger = CSVLogger(tmp_path / "log.csv")
    logger.on_train_begin()
    (tmp_path / "log.csv").unlink()
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(FileError, match=r"log\.csv"):
        logger.on_epoch_end(0, FULL[0])
