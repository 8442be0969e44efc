"""Signing in with a key: what opens the door, and everything that does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from declaration.credentials import acts, enrolment
from declaration.credentials.models import SpentChallenge
from declaration.errors import SignatureInvalid
from declaration.forums.models import AuthSession, Forum
from declaration.forums.people import add_person, disable
from declaration.protocol.encoding import b64encode, b64url_decode, b64url_encode
from declaration.protocol.keys import public_key_of
from declaration.protocol.sign_in import sign_in, sign_in_namespace
from declaration.protocol.sshsig import PasskeyPolicy, sign
from declaration.protocol.statement import By, Seen, build_statement
from declaration.transparency import queries
from declaration.web.clock import SettableClock, now
from tests.conftest import browser_client
from tests.credentials.conftest import CREDENTIAL, DOOR, ORIGIN, SITE, Parties, challenge_of, enrol_passkey, form_for, passkey_form
from tests.endorsements.conftest import Playing
from tests.protocol.made import Passkey
from tests.support.play import SLUG, Player, private_key

JSON = {"Accept": "application/json"}


def refusal(door: FlaskClient, form: dict[str, str]) -> str:
    """The code of a refusal, after which nobody is signed in."""
    answer = door.post(DOOR, data=form, headers=JSON)
    assert answer.status_code >= 400, answer.status
    assert "Set-Cookie" not in answer.headers
    assert door.get(f"/{SLUG}/sessions").status_code == 401
    return str(answer.json["code"])


def test_a_key_of_the_record_opens_the_door(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    with playing() as play:
        play.person(parties.key).language = "en"
    given = door.get(f"{DOOR}/challenge")
    assert given.headers["Cache-Control"] == "no-store"
    answer = door.post(DOOR, data=form_for(given.json["challenge"], parties.key))
    assert (answer.status_code, answer.location) == (303, f"/{SLUG}/home")
    with playing() as play:
        row = play.session.scalars(select(AuthSession)).one()
        assert row.person_id == play.actor(parties.key).person_id
        assert row.key == public_key_of(private_key(parties.key, "signatory")).fingerprint
    assert "with a key" in door.get(f"/{SLUG}/sessions").text


def test_a_passkey_opens_it_on_a_device_that_never_saw_it(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    assert door.post(DOOR, data=passkey_form(challenge_of(app))).status_code == 303
    with playing() as play:
        assert play.session.scalars(select(AuthSession.person_id)).one() == play.actor(parties.passkey).person_id


def test_officers_and_heads_come_in_too(app: Flask, door: FlaskClient, parties: Parties) -> None:
    for party, role in (("chair", "chair"), ("kz", "head"), ("translator-az-1", "translator")):
        assert door.post(DOOR, data=form_for(challenge_of(app), party, role=role)).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (f"/{SLUG}/sign", f"/{SLUG}/sign"),
        ("", f"/{SLUG}/home"),
        ("https://evil.example/", f"/{SLUG}/home"),
        ("//evil.example/", f"/{SLUG}/home"),
        ("/other/home", f"/{SLUG}/home"),
        (f"/{SLUG}/\\evil.example", f"/{SLUG}/home"),
        (f"/{SLUG}/\r\nSet-Cookie: a=b", f"/{SLUG}/home"),
    ],
)
def test_one_goes_on_where_one_was_and_nowhere_else(app: Flask, door: FlaskClient, parties: Parties, wanted: str, found: str) -> None:
    assert f"next=/{SLUG}/sign" in door.get(f"/{SLUG}/sign").text  # the page for nobody leads there and back
    assert door.post(DOOR, data=form_for(challenge_of(app), parties.key) | {"next": wanted}).location == found


# -- the challenge ----------------------------------------------------------------------------------------------------------------


def test_a_challenge_opens_once(app: Flask, door: FlaskClient, parties: Parties) -> None:
    form = form_for(challenge_of(app), parties.key)
    assert door.post(DOOR, data=form).status_code == 303
    assert refusal(browser_client(app), form) == "sign-in.spent"


def test_one_challenge_is_not_good_for_a_second_signature_either(app: Flask, door: FlaskClient, parties: Parties) -> None:
    challenge = challenge_of(app)
    assert door.post(DOOR, data=form_for(challenge, parties.key)).status_code == 303
    assert refusal(browser_client(app), passkey_form(challenge)) == "sign-in.spent"


def test_of_eight_at_once_one_gets_in(app: Flask, parties: Parties) -> None:
    form, barrier = form_for(challenge_of(app), parties.key), threading.Barrier(8)

    def enter(turn: int) -> int:
        browser = browser_client(app)
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{turn}"
        barrier.wait()
        return browser.post(DOOR, data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(enter, range(8))) == [303] + [409] * 7


def test_after_two_minutes_it_is_over(app: Flask, door: FlaskClient, parties: Parties, clock: SettableClock) -> None:
    in_time, late = (form_for(challenge_of(app), parties.key) for _ in range(2))
    clock.advance(seconds=119)
    assert door.post(DOOR, data=in_time).status_code == 303
    clock.advance(seconds=1)
    assert refusal(browser_client(app), late) == "sign-in.expired"


def test_spent_ones_are_forgotten_when_their_time_is_over(
    app: Flask, door: FlaskClient, parties: Parties, clock: SettableClock, playing: Playing
) -> None:
    for _ in range(2):
        door.post(DOOR, data=form_for(challenge_of(app), parties.key))
        clock.advance(seconds=121)
    door.post(DOOR, data=form_for(challenge_of(app), parties.key))
    with playing() as play:
        assert play.session.scalar(select(func.count()).select_from(SpentChallenge)) == 1


def test_giving_challenges_writes_nothing(door: FlaskClient, parties: Parties, playing: Playing) -> None:
    assert len({door.get(f"{DOOR}/challenge").json["challenge"] for _ in range(20)}) == 20
    with playing() as play:
        assert play.session.scalar(select(func.count()).select_from(SpentChallenge)) == 0


def test_a_challenge_of_ones_own_or_of_another_forum(app: Flask, door: FlaskClient, parties: Parties) -> None:
    made, real = "A" * 54, challenge_of(app)
    altered = ("B" if real[0] != "B" else "C") + real[1:]
    for challenge in (made, altered, real[:-2], challenge_of(app, "declaration.example/other")):
        assert refusal(door, form_for(challenge, parties.key)) == "sign-in.challenge"


def test_the_time_of_a_challenge_cannot_be_moved(app: Flask, door: FlaskClient, parties: Parties) -> None:
    raw = bytearray(b64url_decode(challenge_of(app)))
    raw[16 + 5] ^= 1
    assert refusal(door, form_for(b64url_encode(bytes(raw)), parties.key)) == "sign-in.challenge"


# -- what was signed --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("namespace", ["endorsement.sign-v1@" + ORIGIN, "possession-v1@" + ORIGIN, "sign-in@declaration.example/other"])
def test_another_namespace(app: Flask, door: FlaskClient, parties: Parties, namespace: str) -> None:
    challenge = challenge_of(app)
    blob = sign(private_key(parties.key, "signatory"), namespace, sign_in(challenge, ORIGIN, SITE))
    assert refusal(door, {"challenge": challenge, "site": SITE, "signature": b64encode(blob)}) == "signature.namespace"


def test_a_signed_act_is_no_sign_in(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    with playing() as play:
        signed = play.signature(parties.key)
    form = {"challenge": challenge_of(app), "site": SITE, "signature": b64encode(signed.signature)}
    assert refusal(door, form) == "signature.namespace"


def test_a_sign_in_is_no_act(app: Flask, parties: Parties, playing: Playing, signed_in: Callable[..., FlaskClient]) -> None:
    """Neither what was signed nor an act with that signature under it is recorded."""
    challenge = challenge_of(app)
    blob = sign(private_key(parties.key, "signatory"), sign_in_namespace(ORIGIN), sign_in(challenge, ORIGIN, SITE))
    with playing() as play:
        statement, size = play.signature(parties.key).statement, play.state.size
        elsewhere = sign(private_key(parties.key, "signatory"), sign_in_namespace(ORIGIN), statement)
    browser = signed_in(parties.key)
    sent = [(sign_in(challenge, ORIGIN, SITE), blob, 400), (statement, blob, 422), (statement, elsewhere, 422)]
    for message, signature, status in sent:
        form = {"statement": message.decode(), "signature": b64encode(signature)}
        assert browser.post(f"/{SLUG}/act", data=form).status_code == status
    with playing() as play:
        assert play.state.size == size


def test_signed_for_another_site(app: Flask, door: FlaskClient, parties: Parties) -> None:
    """A page elsewhere that passes our challenge on: what was signed names that page."""
    challenge = challenge_of(app)
    assert refusal(door, form_for(challenge, parties.key, site="https://declaration.example.evil")) == "sign-in.site"
    assert refusal(door, form_for(challenge, parties.key, site="http://declaration.example")) == "sign-in.site"
    lying = form_for(challenge, parties.key, site="https://declaration.example.evil") | {"site": SITE}
    assert refusal(door, lying) == "signature.invalid"


@pytest.mark.parametrize(
    ("device", "code"),
    [
        (Passkey(flags=0x01), "passkey.user-verified"),
        (Passkey(flags=0x04), "passkey.user-present"),
        (replace(Passkey(), policy=PasskeyPolicy(("https://declaration.example.evil",), "declaration.example")), "passkey.origin"),
        (Passkey(rp_id="declaration.example.evil"), "signature.invalid"),
    ],
)
def test_a_passkey_used_otherwise(app: Flask, door: FlaskClient, parties: Parties, device: Passkey, code: str) -> None:
    assert refusal(door, passkey_form(challenge_of(app), device)) == code


def test_a_passkey_inside_a_strangers_page(app: Flask, door: FlaskClient, parties: Parties) -> None:
    challenge = challenge_of(app)
    blob = Passkey().sign(sign_in_namespace(ORIGIN), sign_in(challenge, ORIGIN, SITE), crossOrigin=True)
    assert refusal(door, {"challenge": challenge, "site": SITE, "signature": b64encode(blob)}) == "passkey.cross-origin"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature": ""}, "sign-in.missing"),
        ({"signature": "AAAA"}, "signature.malformed"),
        ({"signature": "not base64"}, "encoding.base64"),
        ({"signature": "A" * 20_000}, "signing.signature"),
        ({"challenge": ""}, "sign-in.challenge"),
        ({"challenge": "ə"}, "sign-in.challenge"),
        ({"credential": "bm9ib2R5"}, "sign-in.unknown"),
    ],
)
def test_what_is_no_sign_in_at_all(app: Flask, door: FlaskClient, parties: Parties, change: dict[str, str], code: str) -> None:
    assert refusal(door, form_for(challenge_of(app), parties.key) | change) == code


def test_without_scripts_the_page_says_how_else(door: FlaskClient, parties: Parties) -> None:
    answer = door.post(DOOR)
    assert answer.status_code == 400
    assert "The link in your invitation works without them" in answer.text


# -- whose key --------------------------------------------------------------------------------------------------------------------


def test_a_key_that_nobody_enrolled_here(app: Flask, door: FlaskClient, parties: Parties) -> None:
    assert refusal(door, form_for(challenge_of(app), "somebody")) == "sign-in.unknown"


def test_a_key_of_another_forum_of_this_service(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    """Neither does it open this one, nor does a key of this one open a forum in which no key has authority yet."""
    with playing() as play:
        other = another_forum(play, "other")
        theirs = add_person(play.session, other, name="Aru", role="head", party="kz", office="head", language="kk")
        row = enrolment.begin(play.session, other, theirs.id, now=now())
        enrolment.finish(play.session, other, row, public_key_of(private_key("aru", "head")).openssh, b"", now=now())
    assert refusal(door, form_for(challenge_of(app), "aru", role="head")) == "sign-in.unknown"
    for party, code in ((parties.key, "sign-in.unknown"), ("aru", "sign-in.not-accredited")):
        challenge = challenge_of(app, "declaration.example/other")
        form = form_for(challenge, party, log="declaration.example/other", role="head" if party == "aru" else "signatory")
        assert door.post("/other/sign-in", data=form, headers=JSON).json["code"] == code
    assert refusal(door, form_for(challenge_of(app, "declaration.example/other"), parties.key)) == "sign-in.challenge"


def another_forum(play: Player, slug: str) -> Forum:
    """A second forum of the same service, with no record yet."""
    own = ("id", "slug", "origin")
    taken = {column.name: getattr(play.forum, column.name) for column in Forum.__table__.columns if column.name not in own}
    other = Forum(**taken, slug=slug, origin=f"declaration.example/{slug}")
    play.session.add(other)
    play.session.flush()
    return other


def test_the_page_offers_what_a_forum_can_take(door: FlaskClient, parties: Parties, playing: Playing) -> None:
    """Not before a key has authority; of many forums the one that is asked for."""
    form = 'data-log-origin="declaration.example/'
    assert door.get("/sign-in").text.count(form) == 1
    with playing() as play:
        for slug in ("b", "c", "d"):
            another_forum(play, slug)
    assert form not in (page := door.get("/sign-in").text)
    assert f"/sign-in?forum={SLUG}" in page
    assert form in door.get(f"/sign-in?forum={SLUG}").text
    assert form not in door.get("/sign-in?forum=b").text


def test_a_key_that_is_only_enrolled_opens_nothing(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    with playing() as play:
        play.enrol(parties.key, number=2)
    assert refusal(door, form_for(challenge_of(app), parties.key, number=2)) == "sign-in.not-accredited"


@pytest.mark.parametrize(
    ("type_", "fields", "code"),
    [
        ("key.suspend-v1", {"reason": "The phone is lost."}, "sign-in.suspended"),
        ("revoke-v1", {"why": "left_office", "reason": "She left."}, "sign-in.revoked"),
        ("revoke-v1", {"why": "compromised", "since": "2025-11-24T11:00", "reason": "Stolen."}, "sign-in.suspended"),
    ],
)
def test_a_key_that_has_fallen(
    app: Flask, door: FlaskClient, parties: Parties, playing: Playing, type_: str, fields: dict[str, str], code: str
) -> None:
    with playing() as play:
        accreditation = next(key.accreditation for key in play.state.keys.values() if key.party == parties.key)
        play.act("rapporteur", type_, accreditation, fields)
    assert refusal(door, form_for(challenge_of(app), parties.key)) == code


def test_a_mandate_that_has_ended(app: Flask, door: FlaskClient, parties: Parties, playing: Playing, clock: SettableClock) -> None:
    with playing() as play:
        party = play.organization(3, until="2025-11-30")
    clock.advance(days=10)
    assert refusal(door, form_for(challenge_of(app), party)) == "sign-in.ended"


def test_somebody_whose_access_was_taken_away(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    with playing() as play:
        disable(play.session, play.person(parties.key), now=play.app.extensions["clock"].now())
    assert refusal(door, form_for(challenge_of(app), parties.key)) == "sign-in.no-access"


def test_a_credential_id_that_two_claim(app: Flask, door: FlaskClient, parties: Parties, playing: Playing) -> None:
    """Somebody enrols another's credential id with a key of their own: it neither opens the door as the other nor shuts it."""
    stolen = Passkey(private=derive_private_key(7, SECP256R1()))
    with playing() as play:
        enrol_passkey(play, "kz", stolen)
    assert door.post(DOOR, data=passkey_form(challenge_of(app))).status_code == 303
    assert refusal(browser_client(app), passkey_form(challenge_of(app), stolen)) == "sign-in.not-accredited"


def test_five_failures_from_one_place_slow_it_down(app: Flask, door: FlaskClient, parties: Parties) -> None:
    for _ in range(5):
        refusal(door, form_for(challenge_of(app), "somebody"))
    assert door.post(DOOR, data=form_for(challenge_of(app), parties.key)).status_code == 429
    elsewhere = browser_client(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert elsewhere.post(DOOR, data=form_for(challenge_of(app), parties.key)).status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_sign_anybody_in(app: Flask, door: FlaskClient, parties: Parties, site: str) -> None:
    answer = door.post(DOOR, data=form_for(challenge_of(app), parties.key), headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


# -- enrolling a passkey ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "code"),
    [
        (Passkey(flags=0x01), "passkey.user-verified"),
        (replace(Passkey(), policy=PasskeyPolicy(("https://evil.example",), "declaration.example")), "passkey.origin"),
        (replace(Passkey(), policy=PasskeyPolicy(("https://declaration.example",), "evil.example")), "passkey.rp-id"),
    ],
)
def test_a_passkey_that_is_not_enrolled(parties: Parties, playing: Playing, device: Passkey, code: str) -> None:
    with playing() as play, pytest.raises(SignatureInvalid) as refused:
        enrol_passkey(play, parties.key, device)
    assert refused.value.code == code


def test_an_act_by_passkey_is_recorded_and_one_without_its_user_is_not(
    parties: Parties, playing: Playing, signed_in: Callable[..., FlaskClient]
) -> None:
    with playing() as play:
        size = play.state.size
        forged, good = (_by_passkey(play, parties.passkey, flags) for flags in (0x01, 0x05))
    browser = signed_in(parties.passkey)
    refused = browser.post(f"/{SLUG}/sign", data=forged, headers=JSON)
    assert (refused.status_code, refused.json["code"]) == (422, "passkey.user-verified")
    page = browser.get(f"/{SLUG}/sign").text
    assert CREDENTIAL in page  # the form says how to ask for the passkey, on whichever device it is
    assert browser.post(f"/{SLUG}/sign", data=good).status_code == 303
    with playing() as play:
        assert play.state.size == size + 1


def _by_passkey(play: Player, party: str, flags: int) -> dict[str, str]:
    """A signature of the Declaration, made with the party's passkey."""
    device, adopted = Passkey(flags=flags), play.state.adopted
    fields = {"language": "en", "read": "yes", "consent": "yes"}
    body = acts.compose(play.session, play.forum, play.actor(party), "endorsement.sign-v1", adopted, fields)["body"]
    log = queries.find_log(play.session, ORIGIN)
    assert log is not None
    statement = build_statement(
        type="endorsement.sign-v1", by=By(device.key.fingerprint, party, "signatory"), declaration=play.forum.declaration, log=ORIGIN,
        nonce=bytes([flags]) * 16, object=adopted, seen=Seen(log.size, queries.root_at(play.session, log, log.size).hex()), body=body,
    )  # fmt: skip
    return {"statement": statement.decode(), "signature": b64encode(device.sign(f"endorsement.sign-v1@{ORIGIN}", statement))}
