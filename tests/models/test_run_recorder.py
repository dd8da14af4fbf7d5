"""What a run writes down while it trains, and in which order."""

import pytest

from garasu.models import storage
from garasu.models.recorder import RunRecorder
from garasu.train import run_folder


@pytest.fixture
def trained(dense, clouds, tmp_path):
    """A model with validation, and a recorder that has seen its epochs but written nothing yet."""
    model, recorder = dense(), RunRecorder(tmp_path)
    model.fit(*clouds, epochs=1, verbose=0, validation_data=clouds)
    recorder.set_model(model)
    recorder.on_epoch_end(0)
    return recorder


def test_the_best_is_safe_before_the_last_moves_on(trained, tmp_path, monkeypatch):
    """Killed between the two: going on from an older ``last`` finds the same best again, and loses none."""

    def killed(*arguments, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        trained.flush()
    assert (tmp_path / run_folder.BEST).is_file() and not (tmp_path / run_folder.LAST).exists()


def test_within_a_long_epoch_once_a_minute(trained, tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("garasu.models.recorder.time.monotonic", lambda: now[0])
    trained.flush()
    (tmp_path / run_folder.LAST).unlink()
    for second, written in ((59.0, False), (61.0, True)):
        now[0] = second
        trained.on_progress(0, 1, 9, {})
        assert (tmp_path / run_folder.LAST).exists() == written


class TestRunsThatCannotBeRead:
    def test_a_folder_that_may_not_be_listed(self, tmp_path, monkeypatch):
        from garasu.messages import FileError

        def closed(path):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("pathlib.Path.iterdir", closed)
        with pytest.raises(FileError, match="cannot be listed: Permission denied"):
            run_folder.names(tmp_path)

    @pytest.mark.parametrize("content", [b"", b"epoch,loss\n", b"epoch\n\xff\xfe\n"])
    def test_metrics_that_hold_no_epoch(self, tmp_path, content):
        (tmp_path / run_folder.METRICS).write_bytes(content)
        assert run_folder.epochs_written(tmp_path) == 0
