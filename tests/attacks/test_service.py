"""The attacks on keys, passkeys, replays and identifiers against a running service: what is posted, and what is refused at the door of the
record. Nothing of it is ever recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient

from declaration.credentials.record import log_of
from declaration.protocol.encoding import b64decode, b64encode, format_time
from declaration.protocol.entry import parse_entry
from declaration.protocol.keys import public_key_of
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.sshsig import PasskeyPolicy, frame, parse_signature, sign, tbs
from declaration.protocol.statement import Seen
from declaration.protocol.wire import mpint
from declaration.transparency import queries
from declaration.web.clock import SettableClock, now
from tests.attacks.conftest import CURVE, ECDSA_KEY, PASSKEY, READY, SIGNED, Attack, answer, posted
from tests.endorsements.conftest import Playing
from tests.protocol.made import Passkey
from tests.support.play import ORIGIN, SLUG, private_key

SignedIn = Callable[..., FlaskClient]
Make = Callable[[Attack], dict[str, str]]
SIGN = f"endorsement.sign-v1@{ORIGIN}"
REASON = {"reason": "Lost."}


def spelled(old: bytes, new: bytes) -> Make:
    """The bytes that are signed are spelled otherwise; the signature is good."""

    def make(attack: Attack) -> dict[str, str]:
        statement = attack.endorsement()
        assert old in statement
        return attack.form(statement.replace(old, new, 1))

    return make


def draft(attack: Attack) -> str:
    return next(digest for digest in attack.play.state.versions if digest != attack.adopted)


def seen(size: int, root: str | None = None) -> Make:
    return lambda attack: attack.form(attack.endorsement(seen=Seen(size, root or EMPTY_ROOT.hex())))


def from_the_record(attack: Attack) -> bytes:
    """The statement that an organization signed, for everybody to copy."""
    found = attack.play.state.endorsements[attack.play.state.by_party[SIGNED]]
    return parse_entry(queries.entry(attack.play.session, log_of(attack.play.session, attack.play.forum), found.index)).raw


POSTED: dict[str, tuple[Make, int, str]] = {
    # replays
    "a draft is signed": (lambda a: a.form(a.endorsement(object_=draft(a))), 409, "version.not-adopted"),
    "the texts of another version": (lambda a: a.form(a.endorsement(texts={"az": "0" * 64, "en": "0" * 64})), 409, "endorsement.texts"),
    "signed for another forum": (lambda a: a.form(a.endorsement(log="declaration.example/other")), 409, "record.log"),
    "signed for another declaration": (lambda a: a.form(a.endorsement(declaration="OTHER/2025/JD")), 409, "record.declaration"),
    "signed as another act": (
        lambda a: a.form(a.endorsement(), namespace=f"endorsement.withdraw-v1@{ORIGIN}"), 422, "signature.namespace"),
    "signed in another forum's namespace": (
        lambda a: a.form(a.endorsement(), namespace="endorsement.sign-v1@declaration.example/other"), 422, "signature.namespace"),
    "another organization's signature under one's own name": (
        lambda a: {**a.form(a.endorsement()), "signature": b64encode(entry_signature(a))}, 422, "signature.other-key"),
    # keys
    "a thief's signature": (lambda a: a.form(a.endorsement(), by=private_key("thief", "signatory")), 422, "signature.other-key"),
    "a key that nobody accredited": (
        lambda a: a.form(a.endorsement(key=public_key_of(private_key("thief", "signatory")).fingerprint)), 409, "key.unknown"),
    "the own key for another organization": (
        lambda a: a.form(a.endorsement(SIGNED, key=public_key_of(private_key(READY, "signatory")).fingerprint)), 409, "key.party"),
    "the own key in another role": (lambda a: a.form(a.endorsement(
        role="depositary", key=public_key_of(private_key(READY, "signatory")).fingerprint)), 409, "key.party"),
    # time
    "signed before the first entry": (seen(0), 409, "seen.unknown"),
    "a checkpoint that this record never had": (lambda a: a.form(a.endorsement(
        seen=Seen(a.play.state.size, "0" * 64))), 409, "seen.other-history"),
    "a checkpoint of the future": (lambda a: a.form(a.endorsement(seen=Seen(a.play.state.size + 1, "0" * 64))), 409, "seen.unknown"),
    "a time of one's own": (lambda a: a.form(a.endorsement(at="2025-11-24T08:00:00Z")), 400, "statement.fields"),
    # bytes
    "a field twice": (spelled(b'{"by"', b'{"by":0,"by"'), 400, "json.duplicate-key"),
    "a number that is none": (spelled(b'"kind":"signature"', b'"kind":NaN'), 400, "json.number"),
    "a space more": (spelled(b'{"by"', b'{ "by"'), 400, "json.not-canonical"),
    "letters escaped": (spelled(b'"kind"', b'"\\u006bind"'), 400, "json.not-canonical"),
    "another version of the act": (spelled(b"endorsement.sign-v1", b"endorsement.sign-v2"), 400, "name.type"),
    "an act that nobody has": (spelled(b"endorsement.sign-v1", b"endorsement.stamp-v1"), 422, "signature.namespace"),
    "a party that writes a line": (spelled(b'"party":"az.', b'"party":"az.\\nchair '), 400, "name.party"),
    "a nonce in capitals and signs": (spelled(b'"nonce":"', b'"nonce":"+/'), 400, "statement.nonce"),
    "no signature at all": (lambda a: {**a.form(a.endorsement()), "signature": b64encode(b"SSHSIG")}, 422, "signature.malformed"),
    "a signature with bytes behind it": (
        lambda a: posted(a.endorsement(), b64decode(a.form(a.endorsement())["signature"]) + b"\0"), 422, "signature.malformed"),
    "S of an Ed25519 signature not reduced": (lambda a: posted(a.endorsement(), not_reduced(a)), 422, "signature.invalid"),
    "base64 with unused bits": (lambda a: {**a.form(a.endorsement()), "signature": "AB=="}, 400, "encoding.base64"),
}  # fmt: skip


def not_reduced(attack: Attack) -> bytes:
    """The owner's signature with the order of the group added to S: the same equation holds, and other verifiers accept it."""
    blob = b64decode(attack.form(attack.endorsement())["signature"])
    order = 2**252 + 27742317777372353535851937790883648493
    return blob[:-32] + (int.from_bytes(blob[-32:], "little") + order).to_bytes(32, "little")


def entry_signature(attack: Attack) -> bytes:
    return parse_entry(from_the_record(attack)).signature


def test_what_is_posted_and_not_recorded(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        forms, size = {name: make(Attack(play)) for name, (make, _, _) in POSTED.items()}, play.state.size
    browser = signed_in(READY)
    said = {name: answer(browser, form) for name, form in forms.items()}
    assert said == {name: (status, code) for name, (_, status, code) in POSTED.items()}
    with service() as play:
        assert (play.state.size, READY in play.state.by_party) == (size, False)


def test_unchanged_it_is_recorded(service: Playing, signed_in: SignedIn) -> None:
    """Otherwise what is refused above might be refused for any reason."""
    with service() as play:
        form = Attack(play).form(Attack(play).endorsement())
    assert answer(signed_in(READY), form)[0] < 400
    with service() as play:
        assert READY in play.state.by_party


# -- passkeys ----------------------------------------------------------------------------------------------------------------------

ELSEWHERE = PasskeyPolicy(("https://declaration.example.evil",), "declaration.example")
PASSKEYS: dict[str, tuple[Passkey, dict[str, Any], str]] = {
    "without a touch": (Passkey(flags=0x04), {}, "passkey.user-present"),
    "without asking who it is": (Passkey(flags=0x01), {}, "passkey.user-verified"),
    "at another address": (replace(Passkey(), policy=ELSEWHERE), {}, "passkey.origin"),
    "without encryption": (Passkey(), {"origin": "http://declaration.example"}, "passkey.origin"),
    "at another port": (Passkey(), {"origin": "https://declaration.example:8443"}, "passkey.origin"),
    "for another site": (Passkey(rp_id="declaration.example.evil"), {}, "signature.invalid"),
    "in a frame of a stranger's page": (Passkey(), {"crossOrigin": True}, "passkey.cross-origin"),
    "under a stranger's page": (Passkey(), {"topOrigin": "https://evil.example"}, "passkey.cross-origin"),
    "when it was made": (Passkey(), {"type": "webauthn.create"}, "passkey.client-data"),
    "on a challenge that a server chose": (
        Passkey(), {"client_data": Passkey().client_data(b"a challenge of the server")}, "passkey.client-data"),
    "for a sign-in": (Passkey(), {"namespace": f"sign-in@{ORIGIN}"}, "signature.namespace"),
    "for the proof of possession": (Passkey(), {"namespace": f"possession-v1@{ORIGIN}"}, "signature.namespace"),
}  # fmt: skip


def test_a_passkey_that_was_used_otherwise(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        statement = Attack(play).endorsement(PASSKEY, key=Passkey().key.fingerprint)
        size = play.state.size
    browser, said = signed_in(PASSKEY), {}
    for name, (device, changes, _) in PASSKEYS.items():
        how = {what: value for what, value in changes.items() if what != "namespace"}
        said[name] = answer(browser, posted(statement, device.sign(changes.get("namespace", SIGN), statement, **how)))
    assert said == {name: (422, code) for name, (_, _, code) in PASSKEYS.items()}
    with service() as play:
        assert play.state.size == size


def test_an_assertion_is_good_for_its_own_statement_alone(service: Playing, signed_in: SignedIn) -> None:
    """The challenge is the act: used again under another nonce it proves nothing, and sent again it is recorded once."""
    device = Passkey()
    with service() as play:
        first, second = (Attack(play).endorsement(PASSKEY, key=device.key.fingerprint, nonce=each * 16) for each in (b"1", b"2"))
        size = play.state.size
    signature = device.sign(SIGN, first)
    browser = signed_in(PASSKEY)
    assert answer(browser, posted(second, signature)) == (422, "passkey.client-data")
    assert all(answer(browser, posted(first, signature))[0] < 400 for _ in range(2))
    with service() as play:
        assert play.state.size == size + 1


# -- replays of what is in the record ------------------------------------------------------------------------------------------------


def twin(blob: bytes, statement: bytes) -> bytes:
    """The other valid signature of the same key on the same bytes: s becomes n - s."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    r, s = decode_dss_signature(parse_signature(blob).signature)
    ECDSA_KEY.public_key().verify(encode_dss_signature(r, order - s), tbs("endorsement.sign-v1@" + ORIGIN, statement), ECDSA(SHA256()))
    return frame(public_key_of(ECDSA_KEY), SIGN, mpint(r) + mpint(order - s))


def test_the_twin_of_an_ecdsa_signature_records_nothing(service: Playing, signed_in: SignedIn) -> None:
    """An act is its statement: with the other signature of the same bytes it is the same act."""
    with service() as play:
        statement = Attack(play).endorsement(CURVE, key=public_key_of(ECDSA_KEY).fingerprint)
    blob = sign(ECDSA_KEY, SIGN, statement)
    other = twin(blob, statement)
    assert other != blob
    browser = signed_in(CURVE)
    assert answer(browser, posted(statement, blob))[0] < 400
    with service() as play:
        size = play.state.size
    assert answer(browser, posted(statement, other))[0] < 400
    with service() as play:
        assert play.state.size == size


def test_a_signature_sent_again_after_its_withdrawal_undoes_nothing(service: Playing, signed_in: SignedIn) -> None:
    with service() as play:
        raw = from_the_record(Attack(play))
        entry = parse_entry(raw)
        play.act(SIGNED, "endorsement.withdraw-v1", play.state.by_party[SIGNED], REASON)
        size = play.state.size
    assert answer(signed_in(SIGNED), posted(entry.statement.raw, entry.signature))[0] < 400
    with service() as play:
        assert (play.state.size, play.state.endorsements[entry.statement.digest].status) == (size, "withdrawn")


def test_an_act_held_back_for_more_than_a_day(service: Playing, signed_in: SignedIn, clock: SettableClock) -> None:
    """Not even where nothing else was recorded meanwhile would a day make it stale; an entry that its signer has not seen does."""
    with service() as play:
        form = Attack(play).form(Attack(play).endorsement())
        play.advance(seconds=1)
        play.act(SIGNED, "endorsement.withdraw-v1", play.state.by_party[SIGNED], REASON)
        play.advance(hours=24, seconds=1)
        play.act("depositary", "endorsement.set_aside_withdrawal-v1", play.state.by_party[SIGNED], REASON)
    assert answer(signed_in(READY), form) == (409, "seen.too-old")


@pytest.mark.parametrize(("act", "code"), [("key.suspend-v1", "key.suspended"), ("revoke-v1", "key.revoked")])
def test_a_key_that_was_taken_back_signs_nothing(act: str, code: str, service: Playing, signed_in: SignedIn) -> None:
    """Whatever was signed before and is sent after. The holder's sessions are over too, so somebody else sends it."""
    with service() as play:
        form = Attack(play).form(Attack(play).endorsement())
        key = play.state.keys[public_key_of(private_key(READY, "signatory")).fingerprint].accreditation
        fields = REASON if act == "key.suspend-v1" else {"why": "left_office", **REASON}
        play.act("rapporteur", act, key, fields)
    assert answer(signed_in(SIGNED), form) == (409, code)


def test_there_is_one_constitution(service: Playing, signed_in: SignedIn) -> None:
    """The Chair's own, spelled anew with another nonce and other rules, and with the key that stands in the first."""
    with service() as play:
        attack = Attack(play)
        first = parse_entry(queries.entry(play.session, log_of(play.session, play.forum), 0)).statement
        body = {**first.body, "prevailing": "az"}
        statement = attack.statement("constitution-v1", None, body, party="chair", role="chair")
    form = posted(statement, sign(private_key("chair", "chair"), f"constitution-v1@{ORIGIN}", statement))
    assert answer(signed_in("chair"), form) == (409, "constitution.exists")


BACKDATED = {
    "by its holder alone": ("signatory", SIGNED, -3600, 409, "revoke.two-persons"),
    "from an hour to come": ("secretariat", "rapporteur", 3600, 409, "revoke.invalid-from"),
    "by another organization": ("signatory", READY, -3600, 409, "key.not-own"),
}


def test_nobody_alone_revokes_from_an_hour_before(service: Playing, signed_in: SignedIn) -> None:
    """And where one person of the secretariat does, nothing is held until the second has."""
    with service() as play:
        attack, forms = Attack(play), {}
        target = play.state.keys[public_key_of(private_key(SIGNED, "signatory")).fingerprint].accreditation
        for name, (role, party, seconds, _, _) in BACKDATED.items():
            since = format_time(now() + timedelta(seconds=seconds))
            body = {"reason": "compromised", "invalid_from": since, "successor": None, "content": "0" * 64}
            statement = attack.statement("revoke-v1", target, body, party=party, role=role)
            forms[name] = party, posted(statement, sign(private_key(party, role), f"revoke-v1@{ORIGIN}", statement))
        size = play.state.size
    said = {name: answer(signed_in(party), form) for name, (party, form) in forms.items()}
    assert said == {name: (status, code) for name, (_, _, _, status, code) in BACKDATED.items()}
    with service() as play:
        assert play.state.size == size
        play.act("rapporteur", "revoke-v1", target, {"why": "compromised", "since": format_time(now() - timedelta(hours=1)), **REASON})
        assert play.state.endorsements[play.state.by_party[SIGNED]].status == "counted"


# -- identifiers -------------------------------------------------------------------------------------------------------------------


GUESSED = (
    "register/0", "register/2", "register/99999999999999999999", "receipts/" + "0" * 64, "receipts/x", "corrigenda/xx.txt",
    "bundle.zip?size=0", "bundle.zip?size=-1", "bundle.zip?size=999999", "keys/1", "keys/999999",
    "keys/authority/" + "0" * 64,
)  # fmt: skip


def test_numbers_and_names_that_are_guessed(service: Playing, signed_in: SignedIn) -> None:
    """What is not there and what is somebody else's get one answer."""
    with service() as play:
        assert len(play.state.endorsements) == 1
    browser = signed_in(READY)
    for path in GUESSED:
        said = browser.get(f"/{SLUG}/{path}")
        assert said.status_code in (400, 403, 404), (path, said.status_code)
        assert SIGNED not in said.text
    assert browser.post(f"/{SLUG}/organizations/documents/999").status_code in (404, 405)
