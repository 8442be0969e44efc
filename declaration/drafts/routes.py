"""The pages of the drafts. Registering them gives the drafts their acts, their sections and their shelf of texts."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from declaration.credentials import states
from declaration.drafts import (
    cautions,
    composers,
    language_pages,
    library,
    models,
    next_pages,
    reading,
    text_pages,
    version_pages,
    zero_pages,
)
from declaration.drafts.blueprint import blueprint
from declaration.forums import sections
from declaration.transparency import routes as transparency

__all__ = ["blueprint", "init_app"]

# They add their views to the blueprint when they are imported; the models must be known to migrations.
_PAGES = (text_pages, version_pages, next_pages, language_pages, zero_pages, models)


def init_app(app: Flask) -> None:
    """Prepare the shelf, the composers and the sections."""
    library.init_app(app)
    states.init_app(app, library.library)
    composers.register(app)
    cautions.init_app(app)
    transparency.set_entries_policy(app, reading.entries_policy)
    sections.add(app, "drafts.text", _l("Text"), order=20)
    sections.add(app, "drafts.next_version", _l("Next version"), order=35)
    sections.add(app, "drafts.languages", _l("Languages"), order=40)
