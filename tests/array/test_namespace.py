"""Which library an array belongs to, and the dtype policy."""

import numpy as np
import pytest

from garasu.array import PRECISIONS, as_float, is_integer, kept_in, library, namespace

LIBRARY = {"numpy": "numpy", "numpy-readonly": "numpy", "array-api-strict": "array_api_strict"}


def test_the_library_of_an_array(xp):
    seen = []
    xp.call(lambda x: seen.append(library(x)) or x, np.ones(2))
    assert seen == [LIBRARY.get(xp.name, "jax")]


def test_the_first_array_decides(xp):
    assert xp.call(lambda x: namespace(None, 3, x).abs(x), -np.ones(2)).tolist() == [1, 1]


@pytest.mark.parametrize(("values", "named"), [((), ""), (([1, 2], "x"), "list, str"), ((None,), "NoneType")])
def test_no_array_at_all(values, named):
    with pytest.raises(TypeError, match=rf"expected an array .* got {named}$"):
        namespace(*values)


@pytest.mark.parametrize("precision", sorted({kept_in(one) for one in PRECISIONS}))
@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.float32, np.float64, np.bool_])
def test_as_float(xp, kind, precision):
    x = np.array([0, 1, 1], dtype=kind)
    result = xp.call(lambda x: as_float(x, precision), x, wide=True)
    assert (result.dtype, result.tolist()) == (precision, [0, 1, 1])


def test_uint8_counts_to_255(xp):
    assert xp.call(as_float, np.array([255], dtype=np.uint8)).tolist() == [255.0]


def test_an_array_of_the_right_type_is_not_copied():
    x = np.ones(3, dtype=np.float32)
    assert as_float(x) is x


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(np.uint8, True), (np.int32, True), (np.int64, True), (np.float32, False), (np.float64, False), (np.bool_, False)],
)
def test_is_integer(xp, kind, answer):
    seen = []
    xp.call(lambda x: seen.append(is_integer(x)) or x, np.zeros(2, dtype=kind))
    assert seen == [answer]
