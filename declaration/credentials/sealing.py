"""How documents are sealed: AES-256-GCM with a key that is never in the database.

    keys/documents.key      "documents-key-1 <64 hexadecimal digits>", mode 0600, made when the first document is sealed

    sealed                  01 ‖ nonce (12 bytes, random for each document) ‖ ciphertext and tag
    associated data         the origin of the forum's record, a line end, the SHA-256 of the plain document in hex

So one document's bytes open as no other's, in no other forum; and a copy of the database alone opens none. The key has a name, the
beginning of its own SHA-256, which stands beside each document: a wrong key is told from a changed byte. Nothing is decided from what
was opened before its hash, which the record has, was computed again.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from declaration.config import SettingRefused, private_file
from declaration.errors import ServiceHeld

KEY_FILE: Final = "documents.key"
_LINE = re.compile(r"documents-key-1 ([0-9a-f]{64})\n")
_FORMAT: Final = b"\x01"
_NONCE: Final = 12
_INSTEAD = "Put keys/documents.key back from its backup. Documents that were sealed with it open again; nothing else was harmed."


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The key in its file. ``name`` is no secret."""

    name: str
    _secret: bytes = field(repr=False)

    def seal(self, plain: bytes, *, about: str) -> bytes:
        """The document, sealed with a fresh nonce."""
        nonce = secrets.token_bytes(_NONCE)
        return _FORMAT + nonce + AESGCM(self._secret).encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """The plain document.

        :raises ServiceHeld: ``sealed.changed``: not what was sealed with this key for this document.
        """
        try:
            if sealed[:1] != _FORMAT:
                raise InvalidTag
            return AESGCM(self._secret).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], about.encode())
        except (InvalidTag, ValueError) as error:
            raise ServiceHeld(
                "a sealed document was changed in the database",
                code="sealed.changed",
                instead="Restore the database from a backup, or ask for the document again: its hash in the record stands.",
            ) from error


def about(origin: str, digest: str) -> str:
    """What a sealed document is bound to."""
    return f"{origin}\n{digest}"


def key_of(folder: Path, *, make: bool, file: str = KEY_FILE) -> SealingKey:
    """The key of a keys folder.

    :param make: make one where there is none: the caller knows that nothing was sealed with another.
    :raises ServiceHeld: ``sealed.key-missing``.
    :raises SettingRefused: ``setting.private-file`` where others may read it; ``setting.documents-key`` where it is none.
    """
    path = folder / file
    if not make and not path.exists():
        raise ServiceHeld("the key of the sealed documents is missing", code="sealed.key-missing", instead=_INSTEAD)
    found = _LINE.fullmatch(private_file(path, _new).decode("ascii", "replace"))
    if found is None:
        raise SettingRefused(f"{file} holds no key of documents", code="setting.documents-key", instead=_INSTEAD)
    secret = bytes.fromhex(found[1])
    return SealingKey(sha256(b"documents-key-1" + secret).hexdigest()[:16], secret)


def require_same(key: SealingKey, name: str) -> None:
    """:raises ServiceHeld: ``sealed.other-key``: a document was sealed with another key than the one in the file."""
    if key.name != name:
        raise ServiceHeld("this document was sealed with another key than the one in keys/", code="sealed.other-key", instead=_INSTEAD)


def _new() -> bytes:
    return f"documents-key-1 {secrets.token_hex(32)}\n".encode("ascii")
