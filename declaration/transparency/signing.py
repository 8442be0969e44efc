"""The log's key: one Ed25519 key for the service, made at first start, which signs checkpoints and nothing else.

    keys/log.key                                     PKCS#8 PEM, mode 0600, refused when others could read it
    keys/declaration.example+forum+<id>.vkey         what a reader verifies with, mode 0644, one a log
    keys/declaration.example+forum+<id>.guard        what has left the service, see :mod:`.guard`

The name under which a log signs is its origin, and the origin is part of the key's id, so one key signs for several forums without
a checkpoint of one passing for another's. In file names ``/`` becomes ``+``, which no origin contains.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from flask import Flask, current_app

from declaration.config import SettingRefused, private_file
from declaration.protocol.note import NoteSigner, NoteVerifier
from declaration.transparency.guard import Guard, sync_folder

KEY_FILE = "log.key"
_EXTENSION = "log-signing"


@dataclass(slots=True)
class LogSigning:
    """The key in its folder, and for each origin its signer and its guard.

    :param folder: the keys folder.
    """

    folder: Path
    private: Ed25519PrivateKey = field(repr=False)
    _logs: dict[str, tuple[NoteSigner, NoteVerifier, Guard]] = field(default_factory=dict, repr=False)

    def signer(self, origin: str) -> NoteSigner:
        """The key under the name of a log."""
        return self._of(origin)[0]

    def verifier(self, origin: str) -> NoteVerifier:
        """The public key of a log."""
        return self._of(origin)[1]

    def guard(self, origin: str) -> Guard:
        """The guard of a log under this key: another key would begin another history."""
        return self._of(origin)[2]

    def publish(self, origin: str) -> Path:
        """Write the public key of a log beside the private one, for whoever configures a witness or a policy."""
        verifier = self.verifier(origin)
        path = self.folder / f"{_stem(verifier)}.vkey"
        content = f"{verifier.vkey}\n"
        if not path.exists() or path.read_text("ascii") != content:
            fresh = path.with_name(f".{path.name}.{os.getpid()}")
            fresh.write_text(content, "ascii")
            fresh.chmod(0o644)
            fresh.replace(path)
            sync_folder(self.folder)
        return path

    def _of(self, origin: str) -> tuple[NoteSigner, NoteVerifier, Guard]:
        if origin not in self._logs:
            signer = NoteSigner(origin, self.private)
            verifier = signer.verifier
            # Two threads may make the same twice; one guard must win, because it remembers what it has synced.
            self._logs.setdefault(origin, (signer, verifier, Guard(self.folder / f"{_stem(verifier)}.guard", origin)))
        return self._logs[origin]


def init_app(app: Flask) -> None:
    """Load the log's key, or make it at first start.

    :raises SettingRefused: the key file is open to others, or holds no Ed25519 key.
    """
    folder = Path(app.config["KEYS_FOLDER"])
    app.extensions[_EXTENSION] = LogSigning(folder, ensure_log_key(folder))


def current_signing() -> LogSigning:
    """The signing of the current application."""
    signing: LogSigning = current_app.extensions[_EXTENSION]
    return signing


def ensure_log_key(folder: Path) -> Ed25519PrivateKey:
    """The log's private key, made at first start.

    :raises SettingRefused: ``setting.private-file`` when others could read it, ``setting.log-key`` when it is not an Ed25519 key.
    """
    pem = private_file(folder / KEY_FILE, _new_key)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingRefused(
            f"{KEY_FILE} is not an Ed25519 private key in PEM without passphrase",
            code="setting.log-key",
            instead="Put the service's own key back. A new key cannot continue the records that the old one has signed.",
        )
    return key


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _stem(verifier: NoteVerifier) -> str:
    return f"{verifier.name.replace('/', '+')}+{verifier.key_id.hex()}"
