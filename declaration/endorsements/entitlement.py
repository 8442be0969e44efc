"""Whether an organization may sign: its documents, filed sealed, and the acts that follow from examining them.

Filing, and being asked for more, are private: they happen before anybody at the organization has a key. What enters the record are the
hashes, when the secretariat or the head puts the organization forward.

==============================  =======================================================================================
type                            fields
==============================  =======================================================================================
``organization.present-v1``     ``party``; ``reason``: what the examiner found (a check list)
``organization.concur-v1``      none
``organization.object-v1``      ``reason``
``organization.verify-v1``      ``reason``: the check list; the head's concurrence is taken from the record
``organization.refuse-v1``      ``reason``; so for ``suspend`` and ``reinstate``
``organization.strike_off-v1``  ``document``: SHA-256 of a filed document; ``reason``
==============================  =======================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from declaration.credentials import acts, sealed
from declaration.credentials.acts import Fields, reason_content
from declaration.credentials.letters import media_type_of
from declaration.endorsements.models import DocumentRequest, OrganizationDocument
from declaration.errors import Malformed, NotFound
from declaration.forums import queries as people
from declaration.forums.models import Forum, Person
from declaration.procedure import standing
from declaration.procedure.state import State
from declaration.web.access import Actor

PRESENT, CONCUR, OBJECT = "organization.present-v1", "organization.concur-v1", "organization.object-v1"
VERIFY, REFUSE, SUSPEND = "organization.verify-v1", "organization.refuse-v1", "organization.suspend-v1"
REINSTATE, STRIKE_OFF = "organization.reinstate-v1", "organization.strike_off-v1"
KINDS: Final = ("extract", "statute", "decision", "letter", "other")
"""Extract of the register, statute, decision of the organ that names the person, letter of the organ or of an authority, anything else."""
_MOST = 40


def register(app: Flask) -> None:
    """Say how these acts are composed; those with a reason alone are composed like any other."""
    acts.register(app, PRESENT, compose=compose_presentation)
    acts.register(app, VERIFY, compose=compose_verification)
    acts.register(app, STRIKE_OFF, compose=compose_striking_off)


def signatories_of(session: Session, forum: Forum, party: str) -> list[Person]:
    """The persons who sign for an organization.

    :raises NotFound: ``organization.unknown``.
    """
    found = [one for one in people.people_of(session, forum, party=party, active_only=False) if one.role == "signatory"]
    if not found or found[0].organization is None:
        raise NotFound("there is no such organization", code="organization.unknown")
    return found


def may_open(actor: Actor, party: str) -> bool:
    """Who opens the documents themselves: the secretariat, the depositary, and the organization; heads see what was filed."""
    return actor.role in ("secretariat", "depositary") or (actor.role == "signatory" and actor.party == party)


def documents(session: Session, forum: Forum, party: str) -> list[OrganizationDocument]:
    """What an organization has filed, oldest first."""
    query = select(OrganizationDocument).where(OrganizationDocument.forum_id == forum.id, OrganizationDocument.party == party)
    return list(session.scalars(query.order_by(OrganizationDocument.filed_at, OrganizationDocument.id)))


def requests(session: Session, forum: Forum, party: str) -> list[DocumentRequest]:
    """What it was asked for, oldest first."""
    query = select(DocumentRequest).where(DocumentRequest.forum_id == forum.id, DocumentRequest.party == party)
    return list(session.scalars(query.order_by(DocumentRequest.asked_at, DocumentRequest.id)))


def file(session: Session, forum: Forum, actor: Actor, party: str, kind: str, body: bytes, *, now: datetime) -> OrganizationDocument:
    """Keep a document, sealed. The same bytes filed again are the same document; what was asked for is supplied with it.

    :raises Malformed: ``document.kind``, ``document.many``, ``letter.size``, ``letter.kind``.
    """
    if kind not in KINDS:
        raise Malformed("choose what the document is", code="document.kind")
    known = documents(session, forum, party)
    digest, media_type = sha256(body).hexdigest(), media_type_of(body)
    found = next((each for each in known if each.sha256 == digest), None)
    if found is None:
        if len(known) >= _MOST:
            raise Malformed("this organization has filed very many documents", code="document.many", instead="Ask the secretariat.")
        kept = sealed.keep(session, forum, body, media_type, now=now)
        found = OrganizationDocument(
            forum_id=forum.id, party=party, kind=kind, sha256=digest, sealed_id=kept.id, filed_by_id=actor.person_id, filed_at=now
        )
        session.add(found)
    open_ = (DocumentRequest.forum_id == forum.id, DocumentRequest.party == party, DocumentRequest.supplied_at.is_(None))
    session.execute(update(DocumentRequest).where(*open_).values(supplied_at=now))
    session.flush()
    return found


def ask_for_more(session: Session, forum: Forum, actor: Actor, party: str, wanted: str, *, now: datetime) -> DocumentRequest:
    """Ask an organization for further documents.

    :raises Malformed: ``reason.missing``, ``reason.too-long``.
    """
    wanted = wanted.strip()
    if not wanted:
        raise Malformed("write what is missing", code="reason.missing")
    if len(wanted) > 2000:
        raise Malformed("the reason is too long", code="reason.too-long", instead="Use at most 2,000 characters.")
    made = DocumentRequest(forum_id=forum.id, party=party, wanted=wanted, asked_by_id=actor.person_id, asked_at=now)
    session.add(made)
    session.flush()
    return made


def document_for(session: Session, forum: Forum, actor: Actor, number: int) -> OrganizationDocument:
    """A document that this reader may open.

    :raises NotFound: there is none, or it is not theirs to know of.
    """
    found = session.get(OrganizationDocument, number)
    if found is None or found.forum_id != forum.id or not may_open(actor, found.party):
        raise NotFound("there is no such document", code="document.unknown")
    return found


def status_of(session: Session, forum: Forum, state: State, party: str) -> str:
    """``registered``, ``documents_due``, ``under_review``, ``verified``, ``refused``, ``suspended`` or ``struck_off``: what the record says
    or, before the organization is in it, what was filed."""
    recorded = state.organizations.get(party)
    if recorded is not None:
        return recorded.status
    if any(each.supplied_at is None for each in requests(session, forum, party)):
        return "documents_due"
    return "under_review" if documents(session, forum, party) else "registered"


def presentation(session: Session, forum: Forum, party: str, *, content: str) -> dict[str, Any]:
    """Body of ``organization.present-v1``."""
    organization = signatories_of(session, forum, party)[0].organization
    filed = [each.sha256 for each in documents(session, forum, party)]
    return {"party": party, "organization": dict(organization or {}), "documents": filed, "content": content}


def compose_presentation(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """What was filed, by its hashes."""
    return presentation(session, forum, fields.get("party", ""), content=reason_content(session, forum, actor, fields))


def compose_verification(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The check list, and the head's concurrence where there is one."""
    found = standing.organization_named(state, object_ or "")
    return {"concurrence": found.concurred, "content": reason_content(session, forum, actor, fields)}


def compose_striking_off(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """The document that says it was dissolved."""
    named = fields.get("document", "").strip()
    if not named:
        raise Malformed("file the document that says so first", code="document.unknown")
    return {"document": named, "content": reason_content(session, forum, actor, fields)}
