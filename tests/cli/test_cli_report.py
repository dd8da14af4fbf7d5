"""``garasu report``: written by train too, again at any time, in either language."""

import pytest


def test_train_writes_it_and_says_where(trained):
    folder, result = trained
    page = folder / "runs" / "first" / "report.html"
    assert page.read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="en">')
    assert str(page.relative_to(folder)) in result.err


@pytest.mark.parametrize(("language", "words"), [("en", "Where it goes wrong"), ("ja", "どこで誤るか")])
def test_it_is_made_again_in_the_language_in_use(cli, run_copy, language, words):
    (run_copy / "report.html").unlink()
    result = cli("report", "--lang", language)
    assert (result.code, result.err) == (0, "") and "runs/first/report.html" in result.out
    assert words in (run_copy / "report.html").read_text(encoding="utf-8")


def test_json_names_the_page_and_its_pictures(cli, run_copy):
    found = cli("report", "first", "--checkpoint", "best", "--json").json
    assert found["run"] == "runs/first" and found["report"] == "runs/first/report-best.html"
    assert "runs/first/figures-best/confusion_matrix.png" in found["figures"]


def test_a_report_that_cannot_be_written_costs_nothing_but_itself(cli, run_copy):
    """The folder of figures is a file: training is kept and finished, and the sentence says how to try again."""
    blocked = (
        "import sys, garasu.reports.report as r; r.FIGURES = 'run.json'; import garasu.cli; sys.exit(garasu.cli.main())"
    )
    result = cli("train", "c4", "--epochs", "1", "--name", "second", first=("-c", blocked))
    assert result.code == 0 and "garasu report second" in result.out
    assert "second" in cli("runs").out and cli("evaluate", "second", "--json").json["rows"] == 359


def test_without_a_report_if_asked(cli):
    result = cli("train", "c4", "--epochs", "1", "--no-report", "--name", "bare")
    assert result.code == 0 and "report.html" not in result.out
    assert not (cli.folder / "runs" / "bare" / "report.html").exists()


def test_wrong_use(cli, run_copy):
    cli("report", "frist").sentence(2, "frist", "first")
    cli("train", "--no-report=1").sentence(2, "--no-report")
