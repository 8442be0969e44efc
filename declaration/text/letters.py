"""Guarding the letters: what may stand in a text at all, and what a reader cannot see.

**Refused**, never repaired: every code point outside :data:`ALLOWED`, an explicit list of ranges that does not depend on the Unicode
version of a machine. So controls, surrogates, private use, direction overrides and isolates, zero-width and soft-hyphen characters,
U+FEFF, unassigned code points and look-alike alphabets nobody here writes never reach an approval or a signature. Also refused: a
text that is not NFC or not one line, and a combining mark with nothing before it.

**Warned of**: a word that mixes scripts (Latin ``ə`` U+0259 in a Cyrillic word that has ``ә`` U+04D9), and a word written wholly in
letters of the other script that look the same (Cyrillic ``ОТС`` in a Latin text).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from declaration.errors import Malformed
from declaration.text.finding import fold
from declaration.text.tokens import tokens

VERSION = "letters-1"

ALLOWED: tuple[tuple[int, int], ...] = (
    (0x0020, 0x007E),  # ASCII, without controls
    (0x00A0, 0x00AC),  # Latin-1 signs up to the soft hyphen, which is left out
    (0x00AE, 0x024F),  # Latin-1 and Latin Extended-A and -B
    (0x0259, 0x0259),  # Azerbaijani schwa
    (0x02BB, 0x02BC),  # Uzbek turned comma and apostrophe
    (0x0300, 0x0304),  # accents that stay after composition
    (0x0306, 0x030C),
    (0x0323, 0x0323),
    (0x0326, 0x0328),
    (0x0370, 0x0373),  # Greek
    (0x0376, 0x0377),
    (0x037B, 0x037D),
    (0x0386, 0x0386),
    (0x0388, 0x038A),
    (0x038C, 0x038C),
    (0x038E, 0x03A1),
    (0x03A3, 0x03FF),
    (0x0400, 0x0482),  # Cyrillic, without the combining thousands signs
    (0x048A, 0x052F),
    (0x0531, 0x0556),  # Armenian
    (0x0559, 0x058A),
    (0x10A0, 0x10C5),  # Georgian
    (0x10D0, 0x10FF),
    (0x1C90, 0x1CBA),
    (0x1CBD, 0x1CBF),
    (0x1E00, 0x1EFF),  # Latin Extended Additional
    (0x2010, 0x2015),  # hyphens and dashes
    (0x2018, 0x201F),  # quotation marks
    (0x2020, 0x2022),  # daggers, bullet
    (0x2026, 0x2026),  # ellipsis
    (0x202F, 0x202F),  # narrow no-break space
    (0x2030, 0x2030),  # per mille
    (0x2032, 0x2033),  # primes
    (0x2039, 0x203A),
    (0x20A0, 0x20C0),  # currencies, among them the manat, tenge, lira and som
    (0x2116, 0x2116),  # numero
    (0x2122, 0x2122),
    (0x2190, 0x2193),  # arrows
    (0x2212, 0x2212),  # minus
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
"""First and last code point of every range that may stand in a text."""

_STARTS = [first for first, _ in ALLOWED]
_MARKS = ((0x0300, 0x036F),)


@dataclass(frozen=True, slots=True)
class RefusedLetter:
    """A code point that may not stand where it stands.

    :param position: its offset in code points.
    :param name: what it is, for a person: ``U+202E RIGHT-TO-LEFT OVERRIDE``.
    """

    position: int
    character: str
    name: str
    reason: str


def is_allowed(character: str) -> bool:
    """Say whether a code point is in :data:`ALLOWED`."""
    point = ord(character)
    place = bisect_right(_STARTS, point) - 1
    return place >= 0 and point <= ALLOWED[place][1]


_OUTSIDE = re.compile("[^" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ALLOWED) + "]")
_LOOSE_MARK = re.compile("(?:^|(?<=[^\\w\u0300-\u036f]))[\u0300-\u036f]")


def refused_letters(text: str) -> list[RefusedLetter]:
    """Return every code point of a text that is refused, in order."""
    found = [RefusedLetter(match.start(), match[0], name_of(match[0]), _reason(match[0])) for match in _OUTSIDE.finditer(text)]
    found += [
        RefusedLetter(match.start(), match[0], name_of(match[0]), "a combining mark with no letter before it")
        for match in _LOOSE_MARK.finditer(text)
    ]
    return sorted(found, key=lambda one: one.position)


def check_letters(text: str, *, where: str = "the text") -> None:
    """Refuse a text with letters that may not stand in one, or that is not one line in NFC.

    :raises Malformed: ``letters.refused``, naming the first, or ``letters.form``.
    """
    found = refused_letters(text)
    if found:
        first = found[0]
        raise Malformed(
            f"{where} has {first.name} at character {first.position + 1}: {first.reason}",
            code="letters.refused",
            instead="Take it out, or type the letter that is meant.",
        )
    if not unicodedata.is_normalized("NFC", text):
        raise Malformed(f"{where} is not in Unicode normalization form C", code="letters.form")


def name_of(character: str) -> str:
    """Return the code point and name of a character, also where it has none: ``U+200B ZERO WIDTH SPACE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, _UNNAMED.get(character, 'without a name'))}"


_UNNAMED = {"\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\t": "TAB", "\0": "NULL"}

_REASONS = {
    "Cc": "a control character",
    "Cs": "half of a surrogate pair",
    "Co": "a private-use character",
    "Cn": "an unassigned code point",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
    "Zs": "a space other than the usual and the no-break one",
}


def _reason(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return "an invisible character" if character not in _DIRECTION else "a character that changes the direction of reading"
    return _REASONS.get(category, "not among the letters of the languages served")


_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# -- warnings -------------------------------------------------------------------

_SCRIPT = {
    "Latin": re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff]"),
    "Cyrillic": re.compile("[\u0400-\u052f]"),
    "Greek": re.compile("[\u0370-\u03ff]"),
}

# Groups of letters that have the same shape in print, the Latin one first.
_ALIKE = """
aа cс eе iі jј oоο pр sѕ xх yу hһ qԛ wԝ əә öӧ äӓ ëё ïї vѵν æӕ
AАΑ BВΒ CС  EЕΕ HНΗ IІΙ JЈ  KКΚ MМΜ OОΟ PРΡ SЅ  TТΤ XХΧ YУΥ ZΖ  QԚ  WԜ  ƏӘ  ÖӦ  ÄӒ  ËЁ  ÏЇ  NΝ  ŞҪ  çҫ
"""

ALIKE: dict[str, str] = {letter: group[0] for group in _ALIKE.split() for letter in group[1:]}
"""Letters that look like a Latin one, each with that one."""

_LATIN_ALIKE = frozenset(ALIKE.values())


@dataclass(frozen=True, slots=True)
class LetterWarning:
    """A word that may not be what it looks like.

    :param problem: ``mixed-script`` or ``other-script``.
    :param letters: the letters that stand out, with their names.
    """

    position: int
    word: str
    problem: str
    letters: tuple[str, ...]


def script_of(character: str) -> str | None:
    """Return ``Latin``, ``Cyrillic`` or ``Greek``; ``None`` for everything else."""
    return next((name for name, pattern in _SCRIPT.items() if pattern.match(character)), None)


def letter_warnings(text: str) -> list[LetterWarning]:
    """Return the words of a text that mix scripts, or stand wholly in another script's look-alikes, in order."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPT.items()}
    main = max(counts, key=lambda name: counts[name])
    found: list[LetterWarning] = []
    position = 0
    for token in tokens(text):
        warning = _warning(token, position, main)
        if warning is not None:
            found.append(warning)
        position += len(token)
    return found


def _warning(token: str, position: int, main: str) -> LetterWarning | None:
    if token.isascii() and main == "Latin":
        return None
    scripts = [script_of(character) for character in token]
    present = {script for script in scripts if script}
    if len(present) > 1:
        # A compound of two scripts (``WUF13-ке``, ``IT-компания``) is honest where each of its parts is of one.
        pieces = [{script_of(character) for character in piece} - {None} for piece in re.split(r"[-\u2010\u2011'\u2019]", token)]
        if all(len(piece) <= 1 for piece in pieces):
            return None
        usual = max(sorted(present), key=scripts.count) if scripts.count(main) * 2 != len(token) else main
        odd = [character for character, script in zip(token, scripts, strict=True) if script not in (usual, None)]
        return LetterWarning(position, token, "mixed-script", tuple(dict.fromkeys(map(name_of, odd))))
    if present and main not in present and len(token) > 1 and all(_looks_like(character, main) for character in token):
        return LetterWarning(position, token, "other-script", tuple(dict.fromkeys(map(name_of, token))))
    return None


def _looks_like(character: str, main: str) -> bool:
    """Whether a letter has the shape of one of the main script; digits and signs have every shape."""
    script = script_of(character)
    if script is None:
        return True
    return character in ALIKE if main == "Latin" else character in _LATIN_ALIKE or character in ALIKE


def skeleton(word: str) -> str:
    """Return a word with every look-alike letter replaced by its Latin one: equal for words that look equal."""
    return "".join(ALIKE.get(character, character) for character in word)


def spelled_two_ways(texts: Sequence[str], terms: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for every defined term the other spellings of it that stand in the texts.

    Spellings of a term differ in capitals, hyphens, apostrophes, spaces or look-alike letters only: *the Platform* and *the platform*,
    *co-operation* and *cooperation*. Other forms of the word (with a suffix) are other words.
    """
    found: dict[str, set[str]] = {term: set() for term in terms}
    cut = [[token for token in tokens(text) if not token.isspace()] for text in texts]
    longest = max((len(tokens(term)) for term in terms), default=0) + 2
    wanted = {_key(term): term for term in terms}
    for items in cut:
        for start in range(len(items)):
            for end in range(start + 1, min(start + longest, len(items)) + 1):
                spelled = " ".join(items[start:end])
                term = wanted.get(_key(spelled))
                if term is None or not _worth(items[start:end]):
                    continue
                # A term that begins small has a capital at the beginning of a sentence or heading.
                same = spelled.replace(" ", ""), term.replace(" ", "")
                if same[0] != same[1] and not (term[0].islower() and same[0] == same[1][0].upper() + same[1][1:]):
                    found[term].add(spelled)
    return {term: tuple(sorted(spellings)) for term, spellings in found.items() if spellings}


def _key(term: str) -> str:
    return fold(skeleton(term)).replace("-", "").replace(" ", "")


def _worth(items: Sequence[str]) -> bool:
    return items[0][0].isalnum() and items[-1][-1].isalnum()
