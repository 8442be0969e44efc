"""Where signed acts come in, and where a page asks for the act that its form would be."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import (
    acts,
    alternate_pages,
    alternates,
    authority,
    authority_pages,
    enrolment,
    key_routes,
    letter_pages,
    lockout,
    models,
    outside_pages,
    rules_pages,
    sign_in_pages,
    signers,
)
from declaration.credentials.signing import answered, device, signed_from_form
from declaration.errors import Refused
from declaration.web import refusals
from declaration.web.access import SIGNED_IN, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.logs import inside

__all__ = ["blueprint", "init_app", "models"]

blueprint = Blueprint("credentials", __name__)


def init_app(app: Flask) -> None:
    """Prepare the registry of acts, and register the acts that give authority."""
    acts.init_app(app)
    acts.register(app, "constitution-v1", compose=enrolment.compose_constitution)
    acts.register(app, "accredit-v1", compose=enrolment.compose_accreditation)
    app.jinja_env.globals.update(signing_device=device, sentence=sentence)
    app.register_blueprint(key_routes.blueprint)
    signers.init_app(app)
    alternates.register(app)
    alternate_pages.init_app(app)
    rules_pages.init_app(app)
    letter_pages.init_app(app)
    authority.register(app)
    lockout.register(app)
    sign_in_pages.init_app(app)
    outside_pages.init_app(app)
    authority_pages.init_app(app)


@blueprint.post("/<forum>/act")
@allow(SIGNED_IN)
def act(forum: str) -> ResponseReturnValue:
    """Record one signed act and return to where it came from."""
    signed = signed_from_form()
    try:
        recorded = acts.perform(current_session(), g.forum, signed, now=now())
    except Refused as error:  # what was true when the page was drawn may have changed: say who was first, and what stands in the way
        raise acts.said(current_session(), g.forum, signed, error, now=now()) from error
    flash(_("Recorded as entry %(index)s of the record.", index=recorded.index), "good")
    flash(recorded.act.digest, "settled")  # tells the browser that this decision has arrived, so it keeps no copy to send again
    return answered(local_path(request.form.get("next", ""), f"/{forum}/home"))


@blueprint.post("/<forum>/act/compose")
@inside
@allow(SIGNED_IN)
def compose(forum: str) -> ResponseReturnValue:
    """The act that a filled form would be, as JSON, for the browser to complete and sign."""
    fields = request.form.to_dict()
    template = acts.compose(current_session(), g.forum, current_actor(), fields.get("type", ""), fields.get("object") or None, fields)
    return jsonify(act=template, namespace=f"{template['type']}@{template['log']}")


def local_path(wanted: str, otherwise: str) -> str:
    """``wanted`` where it is a path of this site, else ``otherwise``: a form cannot send anybody elsewhere."""
    good = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if good else otherwise


def sentence(words: str) -> str:
    """A refusal's message as a sentence in the reader's language, where its plain words are all that is known of it."""
    return refusals.as_sentence(words)
