"""Pages of examples and their Japanese ones: every block of Python on them runs and prints what they show."""

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = {"nested": 5, "training": 9}
"""The pages, and how many blocks each has, so that none is lost unnoticed."""


def text(page):
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page):
    """The fenced blocks of Python, in order."""
    return re.findall(r"^```python\n(.*?)^```$", text(page), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_runs(name):
    """One after another, each seeing the names of those before it, as a reader types them."""
    names, runner = {}, doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for number, block in enumerate(blocks(f"{name}.md")):
        test = doctest.DocTestParser().get_doctest(block, names, f"block {number}", f"{name}.md", 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize(("name", "count"), BLOCKS.items())
def test_both_pages_hold_the_same_code(name, count):
    assert blocks(f"{name}.md") == blocks(f"{name}.ja.md")
    assert len(blocks(f"{name}.md")) == count


@pytest.mark.parametrize("page", [f"{name}{tail}" for name in BLOCKS for tail in (".md", ".ja.md")])
def test_every_fence_is_python(page):
    assert text(page).count("```") == 2 * len(blocks(page))
