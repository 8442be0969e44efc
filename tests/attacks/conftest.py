"""A running service to attack: open for signature, with an organization of each kind of key, one of which has signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from flask import Flask
from flask.testing import FlaskClient

from declaration.credentials import acts, enrolment
from declaration.credentials.record import log_of
from declaration.protocol.encoding import b64encode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import PrivateKey, public_key_of
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement
from declaration.transparency import queries
from declaration.web.clock import now
from tests.endorsements.conftest import Playing, app, playing, signed_in
from tests.protocol.made import Passkey
from tests.support.play import ORIGIN, SLUG, SYMBOL, Player, private_key
from tests.support.snapshots import Beginning

__all__ = ["app", "playing", "signed_in"]

READY, SIGNED, PASSKEY, CURVE = "az.sample-az-0002", "tr.sample-tr-0001", "kz.sample-kz-0001", "az.sample-az-0010"
"""Organizations: accredited; signed; with a passkey; with an ECDSA key."""
ECDSA_KEY = derive_private_key(int.from_bytes(sha256(b"an ECDSA key of the tests").digest()), SECP256R1())


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLite, unless a test asks for the other one too."""
    kind = getattr(request, "param", "sqlite")
    databases = request.getfixturevalue("sqlite_databases" if kind == "sqlite" else "postgres_databases")
    with databases.fresh(tmp_path) as url:
        yield url


def accredit(play: Player, party: str, fingerprint: str, public: str, proof: bytes, row: enrolment.Enrolment) -> None:
    enrolment.finish(play.session, play.forum, row, public, proof, now=now())
    first = play.accredit(row.id, by="rapporteur")
    play.act("registrar", "second-v1", first.act.digest)


def build(play: Player) -> None:
    play.found().negotiated().opened()
    play.organization(0)
    play.sign(play.organization(1))
    device = Passkey()
    for place, (key, make) in {
        2: (device.key, device.sign),
        3: (public_key_of(ECDSA_KEY), lambda namespace, message: sign(ECDSA_KEY, namespace, message)),
    }.items():
        party = play.organization(place, accredited=False)
        row = enrolment.begin(play.session, play.forum, play.actor(party).person_id, now=now())
        message = possession(play.state.known.digest, key.fingerprint, row.nonce)
        accredit(play, party, key.fingerprint, key.openssh, make(possession_namespace(ORIGIN), message), row)


@dataclass
class Attack:
    """What an attacker composes, in one transaction that changes nothing unless the attack says so."""

    play: Player

    @property
    def adopted(self) -> str:
        return self.play.state.adopted or ""

    def statement(
        self, type_: str, object_: str | None, body: Mapping[str, Any], *, party: str = READY, role: str = "signatory", key: str = "",
        seen: Seen | None = None, log: str = ORIGIN, declaration: str = SYMBOL, nonce: bytes = b"n" * 16,
    ) -> bytes:  # fmt: skip
        """Any statement, whoever could sign it."""
        record = log_of(self.play.session, self.play.forum)
        at = seen or Seen(record.size, queries.root_at(self.play.session, record, record.size).hex())
        fingerprint = key or public_key_of(private_key(party, role)).fingerprint
        return build_statement(
            type=type_, by=By(fingerprint, party, role), declaration=declaration, log=log, nonce=nonce, object=object_, seen=at,
            body=dict(body),
        )  # fmt: skip

    def endorsement(self, party: str = READY, **changes: Any) -> bytes:
        """A signature of the adopted text, with something changed."""
        object_ = changes.pop("object_", self.adopted)
        fields = {"language": "en", "read": "yes", "consent": "yes"}
        body = acts.compose(self.play.session, self.play.forum, self.play.actor(party), "endorsement.sign-v1", self.adopted, fields)["body"]
        more = {name: changes.pop(name) for name in ("log", "declaration", "seen", "key", "nonce", "role") if name in changes}
        return self.statement("endorsement.sign-v1", object_, {**body, **changes}, party=party, **more)

    def form(self, statement: bytes, *, by: PrivateKey | None = None, namespace: str = "") -> dict[str, str]:
        """What is posted: the statement with a signature, the owner's unless the attack has another."""
        type_ = "endorsement.sign-v1"
        return posted(statement, sign(by or private_key(READY, "signatory"), namespace or f"{type_}@{ORIGIN}", statement))


def posted(statement: bytes, signature: bytes) -> dict[str, str]:
    return {"statement": statement.decode("utf-8", "surrogateescape"), "signature": b64encode(signature)}


@pytest.fixture
def service(app: Flask, playing: Playing, beginning: Beginning) -> Playing:
    """The door to it; begins where it was built once."""

    def played() -> None:
        with playing() as play:
            build(play)

    beginning("attacked", played)
    return playing


def answer(browser: FlaskClient, form: Mapping[str, str], path: str = "act") -> tuple[int, str]:
    """Status and code of what the service says to a posted form."""
    said = browser.post(f"/{SLUG}/{path}", data=form, headers={"Accept": "application/json"})
    return said.status_code, (said.get_json() or {}).get("code", "") if said.is_json else ""
