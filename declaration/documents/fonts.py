"""The four embedded fonts, and the question whether they can print a text.

A PDF that lacks a letter prints an empty box, and nobody notices before the minister does. So every text is asked about first:
:func:`missing_glyphs` names the characters that would be lost, and the documents refuse them
(:mod:`declaration.documents.guard`). Callers may ask earlier, when a name is typed.

The fonts are Noto Serif, subset to Latin, Greek and Cyrillic (``fonts/README.md``). They are embedded in every document, never
taken from the reader's machine.
"""

from __future__ import annotations

import threading
from functools import cache, lru_cache, partial
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


class _Font(TTFont):
    """A font that remembers the widths of words: a declaration repeats its words, and a list its offices."""

    def __init__(self, name: str, path: Path) -> None:
        # Shaping would depend on a library that may or may not be installed, and the bytes must not.
        super().__init__(name, str(path), shapable=False)
        self.unit_width = lru_cache(maxsize=16384)(partial(super().stringWidth, size=1))

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802  # ReportLab's name
        return size * float(self.unit_width(text))


@cache
def register() -> None:
    """Make the four fonts known to ReportLab, once a process, at the first document rather than at import."""
    with building:
        for name, file in _FILES.items():
            pdfmetrics.registerFont(_Font(name, _FOLDER / file))
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


def width(text: str, font: str, size: float) -> float:
    """Return the width in points of ``text`` set in one line of ``font`` at ``size``."""
    return float(pdfmetrics.stringWidth(text, font, size))
