"""docs/mechanisms.md and its Japanese page: every public mechanism stands there with the formula of its file."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("mechanisms", ROOT / "tools" / "mechanisms.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_the_page_shows_every_mechanism_with_its_present_formula(language):
    assert tool.missing(language) == [], "run: python tools/mechanisms.py"


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_every_mechanism_has_measured_errors(language):
    page = (ROOT / "docs" / tool.file_of(language)).read_text(encoding="utf-8")
    for one in tool.mechanisms():
        row = next(line for line in page.splitlines() if line.startswith(f"| [{one.name}](#{tool.anchor(one)})"))
        assert len(re.findall(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\| 0 ", row)) >= 3, row


def test_every_mechanism_is_said_in_japanese_and_nothing_else_is():
    known = {}
    for one in tool.mechanisms():
        known.setdefault(one.group, set()).add(one.name)
    for group, module in tool.OTHERS.items():
        known[group] = set(module.NAMES)
    assert {group: set(said) for group, said in tool.WORDS["said"].items()} == known


@pytest.mark.parametrize(
    ("error", "said"), [(None, "-"), (0.0, "0"), (2e-16, "10⁻¹⁵"), (1e-9, "10⁻⁹"), (3e-6, "10⁻⁵"), (0.02, "10⁻¹")]
)
def test_powers_are_rounded_up(error, said):
    assert tool.power(error) == said
