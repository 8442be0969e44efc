"""From the constitution to the register, on the workbench."""

from __future__ import annotations

from declaration.procedure import consequences
from tests.procedure.bench import SYMBOL, Bench


def test_a_text_is_amended_agreed_adopted_and_signed() -> None:
    bench = Bench().constituted().circulated()
    amendment = bench.admit(bench.submit("head.kz", bench.reads("OP1", "Decide to meet every year;")))
    assert consequences.brackets(bench.state) == ["OP1"]
    bench.second_reading()
    bench.accept(amendment)
    assert bench.state.units["OP1"].text == "Decide to meet every year;"
    revised = bench.put_version(
        {key: (kind, number, {"en": text["en"]}) for key, (kind, number, text) in bench.texts_now().items()},
        f"{SYMBOL}/Rev.1",
        bench.state.current,
    )
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", revised, {"symbol": f"{SYMBOL}/Rev.1"})
    bench.agreed().confirmed()
    assert consequences.behind(bench.state, "az") == ["OP1"]


def test_the_register_counts_organizations_by_country_and_lists_others_apart() -> None:
    bench = Bench().open()
    for party, country in (("a", "az"), ("b", "az"), ("c", "kz")):
        bench.enrol(party, country)
        bench.sign(party)
    bench.enrol("d", "hu", capacity="personal")
    signed = bench.sign("d", capacity="personal")
    totals = consequences.totals(bench.state)
    assert (dict(totals.counted), totals.total, totals.listed) == ({"az": 2, "kz": 1, "hu": 0}, 3, 1)
    bench.pass_time(hours=1)
    withdrawn = bench.state.by_party["a"]
    bench.act("signatory.a", "endorsement.withdraw-v1", withdrawn, {"content": "0" * 64})
    assert consequences.totals(bench.state).counted["az"] == 1
    assert consequences.totals(bench.state, as_at=signed.at).counted["az"] == 2


def test_persons_and_associates_who_withdraw_stand_apart_too() -> None:
    bench = Bench().open()
    bench.enrol("org")
    bench.enrol("friend", "rs", capacity="associated")
    bench.sign("org")
    bench.sign("friend", capacity="associated")
    bench.pass_time(hours=1)
    bench.act("signatory.friend", "endorsement.withdraw-v1", bench.state.by_party["friend"], {"content": "0" * 64})
    totals = consequences.totals(bench.state)
    assert (totals.total, sum(totals.withdrawn.values()), totals.listed, totals.listed_withdrawn) == (1, 0, 0, 1)
