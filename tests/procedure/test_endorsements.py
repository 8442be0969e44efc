"""Endorsements, and the tables themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.tables import BY_TYPE, TRANSITIONS
from declaration.protocol.encoding import format_time
from tests.procedure.bench import Bench, digest_of, mandate, public, refused


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity": "personal"}, "endorsement.capacity"),
        ({"kind": "accession"}, "endorsement.no-accession"),
        ({"language": "kk"}, "endorsement.language"),
        ({"texts": {"en": "0" * 64}}, "endorsement.texts"),
        ({"texts": {}}, "statement.field"),
        ({"kind": "oral"}, "statement.field"),
    ],
)
def test_an_endorsement_that_says_something_else(changes: dict[str, Any], code: str) -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    refused(code, lambda: bench.sign("ngo", **changes))


def test_drafts_cannot_be_signed_and_nobody_signs_twice() -> None:
    bench = Bench().constituted().circulated()
    bench.enrol("ngo")
    draft = bench.state.current
    body = {"kind": "signature", "capacity": "organization", "language": "en", "texts": {"en": "0" * 64}, "content": digest_of("p")}
    refused("version.not-adopted", lambda: bench.try_act("signatory.ngo", "endorsement.sign-v1", draft, body))
    bench = Bench().open()
    bench.enrol("ngo")
    other = next(each for each in bench.library if each != bench.state.adopted)
    refused("version.not-adopted", lambda: bench.try_act("signatory.ngo", "endorsement.sign-v1", other, bench.endorsement()))
    bench.sign("ngo")
    with pytest.raises(DeclarationError, match="position 1 of the register") as twice:
        bench.sign("ngo")
    assert twice.value.code == "endorsement.duplicate"
    second = bench.signatory("ngo", key=public("second").openssh)
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, second)
    bench.act("secretariat.two", "second-v1", first.digest)
    refused(
        "endorsement.duplicate",
        lambda: bench.act("signatory.ngo", "endorsement.sign-v1", bench.state.adopted, bench.endorsement(), key="second"),
    )


def test_the_window_closes_by_the_hour_and_then_organizations_accede() -> None:
    bench = Bench().open(days=1)
    bench.enrol("a"), bench.enrol("b")
    bench.pass_time(days=1)
    assert consequences.stage(bench.state, bench.now) == "accession_open"
    refused("endorsement.window-closed", lambda: bench.sign("a"))
    bench.sign("b", kind="accession")
    assert consequences.totals(bench.state).total == 0
    assert consequences.totals(bench.state).accessions["az"] == 1


def test_a_mandate_that_has_run_out_signs_nothing() -> None:
    bench = Bench().open()
    until = format_time(bench.now + timedelta(hours=1))
    bench.enrol("ngo", mandate=mandate(until=until))
    bench.pass_time(hours=1)
    refused("mandate.expired", lambda: bench.sign("ngo"))


def test_an_organization_withdraws_only_its_own_signature_and_once() -> None:
    bench = Bench().open()
    bench.enrol("a"), bench.enrol("b")
    digest = bench.sign("a").digest
    reason = {"content": digest_of("reason")}
    refused("endorsement.not-own", lambda: bench.try_act("signatory.b", "endorsement.withdraw-v1", digest, reason))
    bench.act("signatory.a", "endorsement.withdraw-v1", digest, reason)
    refused("endorsement.state", lambda: bench.try_act("signatory.a", "endorsement.withdraw-v1", digest, reason))


def test_every_recorded_row_has_guards_and_an_effect() -> None:
    from declaration.procedure.effects import EFFECTS
    from declaration.procedure.guards import GUARDS

    assert set(EFFECTS) == set(BY_TYPE)
    assert {name for row in TRANSITIONS for name in row.guards} <= set(GUARDS)
    assert set(GUARDS) <= {name for row in TRANSITIONS for name in row.guards}


@pytest.mark.parametrize("role", ["member", "observer", "auditor", "admin", "system"])
def test_some_roles_have_no_recorded_act(role: str) -> None:
    assert [row.type for row in BY_TYPE.values() if role in row.who] == []


def test_a_refused_act_leaves_the_state_as_it_was() -> None:
    bench = Bench().constituted().circulated()
    before = bench.state.fork()
    refused("amendment.unknown", lambda: bench.act("chair.chair", "amendment.refuse_leave-v1", digest_of("x"), {"content": digest_of("r")}))
    assert bench.state == before
