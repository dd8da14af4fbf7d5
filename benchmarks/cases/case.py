"""What a case is: the work every peer does, and how much of it is timed.

The kinds of work, each the name of a peer's method; a peer without that method is left out of the case, by name:

    train      steps of training; a step is timed
    copies     steps of training of many copies; a copy's step is timed: the time of all over copies and steps
    predict    calls of a trained network's prediction, ``batch_size`` pictures a call; a call is timed
    start      a fresh process, until the first epoch of ``steps`` steps is trained; the process is timed
    load       a fresh process that imports the library and ends; the process is timed
"""

from collections.abc import Callable
from typing import Any, Literal

from attrs import evolve, field, frozen

from benchmarks.layers import Shape
from benchmarks.network import Network

TRAFFIC = {"adam": 7, "sgd": 3}
"""How often one update reads or writes a weight or one of its companions at the very least.

Adam reads w, dw, m, v and writes w, m, v; plain descent reads w and dw and writes w.
"""

NORMAL: dict[str, Callable[[int], float]] = {
    "gauss": lambda n: 0.01,
    "Xavier": lambda n: (1 / n) ** 0.5,
    "He": lambda n: (2 / n) ** 0.5,
}
"""The standard deviation of a layer's first weights, by name, for n inputs."""

UNITS = {"train": "step", "copies": "copy's step", "predict": "call", "start": "process", "load": "process"}


@frozen(kw_only=True)
class Case:
    """One kind of work on one network.

    ``loss``: "classes" is categorical cross-entropy; "squares" half the sum of the squared differences from one-hot
    targets, or from the inputs where ``targets`` is "inputs"; "bits" binary cross-entropy. ``scale`` and ``pool`` say
    how pictures of bytes become inputs, before any clock runs or inside the step, as a peer's users would have it.
    ``uniform`` u draws all weights and biases from (-u, u); without it a library takes its own initial values.
    ``normal``, a name of ``NORMAL``, draws the weights of dense layers from normal numbers; biases are then 0.
    ``warm_up`` is the least number of steps made before the timed ones. ``variants`` (hidden activation, ``normal``),
    each from ``seeds`` seeds, are the copies where there are many.
    """

    id: str
    title: str
    kind: Literal["train", "copies", "predict", "start", "load"] = "train"
    network: Network
    batch_size: int
    steps: int
    warm_up: int = 20
    quick_steps: int = 40
    optimizer: Literal["adam", "sgd"] = "adam"
    learning_rate: float = 1e-3
    loss: Literal["classes", "squares", "bits"] = "classes"
    targets: Literal["labels", "inputs"] = "labels"
    scale: Literal["unit", "sum"] = "unit"
    pool: int = 1
    picture: Shape = (28, 28)
    uniform: float | None = None
    normal: str | None = None
    seed: int = 0
    variants: tuple[tuple[str, str], ...] = ()
    seeds: int = 1
    falls: bool = True
    """Whether the loss must fall, or else the measurement is none; where learning may stop by itself it need not."""

    pictures: int | None = None
    """Pictures in the data, where an epoch is not one pass over them."""
    note: str = field()

    def sized(self, quick: bool = False, steps: int | None = None) -> "Case":
        """The same case with other numbers of steps; a quick one is too short for a figure, it shows that all runs."""
        case = evolve(self, steps=self.quick_steps, warm_up=min(self.warm_up, 10)) if quick else self
        return evolve(case, steps=steps, warm_up=min(case.warm_up, steps)) if steps else case

    def copy(self, activation: str, normal: str, seed: int = 0) -> "Case":
        """One copy as a case of its own: the steps of that network, from that seed."""
        network = self.network.with_hidden(activation)
        return evolve(self, kind="train", network=network, normal=normal, seed=seed, variants=(), seeds=1)

    def copies(self, seeds: int) -> "list[Case]":
        """Every variant from so many seeds.

        Example:
            >>> from benchmarks.cases import CASES
            >>> [(one.normal, one.seed) for one in CASES["copies"].copies(2)][:3]
            [('gauss', 0), ('gauss', 1), ('Xavier', 0)]
        """
        return [self.copy(*variant, seed) for variant in self.variants for seed in range(seeds)]

    def deviation(self, inputs: int) -> float:
        """The standard deviation of the first weights of a layer with so many inputs, where ``normal`` is given."""
        return NORMAL[self.normal or ""](inputs)

    def facts(self) -> dict[str, Any]:
        """What the report says of it."""
        names = ("id", "title", "kind", "unit", "batch_size", "steps", "warm_up", "operations", "bytes", "note")
        return {name: getattr(self, name) for name in names}

    @property
    def unit(self) -> str:
        """What is timed: "step", "copy's step", "call" or "process"."""
        return UNITS[self.kind]

    @property
    def rows(self) -> int:
        """Pictures in the data: one timed epoch uses each of them once."""
        return self.pictures or self.steps * self.batch_size

    @property
    def operations(self) -> int:
        """Additions and multiplications in one step (of one copy), or in one call; a process has no floor."""
        if self.kind == "predict":
            return self.batch_size * self.network.forward_operations
        return self.batch_size * self.network.training_operations if self.kind in ("train", "copies") else 0

    @property
    def bytes(self) -> int:
        """Bytes one step or call moves at the very least: float32 weights and what belongs to them."""
        update = TRAFFIC[self.optimizer]
        times = {"train": update, "copies": update, "predict": 1}.get(self.kind, 0)
        return 4 * times * self.network.weights
