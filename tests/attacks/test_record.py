"""Attacks on the record: acts replayed, removed, reordered, held back, spelled otherwise, shown differently to different people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from declaration.protocol.encoding import b64encode, canonical
from declaration.protocol.entry import build_entry, parse_entry
from declaration.protocol.keys import public_key_of
from declaration.protocol.merkle import node_hash
from declaration.protocol.note import NoteSigner, make_verifier
from declaration.protocol.note import sign as sign_note
from declaration.protocol.sshsig import parse_signature
from declaration.protocol.statement import Seen
from declaration.protocol.wire import mpint, string
from tests.attacks.acts import as_json, ready, sign_as
from tests.verifier import forge as f
from tests.verifier.asked import first, only, refused, verify

REASON = {"content": "0" * 64}


# -- replays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "number", "code"),
    [
        ({"log": "declaration.example/other"}, 4, "record.log"),
        ({"namespace": f"{f.SIGNED}@declaration.example/other"}, 4, "signature.namespace"),
        ({"namespace": f"amendment.withdraw-v1@{f.ORIGIN}"}, 4, "signature.namespace"),
        ({"namespace": f"sign-in@{f.ORIGIN}"}, 4, "signature.namespace"),
        ({"namespace": f"possession-v1@{f.ORIGIN}"}, 4, "signature.namespace"),
        ({"declaration": "OTHER/2025/JD"}, 4, "record.declaration"),
        ({"acted_on": "0" * 64}, 8, "version.not-adopted"),
    ],
)
def test_a_signature_for_something_else_does_not_count(changes: dict[str, Any], number: int, code: str, tmp_path: Path) -> None:
    forge = sign_as(ready(), **changes)
    report = verify(forge, tmp_path)
    refused(report, number, code, f"entry {len(forge.entries) - 1}, endorsement.sign by new")
    only(report, number)
    assert report.totals["counted"] == 0


def test_an_act_recorded_twice_counts_once(tmp_path: Path) -> None:
    forge = f.signed()
    first_of_a1 = next(raw for raw in forge.entries if b'"party":"a1"' in raw and b"endorsement.sign" in raw)
    forge.force_raw(first_of_a1.replace(b"T15:00:00Z", b"T16:00:00Z", 1))
    refused(verify(forge, tmp_path), 4, "record.repeated", f"entry {len(forge.entries) - 1}, endorsement.sign by a1")


def twin_of(blob: bytes) -> bytes:
    """The other valid ECDSA signature of the same message: (r, n - s)."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    key = parse_signature(blob).public_key
    head, tail = blob[: blob.rindex(b"ecdsa-sha2-nistp256") + 19], blob[blob.rindex(b"ecdsa-sha2-nistp256") + 23 :]
    length = int.from_bytes(tail[:4], "big")
    r, s = int.from_bytes(tail[4 : 4 + length], "big"), int.from_bytes(tail[8 + length :], "big")
    signature = string(b"ecdsa-sha2-nistp256") + string(mpint(r) + mpint(order - s))
    assert key.kind == "ecdsa-sha2-nistp256"
    return head[: -len(b"ecdsa-sha2-nistp256") - 8] + string(signature)


def test_the_twin_of_an_ecdsa_signature_is_the_same_act(tmp_path: Path) -> None:
    key = derive_private_key(42, SECP256R1())
    forge = f.opened()
    forge.enrol("new", "kz", private=key)
    act = forge.act("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), private=key)
    verify(forge, tmp_path).require_all()
    entry = parse_entry(forge.entries[-1])
    twin = twin_of(entry.signature)
    assert twin != entry.signature
    raw = build_entry(act.at, twin, act.statement.raw)
    forge.force_raw(raw)
    refused(verify(forge, tmp_path), 4, "record.repeated", f"entry {len(forge.entries) - 1}")
    alone = f.rebuilt(forge.members(), [*forge.entries[:-2], raw])
    verify(forge, tmp_path, alone, size=len(forge.entries) - 1).require_all()


# -- keys and signatures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "number", "code"),
    [
        ({"signer": f.private("thief")}, 4, "signature.other-key"),
        ({"private": f.private("thief")}, 5, "key.unknown"),
        ({"key": "head.kz"}, 5, "key.party"),
    ],
)
def test_a_substituted_key_has_no_authority(changes: dict[str, Any], number: int, code: str, tmp_path: Path) -> None:
    report = verify(sign_as(ready(), **changes), tmp_path)
    refused(report, number, code, "by new")
    only(report, number)


def test_one_changed_bit_of_a_signature(tmp_path: Path) -> None:
    forge = ready()
    blob = forge.signature(forge.statement("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement()), "signatory.new")
    for position, code in ((-1, "signature.invalid"), (-40, "signature.invalid"), (4, "signature.version"), (7, "signature.version")):
        broken = bytearray(blob)
        broken[position] ^= 1
        twin = forge.twin()
        act = twin.statement("signatory.new", f.SIGNED, twin.state.adopted, twin.endorsement())
        line = canonical({"at": "2025-11-21T14:00:00Z", "signature": b64encode(bytes(broken)), "statement": as_json(act.statement.raw)})
        twin.force_raw(line)
        number, found = first(verify(twin, tmp_path))
        assert (number, found.code) == (4, code)


IDENTITY = b"\x01" + bytes(31)


def test_a_key_of_small_order_signs_everything_and_is_never_accredited(tmp_path: Path) -> None:
    forge = f.circulated()
    line = "ssh-ed25519 " + b64encode(string(b"ssh-ed25519") + string(IDENTITY))
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("head.az", key=line))
    report = verify(forge, tmp_path)
    refused(report, 5, "key.weak", "accredit by chair")
    only(report, 5)


def test_a_key_of_small_order_does_not_sign_either(tmp_path: Path) -> None:
    forge = ready()
    act = forge.statement("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement())
    honest = forge.signature(act, "signatory.new")
    point = public_key_of(f.private("signatory.new")).point
    universal = honest.replace(string(point), string(IDENTITY))[:-64] + IDENTITY + bytes(32)
    from declaration.protocol.keys import read_key_blob

    fingerprint = read_key_blob(string(b"ssh-ed25519") + string(IDENTITY)).fingerprint
    forge.force("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), fingerprint=fingerprint, signer=f.private("x"))
    raw = forge.entries.pop()
    parsed = parse_entry(raw)
    line = canonical({"at": "2025-11-21T14:00:00Z", "signature": b64encode(universal), "statement": as_json(parsed.statement.raw)})
    report = verify(forge, tmp_path, f.rebuilt(forge.members(), [*forge.entries, line]), size=len(forge.entries) + 1)
    refused(report, 4, "signature.invalid", "by new")


# -- the tree ----------------------------------------------------------------------------------------------------------


def test_an_endorsement_removed_is_named_by_whoever_saw_it(tmp_path: Path) -> None:
    """The operator removes one and signs a new checkpoint: everybody who signed later had seen another record."""
    forge = f.opened()
    for party in ("k1", "k2", "k3"):
        forge.enrol(party, "kz")
    gone = forge.state.size
    forge.sign("k1")
    forge.sign("k2")
    forge.act("signatory.k3", f.SIGNED, forge.state.adopted, forge.endorsement(), seen=gone + 1)
    members = f.rebuilt(forge.members(), forge.entries[:gone] + forge.entries[gone + 1 :])
    report = verify(forge, tmp_path, members, size=len(forge.entries) - 1)
    assert f"a checkpoint of {gone + 1} entries" in refused(report, 3, "seen.unknown", f"entry {gone}, endorsement.sign by k2").what
    found = refused(report, 3, "seen.other-history", f"entry {gone + 1}, endorsement.sign by k3")
    assert f"another record of {gone + 1} entries" in found.what


def test_an_endorsement_removed_is_named_by_the_checkpoint(tmp_path: Path) -> None:
    forge = f.signed()
    members = {**forge.members(), "entries.jsonl": b"".join(raw + b"\n" for raw in forge.entries[:-1])}
    refused(verify(forge, tmp_path, members), 3, "record.size", "entries.jsonl")


def test_entries_swapped_are_not_what_the_log_signed(tmp_path: Path) -> None:
    forge = f.signed()
    swapped = [*forge.entries[:-2], forge.entries[-1], forge.entries[-2]]
    members = {**forge.members(), "entries.jsonl": b"".join(raw + b"\n" for raw in swapped)}
    refused(verify(forge, tmp_path, members), 3, "record.root", "entries.jsonl")


def test_a_truncated_log_does_not_extend_what_the_auditor_kept(tmp_path: Path) -> None:
    forge = f.signed()
    kept = forge.checkpoint()
    members = f.rebuilt(forge.members(), forge.entries[:-1])
    report = verify(forge, tmp_path, members, size=len(forge.entries) - 1, since=kept)
    refused(report, 2, "checkpoint.not-extended", f"{len(forge.entries)} entries, the bundle is of {len(forge.entries) - 1}")


def test_a_truncated_log_contradicts_its_own_checkpoints(tmp_path: Path) -> None:
    forge = f.signed()
    name = f"checkpoints/{len(forge.entries)}"
    members = {**f.rebuilt(forge.members(), forge.entries[:-1]), name: forge.checkpoint()}
    refused(verify(forge, tmp_path, members, size=len(forge.entries) - 1), 3, "record.truncated", name)


def forked() -> tuple[f.Forge, f.Forge]:
    """Two stories of one size, both signed by the log."""
    one = f.opened()
    one.enrol("new", "kz")
    other = one.twin()
    one.sign("new")
    other.act("signatory.new", f.SIGNED, other.state.adopted, other.endorsement(language="en"))
    assert one.roots[-1] != other.roots[-1]
    return one, other


@pytest.mark.parametrize("later", [0, 1])
def test_a_fork_shown_to_one_party_convicts_the_log(later: int, tmp_path: Path) -> None:
    one, other = forked()
    if later:
        one.act("signatory.new", f.WITHDRAWN, one.state.by_party["new"], REASON)
    report = verify(one, tmp_path, since=other.checkpoint())
    refused(report, 3, ("checkpoint.not-extended" if later else "checkpoint.two-roots"), "kept from before")
    only(report, 3)


def test_two_roots_for_one_size_in_one_bundle(tmp_path: Path) -> None:
    one, other = forked()
    members = {**one.members(), f"checkpoints/{len(one.entries)}": other.checkpoint()}
    refused(verify(one, tmp_path, members), 3, "checkpoint.two-roots", "checkpoints/")


def test_cosigned_checkpoints_of_this_record_are_welcome(tmp_path: Path) -> None:
    forge = f.signed()
    members = {**forge.members(), "checkpoints/5": forge.checkpoint(5), f"checkpoints/{len(forge.entries)}": forge.checkpoint()}
    verify(forge, tmp_path, members).require_all()


@pytest.mark.parametrize(
    ("name", "note", "code"),
    [
        ("checkpoints/6", lambda forge: forge.checkpoint(5), "checkpoint.name"),
        ("checkpoints/5", lambda forge: b"junk", "note.form"),
        ("checkpoints/5", lambda forge: forge.checkpoint(5).replace(b"\n5\n", b"\n4\n"), "note.bad-signature"),
    ],
)
def test_a_further_checkpoint_that_is_none(name: str, note: Callable[[f.Forge], bytes], code: str, tmp_path: Path) -> None:
    forge = f.circulated()
    refused(verify(forge, tmp_path, {**forge.members(), name: note(forge)}), 2, code, name)


def test_another_origin(tmp_path: Path) -> None:
    forge = f.signed()
    other = NoteSigner("declaration.example/other", f.private("the log"))
    text = forge.checkpoint().decode().split("\n\n")[0].replace(f.ORIGIN, other.name) + "\n"
    members = {**forge.members(), "checkpoint": sign_note(text, other), "policy": f.policy(other)}
    report = verify(forge, tmp_path, members, origin=other.name)
    assert first(report)[1].code == "record.log"


def test_a_checkpoint_of_another_log_under_this_logs_key(tmp_path: Path) -> None:
    forge = f.signed()
    text = forge.checkpoint().decode().split("\n\n")[0].replace(f.ORIGIN, "declaration.example/other") + "\n"
    refused(verify(forge, tmp_path, {**forge.members(), "checkpoint": sign_note(text, f.LOG)}), 2, "checkpoint.origin", "checkpoint")


@pytest.mark.parametrize(("origin", "size"), [("declaration.example/other", None), (f.ORIGIN, 999), (f.ORIGIN, 0)])
def test_an_index_that_speaks_of_something_else(origin: str, size: int | None, tmp_path: Path) -> None:
    forge = f.signed()
    report = verify(forge, tmp_path, origin=origin, size=len(forge.entries) if size is None else size)
    refused(report, 2, "checkpoint.other", "bundle.json")
    only(report, 2)


def test_a_key_whose_id_collides_is_another_key(tmp_path: Path) -> None:
    """An id of four bytes can be met by trying; the line then claims to be the log's and its signature is not."""
    forge = f.circulated()
    log = f.LOG.verifier
    stranger = make_verifier(f.ORIGIN, public_key_of(f.private("stranger")).point)
    text = forge.checkpoint().decode().rpartition("\n\n")[0] + "\n"
    line = f"\u2014 {f.ORIGIN} {b64encode(log.key_id + f.private('stranger').sign(text.encode()))}\n"
    forged = (text + "\n" + line).encode()
    refused(verify(forge, tmp_path, {**forge.members(), "checkpoint": forged}), 2, "note.bad-signature", "checkpoint")
    both = forge.checkpoint() + line.encode()
    refused(verify(forge, tmp_path, {**forge.members(), "checkpoint": both}), 2, "note.repeated", "checkpoint")
    wrong = f"log {stranger.vkey.replace(stranger.key_id.hex(), log.key_id.hex())}\nquorum none\n".encode()
    refused(verify(forge, tmp_path, {**forge.members(), "policy": wrong}), 2, "note.vkey", "policy, line 1")


def test_a_node_is_no_leaf(tmp_path: Path) -> None:
    """65 bytes that hash like an inner node are no entry, whatever the root says."""
    forge = f.circulated()
    pair = forge.roots[1] + forge.roots[1]
    assert node_hash(pair[:32], pair[32:])
    forge.force_raw(b"\x01" + pair.replace(b"\n", b"\r"))
    refused(verify(forge, tmp_path), 4, "json.not-utf8", f"entry {len(forge.entries) - 1}")


# -- time --------------------------------------------------------------------------------------------------------------


def test_an_act_held_back_for_weeks(tmp_path: Path) -> None:
    forge = ready()
    held = forge.state.size
    forge.enrol("early", "az")
    forge.pass_time(days=3)
    forge.enrol("later", "az")
    sign_as(forge, seen=held)
    report = verify(forge, tmp_path)
    refused(report, 4, "seen.too-old", "endorsement.sign by new")
    only(report, 4)


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=300)])
def test_a_time_that_runs_backwards(back: timedelta, tmp_path: Path) -> None:
    forge = ready()
    sign_as(forge, at=forge.now - back)
    report = verify(forge, tmp_path)
    refused(report, 4, "record.time", "by new")
    only(report, 4)


def test_a_checkpoint_from_the_future_of_the_record(tmp_path: Path) -> None:
    forge = ready()
    sign_as(forge, seen=forge.state.size + 5)
    refused(verify(forge, tmp_path), 3, "seen.unknown", "by new")


def test_a_signer_who_saw_another_record(tmp_path: Path) -> None:
    forge = sign_as(ready(), root=b"\x07" * 32)
    report = verify(forge, tmp_path)
    refused(report, 3, "seen.other-history", "by new")
    only(report, 3, *({8} & {check.number for check in report.checks if check.findings}))


def test_the_seen_of_a_removed_and_rebuilt_record_cannot_be_mended_without_the_signers(tmp_path: Path) -> None:
    """Whoever wants to remove an act has to sign every later act again, and has not the keys."""
    forge = f.signed()
    gone = next(n for n, raw in enumerate(forge.entries) if b'"party":"k1"' in raw and b"endorsement.sign" in raw)
    entries = forge.entries[:gone]
    later = parse_entry(forge.entries[gone + 1])
    mended = f.resigned(forge.entries[gone + 1], "operator", seen=Seen(gone, forge.roots[gone].hex()))
    report = verify(forge, tmp_path, f.rebuilt(forge.members(), [*entries, mended]), size=gone + 1)
    refused(report, 4, "signature.other-key", f"by {later.statement.by.party}")
