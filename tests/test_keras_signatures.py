"""docs/keras.md is true: where a name is both Keras's and ours, its settings differ as listed here and said there."""

import inspect
import re
from pathlib import Path

import pytest

import garasu

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"keras.md": "## Not there (yet)", "keras.ja.md": "## まだないもの"}
GROUPS = ("layers", "optimizers", "schedules", "losses", "initializers", "regularizers", "callbacks", "models")
METHODS = (
    "add",
    "build",
    "compile",
    "evaluate",
    "fit",
    "get_layer",
    "load_weights",
    "predict",
    "save",
    "save_weights",
    "summary",
)
BASES = {"CallbackList", "Initializer", "Layer", "Loss", "Optimizer", "Regularizer"}
BASE = {"name", "input_shape", "trainable"}
"""What every layer of ours takes; Keras's take it as further keywords."""

EVERY = None
"""Of every class of the group that has it in Keras."""

ABSENT = {
    "layers": {
        "activity_regularizer": EVERY,
        "axis": EVERY,
        "beta_constraint": EVERY,
        "bias_constraint": EVERY,
        "data_format": EVERY,
        "gamma_constraint": EVERY,
        "kernel_constraint": EVERY,
        "lora_alpha": EVERY,
        "lora_rank": EVERY,
        "noise_shape": EVERY,
        "quantization_config": EVERY,
        "renorm": EVERY,
        "renorm_clipping": EVERY,
        "renorm_momentum": EVERY,
        "seed": EVERY,
        "synchronized": EVERY,
    },
    "optimizers": {
        "adam_lr_ratio": EVERY,
        "adam_weight_decay": EVERY,
        "amsgrad": EVERY,
        "ema_overwrite_frequency": EVERY,
        "exclude_embeddings": EVERY,
        "exclude_layers": EVERY,
        "gradient_accumulation_steps": EVERY,
        "loss_scale_factor": EVERY,
        "momentum": {"SGD"},
        "muon_a": EVERY,
        "muon_b": EVERY,
        "muon_c": EVERY,
        "name": EVERY,
        "nesterov": {"SGD"},
        "weight_decay": {"Adadelta", "Adagrad", "Adam", "Nadam", "RMSprop", "SGD"},
    },
    "schedules": {"name": EVERY},
    "losses": {"axis": EVERY, "dtype": EVERY, "from_logits": EVERY, "ignore_class": EVERY, "name": EVERY},
    "initializers": {"input_axes": EVERY, "output_axes": EVERY, "seed": EVERY},
    "regularizers": {},
    "callbacks": {},
    "models": {
        "auto_scale_loss": EVERY,
        "callbacks": {"evaluate", "predict"},
        "compile": {"load_model"},
        "custom_objects": EVERY,
        "filepath": EVERY,
        "jit_compile": EVERY,
        "layer_range": EVERY,
        "line_length": EVERY,
        "loss_weights": EVERY,
        "max_shard_size": EVERY,
        "positions": EVERY,
        "rebuild": EVERY,
        "safe_mode": EVERY,
        "show_trainable": EVERY,
        "skip_mismatch": EVERY,
        "steps": {"evaluate", "predict"},
        "steps_per_execution": EVERY,
        "validation_batch_size": EVERY,
        "validation_freq": EVERY,
        "validation_steps": EVERY,
        "weighted_metrics": EVERY,
        "zipped": EVERY,
    },
}
"""Keras's settings that are not ours, and the classes or methods that lack them."""

MORE = {
    "layers": {"padding_value": {"Conv2D"}, "groups": {"Conv2DTranspose"}},
    "optimizers": {
        "corrected_epsilon": {"Adam", "AdamW"},
        "epsilon_inside": {"Adagrad", "RMSprop"},
        "momentum_decay": {"Nadam"},
    },
    "losses": {
        "half": {"MeanSquaredError"},
        "label_smoothing": {"SparseCategoricalCrossentropy"},
        "outputs": {"BinaryCrossentropy"},
    },
    "models": {
        "cache_frozen": {"fit"},
        "device": {"compile", "load_model"},
        "engine": {"load_model"},
        "layers": {"load_model"},
        "path": {"load_model", "load_weights", "save", "save_weights"},
        "precision": {"compile"},
        "replacement": {"fit"},
        "resume": {"fit"},
        "seeds": {"fit"},
        "share_batches": {"fit"},
        "steps": {"fit"},
    },
}
"""Our settings that are not Keras's."""

REQUIRED = {("Conv2D", "kernel_size"), ("Conv2DTranspose", "kernel_size"), ("Dropout", "rate")}
REQUIRED |= {("AveragePooling2D", "pool_size"), ("evaluate", "x"), ("evaluate", "y"), ("fit", "x"), ("fit", "y")}
REQUIRED |= {("build", "input_shape")}
"""Where only one of the two has a value to fall back on."""

OTHERWISE = {
    ("compile", "optimizer"): ("adam", "rmsprop"),
    ("evaluate", "verbose"): (0, "auto"),
    ("predict", "verbose"): (0, "auto"),
    ("fit", "epochs"): (None, 1),  # or ``steps``
    ("save", "overwrite"): (False, True),
    ("save_weights", "overwrite"): (False, True),
    ("summary", "print_fn"): (print, None),
    ("Lion", "weight_decay"): (0.0, None),
    ("ZeroPadding2D", "padding"): (((1, 1), (1, 1)), (1, 1)),
    **{(name, "reduction"): ("mean", "sum_over_batch_size") for name in garasu.losses.__all__},
}
"""Ours and Keras's where both have one; only the first three, and ``overwrite``, mean another thing."""

BEHIND = {
    "BatchNormalization": "axis",
    "Conv2D": "data_format",
    "Conv2DTranspose": "data_format",
    "CosineDecay": "name",
    "GlobalAveragePooling2D": "data_format",
    "GlobalMaxPooling2D": "data_format",
    "LayerNormalization": "axis",
    "UpSampling2D": "data_format",
    "compile": "loss_weights",
    "summary": "line_length",
}
"""From the place of these on, a setting must be given by its name, for ours has another there."""


def places(library):
    """Where a library keeps each group."""
    found = {group: getattr(library, group) for group in GROUPS[2:7] if group != "schedules"}
    return {
        "layers": library.layers,
        "optimizers": library.optimizers,
        **found,
        "schedules": library.optimizers.schedules,
    }


def settings(thing):
    """Its parameters by name."""
    found = inspect.signature(thing).parameters.items()
    return {
        name: one for name, one in found if name != "self" and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    }


def shared(group):
    """(ours, Keras's) by name: every class of the group that both have, or every method of a model."""
    import keras

    if group == "models":
        pairs = {name: (getattr(garasu.models.Sequential, name), getattr(keras.Sequential, name)) for name in METHODS}
        return pairs | {"load_model": (garasu.models.load_model, keras.models.load_model)}
    ours, theirs = places(garasu)[group], places(keras)[group]
    names = [name for name in dir(ours) if name[:1].isupper() and name not in BASES and hasattr(theirs, name)]
    return {name: (getattr(ours, name), getattr(theirs, name)) for name in names}


@pytest.fixture(scope="module")
def pairs():
    """The settings of ours and of Keras's, by group and name."""
    return {group: {name: tuple(map(settings, both)) for name, both in shared(group).items()} for group in GROUPS}


def by_setting(differences):
    """{"Dense": {"axis"}} as {"axis": {"Dense"}}."""
    found = {}
    for name, lacking in differences.items():
        for setting in lacking:
            found.setdefault(setting, set()).add(name)
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_what_keras_takes_and_we_do_not(group, pairs):
    found = by_setting({name: theirs.keys() - ours.keys() for name, (ours, theirs) in pairs[group].items()})
    having = by_setting({name: theirs for name, (_, theirs) in pairs[group].items()})
    assert found == {one: having[one] if names is EVERY else names for one, names in ABSENT[group].items()}


@pytest.mark.parametrize("group", GROUPS)
def test_what_we_take_and_keras_does_not(group, pairs):
    found = {name: ours.keys() - theirs.keys() - BASE for name, (ours, theirs) in pairs[group].items()}
    assert by_setting(found) == MORE.get(group, {})


def test_a_setting_that_is_not_given_means_the_same(pairs):
    required, otherwise, empty = set(), {}, inspect.Parameter.empty
    for group in GROUPS:
        for name, both in pairs[group].items():
            for setting in both[0].keys() & both[1].keys():
                ours, theirs = (one[setting].default for one in both)
                if (ours is empty) != (theirs is empty):
                    required.add((name, setting))
                elif ours != theirs:
                    otherwise[name, setting] = ours, theirs
    assert required == REQUIRED
    assert otherwise == {where: found for where, found in OTHERWISE.items() if where in otherwise}
    assert {where for where in OTHERWISE if where[1] != "reduction"} <= otherwise.keys()


def test_a_setting_given_by_its_place_means_the_same_or_is_listed(pairs):
    """Up to the first that is not ours or takes a name here; from there on our places must not be Keras's others."""
    found = {}
    for name, both in (pair for group in GROUPS for pair in pairs[group].items()):
        ours, theirs = ([one.name for one in side.values() if one.kind is one.POSITIONAL_OR_KEYWORD] for side in both)
        other = [their for mine, their in zip(ours, theirs, strict=False) if mine != their]
        if other and other[0] != "filepath":
            found[name] = other[0]
        assert [one for one in ours if one in theirs] == [one for one in theirs if one in ours], name
    assert found == BEHIND


@pytest.mark.parametrize("page", PAGES)
def test_the_page_names_every_class_and_every_setting_that_is_missing(page, pairs):
    text = (DOCS / page).read_text(encoding="utf-8")
    missing = words(text.partition(PAGES[page])[2])
    assert {group: lacking.keys() - missing for group, lacking in ABSENT.items()} == {group: set() for group in ABSENT}
    losses = {type(garasu.losses.get(name)).__name__ for name in words(text) & garasu.losses.NAMES.keys()}
    named = words(text) | losses
    assert {group: pairs[group].keys() - named for group in GROUPS} == {group: set() for group in GROUPS}


def words(text):
    """Every name that stands in the code of a page's lines."""
    lines = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", lines))))
