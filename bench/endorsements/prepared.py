"""A forum that is open for signature, with signatories whose keys are accredited, who are signed in, and whose statements are signed.

It is made once, through the service's own operations, and copied for every round: an organization signs once only. What the clients
would compute (canonical bytes, signatures) is done here, so that what is timed is the service.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from declaration.app import create_app
from declaration.credentials import acts
from declaration.credentials.states import current
from declaration.demo import player, sample, script
from declaration.demo.organizations import organizations
from declaration.demo.personas import KeyRing
from declaration.demo.player import Persona
from declaration.endorsements.operations import SIGN
from declaration.endorsements.organizations import register_organization
from declaration.forums import importing, lifetimes, operations, sessions
from declaration.protocol.encoding import b64decode, b64encode, sha256_hex
from declaration.web.clock import SettableClock, SystemClock
from declaration.web.db import Base, db, ensure_guards
from declaration.web.transaction import unit_of_work

SLUG = "solidarity-2025"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody ready to sign: the token of their session, and what they send."""

    token: str
    statement: str
    signature: str

    @property
    def digest(self) -> str:
        return sha256_hex(self.statement.encode())

    @property
    def form(self) -> str:
        return urlencode({"statement": self.statement, "signature": self.signature})

    @property
    def pair(self) -> tuple[bytes, bytes]:
        return self.statement.encode(), b64decode(self.signature)


def settings(folder: Path, url: str) -> dict[str, object]:
    """Of an application whose files stay in ``folder``."""
    return {
        "DATABASE_URL": url,
        "DECLARATION_INSTANCE": str(folder / "instance"),
        "DECLARATION_KEYS": str(folder / "keys"),
        "SECRET_KEY": "nothing secret is in a benchmark",
        "TESTING": True,
    }


def create_tables(app: Flask) -> None:
    """Every table and trigger."""
    with app.app_context(), db.engine.begin() as connection:
        Base.metadata.create_all(connection)
        ensure_guards(connection)


def prepare(folder: Path, url: str, count: int) -> list[Signatory]:
    """Play the sample up to its opening, and bring ``count`` signatories before the last step."""
    app = create_app(settings(folder, url))
    create_tables(app)
    start = datetime.now(UTC) - (script.OPENED - script.CIRCULATED) - timedelta(hours=3)
    clock = SettableClock(start - timedelta(hours=3))
    app.extensions["clock"] = clock
    with app.app_context():
        with unit_of_work() as session:
            slug = operations.create_forum(session, importing.load(sample.FOLDER), url="http://127.0.0.1", demo=True).slug
        play = script.Play(
            slug, sample.load(), KeyRing(folder, seed="bench"), clock, shift=start - script.CIRCULATED, say=lambda _: None
        )
        for part in play.parts:
            part()
        app.extensions["clock"] = SystemClock()
        ready = [_signatory(play, persona) for persona in _accredited(play, count)]
        db.engine.dispose()
    (folder / "signatories.json").write_text(json.dumps([asdict(one) for one in ready]))
    return ready


def _accredited(play: script.Play, count: int) -> list[Persona]:
    personas = []
    with unit_of_work() as session:
        forum = play.forum()
        staff = (play.who("secretariat", "rapporteur"), play.who("secretariat", "registrar"))
        for one in organizations(play, count):
            person = register_organization(
                session, forum, country=one.country, name=one.name, registration=one.registration, person=one.person,
                office=one.office, language="en",
            )  # fmt: skip
            personas.append(Persona(person, Ed25519PrivateKey.generate()))
            player.accredit(session, forum, personas[-1], *staff)
    return personas


def _signatory(play: script.Play, persona: Persona) -> Signatory:
    with unit_of_work() as session:
        forum = play.forum()
        adopted = current(session, forum).adopted
        template = acts.compose(session, forum, persona.actor, SIGN, adopted, {"language": "en", "read": "yes", "consent": "yes"})
        signed = player.signed(session, forum, persona, template)
        token = sessions.start_session(session, persona.person, user_agent="bench", now=lifetimes.machine_now())
        return Signatory(token, signed.statement.decode(), b64encode(signed.signature))
