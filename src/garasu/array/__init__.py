"""The one place that knows array libraries: namespaces, dtypes, random streams, windows, convolution, pooling.

The rules of all layers are written with these functions and with what the array-API standard gives. Faster forms for
JAX stand in ``garasu.array.xla``, which whoever runs on JAX imports.
"""

from garasu.array import random
from garasu.array.branch import unless_wrong
from garasu.array.convolution import convolve, convolve_input_gradient, convolve_kernel_gradient
from garasu.array.dtypes import PRECISIONS, Precision, as_float, is_integer, kept_in
from garasu.array.erf import erf
from garasu.array.forms import Primitive, forms_for, plain_forms
from garasu.array.namespace import library, namespace
from garasu.array.norms import squared_norm
from garasu.array.one_hot import one_hot
from garasu.array.pooling import (
    average_pool,
    average_pool_transpose,
    lp_pool,
    lp_pool_gradient,
    max_pool,
    max_pool_transpose,
)
from garasu.array.products import weigh
from garasu.array.resampling import INTERPOLATIONS, enlarge, enlarge_transpose
from garasu.array.rows import take_rows
from garasu.array.scatter import scatter_add
from garasu.array.tree import leaves, map_leaves, merge_trees, paths
from garasu.array.types import Array, Arrays, Namespace, Pads, Pair, Shape, Tree
from garasu.array.windows import (
    NO_GAPS,
    NO_PADS,
    col2im,
    crop,
    im2col,
    merge,
    output_size,
    pad,
    reach,
    same_pads,
    split,
)

__all__ = [
    "INTERPOLATIONS",
    "NO_GAPS",
    "NO_PADS",
    "PRECISIONS",
    "Array",
    "Arrays",
    "Namespace",
    "Pads",
    "Pair",
    "Precision",
    "Primitive",
    "Shape",
    "Tree",
    "as_float",
    "average_pool",
    "average_pool_transpose",
    "col2im",
    "convolve",
    "convolve_input_gradient",
    "convolve_kernel_gradient",
    "crop",
    "enlarge",
    "enlarge_transpose",
    "erf",
    "forms_for",
    "im2col",
    "is_integer",
    "kept_in",
    "leaves",
    "library",
    "lp_pool",
    "lp_pool_gradient",
    "map_leaves",
    "max_pool",
    "max_pool_transpose",
    "merge",
    "merge_trees",
    "namespace",
    "one_hot",
    "output_size",
    "pad",
    "paths",
    "plain_forms",
    "random",
    "reach",
    "same_pads",
    "scatter_add",
    "split",
    "squared_norm",
    "take_rows",
    "unless_wrong",
    "weigh",
]
