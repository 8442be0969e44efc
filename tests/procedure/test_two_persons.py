"""What the secretariat does by two persons: one alone is not enough, nor one twice, nor one with two keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from declaration.procedure import standing
from declaration.procedure.guards_keys import WANTED
from declaration.procedure.papers import on_paper
from declaration.procedure.state import Key
from declaration.protocol.encoding import format_time
from tests.procedure.bench import Bench, digest_of, public, refused

REASON = {"content": digest_of("reason")}
Begin = Callable[[Bench], str]
Done = Callable[[Bench], bool]


def key(bench: Bench, party: str = "ngo") -> Key:
    return bench.state.keys[public(f"signatory.{party}").fingerprint]


def status(bench: Bench) -> str:
    return standing.key_status(bench.state, key(bench), bench.now)


def activation(bench: Bench) -> str:
    return bench.act("secretariat.one", "accredit-v1", bench.constitution, bench.signatory("new")).digest


def reinstatement(bench: Bench) -> str:
    bench.act("secretariat.two", "key.suspend-v1", key(bench).accreditation, REASON)
    return bench.act("secretariat.one", "key.reinstate-v1", key(bench).accreditation, REASON).digest


def revocation(bench: Bench) -> str:
    body = {"reason": "compromised", "invalid_from": format_time(bench.now - timedelta(hours=1)), "successor": None, **REASON}
    return bench.act("secretariat.one", "revoke-v1", key(bench).accreditation, body).digest


def mandate_revocation(bench: Bench) -> str:
    body = {"document": digest_of("letter"), "since": format_time(bench.now), **REASON}
    return bench.act("secretariat.one", "mandate.revoke-v1", key(bench).accreditation, body).digest


def attestation(bench: Bench) -> str:
    body = {"version": bench.state.adopted, "scan": digest_of("scan"), **REASON}
    return bench.act("secretariat.one", "paper.attest-v1", bench.state.organizations["ngo"].digest, body).digest


BY_TWO: dict[str, tuple[Begin, Done]] = {
    "accredit-v1": (activation, lambda bench: public("signatory.new").fingerprint in bench.state.keys),
    "key.reinstate-v1": (reinstatement, lambda bench: status(bench) == "active"),
    "revoke-v1": (revocation, lambda bench: status(bench) == "revoked"),
    "mandate.revoke-v1": (mandate_revocation, lambda bench: status(bench) == "expired"),
    "paper.attest-v1": (attestation, lambda bench: on_paper(bench.state) != []),
}


@pytest.fixture
def bench() -> Bench:
    bench = Bench().open()
    bench.enrol("ngo")
    body = bench.accreditation("secretariat.one", key=public("a second key of one").openssh)
    bench.act("chair.chair", "accredit-v1", bench.constitution, body)
    return bench


def test_every_act_of_two_of_the_secretariat_is_tried_here() -> None:
    assert set(BY_TWO) == {type_ for type_, who in WANTED.items() if who == "secretariat"}


@pytest.mark.parametrize("type_", BY_TWO)
def test_one_person_is_not_two(bench: Bench, type_: str) -> None:
    begin, done = BY_TWO[type_]
    digest = begin(bench)
    assert not done(bench), "one alone is not enough"
    refused("second.same-person", lambda: bench.try_act("secretariat.one", "second-v1", digest))
    refused("second.same-person", lambda: bench.try_act("secretariat.one", "second-v1", digest, key="a second key of one"))
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", digest_of("nothing")))
    for who in ("chair.chair", "depositary.keeper", "head.az", "signatory.ngo"):
        if (who, type_) not in (("signatory.ngo", "key.reinstate-v1"), ("signatory.ngo", "revoke-v1")):  # suspended by then
            refused("role.not-entitled", lambda who=who: bench.try_act(who, "second-v1", digest))
    assert not done(bench)
    bench.act("secretariat.two", "second-v1", digest)
    assert done(bench)
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", digest))


@pytest.mark.parametrize("type_", BY_TWO)
def test_what_a_stolen_key_began_is_not_finished(bench: Bench, type_: str) -> None:
    begin, done = BY_TWO[type_]
    digest = begin(bench)
    one = bench.state.keys[public("secretariat.one").fingerprint].accreditation
    body = {"reason": "compromised", "invalid_from": format_time(bench.now), "successor": None, **REASON}
    first = bench.act("chair.chair", "revoke-v1", one, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    refused("second.first-questioned", lambda: bench.try_act("secretariat.two", "second-v1", digest))
    assert not done(bench)


def test_a_reinstatement_waits_once_and_falls_with_the_key(bench: Bench) -> None:
    first = reinstatement(bench)
    accreditation = key(bench).accreditation
    refused("key.reinstatement-waits", lambda: bench.try_act("secretariat.two", "key.reinstate-v1", accreditation, REASON))
    revoking = revocation(bench)  # the holder was not who it seemed
    refused("key.revocation-waits", lambda: bench.try_act("secretariat.two", "second-v1", first))
    bench.act("secretariat.two", "second-v1", revoking)
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", first))
    assert status(bench) == "revoked"


def test_the_chair_reinstates_an_officer_alone(bench: Bench) -> None:
    name = bench.state.keys[public("head.az").fingerprint]
    bench.act("head.az", "key.suspend-v1", name.accreditation, REASON)
    bench.act("chair.chair", "key.reinstate-v1", name.accreditation, REASON)
    assert standing.key_status(bench.state, bench.state.keys[name.fingerprint], bench.now) == "active"
    assert bench.state.awaiting_second == {}
