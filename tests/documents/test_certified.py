"""A certified copy: what it must say, the same bytes each time, and chains of hashes that do not close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from declaration.documents.pdf import certified_pdf
from declaration.documents.values import CertifiedCopy, Change, ChangedUnit, Kind, Op, Rectification, Register
from declaration.errors import Malformed
from tests.documents.values import CHECKPOINT, CLOSED, DIGEST, URL, flowing, small

FIRST, SECOND = (sha256(word.encode()).hexdigest() for word in ("first", "second"))
CHANGE = ChangedUnit(Kind.OPERATIVE, "1", (Change(Op.EQUAL, "Agree"), Change(Op.INSERT, " in 2026"), Change(Op.EQUAL, ";")))


def rectification(number: int, previous: str, corrected: str) -> Rectification:
    return Rectification(f"S/1/Corr.{number}", CLOSED, previous, corrected, 160 + number, (CHANGE,), "Nobody objected in time.")


def copy(**changes: object) -> CertifiedCopy:
    """A text that was corrected twice."""
    version = small("Agree in 2026;", draft=False, text_digest=SECOND)
    doc = CertifiedCopy(
        version=replace(version, units=(replace(version.units[0], note="As corrected by S/1/Corr.2."),)),
        signed_digest=DIGEST,
        rectifications=(rectification(1, DIGEST, FIRST), rectification(2, FIRST, SECOND)),
        certificate=("The depositary signed this: entry 162 of the record.",),
        register=Register(URL, CHECKPOINT, 1184, DIGEST),
    )
    return replace(doc, **changes)  # type: ignore[arg-type]  # the fields are the caller's business in a test


def test_it_says_what_was_signed_what_it_reads_now_and_what_lies_between() -> None:
    body = certified_pdf(copy())
    assert body == certified_pdf(copy())
    text = flowing(body)
    for words in (
        "Agree in 2026;", "As corrected by S/1/Corr.2.", "Procès-verbal of rectification S/1/Corr.1",
        "Procès-verbal of rectification S/1/Corr.2",
        "Nobody objected in time.", "entry 162 of the record", DIGEST, FIRST, SECOND, "Text as signed", "Text as corrected",
    ):  # fmt: skip
        assert words in text, words


def test_a_text_that_was_never_corrected_has_one_hash() -> None:
    plain = copy(version=small("Agree;", draft=False, text_digest=DIGEST), rectifications=())
    assert "Text as corrected" not in flowing(certified_pdf(plain))


BROKEN: dict[str, tuple[Callable[[], CertifiedCopy], str]] = {
    "a correction of another text": (lambda: copy(signed_digest=FIRST), "document.chain"),
    "a correction left out": (lambda: copy(rectifications=(rectification(2, FIRST, SECOND),)), "document.chain"),
    "in another order": (lambda: copy(rectifications=(rectification(2, FIRST, SECOND), rectification(1, DIGEST, FIRST))), "document.chain"),
    "words that no correction left": (lambda: copy(version=small("Agree;", draft=False, text_digest=DIGEST)), "document.chain"),
    "no hash of its words": (lambda: copy(version=small("Agree;", draft=False)), "document.chain"),
    "a draft": (lambda: copy(version=small("Agree;", text_digest=SECOND)), "document.draft-signed"),
    "no digest": (lambda: copy(signed_digest="x"), "document.digest"),
    "letters that nobody sees": (lambda: copy(certificate=("shall \u202enot",)), "document.invisible-character"),
    "an address that is none": (lambda: copy(register=Register("javascript:1", CHECKPOINT, 1, DIGEST)), "document.url"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_copy_that_nobody_may_certify(name: str) -> None:
    made, code = BROKEN[name]
    with pytest.raises(Malformed) as refused:
        certified_pdf(made())
    assert refused.value.code == code
