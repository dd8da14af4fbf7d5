"""The command that makes a run again."""

import shlex

import attrs

from garasu.models.run import Run
from garasu.models.run_settings import RunSettings
from garasu.networks import zoo

_OPTIONS = (
    "data",
    "image_size",
    "image_fit",
    "color",
    "test_share",
    "epochs",
    "steps",
    "batch_size",
    "steps_per_epoch",
    "optimizer",
    "learning_rate",
    "loss_reduction",
    "seed",
    "precision",
    "engine",
)


_FIXED = {field.name: field.default for field in attrs.fields(RunSettings) if field.name in ("precision", "engine")}
"""What is so unless it is said; seeds and data sets are said all the same, for a reader looks for them."""


def command(run: Run) -> str:
    """The command line with every setting that decides the numbers and is not the network's or everyone's own."""
    words = ["garasu", "train", str(run.settings.network)]
    for name in _OPTIONS:
        value = getattr(run.settings, name)
        if value is not None and value != _FIXED.get(name):
            said = "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
            words += [f"--{name.replace('_', '-')}", said]
    replacement = bool(run.settings.replacement)
    if replacement != zoo.get(str(run.settings.network)).replacement:
        words.append("--replacement" if replacement else "--no-replacement")
    return shlex.join(words)
