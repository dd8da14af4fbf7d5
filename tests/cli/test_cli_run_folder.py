"""The run folder: what each file says, and that metrics.csv and the figures need only the checkpoint."""

import hashlib
import json

import pytest

import garasu
from garasu import data
from garasu.train import run_folder


@pytest.fixture
def run(trained):
    return trained[0] / "runs" / "first"


def test_it_holds_these_files_and_nothing_half_written(run):
    found = sorted(str(path.relative_to(run)) for path in run.rglob("*") if path.is_file())
    drawn = "chain_of_shapes confusion_matrix image_numbers misclassified one_hot sample_images training_curves"
    figures = [f"figures/{name}.png" for name in (*drawn.split(), "weight_images")]
    expected = ["checkpoints/best.safetensors", "checkpoints/last.safetensors", *figures]
    assert found == [*expected, "metrics.csv", "report.html", "run.json"]
    assert (run / "figures" / "training_curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_record_carries_its_own_hash(run):
    record = json.loads((run / "run.json").read_text())
    sealed = record.pop("sha256")
    plain = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(plain.encode()).hexdigest() == sealed


def test_the_record_says_what_was_trained_on_what_and_how(run, trained):
    record, result = run_folder.read_record(run), trained[1].json
    assert record.items() >= {"name": "first", "network": "c4", "seed": 3, "status": "finished"}.items()
    assert record["settings"].items() >= {"epochs": 2, "batch_size": 100, "engine": "jit"}.items()
    digits = data.load("digits")
    rows = {"split": "fixed", "classes": list("0123456789"), "train_rows": 1438, "test_rows": 359}
    assert record["data"] == {"name": "digits", "sha256": digits.sha256, **rows}
    assert record["versions"]["numpy"] and record["device"] == "cpu"
    assert record["results"].items() <= result.items()
    assert record["created"] < record["ended"]


def test_metrics_can_be_made_again_from_the_checkpoint(run, tmp_path):
    record = garasu.load(run / "checkpoints" / "last.safetensors").history
    run_folder.write_metrics(tmp_path, record.epoch, record.history)
    assert (tmp_path / "metrics.csv").read_bytes() == (run / "metrics.csv").read_bytes()
    header, *rows = (run / "metrics.csv").read_text().splitlines()
    assert header == "epoch,loss,accuracy,val_loss,val_accuracy" and [row[:2] for row in rows] == ["1,", "2,"]


def test_the_results_are_those_of_the_last_weights(run, trained):
    model, digits = garasu.load(run / "checkpoints" / "last.safetensors"), data.load("digits")
    loss, accuracy = model.evaluate(digits.test_images, digits.test_labels)
    assert loss == pytest.approx(trained[1].json["test_loss"])
    assert accuracy == trained[1].json["test_accuracy"]
    assert model.class_names == tuple("0123456789")
