"""``/<forum>/register/organizations/<party>``: the one address of an organization, whatever became of its signature."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.drafts.reading import require_reader
from declaration.endorsements import register as reading
from declaration.endorsements import story
from declaration.endorsements.blueprint import blueprint, public_url, this_forum, this_state
from declaration.endorsements.examination_pages import DOUBT_WORDS, STATUS_WORDS
from declaration.endorsements.lapses import lapse_of
from declaration.endorsements.record_pages import RAW_FILES
from declaration.endorsements.sentence import country_name
from declaration.endorsements.sharing import Links
from declaration.errors import NotFound
from declaration.forums.delegations import delegation, is_delegation
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@blueprint.get("/<forum>/register/organizations/<party>")
@allow(PUBLIC)
def organization_page(forum: str, party: str) -> ResponseReturnValue:
    """Where it stands, every act in order with its files, and its keys and mandates."""
    session, found, state, moment = current_session(), this_forum(), this_state(), now()
    require_reader(state, optional_actor(), moment)
    organization = story.known(state, party)
    if organization is None:
        raise NotFound(
            _("The record knows no such organization."), code="organization.unknown",
            instead=_("Search the register for its name or its registration number."),
        )  # fmt: skip
    country = organization["country"]
    row = reading.of_party(session, found, party)
    return render_template(
        "endorsements/story.html",
        state=state,
        party=party,
        organization=organization,
        name_language=delegation(found, country).languages[0] if is_delegation(found, country) else found.original,
        country=country_name(found, country, language()),
        row=row,
        listed=reading.with_names(session, found, [row])[0] if row is not None else None,
        endorsement=state.endorsements.get(row.statement) if row is not None else None,
        entitled=state.organizations.get(party),
        acts=story.acts(session, found, party, language()),
        files=lambda index: [(name, url_for("endorsements.record_file", forum=forum, index=index, name=name)) for name in RAW_FILES],
        keys=story.keys(state, party, moment),
        key_status=story.KEY_STATUS,
        statuses=STATUS_WORDS,
        doubts=DOUBT_WORDS,
        lapse=lapse_of(found, state, party, moment, language()),
        shared=Links(public_url("endorsements.organization_page", party=party)),
    )
