"""The acts on one paragraph that a reader has: the Chair's in the meeting, the secretariat's, and a head's reserve.

Each is there with its button, ready to be signed or with the reason why not. What is never the reader's is left out. The forms are in
``templates/adoption/parts.html``, the bodies in :mod:`declaration.adoption.paragraphs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.adoption.saying import said
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time
from declaration.web.access import Actor

_CONTENT = "0" * 64


@dataclass(frozen=True, slots=True)
class UnitOffer:
    """One act for a page.

    :ivar fields: what the person fills in: ``reason``, ``until``, ``group``, ``after``, ``present``, ``text``, ``setting``, ``expires``.
    :ivar confirm: said before an act that cannot be taken back.
    :ivar reason: what the field of the reason is called.
    """

    name: str
    label: str
    ask: Ask
    unit: str = ""
    fields: tuple[str, ...] = ()
    why: str = ""
    confirm: str = ""
    reason: str = ""
    main: bool = False


def on_paragraph(session: Session, forum: Forum, state: State, actor: Actor | None, unit: str, *, now: datetime) -> list[UnitOffer]:
    """The reader's acts on one paragraph at this stage; none where it is only proposed."""
    if actor is None or state.current is None or (unit not in state.units and unit not in state.gone):
        return []
    maker = _Maker(session, forum, state, actor, unit, now)
    match actor.role:
        case "chair":
            return maker.chair() if state.stage == "second_reading" else []
        case "secretariat":
            return maker.secretariat()
        case "head":
            return maker.head() if state.stage == "second_reading" else []
        case _:
            return []


@dataclass(frozen=True, slots=True)
class _Maker:
    session: Session
    forum: Forum
    state: State
    actor: Actor
    unit: str
    now: datetime

    def chair(self) -> list[UnitOffer]:
        if self.unit in self.state.gone:
            body = {"unit": self.unit, "after": self._place(), "content": _CONTENT}
            return [
                UnitOffer("restore", _("Restore the paragraph"), self._ask("restore", body), self.unit, ("after", "reason"),
                          _("It comes back in the words that it had, in brackets."), reason=_("Minute"))
            ]  # fmt: skip
        status = consequences.paragraph_status(self.state, self.unit)
        settled = status in ("agreed_ad_ref", "reserved")
        unit = self.state.units[self.unit]
        about = {"unit": self.unit, "content": _CONTENT}
        reopen = UnitOffer("reopen", _("Reopen"), self._ask("reopen", about), self.unit, ("reason",),
                           _("It is in brackets again; agreement and reserves fall."), reason=_("Minute"))  # fmt: skip
        found = [] if settled else [self._agree()]
        found += [
            UnitOffer("refer_to_small_group", _("Refer to a small group"), self._ask("refer_to_small_group", self._group()), self.unit,
                      ("group", "reason"), _("It settles the paragraph and reports at the hour that you set."),
                      reason=_("What it settles")),
            UnitOffer("delete", _("Delete as agreed"), self._ask("delete", {**about, "base": unit.sha256}), self.unit, ("reason",),
                      confirm=_("The paragraph goes out of the text. It can be restored until the text is agreed."), reason=_("Minute")),
        ]  # fmt: skip
        return [*found, reopen] if not settled else [reopen, *found]

    def _agree(self) -> UnitOffer:
        ask = agree(self.session, self.forum, self.state, self.actor, [self.unit], now=self.now)
        why = _("Agreed ad referendum in these very words.")
        return UnitOffer("agree_ad_ref", _("Put to the meeting: no objection"), ask, self.unit, ("present",), why, main=True)

    def secretariat(self) -> list[UnitOffer]:
        found = []
        about = {"unit": self.unit, "content": _CONTENT}
        if self.unit in self.state.groups:
            found.append(
                UnitOffer("report_back", _("Report back from the small group"), self._ask("report_back", about), self.unit, ("reason",),
                          _("The paragraph is before the meeting again."), reason=_("Report of the group"), main=True)
            )  # fmt: skip
        if self.unit in self.state.units and self.state.stage in ("second_reading", "agreed_ad_ref", "legal_review"):
            edit = {"base": self.state.units[self.unit].sha256, "op": "replace", "splices": [[0, 0, "—"]], "unit": self.unit}
            found.append(
                UnitOffer("correct_editorially", _("Propose an editorial correction"),
                          self._ask("correct_editorially", {"edits": [edit], "content": _CONTENT}), self.unit, ("text", "reason"),
                          _("In force when the Chair has countersigned. Every head sees it listed."), reason=_("Why it changes no meaning"))
            )  # fmt: skip
        return found

    def head(self) -> list[UnitOffer]:
        placed = self.state.reserves.get(self.unit, ())
        if any(each.delegation == self.actor.party for each in placed):
            return [
                UnitOffer("lift_reserve", _("Lift the reserve"), self._ask("lift_reserve", {"unit": self.unit}), self.unit,
                          why=_("Your delegation then agrees to the paragraph, ad referendum."), main=True)
            ]  # fmt: skip
        if self.unit in self.state.gone:
            return []
        body = {"unit": self.unit, "until": None, "content": _CONTENT}
        return [
            UnitOffer("place_reserve", _("Place a reserve"), self._ask("place_reserve", body), self.unit, ("until", "reason"),
                      _("Your delegation holds its agreement back. The text is not agreed while a reserve stands."))
        ]  # fmt: skip

    def _group(self) -> dict[str, Any]:
        members = list(self.state.known.delegations)[:2]
        later = format_time(self.now + timedelta(hours=1))
        return {"unit": self.unit, "members": members, "facilitator": members[0], "report_by": later, "content": _CONTENT}

    def _place(self) -> str | None:
        after = self.state.gone[self.unit][1]
        while after is not None and after in self.state.gone:
            after = self.state.gone[after][1]
        return after

    def _ask(self, name: str, body: Mapping[str, Any]) -> Ask:
        ask = acts.offer(
            self.session, self.forum, self.actor, f"paragraph.{name}-v1", self.state.current, body, now=self.now, filled_in=True
        )
        return said(self.forum, self.state, ask, [self.unit])


def agree(session: Session, forum: Forum, state: State, actor: Actor, units: list[str], *, now: datetime) -> Ask:
    """The Chair puts paragraphs to the meeting, in the words that they have."""
    body = {
        "units": {unit: state.units[unit].sha256 for unit in units},
        "present": sorted(state.known.delegations),
        "content": _CONTENT,
    }
    ask = acts.offer(session, forum, actor, "paragraph.agree_ad_ref-v1", state.current, body, now=now, filled_in=True)
    return said(forum, state, ask, units)


def can_be_agreed(state: State, unit: str) -> bool:
    """Whether nothing but the meeting's word stands between a paragraph and *agreed ad referendum*."""
    if unit not in state.units or consequences.paragraph_status(state, unit) not in ("open", "bracketed"):
        return False
    return not any(each.open for each in consequences.proposals_on(state, unit))


def present_before(state: State) -> tuple[str, ...]:
    """Who was in the room when a paragraph was put to the meeting last; all delegations before the first."""
    put = [each for each in state.agreements.values() if each.content is not None]
    return max(put, key=lambda each: each.at).present if put else tuple(state.known.delegations)
