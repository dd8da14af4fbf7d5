"""ONNX's reference evaluator, an implementation of each operator in plain NumPy; it has no gradients."""

import numpy as np

OPSET, IR_VERSION = 22, 10


def onnx(operator, *arrays, **attributes):
    """What one operator makes of arrays, in their own types; None leaves an optional one out."""
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    names = ["" if array is None else f"in{number}" for number, array in enumerate(arrays)]
    given = {name: np.ascontiguousarray(array) for name, array in zip(names, arrays, strict=True) if name}
    values = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), None)
        for name, array in given.items()
    ]
    result = helper.make_tensor_value_info("out", values[0].type.tensor_type.elem_type, None)
    node = helper.make_node(operator, names, ["out"], **attributes)
    graph = helper.make_graph([node], operator, values, [result])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return ReferenceEvaluator(model).run(None, given)[0]


def channels_first(x):
    """(N, Y, X, C) as ONNX has it, (N, C, Y, X)."""
    return np.moveaxis(x, -1, 1)


def channels_last(y):
    """And back."""
    return np.moveaxis(y, 1, -1)
