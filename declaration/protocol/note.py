r"""Signed notes: a text that anybody can read, with signatures below it (c2sp.org/signed-note).

::

    declaration.example/forum                                           the text: UTF-8, every line ended by U+000A,
    42                                                                  no other control characters
    nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=
                                                                        an empty line
    — declaration.example/forum m2kXESwq…                               U+2014, space, name, space, base64(id ‖ signature)

A key's id is the first four bytes of SHA256(name ‖ 0A ‖ algorithm ‖ public key). Algorithms:

- 01, Ed25519 over the text;
- 04, cosignature/v1 of a witness (c2sp.org/tlog-cosignature): uint64 time ‖ Ed25519 over
  ``cosignature/v1 LF time <t> LF`` ‖ text.

A verifier's key is written ``name+<id in hex>+<base64(algorithm ‖ public key)>`` (a *vkey*). A signature by a known key that does
not verify rejects the whole note, and so does a second one by the same key; signatures by unknown keys are ignored, so that
witnesses can be added without asking anybody.

>>> parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").name
'example.com/foo'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from declaration.errors import Malformed, SignatureInvalid
from declaration.protocol.encoding import b64decode, b64encode

ED25519 = 1
COSIGNATURE = 4

MAX_NOTE = 64 * 1024
MAX_SIGNATURES = 100

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_ID = re.compile(r"[0-9a-f]{8}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "\u2014 "


@dataclass(frozen=True, slots=True)
class NoteVerifier:
    """A key that may have signed a note.

    :param key_id: four bytes, see :func:`key_id`.
    :param public: 32 bytes of Ed25519.
    :param algorithm: :data:`ED25519` or :data:`COSIGNATURE`.
    """

    name: str
    key_id: bytes
    public: bytes
    algorithm: int = ED25519

    @property
    def vkey(self) -> str:
        """The key as one word, for policies and for print."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.algorithm]) + self.public)}"


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """A name and the private key that signs under it."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)
    algorithm: int = ED25519

    @property
    def verifier(self) -> NoteVerifier:
        """The public half."""
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return make_verifier(self.name, public, self.algorithm)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One verified signature line.

    :param time: seconds since 1970 that a witness attests; None for a plain signature.
    :param line: the line as it stood in the note, with its line end.
    """

    verifier: NoteVerifier
    time: int | None = None
    line: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A note of which at least one known key's signature was verified, and none failed.

    :param text: the signed text, ending in a line end.
    :param signatures: the verified ones, in the order of the note.
    """

    text: str
    signatures: tuple[NoteSignature, ...]


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """The first four bytes of SHA256(name ‖ 0A ‖ algorithm ‖ public key)."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def make_verifier(name: str, public: bytes, algorithm: int = ED25519) -> NoteVerifier:
    """A checked verifier: a plain name, a known algorithm, a point that is not of small order."""
    if not _NAME.fullmatch(name):
        raise Malformed("a key's name has no spaces, plus signs or control characters", code="note.name")
    if algorithm not in (ED25519, COSIGNATURE):
        raise Malformed("a key of an unknown algorithm", code="note.algorithm")
    if len(public) != 32 or not crypto_core_ed25519_is_valid_point(public):
        raise SignatureInvalid("an Ed25519 key that is not canonical or of small order", code="key.weak")
    return NoteVerifier(name, key_id(name, algorithm, public), public, algorithm)


def parse_vkey(text: str) -> NoteVerifier:
    """Parse ``name+id+base64``; an id that is not the key's is refused."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not _ID.fullmatch(parts[1]):
        raise Malformed("a verifier key is name+id+key", code="note.vkey")
    data = b64decode(parts[2])
    if len(data) != 33:
        raise Malformed("a verifier key has 33 bytes", code="note.vkey")
    verifier = make_verifier(parts[0], data[1:], data[0])
    if verifier.key_id.hex() != parts[1]:
        raise Malformed("the id in a verifier key is not the key's", code="note.vkey")
    return verifier


def sign(text: str, *signers: NoteSigner) -> bytes:
    """Sign ``text`` (which ends in a line end) with plain Ed25519 keys."""
    _require_text(text)
    lines = []
    for signer in signers:
        if signer.algorithm != ED25519:
            raise Malformed("a witness signs with its time", code="note.algorithm", instead="Use cosign().")
        lines.append(_line(signer, signer.private.sign(text.encode())))
    if not lines:
        raise Malformed("a note without a signature", code="note.unsigned")
    return (text + "\n" + "".join(lines)).encode()


def cosign(note: bytes, signer: NoteSigner, time: int) -> bytes:
    """Add a witness's cosignature/v1 to a note; ``time`` is in seconds since 1970."""
    text, _ = _split(note)
    if signer.algorithm != COSIGNATURE or not 0 < time < 2**53:
        raise Malformed("a cosignature needs a witness key and a time", code="note.algorithm")
    signature = time.to_bytes(8, "big") + signer.private.sign(_cosigned(text, time))
    return note + _line(signer, signature).encode()


def verify(note: bytes, verifiers: NoteVerifier | Iterable[NoteVerifier]) -> Note:
    """Verify the signatures of the known keys.

    :raises SignatureInvalid: when one of theirs fails (``note.bad-signature``), comes twice (``note.repeated``), or none is
        there (``note.unsigned``).
    :raises Malformed: when the note is not one, or two known keys share a name and an id.
    """
    known: dict[tuple[str, bytes], NoteVerifier] = {}
    for verifier in (verifiers,) if isinstance(verifiers, NoteVerifier) else verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise Malformed("two known keys share a name and an id", code="note.ambiguous-key")
    text, lines = _split(note)
    found: dict[NoteVerifier, NoteSignature] = {}
    for name, identity, signature in lines:
        match = known.get((name, identity))
        if match is None:
            continue
        if match in found:
            raise SignatureInvalid(f"two signatures by {name}", code="note.repeated")
        found[match] = _verified(text, match, signature)
    if not found:
        raise SignatureInvalid("no signature by a known key", code="note.unsigned")
    return Note(text, tuple(found.values()))


def _verified(text: str, verifier: NoteVerifier, signature: bytes) -> NoteSignature:
    time, signed, whole = None, text.encode(), signature
    if verifier.algorithm == COSIGNATURE:
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        signed = _cosigned(text, time)
    try:
        if len(signature) != 64:
            raise BadSignatureError
        crypto_sign_open(signature + signed, verifier.public)
    except BadSignatureError:
        raise SignatureInvalid(f"the signature by {verifier.name} is wrong", code="note.bad-signature") from None
    encoded = b64encode(verifier.key_id + whole)
    return NoteSignature(verifier, time, f"{_DASH}{verifier.name} {encoded}\n")


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _line(signer: NoteSigner, signature: bytes) -> str:
    return f"{_DASH}{signer.name} {b64encode(_verifier_of(signer).key_id + signature)}\n"


@lru_cache(maxsize=64)
def _verifier_of(signer: NoteSigner) -> NoteVerifier:
    """Kept, because its point is tested when it is made, which takes longer than signing."""
    return signer.verifier


def _require_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise Malformed("a note's text is lines without control characters", code="note.text")


def _split(note: bytes) -> tuple[str, Sequence[tuple[str, bytes, bytes]]]:
    """The text and the signature lines ``(name, id, signature)`` of a note."""
    if len(note) > MAX_NOTE:
        raise Malformed("a note of more than 64 KiB", code="note.too-long")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("a note that is not UTF-8", code="note.text") from None
    text, separator, below = whole.rpartition("\n\n")
    text += "\n"
    if not separator or not below.endswith("\n"):
        raise Malformed("a note is a text, an empty line and signatures", code="note.form")
    _require_text(text)
    rows = below[:-1].split("\n")
    if len(rows) > MAX_SIGNATURES:
        raise Malformed("a note with too many signatures", code="note.form")
    return text, [_signature_line(row) for row in rows]


def _signature_line(row: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = row.removeprefix(_DASH).partition(" ")
    if not row.startswith(_DASH) or not space or not _NAME.fullmatch(name):
        raise Malformed("a signature line is a dash, a name and base64", code="note.form")
    data = b64decode(encoded)
    if len(data) < 5:
        raise Malformed("a signature line with too few bytes", code="note.form")
    return name, data[:4], data[4:]
