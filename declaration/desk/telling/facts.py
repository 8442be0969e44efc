"""What a notice keeps of an act: identifiers, symbols and moments as plain JSON, enough for its sentence, its page and its readers.

Fields of bodies are found by the names that the procedure gives them, so a new act needs a row in the table and nothing here, unless
it names its object in a new way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from declaration.amendments.composing import short
from declaration.credentials.record import log_of
from declaration.credentials.states import current
from declaration.forums.models import Forum
from declaration.procedure.act import Act
from declaration.procedure.state import Amendment, State
from declaration.protocol.encoding import format_time
from declaration.protocol.entry import parse_entry
from declaration.protocol.statement import Statement
from declaration.transparency import queries

# The state of a record is made anew after each act. An endorsement needs none of it, and there are thousands of them.
_WITHOUT_STATE = ("endorsement.sign-v1",)
_HOURS = ("deadline", "expires", "closes", "report_by", "due", "until", "objections_until")
_ON_A_KEY = ("key.", "mandate.", "revoke-")
_PARTIES = ("delegation", "party")
_BY_TWO = ("key.reinstate-v1", "paper.attest-v1")
"""Acts that have no force before a second person of the secretariat has acted."""


def facts_of(session: Session, forum: Forum, act: Act) -> dict[str, Any]:
    """The facts of one act that was just recorded."""
    body, by = act.statement.body, act.statement.by
    found: dict[str, Any] = {"who": by.party, "role": by.role, "act": act.digest}
    _from_body(found, body)
    if act.type not in _WITHOUT_STATE:
        state = current(session, forum)
        _from_state(found, state, act)
        if act.object in state.digests and act.type.startswith(_ON_A_KEY):
            _of_key(found, _statement(session, forum, state, act.object))
        if act.type in _BY_TWO and by.role == "secretariat":
            found["awaits_second"] = found.pop("holder", {})
        if act.type == "second-v1":
            _of_second(found, state, _statement(session, forum, state, act.object))
    return found


def _from_body(found: dict[str, Any], body: Mapping[str, Any]) -> None:
    for name in _HOURS:
        if isinstance(body.get(name), str):
            found["until"] = body[name]
            break
    if isinstance(body.get("opens"), str):
        found["opens"] = body["opens"]
    if isinstance(body.get("language"), str):
        found["language"] = body["language"]
    for name in _PARTIES:
        if isinstance(body.get(name), str):
            found["party"] = body[name]
    units = [body["unit"]] if isinstance(body.get("unit"), str) else list(body.get("units") or ())
    if not units and isinstance(body.get("edits"), (list, tuple)):
        units = [edit["unit"] for edit in body["edits"] if edit.get("unit")]
    if units:
        found["units"] = list(dict.fromkeys(str(each) for each in units))
    if isinstance(body.get("facilitator"), str):
        found["facilitator"], found["group"] = body["facilitator"], list(body.get("members") or ())
    if isinstance(body.get("organization"), Mapping):
        found["organization"] = str(body["organization"].get("name", ""))
        found["country"] = str(body["organization"].get("country", ""))
    if "key" in body and "role" in body:
        # A signatory's key has no force before a second person has acted, and that is another act.
        name = "holder" if body["role"] != "signatory" else "awaits_second"
        found[name] = {"party": str(body["party"]), "role": str(body["role"])}


def _from_state(found: dict[str, Any], state: State, act: Act) -> None:
    named = act.object
    amendment = state.amendments.get(act.digest) or state.amendments.get(named)
    silence = state.silences.get(act.digest) or state.silences.get(named)
    if silence is not None:
        amendment = state.amendments.get(silence.proposal)
        found["units"] = list(silence.units)
        if silence.live:
            found["until"] = format_time(silence.expires)
    if amendment is not None:
        _of_amendment(found, state, amendment)
    if named in state.versions:
        found["version"] = state.versions[named].symbol
    statement = state.statements.get(named) or state.statements.get(act.digest)
    if statement is not None:
        found["party"] = statement.delegation
    credential = state.credentials.get(named) or state.credentials.get(act.digest)
    if credential is not None:
        found["party"] = credential.delegation
    endorsement = state.endorsements.get(named)
    if endorsement is not None:
        found["party"] = endorsement.party
    paper = state.papers.get(named)
    if paper is not None:
        found["party"], found["organization"] = paper.party, paper.name
    organization = state.organizations.get(state.brought_in.get(named) or state.brought_in.get(act.digest) or "")
    if organization is not None:
        found["party"], found["country"], found["organization"] = organization.party, organization.country, organization.name


def _of_amendment(found: dict[str, Any], state: State, amendment: Amendment) -> None:
    found["symbol"], found["proposer"] = short(state, amendment), amendment.proposer
    found["sponsors"] = list(amendment.sponsors)
    found["sources"] = [state.amendments[each].proposer for each in amendment.sources if each in state.amendments]
    if amendment.amends in state.amendments:
        found["amended"] = state.amendments[amendment.amends].proposer
    found.setdefault("units", list(amendment.units))


def _statement(session: Session, forum: Forum, state: State, digest: str) -> Statement:
    """An earlier statement of the record, by its digest."""
    return parse_entry(queries.entry(session, log_of(session, forum), state.digests[digest])).statement


def _of_key(found: dict[str, Any], accreditation: Statement) -> None:
    """Whose key an act is about: acts name a key by the statement that accredited it. An alternate's has no seat of its own."""
    body = accreditation.body
    if isinstance(body.get("party"), str) and isinstance(body.get("role"), str):
        found["holder"], found["party"] = {"party": body["party"], "role": body["role"]}, body["party"]


def _of_second(found: dict[str, Any], state: State, first: Statement) -> None:
    """Whose act was countersigned, and whose key it gave force to."""
    found["first"] = {"party": first.by.party, "role": first.by.role}
    paper = state.papers.get(first.digest)
    if paper is not None:
        found["on_paper"] = paper.party
    for key in state.keys.values():
        if first.type == "key.reinstate-v1" and key.accreditation == first.object:
            found["reinstated"] = {"party": key.party, "role": key.role}
        if key.accreditation == first.digest:
            found["holder"] = {"party": key.party, "role": key.role}
            found["organization"] = str((key.organization or {}).get("name", ""))
