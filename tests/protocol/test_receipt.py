"""Receipts: what a signer keeps proves one thing, and says which log it is about."""

from __future__ import annotations

import pytest

from declaration.errors import DeclarationError, Malformed
from declaration.protocol import note
from declaration.protocol.checkpoint import Checkpoint, sign_checkpoint
from declaration.protocol.entry import build_entry
from declaration.protocol.merkle import leaf_hash
from declaration.protocol.note import NoteSigner
from declaration.protocol.receipt import build_receipt, parse_receipt, verify_receipt
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import parse_statement
from tests.protocol.made import ED, LOG, NOON, OTHER_ED, Log, entry, log_of, statement

RECORD = log_of(7)
CONSTITUTION = RECORD.checkpoint(1)
VERIFIER = RECORD.signer.verifier


def receipt(index: int = 4, record: Log = RECORD, constitution: bytes = CONSTITUTION) -> bytes:
    return build_receipt(
        entry=record.entries[index],
        index=index,
        proof=record.inclusion(index),
        checkpoint=record.checkpoint(),
        constitution=constitution,
    )


RAW = receipt()


def refusal(raw: bytes, trust_root: str | None = None) -> str:
    with pytest.raises(DeclarationError) as caught:
        verify_receipt(parse_receipt(raw), VERIFIER, constitution=trust_root)
    return caught.value.code


@pytest.mark.parametrize("index", range(7))
def test_a_receipt_proves_its_entry(index: int) -> None:
    parsed = parse_receipt(receipt(index))
    found, position = verify_receipt(parsed, VERIFIER, constitution=leaf_hash(RECORD.entries[0]).hex())
    assert (found.raw, position) == (RECORD.entries[index], index)
    assert parsed.claimed.size == 7
    assert parsed.tlog_proof in parsed.raw
    assert parsed.tlog_proof.startswith(b"c2sp.org/tlog-proof@v1\nindex ")


def test_a_receipt_of_the_constitution_alone() -> None:
    record = log_of(1)
    verify_receipt(parse_receipt(receipt(0, record, record.checkpoint())), VERIFIER)


def test_another_trust_root_is_refused() -> None:
    assert refusal(RAW, "0" * 64) == "receipt.constitution"


def test_a_constitution_s_checkpoint_has_size_1() -> None:
    assert refusal(receipt(constitution=RECORD.checkpoint(2))) == "receipt.constitution"


def test_entry_0_is_the_constitution() -> None:
    impostor = sign_checkpoint(Checkpoint(LOG, 1, leaf_hash(b"another")), RECORD.signer)
    assert refusal(receipt(0, constitution=impostor)) == "receipt.constitution"


def test_a_checkpoint_by_another_key_is_refused() -> None:
    impostor = NoteSigner(LOG, ED)
    forged = build_receipt(
        entry=RECORD.entries[4],
        index=4,
        proof=RECORD.inclusion(4),
        checkpoint=sign_checkpoint(Checkpoint(LOG, 7, bytes(32)), impostor),
        constitution=CONSTITUTION,
    )
    assert refusal(forged) == "note.unsigned"


@pytest.mark.parametrize("index", [0, 3, 5, 6, 7, 1000])
def test_another_index_is_refused(index: int) -> None:
    moved = build_receipt(
        entry=RECORD.entries[4], index=index, proof=RECORD.inclusion(4), checkpoint=RECORD.checkpoint(), constitution=CONSTITUTION
    )
    refusal(moved)


def test_an_entry_that_is_not_in_the_log_is_refused() -> None:
    other = build_receipt(entry=entry(99), index=4, proof=RECORD.inclusion(4), checkpoint=RECORD.checkpoint(), constitution=CONSTITUTION)
    assert refusal(other) == "proof.root"


def test_an_act_meant_for_another_forum_is_refused() -> None:
    raw = statement(log="declaration.example/other")
    record = log_of(3)
    record.append(build_entry(NOON, sign(ED, parse_statement(raw).namespace, raw), raw))
    assert refusal(receipt(3, record, record.checkpoint(1))) == "receipt.log"


def test_a_checkpoint_of_another_log_is_refused() -> None:
    foreign = note.sign(Checkpoint("declaration.example/other", 1, leaf_hash(RECORD.entries[0])).text, RECORD.signer)
    assert refusal(receipt(constitution=foreign)) == "checkpoint.origin"


LINES = RAW.split(b"\n")


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        RAW[:-1],
        RAW + b"\n",
        b"\n" + RAW,
        RAW.replace(b"@v1", b"@v2", 1),
        RAW.replace(b"tlog-proof@v1", b"tlog-proof@v2"),
        RAW.replace(b"index 4", b"index 04"),
        RAW.replace(b"index 4", b"index  4"),
        RAW.replace(b"index 4", b"index -4"),
        RAW.replace(b"index 4", b"extra AAAA\nindex 4"),
        RAW.replace(b"\n", b"\r\n"),
        RAW.replace(b"\n\nc2sp", b"\nc2sp"),
        RAW.replace(b"\n\nc2sp", b"\n\n\nc2sp"),
        RAW.replace(b'{"at"', b' {"at"'),
        RAW.replace(b'{"at"', b'{"at":"","at"'),
        RAW.replace(LINES[5], LINES[5][:-4]),
        RAW.replace(LINES[5], LINES[5] + b" "),
        RAW.replace("—".encode(), b"\xff"),
        RAW + CONSTITUTION,
        RAW.replace(LINES[5], b"\n".join([LINES[5]] * 65)),
        b"a" * 300_000,
    ],
)
def test_receipt_refuses(bad: bytes) -> None:
    refusal(bad)


def test_a_line_too_many_is_refused_before_anything_is_verified() -> None:
    for part in RAW.split(b"\n\n")[1:]:
        with pytest.raises(Malformed) as caught:
            parse_receipt(RAW.replace(b"\n\n" + part[:20], b"\n\n\n" + part[:20], 1))
        assert caught.value.code == "receipt.form"


def test_every_changed_byte_is_refused() -> None:
    for position in range(len(RAW)):
        bad = bytearray(RAW)
        bad[position] ^= 0x01
        refusal(bytes(bad), leaf_hash(RECORD.entries[0]).hex())


def test_only_whole_parts_are_put_together() -> None:
    good = {"entry": RECORD.entries[4], "index": 4, "proof": RECORD.inclusion(4), "checkpoint": RECORD.checkpoint()}
    for changes in ({"entry": entry(4) + b"\n"}, {"checkpoint": RECORD.checkpoint()[:-1]}, {"checkpoint": b"x\n\n" + RECORD.checkpoint()}):
        with pytest.raises(Malformed):
            build_receipt(**{**good, **changes}, constitution=CONSTITUTION)  # type: ignore[arg-type]  # from a table
    with pytest.raises(Malformed):
        build_receipt(**good, constitution=CONSTITUTION + b"\n")  # type: ignore[arg-type]  # from a table


def test_witnesses_may_sign_too() -> None:
    witness = NoteSigner("witness.example/w1", OTHER_ED, note.COSIGNATURE)
    signed = build_receipt(
        entry=RECORD.entries[4],
        index=4,
        proof=RECORD.inclusion(4),
        checkpoint=note.cosign(RECORD.checkpoint(), witness, 1763971200),
        constitution=CONSTITUTION,
    )
    verify_receipt(parse_receipt(signed), VERIFIER)
