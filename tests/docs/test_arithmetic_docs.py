"""docs/arithmetic.md and its Japanese page: every block of Python on them runs and prints what they show."""

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("arithmetic.md", "arithmetic.ja.md")
FLAGS = doctest.NORMALIZE_WHITESPACE


def text(page):
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page):
    """The fenced blocks of Python, in order."""
    return re.findall(r"^```python\n(.*?)^```$", text(page), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_runs(page):
    """One after another, each seeing the names of those before it, as a reader types them."""
    names, runner = {}, doctest.DocTestRunner(optionflags=FLAGS)
    for number, block in enumerate(blocks(page)):
        test = doctest.DocTestParser().get_doctest(block, names, f"{page}, block {number}", page, 0)
        assert test.examples
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0


def test_both_pages_hold_the_same_code():
    assert blocks(PAGES[0]) == blocks(PAGES[1]) and len(blocks(PAGES[0])) > 11


@pytest.mark.parametrize("page", PAGES)
def test_every_fence_is_python_and_every_example_has_its_heading(page):
    assert text(page).count("```") == 2 * len(blocks(page))
    assert re.findall(r"^## (B\d+) ", text(page), flags=re.MULTILINE) == [f"B{number}" for number in range(1, 12)]
