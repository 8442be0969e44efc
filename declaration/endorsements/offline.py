"""Signing outside of the browser: a statement is prepared and kept, its signature comes back, is verified, and is recorded.

What the browser would have completed is fixed when the statement is prepared: the key, the nonce, and the checkpoint of that moment. The
protocol's rule bounds how long it may be carried around: an act is recorded within ``hold_hours`` after the first entry that it had not
seen. A late one is prepared again, with the same body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from declaration.credentials import acts, asking, contents, enrolment
from declaration.credentials.acts import Fields
from declaration.credentials.record import Recorded, log_of, signing_key
from declaration.credentials.signing import Signed
from declaration.credentials.states import current
from declaration.drafts import queries as drafts
from declaration.endorsements.offline_models import PreparedAct
from declaration.errors import Malformed, NotFound, Refused
from declaration.forums.models import Forum
from declaration.procedure.act import Act
from declaration.procedure.guards import fresh
from declaration.procedure.state import State
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.encoding import JSON, parse_json
from declaration.protocol.keys import PASSKEY, PublicKey, parse_public_key
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.statement import By, Seen, Statement, build_statement, parse_statement
from declaration.signer.package import COUNTERSIGN, build_package
from declaration.transparency import queries
from declaration.web import entropy
from declaration.web.access import Actor

FORGOTTEN_AFTER = timedelta(days=30)
"""A prepared statement that nobody came back for is thrown away when its holder prepares another one."""

MOST = 40
"""Prepared statements that one person can have waiting."""

_TEMPLATE = {"body", "by", "declaration", "log", "object", "type"}


def keys_of(session: Session, forum: Forum, actor: Actor) -> list[PublicKey]:
    """The keys with which a person can sign elsewhere now, the newest first: those that have authority and are no passkeys."""
    state = current(session, forum)
    usable = set(enrolment.usable(session, state, actor.person_id))
    rows = [row for row in enrolment.all_of(session, actor.person_id) if row.fingerprint in usable and row.public is not None]
    keys = [parse_public_key(row.public or "") for row in rows]
    if state.constitution is not None:
        mine = {key.fingerprint for key in state.keys.values() if (key.party, key.role) == (actor.party, actor.role)}
        keys = [key for key in keys if key.fingerprint in mine]
    return [key for key in keys if key.kind != PASSKEY]


def prepare(
    session: Session, forum: Forum, actor: Actor, type_: str, object_: str | None, body: Mapping[str, JSON], *, now: datetime, key: str = ""
) -> PreparedAct:
    """Fix everything that is signed.

    :param key: fingerprint of the key that will sign; the newest one where it is empty.
    :raises Refused: ``offline.no-key``, ``offline.other-key``; whatever the rules refuse at this moment.
    """
    state = current(session, forum)
    chosen = _chosen(keys_of(session, forum, actor), key)
    refusal = asking.refusal(state, actor, type_, object_, body, at=now, among=[chosen.fingerprint])
    if refusal is not None:
        raise refusal
    log = log_of(session, forum)
    root = queries.served_root(session, log, log.size) if log.size else EMPTY_ROOT
    raw = build_statement(
        type=type_, by=By(chosen.fingerprint, actor.party, actor.role), declaration=forum.declaration, log=forum.origin,
        nonce=entropy.token_bytes(16), object=object_, seen=Seen(log.size, root.hex()), body=body,
    )  # fmt: skip
    _forget_old(session, actor, now)
    if len(waiting(session, forum, actor)) >= MOST:
        raise Refused(
            "too many statements wait for a signature", code="offline.too-many", instead="Throw away those that you do not need any more."
        )
    row = PreparedAct(
        forum_id=forum.id, person_id=actor.person_id, digest=parse_statement(raw).digest, statement=raw, signature=None,
        prepared_at=now.replace(microsecond=0),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def asked_for(session: Session, forum: Forum, actor: Actor, fields: Fields) -> tuple[str, str | None, Mapping[str, JSON]]:
    """Type, object and body of the act that a form asks for: from the template that the page carries, or composed from its fields.

    :raises Malformed: ``offline.template``; whatever the composer refuses.
    """
    given = fields.get("act")
    if given is None:
        found = acts.compose(session, forum, actor, fields.get("type", ""), fields.get("object") or None, fields)
        return found["type"], found["object"], found["body"]
    template = parse_json(given.encode())
    if not isinstance(template, dict) or template.keys() != _TEMPLATE or template["type"] not in BY_TYPE:
        raise Malformed("this page is not as it should be", code="offline.template", instead="Go back, reload the page and try again.")
    type_, object_, body = template["type"], template["object"], template["body"]
    if not isinstance(type_, str) or not (object_ is None or isinstance(object_, str)) or not isinstance(body, dict):
        raise Malformed("this page is not as it should be", code="offline.template", instead="Go back, reload the page and try again.")
    return type_, object_, body


def again(session: Session, forum: Forum, actor: Actor, row: PreparedAct, *, now: datetime, key: str = "") -> PreparedAct:
    """The same decision with a new nonce and the record as it is now; the old statement is thrown away."""
    old = parse_statement(row.statement)
    made = prepare(session, forum, actor, old.type, old.object, old.body, now=now, key=key or old.by.key)
    session.delete(row)
    return made


def own(session: Session, forum: Forum, actor: Actor, digest: str) -> PreparedAct:
    """A statement that this person prepared.

    :raises NotFound: it is somebody else's, or there is none.
    """
    query = select(PreparedAct).where(
        PreparedAct.forum_id == forum.id, PreparedAct.person_id == actor.person_id, PreparedAct.digest == digest
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(
            "you have prepared no such statement", code="offline.unknown", instead="Prepare the act on its page; it is then listed here."
        )
    return found


def waiting(session: Session, forum: Forum, actor: Actor) -> Sequence[PreparedAct]:
    """What this person prepared and has not brought back, the newest first."""
    query = select(PreparedAct).where(PreparedAct.forum_id == forum.id, PreparedAct.person_id == actor.person_id)
    return session.scalars(query.order_by(PreparedAct.prepared_at.desc(), PreparedAct.id)).all()


def deadline(state: State, statement: Statement) -> datetime | None:
    """Until when it can be recorded; None while nobody else has acted since it was prepared."""
    seen = statement.seen.size
    return state.times[seen] + timedelta(hours=state.rules.hold_hours) if 0 < seen < state.size else None


def is_late(state: State, statement: Statement, now: datetime) -> bool:
    """Whether the protocol's rule refuses it now, whatever its signature says."""
    try:
        fresh(state, Act(statement, max(now, state.times[-1]) if state.times else now, state.size))
    except Refused:
        return True
    return False


def key_of(state: State, statement: Statement) -> PublicKey:
    """The key that must have signed."""
    return signing_key(state, statement)


def record(session: Session, forum: Forum, row: PreparedAct, *, now: datetime) -> Recorded:
    """Record the act; the row goes with it. The same once more is the same entry.

    :raises Refused: ``offline.unsigned`` before a signature came back; whatever the record refuses.
    """
    if row.signature is None:
        raise Refused("no signature has come back yet", code="offline.unsigned", instead="Sign the statement, and bring its signature.")
    recorded = acts.perform(session, forum, Signed(row.statement, row.signature), now=now)
    session.delete(row)
    return recorded


def package(session: Session, forum: Forum, state: State, row: PreparedAct, language: str) -> bytes:
    """The signing package: with the text, where the act is about a version."""
    statement = parse_statement(row.statement)
    version = _version_of(state, statement)
    content = statement.body.get("content")
    document = contents.raw(session, forum.id, content) if isinstance(content, str) else None
    if version is None:
        return build_package(row.statement, content=document)
    loaded = drafts.version(session, forum, version)
    named = statement.body.get("language")
    lang = named if isinstance(named, str) and named in loaded.texts else language if language in loaded.texts else state.known.original
    text = drafts.canonical_texts(session, forum, version)[lang]
    return build_package(row.statement, manifest=loaded.manifest.raw, language=lang, text=text, content=document)


def _version_of(state: State, statement: Statement) -> str | None:
    if statement.type == COUNTERSIGN:
        return state.adopted
    return statement.object if BY_TYPE[statement.type].object == "version" else None


def _chosen(keys: Sequence[PublicKey], wanted: str) -> PublicKey:
    if not keys:
        raise Refused(
            "no key of yours can sign outside of this browser",
            code="offline.no-key",
            instead="Enrol a key that was made outside of it, on the page of your keys. A passkey signs in its browser alone.",
        )
    found = next((key for key in keys if not wanted or key.fingerprint == wanted), None)
    if found is None:
        raise Refused("this key cannot sign now", code="offline.other-key", instead="Choose another of your keys.")
    return found


def _forget_old(session: Session, actor: Actor, now: datetime) -> None:
    session.execute(
        delete(PreparedAct).where(PreparedAct.person_id == actor.person_id, PreparedAct.prepared_at < now - FORGOTTEN_AFTER)
    )


def described(session: Session, forum: Forum, statement: Statement) -> Mapping[str, Any]:
    """The document that the statement names, without its salt; empty where it names none."""
    content = statement.body.get("content")
    return (contents.read(session, forum.id, content) if isinstance(content, str) else None) or {}
