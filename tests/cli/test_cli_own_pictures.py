"""``garasu`` on pictures of one's own: train, evaluate, predict and resume on a folder, and look through it first."""

import csv
import io
import json
import os
import shutil

import pytest
from rich.console import Console

from garasu.cli.own_pictures import decoding
from garasu.train import run_folder
from tests.cli.conftest import JAPANESE
from tests.data.own_pictures import encoded, pets, picture, pixels, put, tarred

TRAIN = ("train", "c4", "--engine", "eager", "--no-report", "--epochs", "2")
BROKEN = {"cat/broken.png": b"x", "dog/cut.jpg": encoded(pixels(1, (60, 60)), "JPEG")[:400], "dog/notes.txt": b"x"}


@pytest.fixture
def garasu(cli):
    """``garasu`` in a folder with pictures in pets/."""
    put(cli.folder / "pets", pets(10))
    cli.environment["GARASU_PICTURE_CACHE"] = str(cli.folder / "caches")
    return cli


@pytest.fixture(scope="module")
def finished(tmp_path_factory, caches, forks):
    """A folder where a run on pets/, of which three files cannot be read, has been trained with --json."""
    from tests.cli.conftest import Commands

    garasu = Commands(tmp_path_factory.mktemp("own"), caches, forks)
    put(garasu.folder / "pets", pets(10) | BROKEN)
    garasu.environment["GARASU_PICTURE_CACHE"] = str(garasu.folder / "caches")
    return garasu, garasu(*TRAIN, "--data", "pets", "--json", "--name", "first")


@pytest.fixture
def copied(finished, cli):
    """A copy of it to change."""
    shutil.copytree(finished[0].folder, cli.folder, dirs_exist_ok=True)
    path = cli.folder / "runs" / "first"
    record = run_folder.read_record(path)
    record["settings"]["data"] = str(cli.folder / "pets")
    run_folder.write_record(path, record)
    cli.environment["GARASU_PICTURE_CACHE"] = str(cli.folder / "caches")
    return cli


class TestTrain:
    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_says_how_the_pictures_are_taken_and_what_was_left_out(self, garasu, language):
        put(
            garasu.folder / "pets", BROKEN | {"dog/copy.png": picture(1003)} | {f"dog/{k}.txt": b"x" for k in range(20)}
        )
        result = garasu(*TRAIN, "--data", "pets", "--lang", language)
        assert result.code == 0 and result.err == "" and bool(JAPANESE.search(result.out)) == (language == "ja")
        lines = result.out.splitlines()
        assert any("10 x 12" in line and "cat, dog" in line for line in lines)
        skipped = [k for k, line in enumerate(lines) if "23" in line and "split.csv" in line]
        named = lines[skipped[0] + 1 : skipped[0] + 12]
        assert all("pets/" in line for line in named[:10]) and "13" in named[10]
        assert not any("Attention" in line or "注意" in line for line in lines)

    def test_warns_of_test_pictures_that_were_trained_on(self, garasu):
        put(garasu.folder / "own", pets(4, prefix="train/") | pets(2, prefix="test/"))
        result = garasu(*TRAIN, "--data", "own")
        assert "Attention" in result.out and "training pictures: 4" in result.out

    def test_as_json_nothing_else_stands_on_stdout(self, finished):
        _, result = finished
        assert result.code == 0 and result.json["data"] == "pets" and result.json["epochs"] == 2
        assert "broken.png" in result.err and "10 x 12" in result.err

    def test_as_asked_for(self, garasu):
        words = ("--image-size", "48x64", "--color", "grey", "--image-fit", "pad", "--test-share", "0.4", "--seed", "5")
        result = garasu(*TRAIN, "--data", "pets", *words, "--json")
        record = run_folder.read_record(garasu.folder / result.json["run"])
        chosen = {name: record["settings"][name] for name in ("image_size", "color", "image_fit", "test_share", "seed")}
        assert chosen == {"image_size": [48, 64], "color": "grey", "image_fit": "pad", "test_share": 0.4, "seed": 5}
        assert (record["data"]["train_rows"], record["data"]["test_rows"]) == (12, 8)
        assert "48 x 64" in result.err and "grey" in result.err

    def test_one_number_is_a_square(self, garasu):
        result = garasu(*TRAIN, "--data", "pets", "--image-size", "16")
        assert "16 x 16" in result.out

    def test_on_an_archive(self, garasu):
        (garasu.folder / "ペット.tar.gz").write_bytes(tarred(pets(5), "w:gz"))
        result = garasu(*TRAIN, "--data", "ペット.tar.gz", "--json")
        assert result.code == 0 and result.json["data"] == "ペット.tar.gz"
        assert sorted(path.name for path in garasu.folder.iterdir()) == ["caches", "pets", "runs", "ペット.tar.gz"]

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_wrong_values_are_said_in_one_sentence(self, garasu, language):
        for option, value in (
            ("--image-size", "0"),
            ("--image-size", "48x"),
            ("--image-size", "1x2x3"),
            ("--image-size", "4096"),
            ("--image-fit", "bend"),
            ("--color", "blue"),
            ("--test-share", "1"),
        ):
            result = garasu(*TRAIN, "--data", "pets", option, value, "--lang", language)
            result.sentence(2, option, repr(value), language=language)
        assert not (garasu.folder / "runs").exists()

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_what_is_no_data_is_said_in_one_sentence(self, garasu, language):
        put(garasu.folder / "one", pets(3, ("cat",)))
        (garasu.folder / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(99))
        for data, code, *words in (
            ("./none", 1, "none", "garasu data list"),
            ("pet", 2, "pet", "digits"),
            ("one", 1, "one", "1"),
            ("cut.zip", 1, "cut.zip"),
            ("pets/cat/0.png", 1, "0.png"),
        ):
            garasu(*TRAIN, "--data", data, "--lang", language).sentence(code, *words, language=language)
        other = garasu(*TRAIN, "--data", "digits", "--image-size", "8", "--lang", language)
        other.sentence(2, "--image-size", "digits", language=language)
        assert not (garasu.folder / "runs").exists()

    def test_a_mistake_as_json(self, garasu):
        result = garasu(*TRAIN, "--data", "./none", "--json")
        assert result.code == 1 and result.json["exit"] == 1 and "none" in result.json["error"]


class TestAfterwards:
    def test_evaluate(self, finished):
        garasu, trained = finished
        found = garasu("evaluate", "first", "--json").json
        assert found["accuracy"] == trained.json["test_accuracy"] and found["rows"] == 4
        assert [row["class"] for row in found["per_class"]] == ["cat", "dog"]
        shown = garasu("evaluate", "first", "--lang", "ja")
        assert shown.code == 0 and "pets" in shown.out and "cat" in shown.out

    def test_predict(self, finished):
        garasu, _ = finished
        words = ("predict", "first", "pets/cat/1.png", "pets/cat/broken.png", "pets/dog/2.png")
        result = garasu(*words, "--json")
        assert result.code == 1 and [one["file"] for one in result.json["errors"]] == ["pets/cat/broken.png"]
        for one in result.json["predictions"]:
            assert list(one["probabilities"]) == ["cat", "dog"] and one["class"] in ("cat", "dog")
        shown = garasu(*words)
        assert shown.code == 1 and "broken.png" in shown.err
        assert [line.split(":")[0] for line in shown.out.splitlines()] == ["pets/cat/1.png", "pets/dog/2.png"]
        staged = garasu("predict", "first", "pets/cat/1.png", "--show-stages", "--json").json["predictions"][0]
        assert (garasu.folder / staged["stages"]).stat().st_size > 3000

    def test_the_split_that_was_kept(self, finished):
        garasu, _ = finished
        with (garasu.folder / "runs" / "first" / "split.csv").open(newline="", encoding="utf-8") as file:
            _, *rows = csv.reader(file)
        parts = [part for part, _, _ in rows]
        assert {part: parts.count(part) for part in set(parts)} == {"train": 16, "test": 4, "skipped": 3}
        assert {name for part, _, name in rows if part == "skipped"} == set(BROKEN)

    def test_the_pictures_are_decoded_once(self, garasu):
        """Every file is spoilt, of the same size and time: nobody opens it."""
        trained = garasu(*TRAIN, "--data", "pets", "--json")
        for path in (garasu.folder / "pets").glob("*/*.png"):
            status = path.stat()
            path.write_bytes(b"x" * status.st_size)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        found = garasu("evaluate", "--json")
        assert found.code == 0 and found.json["loss"] == trained.json["test_loss"]
        shutil.rmtree(garasu.folder / "caches")
        garasu("evaluate").sentence(1, "20", "pets")

    def test_whatever_has_come_since_the_answer_is_the_same(self, copied, finished):
        put(copied.folder / "pets", {"cat/!.png": picture(70), "eel/1.png": picture(71), "cat/broken.png": picture(72)})
        found = copied("evaluate", "first", "--json")
        assert found.json["accuracy"] == finished[1].json["test_accuracy"], found

    def test_pictures_that_were_moved_are_found_by_data(self, copied):
        before = copied("evaluate", "first", "--json").json
        shutil.move(copied.folder / "pets", copied.folder / "moved")
        after = copied("evaluate", "first", "--data", "moved", "--json").json
        assert after == before | {"data": "moved"}
        assert copied("report", "first", "--data", "moved").code == 0
        copied("evaluate", "first").sentence(1, "first", "--data")

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_a_folder_or_picture_that_has_gone_is_named(self, copied, language):
        (copied.folder / "pets" / "cat" / "1.png").unlink()
        gone = copied("evaluate", "first", "--lang", language)
        gone.sentence(1, "cat/1.png", "pets", language=language)
        shutil.rmtree(copied.folder / "pets")
        gone = copied("evaluate", "first", "--lang", language)
        gone.sentence(1, "pets", language=language)
        # What needs no data goes on.
        put(copied.folder, {"a.png": picture(5)})
        assert copied("predict", "first", "a.png", "--lang", language).code == 0


def test_a_cut_run_goes_on_as_if_it_had_not_been(garasu):
    words = ("--data", "pets", "--batch-size", "1", "--seed", "7", "--epochs", "3")
    whole = garasu(*TRAIN, *words, "--name", "whole", "--json")
    cut = garasu.stopped("SIGINT", 2, 3, *TRAIN, *words, "--name", "cut")
    assert cut.code == 130 and "garasu train --resume cut" in cut.out
    put(garasu.folder / "pets", {"cat/!.png": picture(70)})
    again = garasu("train", "--resume", "cut", "--json", "--no-report")
    assert again.code == 0, again.err
    same = ("test_accuracy", "test_loss", "train_loss", "epochs")
    assert {name: again.json[name] for name in same} == {name: whole.json[name] for name in same}
    first, second = (garasu.folder / "runs" / name / "metrics.csv" for name in ("whole", "cut"))
    assert first.read_text() == second.read_text()


class TestCheck:
    def test_as_json(self, garasu):
        put(garasu.folder / "pets", BROKEN | {"dog/same.png": picture(3), "list.csv": b"x"})
        result = garasu("data", "check", "pets", "--json")
        found = result.json
        assert result.code == 0 and result.err == ""
        assert (found["folder"], found["pictures"], found["classes"]) == ("pets", 21, ["cat", "dog"])
        assert found["counts"] == {"all": {"cat": 10, "dog": 11}} and found["formats"] == {"PNG": 21}
        assert [one["file"] for one in found["unreadable"]] == sorted(BROKEN)
        same = {"files": ["cat/3.png", "dog/same.png"], "across_split": False, "across_classes": True}
        assert found["copies"] == [same] and found["outside"] == ["list.csv"]
        assert found["sizes"] == {key: [10, 12] for key in ("least", "median", "greatest")}

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_in_words(self, garasu, language):
        put(garasu.folder / "own", pets(3, prefix="train/") | {"test/cat/9.png": picture(2), "test/dog/8.png": b"x"})
        result = garasu("data", "check", "own", "--lang", language)
        assert result.code == 0 and result.err == "" and bool(JAPANESE.search(result.out)) == (language == "ja")
        for word in ("own", "7", "10 x 12", "PNG 7", "own/test/dog/8.png", "test/cat/9.png = train/cat/2.png"):
            assert word in result.out
        (row,) = [line.split() for line in result.out.splitlines() if line.startswith("cat")]
        assert row == ["cat", "3", "1"]

    def test_many_are_not_all_listed(self, garasu):
        put(garasu.folder / "pets", {f"cat/{k}.txt": b"x" for k in range(30)})
        shown = garasu("data", "check", "pets").out
        assert shown.count(".txt") == 10 and "20 more" in shown
        assert len(garasu("data", "check", "pets", "--json").json["unreadable"]) == 30

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_wrong_use(self, garasu, language):
        garasu("data", "check", "--lang", language).sentence(2, "garasu data check", language=language)
        garasu("data", "check", "none", "--lang", language).sentence(1, "none", language=language)
        garasu("data", "check", "pets/cat", "--lang", language).sentence(1, "pets/cat", "0", language=language)

    def test_names_that_are_no_text(self, garasu):
        put(garasu.folder / "pets", {"c\udcfft/1.png": picture(50), "c\udcfft/\udc81.png": b"x"})
        found = json.loads(garasu("data", "check", "pets", "--json").out)
        assert "c\\udcfft" in found["classes"] and found["unreadable"][0]["file"] == "c\udcfft/\udc81.png"
        assert garasu(*TRAIN, "--data", "pets").code == 0


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_in_a_terminal_only_and_gone_at_the_end(terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=80)
    with decoding(console) as tell:
        for done in range(1, 4):
            tell(done, 3)
    assert ("3/3" in out.getvalue()) == terminal
    assert ("\x1b[?25h" in out.getvalue()) == terminal  # the cursor is there again
