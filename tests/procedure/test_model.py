"""Every machine against the reference model: the same states, transitions and actors, and a reason for each that is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from declaration.procedure.departures import BEGINNINGS, DEPARTURES
from declaration.procedure.tables import TRANSITIONS
from declaration.protocol.encoding import parse_json

MODEL: Mapping[str, Any] = parse_json((Path(__file__).parents[1] / "oracles" / "model.json").read_bytes())["machines"]

Edges = frozenset[tuple[str, str, str]]
"""From, to, who."""


def reference() -> dict[tuple[str, str], Edges]:
    found: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for machine, row in MODEL.items():
        for each in row["transitions"]:
            found.setdefault((machine, each["id"]), set()).update((each["from"], each["to"], who) for who in each["who"])
    return {name: frozenset(edges) for name, edges in found.items()}


def tables() -> dict[tuple[str, str], Edges]:
    found: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for row in TRANSITIONS:
        edges = found.setdefault((row.machine, row.name), set())
        for before in row.before or ("",):
            edges.update((before, before if row.after == "=" else row.after, who) for who in row.who)
    return {name: frozenset(edges) for name, edges in found.items()}


OURS, THEIRS = tables(), reference()
HERE = sorted(THEIRS)


@pytest.mark.parametrize("name", HERE, ids=".".join)
def test_a_transition_is_the_references(name: tuple[str, str]) -> None:
    assert name in OURS
    if name in DEPARTURES:
        assert OURS[name] != THEIRS[name], "this departure is none any more"
    else:
        assert OURS[name] == THEIRS[name]


@pytest.mark.parametrize("name", sorted(OURS), ids=".".join)
def test_no_transition_is_without_reason(name: tuple[str, str]) -> None:
    assert (name in THEIRS) != (name in BEGINNINGS)


def test_departures_are_of_transitions_that_there_are() -> None:
    assert DEPARTURES.keys() <= OURS.keys()
    assert BEGINNINGS.keys() <= OURS.keys()
    assert all(reason.endswith(".") for reason in (*DEPARTURES.values(), *BEGINNINGS.values()))


@pytest.mark.parametrize("machine", list(MODEL))
def test_a_machine_has_the_states_of_the_reference(machine: str) -> None:
    """Reached from its first state by the rows of the table, and every final state is one that nothing leaves."""
    rows = [row for row in TRANSITIONS if row.machine == machine]
    states = {state for row in rows for state in (*row.before, *(() if row.after == "=" else (row.after,)))}
    assert states == set(MODEL[machine]["states"])
    left = {state for row in rows if row.after != "=" for state in row.before}
    back = {("paragraph", "agreed"), ("paragraph", "deleted"), ("draft_version", "frozen"), ("key", "expired")}
    # refer_back and restore lead out of the first three; a key can be found compromised after its mandate has ended
    assert {final for final in MODEL[machine]["finals"] if (machine, final) not in back} & left == set()


def test_what_is_neither_recorded_nor_private_follows_from_something_recorded() -> None:
    known = {row.type for row in TRANSITIONS if row.recorded} | {"time"}
    for row in TRANSITIONS:
        assert set(row.follows) <= known, row.type
        assert not (row.recorded and row.follows), row.type
        if not row.recorded and row.who == ("system",):
            assert row.follows, row.type
