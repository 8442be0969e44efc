"""Redlines: what a change does to a text, in whole words, as a reader marks it and as splices.

    redline("The Parties shall ensure access.", "The Parties should ensure access.")

    equal   "The Parties "
    delete  "shall"
    insert  "should"
    equal   " ensure access."

The texts are brought to NFC and cut into tokens (:mod:`declaration.text.tokens`); :mod:`declaration.text.script` finds the minimal
script, :mod:`declaration.text.readers` groups it into phrases. The result is a function of the two texts and of ``VERSION`` alone.

* *equal* and *delete* joined are the old text, byte for byte after NFC; *equal*, *insert* and *move* joined are the new one.
* *move* is a whole line of four words or more that stands unchanged elsewhere in the old text, where it is marked *delete*.
* A change in which the words stay and only spaces or punctuation differ is *editorial*. A changed number, sign or symbol never is.
* :func:`splices_between` gives the same redline as exact offsets: what an amendment's statement carries.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from declaration.text import tokens as cut
from declaration.text.aligning import MAX_CHARACTERS, MAX_TOKENS, Aligned, align, bounded_tokens, too_long
from declaration.text.readers import tidy
from declaration.text.script import hunks
from declaration.text.splices import Splice

VERSION = f"redline-2/{cut.VERSION}"

Op = Literal["equal", "delete", "insert", "move"]


@dataclass(frozen=True, slots=True)
class Change:
    """One run of a redline.

    :param op: ``equal``, ``delete``, ``insert`` or ``move``.
    :param text: the words, whole tokens.
    :param editorial: for ``delete`` and ``insert``: only spaces or punctuation differ.
    """

    op: Op
    text: str
    editorial: bool = False


def redline(old: str, new: str) -> list[Change]:
    """Return the redline from ``old`` to ``new``; a deletion comes before the insertion that replaces it.

    :raises Refused: ``redline.too-long``
    """
    found = _prepared(old, new)
    head, tail, a, b, moved = found.head, found.tail, found.old, found.new, found.whole
    changes: list[Change] = []
    at = 0
    for a0, a1, b0, b1 in found.script:
        if head or at < a0:
            changes.append(Change("equal", head + "".join(a[at:a0])))
            head = ""
        editorial = _is_editorial(a[a0:a1], b[b0:b1])
        if a0 < a1:
            changes.append(Change("delete", "".join(a[a0:a1]), editorial))
        changes += _inserted(b[b0:b1], moved, editorial)
        at = a1
    if head or tail or at < len(a):
        changes.append(Change("equal", head + "".join(a[at:]) + tail))
    return changes


def splices_between(old: str, new: str) -> list[Splice]:
    """Return the redline as splices on the NFC form of ``old``: sorted, not touching.

    :raises Refused: ``redline.too-long``
    """
    found = _prepared(old, new)
    a, b = found.old, found.new
    result: list[Splice] = []
    at_token, at_character = 0, len(found.head)
    for a0, a1, b0, b1 in found.script:
        start = at_character + sum(map(len, a[at_token:a0]))
        end = start + sum(map(len, a[a0:a1]))
        result.append((start, end, "".join(b[b0:b1])))
        at_token, at_character = a1, end
    return result


def finest(base: str, splice: Splice) -> list[Splice]:
    """Return a splice as the changes of single words that it is made of, before any grouping for readers."""
    start, end, text = splice
    a, b = cut.tokens(base[start:end]), cut.tokens(text)
    result: list[Splice] = []
    at_token, at_character = 0, start
    for a0, a1, b0, b1 in hunks(a, b):
        first = at_character + sum(map(len, a[at_token:a0]))
        last = first + sum(map(len, a[a0:a1]))
        result.append((first, last, "".join(b[b0:b1])))
        at_token, at_character = a1, last
    return result


def changes_of(old: str, splices: Iterable[Splice]) -> list[Change]:
    """Return the redline that recorded splices stand for; nothing is computed anew."""
    changes: list[Change] = []
    at = 0
    for start, end, text in splices:
        if at < start:
            changes.append(Change("equal", old[at:start]))
        editorial = _is_editorial(cut.tokens(old[start:end]), cut.tokens(text))
        if start < end:
            changes.append(Change("delete", old[start:end], editorial))
        if text:
            changes.append(Change("insert", text, editorial))
        at = end
    if at < len(old):
        changes.append(Change("equal", old[at:]))
    return changes


def replacements(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Return every place of a redline as (taken out, put in); one of the two may be empty."""
    pairs: list[tuple[str, str]] = []
    open_pair = False
    for change in changes:
        if change.op == "equal":
            open_pair = False
        elif change.op == "delete":
            pairs.append((change.text, ""))
            open_pair = True
        elif open_pair:
            taken, put = pairs.pop()
            pairs.append((taken, put + change.text))
        else:
            pairs.append(("", change.text))
            open_pair = True
    return pairs


def is_editorial(changes: Iterable[Change]) -> bool:
    """Say whether a redline changes something, and nothing but spaces and punctuation."""
    changed = [change for change in changes if change.op != "equal"]
    return bool(changed) and all(change.editorial for change in changed)


# -- output ------------------------------------------------------------------

_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_TAGS = {"delete": "del", "insert": "ins"}


def to_html(changes: Sequence[Change], *, editorial: str = "editorial") -> str:
    """Return the redline as HTML: ``<del>`` before ``<ins>``, spaces at the edge of a change outside the mark.

    The words for screen readers ("added", "taken out", "moved") come from the stylesheet's generated content, in the reader's
    language. A change of nothing but space shows a visible sign for each space or line end.

    :param editorial: the word set after a change of spaces or punctuation only; empty for none.
    """
    parts: list[str] = []
    for position, change in enumerate(changes):
        if change.op == "equal":
            parts.append(escape(change.text))
            continue
        if change.op == "insert" and position and changes[position - 1].op == "delete" and not parts[-1].endswith(" "):
            parts.append(" ")
        after_move = position > 0 and changes[position - 1].op == "move"
        # The line end that came with a moved line is no change of its own.
        parts.append(change.text if after_move and change.text in cut.LINE_ENDS else _marked(change))
        last = position + 1 == len(changes) or changes[position + 1].op in ("equal", "delete")
        if change.editorial and editorial and last:
            parts.append(f'<b class="by">{escape(editorial)}</b>')
    return "".join(parts)


def _marked(change: Change) -> str:
    match = _EDGES.fullmatch(change.text)
    before, inner, after = match.groups() if match else ("", change.text, "")
    if not inner:
        before, inner, after = "", "".join("\u00b6" if one in cut.LINE_ENDS else "\u2423" for one in change.text), ""
    if change.op == "move":
        return f'{before}<span class="moved">{escape(inner)}</span>{after}'
    tag = _TAGS[change.op]
    kind = ' class="editorial"' if change.editorial else ""
    return f"{before}<{tag}{kind}>{escape(inner)}</{tag}>{after}"


_BRACKETS = {"delete": "[-{}-]", "insert": "[+{}+]", "move": "[~{}~]"}


def to_text(changes: Iterable[Change]) -> str:
    """Return the redline as plain text: ``[-taken out-]``, ``[+added+]``, ``[~moved here~]``; spaces stay where they are."""
    return "".join(change.text if change.op == "equal" else _BRACKETS[change.op].format(change.text) for change in changes)


# -- preparation ---------------------------------------------------------------


def _prepared(old: str, new: str) -> Aligned:
    """The tokens of two texts and what a reader wants to see changed."""
    old, new = _bounded(old), _bounded(new)
    if "\n" in old and "\n" in new:
        a, b = bounded_tokens(old), bounded_tokens(new)
        moved = _common_lines(a, b)
        a, b = _with_lines(a, moved), _with_lines(b, moved)
        return Aligned("", "", a, b, tidy(a, b, hunks(a, b)), moved)
    found = align(old, new)
    return replace(found, script=tidy(found.old, found.new, found.script, whole=found.whole), whole=frozenset())


def _bounded(text: str) -> str:
    # The bound comes before the work: normalizing may lengthen a text, but never shortens a long one below a third.
    if len(text) <= 3 * MAX_CHARACTERS:
        text = cut.nfc(text)
        if len(text) <= MAX_CHARACTERS:
            return text
    raise too_long()


_MOVED_WORDS = 4


def _lines(items: Sequence[str]) -> list[tuple[int, int]]:
    """Token ranges of the lines, without their line ends."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for position, token in enumerate(items):
        if token in cut.LINE_ENDS:
            ranges.append((start, position))
            start = position + 1
    ranges.append((start, len(items)))
    return ranges


def _common_lines(a: Sequence[str], b: Sequence[str]) -> frozenset[str]:
    """Lines long enough to be recognised that stand exactly once on either side."""
    once: list[set[str]] = []
    for items in (a, b):
        lines = [items[start:end] for start, end in _lines(items)]
        texts = ["".join(line) for line in lines if sum(map(cut.is_word, line)) >= _MOVED_WORDS]
        once.append({text for text, count in Counter(texts).items() if count == 1})
    return frozenset(once[0] & once[1])


def _with_lines(items: Sequence[str], whole: frozenset[str]) -> list[str]:
    """Return the tokens with every line of ``whole`` as one token, so that it stays or moves in one piece."""
    result: list[str] = []
    for start, end in _lines(items):
        line = "".join(items[start:end])
        if line in whole:
            result.append(line)
        else:
            result += items[start:end]
        result += items[end : end + 1]
    return result


def _inserted(items: Sequence[str], moved: frozenset[str], editorial: bool) -> list[Change]:
    changes: list[Change] = []
    run: list[str] = []
    for token in items:
        if token in moved:
            if run:
                changes.append(Change("insert", "".join(run), editorial))
                run = []
            changes.append(Change("move", token))
        else:
            run.append(token)
    if run:
        changes.append(Change("insert", "".join(run), editorial))
    return changes


# -- editorial ------------------------------------------------------------------

_SYMBOLS = frozenset("%‰§#&@")
_VARIANTS = str.maketrans(dict.fromkeys(cut.APOSTROPHES, "'") | dict.fromkeys(cut.HYPHENS, "-"))


def _is_editorial(old: Sequence[str], new: Sequence[str]) -> bool:
    return _bare(old) == _bare(new)


def _bare(items: Sequence[str]) -> list[str]:
    """What remains when spaces and punctuation are taken away: words with one spelling of apostrophe and hyphen, and symbols."""
    kept = []
    for token in items:
        if cut.is_word(token):
            kept.append(token.translate(_VARIANTS))
        elif not token.isspace() and (unicodedata.category(token[0])[0] not in "PZ" or token in _SYMBOLS):
            kept.append(token)
    return kept


__all__ = [
    "MAX_CHARACTERS",
    "MAX_TOKENS",
    "VERSION",
    "Change",
    "Op",
    "changes_of",
    "finest",
    "is_editorial",
    "redline",
    "replacements",
    "splices_between",
    "to_html",
    "to_text",
]
