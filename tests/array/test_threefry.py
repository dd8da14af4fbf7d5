"""Threefry-2x32-20: the known answers published with Random123, and streams identical to the bit everywhere."""

import numpy as np
import pytest

from garasu.array import random

# Random123's kat_vectors: counter, key -> block.
KNOWN = [
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
]


def words(*values):
    return np.array(values, dtype=np.uint32)


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN)
def test_the_published_known_answers(xp, counter, key, block):
    result = xp.call(random.threefry, words(*key), words(counter[0]), words(counter[1]))
    assert [int(word[0]) for word in result] == list(block)
    assert all(word.dtype == np.uint32 for word in result)


def test_many_blocks_at_once_are_those_one_by_one(xp):
    k, x0, x1 = random.key(3), np.arange(5, dtype=np.uint32), np.arange(5, 10, dtype=np.uint32)
    together = np.stack(xp.call(random.threefry, k, x0, x1), axis=-1)
    for row, (a, b) in enumerate(zip(x0, x1, strict=True)):
        assert together[row].tolist() == [int(word[0]) for word in random.threefry(k, words(a), words(b))]


def test_jax_own_generator_agrees():
    """JAX's threefry2x32 is written by others: the same cipher, whatever JAX does with it above."""
    import jax
    from jax.extend import random as jax_random

    k, counter = random.key(123456789012345), np.arange(64, dtype=np.uint32)
    with jax.enable_x64(False):
        theirs = np.asarray(jax_random.threefry_2x32(k, counter))
    ours = random.threefry(k, counter[:32], counter[32:])
    np.testing.assert_array_equal(np.concatenate(ours), theirs)


SHAPES = [(), (7, 3), (3, 0, 2)]


@pytest.mark.parametrize("shape", SHAPES)
def test_bits_are_the_same_in_every_way(xp, shape):
    k = random.key(2**40 + 3)
    result = xp.call(lambda k: random.bits(k, shape), k)
    assert (result.shape, result.dtype) == (shape, np.uint32)
    np.testing.assert_array_equal(result, random.bits(k, shape))


def test_a_shorter_stream_is_the_beginning_of_a_longer_one(xp):
    k = random.key(5)
    np.testing.assert_array_equal(xp.call(lambda k: random.bits(k, (21,)), k), random.bits(k, (100,))[:21])


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_uniform_numbers_are_the_same_to_the_bit_in_every_way(xp, precision):
    k = random.key(11)
    result = xp.call(lambda k: random.uniform(k, (7, 3), precision), k, wide=precision == "float64")
    assert result.dtype == precision
    assert result.tobytes() == random.uniform(k, (7, 3), precision).tobytes()


def test_keys_are_derived_alike_in_every_way(xp):
    k = random.key(11)
    assert xp.call(lambda k: random.fold_in(k, 2**32 - 1), k).tolist() == random.fold_in(k, 2**32 - 1).tolist()
    name = "層/カーネル"
    assert xp.call(lambda k: random.fold_name(k, name), k).tolist() == random.fold_name(k, name).tolist()


@pytest.mark.parametrize("kind", [np.uint32, np.int32])
def test_a_key_is_derived_from_a_number_that_is_an_array(xp, kind):
    """As the step is, inside a compiled program."""
    k = random.key(11)
    result = xp.call(random.fold_in, k, np.array(77, dtype=kind))
    assert result.tolist() == random.fold_in(k, 77).tolist()


def test_the_same_under_vmap():
    import jax

    numbers = np.arange(9, dtype=np.uint32)
    keys = np.stack([random.fold_in(random.key(1), n) for n in numbers])
    with jax.enable_x64(False):
        derived = jax.vmap(random.fold_in, (None, 0))(jax.numpy.asarray(random.key(1)), numbers)
        bits = jax.jit(jax.vmap(lambda k: random.bits(k, (7,))))(derived)
        uniform = jax.vmap(lambda k: random.uniform(k, (7,)))(derived)
    np.testing.assert_array_equal(derived, keys)
    np.testing.assert_array_equal(bits, [random.bits(k, (7,)) for k in keys])
    np.testing.assert_array_equal(uniform, [random.uniform(k, (7,)) for k in keys])


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_that_is_no_32_bit_word_is_refused(number):
    with pytest.raises(OverflowError):
        random.fold_in(random.key(0), number)
