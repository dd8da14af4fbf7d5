"""The report: one file that needs nothing else, says what the run says, in both languages."""

import base64
import re
import shlex
from functools import cache
from html.parser import HTMLParser
from types import SimpleNamespace

import attrs
import numpy as np
import pytest
from attrs import evolve
from PIL import Image

from garasu import reports
from garasu.cli import train
from garasu.messages import language as current_language
from garasu.messages import set_language, text
from garasu.models import run as runs
from garasu.models.measure import interval, measure, with_interval
from garasu.reports.command import command
from garasu.train import run_folder


def written(run):
    return reports.write(run).page


VOID = {"meta", "img", "br"}
ALWAYS = {"sample_images", "image_numbers", "one_hot", "chain_of_shapes", "training_curves", "misclassified"}
ALWAYS |= {"confusion_matrix"}


class Page(HTMLParser):
    """What a page holds; fails on a tag that is not closed in its turn."""

    def __init__(self, path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.open, self.tags, self.words = [], [], []
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(self.words)

    def images(self):
        return [attributes for tag, attributes in self.tags if tag == "img"]


@cache
def _shown(run, language):
    return Page(written(run))


def shown(run):
    """The page of a run nobody has touched, in the language in use; written once, for drawing takes seconds."""
    return _shown(run, current_language())


@pytest.fixture(params=["straight", "filtered", "own"])
def run(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures of one pixel, for tests of what is written: nearly all of a report's time goes into drawing."""

    def save(figure, path, **settings):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (1, 1)).save(path)
        return path

    monkeypatch.setattr("garasu.figures.save", save)


def test_the_page_needs_nothing_but_itself(run, language):
    page = shown(run)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "base"})
    for tag, attributes in page.tags:
        for name in ("src", "href", "style", "srcset"):
            value = attributes.get(name) or ""
            assert ("url(" not in value and (tag, name) == ("img", "src")) or "//" not in value
    assert "url(" not in page.source and "@import" not in page.source
    assert dict(page.tags)["html"]["lang"] == language


def test_its_pictures_are_the_files_beside_it(run):
    page = Page(written(run))
    inside = [base64.b64decode(one["src"].removeprefix("data:image/png;base64,")) for one in page.images()]
    beside = {path.stem: path.read_bytes() for path in (run.folder / "figures").glob("*.png")}
    assert beside.keys() >= ALWAYS
    assert sorted(inside) == sorted(beside.values())
    assert all(one["alt"].strip() for one in page.images())


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(("name", "special"), [("straight", {"weight_images"}), ("filtered", None), ("own", None)])
def test_a_network_is_looked_into_where_it_can_be(name, special, request):
    run = request.getfixturevalue(name)
    reports.write(run)
    found = {path.stem for path in (run.folder / "figures").glob("*.png")} - ALWAYS
    assert found == (special or {f"feature_maps_{n}" for n in layers_with_maps(run)})


def layers_with_maps(run):
    names = [str(layer.name) for layer in run.model.network.layers]
    return {"conv_filter", "max_pooling"} if "conv_filter" in names else {"conv_1", "pool_1"}


def test_the_figures_are_those_of_the_run(run):
    page, found = shown(run), measure(run)
    low, high = interval(found.right, len(found.labels))
    for words in (f"{100 * found.accuracy:.2f} %", f"{found.loss:.4f}", f"{100 * low:.1f}", f"{100 * high:.1f}"):
        assert words in page.text
    assert f"{run.model.network.parameter_count:,}" in page.text
    assert run.dataset.sha256 in page.text
    for row in found.per_class:
        shares = [with_interval(row[name], row[f"{name}_interval"]) for name in ("recall", "precision", "f1")]
        assert re.search(" +".join(map(re.escape, [str(row["rows"]), *shares])), page.text)
    for row in found.mistakes[:5]:
        share = with_interval(row["share"], row["share_interval"])
        assert re.search(" +".join(map(re.escape, [row["class"], row["answer"], str(row["count"]), share])), page.text)


def test_it_says_what_it_is_in_both_languages(run, language):
    page = shown(run)
    for key in ("data", "network", "learning", "mistakes", "settings", "per_class", "versions"):
        assert text(f"page.{key}") in page.text
    other = "en" if language == "ja" else "ja"
    set_language(other)
    assert text("page.mistakes") not in page.text
    assert text("page.mistakes") in shown(run).text  # and can be made again in the other


def test_names_are_escaped_and_broken_files_named(own):
    page = shown(own)
    assert "<b>&amp" in page.text and "<i>broken.jpg" in page.text  # as text, not as tags
    assert "i" not in {tag for tag, _ in page.tags}


@pytest.mark.usefixtures("undrawn")
def test_pictures_of_folders_come_from_every_class(own, monkeypatch):
    """In a folder one class follows the other: the first ten would all be one."""
    from garasu import figures

    seen = []
    drawn = figures.sample_images

    def kept(images, labels, *rest, **named):
        seen.extend(labels.tolist())
        return drawn(images, labels, *rest, **named)

    monkeypatch.setattr(figures, "sample_images", kept)
    reports.write(own)
    assert seen[:6] == [0, 1, 2, 0, 1, 2]


def understood(run):
    """What ``garasu train`` makes of the command that is shown."""
    chosen = train.command.make_context("train", shlex.split(command(run))[2:]).params
    names = {field.name for field in attrs.fields(runs.RunSettings)}
    return runs.RunSettings(**{name: chosen[name] for name in names & chosen.keys() if chosen[name] is not None})


def test_the_command_that_is_shown_trains_the_same(own, tmp_path):
    again = runs.start(understood(own), tmp_path)
    again.train()
    for mine, theirs in zip(again.model.get_weights(), own.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_an_optimizer_with_a_schedule_reads_as_it_is_written():
    from garasu.networks import describe
    from garasu.optimizers import SGD
    from garasu.reports.page import _words
    from garasu.schedules import ExponentialDecay

    said = _words(describe(SGD(learning_rate=ExponentialDecay(0.1, 10, 0.5))))
    assert said.startswith("SGD(learning_rate=ExponentialDecay(initial_learning_rate=0.1, ") and "{" not in said


COMMANDS = [
    (
        {"network": "c9", "replacement": False, "epochs": 3, "batch_size": 128, "seed": 7},
        "garasu train c9 --data digits --epochs 3 --batch-size 128 --seed 7",
    ),
    (
        {"network": "c14", "replacement": True, "steps": 9, "batch_size": 1, "steps_per_epoch": 3},
        "garasu train c14 --data digits --steps 9 --batch-size 1 --steps-per-epoch 3 --seed 0",
    ),
    (
        {"network": "c14", "replacement": False, "data": "my 写真", "engine": "eager", "precision": "float64"},
        "garasu train c14 --data 'my 写真' --seed 0 --precision float64 --engine eager --no-replacement",
    ),
    (
        {"network": "c9", "replacement": True, "epochs": 1},
        "garasu train c9 --data digits --epochs 1 --seed 0 --replacement",
    ),
]


@pytest.mark.parametrize(("settings", "said"), COMMANDS)
def test_the_command_leaves_out_what_is_so_anyway_and_is_understood(settings, said):
    run = SimpleNamespace(settings=runs.RunSettings(**settings))
    assert command(run) == said
    found = understood(run)
    for name, value in settings.items():
        left_out = name == "replacement" and f"{name}" not in said
        assert getattr(found, name) == (None if left_out else value)


@pytest.mark.usefixtures("undrawn")
def test_a_run_of_some_steps_says_how_many(straight, tmp_path):
    """Not how many whole epochs: that may be none."""
    assert re.search(rf"1 *{text('page.epochs')}", Page(written(straight)).text)
    one = runs.start(runs.RunSettings(network="c4", data="digits-8x8", steps=20), tmp_path)
    one.train()
    assert one.model.epoch == 1 and one.model.position == 5
    assert re.search(rf"20 *{text('page.steps')}", Page(written(one)).text)
    one.checkpoint = run_folder.BEST
    assert text("page.chosen", epoch=2) in Page(written(one)).text


@pytest.mark.usefixtures("undrawn")
def test_a_run_that_was_not_trained_to_its_end_says_so(straight):
    record = straight.record
    try:
        straight.record = {**record, "status": "interrupted"}
        assert text("page.unfinished", status=text("cli.status_interrupted")) in Page(written(straight)).text
    finally:
        straight.record = record
    assert text("page.unfinished", status=text("cli.status_finished")) not in Page(written(straight)).text


def test_nothing_of_the_run_is_changed(straight):
    kept = [path for path in straight.folder.rglob("*") if path.suffix in (".json", ".csv", ".safetensors")]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in kept}
    reports.write(straight)
    assert len(before) >= 4 and before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in kept}


@pytest.mark.usefixtures("undrawn")
def test_of_the_best_checkpoint_it_says_so_and_replaces_nothing(straight):
    from garasu.models import run as runs
    from garasu.train import run_folder

    last = reports.write(straight).page
    before = last.read_bytes()
    best = reports.write(runs.reopen(straight.folder, run_folder.BEST))
    assert last.read_bytes() == before and best.page.name == "report-best.html"
    assert {path.parent.name for path in best.figures} == {"figures-best"}
    page = Page(best.page)
    assert text("page.chosen", epoch=1) in page.text and "garasu train" not in page.text


@pytest.mark.usefixtures("undrawn")
def test_a_network_whose_outputs_are_not_finite_gets_a_page_that_says_so(straight, tmp_path):
    import shutil

    from garasu.models import run as runs

    copy = runs.reopen(shutil.copytree(straight.folder, tmp_path / "spoilt"))
    copy.model.set_weights([np.full_like(array, 1e38) for array in copy.model.get_weights()])
    page = Page(written(copy))
    assert text("page.not_finite") in page.text and "misclassified" in page.text
    assert text("page.not_finite") not in Page(written(straight)).text


@pytest.mark.usefixtures("undrawn")
def test_without_a_mistake_none_are_announced(straight, monkeypatch):
    from garasu.reports import report

    found = measure(straight)
    matrix = np.diag(np.bincount(found.labels))
    perfect = evolve(found, accuracy=1.0, answers=found.labels, matrix=matrix)
    monkeypatch.setattr(report, "measure", lambda run: perfect)
    page = Page(written(straight))
    assert text("page.mistakes_none") in page.text and text("page.mistakes_see") not in page.text
    assert text("page.commonest") not in page.text


def test_the_interval_is_wilsons():
    """98 of 100: the centre (0.98 + z^2/200) / (1 + z^2/100) = 0.9622, half its width 0.0322, by hand."""
    low, high = interval(98, 100)
    assert (round(low, 4), round(high, 4)) == (0.93, 0.9945)
    assert interval(0, 10)[0] == 0.0 and interval(10, 10)[1] == pytest.approx(1.0)
