"""Names and numbers as people look for them, in two scripts and nine languages: the one folding that every search here uses.

* :func:`fold` makes spellings equal that are the same name: letters of any width, capitals, every kind of apostrophe, quotation
  mark, dash and space, and the four letters I. Turkish and Azerbaijani have two letters, dotted and dotless, and English
  capitals cannot say which one is meant: ``İlham`` is found by ``ilham``, and ``IŞIK`` is ``Işık``. For finding, one letter
  too many is better than one too few. Cyrillic letters stay what they are.
* :func:`latin` writes a folded name in the plain letters of any keyboard, so that ``aral tynysy`` finds «Арал тынысы» and
  ``sefeq`` finds “Şəfəq”. It is a help for finding and never the name of anybody.
* :func:`spellings` gives for each word of a query what may stand for it.

Where the language of a text is known and its case matters, as in sorting, :mod:`declaration.text.collation` folds by language.

>>> fold("IŞIK") == fold("Işık"), latin("Қазына")
(True, 'kazyna')
"""

from __future__ import annotations

import re
import unicodedata

_I = str.maketrans("İIı", "iii")
_DOTTED = re.compile("i\u0307+")
_DROPPED = re.compile("[\"'`´ʹʺʻʼʽˮ‘’‚‛“”„‟«»‹›\u00ad]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NO_LETTER = re.compile(r"[^\w]+|_+")

_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ұ": "u", "ү": "u", "ў": "o", "ф": "f", "х": "h", "һ": "h", "ҳ": "h", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "sch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_PLAIN = str.maketrans({**_CYRILLIC, "ə": "e", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """The same for every spelling of one name."""
    # After the first step a dotted capital is one character, however it was typed.
    folded = unicodedata.normalize("NFKC", text).translate(_I).casefold()
    folded = _DASHES.sub("-", _DROPPED.sub("", folded))
    folded = _DOTTED.sub("i", unicodedata.normalize("NFKC", folded))
    return " ".join(unicodedata.normalize("NFKC", folded).split())  # another mark over that letter can stand on it only now


def latin(text: str) -> str:
    """The name in plain Latin letters and digits, words apart by one space."""
    return latin_of_folded(fold(text))


def latin_of_folded(folded: str) -> str:
    """The same of what was folded before."""
    plain = folded.translate(_PLAIN)
    bare = "".join(one for one in unicodedata.normalize("NFD", plain) if not unicodedata.combining(one))
    return " ".join(_NO_LETTER.sub(" ", bare).split())


def spellings(query: str) -> list[tuple[str, ...]]:
    """For each word of a query the spellings of which one must stand in the key. Empty for an empty query."""
    found = []
    for word in fold(query).split():
        found.append(tuple(dict.fromkeys(one for one in (word, latin(word)) if one)))
    return found
