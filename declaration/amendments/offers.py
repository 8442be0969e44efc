"""The acts on one proposal that a reader has now, each with its reason where it is not available."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.amendments.composers import carried_over, result_hashes
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.errors import DeclarationError
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State
from declaration.web.access import Actor

_PLACEHOLDER = "0" * 64


class Asker(Protocol):
    """Asks whether one act on the proposal is possible; ``body`` as in :func:`declaration.credentials.acts.offer`."""

    def __call__(self, name: str, body: dict[str, Any] | None, *, filled_in: bool = False) -> Ask: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """An act with its words for a page. ``reason`` asks for one; ``grave`` cannot be taken back."""

    name: str
    label: str
    ask: Ask
    reason: bool = False
    grave: bool = False
    why: str = ""
    target: tuple[tuple[str, str], ...] = ()


def on_proposal(
    session: Session, forum: Forum, state: State, actor: Actor, amendment: Amendment, *, now: datetime, every: bool = False
) -> list[Offer]:
    """What ``actor`` may do with one proposal now; what is never theirs is left out.

    :param every: also what a head may do with it at other times, each with the reason why not now: for the proposal's own page.
    """

    def offer(name: str, body: dict[str, Any] | None, *, filled_in: bool = False) -> Ask:
        return acts.offer(session, forum, actor, f"amendment.{name}-v1", amendment.digest, body, now=now, filled_in=filled_in)

    status = consequences.amendment_status(state, amendment)
    match actor.role:
        case "chair":
            return _for_chair(state, amendment, status, offer)
        case "secretariat":
            return [Offer("admit", _("Admit as in order"), offer("admit", {}))] if status == "submitted" else []
        case "head":
            found = _for_head(state, actor, amendment, status, offer)
            return found + _at_other_times(actor, amendment, found, offer) if every else found
        case _:
            return []


def _for_chair(state: State, amendment: Amendment, status: str, ask: Asker) -> list[Offer]:
    found: list[Offer] = []
    if status == "late":
        return [
            Offer("grant_leave", _("Give leave"), ask("grant_leave", {"content": _PLACEHOLDER}, filled_in=True), why=_("Nobody objects.")),
            Offer("refuse_leave", _("Refuse leave"), ask("refuse_leave", None), reason=True),
        ]
    if status == "admitted":
        try:
            body: dict[str, Any] = {"result": result_hashes(state, amendment.digest), "content": _PLACEHOLDER}
        except DeclarationError:
            body = {"result": {amendment.units[0]: _PLACEHOLDER}, "content": _PLACEHOLDER}
        found.append(Offer("accept", _("Accept: no objection"), ask("accept", body, filled_in=True), why=_("Put it to the meeting first.")))
    if status in ("admitted", "stale"):
        targets = tuple(
            (each.digest, each.symbol.removeprefix(state.declaration + "/"))
            for each in state.amendments.values()
            if each.status == "admitted" and (amendment.digest in each.sources or each.amends == amendment.digest)
        )
        if targets:
            found.append(
                Offer("park", _("Park: taken up elsewhere"), ask("park", {"target": targets[0][0]}, filled_in=True), target=targets)
            )
        found.append(Offer("not_retain", _("Not retain"), ask("not_retain", None), reason=True))
    if status in ("submitted", "admitted"):
        found.append(Offer("rule_inadmissible", _("Rule inadmissible"), ask("rule_inadmissible", None), reason=True))
    if status == "stale":
        found.append(Offer("lapse", _("Let it lapse"), ask("lapse", None), reason=True))
    return found


def _for_head(state: State, actor: Actor, amendment: Amendment, status: str, ask: Asker) -> list[Offer]:
    own = amendment.proposer == actor.party
    found: list[Offer] = []
    if own:
        if status == "stale":
            try:
                edits: list[dict[str, Any]] = carried_over(state, amendment)
            except DeclarationError:  # it cannot be: the rule that refuses the old edits says why
                edits = [dict(edit) for edit in amendment.edits]
            found.append(
                Offer("rebase", _("Confirm against the new words"), ask("rebase", {"edits": edits}, filled_in=True),
                      why=_("Your change is carried over as shown."))
            )  # fmt: skip
        if status == "parked":
            found.append(Offer("revive", _("Revive"), ask("revive", {})))
        if status in ("submitted", "late", "admitted", "parked", "stale"):
            found.append(Offer("withdraw", _("Withdraw"), ask("withdraw", None), reason=True, grave=True))
    elif status == "withdrawn":
        found.append(Offer("take_over", _("Take over"), ask("take_over", {})))
    elif status == "admitted" and actor.party in amendment.sponsors:
        found.append(Offer("leave_sponsorship", _("Leave as co-sponsor"), ask("leave_sponsorship", {})))
    elif status == "admitted" and amendment.kind != "chair_text":  # a bridge belongs to nobody's side
        found.append(Offer("join", _("Join as co-sponsor"), ask("join", {})))
    return found


def _at_other_times(actor: Actor, amendment: Amendment, found: list[Offer], ask: Asker) -> list[Offer]:
    """What a head may do with a proposal when it is in another state; the rules say why not now."""
    if amendment.kind == "chair_text":
        return []
    if amendment.proposer == actor.party:
        names = {"revive": _("Revive"), "withdraw": _("Withdraw")}
    elif actor.party in amendment.sponsors:
        names = {"leave_sponsorship": _("Leave as co-sponsor")}
    else:
        names = {"join": _("Join as co-sponsor"), "take_over": _("Take over")}
    here = {each.name for each in found}
    more = [Offer(name, label, ask(name, None if name == "withdraw" else {})) for name, label in names.items() if name not in here]
    return [each for each in more if each.ask.refusal is not None]
