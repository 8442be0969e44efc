"""Whether what was told has reached its reader.

The reader sees the fate of each of their own notices. The Chair and the secretariat see whom no mail reaches, and of failed mails
only those that told of something that is no secret: that a mail about the inside of a delegation failed at 12:03 would tell that
something happened there at 12:03.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from declaration.notices.host import Unreached, host
from declaration.notices.models import Mail, MailPreference, Notice


def how(notice: Notice) -> str:
    """What has become of a notice, for its reader, in a word or two; empty where it went into no mail."""
    if not notice.settled:
        return str(_("will be mailed"))
    if notice.mail is None:
        return ""
    known = {"sent": _("mailed"), "waiting": _("on its way"), "dead": _("could not be delivered to your address")}
    return str(known[notice.mail.status])


def unreached(session: Session, forum_id: int) -> Sequence[Unreached]:
    """Those of a forum who are to be told of the negotiation and are reached by no mail, in the order of the list of people."""
    people = host().people(session, forum_id)
    unwilling = set(session.scalars(select(MailPreference.person_id).where(MailPreference.mode == "none")))
    failed = _failed(session, forum_id)
    found = []
    for number, name, role, address in people:
        if not address:
            found.append(Unreached(name, role, "address"))
        elif number in unwilling:
            found.append(Unreached(name, role, "none", address))
        elif number in failed:
            mail = failed[number]
            found.append(Unreached(name, role, "failed", mail.to_address, mail.created_at, mail.error))
    return found


def _failed(session: Session, forum_id: int) -> dict[int, Mail]:
    """The newest failed mail of each person to whom nothing was delivered after it."""
    dead = select(Mail).where(Mail.forum_id == forum_id, Mail.status == "dead", Mail.shared).order_by(Mail.created_at)
    last = {mail.person_id: mail for mail in session.scalars(dead)}
    delivered = dict(
        session.execute(
            select(Mail.person_id, func.max(Mail.created_at))
            .where(Mail.forum_id == forum_id, Mail.status == "sent", Mail.shared)
            .group_by(Mail.person_id)
        ).all()
    )
    return {person: mail for person, mail in last.items() if person not in delivered or delivered[person] <= mail.created_at}
