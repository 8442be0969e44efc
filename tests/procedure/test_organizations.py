"""Organizations: put before the head of their country, verified, disputed, suspended, dissolved."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.procedure.bench import Bench, digest_of, refused

REASON = {"content": digest_of("reason")}


def presented(bench: Bench, party: str = "ngo", country: str = "az", **changes: Any) -> dict[str, Any]:
    return {
        "party": party,
        "organization": {"country": country, "name": party, "registration": party.upper()},
        "documents": [digest_of("extract"), digest_of("statute")],
        **REASON,
        **changes,
    }


def present(bench: Bench, party: str = "ngo") -> str:
    return bench.act("secretariat.one", "organization.present-v1", bench.constitution, presented(bench, party)).digest


VERIFY = {"concurrence": None, **REASON}


def test_an_organization_is_verified_with_concurrence_or_after_silence() -> None:
    bench = Bench().constituted()
    spoken, silent = present(bench, "spoken"), present(bench, "silent")
    for digest in (spoken, silent):
        refused("organization.concurrence", partial(bench.try_act, "secretariat.one", "organization.verify-v1", digest, VERIFY))
    refused("accredit.not-verified", lambda: bench.enrol("spoken"))
    refused("organization.country", lambda: bench.try_act("head.kz", "organization.concur-v1", spoken))
    concurrence = bench.act("head.az", "organization.concur-v1", spoken).digest
    refused("organization.concurred", lambda: bench.try_act("head.az", "organization.concur-v1", spoken))
    refused("organization.concurrence", lambda: bench.try_act("secretariat.one", "organization.verify-v1", spoken, VERIFY))
    bench.act("secretariat.one", "organization.verify-v1", spoken, {**VERIFY, "concurrence": concurrence})
    bench.enrol("spoken")
    bench.pass_time(hours=47)
    refused("organization.concurrence", lambda: bench.try_act("secretariat.one", "organization.verify-v1", silent, VERIFY))
    bench.pass_time(hours=1)
    bench.act("secretariat.one", "organization.verify-v1", silent, VERIFY)
    refused("organization.state", lambda: bench.try_act("secretariat.one", "organization.verify-v1", silent, VERIFY))
    refused("organization.silence", lambda: bench.try_act("head.az", "organization.object-v1", silent, REASON))


@pytest.mark.parametrize(
    ("who", "changes", "code"),
    [
        ("secretariat.one", {"organization": {"country": "rs", "name": "x", "registration": "1"}}, "organization.not-entitled"),
        ("head.kz", {}, "organization.country"),
        ("secretariat.one", {"party": "known"}, "organization.known"),
        ("secretariat.one", {"party": "keeper"}, "organization.party"),
        ("secretariat.one", {"organization": {"country": "az", "name": "KNOWN", "registration": "know n"}}, "organization.known"),
        ("secretariat.one", {"documents": ["x"]}, "statement.field"),
        ("depositary.keeper", {}, "role.not-entitled"),
    ],
)
def test_an_organization_that_cannot_be_put_forward(who: str, changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted()
    bench.enrol("known")
    refused(code, lambda: bench.try_act(who, "organization.present-v1", bench.constitution, presented(bench, **changes)))


def test_a_head_who_objects_in_time_has_the_organization_examined_and_its_signature_held() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    digest = bench.sign("ngo").digest
    brought = bench.state.organizations["ngo"].digest
    bench.act("head.az", "organization.object-v1", brought, REASON)
    assert bench.state.endorsements[digest].doubts == ("organization",)
    refused("endorsement.organization", lambda: bench.try_act("depositary.keeper", "endorsement.release-v1", digest, REASON))
    refused("organization.objected", lambda: bench.try_act("head.az", "organization.object-v1", brought, REASON))
    bench.pass_time(hours=100)
    refused("organization.objected", lambda: bench.try_act("secretariat.one", "organization.verify-v1", brought, VERIFY))
    concurrence = bench.act("head.az", "organization.concur-v1", brought).digest
    bench.act("secretariat.one", "organization.verify-v1", brought, {**VERIFY, "concurrence": concurrence})
    assert bench.state.endorsements[digest].status == "counted"


def test_a_suspended_organization_signs_and_is_held_and_a_dissolved_one_keeps_what_it_signed() -> None:
    bench = Bench().open()
    bench.enrol("before"), bench.enrol("after")
    before = bench.sign("before").digest
    for party in ("before", "after"):
        bench.act("depositary.keeper", "organization.suspend-v1", bench.state.organizations[party].digest, REASON)
    after = bench.sign("after").digest
    assert [bench.state.endorsements[each].status for each in (before, after)] == ["counted", "held"]
    bench.act("secretariat.one", "organization.reinstate-v1", bench.state.organizations["after"].digest, REASON)
    assert bench.state.endorsements[after].status == "counted"
    body = {"document": digest_of("court"), **REASON}
    bench.act("secretariat.one", "organization.strike_off-v1", bench.state.organizations["before"].digest, body)
    assert bench.state.endorsements[before].status == "counted"
    refused("organization.state", lambda: bench.try_act("secretariat.one", "organization.reinstate-v1",
                                                        bench.state.organizations["before"].digest, REASON))  # fmt: skip


def test_an_organization_that_was_refused_gets_no_key_and_may_be_put_forward_again() -> None:
    bench = Bench().constituted()
    digest = present(bench)
    bench.act("secretariat.one", "organization.refuse-v1", digest, REASON)
    refused("accredit.not-verified", lambda: bench.enrol("ngo"))
    refused("organization.unknown", lambda: bench.try_act("head.az", "organization.concur-v1", digest_of("nothing")))
    present(bench)
    assert bench.state.organizations["ngo"].status == "under_review"
