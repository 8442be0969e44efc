"""The signing page of an organization's signatory: who you are, your organization's authority, the whole text, the sentence, the receipt.

Before the window, without an accredited key and after signing the page says what is so and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from declaration.credentials import acts, enrolment, together
from declaration.credentials.asking import key_of
from declaration.credentials.signing import Ask, answered, signed_from_form
from declaration.credentials.states import current
from declaration.drafts import queries as drafts
from declaration.drafts import views
from declaration.drafts.reading import text_language
from declaration.endorsements import looks, offline, operations, register
from declaration.endorsements.blueprint import blueprint, public_url, this_forum, this_state, words_of
from declaration.endorsements.examination import COUNTERSIGN, story
from declaration.endorsements.examination_pages import DOUBT_WORDS, STEP_WORDS
from declaration.endorsements.models import Endorsement
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.sentence import Sentence, country_name, sentence
from declaration.errors import Malformed, Refused
from declaration.forums import queries as people
from declaration.forums.models import Person
from declaration.procedure import consequences
from declaration.procedure.standing import key_status
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
    :ivar key_status: ``none``, ``waiting``, ``second``, ``accredited``, ``suspended`` or ``revoked``.
    :ivar mandate: ``ok``, ``not-yet``, ``expired`` or ``revoked``.
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
        unsigned = self.signed is None or self.signed.status in ("refused", "annulled")
        usable = self.key_status == "accredited" and self.mandate == "ok"
        return unsigned and usable and self.opening in ("open", "accession")

    @property
    def closing(self) -> bool:
        """Whether nothing more is to come."""
        return self.opening == "closed" or self.mandate in ("expired", "revoked")


@blueprint.get("/<forum>/sign")
@allow("signatory")
def sign(forum: str) -> ResponseReturnValue:
    """The five steps, as far as this signatory is."""
    state, moment = this_state(), now()
    way = _way(state, moment)
    if way.ready:
        return _ready(state, way, moment)
    second = _second_signature(state, way)
    if second is not None:
        return _ready(state, way, moment, second=second)
    withdrawal = None
    if way.signed is not None and way.signed.status in ("counted", "listed", "held"):
        withdrawal = acts.offer(current_session(), this_forum(), current_actor(), operations.WITHDRAW, way.signed.statement, now=moment)
    standing_one = state.endorsements[way.signed.statement] if way.signed is not None else None
    return render_template(
        "endorsements/waiting.html", state=state, way=way, withdrawal=withdrawal, standing=standing_one, doubts=DOUBT_WORDS,
        steps=STEP_WORDS, story=story(current_session(), this_forum(), state, standing_one) if standing_one is not None else [],
    )  # fmt: skip


def _second_signature(state: State, way: Way) -> str | None:
    """The signature that waits for this person's: digest, or None where it is not this person's to give."""
    signed = state.endorsements.get(way.signed.statement) if way.signed is not None else None
    if signed is None or way.key is None or way.mandate != "ok" or signed.status != "held":
        return None
    waits = signed.joint and signed.countersigned is None and way.key.joint
    return signed.digest if waits and state.keys[signed.key].mandate != way.key.mandate else None


@blueprint.post("/<forum>/sign")
@allow("signatory", reads_only=True)
def sign_now(forum: str) -> ResponseReturnValue:
    """Record the signature and go to its receipt; the same statement again leads to the same receipt.

    A second signature of the organization is refused, and the first is shown. This request's own transaction only reads: the signature
    is recorded with those of others who sign at this moment, in one that is committed before the answer.
    """
    session, found, signed = current_session(), this_forum(), signed_from_form()
    if parse_statement(signed.statement).type != operations.SIGN:
        raise Malformed(_("This is not a signature of the Declaration."), code="endorsement.type")
    try:
        recorded = together.perform(session, found, signed, now=now())
    except Refused as refused:
        if refused.code != "endorsement.duplicate":
            raise
        return duplicate_page(parse_statement(signed.statement).by.party, parse_statement(signed.statement).digest, refused)
    return answered(url_for("endorsements.receipt", forum=forum, digest=recorded.act.digest))


def _ready(state: State, way: Way, moment: datetime, *, second: str | None = None) -> str:
    session, found, actor = current_session(), this_forum(), current_actor()
    version = state.versions[state.adopted or ""]
    loaded = drafts.version(session, found, version.digest)
    lang = text_language(loaded.texts, state.known.original)
    said = _sentence(state, way, lang)
    body = operations.body(session, state, actor, language=lang, content=operations.PLACEHOLDER, moment=moment)
    if second is None:
        ask: Ask = acts.offer(
            session, found, actor, operations.SIGN, version.digest, body, now=moment,
            action=url_for("endorsements.sign_now", forum=found.slug), filled_in=True,
        )  # fmt: skip
    else:
        given = {name: body[name] for name in ("language", "texts", "content")}
        ask = acts.offer(session, found, actor, COUNTERSIGN, second, given, now=moment, filled_in=True)
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
        since=looks.since(session, found, state, actor, version.digest, lang, now=moment),
        code=qr_svg(
            public_url("endorsements.fingerprint", digest=version.digest), _("A code with the address of this text’s fingerprint"), scale=3
        ),
        groups=words_of(version.digest, 16),
        prepared=len(offline.waiting(session, found, actor)),
        said=said,
        ask=ask,
        second=second,
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
    key = key_of(state, actor, among=enrolment.own_keys(session, state, actor))
    country = country_name(found, (person.organization or {}).get("country", ""), language())
    status = _of_key(state, key, moment) if key is not None else _key_status(state, person)
    signed = register.of_party(session, found, actor.party)
    return Way(person, country, key, status, _mandate(key, moment), _opening(state, moment), signed)


def _of_key(state: State, key: Key, moment: datetime) -> str:
    found = key_status(state, key, moment)
    return found if found in ("suspended", "revoked") else "accredited"


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
    if key.mandate_revoked is not None and moment >= key.mandate_revoked:
        return "revoked"
    return "not-yet" if key.valid_from is not None and moment < key.valid_from else "ok"


def _opening(state: State, moment: datetime) -> str:
    if state.adopted is None:
        return "early"
    if state.window is None:
        return "adopted"
    if moment < state.window.opens:
        return "ahead"
    return {"open_for_signature": "open", "accession_open": "accession"}.get(consequences.stage(state, moment), "closed")


def duplicate_page(party: str, digest: str, refused: Refused) -> Response:
    """A second signature of an organization is refused, and the first is shown."""
    session, found = current_session(), this_forum()
    state = current(session, found)
    row = register.of_party(session, found, party)
    page = render_template(
        "endorsements/duplicate.html", state=state, refused=refused, settled=digest,
        first=register.with_names(session, found, [row])[0] if row is not None else None,
        country=register.row_country(found, row, language()) if row is not None else "",
    )  # fmt: skip
    return Response(page, 409, content_type="text/html; charset=utf-8")
