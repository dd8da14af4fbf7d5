"""Bad settings and shapes: each sentence says what was expected, what came, and the fix, in both languages."""

from functools import partial

import pytest

from garasu import activations, initializers, layers, losses, optimizers
from garasu.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    Reshape,
    Residual,
    TiedDense,
    chain,
    named,
)
from garasu.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    SumOfSquares,
)
from garasu.messages import SettingError, ShapeError, UnknownNameError
from garasu.optimizers import SGD, Adam, Momentum

COUNT = ("a whole number above 0", "1 以上の整数")
PAIR = ("a whole number above 0, or two of them", "1 以上の整数（1 つまたは 2 つ）")
PADDING = ("'same', 'valid', a number of rows and columns", "'same'、'valid'、0 以上の整数")
BELOW = ("each smaller than the window (2, 2)", "窓 (2, 2) より小さい行数と列数")
MARGINS = ("(rows, columns), or ((above, below), (left, right))", "(行数, 列数)、または ((上, 下), (左, 右))")
EXPONENT = ("a number of 1 or more", "1 以上の数")
INTERPOLATION = ("'nearest', 'bilinear'", "'nearest', 'bilinear'")
FRACTION = ("a number from 0 up to, not including, 1", "0 以上 1 未満の数")
POSITIVE = ("a number above 0", "0 より大きい数")
NOT_NEGATIVE = ("a number of 0 or more", "0 以上の数")
NUMBER = ("a finite number", "有限の数")
TRUTH = ("True or False", "True か False")
NAME = ("a text without '/' or '.'", "「/」と「.」を含まない文字列")
SHAPE = ("whole numbers above 0, one for each axis", "軸ごとに 1 つずつ")
LAYERS = ("a list of layers", "層のリスト")
BRANCHES = ("a list of branches, each a list of layers", "枝のリスト")
MEAN_OR_SUM = ("'mean', 'sum'", "'mean', 'sum'")
INITIALIZER = ("an initializer", "初期化子")
LOSS = ("a loss or its name", "損失またはその名前")
REGULARIZER = ("a regulariser or its name, such as L2(0.01) or 'l2', or None", "正則化またはその名前（L2(0.01)")
OPTIMIZER = ("an optimizer or its name, such as Adam()", "最適化手法またはその名前（Adam()")
ACTIVATION = ("an activation or its name, such as 'relu', or None", "活性化関数またはその名前（'relu'")

# (what is called, the class, the setting, what came, what was expected in en and ja)
SETTINGS = [
    (lambda: Dense(0), "Dense", "units", "0", COUNT),
    (lambda: Dense(-3), "Dense", "units", "-3", COUNT),
    (lambda: Dense(2.5), "Dense", "units", "2.5", COUNT),
    (lambda: Dense("10"), "Dense", "units", "'10'", COUNT),
    (lambda: Dense(True), "Dense", "units", "True", COUNT),
    (lambda: Dense(2, use_bias=None), "Dense", "use_bias", "None", TRUTH),
    (lambda: Dense(2, kernel_initializer=3), "Dense", "kernel_initializer", "3", INITIALIZER),
    (lambda: Dense(2, name="a/b"), "Dense", "name", "'a/b'", NAME),
    (lambda: Dense(2, name="a.b"), "Dense", "name", "'a.b'", NAME),
    (lambda: Dense(2, name=""), "Dense", "name", "''", NAME),
    (lambda: Dense(2, name=3), "Dense", "name", "3", NAME),
    (lambda: Dense(2, input_shape=(0,)), "Dense", "input_shape", "(0,)", SHAPE),
    (lambda: Dense(2, input_shape="784"), "Dense", "input_shape", "'784'", SHAPE),
    (lambda: Dense(2, trainable="no"), "Dense", "trainable", "'no'", TRUTH),
    (lambda: Conv2D(0), "Conv2D", "filters", "0", COUNT),
    (lambda: Conv2D(2, 0), "Conv2D", "kernel_size", "0", PAIR),
    (lambda: Conv2D(2, (3, 3, 3)), "Conv2D", "kernel_size", "(3, 3, 3)", PAIR),
    (lambda: Conv2D(2, 3, strides=(1, 0)), "Conv2D", "strides", "(1, 0)", PAIR),
    (lambda: Conv2D(2, 3, strides=1.5), "Conv2D", "strides", "1.5", PAIR),
    (lambda: Conv2D(2, 3, padding="full"), "Conv2D", "padding", "'full'", PADDING),
    (lambda: Conv2D(2, 3, padding=-1), "Conv2D", "padding", "-1", PADDING),
    (lambda: Conv2D(2, 3, padding=[1, 2, 3]), "Conv2D", "padding", "[1, 2, 3]", PADDING),
    (lambda: Conv2D(2, 3, padding=((1, 2, 3), (4,))), "Conv2D", "padding", "((1, 2, 3), (4,))", PADDING),
    (lambda: Conv2D(2, 3, padding=((-1, 0), (0, 0))), "Conv2D", "padding", "((-1, 0), (0, 0))", PADDING),
    (lambda: Conv2D(2, 3, use_bias=1), "Conv2D", "use_bias", "1", TRUTH),
    (lambda: layers.Conv2DTranspose(2, strides=0), "Conv2DTranspose", "strides", "0", PAIR),
    (lambda: Conv2D(2, 3, bias_initializer=0.1), "Conv2D", "bias_initializer", "0.1", INITIALIZER),
    (lambda: MaxPooling2D([2, 0]), "MaxPooling2D", "pool_size", "[2, 0]", PAIR),
    (lambda: MaxPooling2D("2"), "MaxPooling2D", "pool_size", "'2'", PAIR),
    (lambda: MaxPooling2D(2, strides=0), "MaxPooling2D", "strides", "0", PAIR),
    (lambda: MaxPooling2D(2, strides=(1.5, 1)), "MaxPooling2D", "strides", "(1.5, 1)", PAIR),
    (lambda: MaxPooling2D(2, strides=("1", 1)), "MaxPooling2D", "strides", "('1', 1)", PAIR),
    (lambda: MaxPooling2D(2, padding=None), "MaxPooling2D", "padding", "None", PADDING),
    (lambda: layers.AveragePooling2D(-1), "AveragePooling2D", "pool_size", "-1", PAIR),
    (lambda: layers.AveragePooling2D(2, strides=0), "AveragePooling2D", "strides", "0", PAIR),
    (lambda: layers.AveragePooling2D(2, padding="full"), "AveragePooling2D", "padding", "'full'", PADDING),
    (lambda: layers.AveragePooling2D(2, padding=((0, 2), (0, 0))), "AveragePooling2D", "padding", "(0, 2)", BELOW),
    (lambda: layers.LpPooling2D((2, 0)), "LpPooling2D", "pool_size", "(2, 0)", PAIR),
    (lambda: layers.LpPooling2D(2, padding=((0, 0), (2, 0))), "LpPooling2D", "padding", "(2, 0)", BELOW),
    (lambda: layers.LpPooling2D(p=0.5), "LpPooling2D", "p", "0.5", EXPONENT),
    (lambda: layers.LpPooling2D(p=float("inf")), "LpPooling2D", "p", "inf", EXPONENT),
    (lambda: layers.LpPooling2D(p=None), "LpPooling2D", "p", "None", EXPONENT),
    (lambda: layers.GlobalAveragePooling2D(2), "GlobalAveragePooling2D", "keepdims", "2", TRUTH),
    (lambda: layers.GlobalMaxPooling2D(keepdims=None), "GlobalMaxPooling2D", "keepdims", "None", TRUTH),
    (lambda: layers.UpSampling2D(0), "UpSampling2D", "size", "0", PAIR),
    (lambda: layers.UpSampling2D(1.5), "UpSampling2D", "size", "1.5", PAIR),
    (lambda: layers.UpSampling2D(2, "cubic"), "UpSampling2D", "interpolation", "'cubic'", INTERPOLATION),
    (lambda: layers.ZeroPadding2D(-1), "ZeroPadding2D", "padding", "-1", MARGINS),
    (lambda: layers.ZeroPadding2D("same"), "ZeroPadding2D", "padding", "'same'", MARGINS),
    (lambda: layers.ZeroPadding2D((1, 2, 3)), "ZeroPadding2D", "padding", "(1, 2, 3)", MARGINS),
    (lambda: layers.ZeroPadding2D(((1, 2), (3,))), "ZeroPadding2D", "padding", "((1, 2), (3,))", MARGINS),
    (lambda: layers.ZeroPadding2D(True), "ZeroPadding2D", "padding", "True", MARGINS),
    (lambda: layers.Cropping2D(0.5), "Cropping2D", "cropping", "0.5", MARGINS),
    (lambda: layers.Cropping2D(((0, -1), (0, 0))), "Cropping2D", "cropping", "((0, -1), (0, 0))", MARGINS),
    (lambda: Reshape(4), "Reshape", "target_shape", "4", SHAPE),
    (lambda: Reshape((2, -1, -1)), "Reshape", "target_shape", "(2, -1, -1)", SHAPE),
    (lambda: Reshape((2, 0)), "Reshape", "target_shape", "(2, 0)", SHAPE),
    (lambda: Dropout(1.0), "Dropout", "rate", "1.0", FRACTION),
    (lambda: Dropout(-0.1), "Dropout", "rate", "-0.1", FRACTION),
    (lambda: Dropout(50), "Dropout", "rate", "50", FRACTION),
    (lambda: Dropout(float("nan")), "Dropout", "rate", "nan", FRACTION),
    (lambda: layers.MaskingNoise(1), "MaskingNoise", "rate", "1", FRACTION),
    (lambda: layers.MaskingNoise("half"), "MaskingNoise", "rate", "'half'", FRACTION),
    (lambda: layers.GaussianNoise(-0.1), "GaussianNoise", "stddev", "-0.1", NOT_NEGATIVE),
    (lambda: layers.GaussianNoise(None), "GaussianNoise", "stddev", "None", NOT_NEGATIVE),
    (lambda: layers.LeakyReLU(-0.3), "LeakyReLU", "negative_slope", "-0.3", NOT_NEGATIVE),
    (lambda: layers.LeakyReLU(negative_slope=None), "LeakyReLU", "negative_slope", "None", NOT_NEGATIVE),
    (lambda: layers.ELU(alpha=-1), "ELU", "alpha", "-1", NOT_NEGATIVE),
    (lambda: layers.Absolute(trainable=0), "Absolute", "trainable", "0", TRUTH),
    (lambda: layers.Cutoff("high"), "Cutoff", "threshold", "'high'", NUMBER),
    (lambda: layers.Rescaling(float("inf")), "Rescaling", "scale", "inf", NUMBER),
    (lambda: layers.Rescaling(1 / 255, offset=None), "Rescaling", "offset", "None", NUMBER),
    (lambda: layers.LayerNormalization(epsilon=0), "LayerNormalization", "epsilon", "0", POSITIVE),
    (lambda: layers.LayerNormalization(center=1), "LayerNormalization", "center", "1", TRUTH),
    (lambda: layers.LayerNormalization(scale=None), "LayerNormalization", "scale", "None", TRUTH),
    (lambda: layers.LayerNormalization(gamma_regularizer=0.1), "LayerNormalization", "gamma_reg", "0.1", REGULARIZER),
    (lambda: BatchNormalization(beta_regularizer=0.1), "BatchNormalization", "beta_regularizer", "0.1", REGULARIZER),
    (lambda: BatchNormalization(momentum=1.0), "BatchNormalization", "momentum", "1.0", FRACTION),
    (lambda: BatchNormalization(epsilon=0), "BatchNormalization", "epsilon", "0", POSITIVE),
    (lambda: BatchNormalization(center="yes"), "BatchNormalization", "center", "'yes'", TRUTH),
    (lambda: BatchNormalization(scale=1), "BatchNormalization", "scale", "1", TRUTH),
    (lambda: BatchNormalization(gamma_initializer=1), "BatchNormalization", "gamma_initializer", "1", INITIALIZER),
    (lambda: TiedDense(""), "TiedDense", "to", "''", NAME),
    (lambda: TiedDense(3), "TiedDense", "to", "3", NAME),
    (lambda: TiedDense("a", use_bias=0), "TiedDense", "use_bias", "0", TRUTH),
    (lambda: Residual([]), "Residual", "layers", "[]", LAYERS),
    (lambda: Residual([Dense(2), "relu"]), "Residual", "layers", "'relu'", LAYERS),
    (lambda: Residual(Flatten), "Residual", "layers", "Flatten", LAYERS),
    (lambda: layers.Block([Dense(2), "relu"]), "Block", "layers", "'relu'", LAYERS),
    (lambda: layers.Block(Dense(2)), "Block", "layers", "Dense", LAYERS),
    (lambda: layers.Parallel([]), "Parallel", "branches", "[]", BRANCHES),
    (lambda: layers.Parallel(Dense(2)), "Parallel", "branches", "Dense", BRANCHES),
    (lambda: layers.Parallel([[Dense(2)], "relu"]), "Parallel", "branches", "'relu'", BRANCHES),
    (lambda: layers.Parallel([["relu"]]), "Parallel", "branches", "'relu'", BRANCHES),
    (lambda: layers.Parallel([[]], mode="mean"), "Parallel", "mode", "'mean'", ("'add'", "'add'")),
    (lambda: layers.PerChannel([]), "PerChannel", "layers", "[]", LAYERS),
    (lambda: layers.PerChannel(["relu"]), "PerChannel", "layers", "'relu'", LAYERS),
    (lambda: Flatten(name="a.b"), "Flatten", "name", "'a.b'", NAME),
    (lambda: MeanSquaredError(reduction="average"), "MeanSquaredError", "reduction", "'average'", MEAN_OR_SUM),
    (lambda: SumOfSquares(half=0.5), "SumOfSquares", "half", "0.5", TRUTH),
    (lambda: BinaryCrossentropy(outputs=None), "BinaryCrossentropy", "outputs", "None", MEAN_OR_SUM),
    (lambda: CategoricalCrossentropy(reduction=1), "CategoricalCrossentropy", "reduction", "1", MEAN_OR_SUM),
    (
        lambda: SparseCategoricalCrossentropy(reduction=["mean"]),
        "SparseCategoricalCrossentropy",
        "reduction",
        "['mean']",
        MEAN_OR_SUM,
    ),
    (lambda: SGD(-0.1), "SGD", "learning_rate", "-0.1", NOT_NEGATIVE),
    (lambda: SGD("fast"), "SGD", "learning_rate", "'fast'", NOT_NEGATIVE),
    (lambda: SGD(float("inf")), "SGD", "learning_rate", "inf", NOT_NEGATIVE),
    (lambda: Momentum(momentum=1), "Momentum", "momentum", "1", FRACTION),
    (lambda: Adam(beta_1=1.0), "Adam", "beta_1", "1.0", FRACTION),
    (lambda: Adam(beta_2=-0.5), "Adam", "beta_2", "-0.5", FRACTION),
    (lambda: Adam(epsilon=0), "Adam", "epsilon", "0", POSITIVE),
    (lambda: Adam(learning_rate=None), "Adam", "learning_rate", "None", NOT_NEGATIVE),
    (lambda: optimizers.Nesterov(momentum=1), "Nesterov", "momentum", "1", FRACTION),
    (lambda: optimizers.Adagrad(initial_accumulator_value=0, epsilon=0), "Adagrad", "epsilon", "0", POSITIVE),
    (lambda: optimizers.Adagrad(epsilon=-1e-9), "Adagrad", "epsilon", "-1e-09", NOT_NEGATIVE),
    (lambda: optimizers.Adadelta(rho=1), "Adadelta", "rho", "1", FRACTION),
    (lambda: optimizers.RMSprop(centered=None), "RMSprop", "centered", "None", TRUTH),
    (lambda: optimizers.AdamW(weight_decay=-0.1), "AdamW", "weight_decay", "-0.1", NOT_NEGATIVE),
    (lambda: optimizers.Nadam(beta_1=1), "Nadam", "beta_1", "1", FRACTION),
    (lambda: optimizers.Lion(beta_2=-1), "Lion", "beta_2", "-1", FRACTION),
    (lambda: optimizers.Muon(ns_steps=0), "Muon", "ns_steps", "0", COUNT),
    (lambda: losses.get(["mse"]), "compile", "loss", "['mse']", LOSS),
    (lambda: losses.get(None), "compile", "loss", "None", LOSS),
    (lambda: optimizers.get(None), "compile", "optimizer", "None", OPTIMIZER),
    (lambda: Dense(2, activation=3), "Dense", "activation", "3", ACTIVATION),
    (lambda: Activation(Dense), "Activation", "activation", "<class Dense>", ACTIVATION),
    *((partial(one, reduction="none"), one.__name__, "reduction", "'none'", MEAN_OR_SUM) for one in losses.CLASSES),
]

# (what is called, what every sentence names, the fix in en and ja)
UNKNOWN = [
    (lambda: Activation("rleu"), ["rleu", "relu"], ("Did you mean 'relu'?", "「relu」のことですか")),
    (
        lambda: Dense(2, activation="softmx"),
        ["softmx", "softmax"],
        ("Did you mean 'softmax'?", "「softmax」のことですか"),
    ),
    (
        lambda: Dense(2, kernel_initializer="zero"),
        ["zero", "zeros"],
        ("Did you mean 'zeros'?", "「zeros」のことですか"),
    ),
    (lambda: Conv2D(2, activation="tan"), ["tan", "tanh"], ("Did you mean 'tanh'?", "「tanh」のことですか")),
    (lambda: losses.get("mze"), ["mze", "mse"], ("Did you mean 'mse'?", "「mse」のことですか")),
    (lambda: optimizers.get("adm"), ["adm", "adam"], ("Did you mean 'adam'?", "「adam」のことですか")),
    (lambda: activations.name_of("soft max"), ["softmax"], ("Did you mean 'softmax'?", "「softmax」のことですか")),
    (lambda: initializers.get("glorot"), ["glorot"], ("Did you mean", "のことですか")),
]

BEFORE = ("Put a Reshape or Flatten layer before it", "前に Reshape か Flatten を置いてください")
WINDOW = ("Use a smaller window or padding='same'", "窓を小さくするか padding='same'")
CROP = ("Crop less", "切り取る行数・列数を減らしてください")
MULTIPLE = ("12 is not a multiple of 5", "12 は 5 の倍数ではない")
PRODUCTS = ("Make both products equal", "要素数を等しくするか")
ONE_HOT = ("to_categorical", "to_categorical")


def build(*parts):
    """A chain over the first layer's input_shape."""
    return lambda: chain(named(parts), parts[0].input_shape)


SHAPES = [
    (lambda: Dense(2).spec(()), ["Dense", "('N',)", "2", "1"], BEFORE),
    (lambda: Conv2D(2).spec((784,)), ["Conv2D", "('N', 784)", "4", "2"], BEFORE),
    (lambda: Conv2D(2, name="low").spec((28, 28)), ['Conv2D "low"', "('N', 28, 28)", "4", "3"], BEFORE),
    (lambda: layers.Conv2DTranspose(2).spec((784,)), ["Conv2DTranspose", "('N', 784)", "4", "2"], BEFORE),
    (lambda: Conv2D(2, 5).spec((4, 9, 1)), ["Conv2D", "(5, 5)", "(4, 9)", "('N', 4, 9, 1)"], WINDOW),
    (lambda: MaxPooling2D(name="pool").spec((10,)), ['MaxPooling2D "pool"', "('N', 10)", "4", "2"], BEFORE),
    (lambda: layers.AveragePooling2D(3).spec((2, 9, 1)), ["AveragePooling2D", "(3, 3)", "(2, 9)"], WINDOW),
    (lambda: layers.AveragePooling2D().spec((4, 4)), ["AveragePooling2D", "('N', 4, 4)", "4", "3"], BEFORE),
    (lambda: layers.LpPooling2D((2, 5), name="p").spec((4, 4, 3)), ['LpPooling2D "p"', "(2, 5)", "(4, 4)"], WINDOW),
    (lambda: layers.GlobalAveragePooling2D().spec((16,)), ["GlobalAveragePooling2D", "('N', 16)", "4", "2"], BEFORE),
    (lambda: layers.GlobalMaxPooling2D().spec((4, 4)), ["GlobalMaxPooling2D", "('N', 4, 4)", "4", "3"], BEFORE),
    (lambda: layers.UpSampling2D(name="up").spec((9,)), ['UpSampling2D "up"', "('N', 9)", "4", "2"], BEFORE),
    (lambda: layers.ZeroPadding2D().spec((8, 8)), ["ZeroPadding2D", "('N', 8, 8)", "4", "3"], BEFORE),
    (lambda: layers.Cropping2D(1).spec((8,)), ["Cropping2D", "('N', 8)", "4", "2"], BEFORE),
    (lambda: layers.Cropping2D((1, 0)).spec((2, 5, 1)), ["Cropping2D", "((1, 1), (0, 0))", "(2, 5)"], CROP),
    (lambda: MaxPooling2D(3).spec((9, 2, 1)), ["MaxPooling2D", "(3, 3)", "(9, 2)", "('N', 9, 2, 1)"], WINDOW),
    (lambda: Reshape((28, 28)).spec((780,)), ["Reshape", "('N', 780)", "('N', 28, 28)", "784"], PRODUCTS),
    (lambda: Reshape((5, -1), name="r").spec((12,)), ['Reshape "r"', "('N', 12)", "('N', 5, -1)", "12", "5"], MULTIPLE),
    (lambda: BatchNormalization().spec(()), ["BatchNormalization", "('N',)", "1"], BEFORE),
    (lambda: layers.LayerNormalization(name="z").spec(()), ['LayerNormalization "z"', "('N',)", "2", "1"], BEFORE),
    (
        build(Dense(3, name="a", input_shape=4), Dense(2), TiedDense("a", name="b")),
        ['TiedDense "b"', "-1", "3", "2", "('N', 2)"],
        ("Change that layer's settings or what stands before it", "この層の設定か、前の層を見直してください"),
    ),
    (
        build(Dense(3, name="a", input_shape=4), TiedDense("encode", name="b")),
        ['TiedDense "b"', "encode", "a"],
        ("Known: a", "ある層: a"),
    ),
    (
        build(TiedDense("b", name="a", input_shape=4), Dense(3, name="b")),
        ['TiedDense "a"', "b", "Dense(..., name='b')"],
        ("Put one before it", "前に置いてください"),
    ),
    (
        build(Flatten(name="a", input_shape=(2, 2)), TiedDense("a", name="b")),
        ['TiedDense "b"', "a", "Dense(..., name='a')"],
        ("no Dense layer stands before it", "Dense 層がありません"),
    ),
    (lambda: TiedDense("encode").spec((3,)), ["TiedDense", "encode"], ("in the same list", "同じリスト")),
    (
        lambda: Residual([Dense(3)], name="block").spec((4,)),
        ['Residual "block"', "('N', 4)", "('N', 3)"],
        ("as many filters as input channels", "フィルタ数を入力のチャネル数に合わせて"),
    ),
    (
        lambda: Residual([Conv2D(2)]).spec((5, 5, 2)),
        ["Residual", "('N', 5, 5, 2)", "('N', 3, 3, 2)"],
        ("padding='same'", "padding='same'"),
    ),
    (
        lambda: layers.Parallel([[Conv2D(2)], [Conv2D(2, padding="same")]], name="p").spec((5, 5, 2)),
        ['Parallel "p"', "0", "('N', 3, 3, 2)", "1", "('N', 5, 5, 2)"],
        ("Use padding='same' and equal strides", "padding='same' とし、ストライドをそろえるか"),
    ),
    (
        lambda: layers.Parallel([[], [Flatten()]]).spec((5, 2)),
        ["Parallel", "0", "('N', 5, 2)", "1", "('N', 10)"],
        ("a Reshape at the end of a branch", "枝の最後に Reshape を置いてください"),
    ),
    (
        lambda: layers.Parallel([[Dense(3)], [Dense(2)]], mode="add").spec((4,)),
        ["Parallel", "0", "('N', 3)", "1", "('N', 2)"],
        ("use mode='concatenate'", "mode='concatenate' にしてください"),
    ),
    (
        lambda: layers.Parallel([layers.Block([], name="1"), [Dense(2)]]).spec((4,)),
        ["1"],
        ("Give each layer a name of its own", "層ごとに別の名前を付けてください"),
    ),
    (
        build(Dense(3, name="a", input_shape=4), layers.Block([TiedDense("a", name="b")])),
        ['TiedDense "b"', "a", "Dense(..., name='a')"],
        ("in the same list", "同じリスト"),
    ),
    (lambda: layers.PerChannel([Dense(2)], name="rgb").spec(()), ['PerChannel "rgb"', "('N',)"], BEFORE),
    (
        build(Dense(3, name="a", input_shape=4), Dense(3, name="a")),
        ["a"],
        ("Give each layer a name of its own", "層ごとに別の名前を付けてください"),
    ),
    (lambda: MeanSquaredError().check((3,), (4,)), ["MeanSquaredError", "('N', 3)", "('N', 4)"], ONE_HOT),
    (lambda: SumOfSquares().check((3,), ()), ["SumOfSquares", "('N', 3)", "('N',)"], ONE_HOT),
    (lambda: CategoricalCrossentropy().check((10,), ()), ["CategoricalCrossentropy", "('N', 10)", "('N',)"], ONE_HOT),
    (lambda: BinaryCrossentropy().check((1,), ()), ["BinaryCrossentropy", "('N', 1)", "('N',)"], ONE_HOT),
    (
        lambda: SparseCategoricalCrossentropy().check((10,), (10,)),
        ["SparseCategoricalCrossentropy", "('N',)", "('N', 10)"],
        ("Use categorical_crossentropy", "categorical_crossentropy を使ってください"),
    ),
    *(
        (partial(one().check, (3,), (4,)), [one.__name__, "('N', 3)", "('N', 4)"], ONE_HOT)
        for one in losses.CLASSES
        if one.target == "values"
    ),
]


def sentence(call, kind):
    """What the call is answered with."""
    with pytest.raises(kind) as answer:
        call()
    return str(answer.value)


def whole(said, language):
    """A sentence of the language, with nothing left to fill in."""
    assert "{" not in said
    assert said[-1] in (".。）" if language == "ja" else ".")
    assert any("ぁ" <= sign <= "ん" for sign in said) == (language == "ja"), said


@pytest.mark.parametrize(("call", "owner", "name", "value", "expected"), SETTINGS)
def test_settings(call, owner, name, value, expected, language):
    said = sentence(call, SettingError)
    assert all(part in said for part in (owner, name, value, expected[language == "ja"])), said
    whole(said, language)


@pytest.mark.parametrize(("call", "parts", "fix"), UNKNOWN)
def test_unknown_names(call, parts, fix, language):
    said = sentence(call, UnknownNameError)
    assert all(part in said for part in (*parts, fix[language == "ja"])), said
    whole(said, language)


@pytest.mark.parametrize(("call", "parts", "fix"), SHAPES)
def test_shapes(call, parts, fix, language):
    said = sentence(call, ShapeError)
    assert all(part in said for part in (*parts, fix[language == "ja"])), said
    whole(said, language)


def test_every_class_has_a_bad_setting():
    owners = {owner for _, owner, _, _, _ in SETTINGS}
    public = [*layers.CLASSES, *losses.CLASSES, *optimizers.CLASSES]
    assert {one.__name__ for one in public} - owners == set()


def test_every_class_that_can_be_given_a_wrong_shape_is():
    named_there = {word for _, parts, _ in SHAPES for part in parts for word in part.replace("(", " ").split()}
    cannot = {"Activation", "Dropout", "Flatten"}  # any shape will do
    cannot |= {"Block"}  # what stands in it says what does not fit
    cannot |= {"Absolute", "Cutoff", "ELU", "GaussianNoise", "LeakyReLU", "MaskingNoise", "Rescaling"}
    public = {one.__name__ for one in (*layers.CLASSES, *losses.CLASSES)}
    assert {name for name in public if name not in named_there} == cannot


def test_pooling_of_padding_alone_is_refused(language):
    """A window that lies in the padding has no maximum."""
    said = sentence(lambda: MaxPooling2D(2, padding=((2, 0), (0, 0))).spec((4, 4, 1)), (SettingError, ShapeError))
    assert "MaxPooling2D" in said
    whole(said, language)
