"""What the Chair's table shows beside the proposals: who stands where, what was done last, what the Chair may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.amendments.composing import next_symbol, short
from declaration.amendments.proposals import Paragraph, Proposal
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.drafts import views
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.act import act_of
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.web.access import Actor
from declaration.web.i18n import language

TABLE = "amendment.table_chair_text-v1"
LAST_ENTRIES = 300
"""How far back in the record the last acts on a unit are looked for."""
_MOST_ACTS = 8

_SAYS: Mapping[str, object] = {
    "submit": _l("%(who)s submits %(symbol)s"),
    "submit_late": _l("%(who)s submits %(symbol)s late"),
    "grant_leave": _l("%(who)s gives leave to %(symbol)s"),
    "refuse_leave": _l("%(who)s refuses leave to %(symbol)s"),
    "admit": _l("%(symbol)s is admitted"),
    "rule_inadmissible": _l("%(who)s rules %(symbol)s inadmissible"),
    "table_chair_text": _l("%(who)s tables %(symbol)s"),
    "join": _l("%(who)s joins %(symbol)s"),
    "leave_sponsorship": _l("%(who)s leaves %(symbol)s"),
    "rebase": _l("%(who)s confirms %(symbol)s against the new words"),
    "lapse": _l("%(symbol)s lapses"),
    "accept": _l("%(symbol)s: no objection, accepted"),
    "park": _l("%(symbol)s is parked"),
    "revive": _l("%(who)s revives %(symbol)s"),
    "not_retain": _l("%(symbol)s is not retained"),
    "withdraw": _l("%(who)s withdraws %(symbol)s"),
    "take_over": _l("%(who)s takes over %(symbol)s"),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """One delegation, as far as the record says where it stands on a unit."""

    tag: str
    name: str
    lang: str
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class Done:
    """One act on a unit."""

    at: datetime
    words: str
    index: int


def stands(state: State, forum: Forum, unit: str) -> list[Stand]:
    """Who proposes, who has joined, who says nothing; once the text is agreed, who has confirmed it."""
    code = language()
    open_ones = [each for each in consequences.proposals_on(state, unit) if each.open]
    given = consequences.confirmations(state)
    found = []
    for each in in_order(forum, code):
        sign, word = "none", str(_("silent"))
        if state.stage == "agreed_ad_ref":
            status = given[each.id].status if each.id in given else "pending"
            sign, word = {
                "confirmed": ("yes", str(_("confirmed"))), "objected": ("no", str(_("withheld"))), "pending": ("wait", str(_("not yet"))),
            }[status]  # fmt: skip
        elif any(one.proposer == each.id for one in open_ones):
            sign, word = "yes", str(_("moved"))
        elif any(each.id in one.sponsors for one in open_ones):
            sign, word = "yes", str(_("joined"))
        found.append(Stand(each.tag(code), each.name(code), each.name_language(code), sign, word))
    return found


def last_acts(session: Session, forum: Forum, state: State, unit: str) -> list[Done]:
    """The last acts on the proposals to a unit, the newest first."""
    symbols = {each.digest: short(state, each) for each in consequences.proposals_on(state, unit)}
    log = queries.find_log(session, forum.origin)
    if log is None or not symbols:
        return []
    found = []
    for index, raw in queries.entries(session, log, max(0, state.size - LAST_ENTRIES), state.size):
        act = act_of(parse_entry(raw), index)
        machine, _dot, name = act.type.removesuffix("-v1").partition(".")
        symbol = symbols.get(act.digest) or symbols.get(act.object)
        if machine == "amendment" and symbol is not None and name in _SAYS:
            who = views.party_name(forum, act.statement.by.party, language())
            found.append(Done(act.at, str(_SAYS[name]) % {"who": who, "symbol": symbol}, index))
    return found[::-1][:_MOST_ACTS]


def chair_text(session: Session, forum: Forum, state: State, actor: Actor, page: Paragraph, *, now: datetime) -> Ask | None:
    """The Chair's own text on a unit: whether it can be tabled now. None where there are no words to begin from."""
    if page.unit is None:
        return None
    # Placeholders of the right form: what is signed is composed from the form.
    edits = [{"base": page.unit.sha256, "op": "replace", "splices": [[0, 0, "—"]], "unit": page.id}]
    sources = [each.amendment.digest for each in bridged(page)] or ["0" * 64]
    body = {"symbol": next_symbol(state), "edits": edits, "amends": None, "content": "0" * 64, "sources": sources}
    return acts.offer(session, forum, actor, TABLE, state.current, body, now=now, filled_in=True)


def bridged(page: Paragraph) -> Sequence[Proposal]:
    """Proposals that a Chair's text may name as its sources: all that were made on the unit and are not out of order."""
    return [each for each in (*page.proposals, *page.decided) if each.status not in ("inadmissible", "lapsed", "accepted", "merged")]
