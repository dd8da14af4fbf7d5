"""A trace as a notebook shows it: every number against NumPy, in both languages."""

import copy
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from garasu import layers, losses, networks
from garasu.array import leaves, map_leaves
from garasu.layers import Run
from garasu.messages import set_language

NASTY = "<script>&"


def words(element):
    return "".join(element.itertext())


def rows(page):
    """The rows of the page's one table by their first cell; each is [words of the cells]."""
    (table,) = ET.fromstring(page).iter("table")
    return {words(row[0]): [words(cell) for cell in row[1:]] for row in table.find("tbody")}


def notes(page):
    return [words(one) for one in ET.fromstring(page).iter("p")]


def widths(page):
    return [int(found) for found in re.findall(r"width:(\d+)%", page)]


@pytest.fixture
def run():
    """A maker of traces: through these layers, over five rows of four numbers."""

    def make(*chosen, loss="sparse_categorical_crossentropy", asarray=np.asarray, spoil=None):
        network = networks.Network(chosen, (4,))
        params, state = network.init(seed=0)
        draw = np.random.default_rng(1)
        x = draw.normal(size=(5, 4)).astype(np.float32)
        if spoil:
            spoil(x, params)
        t = np.array([0, 1, 2, 1, 0]) if loss.startswith("sparse") else np.eye(3, dtype=np.float32)[[0, 1, 2, 1, 0]]
        given = map_leaves(asarray, {"params": params, "state": state, "x": x, "t": t, "r": np.full(5, 0.2, x.dtype)})
        return networks.trace(network, losses.get(loss), *given.values(), Run(True))

    return make


@pytest.fixture
def plain(run):
    """A pass through a hidden layer with relu and an output with softmax."""
    return run(layers.Dense(8, activation="relu", name="hidden"), layers.Dense(3, activation="softmax", name="out"))


def test_the_numbers(plain):
    page = plain._repr_html_()
    found = rows(page)
    assert list(found) == ["input", "hidden", "hidden.activation", "out", "out.activation"]
    y = plain.outputs["hidden.activation"]
    zeros = 100 * np.mean(y == 0)
    assert 0 < zeros < 100
    assert found["hidden.activation"][:5] == ["(5, 8)", "0", f"{y.mean():.4f}", f"{y.max():.4f}", f"{zeros:.1f}%"]
    assert found["input"][:2] == ["(5, 4)", f"{plain.inputs.min():.4f}"]
    for name in ("hidden", "hidden.activation", "out"):
        assert found[name][5] == f"{np.linalg.norm(plain.errors[name]):.4f}"
    for name in ("hidden", "out"):
        norms = {key: np.linalg.norm(grad) for key, grad in plain.grads[name].items()}
        assert found[name][6] == "".join(f"{key}{norm:.4f}" for key, norm in norms.items())
    assert found["hidden.activation"][6] == found["input"][6] == ""
    assert f"mean loss: {plain.loss.mean():.4f}" in page and "rows: 5" in page


def test_the_place_where_the_loss_starts(run, plain):
    assert rows(plain._repr_html_())["out.activation"][5] == "–"
    assert notes(plain._repr_html_())[-1].startswith("–: the loss is worked out together with this activation")
    whole = run(layers.Dense(3, name="out"), loss="mse")._repr_html_()
    assert len(notes(whole)) == 1


def test_bars_are_powers_of_ten(plain):
    def set_sizes(**sizes):
        for name, size in sizes.items():
            plain.grads[name] = {key: grad * (size / np.linalg.norm(grad)) for key, grad in plain.grads[name].items()}

    set_sizes(hidden=5e-4, out=5e-20)
    page = plain._repr_html_()
    assert "from 1e-11 to 1e-3" in notes(page)[0]
    assert widths(page) == [96, 96, 0, 0]
    assert rows(page)["out"][6] == "kernel5.00e-20bias5.00e-20"
    set_sizes(out=5e-8)
    assert widths(plain._repr_html_()) == [96, 96, 46, 46]


def test_vanishing_gradients_are_seen(run):
    deep = [layers.Dense(16, activation="sigmoid", name=f"d{k}") for k in range(7)]
    found = widths(run(*deep, layers.Dense(3, activation="softmax", name="out"))._repr_html_())
    kernels = found[::2]
    assert len(kernels) == 8 and kernels == sorted(kernels) and kernels[-1] - kernels[0] > 30


def test_no_gradient_at_all(plain):
    for leaf in leaves(plain.grads):
        leaf[:] = 0
    assert widths(plain._repr_html_()) == [0, 0, 0, 0]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_the_first_that_is_not_finite(run, wrong):
    def spoil(x, params):
        params["out"]["kernel"][0, 0] = wrong

    hidden = layers.Dense(8, activation="relu", name="hidden")
    with np.errstate(all="ignore"):
        one = run(hidden, layers.Dense(3, activation="softmax", name="out"), spoil=spoil)
    page = one._repr_html_()
    assert notes(page)[0] == "The first array with NaN or infinity: out: output"
    assert not np.isfinite(float(rows(page)["out"][1])) or not np.isfinite(float(rows(page)["out"][3]))
    assert rows(page)["hidden"][0] == "(5, 8)"
    set_language("ja")
    assert notes(one._repr_html_())[0] == "NaN か無限大が最初に現れた配列: out: 出力"


def test_infinity_less_infinity_and_numbers_too_large_to_square():
    both = np.array([[np.inf, -np.inf, 1.0]])
    trace = networks.Trace(both, {"a": both}, {}, both[0], {"a": np.array([1e200, 0.0])}, {"a": {"kernel": both}})
    page = trace._repr_html_()
    assert rows(page)["a"] == ["(1, 3)", "-inf", "nan", "inf", "0.0%", "inf", "kernelinf"]
    assert widths(page) == [0] and "mean loss: nan" in page


def test_all_is_well_and_nothing_is_said(plain, language):
    page = plain._repr_html_()
    assert not any("NaN" in note for note in notes(page))
    assert "<strong>" not in page


def test_in_japanese(plain):
    set_language("ja")
    page = plain._repr_html_()
    head = [words(cell) for cell in ET.fromstring(page).find(".//thead/tr")]
    assert head == ["層", "出力の形", "最小", "平均", "最大", "0 の割合", "誤差 (L2)", "勾配 (L2)"]
    assert f"順伝播と逆伝播 1 回分（5 行、損失の平均 {plain.loss.mean():.4f}）" in page
    assert "この活性化関数" in notes(page)[-1]


def test_nothing_is_written_to(plain):
    before = copy.deepcopy([array for _, array in plain.numbers()])
    plain._repr_html_()
    assert all(map(np.array_equal, before, (array for _, array in plain.numbers())))


def test_arrays_of_jax(run, plain):
    import jax

    chosen = layers.Dense(8, activation="relu", name="hidden"), layers.Dense(3, activation="softmax", name="out")
    mine, theirs = rows(plain._repr_html_()), rows(run(*chosen, asarray=jax.numpy.asarray)._repr_html_())
    assert mine.keys() == theirs.keys()
    assert float(mine["hidden"][5]) == pytest.approx(float(theirs["hidden"][5]), abs=2e-4)


def test_blocks_name_their_inner_arrays(run):
    block = layers.Residual([layers.Dense(4, name="inner")], name="block")
    page = run(block, layers.Dense(3, activation="softmax", name="out"))._repr_html_()
    assert re.match(r"inner/kernel\S+inner/bias", rows(page)["block"][6])


def test_no_rows():
    empty = np.zeros((0, 3), np.float32)
    page = networks.Trace(empty, {"a": empty}, {}, np.zeros(0), {"a": empty}, {})._repr_html_()
    assert rows(page)["a"] == ["(0, 3)", "–", "–", "–", "–", "0", ""]


def test_names_are_escaped_and_numbers_stand_right(run):
    page = run(layers.Dense(3, activation="softmax", name=NASTY))._repr_html_()
    assert NASTY in rows(page) and "<script" not in page and "&lt;script&gt;&amp;" in page
    (table,) = ET.fromstring(page).iter("table")
    row = table.find("tbody")[1]
    assert [("right" in cell.get("style")) for cell in row] == [False, False, True, True, True, True, True, False]
    assert row[0].get("scope") == "row" and table.find("caption") is not None
    assert {cell.get("scope") for cell in table.find("thead/tr")} == {"col"}
    assert set(re.findall(r"background:[^;\"]*", page)) == {"background:currentColor"}
