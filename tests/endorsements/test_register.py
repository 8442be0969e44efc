"""The public register: figures, search, every endorsement with its checks, receipts, the printed declaration."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from declaration.credentials.models import Content
from declaration.credentials.record import log_of, trust_root
from declaration.endorsements import register
from declaration.endorsements.checks import open_endorsement
from declaration.protocol.note import parse_vkey
from declaration.protocol.receipt import parse_receipt, verify_receipt
from declaration.transparency import queries
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG

LONG = "9" * 30
"""No database can be asked about such a number."""
SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


NAMES = [row[1] for row in ORGANIZATIONS]


def test_nothing_stands_there_before_the_opening(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.found()
    page = client.get(f"/{SLUG}/register")
    assert (page.status_code, "Nothing can be signed yet" in page.text) == (200, True)
    assert client.get(f"/{SLUG}/register/1").status_code == 404
    assert client.get(f"/{SLUG}/signed.pdf").status_code == 404
    with playing() as play:
        play.negotiated()
    assert "not yet open for signature" in client.get(f"/{SLUG}/register").text


def test_the_figures_are_those_of_the_record(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en", "az", "tr")
        play.sign(play.organization(3, capacity="personal"))
    text = client.get(f"/{SLUG}/register").text
    assert "3 signatures, all valid" in text
    assert "1 listed apart." in text
    assert "Azerbaijan: 1 of 3" in text
    recent = text.partition("Most recent")[2]
    assert [recent.index(name) for name in reversed(NAMES[:3])] == sorted(recent.index(name) for name in NAMES[:3])
    assert NAMES[3] not in recent
    apart = client.get(f"/{SLUG}/register/all?apart=yes").text
    assert NAMES[3] in apart
    assert NAMES[0] not in apart
    assert NAMES[3] not in client.get(f"/{SLUG}/register/all?country=az").text


def test_countries_stand_in_the_order_of_the_language(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    text = client.get(f"/{SLUG}/register").text
    assert text.index(">Azerbaijan<") < text.index(">Kazakhstan<") < text.index(">Türkiye<")


def test_pages_go_on_where_the_last_one_ended(playing: Playing, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "PAGE", 2)
    with playing() as play:
        play.played("en", "en", "en", "en")
        first = register.page(play.session, play.forum)
        second = register.page(play.session, play.forum, after=first.after or 0)
    assert [each.row.position for each in (*first.listed, *second.listed)] == [1, 2, 3, 4]
    assert (first.after, second.after) == (2, None)
    assert f"/{SLUG}/register/all?after=2" in client.get(f"/{SLUG}/register/all").text


def test_there_is_no_such_page(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    long = (LONG, f"{LONG}/entry.json", f"all?after={LONG}", f"all?after={2**31}")
    for address in ("all?after=x", "all?after=-1", "all?after=+1", "all?country=xx", "0", "9", "-1", "1/nothing", "1/bundle.json", *long):
        assert client.get(f"/{SLUG}/register/{address}").status_code == 404, address


def test_one_endorsement_is_opened_with_every_check(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en", "az")
    page = client.get(f"/{SLUG}/register/2")
    assert page.text.count('class="checks__yes"') == 8
    assert NAMES[1] in page.text
    assert "Autentik mətnlərin SHA-256 izləri" in page.text


def test_an_endorsement_is_handed_on_by_the_address_of_its_place_alone(playing: Playing, client: FlaskClient) -> None:
    """What somebody brought to be compared is not handed on, and one place has one address for ever."""
    with playing() as play:
        play.played("en", "az")
        root = queries.root_at(play.session, log_of(play.session, play.forum), 20).hex()
    page = client.get(f"/{SLUG}/register/2?seen=20:{root}").text
    shared = re.findall(r'id="(share-\w+)" value="([^"]+)"', page)
    assert shared == [("share-page", f"{client.application.config['PUBLIC_URL']}/{SLUG}/register/2")]
    assert f'<meta property="og:url" content="{shared[0][1]}">' in page
    assert all(f"js/{script}" in page for script in ("copy", "share")), "without them no button of it would work"


def test_a_receipt_is_compared_with_the_record(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        root = queries.root_at(play.session, log_of(play.session, play.forum), 20).hex()
    assert "is one of this record" in client.get(f"/{SLUG}/register/1?seen=20:{root}").text
    assert "is not one of this record" in client.get(f"/{SLUG}/register/1?seen=20:{'0' * 64}").text
    assert "is not one of this record" in client.get(f"/{SLUG}/register/1?seen=2000:{root}").text
    assert client.get(f"/{SLUG}/register/1?seen=garbage").status_code == 400


def test_a_consent_taken_back_leaves_every_proof(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        found = next(iter(play.state.endorsements.values()))
        play.session.execute(update(Content).where(Content.sha256 == found.content).values(audience="sealed"))
        opened = open_endorsement(play.session, play.forum, play.state, found.digest)
        assert opened.passed
        assert [check.skipped for check in opened.checks].count(True) == 1
    for address in ("register", "register/1", f"receipts/{found.digest}", "register/all"):
        text = client.get(f"/{SLUG}/{address}").text
        assert "name withheld" in text, address
        assert "Elçin" not in text, address


def test_a_document_of_somebody_else_is_shown_as_a_failed_check(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        party = play.organization(1)
        body = dict(play.app.extensions["acts"].composers["endorsement.sign-v1"](
            play.session, play.forum, play.state, play.actor(party), play.state.adopted, {"language": "en", "read": "yes", "consent": "yes"}
        ))  # fmt: skip
        body["content"] = next(iter(play.state.endorsements.values())).content
        play.act(party, "endorsement.sign-v1", play.state.adopted, body=body)
    assert "a check fails" in client.get(f"/{SLUG}/register/2").text


def test_the_receipt_verifies_with_the_log_key_and_the_root_of_trust(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        (digest,) = play.state.endorsements
        log, root = log_of(play.session, play.forum), trust_root(play.session, play.forum)
    answer = client.get(f"/{SLUG}/receipts/{digest}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    entry, index = verify_receipt(parse_receipt(answer.data), parse_vkey(log.vkey), constitution=root)
    assert (entry.statement.digest, index) == (digest, log.size - 1)


def test_receipts_of_other_acts_are_for_participants_until_the_adoption(playing: Playing, client: FlaskClient, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
        digest = play.state.known.digest
    assert client.get(f"/{SLUG}/receipts/{digest}").status_code == 401
    assert client.get(f"/{SLUG}/receipts/{digest}/file").status_code == 401
    assert "adopts the constitution" in signed_in("chair").get(f"/{SLUG}/receipts/{digest}").text
    for unknown in ("0" * 64, "A" * 64, "zz"):
        assert client.get(f"/{SLUG}/receipts/{unknown}").status_code == 404


def test_the_root_of_trust_is_the_leaf_hash(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.found()
        root, digest = trust_root(play.session, play.forum), play.state.known.digest
    assert root is not None
    assert root != digest
    for page in ("constitution", "verify"):
        assert root in client.get(f"/{SLUG}/{page}").text
    assert client.get(f"/{SLUG}/policy").data.startswith(b"log declaration.example/played+")


def test_raw_files_verify_with_stock_ssh_keygen(playing: Playing, client: FlaskClient, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen on this machine")
    with playing() as play:
        play.played("en", "az")
    for name in ("statement.json", "statement.json.sig", "allowed_signers"):
        (tmp_path / name).write_bytes(client.get(f"/{SLUG}/register/2/{name}").data)
    page = client.get(f"/{SLUG}/register/2").text
    command = page.partition("ssh-keygen -Y verify")[2].partition("</code>")[0].replace("&lt;", "<")
    answer = subprocess.run(["sh", "-c", f"ssh-keygen -Y verify{command}"], cwd=tmp_path, capture_output=True, text=True)
    assert (answer.returncode, answer.stdout.startswith("Good")) == (0, True), answer.stderr
    (tmp_path / "statement.json").write_bytes((tmp_path / "statement.json").read_bytes().replace(b'"az"', b'"en"', 1))
    assert subprocess.run(["sh", "-c", f"ssh-keygen -Y verify{command}"], cwd=tmp_path, capture_output=True).returncode != 0


def test_the_signed_declaration_is_printed_with_everybody(playing: Playing, client: FlaskClient, tmp_path: Path) -> None:
    with playing() as play:
        play.played("en", "az", "tr")
        root = trust_root(play.session, play.forum)
    answer = client.get(f"/{SLUG}/signed.pdf?text=az")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine")
    (tmp_path / "signed.pdf").write_bytes(answer.data)
    text = subprocess.run(["pdftotext", "-raw", tmp_path / "signed.pdf", "-"], capture_output=True, text=True, check=True).stdout
    for expected in (*NAMES[:3], "Мөлдір Әбдірахманқызы", root, "Qazaxıstan", f"/{SLUG}/register"):
        assert expected is not None
        assert expected in text.replace("\n", " ") or expected.replace(" ", "") in text.replace("\n", "").replace(" ", ""), expected
