"""Pages: what was sent to the reader, what the reader wants by mail, the link that ends mails, and who is not reached.

Nothing here needs a script. Opening the link of a mail changes nothing, since mail scanners open links: its button does, and so does
the one click of a mail program (RFC 8058), which sends a POST without cookies.
"""

from __future__ import annotations

from email.headerregistry import Address
from pathlib import Path

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from declaration.config import SettingRefused
from declaration.notices import models, preferences, reaching
from declaration.notices.host import Words, host
from declaration.notices.letter import BadAddress, address
from declaration.notices.models import Notice
from declaration.notices.transport import transport_of
from declaration.web.access import PUBLIC, SIGNED_IN, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

__all__ = ["blueprint", "init_app", "models"]

blueprint = Blueprint("notices", __name__)
_ON_A_PAGE = 50
MODES = {
    "at_once": (_l("Everything, at once"), _l("A mail for each thing that happens and concerns you.")),
    "daily": (_l("Once a day"), _l("One mail at your hour with what happened and what wants you. What cannot wait comes at once.")),
    "mine": (_l("Only what waits for me"), _l("A mail when something waits for you personally, or cannot wait.")),
    "none": (_l("Nothing"), _l("No mail at all. You find everything on your pages, and hours run out without a mail.")),
}


def init_app(app: Flask) -> None:
    """Open the way out.

    :raises SettingRefused: ``MAIL_URL`` or ``MAIL_FROM`` cannot be meant.
    """
    app.extensions["mail-transport"] = transport_of(app.config["MAIL_URL"], instance=Path(app.instance_path))
    sender = app.config["MAIL_FROM"]
    try:
        Address(addr_spec=address(sender))
    except BadAddress:
        raise SettingRefused(
            "MAIL_FROM is not an address that mail can come from", instead="Give one such as no-reply@declaration.example."
        ) from None


@blueprint.get("/<forum>/messages")
@allow(SIGNED_IN)
def messages(forum: str) -> ResponseReturnValue:
    """What the reader was told, the newest first."""
    session, actor = current_session(), current_actor()
    page = request.args.get("page", "1")
    number = max(1, int(page)) if page.isascii() and page.isdigit() and len(page) <= 6 else 1
    query = select(Notice).where(Notice.person_id == actor.person_id).options(joinedload(Notice.mail))
    query = query.order_by(Notice.at.desc(), Notice.place.desc(), Notice.id).offset((number - 1) * _ON_A_PAGE)
    found = session.scalars(query.limit(_ON_A_PAGE + 1)).all()
    rows = [(one, _words(one), reaching.how(one)) for one in found[:_ON_A_PAGE]]
    mode = preferences.mode_of(preferences.preference_of(session, actor.person_id))
    return render_template("notices/messages.html", rows=rows, number=number, more=len(found) > _ON_A_PAGE, mode=MODES[mode][0])


def _words(notice: Notice) -> Words:
    try:
        return host().words(notice)
    except LookupError:  # told by words that this service no longer has
        return Words(_("There is news in the forum"), (), host().home())


@blueprint.get("/<forum>/mail")
@allow(SIGNED_IN)
def wishes(forum: str) -> ResponseReturnValue:
    """What the reader wants by mail."""
    found = preferences.preference_of(current_session(), current_actor().person_id)
    return render_template(
        "notices/wishes.html",
        modes=MODES,
        mode=preferences.mode_of(found),
        hour=found.hour if found is not None else preferences.DEFAULT_HOUR,
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        address=host().address(current_actor().person_id),
        zone=current_actor().time_zone,
    )


@blueprint.post("/<forum>/mail")
@allow(SIGNED_IN)
def choose(forum: str) -> ResponseReturnValue:
    """Keep what the reader wants."""
    actor, form = current_actor(), request.form
    preferences.choose(
        current_session(), actor.person_id, mode=form.get("mode", ""), hour=form.get("hour", str(preferences.DEFAULT_HOUR)),
        zone=actor.time_zone, now=now(),
    )  # fmt: skip
    flash(_("Kept."), "good")
    return redirect(url_for("notices.wishes", forum=forum), 303)


@blueprint.get("/<forum>/mail/unreached")
@allow("chair", "secretariat")
def unreached(forum: str) -> ResponseReturnValue:
    """Whom no mail reaches: somebody tells them in another way."""
    return render_template("notices/unreached.html", rows=reaching.unreached(current_session(), g.forum.id))


@blueprint.get("/mail/unsubscribe/<handle>")
@allow(PUBLIC)
def leave(handle: str) -> ResponseReturnValue:
    """Whose mails the link ends is not said: whoever has it knows."""
    found = preferences.by_handle(current_session(), handle)
    return render_template("notices/unsubscribe.html", handle=handle, over=found.mode == "none"), 200, _SECRET


@blueprint.post("/mail/unsubscribe/<handle>")
@allow(PUBLIC)
def end(handle: str) -> ResponseReturnValue:
    """No more mails to this person; told again, it is so already."""
    preferences.by_handle(current_session(), handle).mode = "none"
    return render_template("notices/unsubscribe.html", handle=handle, over=True), 200, _SECRET


_SECRET = {"Cache-Control": "no-store"}


def mail_is_filed() -> bool:
    """Whether mails are files on this machine."""
    return bool(current_app.extensions["mail-transport"].to_files)
