"""The compilation: every amendment with what was ruled on it, and the rolling text; made from the record alone.

The document is a content beside the record. It is the same for everybody who makes it from the same entries, but for its salt.
"""

from __future__ import annotations

from typing import Any

from declaration.drafts.composing import working_units
from declaration.errors import Malformed, Refused
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State
from declaration.protocol.encoding import canonical
from declaration.text.edits import parse_edits
from declaration.text.rolling import Proposal, rolling
from declaration.text.rolling import compilation as printed

MOST_BYTES = 60 * 1024
"""A content has 64 KiB; what does not fit is left out, the rolling text first: both follow from the record anyway."""


def compilation(state: State) -> dict[str, Any]:
    """The compilation of the version in circulation."""
    document: dict[str, Any] = {
        "kind": "compilation",
        "version": state.current,
        "size": state.size,
        "brackets": consequences.brackets(state),
        "amendments": [_row(state, each) for each in state.amendments.values()],
        "rolling": rolling_text(state),
    }
    if len(canonical(document)) > MOST_BYTES:
        document["rolling"] = None
    if len(canonical(document)) > MOST_BYTES:
        document["amendments"] = [
            {name: row[name] for name in ("symbol", "digest", "status")} for row in document["amendments"]
        ]
    return document


def rolling_text(state: State) -> str | None:
    """All open proposals in one reading, in the original language; None where they cannot be put into one."""
    open_ones = [each for each in state.amendments.values() if each.open]
    try:
        proposals = [
            Proposal(
                name=each.symbol.removeprefix(state.declaration + "/"),
                owners=tuple(party.upper() for party in (each.proposer, *each.sponsors)),
                edits=tuple(parse_edits([dict(edit) for edit in each.edits])),
                amends=state.amendments[each.amends].symbol.removeprefix(state.declaration + "/") if each.amends else None,
            )
            for each in open_ones
        ]
        symbol = state.versions[state.current].symbol if state.current else state.declaration
        return printed(rolling(working_units(state), proposals), f"Compilation of amendments to {symbol}")
    except (Refused, Malformed):
        return None


def _row(state: State, amendment: Amendment) -> dict[str, Any]:
    return {
        "symbol": amendment.symbol,
        "digest": amendment.digest,
        "proposer": amendment.proposer,
        "sponsors": list(amendment.sponsors),
        "units": list(amendment.units),
        "amends": amendment.amends,
        "status": consequences.amendment_status(state, amendment),
    }
