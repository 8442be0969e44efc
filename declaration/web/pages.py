"""Helpers that every template has.

``actor``
    the reader (:class:`declaration.web.access.Actor`) or None.
``role_name(role)``
    what a role is called in a sentence.
``mark_edges(text)``
    ``(lead, core, trail)``: the space at the edges of a change stays outside of its mark.
``site_name``
    what stands in the masthead where no forum is chosen.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_babel import gettext as _

from declaration.web import access


def init_app(app: Flask) -> None:
    """Register the helpers."""
    app.jinja_env.globals.update(mark_edges=mark_edges, role_name=access.role_name)

    @app.context_processor
    def _shared() -> dict[str, Any]:
        actor = access.known_actor() if g.get("failing") else access.optional_actor()
        return {"actor": actor, "site_name": _("Joint declarations"), "site_home": "/"}


def mark_edges(text: str) -> tuple[str, str, str]:
    """Part the white space at both edges of a text from its words."""
    core = text.strip()
    if not core:
        return text, "", ""
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]
