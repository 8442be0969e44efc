"""The pages of this package. Importing them adds their views to the blueprint."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import lazy_gettext as _l

from declaration.desk import (
    enrolment_desk,
    enrolment_pages,
    front_pages,
    hall_pages,
    home_pages,
    models,
    rolling_pages,
    table_pages,
    unsigned_pages,
)
from declaration.desk.blueprint import blueprint, this_forum
from declaration.desk.telling import answers
from declaration.forums import sections
from declaration.forums.delegations import Delegation, in_order
from declaration.web.i18n import language

__all__ = ["blueprint", "init_app"]

_PAGES = (enrolment_pages, front_pages, home_pages, table_pages, hall_pages, rolling_pages, unsigned_pages, models)


def init_app(app: Flask) -> None:
    """Add the sections, and tell people what concerns them."""
    answers.init_app(app)
    enrolment_desk.register(app)
    app.jinja_env.globals.update(clock_at=_clock_at, hall_delegations=_delegations)
    sections.add(app, "desk.home", _l("Home"), order=10)
    sections.add(app, "desk.table_start", _l("Table"), order=12)
    sections.add(app, "desk.enrolment_desk", _l("Desk"), order=14)
    sections.add(app, "desk.unsigned_list", _l("Who has not signed"), order=83, foot=True)


def _clock_at(moment: datetime) -> str:
    """An hour in the forum's zone."""
    return moment.astimezone(ZoneInfo(this_forum().time_zone)).strftime("%H:%M")


def _delegations() -> tuple[Delegation, ...]:
    return in_order(this_forum(), language())
