"""The contract table: every public rule has a row here, and a test fails if one has none."""

from tests.contract.contract_composite_rows import COMPOSITE_ROWS, NORMALISATION_ROWS
from tests.contract.contract_convolution_rows import CONVOLUTION_ROWS
from tests.contract.contract_image_rows import IMAGE_ROWS
from tests.contract.contract_loss_rows import LOSS_ROWS
from tests.contract.contract_nested_rows import NESTED_ROWS
from tests.contract.contract_optimizer_rows import OPTIMIZER_ROWS
from tests.contract.contract_pointwise_rows import ACTIVATION_ROWS, POINTWISE_ROWS
from tests.contract.contract_pooling_rows import POOLING_ROWS
from tests.contract.contract_simple_rows import SIMPLE_ROWS

LAYER_ROWS = [
    *POINTWISE_ROWS,
    *SIMPLE_ROWS,
    *IMAGE_ROWS,
    *CONVOLUTION_ROWS,
    *POOLING_ROWS,
    *NORMALISATION_ROWS,
    *COMPOSITE_ROWS,
    *NESTED_ROWS,
]

__all__ = ["ACTIVATION_ROWS", "LAYER_ROWS", "LOSS_ROWS", "OPTIMIZER_ROWS"]
