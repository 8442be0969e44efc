"""Tokens: the smallest pieces a redline may mark, so that no word and no grapheme is ever cut.

A text is brought to NFC and cut into these, from left to right, the first rule that fits:

1. a line end (U+000A, U+000D or both together);
2. a run of spaces;
3. a word: letters, digits and their combining marks, joined by
   * an apostrophe or a hyphen with a letter or digit on either side: ``Nahçıvan’da``, ``2024-cü``, ``non-profit``,
     and Uzbek ``oʻ``, ``gʻ`` in every spelling of the apostrophe;
   * a full stop, comma, colon, slash or no-break space between two digits: ``1,000,000``, ``2.5``, ``31.12.2026``, ``10:30``;
   U+2018 or a grave accent after ``o`` or ``g`` belongs to the word also at its end (``tog‘``), because no closing quotation
   mark looks like that;
4. any other single character with the marks that follow it: one punctuation mark, one symbol, one emoji.

The tokens joined are the text. A token never begins inside an extended grapheme cluster (UAX 29, Unicode 14). ``VERSION`` names
these rules; it is part of a redline's identity, because another cut gives another redline.
"""

from __future__ import annotations

import re
import unicodedata

from declaration.text import marks

VERSION = "tokens-1"

APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\uff07"
LINE_ENDS = frozenset(("\n", "\r", "\r\n"))

HYPHENS = "-\u2010\u2011"

# Characters that attach to the *following* grapheme (Grapheme_Cluster_Break=Prepend).
_PREPEND_LETTERS = "\u0d4e\U000111c2\U000111c3\U0001193f\U00011941\U00011a84-\U00011a89\U00011d46"
_PREPEND = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"


_JOIN = rf"[{re.escape(APOSTROPHES + HYPHENS)}](?=\w)|(?<=\d)[.,:/\u00a0\u202f](?=\d)"
_LAST_APOSTROPHE = r"(?:(?<=[oOgG])[\u2018`](?!\w))?"


def _pattern(extend: str) -> re.Pattern[str]:
    word = rf"[\w{extend}]"
    # After a zero-width joiner the next pictograph belongs to the same grapheme.
    joined = rf"(?:(?<=\u200d)(?:[^\w\s]|\u2139)[{extend}]*)*"
    return re.compile(
        r"\r\n?|\n"
        rf"|[^\S\r\n]+[{extend}]*"
        rf"|\w{word}*(?:(?:{_JOIN}){word}+)*{_LAST_APOSTROPHE}(?:(?<=[{_PREPEND_LETTERS}])[^\w\r\n][{extend}]*)?{joined}"
        rf"|[\U0001f1e6-\U0001f1ff]{{2}}[{extend}]*"
        rf"|[{_PREPEND}]+.?[{extend}]*{joined}"
        rf"|.[{extend}]*{joined}",
        re.DOTALL,
    )


_BMP_ONLY = _pattern(marks.BMP)
_FULL = _pattern(marks.BMP + marks.ASTRAL)
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")

# The same rules for a text in which nothing attaches to another character: Latin, Greek and Cyrillic letters, usual punctuation.
_PLAIN = re.compile(rf"\w++(?:(?:{_JOIN})\w++)*+{_LAST_APOSTROPHE}|[^\S\r\n]++|\r\n?|.", re.DOTALL)
_NOT_PLAIN = re.compile("[^\u0000-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2026]")
_WORD = re.compile(r"\w")
_TAKES_A_SPACE = re.compile(rf"[\s{_PREPEND}{_PREPEND_LETTERS}]")


def nfc(text: str) -> str:
    """Return the text in Unicode normalization form C; cheap where it already is."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def tokens(text: str) -> list[str]:
    """Cut the NFC form of ``text`` into tokens; joined they are that form again."""
    text = nfc(text)
    if not _NOT_PLAIN.search(text):
        return _PLAIN.findall(text)
    # The class of marks beyond the basic plane is slow to test and almost never needed.
    pattern = _FULL if _BEYOND_BMP.search(text) else _BMP_ONLY
    return pattern.findall(text)


def ends_before_space(character: str) -> bool:
    """Say whether a token that ends with ``character`` ends there also where a space follows; an empty text says nothing."""
    return bool(character) and not _TAKES_A_SPACE.match(character)


def is_word(token: str) -> bool:
    """Say whether a token is a word or a number (and not space or punctuation)."""
    return bool(_WORD.match(token))


def words(text: str) -> list[str]:
    """Return the words and numbers of a text, in order."""
    return [token for token in tokens(text) if _WORD.match(token)]
