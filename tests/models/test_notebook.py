"""What a notebook shows of models, histories and runs: read back as a page, in both languages."""

import math
import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from garasu import layers, models
from garasu.messages import set_language
from garasu.models import History, notebook

TAGS = frozenset(
    ("div", "p", "span", "strong", "img", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td")
)
NASTY = '<script>alert("&")<script>'


def page(html):
    """The page as a tree: whatever is not escaped, or not closed, is an error here."""
    return ET.fromstring(html)


def words(element):
    return "".join(element.itertext())


def tables(html):
    """Each table of a page: its caption, and its rows as lists of words."""
    return [
        (words(table.find("caption")), [[words(cell) for cell in row] for row in table.iter("tr")])
        for table in page(html).iter("table")
    ]


def assert_plain(html):
    """No scripts, nothing fetched, no colours of its own; tables that say what they are."""
    tree = page(html)
    assert {one.tag for one in tree.iter()} <= TAGS
    assert all(one.get("src").startswith("data:image/png;base64,") for one in tree.iter("img"))
    for style in (one.get("style", "") for one in tree.iter()):
        assert "url" not in style
        assert set(re.findall(r"background[^;]*", style)) <= {"background:currentColor"}
        assert set(re.findall(r"(?<!-)color:[^;]*", style)) <= {"color:inherit"}
    for table in tree.iter("table"):
        assert words(table[0]) and table[0].tag == "caption"
        assert {one.get("scope") for one in table.iter("th")} <= {"row", "col"}
        assert all(row[0].tag == "th" for row in table.iter("tr"))


# ----------------------------------------------------------------------------------------------------------- models


class TestModel:
    def test_the_layers(self, cnn):
        html = cnn()._repr_html_()
        assert_plain(html)
        ((caption, (head, *rows)),) = tables(html)
        assert caption == 'Model: "sequential"'
        assert head == ["layer", "class", "output shape", "parameters", "training"]
        assert rows == [
            ["reshape", "Reshape", "(None, 8, 8, 1)", "0", "–"],
            ["conv", "Conv2D", "(None, 8, 8, 4)", "40", "trained"],
            ["pool", "MaxPooling2D", "(None, 4, 4, 4)", "0", "–"],
            ["flat", "Flatten", "(None, 64)", "0", "–"],
            ["hidden", "Dense", "(None, 16)", "1,040", "trained"],
            ["out", "Dense", "(None, 3)", "51", "trained"],
        ]
        assert re.search(r"text-align:right[^>]*>1,040<", html)
        assert "text-align:right" not in re.search(r"<td[^>]*>Conv2D<", html)[0]

    def test_in_japanese(self, cnn):
        set_language("ja")
        ((caption, (head, *rows)),) = tables(cnn()._repr_html_())
        assert (caption, head) == ('モデル: "sequential"', ["層", "種類", "出力の形", "パラメータ数", "学習"])
        assert rows[1] == ["conv", "Conv2D", "(None, 8, 8, 4)", "40", "対象"]
        assert "パラメータ合計: 1,131 (4.42 KB)" in cnn()._repr_html_()

    def test_what_is_frozen(self):
        inner = [layers.Dense(4, name="in"), layers.Dense(4, trainable=False, name="kept")]
        model = models.Sequential(
            [
                layers.Dense(4, input_shape=(6,), name="first", trainable=False),
                layers.BatchNormalization(name="norm"),
                layers.Residual(inner, name="block"),
            ]
        )
        ((_, (_, *rows)),) = tables(model._repr_html_())
        assert [(row[0], *row[3:]) for row in rows] == [
            ("first", "28", "frozen"),
            ("norm", "16", "trained"),
            ("block", "40", "partly frozen"),
        ]
        told = []
        model.summary(print_fn=told.append)
        totals = [line.strip() for line in told[0].splitlines()[-3:]]
        assert totals[1] == "Trainable params: 28 (112.00 B)"  # 8 of gamma and beta, 20 of "in"
        assert [words(line) for line in page(model._repr_html_()).iter("div")][1:] == totals

    def test_it_allocates_nothing(self, cnn):
        model = cnn()
        model._repr_html_()
        assert model._trees is None

    def test_not_built(self, language):
        model = models.Sequential([layers.Dense(3, name="a"), layers.Dense(2, name="b", trainable=False)], name=NASTY)
        html = model._repr_html_()
        assert_plain(html)
        ((caption, (_, *rows)),) = tables(html)
        assert NASTY in caption
        assert ("not built" if language == "en" else "まだ組み立てられていません") in caption
        marks = ("trained", "frozen") if language == "en" else ("対象", "凍結")
        assert rows == [["a", "Dense", marks[0]], ["b", "Dense", marks[1]]]

    def test_no_layers(self):
        html = models.Sequential(name=NASTY)._repr_html_()
        assert_plain(html)
        assert words(page(html)) == f"The model {NASTY} has no layers yet. Add one with model.add(...)."

    def test_names_are_escaped(self):
        html = models.Sequential([layers.Dense(3, input_shape=(2,), name=NASTY)], name=NASTY)._repr_html_()
        assert_plain(html)
        assert tables(html)[0][1][1][0] == NASTY
        assert "<script" not in html and html.count("&lt;script&gt;alert(&quot;&amp;&quot;)") == 2

    def test_a_part(self, cnn, language):
        whole = cnn()
        part = models.Model(inputs=whole.input, outputs=[whole.get_layer("conv").output, whole.output])
        html = notebook.part_html(part.outputs, NASTY, whole.network)
        assert_plain(html)
        (caption, (_, *rows)), (folded, inner) = tables(html)
        assert NASTY in caption and NASTY in folded
        assert rows == [["conv", "(None, 8, 8, 4)"], ["out", "(None, 3)"]]
        assert len(inner) == 7
        assert words(page(html).find("details/summary")) == ("All layers" if language == "en" else "すべての層")


# -------------------------------------------------------------------------------------------------------- histories


@pytest.fixture
def record():
    """A maker of histories of so many epochs, the validation loss lowest in one of them."""

    def make(epochs, best=1):
        made = History()
        for epoch in range(epochs):
            made.add(epoch, {"loss": 1 / (epoch + 1), "val_loss": 0.25 + abs(epoch + 1 - best) / 100})
        return made

    return make


class TestHistory:
    def test_a_short_one(self, record):
        html = record(3, best=2)._repr_html_()
        assert_plain(html)
        ((caption, rows),) = tables(html)
        assert caption == "Training history, epochs: 3"
        assert rows == [
            ["epoch", "loss", "val_loss"],
            ["1", "1.0000", "0.2600"],
            ["★ 2", "0.5000", "0.2500"],
            ["3", "0.3333", "0.2600"],
        ]
        assert words(page(html).find("div")) == "★ lowest val_loss: 0.2500, epoch 2"
        assert len(re.findall(r"text-align:right[^>]*>0\.2600<", html)) == 2

    def test_in_japanese(self, record):
        set_language("ja")
        html = record(20, best=7)._repr_html_()
        assert [caption for caption, _ in tables(html)] == ["学習の履歴（20 エポック）"] * 2
        assert words(page(html).find("div")) == "★ val_loss が最小: 0.2500（エポック 7）"
        assert words(page(html).find("details/summary")) == "エポック 4 から 10 まで"
        assert page(html).find("img").get("alt") == "学習曲線（20 エポック、値: loss, val_loss）"

    def test_a_long_one_is_folded(self, record):
        html = record(40, best=20)._repr_html_()
        assert_plain(html)
        (_, shown), (_, rest) = tables(html)
        assert [row[0] for row in shown[1:]] == ["1", "2", "3", "⋮", *map(str, range(31, 41))]
        assert shown[4] == ["⋮", "", ""]
        assert [row[0].removeprefix("★ ") for row in rest[1:]] == list(map(str, range(4, 31)))
        assert rest[17] == ["★ 20", "0.0500", "0.2500"]
        assert [words(one) for one in page(html).iter("summary")] == ["Epochs 4 to 30"]
        assert page(html).find("details/table") is not None

    @pytest.mark.parametrize(("epochs", "folds"), [(14, False), (15, True)])
    def test_one_epoch_is_not_folded(self, record, epochs, folds):
        html = record(epochs)._repr_html_()
        assert ("<details" in html) is folds
        assert {int(row[0].removeprefix("★ ")) for _, rows in tables(html) for row in rows[1:] if row[0] != "⋮"} == set(
            range(1, epochs + 1)
        )

    def test_the_curves(self, record, language):
        (image,) = page(record(5)._repr_html_()).iter("img")
        found = Image.open(BytesIO(b64decode(image.get("src").partition(",")[2])))
        assert found.format == "PNG" and found.width == 2 * int(image.get("width"))
        assert len(set(np.asarray(found.convert("L")).ravel().tolist())) > 10  # something is drawn
        assert image.get("alt").startswith("Training curves, epochs: 5" if language == "en" else "学習曲線（5 エポック")

    def test_names_are_escaped(self):
        record = History()
        record.add(0, {"loss": 0.5, NASTY: 0.25})
        html = record._repr_html_()
        assert_plain(html)
        assert "<script" not in html
        assert page(html).find("img").get("alt") == f"Training curves, epochs: 1, values: loss, {NASTY}"

    def test_nothing_to_draw(self):
        record = History()
        record.add(0, {NASTY: 0.5})
        html = record._repr_html_()
        assert_plain(html)
        ((_, rows),) = tables(html)
        assert rows == [["epoch", NASTY], ["1", "0.5000"]]
        assert "<img" not in html and "★" not in html

    def test_values_that_are_missing_or_not_finite(self):
        record = History()
        record.add(4, {"loss": math.nan})
        record.add(5, {"loss": 1e-7, "val_loss": math.inf})
        html = record._repr_html_()
        ((_, rows),) = tables(html)
        assert rows[1:] == [["5", "nan", "nan"], ["6", "1.00e-07", "inf"]]
        assert "★" not in html

    def test_no_epochs(self, language):
        said = {"en": "No epoch has been trained yet.", "ja": "まだ 1 エポックも学習していません。"}
        assert History()._repr_html_() == f"<p>{said[language]}</p>"

    def test_after_training(self, dense, clouds):
        record = dense().fit(*clouds, epochs=2, validation_split=0.2, verbose=0)
        ((_, rows),) = tables(record._repr_html_())
        assert rows[0] == ["epoch", "loss", "acc", "val_loss", "val_acc"]
        assert rows[2][1] == f"{record.history['loss'][1]:.4f}"


# ------------------------------------------------------------------------------------------------------------- runs


@pytest.fixture
def run():
    """A record as run.json has it."""
    return {
        "name": "c9-digits-1",
        "network": "c9",
        "settings": {"epochs": 20, "learning_rate": 0.0003, "optimizer": None, "image_size": [48, 64]},
        "loss": {"name": "CategoricalCrossentropy", "reduction": "mean"},
        "optimizer": {"name": "Adam"},
        "seed": 1234567,
        "data": {"name": "digits", "sha256": "0", "train_rows": 1500, "test_rows": 297},
        "parameters": 3_222_954,
        "device": "cpu:0",
        "versions": {"python": "3.11.9", "numpy": "2.3.1"},
        "status": "finished",
        "results": {
            "epochs": 20,
            "train_accuracy": 1.0,
            "test_accuracy": 0.98051,
            "train_loss": 0.0022,
            "test_loss": 0.0689,
            "seconds": 12.34567,
        },
    }


class TestRun:
    def test_all_of_it(self, run):
        html = notebook.run_html(run, Path("runs/c9-digits-1"))
        assert_plain(html)
        found = tables(html)
        assert found[0] == (
            'Run "c9-digits-1"',
            [
                ["folder", "runs/c9-digits-1"],
                ["network", "c9"],
                ["data", "digits (training 1,500, test 297)"],
                ["parameters", "3,222,954"],
                ["seed", "1234567"],
                ["device", "cpu:0"],
                ["status", "finished"],
            ],
        )
        rows = [["", "training", "test"], ["accuracy", "1.0000", "0.9805"], ["loss", "0.0022", "0.0689"]]
        assert found[1] == ("Results", rows)
        assert [words(one) for one in page(html).iter("summary")] == ["Settings", "Other measurements", "Versions"]
        assert [rows for _, rows in found[2:]] == [
            [
                ["epochs", "20"],
                ["learning_rate", "0.0003"],
                ["optimizer", '{"name": "Adam"}'],
                ["image_size", "[48, 64]"],
                ["loss", '{"name": "CategoricalCrossentropy", "reduction": "mean"}'],
            ],
            [["epochs", "20"], ["seconds", "12.3457"]],
            [["python", "3.11.9"], ["numpy", "2.3.1"]],
        ]
        assert len(list(page(html).iterfind("details/table"))) == 3

    def test_in_japanese(self, run):
        set_language("ja")
        found = tables(notebook.run_html(run, Path("runs/c9-digits-1")))
        assert found[0][0] == "学習結果「c9-digits-1」"
        assert ["データ", "digits (学習 1,500, テスト 297)"] in found[0][1] and ["状態", "完了"] in found[0][1]
        assert found[1] == (
            "結果",
            [["", "学習", "テスト"], ["正解率", "1.0000", "0.9805"], ["損失", "0.0022", "0.0689"]],
        )

    def test_one_that_has_just_begun(self, run, language):
        html = notebook.run_html({**run, "status": "training", "results": None}, Path("runs/c9-digits-1"))
        assert_plain(html)
        assert words(page(html).find("p")) == (
            "There are no results yet." if language == "en" else "まだ結果はありません。"
        )
        assert tables(html)[0][1][-1][1] == ("training" if language == "en" else "学習中")
        assert len(tables(html)) == 3

    @pytest.mark.parametrize("status", ["interrupted", "failed", "damaged", None])
    def test_any_status(self, run, status):
        rows = tables(notebook.run_html({**run, "status": status}, Path("runs/x")))[0][1]
        assert rows[-1] == ["status", status or "–"]

    def test_no_record(self):
        html = notebook.run_html({}, Path("runs") / NASTY)
        assert_plain(html)
        ((caption, rows),) = tables(html)
        assert NASTY in caption and rows[0][1].endswith(NASTY)
        assert {row[1] for row in rows[1:]} == {"–"}

    def test_everything_is_escaped(self, run):
        nasty = {**run, "name": NASTY, "network": NASTY, "device": NASTY, "status": NASTY, "loss": {NASTY: NASTY}}
        nasty |= {"data": {"name": NASTY, f"{NASTY}_rows": 7}, "settings": {NASTY: NASTY}, "versions": {NASTY: NASTY}}
        html = notebook.run_html(nasty, Path(NASTY))
        assert_plain(html)
        assert "<script" not in html
        assert ["data", f"{NASTY} ({NASTY} 7)"] in tables(html)[0][1]
        assert tables(html)[-1][1] == [[NASTY, NASTY]]
