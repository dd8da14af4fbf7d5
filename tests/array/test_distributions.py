"""Are the numbers what their names say? Moments and Kolmogorov-Smirnov on fixed seeds; streams that do not meet."""

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from garasu.array import random

SEEDS = (0, 20190222, 2**63 + 5)
COUNT = 50_000


LAWS = {
    "uniform": (random.uniform, stats.uniform()),
    "normal": (random.normal, stats.norm()),
    "truncated_normal": (random.truncated_normal, stats.truncnorm(-2, 2)),
}


@cache
def central_moments(name):
    """The first eight of a law."""
    law = LAWS[name][1]
    return [float(law.expect(lambda x, n=n: (x - law.mean()) ** n)) for n in range(9)]


def assert_moments(sample, name):
    """Mean, variance, skewness and kurtosis within four standard errors of the law's own."""
    centred = central_moments(name)
    drawn = sample.astype(np.float64) - LAWS[name][1].mean()
    for n in range(1, 5):
        error = math.sqrt((centred[2 * n] - centred[n] ** 2) / sample.size)
        assert abs(np.mean(drawn**n) - centred[n]) < 4 * error, n


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LAWS)
def test_moments_and_distribution(name, seed, precision):
    draw, law = LAWS[name]
    sample = draw(random.fold_name(random.key(seed), name), (COUNT,), precision)
    assert (sample.dtype, sample.shape) == (precision, (COUNT,))
    assert_moments(sample, name)
    assert stats.kstest(sample, law.cdf).pvalue > 0.005


def test_uniform_numbers_lie_in_the_half_open_interval():
    for precision, step in (("float32", 2.0**-23), ("float64", 2.0**-52)):
        sample = random.uniform(random.key(2), (COUNT,), precision).astype(np.float64)
        assert sample.min() >= 0.0 and sample.max() < 1.0
        assert np.all(sample / step % 1 == 0)


def test_every_bit_is_even():
    words = random.bits(random.key(6), (COUNT,))
    shares = [np.mean(words >> turn & 1) for turn in range(32)]
    assert np.max(np.abs(np.array(shares) - 0.5)) < 4 * 0.5 / math.sqrt(COUNT)


@pytest.mark.parametrize("bound", [0.5, 2.0, 3.5])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_truncated_numbers_stay_within_the_bound(bound, precision):
    sample = random.truncated_normal(random.key(4), (COUNT,), precision, bound)
    assert np.max(np.abs(sample)) <= bound
    assert np.max(sample) > 0.97 * bound and np.min(sample) < -0.97 * bound
    assert stats.kstest(sample, stats.truncnorm(-bound, bound).cdf).pvalue > 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_every_order_of_four_is_equally_frequent(seed):
    orders = [tuple(random.permutation(random.fold_in(random.key(seed), n), 4)) for n in range(480)]
    counts = np.unique(orders, axis=0, return_counts=True)[1]
    assert len(counts) == 24
    assert stats.chisquare(counts).pvalue > 0.005


@pytest.mark.parametrize("count", [0, 1, 2, 1000, 60_000])
def test_a_permutation_holds_every_number_once(count):
    order = random.permutation(random.key(8), count)
    assert order.dtype == np.int64
    np.testing.assert_array_equal(np.sort(order), np.arange(count))


def test_a_permutation_moves_freely():
    """No number favours its own place or its neighbourhood."""
    order = random.permutation(random.key(8), 60_000)
    assert abs(stats.spearmanr(order, np.arange(60_000)).statistic) < 4 / math.sqrt(60_000)
    assert np.sum(order == np.arange(60_000)) < 8  # fixed points: Poisson with mean 1


def test_neighbouring_keys_have_nothing_in_common():
    streams = np.stack([random.uniform(random.fold_in(random.key(1), n), (5000,)) for n in range(20)])
    streams = np.vstack([streams, [random.uniform(random.key(seed), (5000,)) for seed in range(20)]])
    correlation = np.corrcoef(streams)[np.triu_indices(40, 1)]
    assert np.max(np.abs(correlation)) < 4.5 / math.sqrt(5000)
    assert abs(np.corrcoef(streams[:, :-1].ravel(), streams[:, 1:].ravel())[0, 1]) < 4 / math.sqrt(streams.size)


def pairs(words):
    """Rows of two 32-bit words as single numbers of 64."""
    words = np.asarray(words, dtype=np.uint64).reshape(-1, 2)
    return words[:, 0] << np.uint64(32) | words[:, 1]


def test_the_families_of_derived_keys_do_not_meet():
    """Blocks of the stream, keys of numbers and keys of names, all under one key: no value comes twice."""
    k = random.key(1)
    drawn = pairs(random.bits(k, (2**17,)))
    numbers = pairs([random.fold_in(k, n) for n in [*range(2000), *range(2**32 - 500, 2**32)]])
    names = pairs([random.fold_name(k, f"layer_{n}/kernel") for n in range(2000)])
    together = np.concatenate([drawn, numbers, names])
    assert np.unique(together).size == together.size


def test_keys_of_keys_do_not_meet():
    k = random.key(0)
    layers = [random.fold_name(k, name) for name in ("dense", "dense_1", "conv2d", "dense/kernel", "dense/bias")]
    grid = [
        random.fold_in(random.fold_in(key, epoch), step) for key in layers for epoch in range(15) for step in range(15)
    ]
    swapped = random.fold_in(random.fold_in(k, 1), 2), random.fold_in(random.fold_in(k, 2), 1)
    values = pairs([*grid, *swapped, *layers])
    assert np.unique(values).size == values.size
