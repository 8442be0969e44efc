"""Letters that a reader cannot tell apart, shown before anybody approves or translates them.

What a declaration may not contain at all is refused where a version is composed; these are the words that are allowed and look
like something else: a Latin ə in a Cyrillic word, a Cyrillic ОТС in a Latin text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from declaration.text.letters import letter_warnings


@dataclass(frozen=True, slots=True)
class Warned:
    """A word to look at again: where, which, and the letters that stand out."""

    unit: str
    language: str
    word: str
    problem: str
    letters: tuple[str, ...]


def warnings_of(texts: Mapping[str, Mapping[str, str]]) -> list[Warned]:
    """Every word to look at again, by language and unit, in order."""
    return [
        Warned(unit, lang, each.word, each.problem, each.letters)
        for lang, units in texts.items()
        for unit, text in units.items()
        for each in letter_warnings(text)
    ]
