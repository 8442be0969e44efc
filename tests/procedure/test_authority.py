"""Acts of authority, and acts out of place in the record: refused, each with the code of its rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.procedure.bench import SYMBOL, TEXT, Bench, digest_of, public, refused


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"original": "kk"}, "constitution.languages"),
        ({"prevailing": "kk"}, "constitution.languages"),
        ({"rules": {**Bench().rules.as_json(), "quorum": 4}}, "constitution.quorum"),
        ({"rules": {**Bench().rules.as_json(), "quorum": True}}, "statement.field"),
        ({"key": public("head.az").openssh}, "constitution.key"),
        ({"procedure": "forum-2"}, "statement.field"),
        ({"extra": 1}, "statement.fields"),
        ({"delegations": {}}, "statement.field"),
    ],
)
def test_a_constitution_that_does_not_hold_together(changes: dict[str, Any], code: str) -> None:
    bench = Bench()
    body = bench.constitution_body(**changes)
    refused(code, lambda: bench.act("chair.chair", "constitution-v1", None, body))
    assert bench.state.size == 0


def test_a_record_begins_with_its_constitution_and_has_one() -> None:
    bench = Bench()
    refused("constitution.missing", lambda: bench.act("head.az", "confirmation.confirm-v1", digest_of("x")))
    bench.constituted()
    body = bench.constitution_body()
    refused("constitution.exists", lambda: bench.act("chair.chair", "constitution-v1", None, body))


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("chair.chair", lambda b: b.accreditation("head.az"), "key.known"),
        ("chair.chair", lambda b: b.accreditation("head.tr"), "accredit.party"),
        ("chair.chair", lambda b: b.accreditation("secretariat.chair"), "accredit.party"),
        ("chair.chair", lambda b: b.accreditation("depositary.one"), "accredit.party"),
        ("chair.chair", lambda b: b.signatory("ngo"), "accredit.role"),
        ("secretariat.one", lambda b: b.accreditation("head.az", key=public("new").openssh), "accredit.role"),
        ("secretariat.one", lambda b: b.signatory("ngo", mandate=None), "accredit.incomplete"),
        ("secretariat.one", lambda b: b.signatory("ngo", country="rs"), "accredit.not-entitled"),
        ("secretariat.one", lambda b: b.signatory("ngo", language="az"), "accredit.incomplete"),
        ("chair.chair", lambda b: b.accreditation("translator.kk", language="kk"), "accredit.language"),
        ("chair.chair", lambda b: b.accreditation("translator.xx", language=None), "accredit.incomplete"),
        ("head.az", lambda b: b.accreditation("head.az", key=public("new").openssh), "role.not-entitled"),
        ("chair.chair", lambda b: b.accreditation("admin.one"), "statement.field"),
    ],
)
def test_an_accreditation_that_gives_what_it_may_not(who: str, body: Callable[[Bench], Any], code: str) -> None:
    bench = Bench().constituted()
    refused(code, lambda: bench.try_act(who, "accredit-v1", bench.constitution, body(bench)))


def test_one_person_never_acts_as_two() -> None:
    bench = Bench().constituted()
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, bench.signatory("ngo"))
    assert public("signatory.ngo").fingerprint not in bench.state.keys
    refused("second.same-person", lambda: bench.try_act("secretariat.one", "second-v1", first.digest))
    refused("role.not-entitled", lambda: bench.try_act("chair.chair", "second-v1", first.digest))
    bench.act("secretariat.two", "second-v1", first.digest)
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
    assert bench.state.keys[public("signatory.ngo").fingerprint].accredited == bench.state.size - 1


def test_a_party_is_one_organization() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    other = bench.signatory("ngo", key=public("other").openssh)
    other["organization"] = {**other["organization"], "registration": "ANOTHER"}
    refused("accredit.party", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, other))


def test_an_organization_is_one_party() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    twin = bench.signatory("twin", organization={"country": "az", "name": "Twin", "registration": "n G o"})
    refused("accredit.organization-known", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, twin))
    bench.try_act("secretariat.one", "accredit-v1", bench.constitution, {**twin, "capacity": "personal"})
    elsewhere = {**twin, "organization": {**twin["organization"], "country": "kz"}}
    bench.try_act("secretariat.one", "accredit-v1", bench.constitution, elsewhere)


def test_of_two_accreditations_that_wait_one_takes_force() -> None:
    bench = Bench().constituted()
    same = {"country": "az", "name": "One", "registration": "1"}
    waiting = [
        bench.act("secretariat.one", "accredit-v1", bench.constitution, bench.signatory(party, organization=same)) for party in ("a", "b")
    ]
    bench.act("secretariat.two", "second-v1", waiting[0].digest)
    refused("accredit.organization-known", lambda: bench.try_act("secretariat.two", "second-v1", waiting[1].digest))


@pytest.mark.parametrize("party", ["az", "one", "keeper"])
def test_an_office_is_no_organization(party: str) -> None:
    bench = Bench().constituted()
    body = bench.signatory(party, key=public("new").openssh)
    refused("accredit.party", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, body))


def test_a_proof_of_possession_is_used_once() -> None:
    bench = Bench().constituted()
    body = bench.signatory("ngo")
    bench.act("secretariat.one", "accredit-v1", bench.constitution, body)
    refused("accredit.nonce-used", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, body))
    other = {**bench.signatory("other"), "possession": body["possession"]}
    refused("accredit.nonce-used", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, other))


# -- texts that nobody should approve --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "changed", "code"),
    [
        ("OP1", ("operative", "1", {"en": "Decide \u202eto meet;", "az": "Qərar"}), "letters.refused"),
        ("OP1", ("operative", "1", {"en": "Decide to meet;", "az": "Qər\u200bar"}), "letters.refused"),
        ("OP1", ("operative", "2", {"en": "Decide to meet;", "az": "Qərar"}), "version.numbers"),
        ("T", ("title", "1", {"en": "Joint Declaration", "az": "Birgə"}), "version.numbers"),
        ("OP1", ("clause", "1", {"en": "Decide to meet;", "az": "Qərar"}), "unit.kind"),
        ("OP2", ("item", None, {"en": "Invite all bodies;", "az": "Qərar"}), "unit.parent"),
    ],
)
def test_a_zero_draft_that_cannot_be_read_in_one_way(unit: str, changed: Any, code: str) -> None:
    bench = Bench().constituted()
    digest = bench.put_version({**TEXT, unit: changed}, f"{SYMBOL}/ZD", None)
    body = {"symbol": f"{SYMBOL}/ZD"}
    refused(code, lambda: bench.try_act("chair.chair", "draft_version.approve_and_circulate-v1", digest, body))


@pytest.mark.parametrize("words", ["Decide to \u2066meet;", "Decide to\u00ad meet;", "Decide to meet\u200f;"])
def test_a_proposal_with_letters_that_nobody_sees(words: str) -> None:
    bench = Bench().constituted().circulated()
    body = bench.proposal([bench.reads("OP1", words)])
    refused("letters.refused", lambda: bench.try_act("head.az", "amendment.submit-v1", bench.state.current, body))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"log": "declaration.example/other"}, "record.log"),
        ({"declaration": "OTHER/JD"}, "record.declaration"),
        ({"index": 3}, "record.order"),
        ({"seen": 10_000}, "seen.unknown"),
        ({"seen": 0}, "seen.unknown"),
        ({"key": "stranger"}, "key.unknown"),
        ({"key": "head.kz"}, "key.party"),
    ],
)
def test_an_act_out_of_place(changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted().circulated()
    body = bench.proposal([bench.reads("OP1", "Decide to meet;")])
    refused(code, lambda: bench.try_act("head.az", "amendment.submit-v1", bench.state.current, body, **changes))


def test_time_never_runs_backwards_and_nothing_happens_twice() -> None:
    bench = Bench().constituted().circulated()
    statement = bench.statement(
        "head.az", "amendment.submit-v1", bench.state.current, bench.proposal([bench.reads("OP1", "Decide to meet;")])
    )
    from declaration.procedure.act import Act
    from declaration.procedure.replay import apply

    early = Act(statement.statement, bench.now - timedelta(seconds=1), bench.state.size)
    refused("record.time", lambda: apply(bench.state, early))
    apply(bench.state, statement)
    refused("record.repeated", lambda: apply(bench.state, Act(statement.statement, bench.now, bench.state.size)))


def test_nobody_holds_a_signed_act_for_days() -> None:
    bench = Bench().constituted().circulated()
    held = bench.statement(
        "head.az", "amendment.submit-v1", bench.state.current, bench.proposal([bench.reads("OP1", "Decide to meet;")], 90)
    )
    size = bench.state.size
    bench.pass_time(hours=1)
    bench.submit("head.kz", bench.reads("OP2", "Invite bodies to support projects;"))
    from declaration.procedure.act import Act
    from declaration.procedure.replay import check

    bench.pass_time(hours=24)
    check(bench.state, Act(held.statement, bench.now, size + 1))
    bench.pass_time(seconds=1)
    refused("seen.too-old", lambda: check(bench.state, Act(held.statement, bench.now, size + 1)))
