"""What README tells a newcomer to type is what the CI types: the two commands stand in both READMEs as in .ci/run.

.ci/run holds them as ``readme_train='...'`` and ``readme_test='...'`` and runs them from there; each must be a line of
its own inside a ```sh block of README.md and of README.ja.md.

Usage: python tools/check_readme_commands.py [FOLDER] (default: the project's root)
"""

import re
import sys
from pathlib import Path

NAMES = ("readme_train", "readme_test")
READMES = ("README.md", "README.ja.md")


def commands(script: str) -> dict[str, str]:
    """The commands that .ci/run runs, by name.

    Example:
        >>> commands("readme_train='pip install . && garasu train'")
        {'readme_train': 'pip install . && garasu train'}
    """
    return dict(re.findall(r"^(readme_\w+)='([^'\n]+)'$", script, flags=re.MULTILINE))


def shell_lines(readme: str) -> set[str]:
    r"""Every line of the ```sh blocks, without a comment at its end.

    Example:
        >>> shell_lines("```sh\ngarasu runs  # the latest first\n```\nprose")
        {'garasu runs'}
    """
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    return {line.split("  #")[0].strip() for block in blocks for line in block.splitlines()}


def main(root: Path) -> int:
    """Print each difference; 1 if there is one."""
    run = commands((root / ".ci" / "run").read_text(encoding="utf-8"))
    faults = [f".ci/run: {name}='...' is missing" for name in NAMES if name not in run]
    for readme in READMES:
        lines = shell_lines((root / readme).read_text(encoding="utf-8"))
        faults += [f"{readme}: no ```sh line reads {run[name]!r}" for name in NAMES if run.get(name, "") not in lines]
    for fault in faults:
        print(fault)
    if not faults:
        print(f"README commands: {len(NAMES)} in {len(READMES)} files, as .ci/run runs them")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent))
