"""No file over 500 lines: who needs more has two files in one. Prints the longest file and the median of src.

Usage: python tools/check_file_length.py [FOLDER] (default: the project's root)
"""

import sys
from pathlib import Path
from statistics import median

LIMIT = 500
SUFFIXES = {".css", ".js", ".py"}
PLACES = ("src", "tests", "tools", "benchmarks", "mutants", "examples")


def line_counts(root: Path) -> dict[Path, int]:
    """The number of lines of each source file below the project's own folders."""
    found = (path for place in PLACES for path in sorted((root / place).rglob("*")) if path.suffix in SUFFIXES)
    return {path.relative_to(root): len(path.read_text(encoding="utf-8").splitlines()) for path in found}


def main(root: Path) -> int:
    """Print what was found; 1 if a file is too long or none was found at all."""
    counts = line_counts(root)
    if not counts:
        print(f"file length: no source file below {root}: expected one in {', '.join(PLACES)}")
        return 1
    too_long = {path: lines for path, lines in counts.items() if lines > LIMIT}
    for path, lines in too_long.items():
        print(f"{path}: {lines} lines; at most {LIMIT}. Divide it.")
    longest = max(counts, key=lambda path: counts[path])
    middle = median([lines for path, lines in counts.items() if path.parts[0] == "src"] or [0])
    print(f"file length: {len(counts)} files, median of src {middle:g} lines, longest {longest} ({counts[longest]})")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent))
