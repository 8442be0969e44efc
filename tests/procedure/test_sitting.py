"""Statements, credentials, the rules themselves, and alternates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from declaration.procedure import consequences
from declaration.procedure.rules import Rules
from declaration.protocol.encoding import format_time
from tests.procedure.bench import Bench, digest_of, public, refused
from tests.procedure.table import REASON, Table


@pytest.fixture
def table() -> Table:
    return Table().sitting()


@pytest.fixture
def begun() -> Table:
    table = Table()
    table.constituted().circulated()
    return table


# -- statements ----------------------------------------------------------------------------------------------------------------

SAYS: dict[str, Any] = {"kind": "interpretative_statement", "units": ["OP1"], "content": digest_of("we understand")}


def test_a_statement_is_lodged_by_a_head_on_paragraphs_that_there_are(table: Table) -> None:
    refused("role.not-entitled", table.asked("chair.chair", "statement.lodge", **SAYS))
    refused("act.units", table.asked("head.kz", "statement.lodge", **{**SAYS, "units": ["OP9"]}))
    refused("statement.field", table.asked("head.kz", "statement.lodge", **{**SAYS, "kind": "reservation"}))
    table.on_text("head.kz", "statement.lodge", **{**SAYS, "units": []})


def test_nothing_is_stated_on_a_text_that_is_not_before_the_heads(begun: Table) -> None:
    refused("statement.stage", begun.asked("head.kz", "statement.lodge", **SAYS))


def test_a_statement_goes_its_way_and_no_other(table: Table) -> None:
    lodged = table.on_text("head.kz", "statement.lodge", **SAYS)
    refused("statement.state", table.asked("chair.chair", "statement.record", lodged, annex=1))
    refused("role.not-entitled", table.asked("chair.chair", "statement.circulate", lodged))
    refused("statement.not-own", table.asked("head.hu", "statement.withdraw", lodged))
    table.act("secretariat.one", "statement.circulate-v1", lodged)
    refused("statement.state", table.asked("secretariat.one", "statement.circulate", lodged))
    refused("statement.state", table.asked("chair.chair", "statement.rule_out", lodged, **REASON))
    refused("statement.before-adoption", table.asked("chair.chair", "statement.record", lodged, annex=1))
    table.act("head.kz", "statement.withdraw-v1", lodged)
    refused("statement.state", table.asked("chair.chair", "statement.record", lodged, annex=1))


def test_what_would_change_the_text_is_out_of_order(table: Table) -> None:
    lodged = table.on_text("head.kz", "statement.lodge", **SAYS)
    table.act("chair.chair", "statement.rule_out-v1", lodged, REASON)
    refused("statement.state", table.asked("secretariat.one", "statement.circulate", lodged))
    refused("statement.state", table.asked("head.kz", "statement.withdraw", lodged))
    refused("statement.unknown", table.asked("secretariat.one", "statement.circulate", digest_of("nothing")))


def test_annexes_are_numbered_without_gaps_and_never_withdrawn() -> None:
    bench = Bench().adopted()
    lodged = [bench.act(f"head.{who}", "statement.lodge-v1", bench.state.current, SAYS).digest for who in ("kz", "hu")]
    for each in lodged:
        bench.act("secretariat.one", "statement.circulate-v1", each)
    refused("statement.annex", lambda: bench.try_act("chair.chair", "statement.record-v1", lodged[1], {"annex": 2}))
    bench.act("chair.chair", "statement.record-v1", lodged[1], {"annex": 1})
    refused("statement.annex", lambda: bench.try_act("chair.chair", "statement.record-v1", lodged[0], {"annex": 1}))
    refused("statement.state", lambda: bench.try_act("head.hu", "statement.withdraw-v1", lodged[1]))


# -- credentials ---------------------------------------------------------------------------------------------------------------


def letter(delegation: str = "kz", until: str | None = None) -> dict[str, Any]:
    return {"delegation": delegation, "document": digest_of("letter"), "until": until, "content": digest_of(f"filed {delegation}")}


def presented(bench: Bench, who: str = "secretariat.one", **how: Any) -> str:
    return bench.act(who, "credential.present-v1", bench.constitution, letter(**how)).digest


def examined(bench: Bench, **how: Any) -> str:
    digest = presented(bench, **how)
    bench.act("secretariat.one", "credential.examine-v1", digest)
    return digest


def test_credentials_are_those_of_a_delegation_and_a_head_presents_the_own(begun: Table) -> None:
    present = "credential.present"
    refused("credential.delegation", begun.asked("secretariat.one", present, begun.constitution, **letter("rs")))
    refused("credential.not-own", begun.asked("head.hu", present, begun.constitution, **letter("kz")))
    refused("role.not-entitled", begun.asked("chair.chair", present, begun.constitution, **letter("kz")))
    refused("object.constitution", begun.asked("head.kz", present, digest_of("another"), **letter("kz")))


def test_a_credential_is_examined_before_it_is_decided_on_and_by_whom(begun: Table) -> None:
    digest = presented(begun, "head.kz")
    refused("credential.state", begun.asked("chair.chair", "credential.accept", digest, **REASON))
    refused("role.not-entitled", begun.asked("chair.chair", "credential.examine", digest))
    begun.act("secretariat.one", "credential.examine-v1", digest)
    refused("role.not-entitled", begun.asked("secretariat.one", "credential.accept", digest, **REASON))
    refused("credential.due", begun.asked("chair.chair", "credential.admit_provisionally", digest, due=begun.hour(0), **REASON))
    begun.act("chair.chair", "credential.accept-v1", digest, REASON)
    refused("credential.state", begun.asked("chair.chair", "credential.refuse", digest, **REASON))
    refused("credential.unknown", begun.asked("chair.chair", "credential.refuse", digest_of("none"), **REASON))


def test_a_provisional_seat_lapses_by_the_hour(begun: Table) -> None:
    digest = examined(begun)
    begun.act("chair.chair", "credential.admit_provisionally-v1", digest, {"due": begun.hour(10), **REASON})
    begun.pass_time(hours=10, seconds=-1)
    submit = [begun.reads("OP1", "Decide to meet;")]
    begun.submit("head.kz", *submit)
    begun.pass_time(seconds=1)
    assert consequences.credential_status(begun.state.credentials[digest], begun.now) == "refused"
    refused("credential.none", lambda: begun.submit("head.kz", *submit))
    refused("credential.state", begun.asked("chair.chair", "credential.regularize", digest, document=digest_of("original")))
    begun.submit("head.hu", *submit)


def test_the_original_makes_it_regular(begun: Table) -> None:
    digest = examined(begun)
    refused("credential.state", begun.asked("chair.chair", "credential.regularize", digest, document=digest_of("original")))
    begun.act("chair.chair", "credential.admit_provisionally-v1", digest, {"due": begun.hour(10), **REASON})
    begun.act("chair.chair", "credential.regularize-v1", digest, {"document": digest_of("original")})
    begun.pass_time(hours=11)
    begun.submit("head.kz", begun.reads("OP1", "Decide to meet;"))


@pytest.mark.parametrize("end", ["refused", "expired"])
def test_without_credentials_that_stand_a_head_does_nothing(begun: Table, end: str) -> None:
    if end == "refused":
        begun.act("chair.chair", "credential.refuse-v1", examined(begun), REASON)
    else:
        digest = examined(begun, until=begun.hour(5))
        begun.act("chair.chair", "credential.accept-v1", digest, REASON)
        begun.pass_time(hours=5)
    refused("credential.none", lambda: begun.submit("head.kz", begun.reads("OP1", "Decide to meet;")))
    refused("credential.none", begun.asked("head.kz", "credential.present", begun.constitution, **letter("kz")))
    presented(begun)
    begun.submit("head.kz", begun.reads("OP1", "Decide to meet;"))


def test_later_letters_replace_and_must_stand(begun: Table) -> None:
    old, other = examined(begun), examined(begun, delegation="hu")
    begun.act("chair.chair", "credential.accept-v1", old, REASON)
    new = examined(begun)
    replace = "credential.replace"
    refused("credential.successor", begun.asked("secretariat.one", replace, old, successor=new))
    refused("credential.successor", begun.asked("secretariat.one", replace, old, successor=other))
    refused("credential.successor", begun.asked("secretariat.one", replace, old, successor=old))
    begun.act("chair.chair", "credential.accept-v1", new, REASON)
    refused("role.not-entitled", begun.asked("chair.chair", replace, old, successor=new))
    begun.act("secretariat.one", "credential.replace-v1", old, {"successor": new})
    refused("credential.state", begun.asked("secretariat.one", replace, old, successor=new))


# -- the rules -----------------------------------------------------------------------------------------------------------------


def rules(bench: Bench, **changes: Any) -> dict[str, Any]:
    return {"rules": {**bench.state.rules.as_json(), "version": bench.state.rules.version + 1, **changes}, "content": digest_of("why")}


def changed(bench: Bench, **changes: Any) -> str:
    return bench.act("chair.chair", "rules-v1", bench.constitution, rules(bench, **changes)).digest


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 1}, "rules.version"),
        ({"version": 3}, "rules.version"),
        ({"quorum": 4}, "rules.quorum"),
        ({"quorum": 0}, "statement.field"),
    ],
)
def test_rules_that_do_not_succeed_those_in_force(begun: Table, changes: dict[str, Any], code: str) -> None:
    refused(code, begun.asked("chair.chair", "rules", begun.constitution, **rules(begun, **changes)))
    refused("role.not-entitled", begun.asked("head.kz", "rules", begun.constitution, **rules(begun)))


def test_until_the_first_reading_has_ended_the_chair_sets_the_rules(begun: Table) -> None:
    changed(begun, quorum=3)
    assert (begun.state.rules.version, begun.state.rules.quorum, begun.state.awaiting_second) == (2, 3, {})


def test_afterwards_every_head_has_to_agree(table: Table) -> None:
    waiting = changed(table, quorum=1)
    assert table.state.rules.version == 1
    refused("role.not-entitled", table.asked("secretariat.one", "second", waiting))
    refused("role.not-entitled", table.asked("chair.chair", "second", waiting))
    table.act("head.az", "second-v1", waiting)
    refused("second.given", table.asked("head.az", "second", waiting))
    table.act("head.hu", "second-v1", waiting)
    assert table.state.rules.quorum == 2
    table.act("head.kz", "second-v1", waiting)
    assert (table.state.rules.version, table.state.rules.quorum) == (2, 1)
    refused("second.nothing", table.asked("head.az", "second", waiting))


def test_of_two_changes_of_the_same_rules_one_takes_force(table: Table) -> None:
    one, two = changed(table, quorum=1), changed(table, quorum=3)
    for head in ("az", "hu", "kz"):
        table.act(f"head.{head}", "second-v1", one)
    refused("second.nothing", table.asked("head.az", "second", two))


def test_the_rules_of_the_negotiation_end_with_it() -> None:
    bench = Bench().adopted()
    refused("rules.stage", lambda: bench.try_act("chair.chair", "rules-v1", bench.constitution, rules(bench)))


def test_rules_that_allow_nothing_late() -> None:
    table = Table(rules=Rules(quorum=2, late_amendments=False)).sitting()
    refused("amendment.late", table.asked("head.hu", "amendment.submit_late", **table.proposal([table.reads("OP1", "Decide;")])))


# -- alternates ----------------------------------------------------------------------------------------------------------------


def appointment(bench: Bench, name: str = "the alternate", begins: int = 1, ends: int = 5) -> dict[str, Any]:
    hours = {"from": format_time(bench.now + timedelta(hours=begins)), "until": format_time(bench.now + timedelta(hours=ends))}
    possession = {"nonce": digest_of(f"nonce for {name}"), "signature": "AA=="}
    return {"key": public(name).openssh, "possession": possession, "content": digest_of(name), **hours}


def test_an_alternate_acts_inside_the_time_and_not_a_second_outside(begun: Table) -> None:
    begun.act("head.kz", "delegate-v1", begun.constitution, appointment(begun))
    edits = [begun.reads("OP1", "Decide to meet;")]

    def attempt() -> None:
        begun.try_act("head.kz", "amendment.submit-v1", begun.state.current, begun.proposal(edits), key="the alternate")

    begun.pass_time(hours=1, seconds=-1)
    refused("key.delegation-over", attempt)
    begun.pass_time(seconds=1)
    attempt()
    begun.pass_time(hours=4, seconds=-1)
    attempt()
    begun.pass_time(seconds=1)
    refused("key.delegation-over", attempt)
    begun.submit("head.kz", *edits)


@pytest.mark.parametrize(("begins", "ends"), [(5, 5), (5, 1), (-5, -1), (-5, 0)])
def test_an_alternates_time_is_a_time_to_come(begun: Table, begins: int, ends: int) -> None:
    refused("delegate.times", begun.asked("head.kz", "delegate", begun.constitution, **appointment(begun, begins=begins, ends=ends)))


def test_an_alternate_appoints_no_alternate_and_nobody_lends_a_key_that_acts(begun: Table) -> None:
    begun.act("head.kz", "delegate-v1", begun.constitution, appointment(begun, begins=0))
    second = appointment(begun, "another", begins=0)
    refused(
        "delegate.alternate",
        lambda: begun.try_act("head.kz", "delegate-v1", begun.constitution, second, key="the alternate"),
    )
    known = {**appointment(begun, "third"), "key": public("head.hu").openssh}
    refused("key.known", begun.asked("head.kz", "delegate", begun.constitution, **known))
    used = {**appointment(begun, "fourth"), "possession": appointment(begun)["possession"]}
    refused("accredit.nonce-used", begun.asked("head.kz", "delegate", begun.constitution, **used))
    refused("role.not-entitled", begun.asked("secretariat.one", "delegate", begun.constitution, **second))


def test_an_alternate_falls_with_the_delegations_credentials(begun: Table) -> None:
    begun.act("head.kz", "delegate-v1", begun.constitution, appointment(begun, begins=0))
    begun.act("chair.chair", "credential.refuse-v1", examined(begun), REASON)
    body = begun.proposal([begun.reads("OP1", "Decide to meet;")])
    refused("credential.none", lambda: begun.try_act("head.kz", "amendment.submit-v1", begun.state.current, body, key="the alternate"))
