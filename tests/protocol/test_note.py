"""Signed notes and checkpoints: a bad signature of a known key rejects, an unknown key is ignored."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.errors import DeclarationError, Malformed, ProofInvalid, SignatureInvalid
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from declaration.protocol.encoding import b64encode
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.note import (
    COSIGNATURE,
    NoteSigner,
    NoteVerifier,
    cosign,
    key_id,
    make_verifier,
    parse_vkey,
    sign,
    verify,
)
from tests.protocol.made import ED, LOG, OTHER_ED

SIGNER = NoteSigner(LOG, ED)
OTHER = NoteSigner("witness.example/w1", OTHER_ED)
WITNESS = NoteSigner("witness.example/w1", OTHER_ED, COSIGNATURE)
TEXT = "Bir, ikki, üç\n\nand more\n"
NOTE = sign(TEXT, SIGNER)
LINE = NOTE.decode().split("\n\n")[-1]


def code(note: bytes, *verifiers: NoteVerifier) -> str:
    with pytest.raises(DeclarationError) as caught:
        verify(note, verifiers or (SIGNER.verifier,))
    return caught.value.code


def test_a_note_reads_back() -> None:
    note = verify(NOTE, SIGNER.verifier)
    assert note.text == TEXT
    assert [(item.verifier, item.time) for item in note.signatures] == [(SIGNER.verifier, None)]


def test_unknown_signatures_are_ignored_and_several_known_ones_told() -> None:
    note = cosign(sign(TEXT, SIGNER, OTHER), WITNESS, 1763971200)
    assert [item.verifier.name for item in verify(note, SIGNER.verifier).signatures] == [LOG]
    found = verify(note, [WITNESS.verifier, SIGNER.verifier, OTHER.verifier])
    assert [(item.verifier.algorithm, item.time) for item in found.signatures] == [(1, None), (1, None), (4, 1763971200)]
    assert code(note, NoteSigner("nobody", ED).verifier) == "note.unsigned"


def test_a_bad_signature_of_a_known_key_rejects_the_note() -> None:
    good = sign(TEXT, SIGNER, OTHER).decode()
    line = good.splitlines()[-1]
    bad = good.replace(line, f"— {OTHER.name} {b64encode(OTHER.verifier.key_id + bytes(64))}")
    assert code(bad.encode(), SIGNER.verifier, OTHER.verifier) == "note.bad-signature"
    verify(bad.encode(), SIGNER.verifier)


def test_a_repeated_signature_is_refused() -> None:
    assert code(NOTE + LINE.encode()) == "note.repeated"


def test_a_cosignature_is_for_its_time() -> None:
    note = cosign(NOTE, WITNESS, 1763971200)
    line = note.decode().splitlines()[-1]
    signature = line.split(" ")[2]
    moved = note.decode().replace(signature, b64encode(WITNESS.verifier.key_id + (1).to_bytes(8, "big") + bytes(64)))
    assert code(moved.encode(), WITNESS.verifier) == "note.bad-signature"
    with pytest.raises(Malformed):
        cosign(NOTE, OTHER, 1)
    with pytest.raises(Malformed):
        cosign(NOTE, WITNESS, 0)
    with pytest.raises(Malformed):
        sign(TEXT, WITNESS)


def test_a_plain_signature_does_not_pass_for_a_cosignature() -> None:
    plain = OTHER_ED.sign(TEXT.encode())
    note = NOTE + f"— {WITNESS.name} {b64encode(WITNESS.verifier.key_id + plain)}\n".encode()
    assert code(note, WITNESS.verifier) == "note.bad-signature"


def test_colliding_key_ids_are_refused() -> None:
    real = SIGNER.verifier
    twin = NoteVerifier(real.name, real.key_id, OTHER.verifier.public)
    assert code(NOTE, real, twin) == "note.ambiguous-key"
    verify(NOTE, [real, real])


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"\n\n\xe2", b"\n\xe2"),
        NOTE.replace("—".encode(), b"-"),
        NOTE.replace("— ".encode(), "—".encode()),
        NOTE.replace(LOG.encode(), b"a b"),
        NOTE.replace(LOG.encode(), b"a+b"),
        NOTE.replace(b"ikki", b"ik\x00ki"),
        NOTE.replace(b"ikki", b"ik\r\nki"),
        NOTE.replace(b"ikki", b"ik\tki"),
        NOTE.replace(b"ikki", b"ik\xffki"),
        NOTE.replace(b"ikki", b"ikkk"),
        NOTE.replace(LINE.encode(), LINE.encode() * 101),
        TEXT.encode() + b"\n" + f"— {LOG} AAAA\n".encode(),
        TEXT.encode() + b"\n" + f"— {LOG} not base64\n".encode(),
        b"a\n" * 40_000 + NOTE,
    ],
)
def test_note_refuses(bad: bytes) -> None:
    code(bad)


def test_every_changed_byte_is_refused() -> None:
    for position in range(len(NOTE)):
        for mask in (0x01, 0x20):
            bad = bytearray(NOTE)
            bad[position] ^= mask
            code(bytes(bad))


@pytest.mark.parametrize("text", ["", "no end", "a\x00b\n", "a\r\n", "a\tb\n"])
def test_only_plain_lines_are_signed(text: str) -> None:
    with pytest.raises(Malformed):
        sign(text, SIGNER)
    with pytest.raises(Malformed):
        sign(TEXT)


def raw_vkey(algorithm: int, public: bytes) -> str:
    return f"x+{key_id('x', algorithm, public).hex()}+{b64encode(bytes([algorithm]) + public)}"


VKEY = SIGNER.verifier.vkey


def test_vkey_reads_back() -> None:
    assert parse_vkey(VKEY) == SIGNER.verifier
    assert parse_vkey(WITNESS.verifier.vkey) == WITNESS.verifier


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a+b",
        VKEY + "=",
        VKEY + " ",
        VKEY.replace(LOG, "other.example/forum"),
        VKEY.replace(LOG, ""),
        VKEY.replace(LOG, "a b"),
        VKEY.replace("+", " "),
        VKEY.replace(SIGNER.verifier.key_id.hex(), SIGNER.verifier.key_id.hex().upper() + "0"),
        raw_vkey(2, SIGNER.verifier.public),
        raw_vkey(1, SIGNER.verifier.public[:31]),
        raw_vkey(1, b"\x01" + bytes(31)),
    ],
)
def test_vkey_refuses(bad: str) -> None:
    with pytest.raises(DeclarationError):
        parse_vkey(bad)


CHECKPOINT = Checkpoint(LOG, 42, bytes(range(32)))


def test_a_checkpoint_reads_back() -> None:
    assert open_checkpoint(sign_checkpoint(CHECKPOINT, SIGNER), SIGNER.verifier) == CHECKPOINT


@pytest.mark.parametrize(
    "bad",
    [
        "",
        LOG,
        f"{LOG}\n42\n",
        CHECKPOINT.text + "extension\n",
        CHECKPOINT.text + "\n",
        CHECKPOINT.text[:-1],
        CHECKPOINT.text.replace("42", "042"),
        CHECKPOINT.text.replace("42", "+42"),
        CHECKPOINT.text.replace("42", "-1"),
        CHECKPOINT.text.replace("42", ""),
        CHECKPOINT.text.replace("42", "9007199254740992"),
        CHECKPOINT.text.replace("42", "0"),
        CHECKPOINT.text.replace(LOG, ""),
        f"{LOG}\n42\n{b64encode(bytes(31))}\n",
        f"{LOG}\n42\n{b64encode(bytes(32))[:-1]}\n",
        f"{LOG}\n42\n{'00' * 32}\n",
    ],
)
def test_checkpoint_refuses(bad: str) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(bad)


def test_a_log_signs_only_its_own_checkpoints() -> None:
    with pytest.raises(Malformed):
        sign_checkpoint(CHECKPOINT, OTHER)
    foreign = sign(Checkpoint("other.example/forum", 42, bytes(32)).text, SIGNER)
    with pytest.raises(ProofInvalid) as caught:
        open_checkpoint(foreign, SIGNER.verifier)
    assert caught.value.code == "checkpoint.origin"


@pytest.mark.parametrize("root", [b"", bytes(31), bytes(33)])
def test_a_root_has_32_bytes(root: bytes) -> None:
    with pytest.raises(Malformed):
        sign_checkpoint(Checkpoint(LOG, 1, root), SIGNER)
    with pytest.raises(Malformed):
        sign_checkpoint(Checkpoint(LOG, 0, bytes(32)), SIGNER)
    sign_checkpoint(Checkpoint(LOG, 0, EMPTY_ROOT), SIGNER)


def test_another_log_with_the_same_name_is_not_known() -> None:
    impostor = NoteSigner(LOG, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with pytest.raises(SignatureInvalid):
        open_checkpoint(sign_checkpoint(CHECKPOINT, impostor), SIGNER.verifier)


def test_make_verifier_refuses_a_small_order_key() -> None:
    with pytest.raises(SignatureInvalid):
        make_verifier("x", b"\x01" + bytes(31))
