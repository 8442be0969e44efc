"""The term list of a forum: what a defined term is called in each language, and where a translation does not say it.

A term is looked for at the beginning of words, without regard to case as the language folds it, and any ending may follow: in
Azerbaijani *dəhlizi* stands in *dəhlizinin*. Nothing is decided here: a deviation is shown to the translator and to whoever certifies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.text.collation import fold
from declaration.text.tokens import nfc

Term = Mapping[str, str]
"""One term by language: ``{"en": "Zangazur", "az": "Zəngəzur", "tr": "Zengezur"}``."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that stands in the original; ``kept`` says whether the other text has it as the list wants."""

    source: str
    target: str
    kept: bool


def hits(source: str, target: str, terms: Sequence[Term], original: str, language: str) -> list[Hit]:
    """The terms of the list that stand in ``source``, in the order of the list, each with whether ``target`` has it."""
    return [
        Hit(term[original], term[language], contains(target, term[language], language))
        for term in terms
        if original in term and language in term and contains(source, term[original], original)
    ]


def contains(text: str, term: str, language: str) -> bool:
    """Whether ``term`` stands in ``text`` at the beginning of a word."""
    wanted = re.escape(fold(nfc(term), language))
    return re.search(rf"(?<!\w){wanted}", fold(nfc(text), language)) is not None
