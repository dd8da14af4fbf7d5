"""What a case is: the work every peer does, and how much of it is timed."""

from typing import Any

from attrs import evolve, frozen

from benchmarks.network import Network


@frozen
class Case:
    """One kind of work on one network.

    ``kind`` names the method of a peer that does it; a peer without that method is left out of the case, by name.
    ``warm_up`` is the least number of steps made before the timed ones. ``traffic`` is how many times one step reads or
    writes each weight or one of its companions, at the very least.
    """

    id: str
    title: str
    kind: str
    network: Network
    batch_size: int
    steps: int
    warm_up: int
    learning_rate: float
    traffic: int
    note: str

    def sized(self, quick: bool = False, steps: int | None = None) -> "Case":
        """The same case with other numbers of steps; a quick one is too short for a figure, it shows that all runs."""
        case = evolve(self, steps=40, warm_up=10) if quick else self
        return evolve(case, steps=steps, warm_up=min(case.warm_up, steps)) if steps else case

    def facts(self) -> dict[str, Any]:
        """What the report says of it."""
        names = ("id", "title", "kind", "batch_size", "steps", "warm_up", "operations", "bytes", "note")
        return {name: getattr(self, name) for name in names}

    @property
    def rows(self) -> int:
        """Pictures in the data: one timed epoch uses each of them once."""
        return self.steps * self.batch_size

    @property
    def operations(self) -> int:
        """Additions and multiplications in one step."""
        return self.batch_size * self.network.training_operations

    @property
    def bytes(self) -> int:
        """Bytes one step moves at the very least: float32 weights and what belongs to them, ``traffic`` times."""
        return 4 * self.traffic * self.network.weights
