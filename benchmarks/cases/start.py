"""From a cold shell: how long until a first epoch is trained, and until a library is there at all."""

from benchmarks.cases.c9 import NETWORK, NOTE
from benchmarks.cases.case import Case

START = Case(
    id="start",
    title="A cold shell to the first trained epoch of C9",
    kind="start",
    network=NETWORK,
    batch_size=128,
    steps=80,
    note=f"A fresh process: import, data, model, one epoch of training, nothing compiled before. {NOTE}",
)


def _load(name: str, title: str, note: str) -> Case:
    return Case(id=name, title=title, kind="load", network=NETWORK, batch_size=1, steps=1, quick_steps=1, note=note)


HELP = _load("help", "The command line's help", "A fresh process that runs `garasu --help`.")
IMPORT = _load("import", "import", "A fresh process that imports the library and ends.")
