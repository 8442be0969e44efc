"""Composing a signature, and what follows when one is recorded.

The record decides: it is asked with the head of the log locked, so of two signatures of one organization the second finds the
first. The rows' constraints stand behind that, for the day on which somebody takes the lock away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields
from declaration.credentials.asking import key_of
from declaration.credentials.enrolment import own_keys
from declaration.credentials.record import Recorded
from declaration.endorsements.models import Endorsement
from declaration.endorsements.search import search_key
from declaration.endorsements.sentence import authentic_texts, sentence
from declaration.errors import Malformed, Refused
from declaration.forums.delegations import delegation, is_delegation
from declaration.forums.models import Forum, Person
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.text.letters import check_letters
from declaration.text.tokens import nfc
from declaration.web.access import Actor
from declaration.web.clock import now
from declaration.web.db import Base
from declaration.web.direct import Direct
from declaration.web.statements import Prepared

SIGN, WITHDRAW = "endorsement.sign-v1", "endorsement.withdraw-v1"
PLACEHOLDER = "0" * 64
# Compiled once: thousands sign in an afternoon.
_TABLE = Base.metadata.tables[Endorsement.__tablename__]
_INSERT = Prepared(insert(_TABLE).inline(), *(column.name for column in _TABLE.columns if column.name != "id"))
LONGEST_STATEMENT = 2000


def register(app: Flask) -> None:
    """Say how a signature is composed, and what follows a signature and its withdrawal."""
    acts.register(app, SIGN, compose=compose_signature, rows=note_signed)
    acts.register(app, WITHDRAW, then=note_withdrawn)


def compose_signature(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Body of ``endorsement.sign-v1``; the sentence, with the person's name and office, is kept beside the record.

    ``fields``: ``language`` of the text that was read; ``read`` and ``consent``, both ``yes``; ``remark`` (optional), a reservation or an
    interpretative statement of the organization, which stands beside the signature and changes nothing in the text.

    :raises Malformed: ``endorsement.unread``, ``endorsement.consent``, ``endorsement.language``, ``endorsement.office``,
        ``endorsement.statement``, ``letters.refused``.
    """
    person = session.get(Person, actor.person_id)
    if person is None or person.organization is None or actor.role != "signatory":
        raise Refused("only the signatory of an organization signs", code="role.not-entitled")
    language = fields.get("language", "")
    if state.adopted is None or language not in state.version_text(state.adopted).texts:
        raise Malformed("there is no adopted text in this language", code="endorsement.language")
    if fields.get("read") != "yes":
        raise Malformed("the text was not read to its end", code="endorsement.unread", instead="Read it, and tick that you did.")
    if fields.get("consent") != "yes":
        raise Malformed(
            "without consent nothing can be published, and a signature is public",
            code="endorsement.consent",
            instead="Tick that your organization, your name and your office may be shown in the register.",
        )
    if not person.office:
        raise Malformed("your office is not known", code="endorsement.office", instead="Ask the secretariat to enter it.")
    said = sentence(session, forum, state, language=language, organization=person.organization, person=person.name, office=person.office)
    document = {
        "kind": "endorsement", "person": person.name, "office": person.office, "sentence": said.text, "language": said.language,
        **_statement(actor, fields),
    }  # fmt: skip
    content = contents.store(session, forum.id, document, audience="public")
    return body(session, state, actor, language=language, content=content, moment=now())


def _statement(actor: Actor, fields: Fields) -> dict[str, str]:
    said = nfc(fields.get("remark", "")).strip()
    if not said:
        return {}
    if len(said) > LONGEST_STATEMENT:
        raise Malformed(
            "the statement is too long", code="endorsement.statement", instead=f"Use at most {LONGEST_STATEMENT:,} characters."
        )
    for line in said.splitlines():
        check_letters(line, where="the statement")
    return {"statement": said, "statement_language": actor.language}


def body(session: Session, state: State, actor: Actor, *, language: str, content: str, moment: datetime) -> dict[str, Any]:
    """The body that would be signed at ``moment``: a signature while the window is open, an accession after it."""
    key = key_of(state, actor, among=own_keys(session, state, actor))
    acceding = consequences.stage(state, moment) == "accession_open"
    return {
        "kind": "accession" if acceding else "signature",
        "capacity": (key.capacity if key is not None else None) or "organization",
        "language": language,
        "texts": authentic_texts(state),
        "content": content,
    }


def note_signed(direct: Direct, forum: Forum, several: Sequence[Recorded]) -> None:
    """Write the register's rows of signatures that were recorded.

    :raises Refused: ``endorsement.duplicate`` where another transaction was first; the transaction cannot go on.
    """
    rows = [columns(forum, recorded.state, recorded.act.digest) for recorded in several]
    try:
        _INSERT.run(direct, rows)
    except IntegrityError as error:
        raise Refused(
            "this organization has signed already",
            code="endorsement.duplicate",
            instead="The first signature stands and can be seen in the register.",
        ) from error


def note_withdrawn(session: Session, forum: Forum, recorded: Recorded) -> None:
    """Mark the row; it stays."""
    session.execute(
        update(Endorsement).where(Endorsement.forum_id == forum.id, Endorsement.statement == recorded.act.object).values(status="withdrawn")
    )


def projected(forum: Forum, state: State, digest: str) -> Endorsement:
    """The row that follows from the record for one endorsement."""
    return Endorsement(**columns(forum, state, digest))


def columns(forum: Forum, state: State, digest: str) -> dict[str, Any]:
    """What is in that row."""
    found = state.endorsements[digest]
    organization = state.keys[found.key].organization or {"country": "", "name": found.party, "registration": ""}
    country = organization["country"]
    spoken = delegation(forum, country).languages[0] if is_delegation(forum, country) else forum.original
    return {
        "forum_id": forum.id,
        "statement": digest,
        "party": found.party,
        "country": country,
        "registration": organization["registration"],
        "name": organization["name"],
        "name_language": spoken,
        "search": search_key(organization["name"], organization["registration"]),
        "capacity": found.capacity,
        "kind": found.kind,
        "language": found.language,
        "content": found.content,
        "position": found.position,
        "entry": found.index,
        "at": found.at,
        "status": found.status,
    }
