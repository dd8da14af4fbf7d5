"""docs/mechanisms.md and its Japanese page: every public mechanism stands there with the formula of its file."""

import re
from pathlib import Path

import numpy as np
import pytest

from tools import mechanisms as tool
from tools import mechanisms_errors as errors

ROOT = Path(__file__).parents[2]
NOTATION = set(
    re.findall(
        r"\w+",
        """
    Adam add alpha argmax aspect batch beta bilinear clipnorm clipvalue col columns concatenate cos cosh
    cutoff dbeta dgamma div edge_vertical epsilon epsilon_inside erf eta eta_max exp False final floor gain
    gamma global_clipnorm half high linear log low max maxval mean min minval mode nearest nesterov offset
    orientation pct_start phase pi psi rate rms_rate rho same scale sigma sigmoid sign sin size softmax sqrt
    staircase stddev step steps sum tanh threshold True units valid value var wavelength weight_decay
        """,
    )
)
"""Functions, letters and settings: what a Japanese formula may have in common with the English one."""


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_the_page_shows_every_mechanism_with_its_present_formula(language):
    assert tool.missing(language) == [], "run: python tools/mechanisms.py"


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_every_word_of_the_page_comes_from_the_tool(language):
    page = (ROOT / "docs" / tool.file_of(language)).read_text(encoding="utf-8")
    assert tool.page(language, tool.committed(language)) == page, "run: python tools/mechanisms.py --words"


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_every_mechanism_has_measured_errors(language):
    """Three at least of what has a backward rule; of the others something, be it a case worked by hand."""
    page = (ROOT / "docs" / tool.file_of(language)).read_text(encoding="utf-8")
    for one in tool.mechanisms():
        row = next(line for line in page.splitlines() if line.startswith(f"| [{one.name}](#{tool.anchor(one)})"))
        least = 3 if one.group in ("activations", "layers", "losses", "optimizers") else 1
        assert len(re.findall(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\| 0 |\| \d+ ", row)) >= least, row


def test_every_mechanism_is_said_in_japanese_and_nothing_else_is():
    known = {}
    for one in tool.mechanisms():
        known.setdefault(one.group, set()).add(one.name)
    assert {group: set(said) for group, said in tool.WORDS["said"].items()} == known
    assert all(set(meanings) <= known[group] for group, meanings in tool.JAPANESE["where"].items())


@pytest.mark.parametrize("group", tool.NAMED)
def test_of_what_has_several_names_one_stands_on_the_page(group):
    """No public thing is left out, and none is there twice."""
    said, names = tool.WORDS["said"][group], tool.NAMED[group]
    assert {id(names[name]) for name in said} == {id(one) for one in names.values()}
    assert len({id(names[name]) for name in said}) == len(said)
    assert set(tool.WORDS["formulas"][group]) == set(said)


def test_japanese_formulas_are_in_japanese():
    """A line that has changed in its file has no translation any more, and shows up here."""
    lines, left = tool.JAPANESE["lines"], {}
    for one in tool.mechanisms():
        translated = "\n".join(lines.get(line.strip(), line) for line in one.formula.splitlines())
        words = {
            word for word in re.findall(r"[A-Za-z_]{3,}", translated) if not re.fullmatch(r"[A-Za-z]{1,4}_\w?", word)
        }
        if words - NOTATION:
            left[one.group, one.name] = words - NOTATION
    assert left == {}
    used = {line.strip() for one in tool.mechanisms() for line in one.formula.splitlines()}
    assert set(lines) <= used


@pytest.mark.parametrize(
    ("error", "said"), [(None, "-"), (0.0, "0"), (2e-16, "10⁻¹⁵"), (1e-9, "10⁻⁹"), (3e-6, "10⁻⁵"), (0.02, "10⁻¹")]
)
def test_powers_are_rounded_up(error, said):
    assert tool.power(error) == said


def test_what_a_test_compares_is_heard_and_then_no_more():
    true = np.testing.assert_allclose
    found = errors.beside(lambda: np.testing.assert_allclose([3.0, 4.0004], [3.0, 4.0], rtol=0.1))
    assert found == pytest.approx(1e-4) and errors.beside(lambda: None) is None
    assert errors.beside(pytest.skip, "no such library") is None
    with pytest.raises(AssertionError):
        errors.beside(np.testing.assert_array_equal, [1.0], [2.0])
    assert np.testing.assert_allclose is true


def test_filters_are_measured():
    """One group in full, so that tests which are renamed are missed here and not only when the pages are written."""
    found = {}
    for group, name, rungs in errors.of_filters():
        found.setdefault((group, name), {}).update(rungs)
    assert {name for _, name in found} == set(tool.GIVEN)
    assert 0 < found["filters", "gaussian"]["scipy"] < 1e-14 and found["filters", "gabor"]["hand"] == 1
