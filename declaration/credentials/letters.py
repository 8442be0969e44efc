"""Credentials of delegations: the letter is filed sealed, its hash stands in the record, and the Chair decides on the report.

Filing a letter is no act of the record: it is presented by ``credential.present-v1``, which names its hash. Who reads a letter is in
the table of rights: the Chair and the secretariat, and the delegation itself.

========================================  =============================================================================
type                                      fields
========================================  =============================================================================
``credential.present-v1``                 ``letter``: number of a filed letter; ``until`` (optional): the last hour it holds
``credential.accept-v1``                  ``reason``: the secretariat's report
``credential.admit_provisionally-v1``     ``due``: an hour; ``reason``
``credential.regularize-v1``              ``letter``: the original, as filed
``credential.refuse-v1``                  ``reason``
``credential.replace-v1``                 ``successor``: digest of the later credentials
========================================  =============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents, sealed
from declaration.credentials.acts import Fields, reason_content
from declaration.credentials.models import Letter
from declaration.errors import Malformed, NotFound
from declaration.forums.delegations import is_delegation
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.text.tokens import nfc
from declaration.web.access import Actor

PRESENT, EXAMINE, ACCEPT = "credential.present-v1", "credential.examine-v1", "credential.accept-v1"
PROVISIONAL, REGULARIZE = "credential.admit_provisionally-v1", "credential.regularize-v1"
REFUSE, REPLACE = "credential.refuse-v1", "credential.replace-v1"
_MOST_BYTES = 5 * 1024 * 1024
_KINDS: Mapping[bytes, str] = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def register(app: Flask) -> None:
    """Say how the acts on credentials are composed."""
    acts.register(app, PRESENT, compose=present)
    acts.register(app, PROVISIONAL, compose=provisional)
    acts.register(app, REGULARIZE, compose=regularize)
    acts.register(app, REPLACE, compose=replace)


def media_type_of(body: bytes) -> str:
    """What a filed letter is, told by its first bytes and never by its name.

    :raises Malformed: ``letter.kind`` unless it is a PDF, a JPEG or a PNG; ``letter.size`` past 5 MiB or where it is empty.
    """
    if not body or len(body) > _MOST_BYTES:
        raise Malformed("a letter is a file of at most 5 MB", code="letter.size", instead="Scan it with a lower resolution.")
    for start, media_type in _KINDS.items():
        if body.startswith(start):
            return media_type
    raise Malformed("a letter is a PDF or a picture", code="letter.kind", instead="File it as PDF, JPEG or PNG.")


def file(session: Session, forum: Forum, actor: Actor, delegation: str, body: bytes, person: str, *, now: datetime) -> Letter:
    """Keep a letter, sealed. The same bytes filed again are the same letter.

    :param person: whom it names as head of delegation.
    :raises Malformed: see :func:`media_type_of`; ``letter.person``; ``letter.delegation``.
    """
    if not is_delegation(forum, delegation):
        raise Malformed("choose a delegation", code="letter.delegation")
    person = " ".join(nfc(person).split())
    if not 1 <= len(person) <= 200:
        raise Malformed("write whom the letter names", code="letter.person")
    media_type, digest = media_type_of(body), sha256(body).hexdigest()
    found = session.scalar(select(Letter).where(Letter.forum_id == forum.id, Letter.sha256 == digest, Letter.delegation == delegation))
    if found is not None:
        return found
    kept = sealed.keep(session, forum, body, media_type, now=now)
    letter = Letter(
        forum_id=forum.id, delegation=delegation, sha256=digest, sealed_id=kept.id, names=person, filed_by_id=actor.person_id, filed_at=now
    )
    session.add(letter)
    session.flush()
    return letter


def filed(session: Session, forum: Forum, *, delegation: str | None = None) -> list[Letter]:
    """The letters of a forum, or of one delegation, the newest first."""
    query = select(Letter).where(Letter.forum_id == forum.id).order_by(Letter.filed_at.desc(), Letter.id)
    return list(session.scalars(query if delegation is None else query.where(Letter.delegation == delegation)))


def letter_for(session: Session, forum: Forum, actor: Actor, number: int) -> Letter:
    """A letter that this reader may open.

    :raises NotFound: there is none, or it is not theirs to know of.
    """
    letter = session.get(Letter, number)
    mine = letter is not None and letter.forum_id == forum.id
    if letter is None or not mine or not (actor.role in ("chair", "secretariat") or actor.delegation == letter.delegation):
        raise NotFound("there is no such letter", code="letter.unknown")
    return letter


def _named(session: Session, forum: Forum, actor: Actor, fields: Fields) -> Letter:
    number = fields.get("letter", "")
    if not (number.isascii() and number.isdigit()):
        raise Malformed("no letter is named", code="letter.unknown", instead="File it first.")
    return letter_for(session, forum, actor, int(number))


def present(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """A filed letter as the credentials of its delegation."""
    letter = _named(session, forum, actor, fields)
    document = {"kind": "credential", "delegation": letter.delegation, "names": letter.names}
    return {
        "delegation": letter.delegation,
        "document": letter.sha256,
        "until": hour(forum, fields, "until") if fields.get("until", "").strip() else None,
        "content": contents.store(session, forum.id, document, audience="sealed"),
    }


def provisional(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Until when the original is due, and why."""
    return {"due": hour(forum, fields, "due"), "content": reason_content(session, forum, actor, fields)}


def regularize(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The original, as it was filed."""
    letter = _named(session, forum, actor, fields)
    credential = state.credentials.get(object_ or "")
    if credential is None or credential.delegation != letter.delegation:
        raise NotFound("this letter is another delegation's", code="letter.unknown")
    return {"document": letter.sha256}


def replace(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The later credentials."""
    return {"successor": fields.get("successor", "")}
