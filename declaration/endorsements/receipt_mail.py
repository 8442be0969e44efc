"""A receipt by e-mail: the file as it is, with the facts in words, to whoever signed and asks for it."""

from __future__ import annotations

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.endorsements.blueprint import blueprint, public_url, this_forum
from declaration.endorsements.receipt_routes import file_name, found_act, is_own
from declaration.endorsements.record_words import says
from declaration.errors import NotAllowed, Refused
from declaration.forums import queries as people
from declaration.notices.host import Reader
from declaration.notices.posting import post
from declaration.transparency import receipts
from declaration.web.access import SIGNED_IN, allow, current_actor
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.post("/<forum>/receipts/<digest>/mail")
@allow(SIGNED_IN)
def receipt_mail(forum: str, digest: str) -> ResponseReturnValue:
    """Send the receipt to the address of whoever asks; only to those whose act it is."""
    session, where, actor = current_session(), this_forum(), current_actor()
    found = found_act(digest)
    if not is_own(found.entry, actor):
        raise NotAllowed(
            _("This is the receipt of somebody else."), code="receipt.not-yours",
            instead=_("Save the file: it proves the same to everybody."),
        )
    person = people.person(session, where, actor.person_id)
    if not person.email:
        raise Refused(
            "no address of yours is known here",
            code="receipt.no-address",
            instead="Save the file, or tell the secretariat your address.",
        )
    title = where.short_title_in(language())
    reader = Reader(person.id, where.id, person.name, person.email, language(), person.time_zone, title)
    statement = found.entry.statement
    values = {
        "reader": reader, "found": found, "statement": statement, "says": says(statement.type),
        "address": public_url("endorsements.receipt", digest=digest), "verify": public_url("endorsements.verify"),
        "wishes": f"{current_app.config['PUBLIC_URL']}{url_for('notices.wishes', forum=g.forum.slug)}",
        "subject": _("Receipt: entry %(index)s of the record", index=found.index), "file_name": file_name(found.index),
    }  # fmt: skip
    sent = post(
        session, reader, subject=str(values["subject"]), text=render_template("endorsements/receipt_mail.txt", **values),
        html=render_template("endorsements/receipt_mail.html", **values), file=receipts.receipt(session, found.log, found.index),
        file_name=file_name(found.index),
    )  # fmt: skip
    if sent is None:
        flash(_("It is on its way to %(address)s already.", address=person.email))
    else:
        flash(_("The receipt is on its way to %(address)s.", address=person.email), "good")
    return redirect(url_for("endorsements.receipt", forum=forum, digest=digest), 303)
