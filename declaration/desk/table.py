"""What the Chair's table shows beside the proposals: who stands where, what was done last, what the Chair may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.adoption import matrix
from declaration.amendments.composing import base_units, next_symbol, short
from declaration.amendments.proposals import Paragraph, Proposal
from declaration.credentials import acts
from declaration.credentials.signing import Ask
from declaration.drafts import views
from declaration.errors import Refused
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.act import act_of
from declaration.procedure.guards_paragraphs import named_units
from declaration.procedure.state import State, Unit
from declaration.protocol.entry import parse_entry
from declaration.text.edits import Replace, parse_edits
from declaration.text.merge import merge
from declaration.text.units import UnitText, of_kind
from declaration.transparency import queries
from declaration.web.access import Actor
from declaration.web.i18n import language

TABLE = "amendment.table_chair_text-v1"
LAST_ENTRIES = 300
"""How far back in the record the last acts on a unit are looked for."""
_MOST_ACTS = 8

_SAYS: Mapping[str, object] = {
    "amendment.submit-v1": _l("%(who)s submits %(symbol)s"),
    "amendment.submit_late-v1": _l("%(who)s submits %(symbol)s late"),
    "amendment.grant_leave-v1": _l("%(who)s gives leave to %(symbol)s"),
    "amendment.refuse_leave-v1": _l("%(who)s refuses leave to %(symbol)s"),
    "amendment.admit-v1": _l("%(symbol)s is admitted"),
    "amendment.rule_inadmissible-v1": _l("%(who)s rules %(symbol)s inadmissible"),
    "amendment.table_chair_text-v1": _l("%(who)s tables %(symbol)s"),
    "amendment.join-v1": _l("%(who)s joins %(symbol)s"),
    "amendment.leave_sponsorship-v1": _l("%(who)s leaves %(symbol)s"),
    "amendment.revise-v1": _l("%(who)s revises %(symbol)s"),
    "amendment.table_with_break-v1": _l("%(who)s breaks silence and tables %(symbol)s"),
    "amendment.rebase-v1": _l("%(who)s confirms %(symbol)s against the new words"),
    "amendment.lapse-v1": _l("%(symbol)s lapses"),
    "amendment.accept-v1": _l("%(symbol)s: no objection, accepted"),
    "amendment.park-v1": _l("%(symbol)s is parked"),
    "amendment.revive-v1": _l("%(who)s revives %(symbol)s"),
    "amendment.not_retain-v1": _l("%(symbol)s is not retained"),
    "amendment.withdraw-v1": _l("%(who)s withdraws %(symbol)s"),
    "amendment.take_over-v1": _l("%(who)s takes over %(symbol)s"),
    "silence.announce-v1": _l("%(who)s announces silence on %(symbol)s"),
    "silence.open-v1": _l("Silence on %(symbol)s is opened"),
    "silence.object_to_use-v1": _l("%(who)s objects to silence on %(symbol)s"),
    "silence.break-v1": _l("%(who)s breaks silence on %(symbol)s"),
    "silence.cancel-v1": _l("Silence on %(symbol)s is cancelled"),
    "silence.extend-v1": _l("Silence on %(symbol)s is extended"),
    "paragraph.refer_to_small_group-v1": _l("Referred to a small group"),
    "paragraph.report_back-v1": _l("The small group has reported"),
    "paragraph.agree_ad_ref-v1": _l("No objection: agreed ad referendum"),
    "paragraph.place_reserve-v1": _l("%(who)s places a reserve"),
    "paragraph.lift_reserve-v1": _l("%(who)s lifts its reserve"),
    "paragraph.reopen-v1": _l("Reopened"),
    "paragraph.delete-v1": _l("Deleted as agreed"),
    "paragraph.restore-v1": _l("Restored"),
    "paragraph.correct_editorially-v1": _l("%(who)s proposes an editorial correction"),
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
        if state.stage != "agreed_ad_ref" and (settled := matrix.stand(state, unit, each.id)):
            sign, word = matrix.WORDS[settled][0], str(matrix.WORDS[settled][1])
        elif state.stage == "agreed_ad_ref":
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
    """The last acts on a unit, its proposals and its silences, the newest first."""
    symbols = {each.digest: short(state, each) for each in consequences.proposals_on(state, unit)}
    symbols |= {each.digest: short(state, state.amendments[each.proposal]) for each in state.silences.values() if unit in each.units}
    log = queries.find_log(session, forum.origin)
    if log is None:
        return []
    found = []
    for index, raw in queries.entries(session, log, max(0, state.size - LAST_ENTRIES), state.size):
        act = act_of(parse_entry(raw), index)
        symbol = symbols.get(act.digest) or symbols.get(act.object)
        about = symbol is not None or (act.type.startswith("paragraph.") and unit in named_units(act))
        if about and act.type in _SAYS:
            who = views.party_name(forum, act.statement.by.party, language())
            found.append(Done(act.at, str(_SAYS[act.type]) % {"who": who, "symbol": symbol or ""}, index))
    return found[::-1][:_MOST_ACTS]


def ground(state: State, page: Paragraph) -> tuple[str | None, Unit | None]:
    """The words that a Chair's text begins from, and the proposal that it amends where the paragraph does not stand yet."""
    if page.unit is not None:
        return None, page.unit
    for each in page.proposals:
        if each.op == "insert_after" and each.status == "admitted" and each.amendment.amends is None:
            return each.amendment.digest, base_units(state, each.amendment.digest).get(page.id)
    return None, None


def chair_text(session: Session, forum: Forum, state: State, actor: Actor, page: Paragraph, *, now: datetime) -> Ask | None:
    """The Chair's own text on a unit: whether it can be tabled now. None where there are no words to begin from."""
    amends, unit = ground(state, page)
    if unit is None:
        return None
    # Placeholders of the right form: what is signed is composed from the form.
    edits = [{"base": unit.sha256, "op": "replace", "splices": [[0, 0, "—"]], "unit": page.id}]
    sources = [each.amendment.digest for each in bridged(page)] or ["0" * 64]
    body = {"symbol": next_symbol(state), "edits": edits, "amends": amends, "content": "0" * 64, "sources": sources}
    return acts.offer(session, forum, actor, TABLE, state.current, body, now=now, filled_in=True)


def bridged(page: Paragraph) -> Sequence[Proposal]:
    """Proposals that a Chair's text may name as its sources: all that were made on the unit and are not out of order."""
    return [each for each in (*page.proposals, *page.decided) if each.status not in ("inadmissible", "lapsed", "accepted", "merged")]


def merged(state: State, unit: Unit, sources: Sequence[str]) -> str:
    """The words of a unit with the changes of all these proposals, where they leave each other alone. Nothing is guessed.

    :raises Refused: ``chair-text.collision`` names two proposals and the words; ``chair-text.nothing`` where none changes words.
    """
    named = {}
    for digest in sources:
        amendment = state.amendments.get(digest)
        if amendment is not None and amendment.amends is None:
            edits = [each for each in parse_edits([dict(each) for each in amendment.edits]) if each.unit == unit.id]
            if edits and all(isinstance(each, Replace) for each in edits):
                named[short(state, amendment)] = edits
    if not named:
        raise Refused(
            _("none of the ticked proposals changes words of this paragraph alone"),
            code="chair-text.nothing",
            instead=_("Tick one that does, or write the text yourself."),
        )
    made = merge([UnitText(unit.id, of_kind(unit.kind), unit.text, None)], named)
    if made.conflicts:
        first = made.conflicts[0]
        words = "”, “".join(first.words)
        raise Refused(
            _("%(one)s and %(other)s want different things of “%(words)s”", one=first.between[0], other=first.between[1], words=words),
            code="chair-text.collision",
            instead=_("Untick one of them, or write the words between them yourself."),
        )
    return made.units[0].text
