"""``garasu evaluate``: which run, what it says of it, and what it will not read."""

import shutil

import numpy as np
import pytest

from garasu.train import run_folder


def test_json_holds_accuracy_loss_confusion_and_classes(cli, trained):
    folder, training = trained
    found = cli("evaluate", "--out", folder / "runs", "--json").json
    assert found["accuracy"] == training.json["test_accuracy"] and found["loss"] == training.json["test_loss"]
    table = np.array(found["confusion_matrix"])
    assert table.shape == (10, 10) and table.sum() == found["rows"] == 359
    assert np.trace(table) == found["right"] == round(359 * found["accuracy"])
    classes = found["per_class"]
    assert [one["class"] for one in classes] == list("0123456789")
    assert [one["rows"] for one in classes] == table.sum(axis=1).tolist()  # rows are true classes
    np.testing.assert_allclose([one["recall"] for one in classes], np.diag(table) / table.sum(axis=1))
    np.testing.assert_allclose([one["precision"] for one in classes], np.diag(table) / table.sum(axis=0))
    np.testing.assert_allclose(
        [one["f1"] for one in classes], 2 * np.diag(table) / (table.sum(axis=0) + table.sum(axis=1))
    )
    for one in classes:
        for name in ("recall", "precision", "f1"):
            low, high = one[f"{name}_interval"]
            assert 0 <= low <= one[name] <= high <= 1 and high - low < 0.5
    low, high = found["accuracy_interval"]
    assert low < found["accuracy"] < high
    wrong = found["mistakes"]
    assert sum(one["count"] for one in wrong) == found["rows"] - found["right"]
    assert [one["count"] for one in wrong] == sorted((one["count"] for one in wrong), reverse=True)
    worst = wrong[0]
    assert table[int(worst["class"]), int(worst["answer"])] == worst["count"]
    assert worst["share_interval"][0] < worst["share"] < worst["share_interval"][1]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["recall", "precision", "F1"]), ("ja", ["再現率", "適合率", "F1"])]
)
def test_the_table_speaks_both_languages(cli, trained, language, words):
    folder, training = trained
    result = cli("evaluate", "--out", folder / "runs", "--lang", language)
    assert (result.code, result.err) == (0, "")
    for word in [*words, "first", f"{100 * training.json['test_accuracy']:.2f}", f"{training.json['test_loss']:.4f}"]:
        assert word in result.out
    assert max(map(len, result.out.splitlines()[1:])) <= 80


def test_the_latest_run_is_taken_or_one_by_name_or_path(cli, run_copy, monkeypatch):
    older = shutil.copytree(run_copy, run_copy.with_name("older"))
    run_folder.write_record(older, run_folder.read_record(older) | {"created": "2001-01-01T00:00:00+00:00"})
    (run_copy / "checkpoints" / "best.safetensors").unlink()
    moved = shutil.move(older, cli.folder / "moved")  # beside runs/, so found by its path only
    assert cli("evaluate", "--json").json["run"] == "runs/first"
    assert cli("evaluate", "first", "--json").json["run"] == "runs/first"
    assert cli("evaluate", moved, "--checkpoint", "best", "--json").json["run"] == str(moved)


def test_the_best_checkpoint_is_the_epoch_of_the_lowest_test_loss(cli, trained):
    out = trained[0] / "runs"
    lines = (out / "first" / "metrics.csv").read_text().splitlines()
    losses = [float(line.split(",")[lines[0].split(",").index("val_loss")]) for line in lines[1:]]
    assert cli("evaluate", "--out", out, "--checkpoint", "best", "--json").json["loss"] == pytest.approx(min(losses))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_of_a_mistyped_run_the_nearest_is_offered(cli, run_copy, language):
    cli("evaluate", "frist", "--lang", language).sentence(2, "frist", "first", language=language)


@pytest.mark.parametrize("words", [[], ["first"]])
def test_without_any_run_it_says_how_to_make_one(cli, words):
    cli("evaluate", *words).sentence(1, "garasu train")


DAMAGE = {
    "cut": lambda content: content[: len(content) // 2],
    "flipped": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
}


@pytest.mark.parametrize(("damage", "language"), [("cut", "ja"), ("flipped", "en")])
def test_a_damaged_checkpoint_is_not_evaluated(cli, run_copy, damage, language):
    path = run_copy / "checkpoints" / "last.safetensors"
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    cli("evaluate", "--lang", language).sentence(1, str(path.relative_to(cli.folder)), language=language)


def test_a_run_without_a_checkpoint_is_named(cli, run_copy):
    shutil.rmtree(run_copy / "checkpoints")
    cli("evaluate").sentence(1, "first")
    cli("evaluate", "--lang", "ja").sentence(1, "first", language="ja")
