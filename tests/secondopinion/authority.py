"""Bundles in which authority is taken back, passed on or shared, and in which the depositary had something to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from declaration.protocol.encoding import b64encode, b64url_encode, format_time
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from tests.attacks.acts import ready, sign_as
from tests.procedure.bench import mandate
from tests.secondopinion.cases import Make, honest
from tests.verifier import forge as f

REASON = {"content": "0" * 64}


def offered(forge: f.Forge, name: str) -> dict[str, Any]:
    """A new key and its proof of possession."""
    key = public_key_of(f.private(name))
    nonce = b64url_encode(name.encode().ljust(16, b"-")[:16])
    blob = sign(f.private(name), possession_namespace(f.ORIGIN), possession(forge.constitution, key.fingerprint, nonce))
    return {"key": key.openssh, "possession": {"nonce": nonce, "signature": b64encode(blob)}, **REASON}


def accreditation_of(forge: f.Forge, who: str) -> str:
    return forge.state.keys[public_key_of(f.private(who)).fingerprint].accreditation


def revocation(reason: str, **changes: Any) -> dict[str, Any]:
    return {"reason": reason, "invalid_from": None, "successor": None, **REASON, **changes}


def signed() -> f.Forge:
    forge = ready()
    forge.sign("new")
    return forge


def compromised() -> f.Forge:
    """The signature was made when the key was no longer its holder's alone: it is held."""
    forge = signed()
    body = revocation("compromised", invalid_from=format_time(forge.now))
    first = forge.act("secretariat.one", "revoke-v1", accreditation_of(forge, "signatory.new"), body)
    forge.act("secretariat.two", "second-v1", first.digest)
    return forge


def released() -> f.Forge:
    forge = compromised()
    forge.act("depositary.keeper", "endorsement.release-v1", forge.state.by_party["new"], REASON)
    return forge


def annulled() -> f.Forge:
    """Annulled, and the organization signs again with a new key under the same mandate."""
    forge = compromised()
    forge.act("depositary.keeper", "endorsement.annul-v1", forge.state.by_party["new"], REASON)
    before = forge.state.keys[public_key_of(f.private("signatory.new")).fingerprint].mandate
    assert before is not None
    body = forge.signatory("new", "kz", named="a second key", mandate=mandate(continues=before))
    first = forge.act("secretariat.one", "accredit-v1", forge.constitution, body)
    forge.act("secretariat.two", "second-v1", first.digest)
    forge.act("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), key="a second key")
    return forge


def federation() -> f.Forge:
    """Two sign for it, and the depositary releases it."""
    forge = f.opened()
    forge.enrol("both", "hu", mandate=mandate(joint=True))
    first = forge.act(
        "secretariat.one", "accredit-v1", forge.constitution, forge.signatory("both", "hu", named="other", mandate=mandate(joint=True))
    )
    forge.act("secretariat.two", "second-v1", first.digest)
    digest = forge.sign("both").digest
    body = {name: value for name, value in forge.endorsement().items() if name in ("language", "texts", "content")}
    forge.act("signatory.both", "endorsement.countersign-v1", digest, body, key="other")
    forge.act("depositary.keeper", "endorsement.release-v1", digest, REASON)
    return forge


def one_of_two() -> f.Forge:
    forge = f.opened()
    forge.enrol("both", "hu", mandate=mandate(joint=True))
    forge.sign("both")
    return forge


def questioned() -> f.Forge:
    forge = signed()
    forge.act("depositary.keeper", "endorsement.question-v1", forge.state.by_party["new"], REASON)
    return forge


def set_aside() -> f.Forge:
    forge = signed()
    forge.act("signatory.new", f.WITHDRAWN, forge.state.by_party["new"], REASON)
    forge.act("depositary.keeper", "endorsement.set_aside_withdrawal-v1", forge.state.by_party["new"], REASON)
    return forge


def disputed(settled: bool) -> f.Forge:
    """A head objects, and concurs again."""
    forge = signed()
    organization = forge.state.organizations["new"].digest
    forge.act("head.kz", "organization.object-v1", organization, REASON)
    if settled:
        agreed = forge.act("head.kz", "organization.concur-v1", organization).digest
        forge.act("secretariat.one", "organization.verify-v1", organization, {"concurrence": agreed, **REASON})
    return forge


def presented() -> f.Forge:
    """Put before the head of its country, whose silence counts, before its key is accredited."""
    forge = f.opened()
    named = forge.signatory("slow", "az")["organization"]
    body = {"party": "slow", "organization": named, "documents": ["1" * 64], **REASON}
    brought = forge.act("secretariat.one", "organization.present-v1", forge.constitution, body).digest
    forge.pass_time(hours=47)
    forge.enrol("meanwhile", "az")
    forge.pass_time(hours=1)
    forge.act("secretariat.one", "organization.verify-v1", brought, {"concurrence": None, **REASON})
    forge.enrol("slow", "az")
    forge.sign("slow")
    return forge


def suspended(back: bool) -> f.Forge:
    forge = ready()
    name = accreditation_of(forge, "signatory.new")
    forge.act("signatory.new", "key.suspend-v1", name, REASON)
    if back:
        first = forge.act("secretariat.one", "key.reinstate-v1", name, REASON)
        forge.act("secretariat.two", "second-v1", first.digest)
        forge.sign("new")
        return forge
    return sign_as(forge)


def reinstated_by_one(again: bool) -> f.Forge:
    """One person's word reinstates nothing, said once or twice."""
    forge = ready()
    name = accreditation_of(forge, "signatory.new")
    forge.act("signatory.new", "key.suspend-v1", name, REASON)
    first = forge.act("secretariat.one", "key.reinstate-v1", name, REASON)
    if again:
        forge.force("secretariat.one", "second-v1", first.digest)
    return sign_as(forge)


def on_paper(replaced: bool) -> f.Forge:
    """Two persons attest a signature on paper, which counts nowhere; a key takes its place."""
    forge = f.opened()
    forge.enrol("paper", "az")
    body = {"version": forge.state.adopted, "scan": "5" * 64, **REASON}
    first = forge.act("secretariat.one", "paper.attest-v1", forge.state.organizations["paper"].digest, body)
    forge.act("secretariat.two", "second-v1", first.digest)
    if replaced:
        forge.sign("paper")
    return forge


def superseded() -> f.Forge:
    """A revoked key signs nothing."""
    forge = ready()
    forge.act("signatory.new", "revoke-v1", accreditation_of(forge, "signatory.new"), revocation("left_office"))
    return sign_as(forge)


def mandate_ended(letter: bool) -> f.Forge:
    forge = ready()
    name = accreditation_of(forge, "signatory.new")
    body = {"document": "2" * 64 if letter else None, "since": format_time(forge.now), **REASON}
    if letter:
        first = forge.act("secretariat.one", "mandate.revoke-v1", name, body)
        forge.act("secretariat.two", "second-v1", first.digest)
        return forge
    forge.act("signatory.new", "mandate.revoke-v1", name, body)
    return sign_as(forge)


def chair_passed_on(by: str) -> f.Forge:
    forge = f.circulated()
    if by == "chair":
        forge.act("chair.chair", "succeed-v1", forge.constitution, offered(forge, "the next chair"))
        return forge
    proposed = forge.act("head.az", "succeed-v1", forge.constitution, offered(forge, "the next chair"))
    forge.act("head.hu", "second-v1", proposed.digest)
    return forge


def chair_of_yesterday() -> f.Forge:
    forge = chair_passed_on("chair")
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("translator.az-3"))
    return forge


def alternate(late: bool) -> f.Forge:
    forge = f.circulated()
    hours = {"from": format_time(forge.now), "until": format_time(forge.now.replace(hour=forge.now.hour + 1))}
    forge.act("head.kz", "delegate-v1", forge.constitution, {**offered(forge, "an alternate"), **hours})
    if late:
        forge.pass_time(hours=1)
    body = forge.proposal([forge.reads("OP1", "Decide to meet every year;")])
    forge.force("head.kz", "amendment.submit-v1", forge.state.current, body, key="an alternate")
    return forge


def second_thief() -> f.Forge:
    """Nobody revokes a stranger's key."""
    forge = ready()
    forge.enrol("other", "az")
    forge.force("signatory.other", "revoke-v1", accreditation_of(forge, "signatory.new"), revocation("left_office"))
    return forge


def struck_off() -> f.Forge:
    forge = ready()
    forge.act("secretariat.one", "organization.strike_off-v1", forge.state.organizations["new"].digest, {"document": "3" * 64, **REASON})
    return sign_as(forge)


def released_too_early() -> f.Forge:
    forge = one_of_two()
    forge.force("depositary.keeper", "endorsement.release-v1", forge.state.by_party["both"], REASON)
    return forge


def bind(make: Callable[..., f.Forge], *given: object) -> Make:
    return honest(lambda: make(*given))


GOOD: dict[str, Make] = {
    "a compromised key": honest(compromised),
    "released after examination": honest(released),
    "annulled and signed again": honest(annulled),
    "two sign for one": honest(federation),
    "one of two has signed": honest(one_of_two),
    "questioned": honest(questioned),
    "a withdrawal set aside": honest(set_aside),
    "a head objects": bind(disputed, False),
    "a head objects and concurs": bind(disputed, True),
    "presented to a head who is silent": honest(presented),
    "suspended and reinstated": bind(suspended, True),
    "signed on paper": bind(on_paper, False),
    "signed on paper, then with a key": bind(on_paper, True),
    "a mandate taken back by its organ": bind(mandate_ended, True),
    "the chair passed on by the Chair": bind(chair_passed_on, "chair"),
    "the chair passed on by heads": bind(chair_passed_on, "heads"),
    "an alternate acts": bind(alternate, False),
}

BAD: dict[str, tuple[Make, set[int]]] = {
    "a suspended key signs": (bind(suspended, False), {5}),
    "reinstated by one person": (bind(reinstated_by_one, False), {5}),
    "reinstated by one person twice": (bind(reinstated_by_one, True), {5}),
    "a revoked key signs": (honest(superseded), {5}),
    "a mandate given back": (bind(mandate_ended, False), {8}),
    "the chair of yesterday": (honest(chair_of_yesterday), {5}),
    "an alternate too late": (bind(alternate, True), {5}),
    "a stranger's key revoked": (honest(second_thief), {5}),
    "an organization struck off": (honest(struck_off), {8}),
    "released with one of two signatures": (honest(released_too_early), {8}),
}
