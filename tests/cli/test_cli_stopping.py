"""Ctrl-C, kill and resume: a run that was cut ends with the same bits as one that never was."""

import json
import signal

import pytest
from safetensors.numpy import load_file

from garasu.train import run_folder

STEPS = 1438
LAST = run_folder.LAST


def assert_same_bits(run, whole):
    """The same arrays (weights, optimizer, sums) and the same metrics."""
    found, expected = load_file(run / LAST), load_file(whole / LAST)
    assert found.keys() == expected.keys()
    assert all(found[name].tobytes() == expected[name].tobytes() for name in expected)
    assert (run / "metrics.csv").read_text() == (whole / "metrics.csv").read_text()


def place(run):
    """Epoch and step at which a checkpoint stands."""
    from safetensors import safe_open

    with safe_open(run / LAST, framework="numpy") as file:
        progress = json.loads(file.metadata()["garasu"])["progress"]
    return progress["epoch"], progress["position"]


def status(run):
    return run_folder.read_record(run)["status"]


def test_ctrl_c_in_mid_epoch_says_how_to_go_on_and_not_a_bit_is_lost(cli, uncut):
    result = cli.stopped("SIGINT", 2, 50, *cli.LONG, "--name", "cut")
    run = cli.folder / "runs" / "cut"
    epoch, position = place(run)
    assert result.code == 130 and epoch == 1 and 50 <= position < STEPS
    for word in ["epoch 2", str(position), "garasu train --resume cut"]:
        assert word in result.out
    assert "interrupted" in result.err and status(run) == "interrupted"
    (listed,) = cli("runs", "--json").json["runs"]
    assert (listed["status"], listed["epochs"]) == ("interrupted", 1)
    resumed = cli("train", "--resume", "cut", "--no-report", "--json")
    assert resumed.code == 0 and resumed.json["epochs"] == 3
    assert_same_bits(run, uncut)
    accuracy = run_folder.read_record(uncut)["results"]["test_accuracy"]
    assert resumed.json["test_accuracy"] == run_folder.read_record(run)["results"]["test_accuracy"] == accuracy


def test_stopped_twice_and_gone_on_with_by_path_elsewhere(cli, uncut):
    out = cli.folder / "some where"
    first = cli.stopped("SIGINT", 1, 1, *cli.LONG, "--name", "cut", "--out", out, "--lang", "ja")
    assert first.code == 130 and f"garasu train --resume cut --out '{out}'" in first.out
    second = cli.stopped("SIGINT", 3, 9, "train", "--resume", out / "cut", "--no-report", "--json")
    assert second.code == 130 and second.json["exit"] == 130
    assert f"--resume cut --out '{out}'" in second.err
    assert cli("train", "--resume", "cut", "--out", out, "--no-report").code == 0
    assert_same_bits(out / "cut", uncut)


def test_a_second_ctrl_c_while_the_checkpoint_is_written_loses_nothing(cli):
    result = cli.stopped("SIGINT-TWICE", 2, 50, *cli.LONG, "--name", "cut")
    assert result.code == 130 and "garasu train --resume cut" in result.out
    run = cli.folder / "runs" / "cut"
    assert place(run)[1] >= 50 and status(run) == "interrupted"


def test_ctrl_c_at_any_moment_ends_with_130_and_without_a_traceback(cli):
    with cli.start("train", "c4", "--epochs", "1000000", "--name", "cut") as process:
        while not process.stdout.readline().startswith("Epoch 2/"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        result = cli.end(process)
    assert result.code == 130 and "garasu train --resume cut" in result.out
    assert status(cli.folder / "runs" / "cut") == "interrupted"


def test_kill_in_mid_epoch_leaves_the_last_checkpoint_and_it_goes_on(cli, uncut):
    killed = cli.stopped("SIGKILL", 2, 50, *cli.LONG, "--name", "killed")
    run = cli.folder / "runs" / "killed"
    assert killed.code == -signal.SIGKILL and status(run) == "training"
    assert place(run) == (1, 0)
    assert cli("train", "--resume", "killed", "--no-report").code == 0
    assert_same_bits(run, uncut)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_finished_run_is_not_gone_on_with(cli, run_copy, language):
    before = {path: path.read_bytes() for path in run_copy.rglob("*") if path.is_file()}
    cli("train", "--resume", "first", "--lang", language).sentence(1, "first", "2", language=language)
    assert {path: path.read_bytes() for path in run_copy.rglob("*") if path.is_file()} == before


def unfinished(run):
    run_folder.write_record(run, run_folder.read_record(run) | {"status": "training", "results": None})


def test_a_resumed_run_may_end_later_but_not_before_where_it_stands(cli, run_copy):
    unfinished(run_copy)
    cli("train", "--resume", "first", "--epochs", "1").sentence(2, "--epochs", "2")
    found = cli("train", "--resume", "first", "--epochs", "4", "--no-report", "--json").json
    assert found["epochs"] == 4 and len((run_copy / "metrics.csv").read_text().splitlines()) == 5


def test_the_record_follows_the_run_that_goes_on(cli, run_copy):
    unfinished(run_copy)
    found = cli("train", "--resume", "first", "--epochs", "3", "--device", "cpu", "--no-report", "--json").json
    record = run_folder.read_record(run_copy)
    assert record["settings"]["device"] == "cpu" and record["settings"]["epochs"] == 3
    assert record["device"] == found["device"] and record["status"] == "finished"


def test_a_run_of_another_machine_s_device_is_evaluated_here(cli, run_copy):
    record = run_folder.read_record(run_copy)
    record["settings"]["device"] = "gpu"
    run_folder.write_record(run_copy, record)
    assert cli("evaluate", "--json").json["rows"] == 359


@pytest.mark.parametrize("language", ["en", "ja"])
def test_stopped_between_epochs_no_mini_batch_is_named(language):
    from types import SimpleNamespace

    from garasu.cli.training import _how_to_go_on
    from garasu.messages import set_language

    set_language(language)
    model = SimpleNamespace(place_in_training=lambda: {"epoch": 20, "position": 0})
    said = _how_to_go_on(SimpleNamespace(model=model, folder=run_folder.Path("runs/cut")))
    assert "20" in said and "21" not in said and said.endswith("garasu train --resume cut")


def test_of_a_mistyped_run_to_go_on_with_the_nearest_is_offered(cli, run_copy):
    cli("train", "--resume", "frist").sentence(2, "frist", "first")
    cli("train", "--resume", "frist", "--lang", "ja").sentence(2, "frist", "first", language="ja")


def test_a_damaged_checkpoint_is_not_gone_on_with(cli, run_copy):
    unfinished(run_copy)
    content = (run_copy / LAST).read_bytes()
    for damaged in (content[: len(content) // 2], content[:-1] + bytes([content[-1] ^ 1])):
        (run_copy / LAST).write_bytes(damaged)
        cli("train", "--resume", "first").sentence(1, "last.safetensors")
        assert (run_copy / LAST).read_bytes() == damaged
    (run_copy / LAST).unlink()
    cli("train", "--resume", "first", "--lang", "ja").sentence(1, "first", language="ja")
