"""Entries: one line, and the statement's own bytes inside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import DeclarationError, Malformed, SignatureInvalid
from declaration.protocol.encoding import b64encode, canonical, parse_json
from declaration.protocol.entry import build_entry, parse_entry
from declaration.protocol.merkle import leaf_hash
from declaration.protocol.sshsig import sign, verify
from declaration.protocol.statement import parse_statement
from tests.protocol.made import ED, ED_KEY, NOON, P256, Passkey, entry, statement

RAW = entry()
STATEMENT = statement()
NAMESPACE = parse_statement(STATEMENT).namespace
SIGNATURE = sign(ED, NAMESPACE, STATEMENT)


def test_an_entry_reads_back_and_verifies() -> None:
    parsed = parse_entry(RAW)
    assert parsed.at == NOON
    assert parsed.raw == RAW
    assert parsed.leaf == leaf_hash(RAW)
    assert parsed.statement == parse_statement(STATEMENT)
    verify(parsed.signature, key=ED_KEY, namespace=parsed.statement.namespace, message=parsed.statement.raw)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(0, 10**9), st.sampled_from(["ed", "ec", "sk"]))
def test_the_statement_s_bytes_are_found_in_the_line(text: str, seconds: int, kind: str) -> None:
    raw = statement("comment.add-v1", nonce=seconds, text=text, edits=[[0, 1, text]])
    blob = sign(ED, NAMESPACE, raw) if kind == "ed" else sign(P256, NAMESPACE, raw) if kind == "ec" else Passkey().sign(NAMESPACE, raw)
    line = build_entry(NOON + timedelta(seconds=seconds), blob, raw)
    parsed = parse_entry(line)
    assert parsed.statement.raw == raw
    assert parsed.signature == blob
    assert b"\n" not in line


VALUE = parse_json(RAW)
assert isinstance(VALUE, dict)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (canonical({**VALUE, "note": ""}), "entry.fields"),
        (canonical({name: VALUE[name] for name in ("at", "statement")}), "entry.fields"),
        (canonical([VALUE]), "entry.fields"),
        (canonical({**VALUE, "at": 1763971200}), "entry.fields"),
        (canonical({**VALUE, "signature": None}), "entry.fields"),
        (canonical({**VALUE, "at": "2025-11-24T08:00:00.5Z"}), "encoding.time"),
        (canonical({**VALUE, "at": "2025-11-24T12:00:00+04:00"}), "encoding.time"),
        (canonical({**VALUE, "at": "2025-11-24 08:00:00Z"}), "encoding.time"),
        (canonical({**VALUE, "signature": ""}), "entry.signature"),
        (canonical({**VALUE, "signature": b64encode(bytes(8193))}), "entry.signature"),
        (canonical({**VALUE, "signature": b64encode(SIGNATURE)[:-1]}), "encoding.base64"),
        (canonical({**VALUE, "signature": "A\\u0042=="}), "encoding.base64"),
        (canonical({**VALUE, "statement": STATEMENT.decode()}), "statement.fields"),
        (canonical({**VALUE, "statement": {}}), "statement.fields"),
        (RAW + b"\n", "json.not-canonical"),
        (RAW.replace(b'"at"', b' "at"'), "json.not-canonical"),
        (RAW.replace(b"/", b"\\/"), "json.not-canonical"),
        (b'{"signature":' + RAW.partition(b'"signature":')[2], "entry.fields"),
        (RAW.replace(b'{"at":', b'{"at":"2025-11-24T07:00:00Z","at":'), "json.duplicate-key"),
        (b" " * 65_536, "entry.too-long"),
        (b"", "json.syntax"),
    ],
)
def test_entry_refuses(bad: bytes, code: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        parse_entry(bad)
    assert caught.value.code == code


def test_a_statement_in_an_entry_is_at_most_32_kib() -> None:
    value = {**VALUE, "statement": {**parse_json(STATEMENT), "text": "a" * 32_768}}  # type: ignore[dict-item]  # it is an object
    with pytest.raises(Malformed) as caught:
        parse_entry(canonical(value))
    assert caught.value.code == "statement.too-long"


def test_building_refuses_what_is_not_a_signature_or_a_statement() -> None:
    with pytest.raises(SignatureInvalid):
        build_entry(NOON, b"garbage", STATEMENT)
    with pytest.raises(Malformed):
        build_entry(NOON, SIGNATURE, STATEMENT + b" ")
    with pytest.raises(Malformed):
        build_entry(NOON.replace(tzinfo=None), SIGNATURE, STATEMENT)
