"""Signatures on paper: a scan is filed, sealed, and two persons of the secretariat attest it.

===========================  ==========================================================================================
type                         fields
===========================  ==========================================================================================
``paper.attest-v1``          ``scan``: number of a filed scan; ``reason``: how the original was examined
``paper.set_aside-v1``       ``reason``: what the depositary found
===========================  ==========================================================================================

The scan never leaves by itself: the record has its SHA-256, and it is opened by the secretariat, the depositary and the organization.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import acts, sealed
from declaration.credentials.acts import Fields, reason_content
from declaration.credentials.letters import media_type_of
from declaration.endorsements import entitlement
from declaration.endorsements.models import PaperScan
from declaration.errors import Malformed, NotFound
from declaration.forums.models import Forum
from declaration.procedure import standing
from declaration.procedure.act import Act
from declaration.procedure.state import State
from declaration.web.access import Actor

ATTEST, SET_ASIDE = "paper.attest-v1", "paper.set_aside-v1"
_MOST = 10
_ENDS: Mapping[str, tuple[bytes, int]] = {
    "application/pdf": (b"%%EOF", 1024),
    "image/jpeg": (b"\xff\xd9", 1024),
    "image/png": (b"IEND\xaeB`\x82", 12),
}
"""How a whole file of a kind ends, and within how many of its last bytes: an upload that broke off is no scan."""


def register(app: Flask) -> None:
    """Say how an attestation is composed; setting one aside is composed like any act with a reason."""
    acts.register(app, ATTEST, compose=compose)


def scan_type_of(body: bytes) -> str:
    """What a scan is, told by its first and its last bytes.

    :raises Malformed: ``letter.size``, ``letter.kind``; ``paper.broken`` where it has no end.
    """
    found = media_type_of(body)
    mark, within = _ENDS[found]
    if mark not in body[-within:]:
        raise Malformed("the file breaks off", code="paper.broken", instead="Scan or upload it once more.")
    return found


def file(session: Session, forum: Forum, actor: Actor, party: str, body: bytes, *, now: datetime) -> PaperScan:
    """Keep a scan, sealed. The same bytes for the same organization are the same scan.

    :raises Malformed: see :func:`scan_type_of`; ``document.many``.
    """
    entitlement.signatories_of(session, forum, party)
    media_type, digest = scan_type_of(body), sha256(body).hexdigest()
    known = scans(session, forum, party)
    found = next((each for each in known if each.sha256 == digest), None)
    if found is not None:
        return found
    if len(known) >= _MOST:
        raise Malformed("this organization has filed very many documents", code="document.many", instead="Ask the secretariat.")
    kept = sealed.keep(session, forum, body, media_type, now=now)
    made = PaperScan(forum_id=forum.id, party=party, sha256=digest, sealed_id=kept.id, filed_by_id=actor.person_id, filed_at=now)
    session.add(made)
    session.flush()
    return made


def scans(session: Session, forum: Forum, party: str) -> list[PaperScan]:
    """What was scanned for an organization, the newest first."""
    query = select(PaperScan).where(PaperScan.forum_id == forum.id, PaperScan.party == party)
    return list(session.scalars(query.order_by(PaperScan.filed_at.desc(), PaperScan.id)))


def scan_for(session: Session, forum: Forum, actor: Actor, number: int) -> PaperScan:
    """A scan that this reader may open.

    :raises NotFound: there is none, or it is not theirs to know of.
    """
    found = session.get(PaperScan, number)
    if found is None or found.forum_id != forum.id or not entitlement.may_open(actor, found.party):
        raise NotFound("there is no such document", code="document.unknown")
    return found


def body(state: State, scan: PaperScan, content: str) -> dict[str, Any]:
    """Body of ``paper.attest-v1``."""
    return {"version": state.adopted, "scan": scan.sha256, "content": content}


def compose(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """A filed scan of the organization that the act is about."""
    party = standing.organization_named(state, object_ or "").party
    number = fields.get("scan", "")
    found = scan_for(session, forum, actor, int(number)) if number.isascii() and number.isdigit() else None
    if found is None or found.party != party:
        raise Malformed("no scan is named", code="paper.no-scan", instead="File the scan of this organization first.")
    return body(state, found, reason_content(session, forum, actor, fields))


def waiting(state: State) -> list[tuple[Act, str]]:
    """Attestations that wait for a second person, with the organization's party."""
    return [(act, standing.organization_named(state, act.object).party) for act in state.awaiting_second.values() if act.type == ATTEST]
