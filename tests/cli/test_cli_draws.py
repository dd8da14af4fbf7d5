"""``garasu train``: so many steps, the whole batch, draws with replacement; kept, shown, and gone on with."""

import json

import pytest

from garasu.callbacks import Callback
from garasu.cli import main
from garasu.models import run as runs
from garasu.models.run_settings import RunSettings
from garasu.train import run_folder

EAGER = ("--engine", "eager", "--no-report", "--name", "one")


@pytest.fixture
def garasu(tmp_path, monkeypatch, capsys):
    """``garasu("runs")``: the exit code, what was printed, and what was complained of."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def settings(tmp_path):
    return lambda name="one": run_folder.read_record(tmp_path / "runs" / name)["settings"]


class TestKept:
    def test_so_many_steps(self, garasu, settings):
        """1,438 pictures by 500: seven steps are two epochs and a third of one more."""
        code, out, err = garasu("train", "c4", "--steps", "7", "--batch-size", "500", "--json", *EAGER)
        found = json.loads(out)
        assert (code, found["steps"], found["epochs"]) == (0, 7, 3) and "Epoch 3/3" in err
        expected = {"steps": 7, "epochs": None, "batch_size": 500, "steps_per_epoch": None, "replacement": False}
        assert settings().items() >= expected.items()
        code, out, _ = garasu("runs")
        assert code == 0 and out.splitlines()[1].split()[:5] == ["one", "c4", "digits", "finished", "3"]

    def test_the_whole_batch_with_replacement(self, garasu, settings):
        words = ("--epochs", "2", "--batch-size", "all", "--replacement", "--steps-per-epoch", "3")
        assert garasu("train", "c4", *words, *EAGER)[0] == 0
        expected = {"epochs": 2, "batch_size": "all", "steps_per_epoch": 3, "replacement": True, "steps": None}
        assert settings().items() >= expected.items()

    def test_c14_is_trained_as_it_was(self, garasu, settings):
        """One at a time, drawn with replacement, 1,000 an epoch; with other mini-batches an epoch is as always."""
        assert garasu("train", "c14", "--steps", "3", *EAGER)[0] == 0
        assert settings().items() >= {"batch_size": 1, "replacement": True, "steps_per_epoch": 1000}.items()
        more = (*EAGER[:-1], "two")
        assert garasu("train", "c14", "--steps", "3", "--batch-size", "32", "--no-replacement", *more)[0] == 0
        assert settings("two").items() >= {"batch_size": 32, "replacement": False, "steps_per_epoch": None}.items()


class Stop(Callback):
    """Ctrl-C, as it were, after so many steps of the first epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 1:
            raise KeyboardInterrupt


class TestGoneOnWith:
    @pytest.fixture
    def cut(self, tmp_path):
        """A run of ten steps that was cut after two."""
        chosen = RunSettings(network="c4", steps=10, batch_size=500, engine="eager", replacement=True)
        one = runs.start(chosen, tmp_path / "runs", "one")
        with pytest.raises(KeyboardInterrupt):
            one.train([Stop()])
        assert (one.model.epoch, one.model.position) == (0, 2)

    @pytest.mark.parametrize(
        ("end", "steps", "left"),
        [((), 10, (None, 10)), (("--steps", "5"), 5, (None, 5)), (("--epochs", "2"), 6, (2, None))],
    )
    def test_to_its_end_or_to_another(self, garasu, cut, settings, end, steps, left):
        code, out, _ = garasu("train", "--resume", "one", *end, "--json", "--no-report")
        assert (code, json.loads(out)["steps"]) == (0, steps)
        assert (settings()["epochs"], settings()["steps"]) == left

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--steps", "1"), "The run one has made 2 steps already, so --steps must be 2 or more. Got 1 instead."),
            (("--steps", "9", "--epochs", "9"), "epochs=9 and steps=9 both say where training ends."),
            (
                ("--replacement",),
                "--replacement cannot be given with --resume; only --epochs, --steps and",
            ),
        ],
    )
    def test_not_backwards_and_not_otherwise(self, garasu, cut, words, said):
        code, out, err = garasu("train", "--resume", "one", *words)
        assert (code, out) == (2, "") and said in err


class TestRefused:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--epochs", "3", "--steps", "4"), "epochs=3 and steps=4 both say where training ends."),
            (("--batch-size", "al"), "--batch-size must be a whole number from 1 to 2147483647, or all. Got 'al'"),
            (("--steps", "0"), "--steps must be a whole number from 1 to 2147483647. Got '0'"),
        ],
    )
    def test_a_sentence_and_no_folder(self, garasu, tmp_path, words, said):
        code, out, err = garasu("train", "c4", *words)
        assert (code, out) == (2, "") and said in err and not list(tmp_path.iterdir())

    def test_settings_of_a_run_that_are_none(self):
        with pytest.raises(ValueError, match="RunSettings: batch_size must be a whole number above 0, or 'all'"):
            RunSettings(batch_size="half")
