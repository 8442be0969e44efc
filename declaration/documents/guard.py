"""What is refused before a line is set. Nothing is repaired: a document that differs from its source is worse than none.

Every text of a document is asked, with a name for the place where it stands, whether it is

- empty where something must stand (``document.empty``),
- not in normal form C, so that letters and accents fall apart on paper (``document.not-nfc``),
- carrying characters that nobody sees: controls, line breaks, bidirectional overrides, zero-width spaces, private use
  (``document.invisible-character``); a name that reads backwards on paper is a forgery,
- carrying characters that the embedded fonts cannot draw (``document.missing-glyph``),
- longer than a page can hold where it cannot be broken over pages (``document.too-long``).

A digest that is not 64 hexadecimal digits, a language that is not a tag, a total that is not the number of rows and a draft
with signatures are refused as well (``document.digest``, ``document.language``, ``document.total``, ``document.draft-signed``),
and so are a unit of the wrong kind or depth, an address that is no web address and a time without a zone (``document.kind``,
``document.depth``, ``document.url``, ``document.time``). A certified copy whose hashes do not lead from the signed text to the printed
one is refused (``document.chain``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from declaration.documents.fonts import missing_glyphs
from declaration.documents.values import (
    CertifiedCopy,
    ChangedUnit,
    Kind,
    RedlineDocument,
    Register,
    SignatoryList,
    SignedDocument,
    Unit,
    VersionDocument,
)
from declaration.errors import Malformed

LONGEST_NAME = 600
"""Characters of a name or another short text: as broad letters, half a page. A row of a list is never broken over pages."""

LONGEST_SIGNER = 200
"""Characters of a person's name and of an office, which share a narrow column."""

LONGEST_URL = 400
"""Characters of an address that still give a code that a phone reads from paper."""

_HEX = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
_URL = re.compile(r"https?://[!-~]+")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def check_version(doc: VersionDocument) -> None:
    """Refuse what :func:`declaration.documents.pdf.version_pdf` could not print truthfully."""
    _head(doc.symbol, doc.status, doc.language, doc.title, doc.as_at)
    check_text(doc.dateline, "the dateline", may_be_empty=True)
    if not doc.units:
        raise Malformed("The document has no paragraphs.", code="document.empty")
    for index, unit in enumerate(doc.units, 1):
        if unit.kind in (Kind.TITLE, Kind.DATELINE):
            raise Malformed("Title and dateline are fields of a version, not paragraphs.", code="document.kind")
        where = _paragraph(unit.number, index)
        _unit(unit, where)
        check_text(unit.text, where)
        check_text(unit.note, f"the note under {where}", may_be_empty=True)
    for note in doc.notes:
        check_text(note, "a note")
    _digest(doc.digest, "of the version")
    for digest in (doc.text_digest, doc.constitution):
        if digest is not None:
            _digest(digest, "of the text or constitution")
    _labels(doc.labels.translated.items())


def check_signed(doc: SignedDocument) -> None:
    """Refuse what :func:`declaration.documents.pdf.signed_pdf` could not print truthfully."""
    if doc.version.draft:
        raise Malformed("A draft cannot carry signatures.", code="document.draft-signed", instead="Print the adopted version.")
    check_version(doc.version)
    if doc.counted != len(doc.signatories.signatories):
        raise Malformed(f"The register counts {doc.counted} but {len(doc.signatories.signatories)} are listed.", code="document.total")
    _time(doc.opened, "opening")
    _time(doc.as_at, "the register")
    for each in (doc.signatories, *doc.further):
        _list(each)
    _register(doc.register)
    if not doc.digests:
        raise Malformed("A signed document names the digest of every authentic text.", code="document.empty")
    for language, digest in doc.digests.items():
        _language(language)
        _digest(digest, f"of the text in {language}")


def check_certified(doc: CertifiedCopy) -> None:
    """Refuse what :func:`declaration.documents.pdf.certified_pdf` could not print truthfully.

    The hashes must follow from one another: from the signed text over every rectification to the text that is printed.
    """
    if doc.version.draft:
        raise Malformed("Nobody certifies a draft.", code="document.draft-signed", instead="Print the adopted version.")
    check_version(doc.version)
    before = doc.signed_digest
    _digest(before, "of the signed text")
    for each in doc.rectifications:
        if each.previous != before:
            raise Malformed(f"{each.symbol} corrects another text than the one before it.", code="document.chain")
        before = each.corrected
        _digest(before, f"of the text as corrected by {each.symbol}")
        check_text(each.symbol, "the symbol of a correction", longest=60)
        check_text(each.reason, f"the procès-verbal of {each.symbol}", may_be_empty=True)
        _time(each.at, each.symbol)
        for unit in each.units:
            _unit(unit, each.symbol)
            for change in unit.changes:
                check_text(change.text, each.symbol, may_be_empty=True)
    if doc.version.text_digest != before:
        raise Malformed("The text that is printed is not the one that the last correction left.", code="document.chain")
    for line in doc.certificate:
        check_text(line, "the certificate")
    _register(doc.register)


def check_redline(doc: RedlineDocument) -> None:
    """Refuse what :func:`declaration.documents.pdf.redline_pdf` could not print truthfully."""
    _head(doc.symbol, doc.status, doc.language, doc.title, doc.as_at)
    check_text(doc.base, "the symbol of the base", longest=LONGEST_NAME)
    if not doc.units:
        raise Malformed("The document has no paragraphs.", code="document.empty")
    for index, unit in enumerate(doc.units, 1):
        where = _paragraph(unit.number, index)
        _unit(unit, where)
        if not any(change.text for change in unit.changes):
            raise Malformed(f"Nothing stands in {where}.", code="document.empty")
        for change in unit.changes:
            # A run may be a space, and a run may begin with a combining mark that belongs to the run before it.
            check_text(change.text, where, may_be_empty=True)
            check_text(change.by, f"the name of a party in {where}", may_be_empty=True, longest=LONGEST_NAME)
    for note in doc.notes:
        check_text(note, "a note")
    _labels(doc.labels.translated.items())


def check_text(text: str, where: str, *, may_be_empty: bool = False, longest: int | None = None) -> None:
    """Refuse ``text`` if paper cannot carry it exactly. ``where`` completes "in …" and is shown to people."""
    if not may_be_empty and not text.strip():
        raise Malformed(f"Nothing stands in {where}.", code="document.empty")
    if longest is not None and len(text) > longest:
        raise Malformed(f"{len(text)} characters in {where}; at most {longest} fit.", code="document.too-long")
    for character in _suspects(text):
        if unicodedata.category(character) in _INVISIBLE:
            raise Malformed(
                f"An invisible character, {_name(character)}, stands in {where}.",
                code="document.invisible-character",
                instead="Delete it at its source and make the document again.",
            )
    lost = missing_glyphs(text)
    if lost:
        raise Malformed(
            f"The fonts of this service cannot print “{lost[0]}” ({_name(lost[0])}) in {where}.",
            code="document.missing-glyph",
            instead="Write it in Latin, Greek or Cyrillic letters, or ask the operator to add a font.",
        )
    if not unicodedata.is_normalized("NFC", text):
        raise Malformed(f"The text in {where} is not in Unicode normal form C.", code="document.not-nfc")


def _suspects(text: str) -> str:
    """Return the characters that need a look at their category: most texts have none."""
    return "" if text.isprintable() else "".join(character for character in text if not character.isprintable())


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def _unit(unit: Unit | ChangedUnit, where: str) -> None:
    check_text(unit.number or "", f"the number of {where}", may_be_empty=True, longest=24)
    if not 0 <= unit.depth <= 3:
        raise Malformed(f"Lists have three levels; {where} is at level {unit.depth}.", code="document.depth")


def _paragraph(number: str | None, index: int) -> str:
    return f"paragraph {number}" if number else f"the {index}. unit"


def _head(symbol: str, status: str, language: str, title: str, as_at: datetime) -> None:
    check_text(symbol, "the symbol", longest=40)
    check_text(status, "the status", longest=LONGEST_NAME)
    check_text(title, "the title", longest=2 * LONGEST_NAME)
    _language(language)
    _time(as_at, "the document")


def _list(each: SignatoryList) -> None:
    check_text(each.title, "the title of a list", longest=LONGEST_NAME)
    check_text(each.note, "the note above a list", may_be_empty=True)
    for country in each.countries:
        check_text(country, "the name of a country", longest=LONGEST_NAME)
    for signatory in each.signatories:
        where = f"the entry of signatory {signatory.position}"
        check_text(signatory.country, where, longest=LONGEST_NAME)
        check_text(signatory.name, where, longest=LONGEST_NAME)
        for text in (signatory.person, signatory.office):
            if text is not None:
                check_text(text, where, longest=LONGEST_SIGNER)
        _language(signatory.name_language)
        _time(signatory.at, where)


def _register(register: Register) -> None:
    if not _URL.fullmatch(register.url) or len(register.url) > LONGEST_URL:
        raise Malformed("The address of the register is not a short http or https address.", code="document.url")
    if not register.checkpoint.strip():
        raise Malformed("The checkpoint is empty.", code="document.empty")
    for line in register.checkpoint.removesuffix("\n").split("\n"):
        check_text(line, "the checkpoint", may_be_empty=True, longest=LONGEST_NAME)
    _digest(register.root, "of the record")


def _labels(labels: Iterable[tuple[str, str]]) -> None:
    for key, label in labels:
        check_text(label, f"the label {key}", longest=LONGEST_NAME)


def _digest(digest: str, what: str) -> None:
    if not _HEX.fullmatch(digest):
        raise Malformed(f"The digest {what} is not 64 lower-case hexadecimal digits.", code="document.digest")


def _language(tag: str) -> None:
    if not _LANGUAGE.fullmatch(tag):
        raise Malformed(f"Not a language tag: {tag[:40]!r}.", code="document.language")


def _time(at: datetime, what: str) -> None:
    if at.tzinfo is None:
        raise Malformed(f"The time of {what} has no zone.", code="document.time")
