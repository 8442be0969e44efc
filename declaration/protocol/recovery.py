r"""How a holder keeps a backup of a key: one PEM file under a passphrase, readable by a browser, by openssl and by us.

RFC 5958 (PKCS#8) with RFC 8018 (PBES2): PBKDF2 with HMAC-SHA-256, 600,000 iterations and a salt of 16 bytes, then AES-256-CBC.
The passphrase is taken as UTF-8 in NFC, so that it is the same on a phone and on a laptop. WebCrypto has both algorithms, and
``openssl pkey -in backup.pem`` opens the file, so nobody depends on this program to use a key again.

::

    -----BEGIN ENCRYPTED PRIVATE KEY-----
    base64 in lines of 64 characters: SEQUENCE { SEQUENCE { PBES2, SEQUENCE { PBKDF2 …, AES-256-CBC … } }, OCTET STRING }
    -----END ENCRYPTED PRIVATE KEY-----

Written here field by field because ``cryptography`` writes 2,048 iterations, which a graphics card runs through in no time.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import pbkdf2_hmac

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from nacl.utils import random as random_bytes

from declaration.errors import Malformed
from declaration.protocol.encoding import b64decode, b64encode
from declaration.protocol.keys import PrivateKey

ITERATIONS = 600_000
MAX_ITERATIONS = 10_000_000
"""More would let a file that somebody else made keep the reader busy for minutes."""

_BEGIN, _END = "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----END ENCRYPTED PRIVATE KEY-----"
_LINE = re.compile(r"[A-Za-z0-9+/=]{1,76}")

_SEQUENCE, _OCTETS, _INTEGER = 0x30, 0x04, 0x02
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d02090500")
_AES256_CBC = bytes.fromhex("060960864801650304012a")


def backup(private: PrivateKey, passphrase: str) -> str:
    """The PEM text of a key under a passphrase, with a fresh salt and initialization vector."""
    salt, vector = random_bytes(16), random_bytes(16)
    padder = PKCS7(128).padder()
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    encryptor = Cipher(AES(_key(passphrase, salt, ITERATIONS)), CBC(vector)).encryptor()
    encrypted = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    derivation = _der(_OCTETS, salt) + _integer(ITERATIONS) + _der(_SEQUENCE, _HMAC_SHA256)
    scheme = _der(_SEQUENCE, _PBKDF2 + _der(_SEQUENCE, derivation)) + _der(_SEQUENCE, _AES256_CBC + _der(_OCTETS, vector))
    body = _der(_SEQUENCE, _der(_SEQUENCE, _PBES2 + _der(_SEQUENCE, scheme)) + _der(_OCTETS, encrypted))
    text = b64encode(body)
    return "\n".join([_BEGIN, *(text[start : start + 64] for start in range(0, len(text), 64)), _END, ""])


def private_from_backup(pem: str, passphrase: str) -> PrivateKey:
    """Open a backup made here, in the browser, or by ``openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256``.

    :raises Malformed: ``backup.form`` when it is not such a file, ``backup.passphrase`` when it does not open.
    """
    salt, iterations, vector, encrypted = _parse(pem)
    decryptor = Cipher(AES(_key(passphrase, salt, iterations)), CBC(vector)).decryptor()
    unpadder = PKCS7(128).unpadder()
    try:
        padded = decryptor.update(encrypted) + decryptor.finalize()
        private = load_der_private_key(unpadder.update(padded) + unpadder.finalize(), password=None)
    except (ValueError, TypeError):
        raise Malformed(
            "this passphrase does not open the backup", code="backup.passphrase", instead="Check capitals and spaces, and try again."
        ) from None
    if isinstance(private, Ed25519PrivateKey):
        return private
    if isinstance(private, EllipticCurvePrivateKey) and isinstance(private.curve, SECP256R1):
        return private
    raise Malformed("the backup holds a key of another kind", code="backup.kind")


def _key(passphrase: str, salt: bytes, iterations: int) -> bytes:
    return pbkdf2_hmac("sha256", unicodedata.normalize("NFC", passphrase).encode(), salt, iterations, 32)


def _parse(pem: str) -> tuple[bytes, int, bytes, bytes]:
    """Salt, iterations, initialization vector and ciphertext; only the algorithms above."""
    lines = pem.strip().replace("\r\n", "\n").split("\n")
    if len(pem) > 4096 or lines[0] != _BEGIN or lines[-1] != _END or not all(_LINE.fullmatch(line) for line in lines[1:-1]):
        raise _not_a_backup()
    body, rest = _open(_SEQUENCE, b64decode("".join(lines[1:-1])))
    algorithm, tail = _open(_SEQUENCE, body)
    encrypted, tail = _open(_OCTETS, tail)
    scheme, after = _open(_SEQUENCE, _after(_PBES2, algorithm))
    derivation, cipher = _open(_SEQUENCE, scheme)
    cipher, more = _open(_SEQUENCE, cipher)
    vector, end = _open(_OCTETS, _after(_AES256_CBC, cipher))
    parameters, last = _open(_SEQUENCE, _after(_PBKDF2, derivation))
    salt, parameters = _open(_OCTETS, parameters)
    count, parameters = _open(_INTEGER, parameters)
    prf, parameters = _open(_SEQUENCE, parameters)
    iterations = int.from_bytes(count, "big")
    plausible = 0 < iterations <= MAX_ITERATIONS and len(vector) == 16 and encrypted and len(encrypted) % 16 == 0
    if rest + tail + after + more + end + last + parameters or prf != _HMAC_SHA256 or not plausible:
        raise _not_a_backup()
    return salt, iterations, vector, encrypted


def _der(tag: int, content: bytes) -> bytes:
    """A DER field (X.690): tag, length in its shortest form, content."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _open(tag: int, data: bytes) -> tuple[bytes, bytes]:
    """The content of the first field, which must have this tag and shortest lengths, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise _not_a_backup()
    start = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    length = int.from_bytes(data[2:start], "big") if start > 2 else data[1]
    content = data[start : start + length]
    if _der(tag, content) != data[: start + length]:
        raise _not_a_backup()
    return content, data[start + length :]


def _after(prefix: bytes, data: bytes) -> bytes:
    if not data.startswith(prefix):
        raise _not_a_backup()
    return data[len(prefix) :]


def _not_a_backup() -> Malformed:
    return Malformed(
        "not a backup of a key",
        code="backup.form",
        instead="Choose the .pem file that was saved when the key was made.",
    )
