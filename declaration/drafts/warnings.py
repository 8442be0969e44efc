"""Letters that a reader cannot tell apart and terms spelled two ways, shown before anybody approves or translates them.

What a declaration may not contain at all is refused where a version is composed; these are the words that are allowed and look
like something else: a Latin ə in a Cyrillic word, a Cyrillic ОТС in a Latin text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.drafts.cautions import defined_in
from declaration.text.letters import letter_warnings, spelled_two_ways


@dataclass(frozen=True, slots=True)
class Warned:
    """A word to look at again: where, which, and the letters that stand out."""

    unit: str
    language: str
    word: str
    problem: str
    letters: tuple[str, ...]


def terms_of(texts: Mapping[str, Mapping[str, str]], terms: Sequence[Mapping[str, str]] = ()) -> list[Warned]:
    """Every other spelling of a defined term, by language and unit: of those that a text defines for itself and of the forum's list.

    ``letters`` holds the term as it is defined.
    """
    found = []
    for lang, units in texts.items():
        wanted = tuple(dict.fromkeys([*(term[lang] for term in terms if lang in term), *defined_in(units.values())]))
        for unit, text in units.items():
            for term, spellings in spelled_two_ways([text], wanted).items() if wanted else ():
                found += [Warned(unit, lang, each, "term", (term,)) for each in spellings]
    return found


def warnings_of(texts: Mapping[str, Mapping[str, str]]) -> list[Warned]:
    """Every word to look at again, by language and unit, in order."""
    return [
        Warned(unit, lang, each.word, each.problem, each.letters)
        for lang, units in texts.items()
        for unit, text in units.items()
        for each in letter_warnings(text)
    ]
