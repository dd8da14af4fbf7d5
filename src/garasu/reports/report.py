"""Writing the report: draw, save each picture as PNG, put all into one page."""

from pathlib import Path

from garasu import figures
from garasu.models.measure import measure
from garasu.models.run import Run
from garasu.reports.drawing import drawings
from garasu.reports.page import page
from garasu.train import run_folder

NAME = "report.html"
FIGURES = "figures"


def write(run: Run) -> Path:
    """``report.html`` in the run's folder, and its pictures in ``figures/``; answers with the path of the page.

    It is made from what the folder holds, so it can be made again at any time, in either language.

    Raises:
        FileError: the folder cannot be written to.
    """
    found = measure(run)
    pictures: dict[str, bytes] = {}
    for name, figure in drawings(run, found):
        pictures[name] = figures.save(figure, run.folder / FIGURES / f"{name}.png").read_bytes()
    path = run.folder / NAME
    run_folder.write_file(path, page(run, found, pictures).encode("utf-8", "backslashreplace"))
    return path
