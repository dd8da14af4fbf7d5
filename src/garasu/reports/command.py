"""The command that makes a run again."""

import shlex

from garasu.models.run import Run

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
)


def command(run: Run) -> str:
    """The command line with every setting that decides the numbers."""
    words = ["garasu", "train", str(run.settings.network)]
    for name in _OPTIONS:
        value = getattr(run.settings, name)
        if value is not None:
            said = "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
            words += [f"--{name.replace('_', '-')}", said]
    if run.settings.replacement is not None:
        words.append("--replacement" if run.settings.replacement else "--no-replacement")
    if run.settings.engine == "eager":
        words += ["--engine", "eager"]
    return shlex.join(words)
