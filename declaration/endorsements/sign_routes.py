"""The signing page of an organization's signatory: who you are, your organization's authority, the whole text, the sentence, the receipt.

Before the window, without an accredited key and after signing the page says what is so and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from declaration.credentials import acts, enrolment
from declaration.credentials.asking import key_of
from declaration.credentials.signing import Ask, signed_from_form
from declaration.credentials.states import current
from declaration.drafts import queries as drafts
from declaration.drafts import views
from declaration.drafts.reading import text_language
from declaration.endorsements import operations, register
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.models import Endorsement
from declaration.endorsements.sentence import Sentence, country_name, sentence
from declaration.errors import Malformed, Refused
from declaration.forums import queries as people
from declaration.forums.models import Person
from declaration.procedure import consequences
from declaration.procedure.state import Key, State
from declaration.protocol.statement import parse_statement
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language


@dataclass(frozen=True, slots=True)
class Way:
    """How far a signatory is.

    :ivar key: the accredited key, or None.
    :ivar key_status: ``none``, ``waiting``, ``second`` or ``accredited``.
    :ivar mandate: ``ok``, ``not-yet`` or ``expired``.
    :ivar opening: ``early`` (nothing adopted), ``adopted`` (not opened), ``ahead`` (opens later), ``open``, ``accession`` or ``closed``.
    :ivar signed: the organization's signature, or None.
    """

    person: Person
    country: str
    key: Key | None
    key_status: str
    mandate: str
    opening: str
    signed: Endorsement | None

    @property
    def ready(self) -> bool:
        """Whether the sentence can be signed now."""
        return self.signed is None and self.key is not None and self.mandate == "ok" and self.opening in ("open", "accession")

    @property
    def closing(self) -> bool:
        """Whether nothing more is to come."""
        return self.opening == "closed" or self.mandate == "expired"


@blueprint.get("/<forum>/sign")
@allow("signatory")
def sign(forum: str) -> ResponseReturnValue:
    """The five steps, as far as this signatory is."""
    state, moment = this_state(), now()
    way = _way(state, moment)
    if way.ready:
        return _ready(state, way, moment)
    withdrawal = None
    if way.signed is not None and way.signed.status != "withdrawn":
        withdrawal = acts.offer(current_session(), this_forum(), current_actor(), operations.WITHDRAW, way.signed.statement, now=moment)
    return render_template("endorsements/waiting.html", state=state, way=way, withdrawal=withdrawal)


@blueprint.post("/<forum>/sign")
@allow("signatory")
def sign_now(forum: str) -> ResponseReturnValue:
    """Record the signature and go to its receipt; the same statement again leads to the same receipt.

    A second signature of the organization is refused, and the first is shown.
    """
    session, found, signed = current_session(), this_forum(), signed_from_form()
    if parse_statement(signed.statement).type != operations.SIGN:
        raise Malformed(_("This is not a signature of the Declaration."), code="endorsement.type")
    try:
        recorded = acts.perform(session, found, signed, now=now())
    except Refused as refused:
        if refused.code != "endorsement.duplicate":
            raise
        session.rollback()  # a constraint that was hit leaves the transaction unusable, and nothing of it is wanted
        return _duplicate(parse_statement(signed.statement).by.party, parse_statement(signed.statement).digest, refused)
    return redirect(url_for("endorsements.receipt", forum=forum, digest=recorded.act.digest), 303)


def _ready(state: State, way: Way, moment: datetime) -> str:
    session, found, actor = current_session(), this_forum(), current_actor()
    version = state.versions[state.adopted or ""]
    loaded = drafts.version(session, found, version.digest)
    lang = text_language(loaded.texts, state.known.original)
    said = _sentence(state, way, lang)
    body = operations.body(state, actor, language=lang, content=operations.PLACEHOLDER, moment=moment)
    ask: Ask = acts.offer(
        session, found, actor, operations.SIGN, version.digest, body, now=moment,
        action=url_for("endorsements.sign_now", forum=found.slug), filled_in=True,
    )  # fmt: skip
    return render_template(
        "endorsements/sign.html",
        state=state,
        way=way,
        version=version,
        loaded=loaded,
        lang=lang,
        lines=views.version_lines(loaded, lang),
        numbers={row.id: row.number for row in loaded.manifest.units if row.number},
        authentic=[row.lang for row in loaded.manifest.texts if row.status == "authentic"],
        said=said,
        ask=ask,
    )


def _sentence(state: State, way: Way, lang: str) -> Sentence | None:
    """The sentence to sign; None where the person's office is not known, which the page says."""
    if not way.person.office or way.person.organization is None:
        return None
    return sentence(
        current_session(), this_forum(), state, language=lang, organization=way.person.organization, person=way.person.name,
        office=way.person.office,
    )  # fmt: skip


def _way(state: State, moment: datetime) -> Way:
    session, found, actor = current_session(), this_forum(), current_actor()
    person = people.person(session, found, actor.person_id)
    key = key_of(state, actor)
    country = country_name(found, (person.organization or {}).get("country", ""), language())
    return Way(
        person, country, key, "accredited" if key else _key_status(state, person), _mandate(key, moment), _opening(state, moment),
        register.of_party(session, found, actor.party),
    )  # fmt: skip


def _key_status(state: State, person: Person) -> str:
    made = enrolment.all_of(current_session(), person.id)
    if any(act["key"] == each.public for act in state.awaiting_accreditation.values() for each in made):
        return "second"
    return "waiting" if any(each.refused_at is None for each in made) else "none"


def _mandate(key: Key | None, moment: datetime) -> str:
    if key is None:
        return "ok"
    if key.valid_until is not None and moment >= key.valid_until:
        return "expired"
    return "not-yet" if key.valid_from is not None and moment < key.valid_from else "ok"


def _opening(state: State, moment: datetime) -> str:
    if state.adopted is None:
        return "early"
    if state.window is None:
        return "adopted"
    if moment < state.window.opens:
        return "ahead"
    return {"open_for_signature": "open", "accession_open": "accession"}.get(consequences.stage(state, moment), "closed")


def _duplicate(party: str, digest: str, refused: Refused) -> Response:
    session, found = current_session(), this_forum()
    state = current(session, found)
    row = register.of_party(session, found, party)
    page = render_template(
        "endorsements/duplicate.html", state=state, refused=refused, settled=digest,
        first=register.with_names(session, found, [row])[0] if row is not None else None,
        country=register.row_country(found, row, language()) if row is not None else "",
    )  # fmt: skip
    return Response(page, 409, content_type="text/html; charset=utf-8")
