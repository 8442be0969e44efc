"""Keys, mandates, organizations and the chair: what is taken back, by whom, and what stands all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from declaration.procedure import consequences, standing
from declaration.procedure.signers import allowed_signers_of
from declaration.procedure.state import Key
from declaration.protocol.encoding import format_time
from tests.procedure.bench import Bench, digest_of, mandate, public, refused

REASON = {"content": digest_of("reason")}


def key_of(bench: Bench, who: str) -> Key:
    return bench.state.keys[public(who).fingerprint]


def named(bench: Bench, who: str) -> str:
    """How acts on keys name one: by the statement that accredited it."""
    return key_of(bench, who).accreditation


def revocation(bench: Bench, reason: str = "left_office", **changes: Any) -> dict[str, Any]:
    since = format_time(bench.now - timedelta(hours=1)) if reason == "compromised" else None
    return {"reason": reason, "invalid_from": since, "successor": None, **REASON, **changes}


def compromised(bench: Bench, who: str, hours: int = 1) -> None:
    since = format_time(bench.now - timedelta(hours=hours))
    first = bench.act("secretariat.one", "revoke-v1", named(bench, who), revocation(bench, "compromised", invalid_from=since))
    bench.act("secretariat.two", "second-v1", first.digest)


def status(bench: Bench, who: str) -> str:
    return standing.key_status(bench.state, key_of(bench, who), bench.now)


def further_key(bench: Bench, party: str, key: str, **changes: Any) -> str:
    """A further key of an organization; returns its accreditation."""
    body = bench.signatory(party, **{"key": public(key).openssh, **changes})
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    return first.digest


# suspending --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["signatory.ngo", "secretariat.one"])
def test_a_signatorys_key_is_suspended_at_once_and_signs_nothing(who: str) -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    bench.act(who, "key.suspend-v1", named(bench, "signatory.ngo"), REASON)
    assert status(bench, "signatory.ngo") == "suspended"
    refused("key.suspended", lambda: bench.sign("ngo"))
    refused("key.suspended", lambda: bench.try_act("signatory.ngo", "key.suspend-v1", named(bench, "signatory.ngo"), REASON))
    refused("key.state", lambda: bench.try_act("secretariat.two", "key.suspend-v1", named(bench, "signatory.ngo"), REASON))
    first = bench.act("secretariat.two", "key.reinstate-v1", named(bench, "signatory.ngo"), REASON)
    bench.act("secretariat.one", "second-v1", first.digest)
    assert bench.state.endorsements[bench.sign("ngo").digest].status == "counted"


@pytest.mark.parametrize(
    ("who", "whose", "code"),
    [
        ("secretariat.one", "head.az", "key.not-own"),
        ("secretariat.one", "secretariat.two", "key.not-own"),
        ("chair.chair", "signatory.ngo", "key.not-own"),
        ("head.az", "signatory.ngo", "key.not-own"),
        ("head.kz", "head.az", "key.not-own"),
        ("depositary.keeper", "signatory.ngo", "key.not-own"),
        ("signatory.other", "signatory.ngo", "key.not-own"),
        ("secretariat.one", "chair.chair", "key.chair"),
        ("chair.chair", "chair.chair", "key.chair"),
    ],
)
@pytest.mark.parametrize("type_", ["key.suspend-v1", "revoke-v1"])
def test_a_key_is_taken_back_by_its_holder_and_by_whom_it_came_from(type_: str, who: str, whose: str, code: str) -> None:
    bench = Bench().constituted()
    bench.enrol("ngo"), bench.enrol("other")
    body = REASON if type_ == "key.suspend-v1" else revocation(bench)
    refused(code, lambda: bench.try_act(who, type_, named(bench, whose), body))


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("signatory.other", "role.not-entitled"),
        ("depositary.keeper", "role.not-entitled"),
        ("chair.chair", "key.not-own"),
        ("head.az", "key.not-own"),
    ],
)
def test_a_key_is_given_back_by_whom_it_came_from_alone(who: str, code: str) -> None:
    bench = Bench().constituted()
    bench.enrol("ngo"), bench.enrol("other")
    refused("key.state", lambda: bench.try_act("secretariat.one", "key.reinstate-v1", named(bench, "signatory.ngo"), REASON))
    bench.act("signatory.ngo", "key.suspend-v1", named(bench, "signatory.ngo"), REASON)
    refused(code, lambda: bench.try_act(who, "key.reinstate-v1", named(bench, "signatory.ngo"), REASON))
    refused("key.suspended", lambda: bench.try_act("signatory.ngo", "key.reinstate-v1", named(bench, "signatory.ngo"), REASON))
    refused("key.unknown", lambda: bench.try_act("secretariat.one", "key.reinstate-v1", digest_of("nothing"), REASON))


def test_officers_keys_are_the_chairs_matter() -> None:
    bench = Bench().constituted()
    bench.act("head.az", "key.suspend-v1", named(bench, "head.az"), REASON)
    refused("key.not-own", lambda: bench.try_act("secretariat.one", "key.reinstate-v1", named(bench, "head.az"), REASON))
    bench.act("chair.chair", "key.reinstate-v1", named(bench, "head.az"), REASON)
    bench.act("chair.chair", "revoke-v1", named(bench, "head.az"), revocation(bench))
    refused("key.revoked", lambda: bench.try_act("head.az", "key.suspend-v1", named(bench, "head.az"), REASON))


# revoking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "stolen"}, "statement.field"),
        ({"reason": "compromised", "invalid_from": None}, "revoke.invalid-from"),
        ({"reason": "left_office", "invalid_from": "2025-11-01T00:00:00Z"}, "revoke.invalid-from"),
        ({"reason": "compromised", "invalid_from": "2030-01-01T00:00:00Z"}, "revoke.invalid-from"),
        ({"reason": "superseded"}, "revoke.successor"),
        ({"reason": "superseded", "successor": digest_of("nothing")}, "key.unknown"),
        ({"reason": "left_office", "successor": digest_of("nothing")}, "revoke.successor"),
        ({"extra": 1}, "statement.fields"),
    ],
)
def test_a_revocation_that_does_not_hold_together(changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    body = {**revocation(bench, changes.get("reason", "left_office")), **changes}
    refused(code, lambda: bench.try_act("secretariat.one", "revoke-v1", named(bench, "signatory.ngo"), body))


def test_a_compromised_key_is_revoked_by_two_others() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    key = named(bench, "signatory.ngo")
    body = revocation(bench, "compromised")
    refused("revoke.two-persons", lambda: bench.try_act("signatory.ngo", "revoke-v1", key, body))
    first = bench.act("secretariat.one", "revoke-v1", key, body)
    assert status(bench, "signatory.ngo") == "suspended", "one person is enough to stop it"
    refused("key.revocation-waits", lambda: bench.try_act("secretariat.two", "revoke-v1", key, body))
    refused("key.revocation-waits", lambda: bench.try_act("secretariat.two", "key.reinstate-v1", key, REASON))
    refused("second.same-person", lambda: bench.try_act("secretariat.one", "second-v1", first.digest))
    refused("role.not-entitled", lambda: bench.try_act("head.az", "second-v1", first.digest))
    bench.act("secretariat.two", "second-v1", first.digest)
    assert status(bench, "signatory.ngo") == "revoked"
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
    refused("key.state", lambda: bench.try_act("secretariat.two", "revoke-v1", key, revocation(bench)))
    refused("key.revoked", lambda: bench.sign("ngo"))


def test_nobody_is_the_second_person_on_the_own_key() -> None:
    bench = Bench().constituted()
    first = bench.act("chair.chair", "revoke-v1", named(bench, "secretariat.two"), revocation(bench, "compromised"))
    refused("key.suspended", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
    bench.act("secretariat.one", "second-v1", first.digest)
    assert status(bench, "secretariat.two") == "revoked"


def test_what_a_compromised_person_began_is_not_finished() -> None:
    bench = Bench().constituted()
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, bench.signatory("ngo"))
    bench.pass_time(hours=1)
    taken = bench.act("chair.chair", "revoke-v1", named(bench, "secretariat.one"), revocation(bench, "compromised"))
    bench.act("secretariat.two", "second-v1", taken.digest)
    refused("second.first-questioned", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
    bench.act("secretariat.two", "mandate.refuse-v1", first.digest, REASON)
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))


def test_acts_from_the_hour_of_the_loss_are_held_and_earlier_ones_stand() -> None:
    bench = Bench().open()
    bench.enrol("early"), bench.enrol("late")
    early = bench.sign("early").digest
    bench.pass_time(hours=3)
    late = bench.sign("late").digest
    bench.pass_time(hours=1)
    compromised(bench, "signatory.early")
    compromised(bench, "signatory.late")
    found = bench.state.endorsements
    assert (found[early].status, found[late].status) == ("counted", "held")
    assert found[late].doubts == ("key",)
    assert [each.index for each in standing.questioned(bench.state)] == [found[late].index]
    before = consequences.totals(bench.state, as_at=found[late].at)
    assert (before.total, sum(before.held.values())) == (2, 0), "the register as it was is not rewritten"
    bench.act("depositary.keeper", "endorsement.release-v1", late, REASON)
    assert bench.state.endorsements[late].status == "counted"


def test_a_backdated_revocation_is_visible_and_undoes_nothing_by_itself() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    digest = bench.sign("ngo").digest
    bench.pass_time(days=3)
    compromised(bench, "signatory.ngo", hours=24 * 30)
    assert bench.state.endorsements[digest].status == "held"
    assert [status for _, status in bench.state.endorsements[digest].story] == ["counted", "held"]


def test_other_acts_of_a_compromised_key_stand_and_are_shown_as_in_question() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    bench.pass_time(minutes=30)
    bench.act("chair.chair", "accredit-v1", bench.constitution, bench.accreditation("translator.az-3"))
    taken = bench.act("chair.chair", "revoke-v1", named(bench, "secretariat.one"), revocation(bench, "compromised"))
    bench.act("secretariat.two", "second-v1", taken.digest)
    assert {each.key.party for each in standing.questioned(bench.state)} == {"one"}
    assert status(bench, "signatory.ngo") == "active"


def test_an_alternate_of_a_stolen_key_falls_with_it() -> None:
    bench = Bench().constituted()
    body = {
        "key": public("alternate").openssh,
        "possession": {"nonce": digest_of("n"), "signature": "AA=="},
        "from": format_time(bench.now),
        "until": format_time(bench.now + timedelta(days=2)),
        "content": digest_of("alternate"),
    }
    bench.act("head.az", "delegate-v1", bench.constitution, body)
    alternate = bench.state.keys[public("alternate").fingerprint]
    refused("key.not-own", lambda: bench.try_act("head.kz", "key.suspend-v1", alternate.accreditation, REASON))
    taken = bench.act("chair.chair", "revoke-v1", named(bench, "head.az"), revocation(bench, "compromised"))
    bench.act("secretariat.one", "second-v1", taken.digest)
    assert standing.key_status(bench.state, alternate, bench.now) == "revoked"
    refused("key.revoked", lambda: bench.try_act("head.az", "key.suspend-v1", alternate.accreditation, REASON, key="alternate"))


# rotation, and a lost key under the same mandate -------------------------------------------------------------------------


def test_old_and_new_sign_a_rotation() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    old = named(bench, "signatory.ngo")
    new = further_key(bench, "ngo", "second", mandate=mandate(continues=old))
    body = revocation(bench, "superseded", successor=new)
    refused("revoke.successor", lambda: bench.try_act("signatory.ngo", "revoke-v1", old, {**body, "successor": old}))
    bench.act("signatory.ngo", "revoke-v1", old, body)
    refused("key.revoked", lambda: bench.sign("ngo"))
    bench.act("signatory.ngo", "endorsement.sign-v1", bench.state.adopted, bench.endorsement(), key="second")
    assert bench.state.keys[public("second").fingerprint].mandate == old


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": "2030-01-01T00:00:00Z"}, "mandate.continues"),
        ({"document": digest_of("another decision")}, "mandate.continues"),
        ({"joint": True}, "mandate.continues"),
        ({"from": "2025-11-14T00:00:00Z"}, "mandate.continues"),
        ({"continues": digest_of("nothing")}, "key.unknown"),
        ({"continues": None, "until": "2024-01-01T00:00:00Z"}, "mandate.times"),
        ({"joint": 1}, "statement.field"),
    ],
)
def test_a_replaced_key_has_the_terms_of_its_mandate(changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted()
    bench.enrol("ngo"), bench.enrol("other")
    terms = mandate(**{"continues": named(bench, "signatory.ngo"), **changes})
    refused(code, lambda: further_key(bench, "ngo", "second", mandate=terms))


def test_a_mandate_of_another_organization_is_not_continued() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo"), bench.enrol("other")
    terms = mandate(continues=named(bench, "signatory.other"))
    refused("mandate.continues", lambda: further_key(bench, "ngo", "second", mandate=terms))


# mandates ------------------------------------------------------------------------------------------------------------


def test_a_mandate_that_was_revoked_signs_nothing_and_what_it_signed_since_is_held() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    key = named(bench, "signatory.ngo")
    bench.pass_time(hours=5)
    digest = bench.sign("ngo").digest
    body = {"document": digest_of("letter"), "since": format_time(bench.now - timedelta(hours=2)), **REASON}
    refused("mandate.letter", lambda: bench.try_act("secretariat.one", "mandate.revoke-v1", key, {**body, "document": None}))
    refused("mandate.since", lambda: bench.try_act("secretariat.one", "mandate.revoke-v1", key, {**body, "since": "2030-01-01T00:00:00Z"}))
    first = bench.act("secretariat.one", "mandate.revoke-v1", key, body)
    assert bench.state.endorsements[digest].status == "counted", "one person alone takes no mandate back"
    bench.act("secretariat.two", "second-v1", first.digest)
    assert bench.state.endorsements[digest].doubts == ("mandate",)
    refused("mandate.state", lambda: bench.try_act("secretariat.one", "mandate.revoke-v1", key, body))
    refused("mandate.revoked", lambda: bench.try_act("signatory.ngo", "endorsement.withdraw-v1", digest, REASON))
    refused("mandate.revoked", lambda: further_key(bench, "ngo", "second", mandate=mandate(continues=key)))


def test_a_signatory_gives_back_the_own_mandate_alone() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo"), bench.enrol("other")
    body = {"document": None, "since": format_time(bench.now), **REASON}
    refused("mandate.not-own", lambda: bench.try_act("signatory.other", "mandate.revoke-v1", named(bench, "signatory.ngo"), body))
    refused("mandate.none", lambda: bench.try_act("secretariat.one", "mandate.revoke-v1", named(bench, "head.az"), body))
    bench.act("signatory.ngo", "mandate.revoke-v1", named(bench, "signatory.ngo"), body)
    assert status(bench, "signatory.ngo") == "expired"


# the chair -----------------------------------------------------------------------------------------------------------


def succession(key: str = "new chair", **changes: Any) -> dict[str, Any]:
    return {
        "key": public(key).openssh,
        "possession": {"nonce": digest_of(f"nonce of {key}"), "signature": "AA=="},
        "content": digest_of(key),
        **changes,
    }


def test_the_chair_passes_to_another_key_and_the_old_one_ends() -> None:
    bench = Bench().constituted()
    bench.act("chair.chair", "succeed-v1", bench.constitution, succession())
    refused("key.revoked", lambda: bench.accredit("translator.late"))
    bench.act("chair.chair", "accredit-v1", bench.constitution, bench.accreditation("translator.late"), key="new chair")
    assert status(bench, "chair.chair") == "revoked"


def test_a_lost_root_key_is_replaced_by_a_quorum_of_heads() -> None:
    bench = Bench().constituted()
    first = bench.act("head.az", "succeed-v1", bench.constitution, succession())
    assert status(bench, "chair.chair") == "active", "one head alone passes nothing on"
    refused("succeed.proposed", lambda: bench.try_act("head.az", "succeed-v1", bench.constitution, succession("third")))
    refused("second.given", lambda: bench.try_act("head.az", "second-v1", first.digest))
    refused("role.not-entitled", lambda: bench.try_act("secretariat.one", "second-v1", first.digest))
    other = bench.act("head.hu", "succeed-v1", bench.constitution, succession("another"))
    bench.act("head.kz", "second-v1", first.digest)
    assert (status(bench, "chair.chair"), status(bench, "new chair")) == ("revoked", "active")
    refused("second.nothing", lambda: bench.try_act("head.az", "second-v1", other.digest))


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("secretariat.one", succession(), "role.not-entitled"),
        ("chair.chair", succession("head.az"), "key.known"),
        ("chair.chair", succession(possession={"nonce": digest_of(f"nonce for {public('head.az').openssh}"), "signature": "AA=="}),
         "accredit.nonce-used"),
        ("chair.chair", succession(key="x", content="x"), "statement.field"),
    ],
)  # fmt: skip
def test_a_succession_that_does_not_hold(who: str, body: dict[str, Any], code: str) -> None:
    bench = Bench().constituted()
    refused(code, lambda: bench.try_act(who, "succeed-v1", bench.constitution, body))


# what ssh-keygen is told -------------------------------------------------------------------------------------------------


def test_allowed_signers_end_where_keys_end() -> None:
    bench = Bench().constituted()
    ends = format_time(bench.now + timedelta(days=9))
    bench.enrol("ngo"), bench.enrol("short", mandate=mandate(until=ends))
    bench.pass_time(days=1)
    bench.act("signatory.ngo", "revoke-v1", named(bench, "signatory.ngo"), revocation(bench))
    lines = {line.split()[0]: line for line in allowed_signers_of(bench.state).splitlines()}
    assert 'valid-before="20251114140001Z"' in lines["signatory.ngo"]
    assert 'valid-before="20251122140000Z"' in lines["signatory.short"]
    assert "valid-before" not in lines["head.az"]


def _moves(bench: Bench) -> list[tuple[str, Callable[[], None]]]:
    key, brought = named(bench, "signatory.ngo"), bench.state.organizations["ngo"].digest
    return [
        ("key.suspend-v1", lambda: bench.try_act("secretariat.one", "key.suspend-v1", key, REASON, at=bench.now - timedelta(hours=1))),
        ("organization.suspend-v1", lambda: bench.try_act("secretariat.one", "organization.suspend-v1", brought, REASON, log="other/log")),
    ]


@pytest.mark.parametrize(("which", "code"), [(0, "record.time"), (1, "record.log")])
def test_nothing_is_backdated_or_carried_over(which: int, code: str) -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    refused(code, _moves(bench)[which][1])
