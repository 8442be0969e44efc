"""Private keys as people keep them: OpenSSH's own format, and PKCS#8 PEM such as the backup that the browser wrote.

Only Ed25519 and ECDSA P-256 sign here. A passkey never leaves its device, so it has no file; RSA and other curves are not accepted by
any forum.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

from declaration.errors import Malformed, Refused
from declaration.protocol.keys import PrivateKey

MAX_BYTES = 64 * 1024

_OPENSSH = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_PEM = (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN EC PRIVATE KEY-----")


def load_private(data: bytes, passphrase: Callable[[], str]) -> PrivateKey:
    """The private key in a file.

    :param passphrase: asked once, and only where the file is locked.
    :raises Malformed: ``key.file`` where it is no private key, ``key.passphrase`` where it does not open.
    :raises Refused: ``key.kind`` for a key of another kind.
    """
    start = data.lstrip()
    if len(data) > MAX_BYTES or not start.startswith((_OPENSSH, *_PEM)):
        raise Malformed("this file is not a private key", code="key.file", instead="Give the file without .pub, or the backup, *.pem.")
    key = _opened(start, None)
    if key is None:
        key = _opened(start, unicodedata.normalize("NFC", passphrase()).encode())
    if key is None:
        raise _wrong_passphrase()
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)):
        return key
    raise _other_kind()


def _opened(data: bytes, passphrase: bytes | None) -> object:
    """The key; None where a passphrase is needed."""
    load = load_ssh_private_key if data.startswith(_OPENSSH) else load_pem_private_key
    try:
        return load(data, password=passphrase)
    except TypeError:
        return None  # it is locked
    except UnsupportedAlgorithm as error:
        if "bcrypt" in str(error):
            raise Refused(
                "this machine lacks the Python package bcrypt, which opens OpenSSH keys",
                code="key.bcrypt",
                instead="Install it (pip install bcrypt), or sign with ssh-keygen.",
            ) from None
        raise _other_kind() from None
    except ValueError as error:
        if passphrase is None and "password" in str(error).lower():
            return None
        if passphrase is not None:
            raise _wrong_passphrase() from None
        raise Malformed("this private key cannot be read", code="key.file", instead="Use another copy of it.") from None


def _wrong_passphrase() -> Malformed:
    return Malformed("the passphrase does not open this key", code="key.passphrase", instead="Check capitals and spaces, and try again.")


def _other_kind() -> Refused:
    return Refused("keys of this kind are not accepted", code="key.kind", instead="Use Ed25519 or ECDSA P-256.")
