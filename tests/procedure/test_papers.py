"""Signatures on paper: attested by two, in no total, and gone from the list when a key signs."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.procedure import consequences
from declaration.procedure.papers import on_paper, paper_status, replaced_by
from tests.procedure.bench import Bench, digest_of, refused

REASON = {"content": digest_of("reason")}


@pytest.fixture
def bench() -> Bench:
    bench = Bench().open()
    bench.enrol("ngo"), bench.enrol("other")
    return bench


def named(bench: Bench, party: str = "ngo") -> str:
    return bench.state.organizations[party].digest


def paper(bench: Bench, **changes: Any) -> dict[str, Any]:
    return {"version": bench.state.adopted, "scan": digest_of("scan"), **REASON, **changes}


def attested(bench: Bench, party: str = "ngo", **changes: Any) -> str:
    first = bench.act("secretariat.one", "paper.attest-v1", named(bench, party), paper(bench, **changes))
    bench.act("secretariat.two", "second-v1", first.digest)
    return first.digest


def tried(bench: Bench, code: str, party: str = "ngo", who: str = "secretariat.one", **changes: Any) -> None:
    refused(code, lambda: bench.try_act(who, "paper.attest-v1", named(bench, party), paper(bench, **changes)))


def test_it_is_listed_apart_and_never_counted(bench: Bench) -> None:
    before = consequences.totals(bench.state)
    attested(bench)
    (found,) = on_paper(bench.state)
    assert (found.party, found.name, found.country, found.attested_by) == ("ngo", "ngo", "az", ("one", "two"))
    assert consequences.totals(bench.state) == before
    assert bench.state.endorsements == {}


def test_a_signature_with_a_key_takes_its_place_with_reference(bench: Bench) -> None:
    digest = attested(bench)
    moment = bench.now
    bench.pass_time(hours=1)
    signed = bench.sign("ngo").digest
    assert on_paper(bench.state) == []
    standing = bench.state.papers[digest]
    assert paper_status(bench.state, standing) == "replaced"
    assert replaced_by(bench.state, standing).digest == signed
    assert [each.digest for each in on_paper(bench.state, as_at=moment)] == [digest], "as it was then"
    assert consequences.totals(bench.state).total == 1
    tried(bench, "paper.signed")


@pytest.mark.parametrize("end", ["refuse", "annul"])
def test_a_signature_that_was_never_the_organizations_leaves_the_paper(bench: Bench, end: str) -> None:
    digest = attested(bench)
    signed = bench.sign("ngo").digest
    bench.act("depositary.keeper", "endorsement.question-v1", signed, REASON)
    bench.act("depositary.keeper", f"endorsement.{end}-v1", signed, REASON)
    assert [each.digest for each in on_paper(bench.state)] == [digest]


def test_what_was_withdrawn_with_a_key_does_not_come_back_on_paper(bench: Bench) -> None:
    attested(bench)
    signed = bench.sign("ngo").digest
    bench.act("signatory.ngo", "endorsement.withdraw-v1", signed, REASON)
    assert on_paper(bench.state) == []


def test_the_depositary_sets_it_aside_and_it_stays_in_sight(bench: Bench) -> None:
    digest = attested(bench)
    refused("role.not-entitled", lambda: bench.try_act("secretariat.one", "paper.set_aside-v1", digest, REASON))
    refused("paper.unknown", lambda: bench.try_act("depositary.keeper", "paper.set_aside-v1", digest_of("nothing"), REASON))
    bench.act("depositary.keeper", "paper.set_aside-v1", digest, REASON)
    refused("paper.state", lambda: bench.try_act("depositary.keeper", "paper.set_aside-v1", digest, REASON))
    assert (on_paper(bench.state), paper_status(bench.state, bench.state.papers[digest])) == ([], "set_aside")
    attested(bench)  # the true sheet may come, or the same one after all
    assert len(bench.state.papers) == 2


def test_what_is_attested_for_whom(bench: Bench) -> None:
    attested(bench)
    tried(bench, "paper.known")
    tried(bench, "paper.scan", "other")
    tried(bench, "paper.version", "other", version=digest_of("a draft"))
    for who in ("chair.chair", "depositary.keeper", "head.az", "signatory.other"):
        tried(bench, "role.not-entitled", "other", who=who)
    refused("organization.unknown", lambda: bench.try_act("secretariat.one", "paper.attest-v1", digest_of("nobody"), paper(bench)))
    refused("statement.field", lambda: bench.try_act("secretariat.one", "paper.attest-v1", named(bench, "other"), paper(bench, scan="x")))


def test_what_waits_is_not_attested_twice(bench: Bench) -> None:
    first = bench.act("secretariat.one", "paper.attest-v1", named(bench), paper(bench))
    assert on_paper(bench.state) == []
    tried(bench, "paper.waits", who="secretariat.two", scan=digest_of("another scan"))
    tried(bench, "paper.scan", "other")
    bench.sign("ngo")
    refused("paper.signed", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))


@pytest.mark.parametrize("status", ["suspend", "strike_off", "object"])
def test_only_a_verified_organization(bench: Bench, status: str) -> None:
    first = bench.act("secretariat.one", "paper.attest-v1", named(bench), paper(bench))
    body = {"document": digest_of("letter"), **REASON} if status == "strike_off" else REASON
    bench.act("head.az" if status == "object" else "secretariat.one", f"organization.{status}-v1", named(bench), body)
    refused("paper.organization", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
    bench.state.awaiting_second.clear()
    tried(bench, "paper.organization")


def test_while_organizations_sign_and_not_after() -> None:
    bench = Bench().adopted()
    bench.enrol("ngo")
    tried(bench, "paper.not-open")
    bench = Bench().open(days=1)
    bench.enrol("ngo"), bench.enrol("other")
    first = bench.act("secretariat.one", "paper.attest-v1", named(bench), paper(bench))
    bench.pass_time(days=1)
    attested(bench, "other", scan=digest_of("accession"))  # accession is open
    bench.act("depositary.keeper", "declaration.close_accession-v1", bench.state.adopted, REASON)
    refused("paper.closed", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
