"""What a peer is: a library that can do a case's work, in one or several settings of which the best counts."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, ClassVar

import attrs
from attrs import field, frozen

from benchmarks.cases import Case


@frozen
class Measurement:
    """What one process measured.

    ``seconds``: wall time of the ``steps`` timed steps or calls; where there are ``copies``, each makes so many.
    ``warm_up_seconds``: from the compiled model to the end of the warm-up of ``warm_up_steps``, compilation included.
    ``losses``: mean loss of the warm-up and of the timed epoch, where there is training. ``weights``: how many numbers
    one model trains. ``checks``: other figures of the same run, by name.
    """

    seconds: float
    steps: int
    warm_up_seconds: float
    warm_up_steps: int
    losses: tuple[float, ...] = field(converter=tuple)
    weights: int
    copies: int = 1
    checks: Mapping[str, float] = field(factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON; ``start_seconds`` is what the warm-up took more than its steps take later."""
        step = self.seconds / (self.steps * self.copies)
        start = max(0.0, self.warm_up_seconds - step * self.warm_up_steps * self.copies)
        return attrs.asdict(self) | {"step_seconds": step, "start_seconds": start}


class Peer:
    """A library. A subclass gives the class variables, and a method for each kind of work it can do:

    ``train(case, setting, images, labels) -> Measurement``     images uint8 (N, Y, X), labels (N,)
    ``copies(case, setting, images, labels) -> Measurement``
    ``predict(case, setting, images, labels) -> Measurement``

    A case of kind "start" is its ``train`` in a process that is timed as a whole, one of kind "load" its import.
    """

    title: ClassVar[str]
    """Its name in the report."""

    packages: ClassVar[tuple[str, ...]]
    """The distributions it needs; their versions are reported."""

    modules: ClassVar[tuple[str, ...]]
    """The modules it imports, to find out whether it is there at all; the first is what its users import."""

    settings: ClassVar[tuple[str, ...]] = ("",)
    """The settings measured; the best of them counts."""

    more_settings: ClassVar[tuple[str, ...]] = ()
    """Settings measured only when asked for as ``--peers NAME:SETTING``: found slower, see ``practice``."""

    practice: ClassVar[str] = ""
    """How its data are fed and what else a reader must know, in a sentence."""

    more_practice: ClassVar[Mapping[str, str]] = {}
    """What a reader must know besides for one kind of work, by kind."""

    environment: ClassVar[Mapping[str, str]] = {}
    """Environment variables of its process."""

    def missing(self) -> list[str]:
        """The modules that are not installed.

        Example:
            >>> peer = Peer()
            >>> peer.modules = ("sys", "no_such_library")
            >>> peer.missing()
            ['no_such_library']
        """
        return [name for name in self.modules if find_spec(name) is None]

    def does(self, case: Case) -> bool:
        """Whether it can do this case's work; a subclass that cannot build every network says more."""
        if case.kind == "load":
            return case.id == "import"
        return hasattr(self, "train" if case.kind == "start" else case.kind)

    def command(self, case: Case) -> list[str]:
        """What Python is called with for a case of kind "load"."""
        return ["-c", f"import {self.modules[0]}"]

    def settings_for(self, case: Case) -> tuple[str, ...]:
        """Those of its settings that are different things for this case."""
        return self.settings if case.kind != "load" else ("",)

    def versions(self) -> dict[str, str]:
        """The installed version of each package."""
        return {name: _version(name) for name in self.packages}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
