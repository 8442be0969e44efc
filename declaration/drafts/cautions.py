"""What a reader of a change must not overlook: a number, a negation, letters that are not what they seem, a term spelled two ways.

A caution is for a person and decides nothing. One function makes them for every page on which somebody decides: the editor, a
proposal, the Chair's table, the next version. They follow from the redline alone, so a page without scripts has them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from flask import Flask, g
from flask_babel import gettext as _

from declaration.text.alterations import alterations
from declaration.text.letters import letter_warnings, spelled_two_ways
from declaration.text.redline import Change, replacements

Kind = Literal["number", "negation", "letters", "other-letters", "term"]

# A term that a text defines for itself: inside brackets, in quotation marks or after a dash, (hereinafter “the Platform”).
_DEFINED = re.compile(
    r"\([^()]*[“«\"]([^“”«»\"()]{2,60})[”»\"][^()]*\)"
    r"|\((?:bundan sonra|hereinafter|бұдан әрі|далее)[^()“«\"]* [–—] ([^()“«\"]{2,60})\)"
)
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing not to be overlooked.

    :ivar before: the words that count or negate and are taken out; the term as it is defined; the word with odd letters.
    :ivar after: those put in; the other spelling; the names of the letters.
    """

    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A caution in the reader's words: ``word`` stands beside a sign, ``detail`` says what it is about."""

    word: str
    detail: str


def cautions(changes: Sequence[Change], language: str, terms: Iterable[str] = ()) -> tuple[Caution, ...]:
    """The cautions of a change of one paragraph, in the language of its text.

    :param terms: defined terms, beside those that the paragraph defines itself.
    """
    return _cautions(tuple(changes), language, tuple(terms))


@lru_cache(maxsize=4096)
def _cautions(changes: tuple[Change, ...], language: str, terms: tuple[str, ...]) -> tuple[Caution, ...]:
    ops = {change.op for change in changes}
    if not ops & {"insert", "delete"} or ops == {"delete"}:
        return ()
    found: list[Caution] = []
    # All of a new paragraph is put in: there is nothing that its numbers alter.
    if ops != {"insert"}:
        altered = alterations(replacements(changes), language)
        for kind in ("number", "negation"):
            these = [each for each in altered if each.kind == kind]
            if these:
                taken = [word for each in these for word in each.taken]
                put = [word for each in these for word in each.put]
                found.append(Caution("number" if kind == "number" else "negation", _few(taken), _few(put)))
    old = "".join(change.text for change in changes if change.op in ("equal", "delete"))
    new = "".join(change.text for change in changes if change.op in ("equal", "insert"))
    odd = _letters(old, new)
    # A term with an odd letter in it has been told of; it is not a second spelling besides.
    words = {word for each in odd for word in each.before}
    return (*found, *odd, *(each for each in _terms(old, new, terms) if not words & set(each.after)))


def _letters(old: str, new: str) -> list[Caution]:
    before = {each.word for each in letter_warnings(old)}
    kinds: dict[str, Kind] = {"mixed-script": "letters", "other-script": "other-letters"}
    fresh = {each.word: each for each in letter_warnings(new) if each.word not in before}
    return [Caution(kinds[each.problem], (each.word,), each.letters) for each in fresh.values()]


def _terms(old: str, new: str, terms: Sequence[str]) -> list[Caution]:
    wanted = list(dict.fromkeys([*terms, *defined_in([new])]))
    before, after = spelled_two_ways([old], wanted), spelled_two_ways([new], wanted)
    found = []
    for term, spellings in after.items():
        fresh = tuple(each for each in spellings if each not in before.get(term, ()))
        if fresh:
            found.append(Caution("term", (term,), fresh))
    return found


def _few(words: Sequence[str]) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(words))
    return once if len(once) <= _MOST_NAMED else (*once[:_MOST_NAMED], "…")


def defined_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The terms that texts define for themselves, in order."""
    return tuple(dict.fromkeys(match[1] or match[2] for text in texts for match in _DEFINED.finditer(text)))


def told(caution: Caution) -> Told:
    """A caution in the reader's words."""
    before, after = ", ".join(caution.before), ", ".join(caution.after)
    if caution.kind == "term":
        return Told(_("A term spelled two ways"), _("“%(term)s” is also written “%(other)s”", term=before, other=after))
    if caution.kind == "letters":
        return Told(_("Mixed scripts"), _("“%(word)s” has %(letters)s", word=before, letters=after))
    if caution.kind == "other-letters":
        return Told(_("Letters of another script"), _("“%(word)s” is %(letters)s", word=before, letters=after))
    word = _("Alters a number") if caution.kind == "number" else _("Alters a negation")
    if not before:
        return Told(word, _("puts in “%(words)s”", words=after))
    if not after:
        return Told(word, _("takes out “%(words)s”", words=before))
    return Told(word, _("“%(old)s” becomes “%(new)s”", old=before, new=after))


def init_app(app: Flask) -> None:
    """Give templates ``cautions_of(changes, language)``."""
    app.jinja_env.globals["cautions_of"] = _cautions_of


def _cautions_of(changes: Sequence[Change], language: str) -> list[Told]:
    forum = g.get("forum")
    terms = tuple(term[language] for term in forum.terms or () if language in term) if forum is not None else ()
    return [told(each) for each in cautions(changes, language, terms)]
