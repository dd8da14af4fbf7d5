"""Penalties: what regularisers add to the loss and to the gradients, over the whole tree.

    L = sum_i r_i l_i + P               P = the sum of P_k(w_k) over every trained array w_k that has a regulariser
    g_k = dL/dw_k                       the data's share, and the slope of P_k

P is added once a mini-batch, under reduction "sum" as under "mean". As in Keras, a frozen array pays nothing, and what
``fit`` and ``evaluate`` report is the mean of the rows' losses plus P, so that training, validation and mini-batches of
any size can be compared. A borrowed array is its owner's, and pays once.
"""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

from garasu.array import Array, Tree, namespace, paths
from garasu.networks import Network
from garasu.regularizers import Regularizer


def regularized(network: Network) -> dict[str, Regularizer]:
    """The regularisers of trained arrays, by path.

    Example:
        >>> from garasu.layers import Dense
        >>> regularized(Network([Dense(1, kernel_regularizer="l2", name="out")], (2,)))
        {'out/kernel': L1L2(l1=0.0, l2=0.01)}
    """
    frozen = network.frozen_paths()
    found = {path: param.regularizer for path, param in paths(network.spec.params)}
    return {path: one for path, one in found.items() if one is not None and path not in frozen}


def factors(network: Network) -> dict[str, Any]:
    """The factors of every regulariser at their first values, by path; those of frozen arrays too."""
    found = {path: param.regularizer for path, param in paths(network.spec.params)}
    return {path: one.hyper() for path, one in found.items() if one is not None}


def penalty(regularizers: Mapping[str, Regularizer], params: Tree, hyper: Tree) -> Array | None:
    """P, or None where nothing is regularised: then nothing is added anywhere."""
    found = penalties(regularizers, params, hyper)
    return reduce(add, found.values()) if found else None


def penalties(regularizers: Mapping[str, Regularizer], params: Tree, hyper: Tree) -> dict[str, Array]:
    """Every P_k, by path."""
    arrays = dict(paths(params))
    return {path: one.penalty(arrays[path], hyper[path]) for path, one in regularizers.items()}


def with_slopes(
    regularizers: Mapping[str, Regularizer], grads: Tree, params: Tree, hyper: Tree, prefix: str = ""
) -> Tree:
    """The gradients, each with the slope of its array's penalty."""
    result = dict(grads)
    for name, grad in grads.items():
        path = prefix + name
        if path in regularizers:
            result[name] = grad + regularizers[path].slope(params[name], hyper[path])
        elif isinstance(grad, Mapping):
            result[name] = with_slopes(regularizers, grad, params[name], hyper, f"{path}/")
    return result


def reported(sums: Tree, extra: Array | None, mask: Array) -> Tree:
    """The sums with the penalty counted once for each row, so that it stands whole in their mean."""
    if extra is None:
        return sums
    return {**sums, "loss": sums["loss"] + extra * namespace(mask).sum(mask)}
