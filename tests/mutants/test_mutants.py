"""The mutation run itself: its changes change something, the true rule comes back, and nothing is explained away."""

import ast
import tomllib
from pathlib import Path

import numpy as np
import pytest

import mutants
from garasu.layers import Dense
from mutants.operators import mutants as changes
from mutants.proofs import Proof, proofs
from mutants.report import note
from mutants.run import Fate, fates
from mutants.swap import code_of, swapped
from mutants.targets import ABSTRACT, PACKAGES, ROOT, RULES, changes_of, targets

DENSE = next(one for one in targets() if one.name == "layers/dense.py:Dense.backward")
EXPLAINED = tomllib.loads((Path(mutants.__file__).parent / "explained.toml").read_text(encoding="utf-8"))


def of(source):
    tree = ast.parse(source)
    return [(one.kind, one.after) for one in changes(tree, tree.body[0])]


@pytest.mark.parametrize(
    ("body", "kind", "after"),
    [
        ("return a - b, {}", "sign", "a + b"),
        ("return -a", "sign", "a"),
        ("return f(a)", "sign", "-f(a)"),
        ("return f(a)", "factor", "2.0 * f(a)"),
        ("return a", "sign", "-a"),
        ("return a, {}", "factor", "2.0 * a"),
        ("return b", "factor", "0.0 * b"),
        ("found.append(a)", "sign", "-a"),
        ("return a * b", "factor", "a / b"),
        ("return a * b", "factor", "a"),
        ("x = 3.0 * a", "factor", "6.0"),
        ("x = xp.sum(a, axis=0)", "axis", "1"),
        ("x = xp.sum(a, axis=(0, 1))", "axis", "(0,)"),
        ("x = a[0]", "index", "1"),
        ("x = xp.where(c, a, b)", "index", "xp.where(c, b, a)"),
        ("x = convolve(a, b, stride, pads)", "index", "convolve(a, b, pads, stride)"),
        ("x = a.T", "transpose", "a"),
        ("x = xp.matmul(a, b)", "transpose", "xp.matmul(b, a)"),
        ("x = a > b", "comparison", "a >= b"),
        ("grads['bias'] = xp.sum(a)", "factor", "2.0 * xp.sum(a)"),
    ],
)
def test_a_change_of_every_kind(body, kind, after):
    assert (kind, after) in of(f"def backward(a, b):\n    {body}")


def test_dicts_and_lists_have_no_sign():
    assert of("def backward(a):\n    grads = {}\n    return grads") == []
    assert of("def backward(a):\n    found: list = []\n    return found") == []


def test_docstrings_are_no_rules():
    assert of('def backward(a):\n    """dx = 2 a, axis 0."""') == []


def test_every_backward_rule_is_a_target():
    named = {one.name for one in targets()}
    for package in PACKAGES:
        for path in (ROOT / package).glob("*.py"):
            file = f"{package}/{path.name}"
            if file in ABSTRACT:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                rules = node.body if isinstance(node, (ast.ClassDef, ast.Module)) else []
                for one in rules:
                    if isinstance(one, ast.FunctionDef) and one.name in RULES:
                        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                        assert f"{file}:{owner}{one.name}" in named


def test_a_changed_rule_runs_for_a_moment_only():
    x, W, dy = np.ones((1, 2)), {"kernel": np.ones((2, 1)), "bias": np.ones(1)}, np.ones((1, 1))
    true, _ = Dense(1).backward(W, {"x": x}, dy)
    minus = next(one for one in changes(DENSE.module, DENSE.node) if one.kind == "sign" and "dy, W" in one.after)
    with swapped(DENSE.function(), code_of(minus.tree, DENSE)):
        changed, _ = Dense(1).backward(W, {"x": x}, dy)
    again, _ = Dense(1).backward(W, {"x": x}, dy)
    assert np.array_equal(changed, -true) and np.array_equal(again, true)


def test_every_mutant_of_dense_is_noticed_by_its_row():
    rows = [one.name for one in proofs() if one.name.startswith("Dense")]
    found = fates(DENSE.name, {DENSE.name: rows})
    assert len(found) > 10
    assert [fate.id for fate in found if not fate.caught] == []


def test_who_gets_past_is_told():
    found = fates(DENSE.name, {})
    assert not any(fate.caught for fate in found)
    page = note(found, {found[0].id: "because"}, "today")
    assert "0 of" in page and "| because |" in page and page.count("**not explained**") == len(found) - 1


def test_a_proof_that_fails_with_nothing_changed_is_no_proof():
    def fails():
        raise AssertionError

    assert Proof("broken", fails).verdict() == "hand"
    assert Proof("crash", lambda: 1 / 0).verdict() == "error"
    assert Proof("good", lambda: None).verdict() is None


def test_only_mutants_that_exist_are_explained():
    known = set()
    for target in targets():
        counts = {}
        for one in changes_of(target):
            counts[one.kind] = counts.get(one.kind, 0) + 1
            known.add(f"{target.name}#{one.kind}{counts[one.kind]}")
    assert set(EXPLAINED) <= known
    assert len(known) >= 150
    assert isinstance(Fate("", "", "", "", 0, "", "", None, None).caught, bool)
