"""Guards about signatures on paper (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from declaration.errors import Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.papers import paper_of, signed_with_key
from declaration.procedure.standing import organization_named
from declaration.procedure.state import State


def paper_in_window(state: State, act: Act) -> None:
    """What was signed on paper is attested while organizations can sign or accede."""
    window = state.window
    if window is None or act.at < window.opens:
        raise Refused("the Declaration is not open for signature", code="paper.not-open")
    if consequences.stage(state, act.at) not in ("open_for_signature", "accession_open"):
        raise Refused("nobody can sign any more", code="paper.closed")


def paper_names_adopted(state: State, act: Act) -> None:
    """It is the adopted text that was signed."""
    if state.adopted is None or act["version"] != state.adopted:
        raise Refused("this is not the adopted text", code="paper.version", instead="Attest what was signed under the adopted text alone.")


def paper_of_verified(state: State, act: Act) -> None:
    """An organization that may sign, whose entitlement nobody disputes."""
    status = organization_named(state, act.object).status
    if status != "verified":
        raise Refused(
            f"the organization is {status.replace('_', ' ')}",
            code="paper.organization",
            instead="Verify it first, with the concurrence of the head of its country or that head's silence.",
        )


def paper_is_only(state: State, act: Act) -> None:
    """One organization, one signature; one sheet, one organization."""
    party = organization_named(state, act.object).party
    if party in signed_with_key(state):
        raise Refused("this organization has signed with a key", code="paper.signed", instead="Its signature stands in the register.")
    if paper_of(state, party) is not None:
        raise Refused("its signature on paper is attested already", code="paper.known")
    waiting = [each for each in state.awaiting_second.values() if each.type == act.type and each.digest != act.digest]
    if any(each.object == act.object for each in waiting):
        raise Refused("its signature on paper waits for a second person", code="paper.waits", instead="Have it finished.")
    used = [each.scan for each in state.papers.values() if each.set_aside is None] + [each["scan"] for each in waiting]
    if act["scan"] in used:
        raise Refused("this scan was attested for another organization", code="paper.scan", instead="Scan the sheet of this one.")


def paper_still_fits(state: State, second: Act, first: Act) -> None:
    """Asked of the second person: the window is open still, and nothing has happened to the organization since the first."""
    paper_in_window(state, second)
    for guard in (paper_names_adopted, paper_of_verified, paper_is_only):
        guard(state, first)


PAPER_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard for guard in (paper_in_window, paper_names_adopted, paper_of_verified, paper_is_only)
}
