"""Read one JSON object from standard input and fail if one of its numbers is below a bound.

Usage: garasu evaluate --json | python tools/check_accuracy.py accuracy 0.97
"""

import json
import sys


def main(key: str, least: float) -> int:
    """Print the number; 1 if it is below ``least``."""
    value = float(json.load(sys.stdin)[key])
    print(f"{key} {value:.4f}, at least {least:g} wanted")
    return 0 if value >= least else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
