"""python -m benchmarks.accuracy: how long a network of ours takes to learn all of MNIST, and how well, seed by seed.

Seconds are those of ``fit`` on 60,000 digits without what was compiled (the program is warm); the 10,000 test pictures
are looked at once, behind the last step, and the seconds for that stand in a column of their own.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define

from benchmarks import machine
from garasu import datasets
from garasu.models import Sequential
from garasu.networks import zoo


@define
class Learned:
    """What came of one seed."""

    seed: int
    seconds: float
    evaluation: float
    accuracy: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, then print or write."""
    asked = _parser().parse_args(arguments)
    entry, where = zoo.get(asked.network), machine.describe()
    epochs = asked.epochs or entry.epochs["mnist"]
    found = [learn(entry, epochs, seed) for seed in range(asked.seeds)]
    note = report(entry, epochs, found, where, " ".join(["python -m benchmarks.accuracy", *sys.argv[1:]]))
    if asked.out:
        asked.out.write_text(note, encoding="utf-8")
    print(note, end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=(__doc__ or "").splitlines()[0])
    made.add_argument("--network", default="fast", help="a network of the zoo (fast)")
    made.add_argument("--seeds", type=int, default=5, help="how many (5)")
    made.add_argument("--epochs", type=int, help="over the 60,000 digits (as the network says)")
    made.add_argument("--out", type=Path, metavar="FILE.md", help="write the note there too")
    return made


def learn(entry: zoo.Entry, epochs: int, seed: int) -> Learned:
    """One model, made anew, trained and asked once."""
    (x, t), (x_test, t_test) = datasets.mnist.load_data()
    model = Sequential(entry.layers(), seed=seed)
    model.compile(optimizer=entry.optimizer, loss=entry.loss, metrics=["accuracy"])
    began = time.perf_counter()
    model.fit(x[..., None], t, batch_size=entry.batch_size, epochs=epochs, verbose=0)
    trained, compiling = time.perf_counter(), model.engine.compile_seconds
    _, accuracy = model.evaluate(x_test[..., None], t_test, verbose=0)
    done = time.perf_counter()
    asked = done - trained - (model.engine.compile_seconds - compiling)
    print(f"seed {seed}: {accuracy:.4f} after {trained - began - compiling:.1f} s", file=sys.stderr, flush=True)
    return Learned(seed, trained - began - compiling, asked, accuracy)


def report(entry: zoo.Entry, epochs: int, found: Sequence[Learned], where: Mapping[str, Any], command: str) -> str:
    """The note: settings, machine, every seed, means and spread."""
    rows = [f"| {one.seed} | {one.accuracy:.2%} | {one.seconds:.1f} | {one.evaluation:.1f} |" for one in found]
    accuracy, seconds = [one.accuracy for one in found], [one.seconds for one in found]
    passes = "one pass" if epochs == 1 else f"{epochs} passes"
    others = ", ".join(where["others"] or []) or "nothing above 5 % of a core"
    load = " ".join(map(str, where["load_average"] or ["not known"]))
    return "\n".join(
        [
            f"# MNIST with the network `{entry.id}`",
            "",
            f"Written by `{command}`.",
            f"{passes.capitalize()} over the 60,000 digits in mini-batches of {entry.batch_size}, then the 10,000 test",
            "pictures once. Seconds are those of the training without compilation.",
            "",
            f"Mean of {len(found)} seeds: **{statistics.mean(accuracy):.2%}**",
            f"({min(accuracy):.2%} to {max(accuracy):.2%}) in **{statistics.mean(seconds):.1f} s**",
            f"({min(seconds):.1f} to {max(seconds):.1f}).",
            "",
            "| seed | test accuracy | seconds of training | of evaluation |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            f"Layers and settings stand in `src/garasu/networks/zoo/{entry.id}.py`.",
            f"Machine: {where['processor']}, {where['cores']} cores, {where['system']}, Python {where['python']},",
            f"{where['date']}; load average {load}; what else ran:",
            f"{others}.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
