"""How long a folder of pictures takes: the pass that decodes it, later epochs, and the memory; then with broken files.

    python tools/own_pictures.py FOLDER [--epochs 3] [--broken 0.01]

Each figure comes from ``garasu train`` in a process of its own with an empty cache of pictures, then again with the
cache that it left. For ``--broken`` the folder is copied by links, and that share of its files is cut in the middle or
replaced by text. Prints one Markdown table.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def train(folder: Path, work: Path, epochs: int, name: str) -> dict[str, Any]:
    """``garasu train`` on a folder: its JSON, the seconds it took in all, and its peak memory in megabytes."""
    words = ["-m", "garasu", "train", "--data", folder, "--epochs", epochs, "--name", name, "--no-report", "--json"]
    environment = {**os.environ, "GARASU_PICTURE_CACHE": str(work / "cache")}
    began = time.perf_counter()
    command = [sys.executable, *map(str, words), "--out", str(work / "runs")]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode:
        sys.exit(err)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # the largest child so far
    epochs_took = [float(line.split(" - ")[1].rstrip("s")) for line in err.splitlines() if line.startswith("Epoch")]
    return {**json.loads(out), "all": seconds, "peak": peak, "epochs_took": epochs_took, "said": err}


def broken(folder: Path, copy: Path, share: float) -> list[str]:
    """A copy of a folder by links in which some files are damaged; their names."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    wrong = sorted(random.Random(0).sample(names, round(share * len(names))))
    for name in names:
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(folder / name, target)
    for number, name in enumerate(wrong):
        content = (folder / name).read_bytes()
        (copy / name).unlink()
        (copy / name).write_bytes(content[: len(content) // 2] if number % 2 else b"<html>not a picture</html>")
    return wrong


def row(title: str, found: dict[str, Any]) -> str:
    """A line of the table."""
    epochs = ", ".join(f"{seconds:.1f}" for seconds in found["epochs_took"])
    other = found["all"] - sum(found["epochs_took"])
    cells = (
        title,
        f"{found['all']:.1f}",
        f"{other:.1f}",
        epochs,
        f"{found['peak']:.0f}",
        f"{found['test_accuracy']:.4f}",
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--broken", type=float, default=0.01)
    chosen = parser.parse_args()
    print("| run | seconds in all | beside the epochs | epochs | peak MB | test accuracy |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=chosen.folder.parent) as place:
        work = Path(place)
        print(row("no cache yet", train(chosen.folder, work, chosen.epochs, "first")), flush=True)
        print(row("from the cache", train(chosen.folder, work, chosen.epochs, "second")), flush=True)
        if chosen.broken:
            wrong = broken(chosen.folder, work / "copy", chosen.broken)
            print(row(f"{len(wrong)} files broken", train(work / "copy", work, 1, "third")), flush=True)
            split = (work / "runs" / "third" / "split.csv").read_text(encoding="utf-8").splitlines()
            named = sorted(line.split(",", 2)[2] for line in split if line.startswith("skipped,"))
            print(f"\nnamed in split.csv: {len(named)}; exactly those that were broken: {named == wrong}")


if __name__ == "__main__":
    main()
