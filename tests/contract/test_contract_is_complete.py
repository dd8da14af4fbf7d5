"""The suite fails if a public rule has no row in the contract table."""

import ast
from pathlib import Path

import pytest

from garasu import activations, layers, losses, optimizers
from tests.contract.contract_rows import ACTIVATION_ROWS, LAYER_ROWS, LOSS_ROWS, OPTIMIZER_ROWS

CASES = [row.case for rows in (LAYER_ROWS, LOSS_ROWS, OPTIMIZER_ROWS) for row in rows]


def public(package, base, *abstract):
    """The classes that a package offers under its name."""
    offered = [getattr(package, name) for name in package.__all__]
    return {one for one in offered if isinstance(one, type) and issubclass(one, base) and one not in abstract}


def written(package, base):
    """The classes named as subclasses of ``base`` in a package's files, offered or not."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(package.__file__).parent.glob("*.py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node.name for node in classes if any(isinstance(b, ast.Name) and b.id == base for b in node.bases)}


def test_every_layer_has_a_row():
    assert {row.covers for row in LAYER_ROWS if isinstance(row.covers, type)} >= {
        *layers.CLASSES,
        layers.Chain,
    } - {layers.Activation}


def test_every_activation_has_a_row_of_its_layer():
    assert {row.covers for row in ACTIVATION_ROWS} == set(activations.RULES)
    assert all(type(row.layer) is layers.Activation and row.layer.activation == row.covers for row in ACTIVATION_ROWS)


def test_every_loss_has_a_row():
    assert {row.covers for row in LOSS_ROWS} == set(losses.CLASSES)


def test_every_optimizer_has_a_row():
    assert {row.covers for row in OPTIMIZER_ROWS} == set(optimizers.CLASSES)


def test_the_lists_that_are_walked_leave_nothing_public_out():
    assert public(layers, layers.Layer, layers.Layer, layers.Chain) == set(layers.CLASSES)
    assert public(losses, losses.Loss, losses.Loss) == set(losses.CLASSES) == set(losses.NAMES.values())
    assert public(optimizers, optimizers.Optimizer, optimizers.Optimizer) == set(optimizers.CLASSES)
    assert set(optimizers.NAMES.values()) == set(optimizers.CLASSES)
    assert public(activations, activations.Rule, activations.Rule) == set()
    offered = [getattr(activations, name) for name in activations.__all__]
    assert {one.name for one in offered if isinstance(one, activations.Rule)} == set(activations.RULES)


@pytest.mark.parametrize(
    ("package", "base", "known"),
    [
        (layers, "Layer", {one.__name__ for one in layers.CLASSES} | {"Chain"}),
        (losses, "Loss", {one.__name__ for one in losses.CLASSES}),
        (optimizers, "Optimizer", {one.__name__ for one in optimizers.CLASSES}),
    ],
)
def test_no_rule_hides_in_a_file(package, base, known):
    assert written(package, base) == known


def test_every_row_covers_what_it_says():
    for row in LAYER_ROWS:
        assert isinstance(row.covers, str) or isinstance(row.layer, (row.covers, layers.Chain)), row.case
    assert all(type(row.loss) is row.covers for row in LOSS_ROWS)
    assert all(type(row.optimizer) is type(row.by_hand) is row.covers for row in OPTIMIZER_ROWS)


def test_case_names_are_unique():
    assert len(CASES) == len(set(CASES))
