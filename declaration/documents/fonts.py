"""The four embedded fonts, and the question whether they can print a text.

A PDF that lacks a letter prints an empty box, and nobody notices before the minister does. So every text is asked about first:
:func:`missing_glyphs` names the characters that would be lost, and the documents refuse them
(:mod:`declaration.documents.guard`). Callers may ask earlier, when a name is typed.

The fonts are Noto Serif, subset to Latin, Greek and Cyrillic (``fonts/README.md``). They are embedded in every document, never
taken from the reader's machine.
"""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Declaration-Regular"
BOLD = "Declaration-Bold"
ITALIC = "Declaration-Italic"
BOLD_ITALIC = "Declaration-BoldItalic"

_FILES = {
    REGULAR: "NotoSerif-Regular.ttf",
    BOLD: "NotoSerif-Bold.ttf",
    ITALIC: "NotoSerif-Italic.ttf",
    BOLD_ITALIC: "NotoSerif-BoldItalic.ttf",
}
_FOLDER = Path(__file__).resolve().parent / "fonts"

# ReportLab keeps one registry of fonts for the process, and a font object moves a read position while it writes a subset:
# two documents made at once in two threads would corrupt each other.
building = threading.RLock()


@cache
def register() -> None:
    """Make the four fonts known to ReportLab, once a process, at the first document rather than at import."""
    with building:
        for name, file in _FILES.items():
            pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file)))
        pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)


@cache
def _covered() -> frozenset[str]:
    """Return the characters that all four fonts draw."""
    register()
    faces: list[Any] = [pdfmetrics.getFont(name) for name in _FILES]
    return frozenset(map(chr, set.intersection(*(set(font.face.charToGlyph) for font in faces))))


def missing_glyphs(text: str) -> str:
    """Return the characters of ``text`` that the documents cannot print, each once, in order of appearance."""
    covered = _covered()
    if covered.issuperset(text):
        return ""
    return "".join(dict.fromkeys(character for character in text if character not in covered))


@lru_cache(maxsize=65536)
def width(text: str, font: str, size: float) -> float:
    """Return the width in points of ``text`` set in one line. Remembered, because lists repeat offices and words."""
    return float(pdfmetrics.stringWidth(text, font, size))
