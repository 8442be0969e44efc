"""A package whose parts do not belong together is not shown to anybody as if they did."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.errors import DeclarationError, Malformed
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.encoding import sha256_hex
from declaration.signer.package import COUNTERSIGN, ON_A_VERSION, parse_package
from declaration.signer.showing import groups, shown
from tests.signer.packed import CITED, MANIFEST, SENTENCE, SYMBOL, TEXTS, changed, document, package, statement


def test_everything_that_is_signed_is_shown() -> None:
    read = parse_package(package())
    words = shown(read)
    assert "1. Decide to meet every year;" in words
    assert "On behalf of Şəfəq I sign" in words
    for digest in (MANIFEST.digest, read.statement.digest, groups(MANIFEST.digest), read.statement.by.key):
        assert digest in words
    assert "salt" not in words


def test_a_document_cannot_write_on_the_terminal() -> None:
    sly = document(SENTENCE + " \x1b[2J\u202eoops")
    raw = changed({"content": sly.decode(), "statement": statement(content=sha256_hex(sly)).decode()})
    words = shown(parse_package(raw))
    assert "\x1b" not in words
    assert "\\x1b[2J\\u202eoops" in words.replace("\n", " ")


OTHER = statement(object_="0" * 64).decode()
FOREIGN = f"I sign {SYMBOL}: az {CITED['az']}, en {CITED['en']}, and {'1' * 64}."
SPLIT = statement(texts={"az": CITED["az"]}).decode()


def named(sentence: str) -> dict[str, Any]:
    """A sentence with a statement that names it."""
    return {"content": document(sentence).decode(), "statement": statement(content=sha256_hex(document(sentence))).decode()}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": TEXTS["en"].decode().replace("year", "week")}, "package.unit"),
        ({"text": TEXTS["en"].decode().replace("1. ", "2. ")}, "package.unit"),
        ({"text": "[T] Joint Declaration\n"}, "package.text"),
        ({"text": TEXTS["en"].decode() + "\n[OP2] 2. More;\n"}, "package.text"),
        ({"text": TEXTS["az"].decode()}, "package.unit"),
        ({"language": "az", "text": TEXTS["az"].decode()}, "package.language"),
        ({"language": "tr"}, "package.language"),
        ({"text": None}, "package.form"),
        ({"text": None, "manifest": None, "language": None}, "package.no-text"),
        ({"statement": OTHER}, "package.other-version"),
        ({"statement": SPLIT}, "package.texts"),
        ({"content": document("another").decode()}, "package.content"),
        ({"content": None}, "package.no-sentence"),
        (named(f"I sign {SYMBOL}."), "package.sentence"),
        (named(FOREIGN), "package.sentence"),
        (named(SENTENCE.replace(SYMBOL, "OTHER")), "package.sentence"),
        ({"statement": None}, "package.form"),
        ({"format": "signing-package-2"}, "package.form"),
        ({"more": "x"}, "package.form"),
        ({"statement": statement().decode().replace(",", ", ", 1)}, "json.not-canonical"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        parse_package(changed(changes))
    assert refused.value.code == code


def test_a_countersignature_comes_with_the_texts_that_it_cites() -> None:
    raw = changed({"statement": statement(type_=COUNTERSIGN, object_="2" * 64).decode()})
    assert parse_package(raw).compared == MANIFEST.digest
    with pytest.raises(DeclarationError) as refused:
        parse_package(changed({"statement": statement(type_=COUNTERSIGN, object_="2" * 64, texts={}).decode()}))
    assert refused.value.code == "package.texts"


@pytest.mark.parametrize("raw", [b"", b"{}", b"PK\x03\x04", b"{" * 40, b" " * (2 * 1024 * 1024 + 1), b"\xff\xfe"])
def test_other_files_are_no_packages(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_package(raw)


def test_acts_on_a_version_are_acts_on_a_version() -> None:
    assert all(BY_TYPE[one].object == "version" or one == COUNTERSIGN for one in ON_A_VERSION)
