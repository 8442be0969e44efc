"""``/<forum>/organizations/<party>``: one organization, from its documents to what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.credentials import acts, contents, sealed
from declaration.credentials.signing import Ask
from declaration.endorsements import entitlement
from declaration.endorsements import organizations as registering
from declaration.endorsements import register as reading
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.sentence import country_name
from declaration.errors import NotFound
from declaration.procedure import standing
from declaration.procedure.state import State
from declaration.web.access import Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

STATUS_WORDS: Mapping[str, tuple[str, object]] = {
    "registered": ("none", _l("Registered: no document yet")),
    "documents_due": ("wait", _l("Asked for more documents")),
    "under_review": ("wait", _l("Under review")),
    "verified": ("yes", _l("Verified")),
    "refused": ("no", _l("Refused")),
    "suspended": ("wait", _l("Suspended")),
    "struck_off": ("no", _l("Struck off")),
}
KIND_WORDS: Mapping[str, object] = {
    "extract": _l("Extract of the register"),
    "statute": _l("Statute"),
    "decision": _l("Decision that names the person"),
    "letter": _l("Letter of the organ or of an authority"),
    "other": _l("Other document"),
}
_NOTHING = "0" * 64
_log = structlog.get_logger("declaration.security")


@blueprint.get("/<forum>/organizations/<party>")
@allow("secretariat", "depositary", "head", "signatory")
def organization(forum: str, party: str) -> ResponseReturnValue:
    """What is known of one organization, and what this reader can do about it."""
    session, found, state, actor, moment = current_session(), this_forum(), this_state(), current_actor(), now()
    persons = entitlement.signatories_of(session, found, party)
    details = persons[0].organization or {}
    _admit(actor, party, details.get("country", ""))
    recorded = state.organizations.get(party)
    status = entitlement.status_of(session, found, state, party)
    reason = contents.read(session, found.id, recorded.reason) if recorded is not None and recorded.reason else None
    keys = [key for key in state.keys.values() if key.party == party]
    documents, may_open = entitlement.documents(session, found, party), entitlement.may_open(actor, party)
    return render_template(
        "endorsements/organization.html",
        state=state,
        party=party,
        details=details,
        country=country_name(found, details.get("country", ""), language()),
        persons=persons,
        recorded=recorded,
        status=status,
        statuses=STATUS_WORDS,
        kinds=KIND_WORDS,
        reason=(reason or {}).get("text"),
        moment=moment,
        hours_end=recorded.since + timedelta(hours=state.rules.concurrence_hours) if recorded is not None else None,
        documents=documents,
        openings=sealed.openings(session, [each.sealed_id for each in documents]) if may_open else {},
        requests=entitlement.requests(session, found, party),
        may_open=may_open,
        keys=[(key, standing.key_status(state, key, moment)) for key in keys],
        row=reading.of_party(session, found, party),
        asks=_asks(state, actor, party, details),
    )


@blueprint.get("/<forum>/concurrences")
@allow("head")
def of_country(forum: str) -> ResponseReturnValue:
    """The organizations of a head's country that are in the record, those that wait for the head first."""
    state, actor, moment = this_state(), current_actor(), now()
    hours = timedelta(hours=state.rules.concurrence_hours)
    found = [each for each in state.organizations.values() if each.country == actor.party]
    waits = {each.party for each in found if each.concurred is None and each.objected is None and moment < each.since + hours}
    found.sort(key=lambda each: (each.status != "under_review", each.party not in waits, each.since))
    return render_template(
        "endorsements/of_country.html", found=found, waits=waits, statuses=STATUS_WORDS, ends=lambda each: each.since + hours
    )


@blueprint.post("/<forum>/organizations/<party>/documents")
@allow("secretariat", "signatory")
def file_document(forum: str, party: str) -> ResponseReturnValue:
    """File one document, sealed."""
    session, found, actor = current_session(), this_forum(), current_actor()
    persons = entitlement.signatories_of(session, found, party)
    _admit(actor, party, (persons[0].organization or {}).get("country", ""))
    upload = request.files.get("document")
    body = upload.stream.read() if upload is not None else b""
    entitlement.file(session, found, actor, party, request.form.get("kind", ""), body, now=now())
    _log.info("organization.document", party=party, by=actor.person_id)
    flash(_("The document is filed, sealed."), "good")
    return redirect(url_for("endorsements.organization", forum=forum, party=party), 303)


@blueprint.post("/<forum>/organizations/<party>/requests")
@allow("secretariat")
def ask_for_more(forum: str, party: str) -> ResponseReturnValue:
    """Ask an organization for further documents."""
    session, found, actor = current_session(), this_forum(), current_actor()
    entitlement.signatories_of(session, found, party)
    entitlement.ask_for_more(session, found, actor, party, request.form.get("wanted", ""), now=now())
    flash(_("The organization sees what is missing."), "good")
    return redirect(url_for("endorsements.organization", forum=forum, party=party), 303)


@blueprint.post("/<forum>/organizations/<party>/signatories")
@allow("secretariat")
def add_signatory(forum: str, party: str) -> ResponseReturnValue:
    """Register a further person who signs for this organization. A link is issued in a second step."""
    given = request.form
    person = registering.add_signatory(
        current_session(), this_forum(), party, person=given.get("person", ""), office=given.get("office", "")
    )
    _log.info("organization.signatory", person=person.id, party=party, by=current_actor().person_id)
    flash(_("%(name)s is registered. Issue a link for %(person)s next.", name=party, person=person.name), "good")
    return redirect(url_for("endorsements.organizations", forum=forum, q=party), 303)


@blueprint.post("/<forum>/organizations/documents/<int:number>")
@allow("secretariat", "depositary", "signatory")
def document(forum: str, number: int) -> ResponseReturnValue:
    """The document itself, to be saved. That it was opened is written down, which is why a link alone does not open it."""
    session, where, actor = current_session(), this_forum(), current_actor()
    found = entitlement.document_for(session, where, actor, number)
    plain = sealed.opened(session, where, actor, found.sealed_id, now=now())
    _log.info("organization.document-opened", document=number, party=found.party, by=actor.person_id)
    return sealed.handed_out(plain, sealed.media_type(session, found.sealed_id), f"{found.kind}-{found.sha256[:8]}")


def _admit(actor: Actor, party: str, country: str) -> None:
    """A head knows of the organizations of the own country, a signatory of the own one."""
    if (actor.role == "head" and actor.party != country) or (actor.role == "signatory" and actor.party != party):
        raise NotFound(_("There is no such organization."), code="organization.unknown")


_OFFERED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "under_review": {"head": ("concur", "object"), "secretariat": ("verify", "refuse")},
    "verified": {"head": ("concur", "object"), "secretariat": ("suspend", "strike_off"), "depositary": ("suspend",)},
    "suspended": {"secretariat": ("reinstate", "strike_off")},
}


def _asks(state: State, actor: Actor, party: str, details: Mapping[str, str]) -> dict[str, Ask]:
    recorded = state.organizations.get(party)
    if recorded is None or recorded.status == "refused":
        may = actor.role in ("secretariat", "head") and state.constitution is not None and details.get("country") in state.known.delegations
        return {"present": _present(state, actor, party)} if may else {}
    bodies: dict[str, dict[str, Any] | None] = {
        "verify": {"concurrence": recorded.concurred, "content": _NOTHING},
        "strike_off": {"document": _NOTHING, "content": _NOTHING},
        "concur": {},
    }
    offered = _OFFERED.get(recorded.status, {}).get(actor.role, ())
    if recorded.concurred is not None:
        offered = tuple(each for each in offered if each not in ("concur", "object"))
    return {
        name: acts.offer(
            current_session(), this_forum(), actor, f"organization.{name}-v1", recorded.digest, bodies.get(name), now=now(),
            filled_in=bool(bodies.get(name)),
        )
        for name in offered
    }  # fmt: skip


def _present(state: State, actor: Actor, party: str) -> Ask:
    session, found = current_session(), this_forum()
    body = entitlement.presentation(session, found, party, content=_NOTHING)
    return acts.offer(session, found, actor, entitlement.PRESENT, state.known.digest, body, now=now(), filled_in=True)
