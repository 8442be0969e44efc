"""Whose word no longer holds when the text is opened again, who did not sign in time, and what keeps every signature."""

from __future__ import annotations

from declaration.procedure import consequences, lapses
from tests.procedure.bench import SYMBOL, TEXT, Bench, digest_of, refused

REASON = {"content": digest_of("reason")}


def test_a_confirmation_lapses_with_the_text_and_stays_in_sight() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed()
    first = bench.state.current
    bench.act("head.az", "confirmation.confirm-v1", first)
    bench.act("head.kz", "confirmation.object-v1", first, REASON)
    assert lapses.confirmations(bench.state) == []
    reopened = bench.act("chair.chair", "declaration.reopen_text-v1", first, REASON)
    (found,) = lapses.confirmations(bench.state)  # what was withheld binds nobody
    assert (found.party, found.version, found.act, found.restored) == ("az", first, reopened.digest, False)
    bench.agreed()
    assert consequences.confirmations(bench.state) == {}
    assert not lapses.confirmations(bench.state)[0].restored
    bench.act("head.az", "confirmation.confirm-v1", bench.state.current)
    (found,) = lapses.lapses(bench.state, bench.state.times[-1])
    assert found.restored


def test_who_did_not_sign_in_time_and_what_is_left() -> None:
    bench = Bench().open(days=10)
    for party in ("a", "b", "c"):
        bench.enrol(party)
    bench.sign("a")
    window = bench.state.window
    assert window is not None
    assert lapses.unsigned(bench.state, window.opens) == []
    assert [(each.party, each.kind, each.at) for each in lapses.unsigned(bench.state, window.closes)] == [
        ("b", "window", window.closes), ("c", "window", window.closes),
    ]  # fmt: skip
    bench.pass_time(days=11)
    bench.sign("b", kind="accession")
    bench.act("depositary.keeper", "declaration.close_accession-v1", bench.state.adopted, REASON)
    moment = bench.state.times[-1]
    assert [(each.party, each.kind) for each in lapses.unsigned(bench.state, moment)] == [("c", "closed")]
    assert sum(consequences.totals(bench.state).lapsed.values()) == 1
    # As at an hour between: b had acceded by then, or not.
    assert [each.party for each in lapses.unsigned(bench.state, window.closes)] == ["b", "c"]


def test_no_version_comes_after_adoption_and_no_other_can_be_signed() -> None:
    bench = Bench().open(days=10)
    bench.enrol("a")
    bench.sign("a")
    before = {digest: each.status for digest, each in bench.state.endorsements.items()}
    symbol = {"symbol": f"{SYMBOL}/Rev.9"}
    later = bench.put_version(TEXT, symbol["symbol"], bench.state.current)
    refused("version.stage", lambda: bench.try_act("chair.chair", "draft_version.approve_and_circulate-v1", later, symbol))
    assert {digest: each.status for digest, each in bench.state.endorsements.items()} == before
    assert lapses.lapses(bench.state, bench.state.times[-1]) == []
