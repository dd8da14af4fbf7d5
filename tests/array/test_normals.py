"""The normal quantile: right to a few units in the last place, and the same in every way to two."""

import hashlib

import numpy as np
import pytest
from scipy.special import ndtri

from garasu.array import random
from garasu.array.normal_quantile import normal_quantile

WORDS = {"float32": np.int32, "float64": np.int64}
LIMIT = 2  # units in the last place between NumPy and a compiled program


def ulps(x, y):
    """How many representable numbers lie between, for numbers of one sign."""
    kind = WORDS[str(x.dtype)]
    return np.max(np.abs(x.view(kind).astype(np.int64) - y.view(kind).astype(np.int64)))


def grid(precision):
    """Probabilities over the whole range: for float32 every 64th that ``normal`` can meet, the ends and the joints."""
    if precision == "float32":
        n = np.arange(2**23, dtype=np.float32)
        joints = [int(2.0**23 * p) + k for p in (2.0**-9, 0.075, 0.925, 1 - 2.0**-9) for k in range(-200, 200)]
        n = np.concatenate([n[:2000], n[2000:-2000:64], n[-2000:], n[joints]])
        return (np.sort(n) + np.float32(0.5)) * np.float32(2.0**-23)
    spread = np.random.default_rng(0).uniform(1, 53, 40_000)
    near = random.uniform(random.key(3), (40_000,), "float64") + 2.0**-53
    return np.sort(np.concatenate([np.exp2(-spread), 1 - np.exp2(-spread), near, [0.5, 2.0**-9, 2.0**-24, 0.075]]))


@pytest.mark.parametrize("precision", WORDS)
def test_it_is_the_quantile(precision):
    p = grid(precision)
    x, right = normal_quantile(p), ndtri(p.astype(np.float64))
    assert x.dtype == precision
    # scipy's own last places are uncertain; the measured errors are 2.7 and 5 units
    assert (
        np.max(np.abs(x - right) / np.spacing(np.abs(right).astype(precision)))
        <= {"float32": 3, "float64": 8}[precision]
    )


def test_values_from_tables():
    x = normal_quantile(np.array([0.5, 0.75, 0.841344746068543, 0.975, 0.995, 1e-6, 1e-9]))
    right = [0, 0.6744897501960817, 1, 1.959963984540054, 2.5758293035489004, -4.753424308822899, -5.9978070150076865]
    np.testing.assert_allclose(x, right, rtol=3e-15)


@pytest.mark.parametrize("precision", WORDS)
def test_it_is_odd_and_never_falls(precision):
    p = grid(precision)
    p = p[p >= 2.0**-24]  # of which 1 - p is exact, in either type
    x = normal_quantile(p)
    assert np.all(np.diff(x) >= 0)
    lower = p[p < 0.5] if precision == "float32" else p[p < 0.5].astype(np.float32).astype(np.float64)
    np.testing.assert_array_equal(normal_quantile(1 - lower), -normal_quantile(lower))


def test_every_way_agrees(xp):
    """To the bit where each operation is rounded by itself; compiled, with fused multiply-adds, to two units."""
    p = grid("float32")
    result = xp.call(normal_quantile, p)
    apart = ulps(result, normal_quantile(p))
    assert result.dtype == np.float32
    assert apart <= (LIMIT if xp.name == "jax-jit" else 0)


def test_compiled_in_float64(ways):
    p = grid("float64")
    result = ways[-1].call(normal_quantile, p)
    apart = ulps(result, normal_quantile(p))
    assert result.dtype == np.float64
    assert apart <= LIMIT


@pytest.mark.parametrize("precision", WORDS)
def test_normal_numbers_in_a_compiled_program(ways, precision):
    k = random.key(9)
    result = ways[-1].call(lambda k: random.normal(k, (7, 3), precision), k, wide=precision == "float64")
    apart = ulps(result, random.normal(k, (7, 3), precision))
    assert (result.dtype, result.shape) == (precision, (7, 3))
    assert apart <= LIMIT


def test_normal_numbers_under_vmap():
    import jax

    keys = np.stack([random.fold_in(random.key(1), n) for n in range(9)])
    with jax.enable_x64(False):
        result = np.asarray(jax.jit(jax.vmap(lambda k: random.normal(k, (7,))))(keys))
    apart = ulps(result, np.stack([random.normal(k, (7,)) for k in keys]))
    assert apart <= LIMIT


@pytest.mark.parametrize(
    ("draw", "precision", "pin"),
    [
        (random.normal, "float32", "04cc327c3c75fc54"),
        (random.normal, "float64", "21f3cca1cfb8e4d0"),
        (random.truncated_normal, "float32", "9108ed661a6a95dd"),
        (random.truncated_normal, "float64", "ecee9562977b7509"),
    ],
)
def test_long_streams_by_their_hash(draw, precision, pin):
    """NumPy's are the same bits on every machine: sums, products, quotients and roots, each rounded by itself."""
    numbers = draw(random.key(1), (100_001,), precision)
    assert hashlib.sha256(numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()).hexdigest()[:16] == pin


@pytest.mark.parametrize("precision", WORDS)
@pytest.mark.parametrize("words", [0, 2**32 - 1])
def test_the_outermost_numbers(monkeypatch, words, precision):
    """What the lowest and the highest bits give: inside the open and half-open intervals, finite, within the bound."""
    monkeypatch.setattr(random, "bits", lambda k, shape: np.full(shape, words, dtype=np.uint32))
    k, low = random.key(0), words == 0
    uniform, normal = (float(draw(k, (1,), precision)[0]) for draw in (random.uniform, random.normal))
    assert uniform == 0 if low else 0.999999 < uniform < 1
    largest = {"float32": 5.295, "float64": 8.21}[precision]
    assert normal == pytest.approx(-largest if low else largest, abs=1e-3)
    for bound in (0.1, 1.0, 2.0, 3.0):
        cut = float(random.truncated_normal(k, (1,), precision, bound)[0])
        assert abs(cut) <= bound * (1 + 2 * np.finfo(precision).eps) and (abs(cut) <= bound or bound != 2.0)
        assert cut == pytest.approx(-bound if low else bound, rel=1e-5)
