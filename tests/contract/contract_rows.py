"""The contract table: every public rule has a row here, and a test fails if one has none."""

from tests.contract.contract_composite_rows import COMPOSITE_ROWS, NORMALISATION_ROWS
from tests.contract.contract_image_rows import IMAGE_ROWS
from tests.contract.contract_loss_rows import LOSS_ROWS
from tests.contract.contract_optimizer_rows import OPTIMIZER_ROWS
from tests.contract.contract_simple_rows import ACTIVATION_ROWS, SIMPLE_ROWS

LAYER_ROWS = [*SIMPLE_ROWS, *IMAGE_ROWS, *NORMALISATION_ROWS, *COMPOSITE_ROWS]

__all__ = ["ACTIVATION_ROWS", "LAYER_ROWS", "LOSS_ROWS", "OPTIMIZER_ROWS"]
