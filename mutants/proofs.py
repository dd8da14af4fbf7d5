"""What a mutant has to get past: the contract table, by hand first, then the audit kit; then whole test files.

Keras's and PyTorch's rungs of the table are left out: they are dear to ask, and a mutant that only they notice is a
gap in the others. The files hold what is no row: primitives by themselves, ties, the ends where a logarithm is held.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from attrs import frozen

from garasu.testing import CheckFailure
from tests.contract import (
    test_contract_layers,
    test_contract_losses,
    test_contract_networks,
    test_contract_optimizers,
)
from tests.contract.contract_network_rows import NETWORK_ROWS
from tests.contract.contract_rows import LAYER_ROWS, LOSS_ROWS, OPTIMIZER_ROWS

ROOT = Path(__file__).parent.parent
FILES = (
    "tests/array/test_convolution.py",
    "tests/array/test_forms.py",
    "tests/array/test_pooling.py",
    "tests/array/test_resampling.py",
    "tests/array/test_scatter.py",
    "tests/array/test_windows.py",
    "tests/contract/test_contract_losses.py",
    "tests/contract/test_contract_pooling_ties.py",
    "tests/losses/test_edges.py",
    "tests/optimizers/test_optimizers.py",
    "tests/test_regularizers.py",
    "tests/train/test_bfloat16.py",
)


@frozen(eq=False)
class Proof:
    """One thing to climb, and what it is called."""

    name: str
    climb: Callable[[], object]

    def verdict(self) -> str | None:
        """Which rung failed, or None: "hand", a rung of the kit, "tests", or "error": the rule could not run."""
        try:
            self.climb()
        except CheckFailure as failure:
            return "error" if failure.__cause__ else str(failure.fields.get("rung", "kit"))
        except TestFileError:
            return "tests"
        except AssertionError:
            return "hand"
        except Exception:  # noqa: BLE001 - a changed rule may raise anything at all
            return "error"
        return None


def proofs() -> Iterator[Proof]:
    """All of them: the quick ones, by hand, before the kit's."""
    yield from _by_hand()
    for row in LAYER_ROWS:
        yield Proof(f"{row.case}, kit", lambda row=row: test_contract_layers.test_audit(row))
    for row in LOSS_ROWS:
        yield Proof(f"{row.case}, kit", lambda row=row: test_contract_losses.test_audit(row))
    for row in OPTIMIZER_ROWS:
        yield Proof(f"{row.case}, kit", lambda row=row: test_contract_optimizers.test_audit(row))
    for row in NETWORK_ROWS:
        yield Proof(f"{row.case}, kit", lambda row=row: test_contract_networks.test_audit(row))
    for file in FILES:
        yield Proof(file, lambda file=file: _run_file(file))


class TestFileError(AssertionError):
    """A test of a file failed."""


def _run_file(file: str) -> None:
    """Run a test file here, in this process, where the changed rule lives."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        if pytest.main([*options, str(ROOT / file)]) != pytest.ExitCode.OK:
            raise TestFileError(file)


def _by_hand() -> Iterator[Proof]:
    for row in LAYER_ROWS:
        for number, hand in enumerate([row.hand, *row.also]):
            name = f"{row.case}, by hand" + (f" {number}" if number else "")
            yield Proof(name, lambda row=row, hand=hand: test_contract_layers.test_by_hand(row, hand))
    for row in LOSS_ROWS:
        yield Proof(f"{row.case}, by hand", lambda row=row: test_contract_losses.test_by_hand(row))
    for row in OPTIMIZER_ROWS:
        yield Proof(f"{row.case}, by hand", lambda row=row: test_contract_optimizers.test_by_hand(row))
