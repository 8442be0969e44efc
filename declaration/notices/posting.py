"""Mail that somebody asks for, such as a receipt: written at once and delivered like every other."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.notices import preferences
from declaration.notices.composing import GIVE_UP, machine_now
from declaration.notices.host import Reader
from declaration.notices.letter import message_id, one_line
from declaration.notices.models import Mail, new_id

ONCE_IN = timedelta(minutes=10)
"""A file that is asked for again within this time is on its way already."""


def post(session: Session, reader: Reader, *, subject: str, text: str, html: str, file: bytes, file_name: str) -> Mail | None:
    """Write one mail with a file; None where the same file was written to this person a moment ago.

    :raises ValueError: the reader has no address.
    """
    if reader.address is None:
        raise ValueError("nobody can be reached without an address")
    now, base = machine_now(), current_app.config["PUBLIC_URL"]
    recent = select(Mail.id).where(
        Mail.person_id == reader.person_id, Mail.attachment_name == file_name, Mail.created_at > now - ONCE_IN
    )
    if session.scalar(recent.limit(1)) is not None:
        return None
    handle = preferences.ensured(session, reader.person_id).handle
    mail = Mail(
        id=new_id(), forum_id=reader.forum_id, person_id=reader.person_id, message_id=message_id(base), to_name=one_line(reader.name),
        to_address=reader.address, language=reader.language, subject=one_line(f"{reader.forum_name}: {subject}"), text=text, html=html,
        unsubscribe=f"{base}/mail/unsubscribe/{handle}", sender_name=reader.forum_name, shared=False, created_at=now, status="waiting",
        next_at=now, give_up_at=now + GIVE_UP, attempts=0, error="", attachment=file, attachment_name=file_name,
    )  # fmt: skip
    session.add(mail)
    session.flush()
    return mail
