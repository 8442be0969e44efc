"""What a signatory had before the eyes last, and what has changed since: private to that person, kept by version.

Noted once the page has been open for a few seconds, or by a button where there are no scripts. A version that was looked at is compared
with the one that is signed now; the look at the signed one itself says since when nothing has changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.drafts import queries as drafts
from declaration.drafts import views
from declaration.drafts.comparing import Compared, compare
from declaration.drafts.reading import may_read
from declaration.endorsements.offline_models import Look
from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.procedure.state import Circulated, State
from declaration.web.access import Actor

VISIT = timedelta(hours=1)
"""Whoever reloads the page or changes its language within this time still reads what has changed: it is the same visit."""


@dataclass(frozen=True, slots=True)
class Since:
    """What a person knew before this page.

    :ivar same_at: when the very text was last looked at, or None.
    :ivar before: the version that was looked at last before the text, or None; ``before_at`` is when.
    :ivar units: the redline from it, in ``language``; only where there is one.
    """

    same_at: datetime | None
    before: Circulated | None
    before_at: datetime | None
    language: str
    units: Sequence[Compared]

    @property
    def changed(self) -> int:
        """Paragraphs that differ."""
        return sum(each.differs for each in self.units)


def note(session: Session, forum: Forum, state: State, actor: Actor, digest: str, *, now: datetime) -> None:
    """Note that the actor has a version before the eyes.

    :raises NotFound: ``version.unknown``: there is no such version, or the actor may not read it.
    """
    if digest not in state.versions or not may_read(state, actor, now):
        raise NotFound("there is no such version", code="version.unknown")
    moment = now.replace(microsecond=0)
    row = _row(session, forum, actor, digest)
    if row is not None:
        row.last_at = max(row.last_at, moment)
        return
    # Two tabs at once: the first one is the row.
    with contextlib.suppress(IntegrityError), session.begin_nested():
        session.add(Look(forum_id=forum.id, person_id=actor.person_id, digest=digest, first_at=moment, last_at=moment))


def since(session: Session, forum: Forum, state: State, actor: Actor, digest: str, language: str, *, now: datetime) -> Since:
    """What the actor knew before looking at ``digest`` now, and the redline from there in ``language`` or the original."""
    same = _row(session, forum, actor, digest)
    place = {one: index for index, one in enumerate(state.versions)}
    query = select(Look).where(Look.forum_id == forum.id, Look.person_id == actor.person_id, Look.digest != digest)
    looks = [one for one in session.scalars(query) if place.get(one.digest, len(place)) < place.get(digest, 0)]
    newest = max(looks, key=lambda one: place[one.digest], default=None)
    same_at = same.last_at if same is not None else None
    if newest is None:
        return Since(same_at, None, None, language, ())
    if same is not None and now - same.first_at < VISIT:
        same_at = None
    before = state.versions[newest.digest]
    old, new = drafts.version(session, forum, newest.digest), drafts.version(session, forum, digest)
    spoken = language if language in old.texts else state.known.original
    return Since(same_at, before, newest.last_at, spoken, compare(views.version_lines(old, spoken), views.version_lines(new, spoken)))


def _row(session: Session, forum: Forum, actor: Actor, digest: str) -> Look | None:
    query = select(Look).where(Look.forum_id == forum.id, Look.person_id == actor.person_id, Look.digest == digest)
    return session.scalar(query)
