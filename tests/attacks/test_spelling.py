"""Attacks on spelling: one act, one form; everything else is refused and breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from declaration.protocol.encoding import b64decode, b64encode, canonical
from declaration.protocol.entry import parse_entry
from declaration.protocol.sshsig import sign
from tests.attacks.acts import as_json, ready, sign_as
from tests.verifier import forge as f
from tests.verifier.asked import only, refused, verify


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw.replace(b'{"at":', b'{"at":"2025-11-21T15:00:00Z","at":', 1), "json.duplicate-key"),
        (lambda raw: raw.replace(b'"statement":{', b'"statement":{"by":0,', 1), "json.duplicate-key"),
        (lambda raw: raw[:-1] + b',"x":NaN}', "json.number"),
        (lambda raw: raw[:-1] + b',"x":Infinity}', "json.number"),
        (lambda raw: raw[:-1] + b',"x":1.5}', "json.number"),
        (lambda raw: raw[:-1] + b',"x":1e3}', "json.number"),
        (lambda raw: raw[:-1] + b',"x":9007199254740992}', "json.integer"),
        (lambda raw: raw[:-1] + b',"x":1}', "entry.fields"),
        (lambda raw: raw.replace(b'"at":', b'"at": ', 1), "json.not-canonical"),
        (lambda raw: raw.replace(b'"object"', b'"\\u006fbject"', 1), "json.not-canonical"),
        (lambda raw: raw + b" ", "json.not-canonical"),
        (lambda raw: raw + b"\r", "json.not-canonical"),
        (lambda raw: b"\xef\xbb\xbf" + raw, "json.syntax"),
        (lambda raw: raw.replace(b"Z", b"+00:00", 1), "encoding.time"),
        (lambda raw: raw.replace(b"endorsement.sign-v1", b"endorsement.sign-v2"), "name.type"),
        (lambda raw: raw.replace(b"kz", b"k\xff", 1) if b"kz" in raw else raw[:-1] + b"\xff", "json.not-utf8"),
        (lambda raw: b"[" * 5000 + b"]" * 5000, "json.depth"),
        (lambda raw: b'{"a":' * 3000 + b"1" + b"}" * 3000, "json.depth"),
        (lambda raw: b"null", "entry.fields"),
        (lambda raw: b"{}", "entry.fields"),
        (lambda raw: b'{"at":1,"signature":2,"statement":3}', "entry.fields"),
        (lambda raw: raw.replace(b'"signature":"U', b'"signature":"\\u0055', 1), "json.not-canonical"),
    ],
)
def test_an_entry_spelled_otherwise(change: Callable[[bytes], bytes], code: str, tmp_path: Path) -> None:
    forge = sign_as(ready())
    last = forge.entries[-1]
    assert b"endorsement.sign-v1" in last
    report = verify(forge, tmp_path, f.rebuilt(forge.members(), [*forge.entries[:-1], change(last)]))
    refused(report, 4, code, f"entry {len(forge.entries) - 1}")
    only(report, 4)


@pytest.mark.parametrize(
    ("lines", "number", "code"),
    [
        (lambda lines: lines[:-1], 4, "bundle.line"),
        (lambda lines: lines + b"\n", 4, "bundle.line"),
        (lambda lines: b"\n" + lines, 5, "bundle.line"),
        (lambda lines: lines.replace(b"\n", b"\r\n"), 5, "json.not-canonical"),
        (lambda lines: b"x" * 70_000 + b"\n" + lines, 5, "bundle.line"),
        (lambda lines: b"", 5, "json.syntax"),
    ],
)
def test_a_file_of_entries_that_is_none(lines: Callable[[bytes], bytes], number: int, code: str, tmp_path: Path) -> None:
    forge = f.circulated()
    members = forge.members()
    report = verify(forge, tmp_path, {**members, "entries.jsonl": lines(members["entries.jsonl"])})
    refused(report, number, code)


@pytest.mark.parametrize("field", ["extra", "kind", "texts", "content"])
def test_an_unknown_or_missing_field(field: str, tmp_path: Path) -> None:
    forge = ready()
    body = {**forge.endorsement(), "extra": 1} if field == "extra" else forge.endorsement()
    if field != "extra":
        del body[field]
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, body)
    refused(verify(forge, tmp_path), 6, "statement.fields", "endorsement.sign by new")


JUNK: list[Any] = [None, True, 0, -1, "", "x", [], [[]], {}, {"a": {"b": []}}, "0" * 64, [1, "2", None], "\u202e"]


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize(
    "act", ["constitution-v1", "accredit-v1", "amendment.submit-v1", "endorsement.sign-v1", "draft_version.approve_and_circulate-v1"]
)
def test_a_body_of_other_types_is_refused_and_breaks_nothing(act: str, junk: Any, tmp_path: Path) -> None:
    """Every field in turn holds something that it should not."""
    forge = ready()
    bodies = {
        "constitution-v1": ("chair.chair", forge.constitution_body()),
        "accredit-v1": ("secretariat.one", forge.signatory("next")),
        "amendment.submit-v1": ("head.az", forge.proposal([forge.reads("OP1", "Decide;")])),
        "endorsement.sign-v1": ("signatory.new", forge.endorsement()),
        "draft_version.approve_and_circulate-v1": ("chair.chair", {"symbol": f"{f.SYMBOL}/Rev.2"}),
    }
    who, body = bodies[act]
    for name in body:
        if body[name] != junk:
            acted_on = None if act == "constitution-v1" else forge.state.adopted
            forge.force(who, act, acted_on, {**body, name: junk})
    report = verify(forge, tmp_path)
    assert not report.verified
    assert {check.number for check in report.checks if check.findings} <= {4, 5, 6, 7, 8}


@pytest.mark.parametrize("junk", [each for each in JUNK if each != {}])
def test_a_constitution_of_other_types_is_refused_and_breaks_nothing(junk: Any, tmp_path: Path) -> None:
    base = f.Forge()
    for name, right in base.constitution_body().items():
        if right == junk or (name, junk) in (("content", "0" * 64), ("origins", ["x"])):
            continue
        forge = f.Forge()
        act = forge.statement("chair.chair", "constitution-v1", None, {**forge.constitution_body(), name: junk})
        forge.record(act, forge.signature(act, "chair.chair"))
        members = {**f.circulated().members(), "allowed_signers": b""}
        kept = {name: raw for name, raw in members.items() if not name.startswith("versions/")}
        report = verify(forge, tmp_path, f.rebuilt(kept, forge.entries))
        assert not report.verified, (name, junk)


def test_base64_with_unused_bits(tmp_path: Path) -> None:
    forge = sign_as(ready())
    blob = parse_entry(forge.entries[-1]).signature
    text = b64encode(blob)
    assert b64decode(text) == blob
    assert text.endswith("="), "without padding there are no unused bits"
    spelled = text[:-2] + chr(ord(text[-2]) + 1) + "=" if not text.endswith("==") else text[:-3] + chr(ord(text[-3]) + 1) + "=="
    line = forge.entries[-1].replace(text.encode(), spelled.encode())
    refused(verify(forge, tmp_path, f.rebuilt(forge.members(), [*forge.entries[:-1], line])), 4, "encoding.base64")


def test_a_blob_for_ssh_with_trailing_bytes(tmp_path: Path) -> None:
    forge = ready()
    act = forge.statement("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement())
    blob = sign(f.private("signatory.new"), act.statement.namespace, act.statement.raw) + b"\x00"
    line = canonical({"at": "2025-11-21T14:00:00Z", "signature": b64encode(blob), "statement": as_json(act.statement.raw)})
    forge.force_raw(line)
    refused(verify(forge, tmp_path), 4, "signature.malformed", "by new")
