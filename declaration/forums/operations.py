"""Making a forum from its description. The other verbs stand in :mod:`~declaration.forums.people` and
:mod:`~declaration.forums.sessions`, and can all be had from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from declaration.errors import Conflict
from declaration.forums.description import Description
from declaration.forums.models import Forum
from declaration.forums.people import add_person, disable, enable
from declaration.forums.sessions import (
    consume_invitation,
    end_session,
    find_invitation,
    invite,
    revoke_all,
    revoke_others,
    revoke_session,
    start_session,
)
from declaration.protocol.encoding import format_time

__all__ = [
    "add_person",
    "consume_invitation",
    "create_forum",
    "disable",
    "enable",
    "end_session",
    "find_invitation",
    "invite",
    "revoke_all",
    "revoke_others",
    "revoke_session",
    "site_of",
    "start_session",
]


def create_forum(session: Session, description: Description, *, url: str, demo: bool = False) -> Forum:
    """Make a forum and its people, all or nothing as the caller's transaction goes. Nobody is invited yet.

    :param url: the address of this site, for the web origins that a description leaves open.
    :param demo: its clock may be set and its personas have links that work twice.
    :raises Conflict: there is a forum of that name or record already.
    """
    taken = select(Forum).where(or_(Forum.slug == description.slug, Forum.origin == description.origin))
    if session.scalar(taken) is not None:
        raise Conflict(
            f"there is a forum {description.slug} already",
            code="forum.exists",
            instead="A forum is imported once; what changes later is decided in the forum.",
        )
    web_origins, rp_id = site_of(url)
    forum = Forum(
        slug=description.slug,
        host=description.host,
        origin=description.origin,
        declaration=description.declaration,
        title=dict(description.title),
        short_title=dict(description.short_title),
        languages=dict(description.languages),
        original=description.original,
        prevailing=description.prevailing,
        delegations=[dict(row) for row in description.delegations],
        orders={name: list(order) for name, order in description.orders.items()},
        time_zone=description.time_zone,
        city=dict(description.city),
        rules=dict(description.rules),
        schedule={each.name: format_time(getattr(description.schedule, each.name)) for each in fields(description.schedule)},
        web_origins=list(description.web_origins or web_origins),
        rp_id=description.rp_id or rp_id,
        terms=[dict(term) for term in description.terms],
        demo=demo,
        clock_offset=0,
    )
    session.add(forum)
    session.flush()
    for one in description.people:
        add_person(
            session,
            forum,
            name=one.name,
            role=one.role,
            party=one.party,
            office=one.office,
            language=one.language,
            time_zone=one.time_zone,
            email=one.email,
        )
    return forum


def site_of(url: str) -> tuple[Sequence[str], str]:
    """The web origins and the passkeys' relying party of a site. Passkeys know names alone, so 127.0.0.1 is ``localhost``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    origin = f"{parts.scheme}://{parts.netloc}"
    try:
        ip_address(host)
    except ValueError:
        return [origin], host
    return [origin, f"{parts.scheme}://localhost{port}"], "localhost"
