"""``/<forum>/register/paper``: signatures on paper, apart from the register; and one organization's, from the scan to what became of it."""

from __future__ import annotations

from typing import Any

import structlog
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials import acts, contents, sealed
from declaration.credentials.signing import Ask
from declaration.endorsements import entitlement, paper_signatures
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.models import PaperScan
from declaration.endorsements.sentence import country_name
from declaration.errors import NotFound
from declaration.procedure import papers
from declaration.procedure.state import State
from declaration.web.access import PUBLIC, Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

_NOTHING = "0" * 64
_log = structlog.get_logger("declaration.security")


@blueprint.get("/<forum>/register/paper")
@allow(PUBLIC)
def on_paper(forum: str) -> ResponseReturnValue:
    """Organizations whose signature on paper two persons attest: those that have not signed with a key first."""
    session, found, state = current_session(), this_forum(), this_state()
    rows = [(each, papers.paper_status(state, each), papers.replaced_by(state, each)) for each in state.papers.values()]
    rows.sort(key=lambda row: ("attested", "replaced", "set_aside").index(row[1]))
    return render_template(
        "endorsements/on_paper.html",
        state=state,
        rows=rows,
        listed=sum(status == "attested" for _each, status, _by in rows),
        country_of=lambda country: country_name(found, country, language()),
        notes=contents.read_many(session, found.id, [each.content for each, _status, _by in rows], audiences=("public",)),
        entry_of=lambda digest: state.digests[digest],
    )


@blueprint.get("/<forum>/organizations/<party>/paper")
@allow("secretariat", "depositary", "signatory")
def paper(forum: str, party: str) -> ResponseReturnValue:
    """One organization's signature on paper."""
    session, found, state, actor = current_session(), this_forum(), this_state(), current_actor()
    persons = _admitted(actor, party)
    scans = paper_signatures.scans(session, found, party)
    attested = [each for each in state.papers.values() if each.party == party]
    waiting = [act for act, of in paper_signatures.waiting(state) if of == party]
    return render_template(
        "endorsements/paper.html",
        state=state,
        party=party,
        details=persons[0].organization or {},
        recorded=state.organizations.get(party),
        scans=scans,
        openings=sealed.openings(session, [each.sealed_id for each in scans]),
        attested=[(each, papers.paper_status(state, each), papers.replaced_by(state, each)) for each in attested],
        waiting=waiting,
        notes=contents.read_many(session, found.id, [*(each.content for each in attested), *(str(act["content"]) for act in waiting)]),
        attest=_attest(state, actor, party, scans),
        seconds=_seconds(state, actor, party),
        set_aside={each.digest: _offer(actor, paper_signatures.SET_ASIDE, each.digest) for each in attested if actor.role == "depositary"},
        entry_of=lambda digest: state.digests[digest],
    )


@blueprint.post("/<forum>/organizations/<party>/paper")
@allow("secretariat")
def file_scan(forum: str, party: str) -> ResponseReturnValue:
    """File the scan of a signature on paper, sealed."""
    actor, upload = current_actor(), request.files.get("scan")
    _admitted(actor, party)
    body = upload.stream.read() if upload is not None else b""
    paper_signatures.file(current_session(), this_forum(), actor, party, body, now=now())
    _log.info("paper.scan", party=party, by=actor.person_id)
    flash(_("The scan is filed, sealed. Attest it next."), "good")
    return redirect(url_for("endorsements.paper", forum=forum, party=party), 303)


@blueprint.post("/<forum>/paper/<int:number>")
@allow("secretariat", "depositary", "signatory")
def open_scan(forum: str, number: int) -> ResponseReturnValue:
    """The scan itself, to be saved. That it was opened is written down."""
    session, where, actor = current_session(), this_forum(), current_actor()
    found = paper_signatures.scan_for(session, where, actor, number)
    plain = sealed.opened(session, where, actor, found.sealed_id, now=now())
    _log.info("paper.scan-opened", scan=number, party=found.party, by=actor.person_id)
    return sealed.handed_out(plain, sealed.media_type(session, found.sealed_id), f"paper-{found.sha256[:8]}")


def _admitted(actor: Actor, party: str) -> list[Any]:
    if actor.role == "signatory" and actor.party != party:
        raise NotFound(_("There is no such organization."), code="organization.unknown")
    return entitlement.signatories_of(current_session(), this_forum(), party)


def _attest(state: State, actor: Actor, party: str, scans: list[PaperScan]) -> Ask | None:
    """The first person's act, once there is a scan and the organization is in the record."""
    recorded = state.organizations.get(party)
    if actor.role != "secretariat" or not scans or recorded is None or papers.paper_of(state, party) is not None:
        return None
    if state.adopted is None or any(of == party for _act, of in paper_signatures.waiting(state)):
        return None
    body = paper_signatures.body(state, scans[0], _NOTHING)
    return acts.offer(current_session(), this_forum(), actor, paper_signatures.ATTEST, recorded.digest, body, now=now(), filled_in=True)


def _seconds(state: State, actor: Actor, party: str) -> dict[str, Ask]:
    if actor.role != "secretariat":
        return {}
    return {act.digest: _offer(actor, "second-v1", act.digest) for act, of in paper_signatures.waiting(state) if of == party}


def _offer(actor: Actor, type_: str, object_: str) -> Ask:
    return acts.offer(current_session(), this_forum(), actor, type_, object_, now=now())
