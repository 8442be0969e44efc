"""Guards about statements, credentials, the rules and delegated authority (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from declaration.errors import Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.standing import running_corrigenda
from declaration.procedure.state import State
from declaration.protocol.encoding import parse_time


def rules_succeed(state: State, act: Act) -> None:
    """A change of the rules is their next version, and no quorum is larger than the forum."""
    if act["rules"]["version"] != state.rules.version + 1:
        raise Refused(
            f"the rules in force are version {state.rules.version}",
            code="rules.version",
            instead="Look at the rules as they are now, and propose the change again.",
        )
    if act["rules"]["quorum"] > len(state.known.delegations):
        raise Refused("the quorum is larger than the number of delegations", code="rules.quorum")
    if state.stage in ("adopted", "open_for_signature", "closed", "archived", "lapsed"):
        raise Refused("the rules of the negotiation are closed with it", code="rules.stage")


def own_authority(state: State, act: Act) -> None:
    """An alternate is appointed by the head (or the Chair), not by another alternate."""
    if state.keys[act.statement.by.key].delegated_by is not None:
        raise Refused("an alternate appoints no alternate", code="delegate.alternate", instead="Ask the head of the delegation.")


def delegation_times(state: State, act: Act) -> None:
    """From an hour to a later one, which has not passed yet."""
    begins, ends = parse_time(act["from"]), parse_time(act["until"])
    if not begins < ends or ends <= act.at:
        raise Refused("the alternate's time would be over already", code="delegate.times", instead="Set a later hour.")


def statements_open(state: State, act: Act) -> None:
    """Statements are lodged once the text is before the heads, and until it is closed."""
    if state.stage not in ("second_reading", "agreed_ad_ref", "legal_review", "presented", "adopted", "open_for_signature"):
        raise Refused("statements on the text are not open at this stage", code="statement.stage")


def after_adoption(state: State, act: Act) -> None:
    """A statement is attached to the minute of adoption, so there is one."""
    if state.adopted is None:
        raise Refused("the text has not been adopted yet", code="statement.before-adoption", instead="Record it after the adoption.")


def annex_is_next(state: State, act: Act) -> None:
    """Annexes of the minute are numbered without gaps."""
    following = 1 + sum(each.annex is not None for each in state.statements.values())
    if act["annex"] != following:
        raise Refused(f"the next annex is number {following}", code="statement.annex", instead="Record it under that number.")


def own_statement(state: State, act: Act) -> None:
    """A delegation withdraws its own statement."""
    if state.statements[act.object].delegation != act.statement.by.party:
        raise Refused("this is another delegation's statement", code="statement.not-own")


def delegation_known(state: State, act: Act) -> None:
    """Credentials are those of a delegation of the forum; a head presents the own delegation's."""
    if act["delegation"] not in state.known.delegations:
        raise Refused(f"there is no delegation {act['delegation']}", code="credential.delegation")
    if act.statement.by.role == "head" and act.statement.by.party != act["delegation"]:
        raise Refused("these are another delegation's credentials", code="credential.not-own")


def due_ahead(state: State, act: Act) -> None:
    """The original is due at an hour to come."""
    if parse_time(act["due"]) <= act.at:
        raise Refused("the day on which the original is due has passed already", code="credential.due", instead="Set a later one.")


def successor_fits(state: State, act: Act) -> None:
    """What replaces credentials are later ones of the same delegation, which stand."""
    successor = state.credentials.get(act["successor"])
    old = state.credentials[act.object]
    if successor is None or successor.delegation != old.delegation or successor.digest == old.digest or successor.at < old.at:
        raise Refused("these are not later credentials of the same delegation", code="credential.successor")
    if consequences.credential_status(successor, act.at) not in ("accepted", "provisional"):
        raise Refused(
            "the later credentials have not been accepted", code="credential.successor", instead="Have them examined and accepted first."
        )


def nothing_pending(state: State, act: Act) -> None:
    """Nothing about the instrument is open: no statement between lodging and minute, no act that waits for a further person, no signature
    that is held, no correction that runs."""
    waiting = [each.digest for each in state.statements.values() if each.status in ("lodged", "circulated")]
    if waiting or state.awaiting_second:
        raise Refused(
            "something is still open", code="archive.pending", instead="Record or rule on every statement, and finish what waits."
        )
    held = [str(each.position) for each in state.endorsements.values() if each.status == "held"]
    if held:
        raise Refused(
            f"held in the register: {', '.join(held)}", code="archive.held", instead="Release, refuse or annul these signatures first."
        )
    if running_corrigenda(state):
        raise Refused("a correction is still open", code="archive.corrigendum", instead="Rectify the text, or drop the correction.")


SITTING_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard
    for guard in (
        rules_succeed,
        own_authority,
        delegation_times,
        statements_open,
        after_adoption,
        annex_is_next,
        own_statement,
        delegation_known,
        due_ahead,
        successor_fits,
        nothing_pending,
    )
}
