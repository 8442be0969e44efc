"""Helpers that the templates of every feature have: names of delegations, and spans of the machine's time.

``delegation_name(forum, 'kz')`` and ``delegation_tag(forum, 'trnc')`` in the reader's language, ``tag_of(forum, party)`` of any party;
``in_order(forum)`` the delegations in the alphabetical order of that language. ``span(until)`` and ``since(moment)`` tell how long
something of the machine's clock (a session, a link) still lasts or was ago; what the forum decides is told by ``when`` and ``time_left``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask_babel import gettext as _

from declaration.forums import delegations, lifetimes
from declaration.forums.delegations import Delegation
from declaration.forums.models import Forum
from declaration.web.i18n import language


def init_app(app: Flask) -> None:
    """Register the helpers."""
    app.jinja_env.globals.update(
        delegation_name=delegation_name, delegation_tag=delegation_tag, tag_of=tag_of, in_order=in_order, span=span, since=since
    )


def delegation_name(forum: Forum, id_: str) -> str:
    return delegations.delegation(forum, id_).name(language())


def delegation_tag(forum: Forum, id_: str) -> str:
    return delegations.delegation(forum, id_).tag(language())


def tag_of(forum: Forum, party: str) -> str:
    """A delegation's tag, or the name that any other party has in the record."""
    return delegation_tag(forum, party) if delegations.is_delegation(forum, party) else party


def in_order(forum: Forum) -> tuple[Delegation, ...]:
    return delegations.in_order(forum, language())


def span(until: datetime) -> str:
    """How long until then, in its two largest units."""
    return _told(until - lifetimes.machine_now())


def since(moment: datetime) -> str:
    """How long ago that was, in its two largest units."""
    return _told(lifetimes.machine_now() - moment)


def _told(length: timedelta) -> str:
    minutes = max(0, int(length.total_seconds()) // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return str(_("%(days)d d %(hours)d h", days=days, hours=hours))
    if hours:
        return str(_("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes % 60))
    return str(_("%(minutes)d min", minutes=minutes))
