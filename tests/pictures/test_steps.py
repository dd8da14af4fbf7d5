"""Image steps: by hand, by SciPy, in every way, and as part of a network that is saved and asked again."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import ndimage

from garasu import filters, layers, models
from garasu.messages import SettingError, ShapeError
from garasu.models import Sequential
from garasu.networks import Preparation, describe, rebuild
from garasu.pictures import Dilate, Erode, Filter, ImageStep, Resize, scale_to_sum
from garasu.pictures.steps import CLASSES
from tests.conftest import way

STROKE = np.array([[0, 0, 0, 0, 0], [0, 9, 9, 9, 0], [0, 9, 5, 9, 0], [0, 9, 9, 9, 0], [0, 0, 0, 0, 0]], np.uint8)
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) * 1.0
STEPS = [Erode(3), Dilate(5), Filter(filters.edge_vertical(), absolute=True, cutoff=0.2), Resize((3, 4))]
every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)


def pictures(shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


# ------------------------------------------------------------------------------------------------------------- by hand


def test_erosion_thins_a_bright_stroke():
    """Only the middle of three by three bright places has no dark neighbour, and it takes the least of them."""
    assert Erode(3)(STROKE).tolist() == [[0] * 5, [0] * 5, [0, 0, 5, 0, 0], [0] * 5, [0] * 5]
    line = np.array([[0, 7, 7, 7, 0]] * 4)
    assert Erode(3)(line).tolist() == [[0, 0, 7, 0, 0]] * 4  # at the rim nothing outside is looked at


def test_dilation_thickens_it():
    assert Dilate(3)(np.array([[0, 0, 0, 0], [0, 0, 8, 0]])).tolist() == [[0, 8, 8, 8]] * 2


def test_a_filter_is_laid_over_every_place():
    """Not flipped; 0 outside the picture; then the size; then the cut-off."""
    x = np.array([[1.0, 4.0, 2.0]])
    assert Filter([[-1, 0, 10]])(x).tolist() == [[40, 19, -4]]
    assert Filter([[-1, 0, 10]], absolute=True)(x).tolist() == [[40, 19, 4]]
    assert Filter([[-1, 0, 10]], cutoff=20)(x).tolist() == [[20, 0, 0]]
    assert Filter([[-1, 0, 10]], absolute=True, cutoff=3.5)(x).tolist() == [[36.5, 15.5, 0.5]]


def test_smoothing_keeps_a_flat_picture_inside():
    flat = Filter(filters.smoothing(3))(np.full((5, 5), 9.0))
    np.testing.assert_allclose(flat[1:-1, 1:-1], 9)
    np.testing.assert_allclose(flat[0], [4, 6, 6, 6, 4])


def test_resizing_is_the_mean_of_what_is_covered():
    x = np.arange(16.0).reshape(4, 4)
    assert Resize(2)(x).tolist() == [[2.5, 4.5], [10.5, 12.5]]
    np.testing.assert_allclose(Resize((1, 3))(x[:1]), [[0.25, 1.5, 2.75]])  # (0 + 1/3) / (4/3), (1 + 2) / 2, ...


def test_each_picture_sums_to_one_and_an_empty_one_stays():
    found = scale_to_sum(np.array([[[1.0, 3.0]], [[0.0, 0.0]]]))
    assert found.tolist() == [[[0.25, 0.75]], [[0, 0]]]


# ------------------------------------------------------------------------------------------------------------- oracles


@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("shape", [(7, 6), (1, 5), (2, 2)])
def test_erosion_and_dilation_as_scipy(shape, size):
    """SciPy's mirrored border shows a window nothing that it does not see already."""
    x = pictures(shape)
    np.testing.assert_array_equal(Erode(size)(x), ndimage.grey_erosion(x, size=(size, size)))
    np.testing.assert_array_equal(Dilate(size)(x), ndimage.grey_dilation(x, size=(size, size)))
    assert Erode(size)(x).dtype == np.uint8
    np.testing.assert_array_equal(Erode(size)(x), 255 - Dilate(size)(255 - x))


@pytest.mark.parametrize("kernel", [filters.sobel(), filters.gabor(), np.ones((1, 5))], ids=["sobel", "gabor", "row"])
def test_filtering_as_scipy(kernel):
    x = pictures((6, 9)) / 255
    np.testing.assert_allclose(Filter(kernel)(x), ndimage.correlate(x, kernel, mode="constant"), atol=1e-12)


@pytest.mark.parametrize(
    ("old", "new"), [((28, 28), (14, 14)), ((28, 28), (16, 16)), ((7, 9), (3, 4)), ((3, 2), (5, 4))]
)
def test_resizing_as_by_fine_places(old, new):
    """Every old place cut into as many as there are new ones, and the means of blocks of them."""
    x = pictures(old) / 255
    fine = np.kron(x, np.ones(new)).reshape(new[0], old[0], new[1], old[1])
    np.testing.assert_allclose(Resize(new)(x), fine.mean(axis=(1, 3)), rtol=1e-12)


# ------------------------------------------------------------------------------------------------------- any way, shape


@every_step
def test_the_same_in_every_way(xp, step):
    x = pictures((2, 7, 6, 3)).astype(np.float32)
    found = xp.call(step, x)
    assert found.dtype == np.float32 and found.shape == (2, *step.out_size((7, 6)), 3)
    np.testing.assert_allclose(found, step(x.astype(np.float64)), rtol=1e-5, atol=1e-3)


@every_step
def test_pictures_one_by_one_and_channel_by_channel(step):
    x = pictures((3, 7, 6, 2))
    found = step(x)
    for n in range(3):
        for c in range(2):
            np.testing.assert_array_equal(step(x[n, :, :, c]), found[n, :, :, c])
    np.testing.assert_array_equal(step(x[..., 0]), found[..., 0])
    assert step(x[..., 0].astype(np.float64)).dtype == np.float64


@every_step
def test_a_shape_that_is_no_picture(step, language):
    with pytest.raises(ShapeError) as caught:
        step(np.zeros(5))
    said = str(caught.value)
    assert type(step).__name__ in said and "(5,)" in said
    assert ("Add or remove axes." in said) == (language == "en") and ("軸を" in said) == (language == "ja")


def test_no_step_writes_to_what_it_is_given():
    x = pictures((2, 5, 5))
    x.flags.writeable = False
    for step in STEPS:
        step(x)


ODD = ("an odd whole number above 0", "1 以上の奇数")
KERNEL = ("rows of finite numbers, all of one length", "同じ長さの行")
NUMBER = ("a finite number, or None", "有限の数または None")
WRONG = [
    (lambda: Erode(2), "Erode", "size", "2", ODD),
    (lambda: Erode(0), "Erode", "size", "0", ODD),
    (lambda: Dilate("3"), "Dilate", "size", "'3'", ODD),
    (lambda: Filter(3), "Filter", "kernel", "3", KERNEL),
    (lambda: Filter([1, 2]), "Filter", "kernel", "[1, 2]", KERNEL),
    (lambda: Filter([[1, 2], [3]]), "Filter", "kernel", "[[1, 2], [3]]", KERNEL),
    (lambda: Filter(((1, 2), (3,))), "Filter", "kernel", "((1, 2), (3,))", KERNEL),
    (lambda: Filter([[]]), "Filter", "kernel", "((),)", KERNEL),
    (lambda: Filter([[1.0, float("nan")]]), "Filter", "kernel", "nan", KERNEL),
    (lambda: Filter([["1"]]), "Filter", "kernel", "[['1']]", KERNEL),
    (lambda: Filter(CROSS, absolute=1), "Filter", "absolute", "1", ("True or False", "True か False")),
    (lambda: Filter(CROSS, cutoff="0.2"), "Filter", "cutoff", "'0.2'", NUMBER),
    (
        lambda: Resize(0),
        "Resize",
        "size",
        "0",
        ("a whole number above 0, or two", "1 以上の整数（1 つまたは 2 つ）"),
    ),
    (lambda: Preparation(steps=["erode"]), "Preparation", "steps", "('erode',)", ("[Erode(3)]", "[Erode(3)]")),
    (lambda: Preparation(steps=Erode(3)), "Preparation", "steps", "Erode(size=3)", ("[Erode(3)]", "[Erode(3)]")),
    (
        lambda: Preparation(steps=[Erode(3)]),
        "Preparation",
        "image_shape",
        "None",
        ("(rows, columns)", "保存された画像の形"),
    ),
    (
        lambda: Preparation(steps=[Resize(15)], pool=2, image_shape=(28, 28)),
        "Preparation",
        "pool",
        "2",
        ("the picture (15, 15)", "画像 (15, 15)"),
    ),
]


@pytest.mark.parametrize(("call", "owner", "name", "value", "expected"), WRONG)
def test_wrong_settings(call, owner, name, value, expected, language):
    with pytest.raises(SettingError) as caught:
        call()
    said = str(caught.value)
    assert all(part in said for part in (owner, name, value, expected[language == "ja"])), said
    assert said[-1] in (".。）" if language == "ja" else ".")


# ----------------------------------------------------------------------------------------------------- in preparations

THINNED = [Erode(3), Filter(filters.smoothing(3), cutoff=1), Resize((4, 6))]


def prepared(steps=THINNED, shape=(8, 12), **more):
    return Preparation("sum", pool=2, image_shape=shape, steps=steps, **more)


def test_steps_come_one_after_another_and_before_all_else():
    x = pictures((3, 8, 12))
    expected = x.astype(np.float64)
    for step in THINNED:
        expected = step(expected)
    expected = expected.reshape(3, 2, 2, 3, 2).mean(axis=(2, 4)).reshape(3, 6)
    found = prepared()(x, (6,), "float64")
    np.testing.assert_allclose(found, expected / expected.sum(axis=1, keepdims=True), rtol=1e-13)
    assert prepared().prepared_shape() == (2, 3, 1) and prepared().prepared_size() == 6
    assert prepared(shape=(8, 12, 3)).prepared_shape() == (2, 3, 3)
    assert prepared(shape=(8, 12, 3))(pictures((2, 8, 12, 3)), (2, 3, 3)).shape == (2, 2, 3, 3)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_a_step_comes_back_from_its_description(step):
    again = rebuild(describe(Preparation(image_shape=(7, 6), steps=[step]))).steps[0]
    assert repr(again) == repr(step) and type(again) in CLASSES
    np.testing.assert_array_equal(again(pictures((7, 6))), step(pictures((7, 6))))


def test_a_description_from_before_there_were_steps_still_reads():
    document = describe(Preparation("unit"))
    del document["settings"]["steps"]
    assert rebuild(document).steps == ()


def small_model(steps, eagerly=False):
    first = layers.Dense(4, activation="relu", input_shape=(24,))
    preparation = Preparation("unit", image_shape=(8, 12), steps=steps)
    model = Sequential([first, layers.Dense(3, activation="softmax")], seed=1, preparation=preparation)
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=eagerly)
    return model


def test_training_is_the_same_eagerly_and_compiled_and_a_saved_model_prepares_alike(tmp_path):
    x, t = pictures((12, 8, 12)) // 2 + 100, np.arange(12) % 3
    answers, model = [], None
    for steps, eagerly in ((THINNED[-1:], True), (THINNED, True), (THINNED, False)):
        model = small_model(steps, eagerly)
        model.fit(x, t, batch_size=4, epochs=2, verbose=0)
        answers.append(model.predict(x, verbose=0))
    without, eager, compiled = answers
    np.testing.assert_allclose(eager, compiled, rtol=1e-5)
    assert np.abs(without - compiled).max() > 0.01
    again = models.load_model(model.save(tmp_path / "thin"))
    assert [type(step) for step in again.preparation.steps] == [Erode, Filter, Resize]
    np.testing.assert_array_equal(again.network.prepare(x), model.network.prepare(x))
    np.testing.assert_array_equal(again.predict(x, verbose=0), compiled)


def test_a_report_says_which_steps_were_taken():
    from garasu.reports.page import _prepared

    run = SimpleNamespace(model=SimpleNamespace(network=SimpleNamespace(preparation=prepared())))
    expected = "Erode, Filter, Resize, then each block of 2 x 2 replaced by its mean, then divided by its sum"
    assert _prepared(run) == expected


def test_a_step_of_the_users_own():
    """It prepares, jit compiles it, and loading asks for its class."""

    class Negative(ImageStep):
        def apply(self, x):
            return 255.0 - x

    made = Preparation("unit", image_shape=(2, 2), steps=[Negative()])
    x = pictures((3, 2, 2))
    found = way("jax-jit").call(lambda x: made(x, (4,)), x)
    np.testing.assert_allclose(found, 1 - x.reshape(3, 4) / 255, rtol=1e-6, atol=1e-7)


def test_truth_values_count_as_bytes():
    """A mask is a picture too."""
    mask = STROKE > 0
    for step in STEPS:
        found = step(mask)
        assert found.dtype in (np.uint8, np.float32)
        np.testing.assert_array_equal(found, step(mask.astype(np.uint8)))


def test_infinite_places_stay_infinite():
    assert Erode(3)(np.full((2, 2), np.inf)).min() == np.inf and Dilate(3)(np.full((2, 2), -np.inf)).max() == -np.inf
