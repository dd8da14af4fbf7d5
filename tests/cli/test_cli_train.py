"""``garasu train``: what it says, what it keeps, what it refuses."""

import re

import pytest

import garasu
from garasu.train import run_folder

KEYS = {"run", "network", "data", "seed", "parameters", "epochs", "train_accuracy", "test_accuracy", "test_loss"}
KEYS |= {"steps_per_second", "compile_seconds", "seconds", "device"}

DIVERGING = ("train", "c4", "--learning-rate", "1e38", "--epochs", "2", "--name", "diverged")


def test_json_is_one_object_on_standard_output(trained):
    result = trained[1]
    found = result.json
    assert result.code == 0 and found.keys() >= KEYS
    expected = {"network": "c4", "data": "digits", "seed": 3, "parameters": 7850, "epochs": 2, "device": "cpu"}
    assert found.items() >= (expected | {"run": "runs/first"}).items()
    assert 0.8 < found["train_accuracy"] < 1 and 0.8 < found["test_accuracy"] < 1 and 0 < found["test_loss"] < 2.3
    assert 0 < found["compile_seconds"] < found["seconds"] and found["steps_per_second"] > 0


def test_progress_stands_on_standard_error_the_device_first(trained):
    lines = trained[1].err.splitlines()
    assert lines[0].startswith("Device: cpu")
    epochs = [line for line in lines if re.match(r"Epoch \d/2 ", line)]
    assert len(epochs) == 2
    for word in ["loss: ", "accuracy: ", "val_loss: ", "val_accuracy: "]:
        assert all(word in line for line in epochs)
    assert any("garasu evaluate first" in line for line in lines)


def test_eager_in_float64_in_japanese(cli):
    words = ("train", "softmax-regression", "--engine", "eager", "--precision", "float64", "--epochs", "1")
    words += ("--batch-size", "50", "--loss-reduction", "mean", "--optimizer", "momentum", "--no-report")
    result = cli(*words, "--lang", "ja")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert "eager, float64" in lines[0] and any("エポック 1/1" in line for line in lines)
    model = garasu.load(cli.folder / "runs" / "c4-digits-1" / "checkpoints" / "last.safetensors")
    assert {str(array.dtype) for array in model.get_weights()} == {"float64"}
    record = run_folder.read_record(cli.folder / "runs" / "c4-digits-1")
    assert record["optimizer"]["class"] == "Momentum" and record["loss"]["settings"]["reduction"] == "mean"
    assert (record["settings"]["batch_size"], record["engine"]) == (50, "eager")


def test_runs_without_a_name_are_numbered(tmp_path):
    found = [run_folder.create(tmp_path / "runs", "c4-digits").name for _ in range(2)]
    assert found == ["c4-digits-1", "c4-digits-2"]


def test_a_run_that_exists_is_refused_and_left_as_it_was(cli, run_copy):
    before = {path: path.read_bytes() for path in run_copy.rglob("*") if path.is_file()}
    cli("train", "c4", "--name", "first").sentence(1, "first", "--name")
    assert {path: path.read_bytes() for path in run_copy.rglob("*") if path.is_file()} == before


def test_odd_names_are_taken_as_they_are(cli, run_copy):
    name = "日本 [bold]語 'run'"
    run_copy.rename(run_copy.with_name(name))
    result = cli("train", "c4", "--engine", "eager", "--epochs", "1", "--no-report", "--name", f"{name}2")
    assert (result.code, result.err) == (0, "") and f"runs/{name}2" in result.out
    assert name in cli("runs").out
    assert name in cli("evaluate", name).out


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("out", ["a-file", "a-file/runs"])
def test_an_unwritable_folder_is_named_and_the_way_out_is_said(cli, out, language):
    (cli.folder / "a-file").write_text("mine")
    cli("train", "c4", "--out", out, "--lang", language).sentence(1, out, "--out", language=language)
    assert (cli.folder / "a-file").read_text() == "mine"


def test_a_loss_that_is_not_finite_stops_and_the_last_good_weights_are_kept(cli):
    result = cli(*DIVERGING)
    run = cli.folder / "runs" / "diverged"
    assert result.code == 1 and str(run.relative_to(cli.folder)) in result.out
    assert re.search(r"epoch 1, batch \d+\b.*\bsoftmax\b", result.err)
    model = garasu.load(run / "checkpoints" / "last.safetensors")
    assert all(abs(array).max() < float("inf") for array in model.get_weights())
    assert run_folder.read_record(run)["status"] == "failed"


def test_with_json_a_failure_is_one_object_too(cli):
    result = cli(*DIVERGING, "--json", "--engine", "eager", "--lang", "ja")
    assert result.code == 1 and result.json["exit"] == 1 and "softmax" in result.json["error"]
