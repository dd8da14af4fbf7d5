"""What is changed: the rules of layers, activations, losses, regularisers and optimizers, and the transposes below."""

import ast
import importlib
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from attrs import frozen

import garasu
from garasu.array import Primitive
from mutants.operators import Mutant, mutants

ROOT = Path(garasu.__file__).parent
PACKAGES = ("layers", "activations", "losses", "optimizers")
FILES = ("regularizers.py", "train/narrow.py")
RULES = ("backward", "delta", "slope", "update")
TRANSPOSES = {
    "array/convolution.py": ("convolve_input_gradient", "convolve_kernel_gradient"),
    "array/pooling.py": ("max_pool_transpose", "average_pool_transpose", "lp_pool_gradient", "_counts"),
    "array/resampling.py": ("_gather", "_phases", "_neighbour_transpose"),
    "array/scatter.py": ("scatter_add", "_scatter_add_numpy"),
    "array/windows.py": ("merge", "_interleave", "_trim", "_place", "col2im"),
    "array/xla.py": (
        "convolve_input_gradient_xla",
        "convolve_kernel_gradient_xla",
        "_kernel_gradient_by_bands",
        "max_pool_transpose_xla",
    ),
    "layers/chain.py": ("gather",),
    "losses/binary_crossentropy.py": ("_factor", "_smoothed"),
    "losses/categorical_crossentropy.py": ("places", "smoothed"),
    "losses/categorical_hinge.py": ("_lag",),
    "losses/hinge.py": ("margin", "signs"),
    "losses/huber.py": ("_bounded",),
    "optimizers/adagrad.py": ("root",),
    "optimizers/adam.py": ("adam_step",),
    "optimizers/muon.py": ("_matrix_step", "orthogonalized"),
    "optimizers/rmsprop.py": ("_variance",),
}
CHOICES = ("array/xla.py",)
"""Where a test after ``if`` only chooses between forms of one function: both answers are right, so it is left alone."""

ABSTRACT = ("layers/layer.py", "losses/loss.py", "activations/rule.py", "optimizers/optimizer.py")


@frozen(eq=False)
class Target:
    """A function to change: where it stands and what it is called."""

    file: str
    qualname: str
    node: ast.FunctionDef
    module: ast.Module

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.file}:{self.qualname}"

    def function(self) -> FunctionType:
        """The living function."""
        module: Any = importlib.import_module("garasu." + self.file.removesuffix(".py").replace("/", "."))
        found: Any = module
        for part in self.qualname.split("."):
            found = vars(found)[part] if isinstance(found, (type, ModuleType)) else getattr(found, part)
        return found.plain if isinstance(found, Primitive) else found


def targets() -> list[Target]:
    """All of them, in the order of their files.

    Example:
        >>> "layers/dense.py:Dense.backward" in [one.name for one in targets()]
        True
    """
    names = [f"{package}/{path.name}" for package in PACKAGES for path in sorted((ROOT / package).glob("*.py"))]
    names += [*FILES, *(name for name in TRANSPOSES if name not in names)]
    return [target for name in names if name not in ABSTRACT for target in _in_file(name)]


def changes_of(target: Target) -> list[Mutant]:
    """Every mutant of a target."""
    return mutants(target.module, target.node, choices=target.file not in CHOICES)


def _in_file(name: str) -> list[Target]:
    module = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    wanted = (*RULES, *TRANSPOSES.get(name, ()))
    found: list[Target] = []
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name in wanted:
            found.append(Target(name, node.name, node, module))
        elif isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name in wanted]
            found += [Target(name, f"{node.name}.{one.name}", one, module) for one in methods]
    return found
