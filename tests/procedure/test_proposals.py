"""Proposals: what is not in order is refused, each with the code of its rule."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.procedure import consequences
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import SYMBOL, TEXT, Bench, digest_of, refused, replaced

GOOD = [replaced("OP1", TEXT["OP1"][2]["en"], "Decide to meet every year;")]


@pytest.mark.parametrize(
    ("who", "changes", "code"),
    [
        ("chair.chair", {}, "role.not-entitled"),
        ("secretariat.one", {}, "role.not-entitled"),
        ("head.az", {"symbol": "OTHER/AM/001"}, "amendment.symbol"),
        ("head.az", {"symbol": "no spaces please"}, "statement.field"),
        ("head.az", {"edits": []}, "statement.field"),
        ("head.az", {"edits": [{**GOOD[0], "base": unit_hash("other words")}]}, "edit.base-changed"),
        ("head.az", {"edits": [{**GOOD[0], "unit": "OP9"}]}, "edit.unit-unknown"),
        ("head.az", {"edits": [{**GOOD[0], "splices": []}]}, "edit.malformed"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[0, 500, "x"]]}]}, "splice.outside"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[0, 3, "x"], [3, 5, "y"]]}]}, "splice.touching"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[5, 9, "x"], [0, 2, "y"]]}]}, "splice.unsorted"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[0, 31, ""]]}]}, "amendment.empties-unit"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [["0", 3, "x"]]}]}, "splice.malformed"),
        ("head.az", {"edits": [{**GOOD[0], "op": "guess"}]}, "edit.malformed"),
        ("head.az", {"edits": [{**GOOD[0], "note": "x"}]}, "edit.malformed"),
        ("head.az", {"amends": digest_of("nothing")}, "sub-amendment.target"),
        ("head.az", {"content": "short"}, "statement.field"),
    ],
)
def test_a_proposal_that_is_not_in_order(who: str, changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted().circulated()
    body = {**bench.proposal(GOOD), **changes}
    refused(code, lambda: bench.try_act(who, "amendment.submit-v1", bench.state.current, body))


def test_a_whole_text_is_not_an_amendment() -> None:
    bench = Bench().constituted().circulated()
    edits = [bench.reads(unit, "Something quite different") for unit in bench.state.units]
    digest = bench.submit("head.hu", *edits)
    refused("amendment.whole-text", lambda: bench.admit(digest))
    bench.act("chair.chair", "amendment.rule_inadmissible-v1", digest, {"content": digest_of("rule")})
    assert bench.state.amendments[digest].status == "inadmissible"


def test_exactly_at_the_deadline_is_late_and_late_needs_leave() -> None:
    bench = Bench().constituted().circulated()
    bench.pass_time(days=7, seconds=-1)
    bench.submit("head.kz", *GOOD)
    bench.pass_time(seconds=1)
    body = bench.proposal(GOOD)
    refused("deadline.passed", lambda: bench.submit("head.az", *GOOD))
    late = bench.act("head.az", "amendment.submit_late-v1", bench.state.current, body).digest
    refused("amendment.state", lambda: bench.try_act("secretariat.one", "amendment.admit-v1", late))
    bench.act("chair.chair", "amendment.grant_leave-v1", late, {"content": digest_of("minute")})
    assert bench.state.amendments[late].status == "admitted"


def test_nothing_is_applied_to_words_it_was_not_written_for() -> None:
    bench = Bench().constituted().circulated()
    first = bench.admit(bench.submit("head.kz", *GOOD))
    second = bench.admit(bench.submit("head.hu", bench.reads("OP1", "Agree to meet every two years;")))
    bench.second_reading()
    bench.accept(first)
    assert consequences.amendment_status(bench.state, bench.state.amendments[second]) == "stale"
    body = {"result": {"OP1": unit_hash("anything")}, "content": digest_of("minute")}
    refused("amendment.state", lambda: bench.try_act("chair.chair", "amendment.accept-v1", second, body))
    edits = {"edits": [bench.reads("OP1", "Agree to meet every year;")]}
    refused("amendment.not-own", lambda: bench.try_act("head.kz", "amendment.rebase-v1", second, edits))
    other = {"edits": [bench.reads("OP2", "Invite nobody;")]}
    refused("amendment.units", lambda: bench.try_act("head.hu", "amendment.rebase-v1", second, other))
    bench.act("head.hu", "amendment.rebase-v1", second, edits)
    bench.accept(second)
    assert bench.state.units["OP1"].text == "Agree to meet every year;"
    assert [change.source for change in bench.state.history["OP1"]] == [f"{SYMBOL}/ZD", first, second]


def test_the_result_that_the_chair_signed_is_the_one_that_follows() -> None:
    bench = Bench().constituted().circulated()
    digest = bench.admit(bench.submit("head.kz", *GOOD))
    body = {**bench.acceptance(digest), "result": {"OP1": unit_hash("Decide to meet every month;")}}
    refused("amendment.result", lambda: bench.try_act("chair.chair", "amendment.accept-v1", digest, body))


def test_parked_proposals_come_back_and_merge_with_what_took_them_up() -> None:
    bench = Bench().constituted().circulated()
    one = bench.admit(bench.submit("head.kz", *GOOD))
    two = bench.admit(bench.submit("head.hu", bench.reads("OP1", "Agree to meet every two years;")))
    chairs = bench.proposal([bench.reads("OP1", "Decide to meet regularly;")])
    unknown = {**chairs, "sources": [digest_of("comment")]}
    table = "amendment.table_chair_text-v1"
    refused("chair-text.sources", lambda: bench.try_act("chair.chair", table, bench.state.current, unknown))
    refused("statement.field", lambda: bench.try_act("chair.chair", table, bench.state.current, {**chairs, "sources": []}))
    bridge = bench.act("chair.chair", table, bench.state.current, {**chairs, "sources": [one]}).digest
    refused("amendment.target", lambda: bench.try_act("chair.chair", "amendment.park-v1", two, {"target": bridge}))
    bench.act("chair.chair", "amendment.park-v1", one, {"target": bridge})
    refused("amendment.not-own", lambda: bench.try_act("head.hu", "amendment.revive-v1", one))
    bench.act("head.kz", "amendment.revive-v1", one)
    bench.act("chair.chair", "amendment.park-v1", one, {"target": bridge})
    bench.accept(bridge)
    assert bench.state.amendments[one].status == "merged"
    assert bench.state.amendments[two].status == "admitted"


def test_co_sponsors_join_and_leave_and_a_withdrawn_proposal_is_taken_over() -> None:
    bench = Bench().constituted().circulated()
    digest = bench.admit(bench.submit("head.kz", *GOOD))
    refused("amendment.own", lambda: bench.try_act("head.kz", "amendment.join-v1", digest))
    refused("amendment.not-sponsor", lambda: bench.try_act("head.az", "amendment.leave_sponsorship-v1", digest))
    bench.act("head.az", "amendment.join-v1", digest)
    refused("amendment.own", lambda: bench.try_act("head.az", "amendment.join-v1", digest))
    reason = {"content": digest_of("reason")}
    refused("amendment.not-own", lambda: bench.try_act("head.az", "amendment.withdraw-v1", digest, reason))
    bench.act("head.kz", "amendment.withdraw-v1", digest, reason)
    bench.act("head.hu", "amendment.take_over-v1", digest)
    assert bench.state.amendments[digest].proposer == "hu"
