"""Acts that are signed outside of the browser: what comes back is looked at check by check, and only what is right is recorded."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient

from declaration.credentials.models import Enrolment
from declaration.protocol.encoding import b64encode
from declaration.protocol.keys import public_key_of
from declaration.protocol.recovery import backup
from declaration.protocol.sshsig import armor, sign, tbs
from declaration.protocol.statement import Statement, parse_statement
from declaration.signer.__main__ import main as signer
from declaration.signer.package import parse_package
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, private_key

SignedIn = Callable[..., FlaskClient]
HOME = f"/{SLUG}/act/offline"
DGST = ["openssl", "dgst", "-sha256", "-sign", "key.pem", "-out", "raw"]
FIELDS = {"type": "endorsement.sign-v1", "language": "en", "read": "yes", "consent": "yes"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@dataclass
class Desk:
    """A signatory's browser with a prepared signature."""

    browser: FlaskClient
    party: str
    url: str

    @property
    def statement(self) -> Statement:
        return parse_statement(self.browser.get(f"{self.url}/statement.json").data)

    def signature(self, message: bytes | None = None, namespace: str = "", party: str = "", number: int = 1) -> str:
        one = self.statement
        key = private_key(party or self.party, "signatory", number)
        return armor(sign(key, namespace or one.namespace, one.raw if message is None else message))

    def bring(self, pasted: str = "", file: bytes | None = None):
        data: dict[str, object] = {"pasted": pasted}
        if file is not None:
            data["file"] = (io.BytesIO(file), "statement.sig")
        return self.browser.post(f"{self.url}/signature", data=data, content_type="multipart/form-data")

    def record(self):
        return self.browser.post(f"{self.url}/record")


@pytest.fixture
def opened(playing: Playing) -> str:
    """The party of an organization that can sign."""
    with playing() as play:
        play.found().negotiated().opened(days=3)
        return play.organization(0)


@pytest.fixture
def desk(opened: str, playing: Playing, signed_in: SignedIn) -> Desk:
    return prepared(opened, playing, signed_in)


def prepared(party: str, playing: Playing, signed_in: SignedIn, **fields: str) -> Desk:
    with playing() as play:
        object_ = play.state.adopted or ""
    browser = signed_in(party)
    answer = browser.post(HOME, data={**FIELDS, "object": object_, **fields})
    assert answer.status_code == 303, answer.text
    return Desk(browser, party, answer.location)


def count(playing: Playing) -> int:
    with playing() as play:
        return len(play.state.endorsements)


# -- the way there and back ----------------------------------------------------------------------------------------------------


def test_a_signature_of_ssh_keygen_is_shown_recorded_and_given_its_receipt(desk: Desk, playing: Playing, tmp_path: Path) -> None:
    page = desk.browser.get(desk.url).text
    assert f"ssh-keygen -Y sign -f KEY -n {desk.statement.namespace} statement.json" in page
    assert "Elçin Əkbəroğlu" in page
    (tmp_path / "key").write_bytes(private_key(desk.party, "signatory").private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "statement.json").write_bytes(desk.statement.raw)
    command = ["ssh-keygen", "-Y", "sign", "-f", "key", "-n", desk.statement.namespace, "statement.json"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    answer = desk.bring(file=(tmp_path / "statement.json.sig").read_bytes())
    assert answer.status_code == 303
    assert count(playing) == 0  # looked at, not recorded
    assert "What will be recorded" in desk.browser.get(desk.url).text
    digest = desk.statement.digest
    receipt = desk.record()
    assert receipt.location.endswith(f"/receipts/{digest}")
    assert "Your signature is in the register" in desk.browser.get(receipt.location).text
    assert desk.record().location == receipt.location
    assert desk.bring("anything").location == receipt.location
    assert desk.browser.get(desk.url).location == receipt.location
    assert count(playing) == 1


def test_a_bare_signature_of_openssl_is_put_into_the_form(desk: Desk, playing: Playing, tmp_path: Path) -> None:
    key = private_key(desk.party, "signatory").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "statement.tbs").write_bytes(desk.browser.get(f"{desk.url}/statement.tbs").data)
    command = "openssl pkeyutl -sign -rawin -inkey key.pem -in statement.tbs -out statement.raw"
    assert command.replace("key.pem", "KEY.pem") in desk.browser.get(desk.url).text
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    raw = (tmp_path / "statement.raw").read_bytes()
    assert desk.bring(b64encode(raw)).status_code == 303  # pasted
    assert desk.bring(file=raw).status_code == 303
    assert desk.record().status_code == 303
    assert count(playing) == 1


def test_a_key_on_p256_enrolled_from_outside_signs_with_openssl(opened: str, playing: Playing, signed_in: SignedIn, tmp_path: Path) -> None:
    key = generate_private_key(SECP256R1())
    public = public_key_of(key)
    browser = signed_in(opened)
    page = browser.get(browser.post(f"/{SLUG}/keys/outside").location, query_string={"key": f"{public.openssh} me@laptop"})
    assert public.fingerprint in page.text
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*possession\.[^"]*)"', page.text)]
    (tmp_path / "p.tbs").write_bytes(browser.get(next(one for one in links if ".tbs" in one)).data)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    subprocess.run([*DGST, "p.tbs"], cwd=tmp_path, check=True)
    action = re.search(r'action="([^"]*/outside)"', page.text)
    assert action is not None
    data = {"key": public.openssh, "pasted": b64encode((tmp_path / "raw").read_bytes())}
    assert browser.post(action[1], data={**data, "pasted": data["pasted"][4:]}).status_code == 422
    assert browser.post(action[1], data={**data, "key": public_key_of(private_key("x", "y")).openssh}).status_code == 422
    assert browser.post(action[1], data=data).status_code == 302
    with playing() as play:
        row = play.session.query(Enrolment).filter_by(fingerprint=public.fingerprint).one()
        first = play.accredit(row.id, by="rapporteur")
        play.act("registrar", "second-v1", first.act.digest)
    desk = prepared(opened, playing, signed_in, key=public.fingerprint)
    assert desk.statement.by.key == public.fingerprint
    (tmp_path / "s.tbs").write_bytes(desk.browser.get(f"{desk.url}/statement.tbs").data)
    subprocess.run([*DGST, "s.tbs"], cwd=tmp_path, check=True)
    assert desk.bring(file=(tmp_path / "raw").read_bytes()).status_code == 303
    assert desk.record().status_code == 303
    assert count(playing) == 1


def test_the_package_holds_the_text_and_the_signer_signs_it(desk: Desk, playing: Playing, tmp_path: Path) -> None:
    raw = desk.browser.get(f"{desk.url}/package.json?text=az").data
    package = parse_package(raw)
    assert package.statement == desk.statement
    assert package.language == "en"  # the language that was read
    assert package.sentence is not None
    assert "Elçin Əkbəroğlu" in package.sentence
    (tmp_path / "package.json").write_bytes(raw)
    (tmp_path / "backup.pem").write_text(backup(private_key(desk.party, "signatory"), "a long enough phrase"))
    (tmp_path / "phrase").write_text("a long enough phrase")
    given = ["--key", tmp_path / "backup.pem", "--passphrase-file", tmp_path / "phrase", "--yes", package.compared[:24]]
    assert signer([str(one) for one in (tmp_path / "package.json", *given)]) == 0
    assert desk.bring(file=(tmp_path / "package.json.sig").read_bytes()).status_code == 303
    assert desk.record().status_code == 303
    assert count(playing) == 1


def test_officers_and_heads_sign_elsewhere_too(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        (digest,) = play.state.by_party.values()
        (party,) = play.state.by_party
    browser = signed_in("depositary")
    answer = browser.post(HOME, data={"type": "endorsement.question-v1", "object": digest, "reason": "Is the board's decision theirs?"})
    desk = Desk(browser, "depositary", answer.location)
    assert "Is the board" in browser.get(desk.url).text
    assert parse_package(browser.get(f"{desk.url}/package.json").data).units == ()
    key = private_key("depositary", "depositary")
    assert desk.bring(armor(sign(key, desk.statement.namespace, desk.statement.raw))).status_code == 303
    assert "/receipts/" in desk.record().location
    with playing() as play:
        assert play.state.endorsements[digest].status == "held"
    withdrawal = prepared(party, playing, signed_in, type="endorsement.withdraw-v1", object=digest, reason="We left.")
    assert withdrawal.bring(withdrawal.signature()).status_code == 303
    assert withdrawal.record().status_code == 303
    with playing() as play:
        assert play.state.endorsements[digest].status == "withdrawn"


def test_a_record_begins_with_a_constitution_that_was_signed_elsewhere(app: Flask, playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.described()
    key = private_key("chair", "chair")
    browser = signed_in("chair")
    page = browser.get(browser.post(f"/{SLUG}/keys/outside").location, query_string={"key": public_key_of(key).openssh})
    action = re.search(r'action="([^"]*/outside)"', page.text)
    assert action is not None
    assert browser.post(action[1], data={"key": public_key_of(key).openssh}).status_code == 302
    desk = Desk(browser, "chair", browser.post(HOME, data={"type": "constitution-v1"}).location)
    assert desk.statement.seen.size == 0
    assert desk.bring(armor(sign(key, desk.statement.namespace, desk.statement.raw))).status_code == 303
    assert desk.record().status_code == 303
    with playing() as play:
        assert play.state.constitution is not None


def test_after_the_window_an_accession_is_signed_elsewhere(opened: str, playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.advance(days=4)
    desk = prepared(opened, playing, signed_in)
    assert desk.statement.body["kind"] == "accession"
    assert desk.bring(desk.signature()).status_code == 303
    assert desk.record().status_code == 303


# -- refusals ------------------------------------------------------------------------------------------------------------------

SIGNED = "-----BEGIN SSH SIGNATURE-----"


NO_SIGNATURES = [
    ("", "No signature came back"),
    ("garbage", "This is not a signature"),
    ("AAAA" * 40, "This is not a signature"),
    (f"{SIGNED}\nAAAA\n", "Paste the whole .sig file"),
    (f"{SIGNED}\n!!!!\n-----END SSH SIGNATURE-----", "Send the whole file again"),
    (f"{SIGNED}\nU1NIU0lHAAAAAg==\n-----END SSH SIGNATURE-----", "of version 1"),
    ("ssh-ed25519 AAAA me", "This is a public key"),
    ('{"act":1}', "This is the statement itself"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n", "This is a private key, and nothing of it was kept"),
]


def test_what_is_no_signature_is_named(desk: Desk) -> None:
    for pasted, says in NO_SIGNATURES:
        answer = desk.bring(pasted)
        assert answer.status_code == 422
        assert says in answer.text
        assert "Not looked at:" in answer.text
        assert "c2VjcmV0" not in answer.text
    assert desk.record().status_code == 409  # nothing was kept


def test_a_signature_of_something_else_is_named(desk: Desk, playing: Playing) -> None:
    one, own = desk.statement, private_key(desk.party, "signatory")
    wrong = [
        (desk.signature(party="somebody"), "and the statement names"),
        (desk.signature(namespace=one.namespace.replace("sign-v1", "withdraw-v1")), "what follows -n must be the same to the letter"),
        (desk.signature(namespace=one.namespace + "2"), "what follows -n must be the same to the letter"),
        (desk.signature(one.raw.replace(b"organization", b"personal")), "Another file was signed, or a byte of it was changed."),
        (desk.signature(one.raw + b"\n"), "An editor has added it."),
        (desk.signature(tbs(one.namespace, one.raw)), "ssh-keygen signs statement.json."),
        (b64encode(own.sign(one.raw)), "What openssl signs is statement.tbs, not statement.json."),
    ]
    for pasted, says in wrong:
        answer = desk.bring(pasted)
        assert answer.status_code == 422
        assert says in answer.text
    assert desk.record().status_code == 409
    assert count(playing) == 0


def test_the_statement_of_another_person_is_not_there(desk: Desk, playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        other = play.organization(1)
    stranger = replace(desk, browser=signed_in(other))
    for path in ("", "/statement.json", "/statement.tbs", "/package.json"):
        assert stranger.browser.get(desk.url + path).status_code == 404
    assert stranger.bring(desk.signature()).status_code == 404
    for step in ("record", "again", "forget"):
        assert stranger.browser.post(f"{desk.url}/{step}").status_code == 404
    with playing() as play:
        nobody = play.organization(2, accredited=False)
    answer = signed_in(nobody).post(HOME, data={**FIELDS, "object": desk.statement.object or ""})
    assert (answer.status_code, "offline.no-key" in answer.text) == (409, True)
    mine = prepared(other, playing, signed_in)  # and its signature is of no use for one's own
    assert "and the statement names" in mine.bring(desk.signature()).text


def test_an_organization_that_has_signed_meanwhile_is_shown_its_first_signature(desk: Desk, playing: Playing) -> None:
    assert desk.bring(desk.signature()).status_code == 303
    with playing() as play:
        play.sign(desk.party)
    answer = desk.record()
    assert answer.status_code == 409
    assert "Your organization has signed already" in answer.text
    assert count(playing) == 1


def test_when_the_window_has_closed_the_page_says_so(desk: Desk, playing: Playing, signed_in: SignedIn) -> None:
    assert desk.bring(desk.signature()).status_code == 303
    with playing() as play:
        play.advance(days=4)
    desk.browser = signed_in(desk.party)
    assert "accede" in desk.browser.get(desk.url).text.lower()
    answer = desk.record()
    assert answer.status_code == 409
    assert count(playing) == 0


def test_a_statement_that_was_carried_around_too_long_is_prepared_again(desk: Desk, playing: Playing, signed_in: SignedIn) -> None:
    signature, body = desk.signature(), desk.statement.body
    with playing() as play:
        play.organization(1)  # somebody acts: from now on 24 hours are left
        play.advance(hours=25)
    desk.browser = signed_in(desk.party)
    assert "This statement is too old to be recorded." in desk.browser.get(desk.url).text
    answer = desk.bring(signature)
    assert answer.status_code == 422
    assert "Prepare it again, and sign the new statement." in answer.text
    fresh = Desk(desk.browser, desk.party, desk.browser.post(f"{desk.url}/again").location)
    assert fresh.statement.body == body
    assert desk.browser.get(desk.url).status_code == 404
    assert fresh.bring(signature).status_code == 422
    assert fresh.bring(fresh.signature()).status_code == 303
    assert fresh.record().status_code == 303
