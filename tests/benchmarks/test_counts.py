"""The operations and bytes of a step, against counts made by hand."""

import pytest

from benchmarks.cases import CASES
from benchmarks.floor import floor_seconds
from benchmarks.network import Convolution, Dense, Flatten, MaxPooling, Network

C9 = CASES["c9"]


def test_c9_has_the_weights_of_the_courses_table():
    weights = [layer.weights(shape) for layer, shape in C9.network.walk()]
    assert weights == [416, 0, 0, 3_212_288, 10_250]
    assert C9.network.weights == 3_222_954


def test_operations_of_one_step_of_c9_term_by_term():
    convolution = 2 * 128 * 28 * 28 * 25 * 1 * 16
    hidden, softmax = 2 * 128 * 3136 * 1024, 2 * 128 * 1024 * 10
    assert C9.operations == 2 * convolution + 3 * hidden + 3 * softmax == 2_634_678_272


def test_bytes_of_one_step_of_c9():
    assert C9.bytes == 7 * 4 * 3_222_954


def test_the_floor_adds_products_and_traffic():
    rates = {"product_rate": 2 * C9.operations, "bandwidth": 4 * C9.bytes}
    assert floor_seconds(C9, rates) == pytest.approx(0.5 + 0.25)


def test_dx_is_left_out_for_the_first_layer_with_weights_only():
    network = Network((4, 4, 2), (MaxPooling(2), Convolution(3, 3), Flatten(), Dense(5)))
    convolution, dense = 2 * 2 * 2 * 9 * 2 * 3, 2 * 12 * 5
    assert network.forward_operations == convolution + dense
    assert network.training_operations == 2 * convolution + 3 * dense


def test_a_quick_case_is_the_same_work_but_short():
    quick = C9.sized(quick=True)
    assert (quick.network, quick.batch_size, quick.steps) == (C9.network, C9.batch_size, 40)
    assert C9.sized(steps=5).warm_up == 5
    assert C9.sized() == C9
