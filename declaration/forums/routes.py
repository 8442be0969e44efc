"""The pages of this package: signing in, one's own sessions, the people of a forum. Registering it installs the actor's loader."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from declaration.forums import door, people_routes, sections, sign_in_routes, words
from declaration.forums.pages import blueprint, home_url

__all__ = ["blueprint", "home_url", "init_app"]

# Both add their views to the blueprint when they are imported.
_PAGES = (people_routes, sign_in_routes)


def init_app(app: Flask) -> None:
    """Install the loader, ``g.forum`` and the sections of a forum."""
    door.init_app(app)
    sections.init_app(app)
    words.init_app(app)
    sections.add(app, "forums.people_page", _l("People"), order=90, foot=True)
