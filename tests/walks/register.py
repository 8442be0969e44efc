"""How the steps of the register are done: organizations, mandates and keys, signatures, corrections, the end."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from declaration.credentials.asking import refusal
from declaration.credentials.models import Enrolment
from declaration.demo.sample import FOLDER
from declaration.endorsements import operations
from declaration.protocol.encoding import b64encode, parse_json
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign as ssh_sign
from declaration.web.transaction import unit_of_work
from tests.conftest import browser_client
from tests.walks.acting import RAPPORTEUR, does
from tests.walks.steps import SIGNATORIES, Step, Who
from tests.walks.walk import HOLDERS, PARTIES, Told, Walk

REGISTRAR = Who("secretariat", "registrar")
CLOSES = "2026-02-01T00:00:00+04:00"
LIST = FOLDER / "ngos.sample.csv"
PDF = b"%PDF-1.7\n"
CORRECTION = parse_json((Path(__file__).parents[1] / "oracles" / "final.json").read_bytes())["corrigendum"]
OTHER_WORDS = CORRECTION["should_read"].replace("2026-cı il yanvarın", "növbəti il yanvarın")
"""What the depositary proposes first: Turkmenistan wants the year named, as the other languages do."""


def rows() -> dict[str, dict[str, str]]:
    """The sample's list by party, each number's first line."""
    found: dict[str, dict[str, str]] = {}
    with LIST.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(f"{row['country']}.{row['registration_no']}".lower(), row)
    return found


# -- organizations, mandates, keys -----------------------------------------------------------------------------------------------


@does("declaration.open_for_signature")
def open_for_signature(walk: Walk, step: Step) -> None:
    opens = walk.clock.now() + timedelta(seconds=1)
    walk.act(step.person, "declaration.open_for_signature-v1", walk.version, {"opens": opens.isoformat(), "closes": CLOSES})


def _file(walk: Walk, who: Who, kind: str, words: bytes) -> None:
    walk.send(who, f"organizations/{who.party}/documents", {"kind": kind, "document": (BytesIO(PDF + words), "paper.pdf")})


@does("organization.file_documents")
def file_documents(walk: Walk, step: Step) -> None:
    _file(walk, step.person, "extract", b"extract of 2023")
    _file(walk, step.person, "statute", b"statute")


@does("organization.ask_for_more")
def ask_for_more(walk: Walk, step: Step) -> None:
    walk.send(step.person, f"organizations/{PARTIES[step.instance]}/requests", {"wanted": step.say})


@does("organization.supply")
def supply(walk: Walk, step: Step) -> None:
    _file(walk, step.person, "extract", b"extract of this month")


@does("organization.verify")
def verify(walk: Walk, step: Step) -> None:
    """Put before the head, who concurs; only then can it be verified."""
    party = PARTIES[step.instance]
    fields = {"party": party, "reason": "Extract, statute and seat were examined."}
    found = walk.act(step.person, "organization.present-v1", walk.state.known.digest, fields)
    walk.act(Who("head", "tr"), "organization.concur-v1", found)
    walk.act(step.person, "organization.verify-v1", found, {"reason": "All is in order."})


def enrolled(walk: Walk, who: Who) -> str:
    """A key made on the person's device and sent with its proof; the number of the enrolment."""
    place = walk.send(who, "keys/begin", {}).headers["Location"].rpartition("/")[2]
    with walk.app.app_context(), unit_of_work() as session:
        nonce = session.get_one(Enrolment, int(place)).nonce
    key, state = walk.private_key(who), walk.state
    public = public_key_of(key)
    proof = ssh_sign(key, possession_namespace(state.origin), possession(state.known.digest, public.fingerprint, nonce))
    walk.send(who, f"keys/{place}", {"key": public.openssh, "possession": b64encode(proof)})
    return place


def accredited(walk: Walk, who: Who, **mandate: str) -> None:
    """By two persons of the secretariat, under the mandate that the list says."""
    row = rows()[who.party]
    terms = {"capacity": row["capacity"], "until": row["authority_valid_until"], **mandate}
    first = walk.act(RAPPORTEUR, "accredit-v1", walk.state.known.digest, {"enrolment": enrolled(walk, who), **terms})
    assert walk.key(who) is None, "one person alone gives no authority"
    walk.act(REGISTRAR, "second-v1", first)


@does("key.suspend")
def suspend(walk: Walk, step: Step) -> None:
    walk.act(step.person, "key.suspend-v1", accreditation(walk, HOLDERS[step.instance]), {"reason": step.say})


def accreditation(walk: Walk, who: Who) -> str:
    key = walk.key(who)
    assert key is not None
    return key.accreditation


# -- signatures ------------------------------------------------------------------------------------------------------------------


def signed(walk: Walk, who: Who, *, language: str = "en", named: str = "") -> str:
    fields = {"language": language, "read": "yes", "consent": "yes"}
    return walk.act(who, "endorsement.sign-v1", walk.state.adopted, fields, named=named)


@does("endorsement.sign")
def sign(walk: Walk, step: Step) -> None:
    signed(walk, step.person, language="tr" if step.instance == "E1" else "en", named=step.instance)


def sign_at_the_hour_of_closing(walk: Walk, step: Step) -> None:
    """As a signature, whatever the page would offer now; one second before the hour it would have been in order."""
    with walk.app.app_context(), unit_of_work() as session:
        state, actor = walk.state, walk.persona(session, step.person).actor
        assert state.window is not None
        early = state.window.closes - timedelta(seconds=1)
        body = operations.body(session, state, actor, language="en", content="0" * 64, moment=early)
        assert body["kind"] == "signature"
        allowed = refusal(state, actor, "endorsement.sign-v1", state.adopted, body, at=early)
    assert allowed is None
    walk.act(step.person, "endorsement.sign-v1", state.adopted, by_hand=body)


def sign_with_the_revoked_key(walk: Walk, step: Step) -> None:
    """Whose key was revoked is signed out everywhere; and the record itself refuses the key."""
    assert walk.browser(step.person).get(f"/{walk.slug}/sign").status_code == 401
    state = walk.state
    body = {"kind": "signature", "capacity": "organization", "language": "en", "content": "0" * 64}
    texts = {row.lang: row.sha256 for row in walk.manifest.texts if row.status == "authentic"}
    walk.act(step.person, "endorsement.sign-v1", state.adopted, by_hand={**body, "texts": texts}, behind_the_door=True)


@does("endorsement.countersign")
def countersign(walk: Walk, step: Step) -> None:
    fields = {"language": "en", "read": "yes", "consent": "yes"}
    walk.act(step.person, "endorsement.countersign-v1", walk.named[step.instance], fields)


@does("endorsement.withdraw", "endorsement.set_aside_withdrawal", "endorsement.question", "endorsement.release")
def with_a_finding(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.named[step.instance], {"reason": step.say})


def count_what_is_listed_apart(walk: Walk, step: Step) -> None:
    """Counting is no act of anybody; releasing is, and what a person signed is not held."""
    with pytest.raises(Told) as told:
        walk.act(step.person, "endorsement.count-v1", walk.named[step.instance], by_hand={"content": "0" * 64})
    assert told.value.code == "statement.type"
    walk.act(step.person, "endorsement.release-v1", walk.named[step.instance], {"reason": step.say})


def annul_without_an_account(walk: Walk, step: Step) -> None:
    """Somebody with a key of their own posts the depositary's act where acts come in."""
    nobody = browser_client(walk.app)
    pages = ("register", "register/1", "verify", "record")
    assert all('<form method="post" action="/solidarity' not in nobody.get(f"/{walk.slug}/{page}").text for page in pages)
    act = walk.forged("endorsement.annul-v1", walk.named[step.instance], {"content": "0" * 64}, "depositary", "depositary")
    walk.answered(nobody.post(f"/{walk.slug}/act", data=act, headers={"Accept": "application/json"}))


# -- corrections and the end -----------------------------------------------------------------------------------------------------


@does("corrigendum.notify")
def notify(walk: Walk, step: Step) -> None:
    """Proposed by the depositary, and notified to all heads and signatories."""
    proposal = {
        "kind": "concordance", "language": "az", "unit": CORRECTION["paragraph"], "reads": OTHER_WORDS, "reason": CORRECTION["reason"],
    }  # fmt: skip
    walk.act(step.person, "corrigendum.propose-v1", walk.state.adopted, proposal, named=step.instance)
    fields = {"until": CORRECTION["objection_deadline"], "reason": step.say}
    walk.act(step.person, "corrigendum.notify-v1", walk.named[step.instance], fields)


@does("corrigendum.object", "corrigendum.rectify")
def on_a_correction(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.named[step.instance], {"reason": step.say})


@does("corrigendum.renotify")
def renotify(walk: Walk, step: Step) -> None:
    fields = {"reads": CORRECTION["should_read"], "until": CORRECTION["objection_deadline"], "reason": step.say}
    walk.act(step.person, "corrigendum.renotify-v1", walk.named[step.instance], fields)


@does("declaration.close_accession")
def close_accession(walk: Walk, step: Step) -> None:
    walk.act(step.person, "declaration.close_accession-v1", walk.state.adopted, {"reason": step.say})


@does("declaration.archive")
def archive(walk: Walk, step: Step) -> None:
    """The bundle as it stands, and what the second tool says of it."""
    from tests.walks.auditing import second_tool

    sha256, said = second_tool(walk)
    walk.act(step.person, "declaration.archive-v1", walk.state.adopted, {"bundle": sha256, "reason": said})


TRYING: Mapping[str, Callable[[Walk, Step], None]] = {
    "J9.13": count_what_is_listed_apart,
    "J9.21": sign_at_the_hour_of_closing,
    "J10.10": sign_with_the_revoked_key,
    "J11.7": annul_without_an_account,
}
"""How what is refused is tried, where it is done otherwise than by whoever may."""


# -- stage directions --------------------------------------------------------------------------------------------------------------


def _registered(walk: Walk) -> None:
    """The secretariat reviews the list, and keeps what is new; the second spelling of a number is no second organization."""
    text = LIST.read_text(encoding="utf-8")
    review = walk.post(RAPPORTEUR, "organizations/review", {"list": (BytesIO(text.encode()), "list.csv")})
    assert review.status_code == 200
    assert review.text.count("The same registration number") == 3
    walk.send(RAPPORTEUR, "organizations/list", {"text": text})


def _revoked(walk: Walk) -> None:
    fields = {"why": "compromised", "since": "2025-12-02T18:00:00Z", "reason": "Reported by telephone, confirmed by the board."}
    first = walk.act(RAPPORTEUR, "revoke-v1", accreditation(walk, SIGNATORIES["Kárpát"]), fields)
    walk.act(REGISTRAR, "second-v1", first)


def _second_person(walk: Walk, party: str, person: str, office: str) -> None:
    walk.send(RAPPORTEUR, f"organizations/{party}/signatories", {"person": person, "office": office})


def _ishik_comes_again(walk: Walk) -> None:
    again = SIGNATORIES["IŞIK"]
    _second_person(walk, again.party, "Çağrı IĞDIRLI", "genel sekreter")
    accredited(walk, again)


def _federation(walk: Walk) -> None:
    one, two = SIGNATORIES["Federation"], SIGNATORIES["Federation 2"]
    _second_person(walk, one.party, "Ayşe Gülşen", "genel sekreter")
    accredited(walk, one, joint="yes")
    accredited(walk, two, joint="yes")


def _statement_recorded(walk: Walk) -> None:
    walk.act(Who("chair", "chair"), "statement.record-v1", walk.named["S02"])


def _late_ones(walk: Walk) -> None:
    accredited(walk, SIGNATORIES["late"])
    accredited(walk, SIGNATORIES["late NGO"])


REGISTER_DIRECTIONS: Mapping[str, Callable[[Walk], None]] = {
    "organizations are registered from a list": _registered,
    "the key of Kárpát is accredited": lambda walk: accredited(walk, SIGNATORIES["Kárpát"]),
    "the other statement is recorded": _statement_recorded,
    "the mandate and the key of Işık are accepted": lambda walk: accredited(walk, SIGNATORIES["Işık"]),
    "IŞIK comes with a key of its own": _ishik_comes_again,
    "Meerim is accredited in a personal capacity": lambda walk: accredited(walk, SIGNATORIES["Meerim"]),
    "the federation is accredited with two persons": _federation,
    "Garagum is accredited": lambda walk: accredited(walk, SIGNATORIES["Garagum"]),
    "two persons revoke the stolen key": _revoked,
    "the new key of Kárpát is accredited": lambda walk: accredited(
        walk, HOLDERS["Y7"], continues=accreditation(walk, SIGNATORIES["Kárpát"])
    ),
    "two that are late are accredited": _late_ones,
}
