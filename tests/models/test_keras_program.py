"""The course's Keras program runs on Garasu with only its import lines changed: exactly those docs/keras.md shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from garasu import data

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "examples" / "keras_program.py"
RUNNER = Path(__file__).with_name("keras_program_runner.py")
PICTURES = ("digits.png", "accuracy.png", "loss.png", "convolution.png", "pooling.png", "mistakes.png")


def difference(page):
    """The lines taken away and those put in their place, as a page of the docs shows them."""
    block = re.search(r"```diff\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL).group(1)
    return [[line[1:] for line in block.splitlines() if line.startswith(sign)] for sign in "-+"]


def program_on_keras():
    """The program's text with the import lines of TensorFlow's Keras."""
    old, new = difference("keras.md")
    text = PROGRAM.read_text(encoding="utf-8")
    assert "\n".join(new) in text
    return text.replace("\n".join(new), "\n".join(old))


def started(program, which, rows, folder):
    folder.mkdir()
    environment = {
        **os.environ,
        "KERAS_BACKEND": "jax",
        "PYTHONPATH": str(ROOT / "src"),
        "LANG": "C.UTF-8",
        "LC_ALL": "",
    }
    environment["PYTHONWARNINGS"] = "error" if which == "garasu" else "default"  # Keras's own are not looked at here
    command = [sys.executable, str(RUNNER), str(program), which, str(rows)]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=-1, stderr=-1, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What the program prints on Garasu and on Keras, both run at once on 384 and 50 real digits."""
    folder = tmp_path_factory.mktemp("keras-program")
    digits = data.load("digits")
    rows = folder / "rows.npz"
    kinds = {"x_train": digits.train_images, "y_train": digits.train_labels}
    kinds |= {"x_test": digits.test_images, "y_test": digits.test_labels}
    np.savez(rows, **{name: a[: 384 if "train" in name else 50].astype(np.uint8) for name, a in kinds.items()})
    on_keras = folder / "on_keras.py"
    on_keras.write_text(program_on_keras(), encoding="utf-8")
    running = [started(PROGRAM, "garasu", rows, folder / "g"), started(on_keras, "keras", rows, folder / "k")]
    told = []
    for process, name in zip(running, "gk", strict=True):
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert {path.name for path in (folder / name).iterdir()} == set(PICTURES)
        told.append((out, err))
    return told


def own_lines(out):
    """What the program itself prints: no table, no epochs."""
    return [line for line in out.splitlines() if re.match(r"[a-z(]", line)]


def table(out):
    """The rows of the summary: name, class, shape, count; and the three totals."""
    rows = re.findall(r"│ (\w+) \((\w+)\) +│ (\(.*?\)) +│ +([\d,]+) │", out)
    return rows, re.findall(r"^ (?:Total|Trainable|Non-trainable) params: .*$", out, re.MULTILINE)


class TestKerasProgram:
    def test_only_import_lines_differ(self):
        old, new = difference("keras.md")
        assert all(re.match(r"(import|from) (tensorflow|garasu)\b", line) for line in old + new)
        before, after = PROGRAM.read_text(encoding="utf-8").splitlines(), program_on_keras().splitlines()
        assert [line for line in before if line not in after] == new
        assert [line for line in after if line not in before] == old

    def test_both_languages_show_the_same_difference(self):
        assert difference("keras.md") == difference("keras.ja.md")

    def test_it_prints_what_keras_prints(self, outputs):
        (ours, _), (theirs, _) = outputs
        assert own_lines(ours) == own_lines(theirs)
        assert len(own_lines(ours)) == 8

    def test_the_summary_is_keras_s(self, outputs):
        (ours, _), (theirs, _) = outputs
        assert table(ours) == table(theirs)
        assert [row[3] for row in table(ours)[0]] == ["0", "416", "0", "0", "3,212,288", "10,250"]
        assert table(ours)[1][0] == " Total params: 3,222,954 (12.29 MB)"

    def test_it_warns_of_nothing(self, outputs):
        assert outputs[0][1] == ""
