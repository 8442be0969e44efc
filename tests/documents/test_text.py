"""What is on the paper is what was given, word for word, and nothing in it is obeyed as markup."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from declaration.documents.pdf import redline_pdf, signed_pdf, version_pdf
from declaration.documents.values import Change, Kind, Op, Unit
from tests.documents.values import DIGEST, bodies_of, flowing, pages_of, redline, signed, small, version

HOSTILE = (
    "<b>bold</b> & <i>italic</i>;",
    "AT&amp;T &#8238; &lt;script&gt;alert(1)&lt;/script&gt;",
    '<img src="file:///etc/passwd"/>',
    '<a href="https://evil.example">click</a>',
    "<para><font size='90'>big</font></para>",
    "<br/><br/>two lines",
    "</para>",
    "<!-- comment -->",
    "<![CDATA[x]]>",
    "Tj ET (parenthesis \\) \\351 >> endstream endobj",
    "%PDF-1.4 %%EOF",
    "{page} %s {0} $HOME",
    "'; DROP TABLE endorsement; --",
    "1 < 2 > 0 && \"quoted\" 'single'",
)


@pytest.mark.parametrize("language", ["en", "az", "tr"])
@pytest.mark.parametrize("draft", [True, False])
def test_every_paragraph_comes_back_exactly(language: str, draft: bool) -> None:
    doc = version(language, draft=draft)
    expected = [doc.title, doc.dateline]
    expected += [f"{unit.number}. {unit.text}" if unit.number else unit.text for unit in doc.units]
    assert flowing(version_pdf(doc)).startswith(" ".join(expected) + " Notes ")


def test_cyrillic_paragraphs_come_back_exactly() -> None:
    texts = (
        "Адам баласы үйелменінің барлық мүшелеріне тән қадір-қасиетін, құқықтарының теңдігін тану;",
        "Ұлы Әке һәм Іні: ғылым, өнер, ұңғы, қоғам;",
        "Өнүгүү үчүн бирге иштөөгө милдеттенебиз, ылайыктуу шарттарды түзөбүз;",
        "Oʻzbekiston va Türkiye, árvíztűrő tükörfúrógép, ýaşaýyş;",
    )
    assert " ".join(f"{n}. {text}" for n, text in enumerate(texts, 1)) in flowing(version_pdf(small(*texts)))


@pytest.mark.parametrize("code", ["aze", "tur", "uzn", "kaz", "kir", "tuk", "hun", "rus", "eng"])
def test_a_long_text_in_each_language_comes_back_exactly(code: str) -> None:
    folder = os.environ.get("DECLARATION_UDHR")
    if not folder:
        pytest.skip("set DECLARATION_UDHR to the folder of the Universal Declaration in nine languages")
    source = json.loads((Path(folder) / f"{code}.json").read_text(encoding="utf-8"))
    texts = [block["text"] for article in source["articles"] for block in article["blocks"]]
    units = tuple(Unit(Kind.PREAMBULAR, None, " ".join(text.split())) for text in texts)
    printed = flowing(version_pdf(small(units=units)))
    assert " ".join(unit.text for unit in units).replace("\u00a0", " ") in printed


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_paragraph_is_printed(text: str) -> None:
    assert f"1. {text}" in flowing(version_pdf(small(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_every_other_field_is_printed(text: str) -> None:
    doc = small(title=text, dateline=text, status=text, notes=(text,))
    printed = flowing(version_pdf(doc))
    assert printed.count(text) >= 3  # title, dateline, note; the status stands in the facts after the word DRAFT
    assert f"DRAFT. {text}" in printed


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_redline_is_printed(text: str) -> None:
    assert f"[+ {text} +]" in flowing(redline_pdf(redline(Change(Op.EQUAL, "Agree "), Change(Op.INSERT, text))))


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_heading_number_and_label_is_printed(text: str) -> None:
    doc = small(units=(Unit(Kind.HEADING, None, text), Unit(Kind.ITEM, "<b>", "item", depth=2)))
    printed = flowing(version_pdf(doc))
    assert f"{text} <b> item" in printed


def test_no_break_spaces_keep_words_together() -> None:
    words = " ".join(["paragraph\u00a05\u202fbis"] * 60)
    lines = bodies_of(version_pdf(small(words)))[0]
    assert not any(line.endswith(("paragraph", " 5")) for line in lines)


def test_every_page_says_what_it_is() -> None:
    pages = pages_of(version_pdf(version("az")))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert page[0] == "OTSNGO/2025/JD/ZD DRAFT zero draft by the Chair"
        assert page[-1] == f"SHA-256 {DIGEST[:16]}…{DIGEST[-16:]} Page {number} of {len(pages)}"


def test_an_adopted_text_is_nowhere_called_a_draft_and_has_no_line_numbers() -> None:
    pages = pages_of(signed_pdf(signed(3)))
    assert not any("DRAFT" in line for page in pages for line in page)
    assert not any(line.isdecimal() for line in pages[0])


def test_lines_of_a_draft_are_numbered_by_fives_from_the_top_of_each_page() -> None:
    for page in pages_of(version_pdf(version("tr")))[:2]:
        numbers = [int(line) for line in page if line.isdecimal()]
        assert numbers == list(range(5, 5 * len(numbers) + 1, 5))
        assert len(numbers) >= 5


def test_the_digests_and_the_constitution_are_given_in_full() -> None:
    doc = small(digest="a" * 64, text_digest="b" * 64, constitution="c" * 64)
    printed = flowing(version_pdf(doc))
    assert all(digest in printed for digest in ("a" * 64, "b" * 64, "c" * 64))


@pytest.mark.parametrize("before", range(22, 44))
def test_no_heading_stands_last_on_a_page(before: int) -> None:
    fill = tuple(Unit(Kind.PREAMBULAR, None, f"Line {number},") for number in range(before))
    heading = Unit(Kind.HEADING, None, "A heading that is long enough to need two lines because somebody could not stop, as happens")
    body = Unit(Kind.OPERATIVE, "1", "Agree on a paragraph that needs three lines exactly to be set in this measure, " * 3)
    for page in bodies_of(version_pdf(small(units=(*fill, heading, body))))[:-1]:
        assert not page[-1].endswith(("as happens", "could not"))


def test_a_space_at_the_edge_of_a_change_stays_outside_the_mark() -> None:
    assert "Decide to [− consider −] [+ establish +] KZ, AZ the Platform;" in flowing(redline_pdf(redline()))


def test_a_changed_space_is_no_mark() -> None:
    changes = (Change(Op.EQUAL, "a"), Change(Op.INSERT, " "), Change(Op.EQUAL, "b"))
    assert "1. a b" in flowing(redline_pdf(redline(*changes)))


def test_a_redline_says_with_what_it_compares_and_how_to_read_it() -> None:
    printed = flowing(redline_pdf(redline()))
    assert printed.startswith("Changes are compared with S/1. How to read it: [+ added +]; [− taken out −]; [~ moved ~]. Title")
