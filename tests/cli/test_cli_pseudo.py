"""The whole command line in a language that there is not: whatever stays plain was never in the catalogue.

``garasu_pseudo.py`` says how. Every command names the values, as patterns, that it may show: what comes from data, from
the user's own words or from the machine. All commands run in one process, in this order, in one folder.
"""

import inspect
import json
from pathlib import Path

import pytest
from attrs import frozen
from PIL import Image, ImageDraw

from garasu import activations, optimizers
from garasu.layers import Dense
from garasu.testing import samples
from tests.cli.conftest import Commands
from tests.cli.garasu_pseudo import plain, whole

DRIVER = Path(__file__).with_name("garasu_pseudo.py")

OPTION = r"--?[a-z][a-z-]*"
CHOICE = r"\[\w+(?:\|\w+)+\]|\w+(?:\|\w+)+"
META = "OPTIONS|COMMAND|ARGS|NETWORK|RUN|LAYER|FILE|CLASS|JSON|py|VALUE|NAME|IMAGE|TEXT|NUMBER|WORD|PATH"
"""What stands for a value in help and in complaints: the same in every language, as in click's own help."""
PATH = r"/[\w./-]+"
IN_RUN = r"runs/first[\w./-]*"
SECONDS = r"\d+\.\d+s"
SIZE = r"\d+\.\d+ [KMG]?B"
MEANS = "loss|accuracy|val_loss|val_accuracy"
"""The values of an epoch by the names that a history has them under, as Keras prints them."""
NETWORKS = "c4|c5|c9|c14|photos|softmax-regression|hidden-layer|keras-cnn|deep-online|photo-cnn|fast-cnn|fast"
DATA = "digits-8x8|digits|mnist|fashion_mnist"
RUNS = "first|second|third|own|torn"
TORN = r"runs/torn/run\.json|Input data was truncated"
"""A file, and why another library cannot read it, in that library's words."""
CLASSES, FORMATS = r"(?:cat|dog)[\w./-]*", "PNG|L|RGB|x"
VERBS = "train|evaluate|report|predict|data|summary|check|runs|doctor"
LAYERS = r"\w+ \((?:Reshape|Conv2D|MaxPooling2D|Flatten|Dense)\)|None"
PUBLISHED = r"[\w-]+\.gz|B|SHA-256|[0-9a-f]{64}"
RULES = "|".join([*samples.kinds(), *activations.RULES])
"""Classes and functions, as they are called in a program."""
RUNGS = "spec|dtype|purity|rows|differences|vjp|float32|float64"
DENSE = "|".join(inspect.signature(Dense).parameters)
ARRAYS = "x|kernel|bias|ms|µs|s"
PARAMETERS = r"softmax/(?:kernel|bias)|softmax-regression|ms|µs|s"
PACKAGES = r"python|garasu|numpy|jax|jaxlib|scipy|scikit-learn"
CPU = "cpu|jit|float32"


@frozen
class Command:
    """What is typed after ``garasu``, the exit code, the values that may be shown, and what is typed when it asks."""

    words: str
    code: int
    values: tuple[str, ...]
    typed: str | None = None


COMMANDS = {
    "help": Command("--help", 0, ("garasu", OPTION, CHOICE, META, VERBS)),
    "nothing": Command("", 2, ("garasu", OPTION, CHOICE, META, VERBS)),
    **{
        f"help-{verb}": Command(f"{verb} --help", 0, ("garasu", OPTION, CHOICE, META, verb))
        for verb in VERBS.split("|")
    },
    "train": Command("train c4 --epochs 1 --name first", 0, (CPU, NETWORKS, DATA, SECONDS, MEANS, IN_RUN, "first")),
    "train-terminal": Command(
        "train c4 --epochs 1 --name second --no-report",
        0,
        (CPU, NETWORKS, DATA, SECONDS, MEANS, r"runs/second[\w./-]*", "second"),
        "",
    ),
    "train-diverges": Command(
        "train c5 --optimizer sgd --learning-rate 1e30 --epochs 1 --name third",
        1,
        (CPU, NETWORKS, DATA, SECONDS, MEANS, r"runs/third[\w./-]*", "hidden|softmax|kernel|bias"),
    ),
    "train-own": Command(
        "train c4 --data pets --epochs 1 --name own --no-report",
        0,
        (CPU, NETWORKS, SECONDS, MEANS, r"pets|own|runs/own[\w./-]*", CLASSES),
    ),
    "train-asks": Command("train --data mnist", 1, (DATA, SIZE, r"https://[\w./-]+", PATH), "n\n"),
    "train-asks-again": Command("train --data mnist", 1, (DATA, SIZE, r"https://[\w./-]+", PATH), "perhaps\nn\n"),
    "evaluate": Command("evaluate first", 0, (IN_RUN, DATA)),
    "report": Command("report first", 0, (IN_RUN,)),
    "predict": Command("predict first one.png torn.png nowhere.png --show-stages", 1, (r"\w+\.png", IN_RUN)),
    "runs": Command("runs", 0, (RUNS, NETWORKS, DATA, "pets", TORN)),
    "runs-none": Command("runs --out none", 0, ("none",)),
    "summary": Command("summary c9", 0, (NETWORKS, LAYERS, SIZE)),
    "check-rule": Command("check Dense", 0, ("Dense", RUNGS, ARRAYS, r"\d\.\de[+-]\d+")),
    "check-wrong": Command("check mine.py:Twice", 1, ("Twice", RUNGS, "params", ARRAYS, r"[0-9.]+e[+-]?\d+")),
    "check-run": Command("check first --samples 4", 0, (PARAMETERS, r"[0-9.]+e[+-]?\d+", "float64")),
    "check-unknown": Command("check Dens", 2, ("Dens", RULES, RUNS)),
    "check-class": Command("check mine.py:Twic", 2, ("Twic", "Twice")),
    "check-file": Command("check mine.py", 2, (r"mine\.py", "CLASS", "Twice")),
    "check-no-file": Command("check none.py:A", 1, (r"none\.py", "FILE.py:CLASS")),
    "check-settings": Command("check Dense --settings unit=3", 2, ("Dense", "unit", DENSE)),
    "check-shape": Command("check Dense --in-shape 3x3", 2, (OPTION, "3x3")),
    "check-no-run": Command("check --rows 3", 2, (OPTION, "garasu check RUN")),
    "doctor": Command("doctor", 0, (PACKAGES, DATA, PATH, "cpu")),
    "data-list": Command("data list", 0, (DATA, PATH, SIZE)),
    "data-show": Command("data show digits", 0, (DATA, PATH, "[0-9a-f]{64}")),
    "data-show-away": Command("data show mnist", 0, (DATA, r"https://[\w./-]+", PUBLISHED)),
    "data-check": Command("data check pets", 0, ("pets", CLASSES, FORMATS)),
    "data-get": Command("data get digits", 0, (DATA, PATH, "[0-9a-f]{64}")),
    "wrong-option": Command("train --epoch 3", 2, (OPTION,)),
    "wrong-network": Command("train c44", 2, ("c44", NETWORKS)),
    "wrong-network-to-show": Command("summary c44", 2, ("c44", NETWORKS)),
    "wrong-verb": Command("trian", 2, ("trian", VERBS)),
    "wrong-data": Command("train --data minst", 2, ("minst", DATA)),
    "wrong-optimizer": Command("train --optimizer adma", 2, ("adma", "|".join(optimizers.NAMES))),
    "wrong-device": Command("train --device gqu", 2, ("gqu", "cpu|gpu|tpu")),
    "wrong-device-number": Command("train --device cpu:99", 1, ("cpu",)),
    "wrong-run": Command("evaluate frist", 2, ("frist", RUNS)),
    "wrong-run-torn": Command("evaluate torn", 1, (TORN,)),
    "wrong-count": Command("train --epochs 0", 2, (OPTION,)),
    "wrong-rate": Command("train --learning-rate much", 2, (OPTION, "much")),
    "wrong-word": Command("train --engine jitt", 2, (OPTION, "jitt", "eager|jit")),
    "wrong-action": Command("data fetch", 2, (CHOICE, "fetch|list|show|get|check")),
    "wrong-language": Command("--lang fr runs", 2, (OPTION, "fr", "en|ja")),
    "wrong-name": Command("train --name first", 1, (IN_RUN,)),
    "missing-network": Command("summary", 2, (META, "garasu summary")),
    "missing-image": Command("predict", 2, (META, "garasu predict")),
    "missing-image-behind-run": Command("predict first", 2, ("first",)),
    "missing-action": Command("data", 2, (CHOICE, "garasu data")),
    "missing-data-name": Command("data show", 2, ("show",)),
    "missing-value": Command("train --epochs", 2, (OPTION,)),
    "value-of-flag": Command("runs --json=yes", 2, (OPTION,)),
    "two-many": Command("summary c4 c9", 2, (NETWORKS, "garasu summary")),
    "resume-with-network": Command("train c4 --resume first", 2, (META,)),
    "resume-finished": Command("train --resume first", 1, ("first", NETWORKS, DATA)),
}


MINE = """
from garasu.layers import Dense

class Twice(Dense):
    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "kernel": 2 * grads["kernel"]}
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory, caches, forks):
    """What every command said, by its name."""
    cli = Commands(tmp_path_factory.mktemp("pseudo"), caches, forks)
    picture = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(picture).line([(30, 8), (30, 52)], fill=0, width=5)
    picture.save(cli.folder / "one.png")
    (cli.folder / "torn.png").write_bytes(b"no picture")
    for number, name in enumerate(["cat/1", "cat/2", "cat/3", "cat/4", "cat/5", "dog/1", "dog/2", "dog/3", "dog/4"]):
        place = cli.folder / "pets" / f"{name}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (12, 12), 8 * (number % 8)).save(place)  # the last one is a copy of the first
    (cli.folder / "pets" / "dog" / "torn.png").write_bytes(b"no picture")
    (cli.folder / "mine.py").write_text(MINE)
    (cli.folder / "runs" / "torn").mkdir(parents=True)
    (cli.folder / "runs" / "torn" / "run.json").write_text("{")
    typed = [{"words": one.words.split(), "typed": one.typed} for one in COMMANDS.values()]
    result = cli.script(DRIVER, json.dumps(typed), GARASU_PICTURE_CACHE=str(cli.folder / "cache"))
    assert (result.code, result.err) == (0, "")
    return dict(zip(COMMANDS, result.json, strict=True))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_text_comes_from_the_catalogue(spoken, name):
    command, said = COMMANDS[name], spoken[name]
    assert said["code"] == command.code, said
    assert plain(said["out"] + said["err"], command.values) == [], said
    assert whole(said["out"] + said["err"]), said


def test_the_version_is_a_name_and_a_number(cli):
    """Nothing to translate in it."""
    assert cli("--version", "--lang", "ja").out.split()[:-1] == ["garasu"]


def test_whether_a_folder_can_be_read_is_not_left_to_click(cli):
    """Its complaint would be English. (The rights of a folder mean nothing to root, as whom tests often run.)"""
    act = "import os, sys; os.access = lambda *words, **more: False; from garasu.cli import main; sys.exit(main())"
    result = cli("runs", "--out", ".", "--lang", "ja", first=("-c", act))
    assert (result.code, result.err) == (0, "") and "readable" not in result.out


def test_a_text_that_was_written_into_the_program_is_seen():
    assert plain("⟦Ķéþţ îñ runs/first~~⟧", ["runs/first"]) == []
    assert plain("Kept in ⟦runs/first~~⟧", ["runs/first"]) == ["Kept", "in"]
    assert plain("⟦runs/first~~⟧ を保存", ["runs/first"]) == ["を保存"]
    assert plain("⟦ŕûñš~~⟧: first and more", ["first"]) == ["and", "more"]
    assert plain("firstly", ["first"]) == ["firstly"]


def test_a_text_that_was_cut_is_seen():
    assert whole("⟦Ķéþţ ⟦îñ~~⟧~~⟧") and not whole("⟦Ķéþţ...") and not whole("Kept")
