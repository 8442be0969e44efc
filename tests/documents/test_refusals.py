"""What paper cannot carry exactly is refused before a line is set, with a code and the place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from declaration.documents.guard import LONGEST_NAME
from declaration.documents.pdf import redline_pdf, signed_pdf, version_pdf
from declaration.documents.values import Change, Kind, Labels, Op, SignatoryList, SignedDocument, Unit, VersionDocument
from declaration.errors import Malformed
from tests.documents.values import redline, signed, small

NAIVE = datetime(2025, 11, 13, 14, 0)  # noqa: DTZ001  # the missing zone is what is tested

VERSIONS: dict[str, tuple[VersionDocument, str]] = {
    "no units": (small(units=()), "document.empty"),
    "empty paragraph": (small(""), "document.empty"),
    "paragraph of spaces": (small(" \u00a0 "), "document.empty"),
    "empty title": (small(title=""), "document.empty"),
    "empty symbol": (small(symbol=" "), "document.empty"),
    "letter without a glyph": (small("The 漢 character;"), "document.missing-glyph"),
    "ballot box": (small("☐ agree;"), "document.missing-glyph"),
    "glyph missing in the title": (small(title="☐"), "document.missing-glyph"),
    "glyph missing in the status": (small(status="☑ agreed"), "document.missing-glyph"),
    "glyph missing in a note": (small(notes=("→",)), "document.missing-glyph"),
    "glyph missing in a label": (small(labels=Labels({"draft": "草案"})), "document.missing-glyph"),
    "right-to-left override": (small("shall \u202enot pay\u202c;"), "document.invisible-character"),
    "isolate": (small("a\u2066b\u2069"), "document.invisible-character"),
    "right-to-left mark": (small("a\u200fb"), "document.invisible-character"),
    "zero-width space": (small("shall\u200bnot"), "document.invisible-character"),
    "soft hyphen": (small("co\u00adoperate"), "document.invisible-character"),
    "byte order mark": (small("\ufeffAgree;"), "document.invisible-character"),
    "line feed": (small("Agree;\n2. Pay;"), "document.invisible-character"),
    "line separator": (small("Agree;\u2028Pay;"), "document.invisible-character"),
    "tabulator": (small("a\tb"), "document.invisible-character"),
    "null": (small("a\0b"), "document.invisible-character"),
    "private use": (small("\ue000"), "document.invisible-character"),
    "lone surrogate": (small("\ud800"), "document.invisible-character"),
    "override in a number": (small(units=(Unit(Kind.OPERATIVE, "\u202e1", "x"),)), "document.invisible-character"),
    "decomposed letters": (small("o\u0308"), "document.not-nfc"),
    "endless number": (small(units=(Unit(Kind.OPERATIVE, "1" * 25, "x"),)), "document.too-long"),
    "fourth level": (small(units=(Unit(Kind.ITEM, "a.", "x", depth=4),)), "document.depth"),
    "level below nothing": (small(units=(Unit(Kind.ITEM, "a.", "x", depth=-1),)), "document.depth"),
    "title among the units": (small(units=(Unit(Kind.TITLE, None, "x"),)), "document.kind"),
    "digest too short": (small(digest="1e6e"), "document.digest"),
    "digest in capitals": (small(digest="A" * 64), "document.digest"),
    "digest with a line end": (small(digest="a" * 64 + "\n"), "document.digest"),
    "constitution is no digest": (small(constitution="root"), "document.digest"),
    "language closes the dictionary": (small(language="en)>>"), "document.language"),
    "time without a zone": (small(as_at=NAIVE), "document.time"),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_version_is_refused(name: str) -> None:
    doc, code = VERSIONS[name]
    with pytest.raises(Malformed) as refusal:
        version_pdf(doc)
    assert refusal.value.code == code


def with_signatory(doc: SignedDocument, **changes: object) -> SignedDocument:
    first, *others = doc.signatories.signatories
    changed = replace(first, **changes)  # type: ignore[arg-type]  # a test may break any field
    return replace(doc, signatories=replace(doc.signatories, signatories=(changed, *others)))


SIGNED: dict[str, tuple[Callable[[SignedDocument], SignedDocument], str]] = {
    "draft": (lambda doc: replace(doc, version=replace(doc.version, draft=True)), "document.draft-signed"),
    "one more counted": (lambda doc: replace(doc, counted=doc.counted + 1), "document.total"),
    "one left out": (
        lambda doc: replace(doc, signatories=replace(doc.signatories, signatories=doc.signatories.signatories[1:])),
        "document.total",
    ),
    "name reads backwards": (lambda doc: with_signatory(doc, name="\u202egro.live"), "document.invisible-character"),
    "name in another script": (lambda doc: with_signatory(doc, name="日本協会"), "document.missing-glyph"),
    "name without letters": (lambda doc: with_signatory(doc, name="  "), "document.empty"),
    "person without letters": (lambda doc: with_signatory(doc, person=""), "document.empty"),
    "name longer than a page": (lambda doc: with_signatory(doc, name="W" * (LONGEST_NAME + 1)), "document.too-long"),
    "name with a line end": (lambda doc: with_signatory(doc, name="A\nB"), "document.invisible-character"),
    "office with a bell": (lambda doc: with_signatory(doc, office="\a"), "document.invisible-character"),
    "language breaks out": (lambda doc: with_signatory(doc, name_language="az) >> BDC"), "document.language"),
    "time without a zone": (lambda doc: with_signatory(doc, at=NAIVE), "document.time"),
    "opened without a zone": (lambda doc: replace(doc, opened=NAIVE), "document.time"),
    "no digests": (lambda doc: replace(doc, digests={}), "document.empty"),
    "digest of a language is wrong": (lambda doc: replace(doc, digests={"az": "00"}), "document.digest"),
    "root is base64": (lambda doc: replace(doc, register=replace(doc.register, root="nND/")), "document.digest"),
    "address runs a script": (
        lambda doc: replace(doc, register=replace(doc.register, url="javascript:alert(1)")),
        "document.url",
    ),
    "address with a space": (lambda doc: replace(doc, register=replace(doc.register, url="https://a b")), "document.url"),
    "address too long for a code": (
        lambda doc: replace(doc, register=replace(doc.register, url="https://a/" + "b" * 400)),
        "document.url",
    ),
    "checkpoint empty": (lambda doc: replace(doc, register=replace(doc.register, checkpoint="\n")), "document.empty"),
    "carriage return in the checkpoint": (
        lambda doc: replace(doc, register=replace(doc.register, checkpoint="a\r\nb\n")),
        "document.invisible-character",
    ),
    "caption taller than a page": (
        lambda doc: replace(doc, version=replace(doc.version, labels=Labels({"position": "W" * 600}))),
        "document.too-long",
    ),
    "further list has a box": (lambda doc: replace(doc, further=(SignatoryList("☐", ()),)), "document.missing-glyph"),
}


@pytest.mark.parametrize("name", SIGNED)
def test_signed_document_is_refused(name: str) -> None:
    change, code = SIGNED[name]
    with pytest.raises(Malformed) as refusal:
        signed_pdf(change(signed(3)))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(Op.INSERT, "☐"), "document.missing-glyph"),
        (Change(Op.DELETE, "\u202e"), "document.invisible-character"),
        (Change(Op.EQUAL, "a\nb"), "document.invisible-character"),
        (Change(Op.INSERT, "a", by="\u200b"), "document.invisible-character"),
        (Change(Op.EQUAL, ""), "document.empty"),
    ],
)
def test_redline_is_refused(change: Change, code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        redline_pdf(redline(change))
    assert refusal.value.code == code


def test_missing_glyph_names_the_character_and_the_place() -> None:
    with pytest.raises(Malformed) as refusal:
        version_pdf(small("Agree;", "Pay 漢;"))
    assert "漢" in str(refusal.value)
    assert "U+6F22" in str(refusal.value)
    assert "paragraph 2" in str(refusal.value)
    assert refusal.value.instead


def test_invisible_character_is_named_in_letters_that_can_be_seen() -> None:
    with pytest.raises(Malformed) as refusal:
        version_pdf(small("a\u202eb"))
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in str(refusal.value)
    assert "\u202e" not in str(refusal.value)
