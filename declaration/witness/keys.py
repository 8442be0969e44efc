"""The witness's key: one line, as Go's ``note`` package writes private keys, mode 0600.

    PRIVATE+KEY+<name>+<id in hex>+<base64(04 ‖ seed of 32 bytes)>

The name is a URL without scheme that says whose witness this is, ``witness.example/baku``. The algorithm 04 is cosignature/v1, so the
key can never sign a checkpoint of its own making.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.encoding import b64decode, b64encode
from declaration.protocol.note import COSIGNATURE, NoteSigner

_PREFIX = "PRIVATE+KEY+"


class KeyRefused(DeclarationError):
    """The key file cannot be used as it is."""

    default_code = "witness.key"


def new_key(path: Path, name: str) -> NoteSigner:
    """Make a key under ``name`` in a file that is not there yet.

    :raises Malformed: the name cannot be a key's.
    :raises FileExistsError: somebody's key is there.
    """
    seed = secrets.token_bytes(32)
    signer = NoteSigner(name, Ed25519PrivateKey.from_private_bytes(seed), COSIGNATURE)
    line = f"{_PREFIX}{name}+{signer.verifier.key_id.hex()}+{b64encode(bytes([COSIGNATURE]) + seed)}\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return signer


def read_key(path: Path) -> NoteSigner:
    """Read the key.

    :raises KeyRefused: others could read it, or it is not a witness's key.
    :raises OSError: it is not there.
    """
    if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
        raise KeyRefused(f"{path} can be read by others (mode {mode:04o})", instead=f"Take the rights away with: chmod 600 {path}.")
    try:
        return _parsed(path.read_text("utf-8"))
    except (UnicodeDecodeError, DeclarationError) as error:
        raise KeyRefused(f"{path} is not the key of a witness", instead="Make one with --new-key NAME, or put the old one back.") from error


def _parsed(text: str) -> NoteSigner:
    name, plus, rest = text.removesuffix("\n").removeprefix(_PREFIX).partition("+")
    identity, second_plus, encoded = rest.partition("+")
    data = b64decode(encoded)
    if not text.startswith(_PREFIX) or not plus or not second_plus or len(data) != 33 or data[0] != COSIGNATURE:
        raise Malformed("not a private key for cosignatures", code="witness.key")
    signer = NoteSigner(name, Ed25519PrivateKey.from_private_bytes(data[1:]), COSIGNATURE)
    if signer.verifier.key_id.hex() != identity:
        raise Malformed("the id is not the key's", code="witness.key")
    return signer
