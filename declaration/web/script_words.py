"""The words of the scripts, read from their source: ``static/js/strings.js`` has the English ones, one pair a line."""

from __future__ import annotations

import re
from typing import Final

PAIR: Final = re.compile(r'^  "(?P<key>[a-z.-]+)": "(?P<words>(?:[^"\\]|\\.)*)",$', re.M)


def script_words(source: str) -> dict[str, str]:
    """Keys and English words in the source of ``strings.js``.

    :raises ValueError: there are none, or a line is not of the form ``  "key": "words",``.
    """
    words = {found["key"]: found["words"] for found in PAIR.finditer(source)}
    if not words or len(words) != len(re.findall(r'^  "', source, re.M)) or any("\\" in each for each in words.values()):
        raise ValueError("strings.js: one pair a line, in double quotation marks, without escapes")
    return words
