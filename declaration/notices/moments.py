"""What time brings is told once. The row of the moment and the notices are one transaction, and its key is unique."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.notices.host import Told, host
from declaration.notices.models import Moment
from declaration.notices.telling import tell
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work


def tell_moments() -> int:
    """Tell whatever time has brought and nobody has told; returns how many notices were written."""
    with reading():
        session = current_session()
        found = [one for one in host().brought(session) if not _told(session, one)]
        session.rollback()
    return sum(_tell_once(one) for one in found)


def _tell_once(one: Told) -> int:
    try:
        with unit_of_work() as session:
            if _told(session, one):
                return 0
            session.add(Moment(forum_id=one.forum_id, key=one.key, at=one.at))
            session.flush()  # another worker that tells the same stops here
            return tell(session, one.forum_id, one.tales, key=one.key, at=one.at)
    except IntegrityError:
        return 0


def _told(session: Session, one: Told) -> bool:
    return session.scalar(select(Moment.key).where(Moment.forum_id == one.forum_id, Moment.key == one.key)) is not None
