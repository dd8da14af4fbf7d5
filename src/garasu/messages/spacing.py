"""Spaces in Japanese sentences: one between Japanese letters and ASCII, none between Japanese letters.

A translator cannot know how what is filled in begins and ends: {expected} may be 有限の数 or 0 以上の数. So the seams
of a sentence are set here, and only they: what was filled in stays as it is.
"""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

_JAPANESE = "[々ぁ-ゖァ-ヺー㐀-鿿]"
_OPENS, _CLOSES = "[0-9A-Za-z'\"(\\[<{+\\-*/_=.~#%&@]", "[0-9A-Za-z'\")\\]>}+\\-*/_=.~#%&@]"
_MEET = re.compile(f"{_JAPANESE}\0{_OPENS}|{_CLOSES}\0{_JAPANESE}")
_SPACE_BEHIND = re.compile(f"(?<={_JAPANESE}\0) (?={_JAPANESE})")
_SPACE_BEFORE = re.compile(f"(?<={_JAPANESE}) (?=\0{_JAPANESE})")


def spaced(sentence: str, fields: Mapping[str, Any]) -> str:
    """``sentence.format(**fields)``, with the space at each seam set by the rule.

    Example:
        >>> spaced("{name} には{expected}を指定", {"name": "units", "expected": "1 以上の整数"})
        'units には 1 以上の整数を指定'
        >>> spaced("{path} がありません", {"path": "写真"}), spaced("{a} {b}（{c}）", {"a": "層", "b": "枝", "c": 3})
        ('写真がありません', '層 枝（3）')
    """
    formatter, joined = Formatter(), ""
    for words, name, spec, conversion in formatter.parse(sentence):
        joined = _joined(joined, words, _SPACE_BEHIND)
        if name is not None:
            value = formatter.convert_field(formatter.get_field(name, (), fields)[0], conversion)
            filled = formatter.format_field(value, spec or "")
            # a space alone between two values stays
            joined = joined + filled if words.isspace() else _joined(joined, filled, _SPACE_BEFORE)
    return joined


def _joined(before: str, after: str, space: re.Pattern[str]) -> str:
    """Two pieces as one, by the two signs on each side of the seam; ``space`` finds one of the sentence's own there."""
    if not before or not after:
        return before + after
    around = space.sub("", f"{before[-2:]}\0{after[:2]}")
    return before[:-2] + around.replace("\0", " " if _MEET.search(around) else "") + after[2:]
