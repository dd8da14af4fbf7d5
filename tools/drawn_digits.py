"""How many digits are recognised when each is a picture of its own, and what each stage of the preparation is worth.

    garasu train c9 --data mnist --epochs 2
    GARASU_DATA=folder python tools/drawn_digits.py runs/c9-mnist-1

Takes test digits of MNIST, gives each another size, canvas, place, paper and ink (dark on light or light on dark) and
another file format, and predicts the files as ``garasu predict`` does: with the whole preparation, then with one stage
switched off, then with all of them off (the canvas shrunk to 28 x 28).
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve
from PIL import Image

from garasu import data
from garasu.models import Sequential, run
from garasu.models.pictures import Answer, predict_pictures

OFF: dict[str, dict[str, Any]] = {
    "whole preparation": {},
    "not centred by mass": {"mass": False},
    "not widened to a square": {"square": False},
    "peak as it is": {"peak": False},
    "not cut out": {"box": False},
    "canvas shrunk to 28 x 28": {"box": False, "square": False, "peak": False, "mass": False, "inner": 28},
    "and its polarity taken as light on dark": {
        "box": False,
        "square": False,
        "peak": False,
        "mass": False,
        "inner": 28,
        "polarity": "light",
    },
}
FORMATS = ("png", "jpg", "webp", "bmp", "tiff")


def drawn(digit: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """A digit (28, 28) on a canvas of another size, somewhere, in other shades."""
    side = int(draw.integers(24, 240))
    scaled = np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC), dtype=np.float64)
    high, wide = (side + int(draw.integers(0, 2 * side)) for _ in range(2))
    top, left = int(draw.integers(0, high - side + 1)), int(draw.integers(0, wide - side + 1))
    paper, ink = float(draw.integers(200, 256)), float(draw.integers(0, 90))
    if draw.random() < 0.5:
        paper, ink = 255 - paper, 255 - ink
    canvas = np.full((high, wide), paper)
    canvas[top : top + side, left : left + side] += (ink - paper) * scaled / 255
    return np.clip(np.round(canvas), 0, 255).astype(np.uint8)


def write(folder: Path, digits: Sequence[np.ndarray], seed: int) -> list[Path]:
    """Every digit as a file."""
    draw, paths = np.random.default_rng(seed), []
    for number, digit in enumerate(digits):
        paths.append(folder / f"{number}.{FORMATS[number % len(FORMATS)]}")
        Image.fromarray(drawn(digit, draw)).save(paths[-1])
    return paths


def recognised(model: Sequential, settings: dict[str, Any], paths: Sequence[Path], wanted: Sequence[str]) -> int:
    """How many files the model takes for what they are."""
    picture = model.preparation.picture
    model.preparation = evolve(model.preparation, picture=evolve(picture, **settings))
    answers = predict_pictures(model, paths)
    model.preparation = evolve(model.preparation, picture=picture)
    right = [isinstance(one, Answer) and one.predicted == name for one, name in zip(answers, wanted, strict=True)]
    return sum(right)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    model, mnist = run.load_model(chosen.run), data.load("mnist")
    rows = np.random.default_rng(chosen.seed).permutation(len(mnist.test_labels))[: chosen.count]
    wanted = [mnist.class_names[label] for label in mnist.test_labels[rows]]
    with tempfile.TemporaryDirectory() as folder:
        paths = write(Path(folder), mnist.test_images[rows], chosen.seed)
        print("| preparation | recognised |\n|---|---|")
        for name, settings in OFF.items():
            right = recognised(model, settings, paths, wanted)
            print(f"| {name} | {right} of {len(rows)}, {100 * right / len(rows):.1f} % |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
