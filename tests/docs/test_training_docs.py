"""docs/training.md and its Japanese page: every block of Python on them runs and prints what they show."""

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("training.md", "training.ja.md")


def blocks(page):
    """The fenced blocks of Python, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_every_block_runs():
    """One after another, each seeing the names of those before it, as a reader types them."""
    names, runner = {}, doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for number, block in enumerate(blocks(PAGES[0])):
        test = doctest.DocTestParser().get_doctest(block, names, f"block {number}", PAGES[0], 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0


def test_both_pages_hold_the_same_code():
    assert blocks(PAGES[0]) == blocks(PAGES[1]) and len(blocks(PAGES[0])) == 9


@pytest.mark.parametrize("page", PAGES)
def test_every_fence_is_python(page):
    assert (DOCS / page).read_text(encoding="utf-8").count("```") == 2 * len(blocks(page))
