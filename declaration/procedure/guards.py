"""Guards: the conditions under which a transition is allowed, each by its name in the table.

A guard looks at the state and at one act and raises :class:`~declaration.errors.Refused`, saying which rule and what can be
done instead, or returns nothing. It changes nothing and knows no clock: the act carries its moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from declaration.errors import Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.guards_corrigenda import CORRIGENDUM_GUARDS
from declaration.procedure.guards_keys import KEY_GUARDS
from declaration.procedure.guards_papers import PAPER_GUARDS
from declaration.procedure.guards_paragraphs import PARAGRAPH_GUARDS, delegations_alone
from declaration.procedure.guards_register import REGISTER_GUARDS
from declaration.procedure.guards_sitting import SITTING_GUARDS
from declaration.procedure.guards_texts import TEXT_GUARDS
from declaration.procedure.state import State
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import read_public_key

Guard = Callable[[State, Act], None]


def first_entry(state: State, act: Act) -> None:
    """A record has one constitution, and it is entry 0."""
    if state.constitution is not None or act.index != 0:
        raise Refused("this record has a constitution already", code="constitution.exists")


def own_key(state: State, act: Act) -> None:
    """The Chair's key in the constitution is the one that signed it, and the Chair is called ``chair``."""
    if read_public_key(act["key"]).fingerprint != act.statement.by.key or act.statement.by.party != "chair":
        raise Refused("the constitution names another key than the one that signed it", code="constitution.key")


def languages_fit(state: State, act: Act) -> None:
    """The original and the prevailing language are among the authentic ones."""
    for field in ("original", "prevailing"):
        if act["languages"].get(act[field]) != "authentic":
            raise Refused(f"the {field} language must be an authentic one", code="constitution.languages")


def quorum_fits(state: State, act: Act) -> None:
    """No quorum larger than the forum."""
    if act["rules"]["quorum"] > len(act["delegations"]):
        raise Refused("the quorum is larger than the number of delegations", code="constitution.quorum")


def deadline_ahead(state: State, act: Act) -> None:
    """A deadline lies in the future when it is set."""
    if parse_time(act["deadline"]) <= act.at:
        raise Refused("the deadline has passed already", code="deadline.past", instead="Set a later one.")


def deadline_later(state: State, act: Act) -> None:
    """Deadlines move later only."""
    if state.deadline is None or parse_time(act["deadline"]) <= state.deadline:
        raise Refused("a deadline can only be moved to a later hour", code="deadline.not-later")


def before_deadline(state: State, act: Act) -> None:
    """In time by the server's clock; exactly at the deadline is too late."""
    if state.deadline is None:
        raise Refused("no deadline has been set", code="deadline.none")
    if act.at >= state.deadline:
        raise Refused(
            "the deadline for amendments has passed",
            code="deadline.passed",
            instead="Submit it as a late amendment; the Chair may give leave.",
        )


def deadline_passed(state: State, act: Act) -> None:
    """After the deadline, by the server's clock."""
    if state.deadline is None or act.at < state.deadline:
        raise Refused("the deadline for amendments has not passed yet", code="deadline.ahead")


def late_allowed(state: State, act: Act) -> None:
    """Whether anything may come after the deadline at all is a rule of the forum."""
    if not state.rules.late_amendments:
        raise Refused(
            "the rules of this forum allow no late amendments", code="amendment.late", instead="Ask the Chair to extend the deadline."
        )


def all_examined(state: State, act: Act) -> None:
    """Every timely amendment has been admitted or ruled on."""
    waiting = [each.symbol for each in state.amendments.values() if each.status == "submitted"]
    if waiting:
        raise Refused(f"waiting for a ruling: {', '.join(waiting)}", code="compilation.unexamined")


def proposals_open(state: State, act: Act) -> None:
    """Proposals are made and decided in the first and the second reading; once agreed *ad referendum* the text has to be reopened first."""
    if state.stage not in ("first_reading", "second_reading"):
        raise Refused("proposals are not open at this stage", code="amendment.stage")


def another_delegation(state: State, act: Act) -> None:
    """Not the proposer, and not one that has joined already."""
    amendment = state.amendments[act.object]
    if act.statement.by.party in (amendment.proposer, *amendment.sponsors):
        raise Refused("your delegation proposes this already", code="amendment.own")


def a_co_sponsor(state: State, act: Act) -> None:
    """Only a co-sponsor can leave."""
    if act.statement.by.party not in state.amendments[act.object].sponsors:
        raise Refused("your delegation is not a co-sponsor", code="amendment.not-sponsor")


def was_admitted(state: State, act: Act) -> None:
    """What is taken over had been on the table: two delegations together do not admit what the rules do not."""
    if not state.amendments[act.object].examined:
        raise Refused(
            "this was withdrawn before it was admitted",
            code="amendment.never-admitted",
            instead="Submit it as your own; after the deadline the Chair may give leave.",
        )


def own_proposal(state: State, act: Act) -> None:
    """The proposer's head alone revises, revives or withdraws."""
    if act.statement.by.party != state.amendments[act.object].proposer:
        raise Refused("another delegation proposed this", code="amendment.not-own")


def sources_known(state: State, act: Act) -> None:
    """A Chair's text says which proposals it bridges (it may name several, never itself)."""
    unknown = [source for source in act["sources"] if source not in state.amendments]
    if unknown:
        raise Refused("a Chair's text names proposals that are on the table", code="chair-text.sources")


def target_takes_it_up(state: State, act: Act) -> None:
    """A proposal is parked only under one that says it takes it up, or that amends it."""
    target = state.amendments.get(act["target"])
    if target is None or target.status != "admitted":
        raise Refused("the proposal it would be parked under is not on the table", code="amendment.target")
    if act.object not in target.sources and target.amends != act.object:
        raise Refused(
            f"{target.symbol} does not name this proposal as a source",
            code="amendment.target",
            instead="Table a Chair's text that names it.",
        )


def nothing_unsettled(state: State, act: Act) -> None:
    """Nothing is agreed until everything is agreed: no bracket, small group, silence or reserve, nothing that waits for a ruling."""
    found = consequences.unsettled(state)
    reserved = [unit for unit, status in found.items() if status == "reserved"]
    brackets = [unit for unit, status in found.items() if status != "reserved"]
    if brackets:
        raise Refused(f"still in brackets: {', '.join(brackets)}", code="agreed.brackets", instead="Settle these first.")
    if reserved:
        by = sorted({each.delegation.upper() for unit in reserved for each in state.reserves[unit]})
        raise Refused(
            f"reserved: {', '.join(reserved)} by {', '.join(by)}",
            code="agreed.reserves",
            instead="Ask these heads to lift their reserves, or reopen the paragraphs.",
        )
    waiting = [each.symbol for each in state.amendments.values() if each.status in ("submitted", "late")]
    if waiting:
        raise Refused(f"waiting for a ruling: {', '.join(waiting)}", code="agreed.unexamined", instead="Rule on each of them first.")


def a_head_objected(state: State, act: Act) -> None:
    """A text is reopened because a head withheld confirmation."""
    if not any(each.status == "objected" for each in consequences.confirmations(state).values()):
        raise Refused("no head has withheld confirmation", code="reopen.no-objection")


def all_confirmed(state: State, act: Act) -> None:
    """Every delegation's head has confirmed this very text."""
    waiting = consequences.waiting_for_confirmation(state)
    if waiting:
        raise Refused("waiting for " + ", ".join(name.upper() for name in waiting), code="confirmation.waiting")


def is_agreed_version(state: State, act: Act) -> None:
    """Heads confirm the text that the Chair declared agreed, once each."""
    if state.stage != "agreed_ad_ref" or act.object != state.agreed:
        raise Refused("this is not the text agreed ad referendum", code="confirmation.version")
    given = consequences.confirmations(state).get(act.statement.by.party)
    if given is not None:
        raise Refused(f"your delegation has {given.status} already", code="confirmation.given")


def quorum_present(state: State, act: Act) -> None:
    """Quorum counts delegations (OAS; two thirds by VCLT 9(2))."""
    delegations_alone(state, act["present"], "adopt.presence")
    if len(act["present"]) < state.rules.quorum:
        raise Refused(f"{len(act['present'])} delegations are present, the quorum is {state.rules.quorum}", code="adopt.quorum")


def window_fits(state: State, act: Act) -> None:
    """A window for signature opens before it closes, and not in the past."""
    opens, closes = parse_time(act["opens"]), parse_time(act["closes"])
    if not opens < closes or closes <= act.at:
        raise Refused("the window for signature would be closed already", code="window.times")


def fresh(state: State, act: Act) -> None:
    """An act is recorded within the rules' hours after the newest entry that its signer had not seen."""
    seen = act.statement.seen.size
    if seen > act.index or (seen == 0) != (act.index == 0):
        what = f"the act cites a checkpoint of {seen} entries, which this record did not have before entry {act.index}"
        raise Refused(what, code="seen.unknown", instead="Look at the record as it is now, and sign again.")
    if seen < act.index and act.at - state.times[seen] > timedelta(hours=state.rules.hold_hours):
        raise Refused(
            f"this was signed more than {state.rules.hold_hours} hours ago",
            code="seen.too-old",
            instead="Look at the record as it is now, and sign again.",
        )


GUARDS: Mapping[str, Guard] = {
    **TEXT_GUARDS,
    **PARAGRAPH_GUARDS,
    **SITTING_GUARDS,
    **KEY_GUARDS,
    **REGISTER_GUARDS,
    **PAPER_GUARDS,
    **CORRIGENDUM_GUARDS,
    **{
        guard.__name__: guard
        for guard in (
            first_entry,
            own_key,
            languages_fit,
            quorum_fits,
            deadline_ahead,
            deadline_later,
            before_deadline,
            deadline_passed,
            late_allowed,
            all_examined,
            proposals_open,
            another_delegation,
            a_co_sponsor,
            own_proposal,
            was_admitted,
            sources_known,
            target_takes_it_up,
            nothing_unsettled,
            a_head_objected,
            all_confirmed,
            is_agreed_version,
            quorum_present,
            window_fits,
        )
    },
}
"""Every guard that a row of the table may name."""
