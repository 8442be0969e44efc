"""A forum that plays its acts with keys of its own, through the same doors as the pages: compose, sign, perform."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from declaration.credentials import acts, enrolment, states
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.signing import Signed
from declaration.drafts import operations
from declaration.forums.door import COOKIE, use_forum
from declaration.forums.models import Forum, Person
from declaration.forums.people import add_person
from declaration.forums.sessions import start_session
from declaration.procedure.rules import Rules
from declaration.procedure.state import State
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement
from declaration.text.units import UnitText
from declaration.transparency import queries
from declaration.web.access import Actor
from declaration.web.clock import now
from declaration.web.security import cookie_name
from tests.conftest import browser_client

SLUG = "forum"
SYMBOL = "FORUM/2025/JD"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LANGUAGES = {"az": "authentic", "en": "authentic", "hu": "translation"}
DELEGATIONS = {"az": "Azerbaijan", "hu": "Hungary", "kz": "Kazakhstan"}
PEOPLE = (
    ("chair", "chair", "en"), ("secretariat", "rapporteur", "en"), ("depositary", "depositary", "en"),
    ("translator", "translator-az-1", "az"), ("translator", "translator-az-2", "az"),
    ("head", "az", "az"), ("head", "hu", "hu"), ("head", "kz", "kk"), ("member", "kz", "kk"), ("signatory", "ngo-1", "en"),
)  # fmt: skip
TEXT: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "en": (
        ("T", "title", "Joint Declaration"),
        ("PP1", "preambular", "Recalling the Agreement of 2009,"),
        ("S1", "heading", "The Platform"),
        ("OP1", "operative", "Decide to meet every two years;"),
        ("OP2", "operative", "Invite all bodies to support projects;"),
        ("CL", "testimonium", "Adopted in Baku."),
    ),
    "az": (
        ("T", "title", "Birgə Bəyannamə"),
        ("PP1", "preambular", "2009-cu il Sazişini xatırladaraq,"),
        ("S1", "heading", "Platforma"),
        ("OP1", "operative", "İki ildən bir görüşməyi qərara alırıq;"),
        ("OP2", "operative", "Bütün qurumları layihələri dəstəkləməyə dəvət edirik;"),
        ("CL", "testimonium", "Bakıda qəbul edilmişdir."),
    ),
}


def units(lang: str = "en") -> list[UnitText]:
    return [UnitText(unit, kind, text) for unit, kind, text in TEXT[lang]]  # type: ignore[arg-type]  # the kinds above are kinds


def private_key(party: str, role: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(f"{role}.{party}".encode()).digest())


class Play:
    """One forum in one session. Make a new one in each transaction: it keeps nothing but the session."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session

    @property
    def forum(self) -> Forum:
        return self.session.query(Forum).filter_by(slug=SLUG).one()

    @property
    def state(self) -> State:
        return states.current(self.session, self.forum)

    def actor(self, party: str, role: str | None = None) -> Actor:
        found = self.session.query(Person).filter_by(forum_id=self.forum.id, party=party)
        person = next(one for one in found if role is None or one.role == role)
        return Actor(person.id, person.name, person.role, party, person.forum_id, person.delegation, person.language, person.time_zone)

    # -- the beginning ---------------------------------------------------------------------------------------------------

    def begin(self) -> Play:
        """A forum with its people, the Chair's constitution, and every officer's and head's key accredited."""
        forum = Forum(
            slug=SLUG, host="declaration.example", origin="declaration.example/forum", declaration=SYMBOL,
            title={"en": "A forum"}, short_title={"en": "Joint Declaration"}, original="en", prevailing="en",
            languages=dict(LANGUAGES),
            delegations=[
                {
                    "id": id_, "names": {"en": name}, "tags": {"en": id_.upper()}, "time_zone": "Asia/Baku", "languages": ["en"],
                    "status": "full",
                }
                for id_, name in DELEGATIONS.items()
            ],
            orders={"protocol": list(DELEGATIONS)}, time_zone="Asia/Baku", city={"en": "Baku"},
            rules={**Rules().as_json(), "quorum": 2},
            schedule={}, web_origins=["https://declaration.example"], rp_id="declaration.example", demo=True,
        )  # fmt: skip
        self.session.add(forum)
        self.session.flush()
        for role, party, language in PEOPLE:
            organization = {"country": "kz", "name": "Society", "registration": "1"} if role == "signatory" else None
            add_person(
                self.session, forum, name=f"{party} {role}", role=role, party=party, office=None, language=language,
                time_zone="Asia/Baku", email=None, organization=organization,
            )  # fmt: skip
        self.session.flush()
        use_forum(forum)
        self.enrol("chair", "chair")
        self.act("chair", "constitution-v1", None)
        for role, party, _language in PEOPLE:
            if role in ("secretariat", "depositary", "translator", "head"):
                row = self.enrol(party, role)
                self.act("chair", "accredit-v1", self.state.known.digest, {"enrolment": str(row)})
        return self

    def circulated(self, languages: tuple[str, ...] = ("en", "az")) -> Play:
        """The zero draft approved by the Chair, and the first reading open for a week."""
        digest = operations.store_zero_draft(self.session, self.forum, {lang: units(lang) for lang in languages}, now=now())
        self.act("chair", "draft_version.approve_and_circulate-v1", digest)
        self.act("chair", "declaration.circulate_zero_draft-v1", digest, {"deadline": "2025-12-01T18:00"})
        return self

    def enrol(self, party: str, role: str) -> int:
        """Enrol the key of a person; the number of the enrolment."""
        actor, key = self.actor(party, role), private_key(party, role)
        row = enrolment.begin(self.session, self.forum, actor.person_id, now=now())
        public = public_key_of(key)
        proof = b""
        if self.state.constitution is not None:
            message = possession(self.state.constitution.digest, public.fingerprint, row.nonce)
            proof = sign(key, possession_namespace(self.forum.origin), message)
        enrolment.finish(self.session, self.forum, row, public.openssh, proof, now=now())
        return row.id

    # -- acts -------------------------------------------------------------------------------------------------------------

    def act(
        self, party: str, type_: str, object_: str | None, fields: Mapping[str, str] | None = None, *, role: str | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Recorded:  # fmt: skip
        """Compose, sign and perform one act; ``body`` replaces what the composer gives."""
        actor = self.actor(party, role)
        template = acts.compose(self.session, self.forum, actor, type_, object_, dict(fields or {})) if body is None else None
        key = private_key(party, actor.role)
        log = log_of(self.session, self.forum)
        seen = Seen(log.size, EMPTY if log.size == 0 else queries.root_at(self.session, log, log.size).hex())
        statement = build_statement(
            type=type_,
            by=By(public_key_of(key).fingerprint, actor.party, actor.role),
            declaration=self.forum.declaration,
            log=self.forum.origin,
            nonce=sha256(f"{type_} {log.size}".encode()).digest()[:16],
            object=object_,
            seen=seen,
            body=body if body is not None else template["body"] if template else {},
        )
        blob = sign(key, f"{type_}@{self.forum.origin}", statement)
        return acts.perform(self.session, self.forum, Signed(statement, blob), now=now())

    def replace(self, party: str, unit: str, text: str, number: int = 1) -> str:
        """Submit, admit and accept a change of one unit's words; the digest of the proposal."""
        from declaration.protocol.manifest import unit_hash
        from declaration.text.redline import splices_between

        old = self.state.units[unit].text
        edits = [
            {"unit": unit, "base": unit_hash(old), "op": "replace", "splices": [list(each) for each in splices_between(old, text)]}
        ]
        body = {"symbol": f"{SYMBOL}/AM/{number:03}", "edits": edits, "amends": None, "content": "0" * 64}
        found = self.act(party, "amendment.submit-v1", self.state.current, body=body, role="head").act.digest
        self.act("rapporteur", "amendment.admit-v1", found, body={})
        return found

    def accept(self, proposal: str) -> None:
        from declaration.procedure import consequences
        from declaration.procedure.working import result_of

        amendment = self.state.amendments[proposal]
        after = result_of(self.state, amendment)
        result = {unit: after[unit].sha256 if unit in after else None for unit in consequences.touched(self.state, amendment)}
        self.act("chair", "amendment.accept-v1", proposal, body={"result": result, "content": "0" * 64})

    # -- browsers ---------------------------------------------------------------------------------------------------------

    def cookie(self, party: str, role: str | None = None) -> str:
        """A session of that person; set it as :data:`COOKIE` in a client after this transaction is committed."""
        person = self.session.get_one(Person, self.actor(party, role).person_id)
        return start_session(self.session, person, user_agent="test", now=now())


def signed_in(app: Flask, token: str) -> FlaskClient:
    client = browser_client(app)
    with app.app_context():
        client.set_cookie(cookie_name(COOKIE), token)
        client.set_cookie(cookie_name("language"), "en")  # the tests read English, whatever the person speaks
    return client
