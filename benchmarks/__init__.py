"""The benchmark suite: Garasu beside its peers, on the same work, on this machine.

    python -m benchmarks                                   every case, every peer that is installed
    python -m benchmarks --quick                           does it all run? one short round, no figures to quote
    python -m benchmarks --out docs/benchmarks.md          and write the note, with docs/benchmarks.json beside it

Where things stand: ``cases/`` says what is timed (one file a case), ``peers/`` how each library does it (one file a
library). ``worker`` makes one measurement in a process of its own, ``rounds`` calls for them in turn, ``summary``
reduces them, ``report`` writes them down, ``floor`` says what the machine could do at best.

A new case is a file in ``cases/`` and a line in its ``CASES``; a new peer is a file in ``peers/`` and a line in its
``MODULES``. A case names the kind of its work ("train"), and a peer has a method of that name if it can do it.
"""
