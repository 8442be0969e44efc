"""Sorting and case per language: the order of each alphabet, dotted and dotless i, apostrophes.

``sort_key(text, language)`` compares like this, as the Unicode Collation Algorithm with the language's own tailoring does:

1. the letters, in the order of the language's alphabet; a letter pair that counts as one letter is one (Hungarian ``cs``, Uzbek ``sh``,
   ``oʻ``); space, punctuation, symbols and digits before letters; the language's own script before others;
2. where those are equal, accents that are no letters of their own;
3. where those are equal too, small letters before capitals; then the text itself, so that no two texts are equal.

The alphabets are data below: the tailorings of CLDR for the nine languages, over the order of the Latin and Cyrillic letters. What people
type to find a name is folded without regard to language by :mod:`declaration.text.finding`. No library
is used: PyICU has no wheels, and pyuca has no tailorings and an old table; see ``docs/adr/0101-alphabets-as-data.md``.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from declaration.text.tokens import APOSTROPHES, nfc

_LATIN = "a b c d e ə f g h i ı j k l m n o p q r s t u v w x y z"
_CYRILLIC = "а ә б в г ғ д ђ е є ж з и і ї й ј к қ л љ м н ң њ о ө п р с т ћ у ү ұ ў ф х һ ц ч џ ш щ ъ ы ь э ю я"

ALPHABETS: dict[str, str] = {
    "en": _LATIN,
    "az": "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z w",
    "tr": "a b c ç d e ə f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
    "tk": "a b c ç d e ä ə f g h i ı j ž k l m n ň o ö p q r s ş t u ü v w x y ý z",
    "uz": "a b c d e ə f g h i ı j k l m n o p q r s t u v w x y z oʻ gʻ sh ch",
    "hu": "a b c cs d dz dzs e ə f g gy h i ı j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs",
    "ru": _CYRILLIC,
    "kk": "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я",
    "ky": _CYRILLIC.replace(" ж ", " ё ж "),
}
"""The letters of each language in order, with those of neighbours that occur in names."""

# Hungarian writes a doubled pair short: ``ssz`` is ``sz`` twice. Long ``ő`` and ``ű`` sort with ``ö`` and ``ü``.
_DOUBLED = {"ccs": "cs", "ddz": "dz", "ddzs": "dzs", "ggy": "gy", "lly": "ly", "nny": "ny", "ssz": "sz", "tty": "ty", "zzs": "zs"}
_LONG = {"ő": "ö", "ű": "ü"}

_DOTTED = frozenset(("az", "tr"))
_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "ʻ"))

_OWN, _OTHER, _UNKNOWN = 4, 5, 6
_CLASSES = {"Z": 0, "C": 0, "P": 1, "S": 2, "N": 3}

Key = tuple[tuple[tuple[int, int], ...], tuple[str, ...], tuple[int, ...], str]


def lower(text: str, language: str) -> str:
    """Return the text in small letters: in Azerbaijani and Turkish ``I`` becomes ``ı``, and ``İ`` becomes ``i`` everywhere."""
    text = nfc(text).replace("İ", "i")
    if language in _DOTTED:
        text = text.replace("I", "ı")
    return text.lower()


def upper(text: str, language: str) -> str:
    """Return the text in capitals: in Azerbaijani and Turkish ``i`` becomes ``İ``."""
    text = nfc(text)
    if language in _DOTTED:
        text = text.replace("i", "İ")
    return text.upper()


def fold(text: str, language: str) -> str:
    """Return what two texts share that differ in capitals or in the spelling of an apostrophe only."""
    return nfc(lower(text, language).replace("ß", "ss").translate(_ONE_APOSTROPHE))


@cache
def _ranks(language: str) -> dict[str, tuple[int, int]]:
    own = ALPHABETS.get(language, _LATIN)
    other = _LATIN if own[0] != "a" else _CYRILLIC
    ranks = {letter: (_OTHER, rank) for rank, letter in enumerate(other.split())}
    ranks.update({letter: (_OWN, rank) for rank, letter in enumerate(own.split())})
    return ranks


@cache
def _longest(language: str) -> int:
    return max(map(len, [*_ranks(language), *(_DOUBLED if language == "hu" else ())]))


def sort_key(text: str, language: str) -> Key:
    """Return the key to sort a text by in a language; languages without a table sort as English does."""
    text = nfc(text)
    folded = lower(text, language)
    if language == "uz":
        folded = folded.translate(_ONE_APOSTROPHE)
    ranks, longest = _ranks(language), _longest(language)
    primary: list[tuple[int, int]] = []
    accents: list[str] = []
    position = 0
    while position < len(folded):
        for length in range(min(longest, len(folded) - position), 0, -1):
            piece = folded[position : position + length]
            pair = _DOUBLED.get(piece) if language == "hu" else None
            if pair:
                primary += [ranks[pair], ranks[pair]]
                accents.append("")
                break
            if piece in ranks:
                primary.append(ranks[piece])
                accents.append("")
                break
            if length == 1:
                found, accent = _outside(piece, ranks, language)
                primary += found
                accents.append(accent)
        position += length
    capitals = tuple(int(letter != small) for letter, small in zip(text, folded, strict=False))
    return tuple(primary), tuple(accents), capitals, text


def _outside(letter: str, ranks: dict[str, tuple[int, int]], language: str) -> tuple[list[tuple[int, int]], str]:
    """A character that is no letter of the alphabet: its base letter with an accent, or a sign."""
    if language == "hu" and letter in _LONG:
        return [ranks[_LONG[letter]]], "\u030b"
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    if unicodedata.combining(base):
        return [], letter
    if base in ranks:
        return [ranks[base]], marks
    category = unicodedata.category(base)
    if category == "Lm":
        return [], letter
    group = _CLASSES.get(category[0], _UNKNOWN)
    return [(group, ord(base))], marks
