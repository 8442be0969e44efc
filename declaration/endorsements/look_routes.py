"""Noting a look, and the page on which a second device compares the fingerprint of a text."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.drafts.reading import require_reader
from declaration.endorsements import looks
from declaration.endorsements.blueprint import blueprint, this_forum, this_state, words_of
from declaration.errors import NotFound
from declaration.web.access import PUBLIC, allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session


def init_app(app: Flask) -> None:
    """Give templates ``notes_looks``: whether opening a text is noted for this reader."""
    app.jinja_env.globals["notes_looks"] = _notes_looks


@blueprint.post("/<forum>/sign/looked")
@allow("signatory")
def looked(forum: str) -> ResponseReturnValue:
    """Note that the reader has this version before the eyes; for nobody but the reader."""
    looks.note(current_session(), this_forum(), this_state(), current_actor(), request.form.get("digest", ""), now=now())
    return ("", 204) if request.headers.get("X-Fragment") else redirect(url_for("endorsements.sign", forum=forum))


@blueprint.get("/<forum>/fingerprint/<digest>")
@allow(PUBLIC)
def fingerprint(forum: str, digest: str) -> ResponseReturnValue:
    """A version by its digest, in figures large enough to hold two screens side by side."""
    state = this_state()
    require_reader(state, optional_actor(), now())
    version = state.versions.get(digest)
    if version is None:
        raise NotFound(
            _("No text of this record has this fingerprint."),
            code="version.unknown",
            instead=_("Do not sign what the other screen shows. Tell the secretariat, and keep that page open."),
        )
    return render_template(
        "endorsements/fingerprint.html", state=state, version=version, words=words_of(digest), groups=words_of(digest, 16),
        texts=state.version_text(digest).manifest.texts,
    )  # fmt: skip


def _notes_looks() -> bool:
    actor = optional_actor()
    return actor is not None and actor.role == "signatory"
