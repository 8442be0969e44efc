"""The attacks on enrolment and accreditation against a running service: keys that are not somebody's, proofs that were used, one person as
two. Nothing of it is ever recorded."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from declaration.credentials.models import Enrolment
from declaration.protocol.encoding import b64encode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import parse_statement
from declaration.web.clock import now
from tests.attacks.conftest import READY, SIGNED, Attack, answer, posted
from tests.endorsements.conftest import Playing
from tests.support.play import ORIGIN, SLUG, private_key

SignedIn = Callable[..., FlaskClient]

SMALL_ORDER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


# -- enrolment ---------------------------------------------------------------------------------------------------------------------


def begun(browser: FlaskClient) -> str:
    return browser.post(f"/{SLUG}/keys/begin").headers["Location"].rpartition("/")[2]


def proof(play: Any, number: str, key: Any, *, constitution: str = "", nonce: str = "", by: Any = None, namespace: str = "") -> str:
    row = play.session.get_one(Enrolment, int(number))
    message = possession(constitution or play.state.known.digest, public_key_of(key).fingerprint, nonce or row.nonce)
    return b64encode(sign(by or key, namespace or possession_namespace(ORIGIN), message))


NEW = private_key("new", "signatory")
OTHER = private_key("other", "signatory")
ENROLLED: dict[str, tuple[Callable[[Any, str], dict[str, str]], int, str]] = {
    "a key of small order": (lambda play, n: {"key": SMALL_ORDER, "possession": proof(play, n, NEW)}, 422, "key.weak"),
    "somebody else's key": (
        lambda play, n: {"key": public_key_of(NEW).openssh, "possession": proof(play, n, NEW, by=OTHER)}, 422, "signature.other-key"),
    "a proof for another nonce": (
        lambda play, n: {"key": public_key_of(NEW).openssh, "possession": proof(play, n, NEW, nonce="AAECAwQFBgcICQoLDA0ODw")},
        422, "signature.invalid"),
    "a proof for another constitution": (
        lambda play, n: {"key": public_key_of(NEW).openssh, "possession": proof(play, n, NEW, constitution="0" * 64)},
        422, "signature.invalid"),
    "a signature that was for a sign-in": (
        lambda play, n: {"key": public_key_of(NEW).openssh, "possession": proof(play, n, NEW, namespace=f"sign-in@{ORIGIN}")},
        422, "signature.namespace"),
    "a key that another organization has": (
        lambda play, n: {"key": public_key_of(private_key(SIGNED, "signatory")).openssh,
                         "possession": proof(play, n, private_key(SIGNED, "signatory"))}, 409, "key.known"),
    "no key": (lambda play, n: {"key": "", "possession": ""}, 400, "enrolment.no-key"),
    "an RSA key": (lambda play, n: {"key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==", "possession": ""}, 422, "key.kind"),
    "a line of options before the key": (
        lambda play, n: {"key": f"cert-authority {public_key_of(NEW).openssh}", "possession": proof(play, n, NEW)}, 400, "key.malformed"),
}  # fmt: skip


def test_a_key_that_is_not_enrolled(service: Playing, signed_in: SignedIn) -> None:
    browser = signed_in(READY)
    number = begun(browser)
    with service() as play:
        forms = {name: make(play, number) for name, (make, _, _) in ENROLLED.items()}
    said = {name: answer(browser, form, f"keys/{number}") for name, form in forms.items()}
    assert said == {name: (status, code) for name, (_, status, code) in ENROLLED.items()}
    with service() as play:
        assert play.session.get_one(Enrolment, int(number)).public is None


def test_a_nonce_is_for_one_key_and_one_person(service: Playing, signed_in: SignedIn) -> None:
    browser = signed_in(READY)
    number = begun(browser)
    with service() as play:
        first, second = ({"key": public_key_of(key).openssh, "possession": proof(play, number, key)} for key in (NEW, OTHER))
    assert answer(signed_in(SIGNED), first, f"keys/{number}") == (404, "enrolment.unknown")
    assert signed_in(SIGNED).get(f"/{SLUG}/keys/{number}").status_code == 404
    assert answer(browser, first, f"keys/{number}")[0] < 400
    assert answer(browser, second, f"keys/{number}") == (409, "enrolment.used")


def test_a_nonce_of_yesterday(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        row = play.session.get_one(Enrolment, play.enrol(READY, number=3) + 0)
        row.public, row.fingerprint = None, None
        row.begun_at = now() - timedelta(hours=24)
        number = str(row.id)
        form = {"key": public_key_of(NEW).openssh, "possession": proof(play, number, NEW)}
    assert answer(signed_in(READY), form, f"keys/{number}") == (409, "enrolment.expired")


# -- accreditation -----------------------------------------------------------------------------------------------------------------


def accreditation(attack: Attack) -> dict[str, Any]:
    """The body that the secretariat would sign for the second key that an organization has enrolled."""
    play = attack.play
    row = play.enrol(READY, number=2)
    signed = play.signed("rapporteur", "accredit-v1", play.state.known.digest, {"enrolment": str(row)})
    return dict(parse_statement(signed.statement).body)


def by_secretariat(attack: Attack, body: dict[str, Any]) -> dict[str, str]:
    statement = attack.statement("accredit-v1", attack.play.state.known.digest, body, party="rapporteur", role="secretariat")
    return posted(statement, sign(private_key("rapporteur", "secretariat"), f"accredit-v1@{ORIGIN}", statement))


def used(attack: Attack) -> dict[str, str]:
    """The proof of possession that stands in the record for another key."""
    nonce = next(iter(attack.play.state.nonces))
    return {"nonce": nonce, "signature": b64encode(sign(private_key(READY, "signatory", 2), possession_namespace(ORIGIN), b"x"))}


ACCREDITED: dict[str, tuple[Callable[[Attack], dict[str, Any]], int, str]] = {
    "with a proof that was used": (lambda a: {"possession": used(a)}, 409, "accredit.nonce-used"),
    "with another key in its place": (lambda a: {"key": public_key_of(OTHER).openssh}, 422, "signature.other-key"),
    "with a key of small order": (lambda a: {"key": SMALL_ORDER}, 422, "key.weak"),
    "with a key that signs already": (
        lambda a: {"key": public_key_of(private_key(SIGNED, "signatory")).openssh}, 409, "key.known"),
    "under another organization's name": (lambda a: {"party": SIGNED}, 409, "accredit.party"),
    "as one organization under a second name": (lambda a: {"party": "az.second"}, 409, "accredit.organization-known"),
    "with a name that writes a line": (lambda a: {"party": "az.x\nchair.chair ssh-ed25519 AAAA"}, 400, "statement.field"),
    "as a head of a country that nobody knows": (lambda a: {
        "party": "xx", "role": "head", "organization": None, "mandate": None, "capacity": None}, 409, "accredit.role"),
}  # fmt: skip


def test_a_key_that_is_not_accredited(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        attack = Attack(play)
        body = accreditation(attack)
        forms = {name: by_secretariat(attack, {**body, **make(attack)}) for name, (make, _, _) in ACCREDITED.items()}
        size = play.state.size
    browser = signed_in("rapporteur")
    said = {name: answer(browser, form) for name, form in forms.items()}
    assert said == {name: (status, code) for name, (_, status, code) in ACCREDITED.items()}
    with service() as play:
        assert play.state.size == size


def test_the_chair_invents_no_delegation(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        attack = Attack(play)
        body = {**accreditation(attack), "party": "xx", "role": "head", "organization": None, "mandate": None, "capacity": None}
        statement = attack.statement("accredit-v1", play.state.known.digest, body, party="chair", role="chair")
    form = posted(statement, sign(private_key("chair", "chair"), f"accredit-v1@{ORIGIN}", statement))
    assert answer(signed_in("chair"), form) == (409, "accredit.party")


def test_one_person_is_not_two(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        row = play.enrol(READY, number=2)
        first = play.accredit(row, by="rapporteur").act.digest
        statement = Attack(play).statement("second-v1", first, {}, party="rapporteur", role="secretariat")
        size = play.state.size
    form = posted(statement, sign(private_key("rapporteur", "secretariat"), f"second-v1@{ORIGIN}", statement))
    assert answer(signed_in("rapporteur"), form) == (409, "second.same-person")
    with service() as play:
        assert play.state.size == size
        assert public_key_of(private_key(READY, "signatory", 2)).fingerprint not in play.state.keys
