"""The depositary's register: held, countersigned, questioned, released, refused, withdrawn, annulled, acceded; and its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from declaration.procedure import consequences, standing
from declaration.procedure.act import Act
from declaration.procedure.consequences import Totals
from declaration.procedure.holdings import Endorsement
from declaration.procedure.replay import check, replay
from declaration.protocol.encoding import format_time
from tests.procedure.bench import ORIGIN, Bench, digest_of, mandate, public, refused

REASON = {"content": digest_of("reason")}
DEPOSITARY = ("question", "release", "refuse", "annul", "set_aside_withdrawal")


def federation(bench: Bench, *, second: str = "second", **changes: Any) -> None:
    """An organization whose statute asks for two signatures, and the key of its other person."""
    bench.enrol("federation", mandate=mandate(joint=True))
    body = bench.signatory("federation", key=public(second).openssh, **{"mandate": mandate(joint=True), **changes})
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, body)
    bench.act("secretariat.two", "second-v1", first.digest)


def countersignature(bench: Bench, **changes: Any) -> dict[str, Any]:
    body = bench.endorsement(**changes)
    return {name: body[name] for name in ("language", "texts", "content")}


def countersign(bench: Bench, digest: str, key: str = "second") -> None:
    bench.act("signatory.federation", "endorsement.countersign-v1", digest, countersignature(bench), key=key)


def depositary(bench: Bench, what: str, digest: str) -> None:
    bench.act("depositary.keeper", f"endorsement.{what}-v1", digest, REASON)


def found(bench: Bench, digest: str) -> Endorsement:
    return bench.state.endorsements[digest]


def test_two_sign_where_the_statute_asks_for_two_and_it_counts_once() -> None:
    bench = Bench().open()
    federation(bench)
    digest = bench.sign("federation").digest
    assert (found(bench, digest).status, found(bench, digest).doubts) == ("held", ("joint",))
    refused("endorsement.one-of-two", lambda: depositary(bench, "release", digest))
    countersign(bench, digest)
    assert found(bench, digest).status == "held", "the depositary releases it"
    depositary(bench, "release", digest)
    assert found(bench, digest).status == "counted"
    assert consequences.totals(bench.state).total == 1


def test_a_countersignature_is_another_persons_of_the_same_organization() -> None:
    bench = Bench().open()
    federation(bench)
    bench.enrol("other")
    digest, single = bench.sign("federation").digest, bench.sign("other").digest
    body = countersignature(bench)
    attempt = "endorsement.countersign-v1"
    refused("countersign.same-mandate", lambda: bench.try_act("signatory.federation", attempt, digest, body))
    refused("endorsement.not-own", lambda: bench.try_act("signatory.other", attempt, digest, body))
    refused("endorsement.not-own", lambda: bench.try_act("signatory.other", attempt, digest_of("nothing"), body))
    refused("endorsement.state", lambda: bench.try_act("signatory.other", attempt, single, body))
    wrong = {**body, "texts": {"en": "0" * 64}}
    refused("endorsement.texts", lambda: bench.try_act("signatory.federation", attempt, digest, wrong, key="second"))
    refused(
        "endorsement.language",
        lambda: bench.try_act("signatory.federation", attempt, digest, {**body, "language": "kk"}, key="second"),
    )
    refused("role.not-entitled", lambda: bench.try_act("depositary.keeper", attempt, digest, body))
    countersign(bench, digest)
    refused("countersign.given", lambda: bench.try_act("signatory.federation", attempt, digest, body, key="second"))


def test_a_lost_key_replaced_under_the_same_mandate_is_not_a_second_person() -> None:
    bench = Bench().open()
    bench.enrol("federation", mandate=mandate(joint=True))
    own = bench.state.keys[public("signatory.federation").fingerprint].accreditation
    body = bench.signatory("federation", key=public("replaced").openssh, mandate=mandate(joint=True, continues=own))
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    digest = bench.sign("federation").digest
    refused("countersign.same-mandate", lambda: countersign(bench, digest, key="replaced"))


def test_a_mandate_that_binds_alone_does_not_countersign() -> None:
    bench = Bench().open()
    federation(bench, mandate=mandate())
    digest = bench.sign("federation").digest
    refused("countersign.not-joint", lambda: countersign(bench, digest))
    bench.enrol("alone")
    single = bench.sign("alone").digest
    depositary(bench, "question", single)
    body = countersignature(bench)
    refused("countersign.not-joint", lambda: bench.try_act("signatory.alone", "endorsement.countersign-v1", single, body))


@pytest.mark.parametrize("who", ["chair.chair", "secretariat.one", "head.az", "signatory.ngo", "translator.az-1"])
@pytest.mark.parametrize("what", DEPOSITARY)
def test_the_depositary_alone_examines(what: str, who: str) -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    digest = bench.sign("ngo").digest
    refused("role.not-entitled", lambda: bench.try_act(who, f"endorsement.{what}-v1", digest, REASON))


@pytest.mark.parametrize("what", DEPOSITARY)
def test_each_examination_starts_from_its_states(what: str) -> None:
    bench = Bench().open()
    for party in ("counted", "held", "withdrawn", "refused", "annulled"):
        bench.enrol(party)
    digests = {party: bench.sign(party).digest for party in ("counted", "held", "withdrawn", "refused", "annulled")}
    for party in ("held", "refused", "annulled"):
        depositary(bench, "question", digests[party])
    depositary(bench, "refuse", digests["refused"])
    depositary(bench, "annul", digests["annulled"])
    bench.act("signatory.withdrawn", "endorsement.withdraw-v1", digests["withdrawn"], REASON)
    assert {party: found(bench, digest).status for party, digest in digests.items()} == {party: party for party in digests}
    starts = {"question": "counted", "release": "held", "refuse": "held", "annul": "held", "set_aside_withdrawal": "withdrawn"}
    for party, digest in digests.items():
        attempt = bench.statement("depositary.keeper", f"endorsement.{what}-v1", digest, REASON)
        if party != starts[what]:
            refused("endorsement.state", partial(check, bench.state, attempt))
        else:
            check(bench.state, attempt)
    refused("endorsement.unknown", lambda: depositary(bench, what, digest_of("nothing")))


def test_refused_and_annulled_signatures_stay_and_the_organization_may_sign_again() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    first = bench.sign("ngo").digest
    depositary(bench, "question", first)
    refused("endorsement.duplicate", lambda: bench.sign("ngo"))
    depositary(bench, "annul", first)
    second = bench.sign("ngo").digest
    totals = consequences.totals(bench.state)
    assert (totals.total, sum(totals.annulled.values()), totals.received) == (1, 1, 2)
    assert [found(bench, each).position for each in (first, second)] == [1, 2]


def test_a_withdrawn_signature_is_not_given_again() -> None:
    """Else the depositary could set the withdrawal aside, and the organization would count twice."""
    bench = Bench().open()
    bench.enrol("ngo")
    digest = bench.sign("ngo").digest
    bench.act("signatory.ngo", "endorsement.withdraw-v1", digest, REASON)
    refused("endorsement.duplicate", lambda: bench.sign("ngo"))


def test_a_stolen_key_step_by_step() -> None:
    """J10: the withdrawal of a thief is set aside, the signature of its holder stands, and nothing is erased."""
    bench = Bench().open()
    bench.enrol("karpat", "hu")
    digest = bench.sign("karpat").digest
    bench.pass_time(days=6)
    stolen = format_time(bench.now - timedelta(hours=6))
    bench.act("signatory.karpat", "endorsement.withdraw-v1", digest, REASON)
    bench.pass_time(hours=10)
    key = bench.state.keys[public("signatory.karpat").fingerprint].accreditation
    bench.act("secretariat.one", "key.suspend-v1", key, REASON)
    body = {"reason": "compromised", "invalid_from": stolen, "successor": None, **REASON}
    first = bench.act("secretariat.one", "revoke-v1", key, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    assert found(bench, digest).withdrawals[0].questioned
    assert found(bench, digest).status == "withdrawn", "the depositary decides"
    depositary(bench, "set_aside_withdrawal", digest)
    assert (found(bench, digest).status, len(found(bench, digest).withdrawals)) == ("counted", 1)
    depositary(bench, "question", digest)
    depositary(bench, "release", digest)
    refused("key.revoked", lambda: bench.sign("karpat"))
    renewed = bench.signatory("karpat", "hu", key=public("renewed").openssh, mandate=mandate(continues=key))
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, renewed)
    bench.act("secretariat.two", "second-v1", first.digest)
    refused("endorsement.duplicate", lambda: bench.act(
        "signatory.karpat", "endorsement.sign-v1", bench.state.adopted, bench.endorsement(), key="renewed"))  # fmt: skip
    assert [status for _, status in found(bench, digest).story] == ["counted", "withdrawn", "counted", "held", "counted"]
    assert consequences.totals(bench.state).counted["hu"] == 1


@pytest.mark.parametrize(("seconds", "status"), [(-1, "counted"), (0, "held"), (1, "held")])
def test_the_hour_of_a_loss_parts_what_counts_from_what_is_held(seconds: int, status: str) -> None:
    """By the register's hour, to the second; what was released once stays released."""
    bench = Bench().open()
    bench.enrol("ngo")
    lost = bench.now + timedelta(hours=1)
    bench.pass_time(hours=1, seconds=seconds)
    digest = bench.sign("ngo").digest
    bench.pass_time(hours=1)
    key = bench.state.keys[public("signatory.ngo").fingerprint].accreditation
    body = {"reason": "compromised", "invalid_from": format_time(lost), "successor": None, **REASON}
    first = bench.act("secretariat.one", "revoke-v1", key, body)
    assert found(bench, digest).status == "counted", "one person alone holds nothing"
    bench.act("secretariat.two", "second-v1", first.digest)
    assert found(bench, digest).status == status
    assert standing.before_its_loss(bench.state, found(bench, digest)) is (seconds < 0)
    if status == "held":
        depositary(bench, "release", digest)
        assert found(bench, digest).status == "counted"
    assert [each.digest for each in bench.state.endorsements.values()] == [digest], "nothing is erased"


def test_a_signature_after_the_loss_is_held_even_when_its_withdrawal_is_set_aside() -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    digest = bench.sign("ngo").digest
    bench.act("signatory.ngo", "endorsement.withdraw-v1", digest, REASON)
    key = bench.state.keys[public("signatory.ngo").fingerprint].accreditation
    body = {"reason": "compromised", "invalid_from": format_time(bench.now), "successor": None, **REASON}
    first = bench.act("secretariat.one", "revoke-v1", key, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    depositary(bench, "set_aside_withdrawal", digest)
    assert (found(bench, digest).status, found(bench, digest).doubts) == ("held", ("key",))


def test_persons_and_associates_are_held_and_released_apart() -> None:
    bench = Bench().open()
    bench.enrol("person", capacity="personal")
    refused("mandate.joint", lambda: bench.enrol("pair", capacity="personal", mandate=mandate(joint=True)))
    digest = bench.sign("person", capacity="personal").digest
    assert found(bench, digest).status == "listed"
    refused("endorsement.state", lambda: depositary(bench, "question", digest))
    key = bench.state.keys[public("signatory.person").fingerprint].accreditation
    body = {"reason": "compromised", "invalid_from": format_time(bench.now), "successor": None, **REASON}
    first = bench.act("secretariat.one", "revoke-v1", key, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    assert consequences.totals(bench.state).listed_held == 1
    depositary(bench, "release", digest)
    totals = consequences.totals(bench.state)
    assert (totals.listed, totals.total, totals.received) == (1, 0, 1)


# figures -----------------------------------------------------------------------------------------------------------------


@dataclass
class Remembering(Bench):
    """A bench that keeps its acts."""

    acts: list[Act] = field(default_factory=list)

    def act(self, *given: Any, **named: Any) -> Act:
        self.acts.append(super().act(*given, **named))
        return self.acts[-1]


def everything(totals: Totals) -> int:
    rows = (
        totals.counted,
        totals.accessions,
        totals.withdrawn,
        totals.held,
        totals.refused,
        totals.annulled,
        totals.prepared,
        totals.lapsed,
    )
    apart = (totals.listed, totals.listed_withdrawn, totals.listed_held, totals.listed_refused, totals.listed_annulled)
    return sum(sum(row.values()) for row in rows) + sum(apart)


def busy() -> Bench:
    bench = Bench().open(days=10)
    for number, country in enumerate(("az", "az", "kz", "hu", "hu", "kz")):
        bench.enrol(f"ngo{number}", country)
    bench.enrol("person", capacity="personal")
    digests = []
    for number in range(4):
        bench.pass_time(hours=1)
        digests.append(bench.sign(f"ngo{number}").digest)
    bench.sign("person", capacity="personal")
    bench.pass_time(hours=1)
    bench.act("signatory.ngo0", "endorsement.withdraw-v1", digests[0], REASON)
    bench.pass_time(hours=1)
    depositary(bench, "question", digests[1])
    depositary(bench, "question", digests[2])
    bench.pass_time(hours=1)
    depositary(bench, "annul", digests[1])
    bench.pass_time(days=10)
    bench.sign("ngo4", kind="accession")
    bench.act("depositary.keeper", "declaration.close_accession-v1", bench.state.adopted, REASON)
    return bench


def test_the_figures_add_up_as_at_every_moment() -> None:
    bench = busy()
    state = bench.state
    for moment in sorted(set(state.times)):
        totals = consequences.totals(state, as_at=moment)
        keyed = [key for key in state.parties.values() if key.capacity == "organization" and state.times[key.accredited] <= moment]
        apart = totals.received - sum(each.capacity == "organization" and each.at <= moment for each in state.endorsements.values())
        assert totals.everything == everything(totals) == len(keyed) + apart
        assert totals.received == sum(each.at <= moment for each in state.endorsements.values())
    last = consequences.totals(state)
    assert (last.total, last.accessions["hu"], last.withdrawn["az"], last.annulled["az"], last.held["kz"]) == (1, 1, 1, 1, 1)
    assert (sum(last.prepared.values()), last.lapsed["kz"]) == (0, 1), "what was prepared lapses visibly"


def test_the_register_as_at_a_past_moment_is_what_the_record_said_then() -> None:
    """Against a second reading of the record, cut off at that moment."""
    bench = Remembering()
    bench.open(days=10)
    for party in ("a", "b", "c"):
        bench.enrol(party)
    first = bench.sign("a").digest
    bench.pass_time(hours=1)
    bench.sign("b")
    bench.act("depositary.keeper", "endorsement.question-v1", first, REASON)
    bench.pass_time(hours=1)
    bench.act("signatory.b", "endorsement.withdraw-v1", bench.state.by_party["b"], REASON)
    bench.act("depositary.keeper", "endorsement.release-v1", first, REASON)
    for moment in sorted({act.at for act in bench.acts}):
        then = replay(ORIGIN, [act for act in bench.acts if act.at <= moment], bench.library.get)
        if then.window is not None:
            assert consequences.totals(then) == consequences.totals(bench.state, as_at=moment)


def test_nothing_is_archived_while_something_is_held() -> None:
    bench = Bench().open(days=1)
    federation(bench)
    digest = bench.sign("federation").digest
    bench.pass_time(days=2)
    bench.act("depositary.keeper", "declaration.close_accession-v1", bench.state.adopted, REASON)
    body = {"bundle": digest_of("bundle"), **REASON}
    refused("archive.held", lambda: bench.try_act("depositary.keeper", "declaration.archive-v1", bench.state.adopted, body))
    depositary(bench, "refuse", digest)
    bench.act("depositary.keeper", "declaration.archive-v1", bench.state.adopted, body)
