"""Revisions, proposals that are parked, withdrawn and taken over, and the end of the instrument."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.procedure import consequences
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import START, Bench, digest_of, refused, replaced
from tests.procedure.table import REASON, WORDS, Table

SAYS: dict[str, Any] = {"kind": "interpretative_statement", "units": ["OP1"], "content": digest_of("we understand")}


@pytest.fixture
def table() -> Table:
    return Table().sitting()


# -- revisions and parked proposals --------------------------------------------------------------------------------------------


def test_a_revision_asks_the_co_sponsors_again(table: Table) -> None:
    table.act("head.hu", "amendment.join-v1", table.proposed)
    body = {"edits": [table.reads("OP1", "Decide to meet each autumn;")], **REASON}
    refused("amendment.not-own", table.asked("head.hu", "amendment.revise", table.proposed, **body))
    elsewhere = {"edits": [table.reads("OP2", "Invite nobody;")], **REASON}
    refused("amendment.units", table.asked("head.kz", "amendment.revise", table.proposed, **elsewhere))
    table.act("head.kz", "amendment.revise-v1", table.proposed, body)
    amendment = table.state.amendments[table.proposed]
    assert (amendment.sponsors, amendment.revisions) == ((), (table.proposed,))
    table.act("head.hu", "amendment.join-v1", table.proposed)


@pytest.mark.parametrize("end", ["not_retain", "rule_inadmissible"])
def test_what_was_parked_is_back_when_its_target_fails(table: Table, end: str) -> None:
    edits = table.state.amendments[table.proposed].edits
    other = table.submit_late("head.hu", table.reads("OP1", "Decide to meet every autumn;"))
    bridge = table.proposal([table.reads("OP1", "Decide to meet regularly;")])
    target = table.on_text("chair.chair", "amendment.table_chair_text", **{**bridge, "sources": [table.proposed, other]})
    for each in (table.proposed, other):
        table.act("chair.chair", "amendment.park-v1", each, {"target": target})
    table.act("chair.chair", f"amendment.{end}-v1", target, REASON)
    for each in (table.proposed, other):
        assert (table.state.amendments[each].status, table.state.amendments[each].target) == ("admitted", None)
    assert table.state.amendments[table.proposed].edits == edits, "unchanged"


def test_and_when_the_sub_amendment_that_took_it_up_is_withdrawn(table: Table) -> None:
    words = replaced("OP1", WORDS, "Decide to meet every autumn;")
    sub = table.submit_late("head.hu", words, amends=table.proposed)
    table.act("chair.chair", "amendment.park-v1", table.proposed, {"target": sub})
    table.act("head.hu", "amendment.withdraw-v1", sub, REASON)
    assert table.state.amendments[table.proposed].status == "admitted"


def test_the_history_of_a_sub_amendment_goes_through_the_words_that_it_amends(table: Table) -> None:
    autumn = "Decide to meet every autumn;"
    sub = table.submit_late("head.hu", replaced("OP1", WORDS, autumn), amends=table.proposed)
    table.accept(sub)
    first, second = table.state.history["OP1"][-2:]
    assert (first.source, first.after) == (table.proposed, unit_hash(WORDS))
    assert (second.source, second.before, second.after) == (sub, unit_hash(WORDS), unit_hash(autumn))


def test_nothing_comes_on_the_table_by_being_withdrawn_and_taken_over(table: Table) -> None:
    """Late without leave: two delegations together are not the Chair."""
    late = table.on_text("head.hu", "amendment.submit_late", **table.proposal([table.reads("OP3", "Request two.")]))
    table.act("head.hu", "amendment.withdraw-v1", late, REASON)
    refused("amendment.never-admitted", table.asked("head.az", "amendment.take_over", late))
    admitted = table.submit_late("head.hu", table.reads("OP3", "Request two."))
    table.act("head.hu", "amendment.withdraw-v1", admitted, REASON)
    refused("amendment.own", table.asked("head.hu", "amendment.take_over", admitted))
    table.act("head.az", "amendment.take_over-v1", admitted)
    assert consequences.paragraph_status(table.state, "OP3") == "bracketed"


# -- the end -------------------------------------------------------------------------------------------------------------------


def closed() -> Bench:
    bench = Bench().open(days=1)
    bench.pass_time(days=2)
    bench.act("depositary.keeper", "declaration.close_accession-v1", bench.state.adopted, REASON)
    return bench


def test_accession_is_closed_by_the_depositary_after_the_window_and_once() -> None:
    bench = Bench().open(days=1)
    close = "declaration.close_accession-v1"
    refused("declaration.state", lambda: bench.try_act("depositary.keeper", close, bench.state.adopted, REASON))
    bench.pass_time(days=1)
    refused("role.not-entitled", lambda: bench.try_act("chair.chair", close, bench.state.adopted, REASON))
    refused("version.not-adopted", lambda: bench.try_act("depositary.keeper", close, digest_of("other"), REASON))
    bench.act("depositary.keeper", close, bench.state.adopted, REASON)
    refused("declaration.state", lambda: bench.try_act("depositary.keeper", close, bench.state.adopted, REASON))


def test_nothing_is_archived_while_something_is_open() -> None:
    bench = closed()
    body = {"bundle": digest_of("bundle"), **REASON}
    refused("role.not-entitled", lambda: bench.try_act("chair.chair", "declaration.archive-v1", bench.state.adopted, body))
    bench.act("depositary.keeper", "declaration.archive-v1", bench.state.adopted, body)
    refused("declaration.state", lambda: bench.try_act("depositary.keeper", "declaration.archive-v1", bench.state.adopted, body))
    other = Bench().open(days=1)
    other.act("head.kz", "statement.lodge-v1", other.state.current, SAYS)
    other.pass_time(days=2)
    other.act("depositary.keeper", "declaration.close_accession-v1", other.state.adopted, REASON)
    refused("archive.pending", lambda: other.try_act("depositary.keeper", "declaration.archive-v1", other.state.adopted, body))


def test_what_has_lapsed_is_negotiated_no_more(table: Table) -> None:
    refused("role.not-entitled", table.asked("secretariat.one", "declaration.lapse", table.constitution, **REASON))
    table.act("chair.chair", "declaration.lapse-v1", table.constitution, REASON)
    refused("declaration.state", table.asked("chair.chair", "declaration.lapse", table.constitution, **REASON))
    refused("amendment.stage", table.asked("head.hu", "amendment.submit_late", **table.proposal([table.reads("OP1", "Decide;")])))
    refused("paragraph.stage", table.asked("chair.chair", "paragraph.agree_ad_ref", **table.meeting("OP2")))
    body = {"rules": {**table.state.rules.as_json(), "version": 2}, **REASON}
    refused("rules.stage", table.asked("chair.chair", "rules", table.constitution, **body))
    assert table.now > START
