"""The fonts carry every letter of the nine languages, and say so when they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

from declaration.documents import fonts

LETTERS = {
    "az": "AaBbCcÇçDdEeƏəFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZz",
    "tr": "AaBbCcÇçDdEeFfGgĞğHhIıİiJjKkLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZzÂâÎîÛû",
    "uz": "AaBbDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvXxYyZzʻʼ‘’ЎўҚқҒғҲҳ",
    "kk": "АаӘәБбВвГгҒғДдЕеЁёЖжЗзИиЙйКкҚқЛлМмНнҢңОоӨөПпРрСсТтУуҰұҮүФфХхҺһЦцЧчШшЩщЪъЫыІіЬьЭэЮюЯя",
    "ky": "АаБбВвГгДдЕеЁёЖжЗзИиЙйКкЛлМмНнҢңОоӨөПпРрСсТтУуҮүФфХхЦцЧчШшЩщЪъЫыЬьЭэЮюЯя",
    "tk": "AaBbÇçDdEeÄäFfGgHhIiJjŽžKkLlMmNnŇňOoÖöPpRrSsŞşTtUuÜüWwYyÝýZz",
    "hu": "AaÁáBbCcDdEeÉéFfGgHhIiÍíJjKkLlMmNnOoÓóÖöŐőPpQqRrSsTtUuÚúÜüŰűVvWwXxYyZz",
    "ru": "АаБбВвГгДдЕеЁёЖжЗзИиЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЪъЫыЬьЭэЮюЯя",
    "signs": "0123456789.,;:!?–—‑-−…“”„«»‹›‘’'\"()[]{}/\\%‰№§&@*+=<>₼₺₸₽€$CO₂m²\u00a0~|",
}


@pytest.mark.parametrize("language", LETTERS)
def test_every_letter_of_the_language_can_be_printed(language: str) -> None:
    assert fonts.missing_glyphs(LETTERS[language]) == ""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("漢字", "漢字"),
        ("ok ☐ ok ☐", "☐"),
        ("שלום", "שלום"),
        ("سلام", "سلام"),
        ("\U0001f600", "\U0001f600"),
        ("\ue000", "\ue000"),
        ("\n", "\n"),
    ],
)
def test_what_cannot_be_printed_is_named_once_each(text: str, missing: str) -> None:
    assert fonts.missing_glyphs(text) == missing


def test_bold_of_the_sample_is_bold() -> None:
    # A variable font read by its default instance gives the same widths for both.
    fonts.register()
    assert fonts.width("Declaration", fonts.BOLD, 10) > fonts.width("Declaration", fonts.REGULAR, 10) * 1.02


def test_registering_twice_changes_nothing() -> None:
    fonts.register()
    before = pdfmetrics.getFont(fonts.REGULAR)
    fonts.register()
    assert pdfmetrics.getFont(fonts.REGULAR) is before


def test_the_licence_lies_beside_the_fonts() -> None:
    folder = Path(fonts.__file__).with_name("fonts")
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert len(list(folder.glob("*.ttf"))) == 4
