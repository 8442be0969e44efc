"""Races on both databases: two decisions at the same instant, and one decision sent many times because its answer was lost.

Threads of one process here; two processes run the race of two signatures in tests/endorsements/test_once.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient

from declaration.credentials.models import Enrolment
from declaration.credentials.record import log_of
from declaration.endorsements.organizations import register_organization
from declaration.procedure.consequences import totals
from declaration.protocol.encoding import b64encode
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from declaration.transparency import audit
from tests.attacks.conftest import READY, SIGNED, answer
from tests.endorsements.conftest import Playing
from tests.support.play import ORIGIN, SLUG, Player, as_form, nonce, private_key

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)

SignedIn = Callable[..., FlaskClient]
AT_ONCE = 6
REASON = {"reason": "Decided again."}


def together(browsers: Sequence[FlaskClient], forms: Sequence[Mapping[str, str]], path: str = "act") -> Counter[tuple[int, str]]:
    """Everybody presses the button at the same moment; how often each answer was given."""
    start = Barrier(len(forms))

    def press(browser: FlaskClient, form: Mapping[str, str]) -> tuple[int, str]:
        start.wait(30)
        status, code = answer(browser, form, path)
        return (200, "") if status < 400 else (status, code)

    with ThreadPoolExecutor(len(forms)) as pool:
        return Counter(pool.map(press, browsers, forms))


def in_order(play: Player) -> int:
    """Entries of the record, every one checked."""
    return audit.check(play.session, log_of(play.session, play.forum))


def bound_by_two(play: Player) -> str:
    """One more organization, whose statute asks for two signatures, with both keys."""
    one = register_organization(
        play.session, play.forum, country="kz", name="«Екі қол» федерациясы", registration="SAMPLE-KZ-0009", person="Әсел Оспан",
        office="төрайым",
    )  # fmt: skip
    for number in (1, 2):
        play.accredit_signatory(one.party, number=number, joint="yes")
    return one.party


def test_one_signature_sent_many_times_is_one(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        form, size = as_form(play.signature(READY)), play.state.size
    browsers = [signed_in(READY) for _ in range(AT_ONCE)]
    assert together(browsers, [form] * AT_ONCE) == {(200, ""): AT_ONCE}
    with service() as play:
        assert in_order(play) == size + 1
        assert totals(play.state).total == 2


def test_two_persons_of_one_organization_sign_at_once(service: Playing, signed_in: SignedIn) -> None:
    """Two keys, other nonces, other languages: one is first, and everybody else is told so."""
    with service() as play:
        play.accredit_signatory(READY, number=2)
        forms = [
            as_form(play.signature(READY, language, number=number, nonce=nonce(f"{number} {language}")))
            for number in (1, 2)
            for language in ("en", "az", "tr")
        ]
        size = play.state.size
    browsers = [signed_in(READY) for _ in forms]
    assert together(browsers, forms) == {(200, ""): 1, (409, "endorsement.duplicate"): len(forms) - 1}
    with service() as play:
        assert in_order(play) == size + 1
        assert totals(play.state).total == 2


def test_a_withdrawal_and_a_second_signature_at_once(service: Playing, signed_in: SignedIn) -> None:
    """Whichever comes first, what was withdrawn is not given again by whoever was slower."""
    with service() as play:
        signed = play.state.by_party[SIGNED]
        forms = [as_form(play.signed(SIGNED, "endorsement.withdraw-v1", signed, REASON, nonce=nonce(f"w{n}"))) for n in range(3)]
        forms += [as_form(play.signature(SIGNED, nonce=nonce(f"s{n}"))) for n in range(3)]
        size = play.state.size
    said = together([signed_in(SIGNED) for _ in forms], forms)
    assert said == {(200, ""): 1, (409, "endorsement.state"): 2, (409, "endorsement.duplicate"): 3}
    with service() as play:
        assert in_order(play) == size + 1
        assert (totals(play.state).total, sum(totals(play.state).withdrawn.values())) == (0, 1)


def test_the_second_person_countersigns_once(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        party = bound_by_two(play)
        play.sign(party)
        digest = play.state.by_party[party]
        fields = {"language": "en", "read": "yes", "consent": "yes"}
        forms = [
            as_form(play.signed(party, "endorsement.countersign-v1", digest, fields, nonce=nonce(f"c{n}"), number=2))
            for n in range(AT_ONCE)
        ]
        size = play.state.size
    said = together([signed_in(party) for _ in forms], forms)
    assert said == {(200, ""): 1, (409, "countersign.given"): AT_ONCE - 1}
    with service() as play:
        assert in_order(play) == size + 1
        play.act("depositary", "endorsement.release-v1", digest, REASON)
        assert play.state.endorsements[digest].status == "counted"


def test_a_second_person_accredits_once(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        first = play.accredit(play.enrol(READY, number=2), by="rapporteur").act.digest
        forms = [as_form(play.signed("registrar", "second-v1", first, nonce=nonce(f"2{n}"))) for n in range(AT_ONCE)]
        size = play.state.size
    said = together([signed_in("registrar") for _ in forms], forms)
    assert said == {(200, ""): 1, (409, "second.nothing"): AT_ONCE - 1}
    with service() as play:
        assert in_order(play) == size + 1


def test_a_nonce_takes_one_of_several_keys(service: Playing, signed_in: SignedIn) -> None:
    browser = signed_in(READY)
    number = browser.post(f"/{SLUG}/keys/begin").headers["Location"].rpartition("/")[2]
    with service() as play:
        row = play.session.get_one(Enrolment, int(number))
        keys = [private_key(f"raced {n}", "signatory") for n in range(AT_ONCE)]
        forms = [
            {
                "key": public_key_of(key).openssh,
                "possession": b64encode(
                    sign(key, possession_namespace(ORIGIN), possession(play.state.known.digest, public_key_of(key).fingerprint, row.nonce))
                ),
            }
            for key in keys
        ]
    said = together([signed_in(READY) for _ in forms], forms, f"keys/{number}")
    assert said == {(200, ""): 1, (409, "enrolment.used"): AT_ONCE - 1}


def test_what_was_annulled_is_signed_again_once(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        digest = play.state.by_party[SIGNED]
        play.act("depositary", "endorsement.question-v1", digest, REASON)
        play.act("depositary", "endorsement.annul-v1", digest, REASON)
        forms = [as_form(play.signature(SIGNED, nonce=nonce(f"again {n}"))) for n in range(AT_ONCE)]
    said = together([signed_in(SIGNED) for _ in forms], forms)
    assert said == {(200, ""): 1, (409, "endorsement.duplicate"): AT_ONCE - 1}
    with service() as play:
        found = totals(play.state)
        assert (found.total, sum(found.annulled.values())) == (1, 1)
