"""Writing the report: draw, save each picture as PNG, put all into one page."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from garasu import figures
from garasu.messages import DataError
from garasu.models.measure import measure
from garasu.models.run import Run
from garasu.reports.drawing import drawings
from garasu.reports.page import Drawn, page
from garasu.train import run_folder

NAME, FIGURES = "report{}.html", "figures{}"


@frozen
class Report:
    """Where a report lies: its page and its pictures."""

    page: Path
    figures: tuple[Path, ...] = field(converter=tuple)


def write(run: Run) -> Report:
    """``report.html`` in the run's folder, and its pictures in ``figures/``.

    It is made from what the folder holds, so it can be made again at any time, in either language. That of the best
    checkpoint has names of its own, with ``-best``.

    Raises:
        FileError: the folder cannot be written to.
    """
    suffix = "" if run.checkpoint == run_folder.LAST else f"-{run.checkpoint.stem}"
    place = run.folder / FIGURES.format(suffix)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # letters that no font has; what is not finite is said on the page
        found = measure(run)
        drawn, reasons = _drawn(run, found)
        pictures = {
            name: Drawn(figures.save(figure, place / f"{name}.png").read_bytes(), figure.get_figwidth())
            for name, figure in drawn.items()
        }
    path = run.folder / NAME.format(suffix)
    run_folder.write_file(path, page(run, found, pictures, reasons).encode("utf-8", "backslashreplace"))
    return Report(path, [place / f"{name}.png" for name in pictures])


def _drawn(run: Run, found: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """All figures by name; and why some could not be drawn, where numbers are not finite."""
    drawn, reasons = dict[str, Any](), dict[str, str]()
    for name, draw in drawings(run, found):
        try:
            drawn[name] = draw()
        except DataError as error:
            reasons[name] = str(error)
    return drawn, reasons
