"""Statements: exactly these members, exactly these bytes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.encoding import canonical, parse_json, sha256_hex
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.statement import MAX_BYTES, By, Seen, build_statement, parse_seen, parse_statement
from tests.protocol.made import ED_KEY, LOG, statement

FINGERPRINT = ED_KEY.fingerprint


def members(**changes: Any) -> dict[str, Any]:
    value = parse_json(statement())
    assert isinstance(value, dict)
    return {**value, **changes}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in members().items() if key != name}


def test_a_statement_reads_back() -> None:
    raw = statement("amendment.submit-v1", text="Bakı ‘ə’ \n")
    parsed = parse_statement(raw)
    assert parsed.raw == raw
    assert parsed.digest == sha256_hex(raw)
    assert parsed.namespace == f"amendment.submit-v1@{LOG}"
    assert (parsed.by, parsed.seen) == (By(FINGERPRINT, "ngo-42", "signatory"), Seen(1, "1" * 64))
    assert parsed.by.principal == "signatory.ngo-42"
    assert parsed.body == {"text": "Bakı ‘ə’ \n"}
    assert parsed == parse_statement(raw)
    assert parsed != parse_statement(statement("amendment.submit-v1", nonce=1))
    assert hash(parsed) == hash(parse_statement(raw))


def test_the_constitution_acts_on_nothing() -> None:
    raw = statement("constitution-v1", acted_on=None, seen=Seen(0, EMPTY_ROOT.hex()), languages=["az"])
    assert parse_statement(raw).object is None


@pytest.mark.parametrize("name", ["by", "declaration", "log", "nonce", "object", "seen", "type"])
def test_a_missing_member_is_refused(name: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_statement(canonical(without(name)))
    assert caught.value.code == "statement.fields"


BY = {"key": FINGERPRINT, "party": "az", "role": "head"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": {"key": FINGERPRINT, "party": "az"}}, "statement.by"),
        ({"by": {**BY, "name": "x"}}, "statement.by"),
        ({"by": None}, "statement.by"),
        ({"by": [FINGERPRINT, "az", "head"]}, "statement.by"),
        ({"by": {**BY, "key": "SHA256:" + "A" * 42}}, "key.fingerprint"),
        ({"by": {**BY, "key": "SHA256:" + "A" * 42 + "B"}}, "key.fingerprint"),
        ({"by": {**BY, "key": ED_KEY.openssh}}, "key.fingerprint"),
        ({"by": {**BY, "party": "AZ"}}, "name.party"),
        ({"by": {**BY, "party": "az chair"}}, "name.party"),
        ({"by": {**BY, "party": "a" * 65}}, "name.party"),
        ({"by": {**BY, "role": "head.of"}}, "name.role"),
        ({"by": {**BY, "role": None}}, "name.role"),
        ({"declaration": ""}, "name.identifier"),
        ({"declaration": "a\nb"}, "name.identifier"),
        ({"declaration": None}, "name.identifier"),
        ({"log": "declaration.example"}, "name.origin"),
        ({"log": "declaration.example/forum\n"}, "name.origin"),
        ({"log": "declaration.example/for um"}, "name.origin"),
        ({"log": 1}, "name.origin"),
        ({"nonce": "A" * 21}, "statement.nonce"),
        ({"nonce": "A" * 23}, "statement.nonce"),
        ({"nonce": "A" * 22 + "=="}, "statement.nonce"),
        ({"nonce": "A" * 21 + "B"}, "statement.nonce"),
        ({"nonce": "A" * 21 + "+"}, "statement.nonce"),
        ({"nonce": "A" * 21 + "\n"}, "statement.nonce"),
        ({"nonce": 0}, "statement.nonce"),
        ({"object": None}, "statement.object"),
        ({"object": 0}, "statement.object"),
        ({"object": "0" * 63}, "encoding.hex"),
        ({"object": "A" * 64}, "encoding.hex"),
        ({"object": ""}, "encoding.hex"),
        ({"type": "constitution-v1"}, "statement.object"),
        ({"type": "endorsement.sign"}, "name.type"),
        ({"type": "endorsement.sign-v2"}, "name.type"),
        ({"type": "endorsement.sign-v1@evil.example/forum"}, "name.type"),
        ({"type": "*-v1"}, "name.type"),
        ({"type": None}, "name.type"),
        ({"seen": "1"}, "statement.seen"),
        ({"seen": "01:" + "1" * 64}, "statement.seen"),
        ({"seen": "+1:" + "1" * 64}, "statement.seen"),
        ({"seen": "-1:" + "1" * 64}, "statement.seen"),
        ({"seen": "1:" + "1" * 63}, "statement.seen"),
        ({"seen": "1:" + "A" * 64}, "statement.seen"),
        ({"seen": "1:" + "1" * 64 + "\n"}, "statement.seen"),
        ({"seen": "9007199254740992:" + "1" * 64}, "encoding.decimal"),
        ({"seen": "0:" + "1" * 64}, "statement.seen"),
        ({"seen": [1, "1" * 64]}, "statement.seen"),
        ({"seen": None}, "statement.seen"),
    ],
)
def test_members_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        parse_statement(canonical(members(**changes)))
    assert caught.value.code == code


@pytest.mark.parametrize("value", [None, 1, "x", [], [members()], True])
def test_a_statement_is_an_object(value: Any) -> None:
    with pytest.raises(Malformed):
        parse_statement(canonical(value))


RAW = statement()


@pytest.mark.parametrize(
    "bad",
    [
        RAW + b"\n",
        b" " + RAW,
        RAW.replace(b'":"', b'": "', 1),
        RAW.replace(b'"by":', b'"by":{},"by":'),
        RAW.replace(b"joint", b"\\u006aoint"),
        RAW.replace(b'"content"', b'"zontent"'),
        b"\xef\xbb\xbf" + RAW,
        RAW.decode().encode("utf-16"),
        RAW[:-1],
        b"",
    ],
)
def test_other_spellings_are_refused(bad: bytes) -> None:
    with pytest.raises(Malformed):
        parse_statement(bad)


def test_size_is_limited() -> None:
    fill = MAX_BYTES - len(statement(text="")) + 0
    assert len(parse_statement(statement(text="a" * fill)).raw) == MAX_BYTES
    with pytest.raises(Malformed) as caught:
        statement(text="a" * (fill + 1))
    assert caught.value.code == "statement.too-long"


@pytest.mark.parametrize("name", ["by", "declaration", "log", "nonce", "object", "seen", "type"])
def test_a_body_cannot_name_common_members(name: str) -> None:
    with pytest.raises(Malformed) as caught:
        build_statement(
            type="rules-v1",
            by=By(FINGERPRINT, "chair", "chair"),
            declaration="d",
            log=LOG,
            nonce=bytes(16),
            object="0" * 64,
            seen=Seen(1, "1" * 64),
            body={name: "x"},
        )
    assert caught.value.code == "statement.body"


@pytest.mark.parametrize("nonce", [b"", bytes(15), bytes(17), "A" * 22 + "=", ""])
def test_a_nonce_is_16_bytes(nonce: str | bytes) -> None:
    with pytest.raises(Malformed):
        build_statement(
            type="rules-v1",
            by=By(FINGERPRINT, "chair", "chair"),
            declaration="d",
            log=LOG,
            nonce=nonce,
            object="0" * 64,
            seen=Seen(1, "1" * 64),
            body={},
        )


@given(st.integers(1, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_seen_round_trip(size: int, root: bytes) -> None:
    seen = Seen(size, root.hex())
    assert parse_seen(str(seen)) == seen
