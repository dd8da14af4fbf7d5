"""Train a network with several seeds and print what came out, as a Markdown table: one line a seed, mean and spread.

    GARASU_DATA=folder python tools/seeds.py c9 mnist --seeds 5 --out runs

Each seed is a ``garasu train`` of its own, with the network's default settings for the data; its run folder is kept.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


def train(network: str, data: str, seed: int, out: str) -> dict[str, Any]:
    """What ``garasu train --json`` answers."""
    words = ["train", network, "--data", data, "--seed", str(seed), "--out", out, "--json"]
    done = subprocess.run([sys.executable, "-m", "garasu", *words], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def table(results: Sequence[dict[str, Any]]) -> str:
    """One line a seed, and their mean and spread.

    Example:
        >>> rows = [{"seed": s, "test_accuracy": a, "test_loss": 0.04, "seconds": 9} for s, a in ((0, 0.98), (1, 0.99))]
        >>> print(table(rows).splitlines()[-1])
        | mean (least - greatest) | 0.9850 (0.9800 - 0.9900) | | |
    """
    lines = ["| seed | test accuracy | test loss | seconds |", "|---|---|---|---|"]
    lines += [
        f"| {r['seed']} | {r['test_accuracy']:.4f} | {r['test_loss']:.4f} | {r['seconds']:.0f} |" for r in results
    ]
    found = [one["test_accuracy"] for one in results]
    spread = f"{statistics.mean(found):.4f} ({min(found):.4f} - {max(found):.4f})"
    return "\n".join([*lines, f"| mean (least - greatest) | {spread} | | |"])


def main() -> None:
    """Train, seed by seed, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("network")
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", default="runs")
    chosen = parser.parse_args()
    results = [train(chosen.network, chosen.data, seed, chosen.out) for seed in range(chosen.seeds)]
    print(table(results))


if __name__ == "__main__":
    main()
