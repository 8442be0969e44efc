"""A person who acts: composes, completes, signs and performs, as a browser would.

The tests and the demonstration act through this one class, so whatever they play has passed the same doors as a real person's act:
the same composer, the same statement, a real signature, the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from declaration.credentials import acts, enrolment
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.signing import Signed
from declaration.credentials.states import current
from declaration.forums.models import Forum, Person
from declaration.forums.people import actor_of
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import PrivateKey, public_key_of
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement, namespace
from declaration.transparency import queries
from declaration.web import entropy
from declaration.web.access import Actor
from declaration.web.clock import now


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the forum together with the key that they hold."""

    person: Person
    key: PrivateKey

    @property
    def actor(self) -> Actor:
        """Who a page would see."""
        return actor_of(self.person)

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint, as statements name it."""
        return public_key_of(self.key).fingerprint


def act(
    session: Session, forum: Forum, persona: Persona, type_: str, object_: str | None = None, fields: Mapping[str, str] | None = None
) -> Recorded:
    """Do one act in the caller's transaction: what the signing page and the route of acts do together."""
    template = acts.compose(session, forum, persona.actor, type_, object_, dict(fields or {}))
    return acts.perform(session, forum, signed(session, forum, persona, template), now=now())


def signed(session: Session, forum: Forum, persona: Persona, template: Mapping[str, Any]) -> Signed:
    """Complete a template as the browser does (key, nonce, the checkpoint that was seen) and sign it."""
    log = log_of(session, forum)
    root = queries.root_at(session, log, log.size)
    statement = build_statement(
        type=template["type"],
        by=By(persona.fingerprint, template["by"]["party"], template["by"]["role"]),
        declaration=template["declaration"],
        log=template["log"],
        nonce=entropy.token_bytes(16),
        object=template["object"],
        seen=Seen(log.size, root.hex()),
        body=template["body"],
    )
    return Signed(statement, sign(persona.key, namespace(template["type"], template["log"]), statement))


def enrol(session: Session, forum: Forum, persona: Persona) -> int:
    """Enrol the persona's key, with proof of possession; returns the enrolment's number."""
    begun = enrolment.begin(session, forum, persona.person.id, now=now())
    public = public_key_of(persona.key)
    state = current(session, forum)
    proof = b""
    if state.constitution is not None:
        message = possession(state.constitution.digest, public.fingerprint, begun.nonce)
        proof = sign(persona.key, possession_namespace(forum.origin), message)
    return enrolment.finish(session, forum, begun, public.openssh, proof, now=now()).id


def accredit(session: Session, forum: Forum, persona: Persona, *by: Persona, fields: Mapping[str, str] | None = None) -> Recorded:
    """Have the persona's key accredited: by the Chair alone, or by two persons of the secretariat."""
    number = enrol(session, forum, persona)
    digest = current(session, forum).known.digest
    recorded = act(session, forum, by[0], "accredit-v1", digest, {"enrolment": str(number), **(fields or {})})
    if len(by) > 1:
        recorded = act(session, forum, by[1], "second-v1", recorded.act.digest)
    return recorded
