"""Sealed documents: kept encrypted, opened for those who may, and every opening is written down where they see it.

Who may open a document is asked by the feature whose document it is, before it comes here. The caller owns the transaction: an
opening that is not written down hands nothing out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from flask import current_app, make_response
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from declaration.credentials import sealing
from declaration.credentials.models import SealedDocument, SealedOpening
from declaration.errors import ServiceHeld
from declaration.forums.models import Forum, Person
from declaration.web.access import Actor


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody opened a document."""

    name: str
    role: str
    at: datetime


def keep(session: Session, forum: Forum, body: bytes, media_type: str, *, now: datetime) -> SealedDocument:
    """Seal a document; the key is made with the first one.

    :raises ServiceHeld: ``sealed.key-missing``, ``sealed.other-key``: what was sealed before could not be opened any more.
    """
    before = session.scalar(select(SealedDocument.key_name).order_by(SealedDocument.filed_at.desc()).limit(1))
    key = sealing.key_of(_folder(), make=before is None)
    if before is not None:
        sealing.require_same(key, before)
    digest = sha256(body).hexdigest()
    made = SealedDocument(
        forum_id=forum.id, sha256=digest, media_type=media_type, size=len(body), key_name=key.name,
        body=key.seal(body, about=sealing.about(forum.origin, digest)), filed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def opened(session: Session, forum: Forum, actor: Actor, number: int, *, now: datetime) -> bytes:
    """The plain document, and a line that says who opened it when.

    :raises ServiceHeld: ``sealed.key-missing``, ``sealed.other-key``, ``sealed.changed``.
    """
    found = session.get_one(SealedDocument, number)
    key = sealing.key_of(_folder(), make=False)
    sealing.require_same(key, found.key_name)
    plain = key.open(found.body, about=sealing.about(forum.origin, found.sha256))
    if found.forum_id != forum.id or sha256(plain).hexdigest() != found.sha256:
        raise ServiceHeld("a sealed document is not the one that was filed", code="sealed.changed", instead="Ask for the document again.")
    session.add(SealedOpening(document_id=found.id, person_id=actor.person_id, at=now))
    session.flush()
    return plain


def openings(session: Session, documents: Iterable[int]) -> Mapping[int, list[Opening]]:
    """Who has opened these documents, the newest first, by document."""
    query = (
        select(SealedOpening.document_id, Person.name, Person.role, SealedOpening.at)
        .join(Person, Person.id == SealedOpening.person_id)
        .where(SealedOpening.document_id.in_(list(documents)))
        .order_by(SealedOpening.at.desc(), SealedOpening.id)
    )
    found: dict[int, list[Opening]] = {}
    for number, name, role, at in session.execute(query):
        found.setdefault(number, []).append(Opening(name, role, at))
    return found


def media_type(session: Session, number: int) -> str:
    """What a sealed document is."""
    return session.get_one(SealedDocument, number).media_type


def handed_out(plain: bytes, media_type: str, name: str) -> Response:
    """The document as a file to be saved: what somebody filed is never shown as a page of this site, and no copy is kept on the way."""
    answer = make_response(plain)
    answer.mimetype = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{media_type.rpartition("/")[2]}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _folder() -> Path:
    return Path(current_app.config["KEYS_FOLDER"])
