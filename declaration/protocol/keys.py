"""SSH public keys: three kinds, one spelling, and no key that signs everything.

A public key is written as in ``authorized_keys`` without comment or options: the kind, one space, base64 of the blob.

==========================================  ========================================================================
``ssh-ed25519``                             string kind, string of 32 bytes (RFC 8709)
``ecdsa-sha2-nistp256``                     string kind, string ``nistp256``, string ``04 ‖ x ‖ y`` (RFC 5656)
``sk-ecdsa-sha2-nistp256@openssh.com``      the same with one more string, the application, for a passkey its WebAuthn
                                            relying party id (OpenSSH ``PROTOCOL.u2f``)
==========================================  ========================================================================

The fingerprint is OpenSSH's: ``SHA256:`` and base64 of the blob's SHA-256 without padding.

Stricter than ssh-keygen, openssl and ``cryptography``, which accept all of these: an Ed25519 key that is not canonical, is of
small order or has a small-order part is refused (the identity point has a signature good for every message and so passes
proof of possession), and a P-256 point must be uncompressed and on the curve.

>>> parse_public_key("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJMtILLLHu8vV0eZ5+suFivi0duywc8B7LOPaW2zQ2Ug").fingerprint
'SHA256:KvPx+zKXHKtq58OAjfdul6kcaujUU7+djLOhneHn2ZU'
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_core_ed25519_is_valid_point

from declaration.errors import Malformed, SignatureInvalid
from declaration.protocol.encoding import b64decode, b64encode
from declaration.protocol.wire import Reader, string

ED25519 = "ssh-ed25519"
P256 = "ecdsa-sha2-nistp256"
PASSKEY = "sk-ecdsa-sha2-nistp256@openssh.com"
KINDS = (ED25519, P256, PASSKEY)

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey

_MAX_BLOB = 512
_CURVE = b"nistp256"
_BEFORE_ED25519 = string(ED25519.encode()) + (32).to_bytes(4, "big")
# 32 bytes leave four unused bits in the last of 43 characters; they must be zero.
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]")
_APPLICATION = re.compile(rb"[a-z0-9][a-z0-9.-]{0,252}")


class PublicKey(NamedTuple):
    """A checked public key. Make one with :func:`parse_public_key` or :func:`parse_key_blob`.

    :param kind: one of :data:`KINDS`.
    :param blob: the SSH wire form, the identity of the key.
    :param point: 32 bytes of Ed25519, or 65 bytes of P-256 (``04 ‖ x ‖ y``).
    :param application: a passkey's relying party id; empty for other kinds.
    """

    kind: str
    blob: bytes
    point: bytes
    application: str = ""

    @property
    def fingerprint(self) -> str:
        """``SHA256:`` and 43 characters of base64."""
        return _fingerprint(self.blob)

    @property
    def openssh(self) -> str:
        """The kind and the blob in base64, as in ``authorized_keys``, without a comment."""
        return f"{self.kind} {b64encode(self.blob)}"


def parse_public_key(line: str) -> PublicKey:
    """Parse ``<kind> <base64>``: exactly two words and one space, no comment, no options, no line end; and check the point."""
    return _checked(read_public_key(line))


@lru_cache(maxsize=1024)
def read_public_key(line: str) -> PublicKey:
    """The same without looking at the point; see :func:`read_key_blob`."""
    words = line.split(" ")
    if len(words) != 2 or len(line) > 2 * _MAX_BLOB:
        raise Malformed(
            "a public key is two words: its kind and base64",
            code="key.malformed",
            instead="Leave out the comment at the end of the line.",
        )
    key = read_key_blob(b64decode(words[1]))
    if key.kind != words[0]:
        raise Malformed("the key is of another kind than its line says", code="key.malformed")
    return key


def parse_key_blob(blob: bytes) -> PublicKey:
    """Parse the SSH wire form of a public key, and check the point.

    :raises SignatureInvalid: ``key.kind`` for a kind not in :data:`KINDS`, ``key.weak`` for a point that must not be trusted.
    """
    return _checked(read_key_blob(blob))


def read_key_blob(blob: bytes) -> PublicKey:
    """The same without looking at the point, which costs nearly as much as verifying a signature.

    For a key that is then compared with one whose point was checked, as every accredited key's is.
    """
    if len(blob) == 51 and blob.startswith(_BEFORE_ED25519):
        return PublicKey(ED25519, blob, blob[19:])
    if len(blob) > _MAX_BLOB:
        raise Malformed("a public key of too many bytes", code="key.malformed")
    reader = Reader(blob)
    kind = reader.string().decode("ascii", "replace")
    if kind not in KINDS:
        raise SignatureInvalid(
            f"keys of kind {kind[:60]!r} are not accepted",
            code="key.kind",
            instead="Use a passkey, Ed25519 or ECDSA P-256.",
        )
    application = ""
    if kind == ED25519:
        point = reader.string()
        reader.end()
    else:
        if reader.string() != _CURVE:
            raise SignatureInvalid("another curve than nistp256", code="key.kind")
        point = reader.string()
        if kind == PASSKEY:
            application = _application(reader.string())
        reader.end()
    return PublicKey(kind, blob, point, application)


def parse_fingerprint(text: object) -> str:
    """Return ``text`` if it is spelled as a fingerprint of OpenSSH (SHA-256)."""
    if not isinstance(text, str) or not _FINGERPRINT.fullmatch(text):
        raise Malformed(f"not a key fingerprint: {str(text)[:60]!r}", code="key.fingerprint")
    return text


def public_key_of(private: PrivateKey) -> PublicKey:
    """The public key of a private one."""
    if isinstance(private, Ed25519PrivateKey):
        point = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return parse_key_blob(string(ED25519.encode()) + string(point))
    if not isinstance(private.curve, SECP256R1):
        raise SignatureInvalid("another curve than P-256", code="key.kind")
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return parse_key_blob(string(P256.encode()) + string(_CURVE) + string(point))


def passkey(point: bytes, rp_id: str) -> PublicKey:
    """The SSH form of a WebAuthn ES256 credential: its point ``04 ‖ x ‖ y`` and its relying party id."""
    return parse_key_blob(string(PASSKEY.encode()) + string(_CURVE) + string(point) + string(rp_id.encode()))


@lru_cache(maxsize=4096)
def ec_public_key(point: bytes) -> EllipticCurvePublicKey:
    """An uncompressed P-256 point as a key of ``cryptography``; off the curve and other forms are refused."""
    try:
        if len(point) != 65 or point[0] != 4:
            raise ValueError
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise SignatureInvalid("not an uncompressed point of P-256", code="key.weak") from None


def _checked(key: PublicKey) -> PublicKey:
    if key.kind == ED25519:
        _require_ed25519_point(key.point)
    else:
        ec_public_key(key.point)
    return key


def _require_ed25519_point(point: bytes) -> None:
    if len(point) != 32:
        raise Malformed("an Ed25519 key has 32 bytes", code="key.malformed")
    if not _is_valid_point(point):
        raise SignatureInvalid("an Ed25519 key that is not canonical or of small order", code="key.weak")


@lru_cache(maxsize=4096)
def _is_valid_point(point: bytes) -> bool:
    return crypto_core_ed25519_is_valid_point(point)


@lru_cache(maxsize=1024)
def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + b64encode(sha256(blob).digest()).rstrip("=")


def _application(data: bytes) -> str:
    if not _APPLICATION.fullmatch(data):
        raise SignatureInvalid(
            "a security key that is not a passkey of a web site",
            code="key.kind",
            instead="Register the security key as a passkey in the browser.",
        )
    return data.decode("ascii")
