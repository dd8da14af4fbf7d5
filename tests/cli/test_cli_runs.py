"""``garasu runs`` and ``garasu doctor``: what is here, also when some of it is damaged."""

import json
import shutil

import pytest

import garasu


@pytest.mark.parametrize("language", ["en", "ja"])
def test_where_nothing_was_trained_runs_says_so(cli, language):
    result = cli("runs", "--lang", language)
    assert (result.code, result.err) == (0, "") and "garasu train" in result.out
    assert cli("runs", "--json").json == {"runs": []}


def test_runs_shows_a_run_as_a_table_and_as_json(cli, trained):
    folder, training = trained
    table, found = cli("runs", "--out", folder / "runs"), cli("runs", "--out", folder / "runs", "--json")
    (run,) = found.json["runs"]
    accuracy = training.json["test_accuracy"]
    assert run.items() >= {"name": "first", "network": "c4", "data": "digits", "status": "finished"}.items()
    assert (run["epochs"], run["test_accuracy"]) == (2, accuracy)
    for word in ["first", "c4", "digits", "finished", f"{accuracy:.4f}", run["created"][:10]]:
        assert word in table.out.splitlines()[1]


def test_a_long_name_is_never_cut(cli, run_copy):
    name = "a-run-" * 25
    run_copy.rename(run_copy.with_name(name))
    assert name in cli("runs").out and name in cli("runs", "--lang", "ja").out


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"seed": 7}'])
def test_a_damaged_record_is_shown_and_hides_no_other_run(cli, run_copy, content):
    damaged = shutil.copytree(run_copy, run_copy.with_name("damaged"))
    (damaged / "run.json").write_text(content)
    table, found = cli("runs"), {run["name"]: run for run in cli("runs", "--json").json["runs"]}
    assert (table.code, table.err) == (0, "")
    lines = [line for line in table.out.splitlines() if line.startswith(("first", "damaged"))]
    assert sorted(line.split()[0] for line in lines) == ["damaged", "first"]
    assert str(damaged.relative_to(cli.folder) / "run.json") in table.out  # what to do about it
    assert found["first"]["status"] == "finished" and found["damaged"]["status"] == "damaged"
    assert "run.json" in found["damaged"]["error"]


def test_a_record_that_was_changed_by_hand_is_not_believed(cli, run_copy):
    record = json.loads((run_copy / "run.json").read_text())
    record["results"]["test_accuracy"] = 1.0
    (run_copy / "run.json").write_text(json.dumps(record))
    (run,) = cli("runs", "--json").json["runs"]
    assert run["status"] == "damaged" and "SHA-256" in run["error"]
    cli("evaluate").sentence(1, "run.json", "SHA-256")


def test_the_doctor_says_what_is_here_and_what_to_put_right(cli):
    found = cli("doctor", "--json").json
    assert found["versions"]["garasu"] == garasu.__version__
    assert found["versions"].keys() >= {"python", "numpy", "jax"}
    assert found["devices"]["0"] == "cpu"
    assert found["caches"]["programs"].startswith(cli.environment["GARASU_COMPILE_CACHE"])
    assert found["data"]["digits"] and found["data"]["mnist"] is None
    (advice,) = found["advice"]
    assert "GARASU_DATA" in advice and "--data digits" in advice


@pytest.mark.parametrize(("language", "words"), [("en", ["Versions", "not found"]), ("ja", ["見つかりません"])])
def test_the_doctor_speaks_both_languages(cli, language, words):
    result = cli("doctor", "--lang", language, GARASU_COMPILE_CACHE="/dev/null/programs")
    assert (result.code, result.err) == (0, "")
    for word in [*words, garasu.__version__, "GARASU_DATA", "/dev/null/programs"]:
        assert word in result.out


def test_the_doctor_finds_the_folder_of_mnist(cli):
    (cli.folder / "mnist").mkdir()
    (cli.folder / "mnist" / "train-images-idx3-ubyte.gz").write_bytes(b"")
    found = cli("doctor", "--json", GARASU_DATA=str(cli.folder)).json
    assert found["data"]["mnist"] == str(cli.folder / "mnist")
    (advice,) = found["advice"]
    assert "train-labels-idx1-ubyte" in advice and "train-images" not in advice
