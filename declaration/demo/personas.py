"""Keys of invented people: encrypted backups in the instance folder, and nowhere else.

They are the one exception to the rule that a signing key never leaves its holder, and they exist only for a forum that is marked
as a demonstration. A backup is what a real person's browser would have saved, locked with a passphrase that stands beside it, so
that a visitor of the demonstration can bring a persona's key to the browser by the same way as a restored backup.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from declaration.config import private_file
from declaration.demo.player import Persona
from declaration.errors import NotAllowed, NotFound
from declaration.forums import queries
from declaration.forums.models import Forum
from declaration.protocol.keys import PrivateKey
from declaration.protocol.recovery import backup, private_from_backup

FOLDER = "demo-keys"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")


def require_demo(forum: Forum) -> None:
    """:raises NotAllowed: the forum is a real one."""
    if not forum.demo:
        raise NotAllowed("this forum is no demonstration", code="demo.real-forum", instead="Its people sign with their own keys.")


class KeyRing:
    """The personas' keys of one instance.

    :param seed: makes every key follow from it, for a demonstration that gives the same bytes again. Such keys are kept in no
        file, since whoever knows the seed has them.
    """

    def __init__(self, instance: Path, *, seed: str | None = None) -> None:
        self._folder = instance / FOLDER
        self._seed = seed
        self._loaded: dict[str, PrivateKey] = {}

    @property
    def passphrase(self) -> str:
        """What locks every backup of this instance."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return private_file(self._folder / "passphrase", lambda: secrets.token_urlsafe(18).encode()).decode()

    def key(self, role: str, party: str) -> PrivateKey:
        """The key of a persona; made when it is first asked for."""
        name = self._name(role, party)
        if name not in self._loaded:
            self._loaded[name] = self._make(name)
        return self._loaded[name]

    def pem(self, role: str, party: str) -> bytes:
        """The encrypted backup of a persona's key.

        :raises NotFound: the persona has none.
        """
        path = self._folder / f"{self._name(role, party)}.pem"
        if not path.is_file():
            raise NotFound("this persona has no key", code="demo.no-key")
        return path.read_bytes()

    def has(self, role: str, party: str) -> bool:
        """Whether a persona's key is here."""
        return (self._folder / f"{self._name(role, party)}.pem").is_file()

    def _make(self, name: str) -> PrivateKey:
        if self._seed is not None:
            return Ed25519PrivateKey.from_private_bytes(sha256(f"{self._seed}/{name}".encode()).digest())
        path = self._folder / f"{name}.pem"
        if path.is_file():
            return private_from_backup(path.read_text("ascii"), self.passphrase)
        fresh = Ed25519PrivateKey.generate()
        pem = private_file(path, lambda: backup(fresh, self.passphrase).encode())
        return private_from_backup(pem.decode(), self.passphrase) if pem != path.read_bytes() else fresh

    @staticmethod
    def _name(role: str, party: str) -> str:
        name = f"{role}.{party}"
        if not _NAME.fullmatch(name):
            raise NotFound("there is no such persona", code="demo.no-key")
        return name


def persona(session: Session, forum: Forum, ring: KeyRing, role: str, party: str) -> Persona:
    """The person of that role and party with their key.

    :raises NotFound: nobody has that role for that party.
    """
    require_demo(forum)
    for person in queries.people_of(session, forum, party=party):
        if person.role == role:
            return Persona(person, ring.key(role, party))
    raise NotFound(f"nobody is {role} of {party}", code="demo.no-persona")
