"""The pages of this package. Importing them adds their views to the blueprint."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from declaration.desk import front_pages, hall_pages, home_pages, table_pages
from declaration.desk.blueprint import blueprint
from declaration.desk.telling import answers
from declaration.forums import sections

__all__ = ["blueprint", "init_app"]

_PAGES = (front_pages, home_pages, table_pages, hall_pages)


def init_app(app: Flask) -> None:
    """Add the sections, and tell people what concerns them."""
    answers.init_app(app)
    sections.add(app, "desk.home", _l("Home"), order=10)
    sections.add(app, "desk.table_start", _l("Table"), order=12)
