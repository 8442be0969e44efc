"""A forum open for signature: two organizations with keys that follow from names, one of them with a passkey beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.credentials import enrolment
from declaration.credentials.challenges import give
from declaration.forums import lifetimes
from declaration.protocol.encoding import b64encode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.sign_in import sign_in, sign_in_namespace
from declaration.protocol.sshsig import sign
from declaration.web.clock import now
from tests.conftest import browser_client
from tests.endorsements.conftest import Playing, app, looking, playing, signed_in
from tests.protocol.made import Passkey
from tests.support.play import ORIGIN, SLUG, Player, private_key
from tests.support.snapshots import Beginning

__all__ = ["app", "looking", "playing", "signed_in"]

SITE = "https://declaration.example"
CREDENTIAL = "Y3JlZGVudGlhbC1vZi1hLXBob25l"
DOOR = f"/{SLUG}/sign-in"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLite, unless a test asks for the other one."""
    kind = getattr(request, "param", "sqlite")
    databases = request.getfixturevalue("sqlite_databases" if kind == "sqlite" else "postgres_databases")
    with databases.fresh(tmp_path) as url:
        yield url


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has a key: ``key`` an Ed25519 one, ``passkey`` a passkey."""

    key: str
    passkey: str


@pytest.fixture
def parties(playing: Playing, beginning: Beginning) -> Parties:
    def build() -> None:
        with playing() as play:
            play.found().negotiated().opened()
            play.organization(0)
            accredit_passkey(play, play.organization(1, accredited=False))

    beginning("keys", build)
    with playing() as play:
        found = {key.organization["country"]: key.party for key in play.state.keys.values() if key.organization}
    return Parties(found["az"], found["tr"])


def enrol_passkey(play: Player, party: str, device: Passkey | None = None, credential: str = CREDENTIAL) -> int:
    """A passkey is enrolled as its page does it; the number of the enrolment."""
    device = device or Passkey()
    row = enrolment.begin(play.session, play.forum, play.actor(party).person_id, now=now())
    message = possession(play.state.known.digest, device.key.fingerprint, row.nonce)
    proof = device.sign(possession_namespace(ORIGIN), message)
    return enrolment.finish(play.session, play.forum, row, device.key.openssh, proof, now=now(), credential=credential).id


def accredit_passkey(play: Player, party: str) -> None:
    first = play.accredit(enrol_passkey(play, party), by="rapporteur")
    play.act("registrar", "second-v1", first.act.digest)


def challenge_of(app: Flask, origin: str = ORIGIN) -> str:
    with app.app_context():
        return give(origin, now=lifetimes.machine_now())


def form_for(
    challenge: str, party: str, *, site: str = SITE, log: str = ORIGIN, role: str = "signatory", number: int = 1
) -> dict[str, str]:
    """What the sign-in page posts for a key of this browser."""
    blob = sign(private_key(party, role, number), sign_in_namespace(log), sign_in(challenge, log, site))
    return {"challenge": challenge, "site": site, "signature": b64encode(blob)}


def passkey_form(challenge: str, device: Passkey | None = None, *, site: str = SITE) -> dict[str, str]:
    """What the sign-in page posts for a passkey: the signature field alone, and the credential's id."""
    device = device or Passkey()
    blob = device.sign(sign_in_namespace(ORIGIN), sign_in(challenge, ORIGIN, site))
    field = blob[blob.rindex(b"sha512") + 6 + 4 :]
    return {"challenge": challenge, "site": site, "signature": b64encode(field), "credential": CREDENTIAL}


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    """A device that nobody is signed in on."""
    return browser_client(app)
