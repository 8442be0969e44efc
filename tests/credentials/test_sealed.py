"""Sealed documents: another key, a changed byte, another forum, a missing key, and who has opened what."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from declaration.config import SettingRefused
from declaration.credentials import sealed, sealing
from declaration.credentials.models import SealedDocument, SealedOpening
from declaration.endorsements import entitlement
from declaration.errors import ServiceHeld
from declaration.web.clock import now
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player
from tests.support.snapshots import Beginning

SignedIn = Callable[..., FlaskClient]
SCAN = b"%PDF-1.7 the decision of the board, with every name\n%%EOF\n"
AZ = "az.sample-az-0002"


def key_file(app: Flask) -> Path:
    return Path(app.config["KEYS_FOLDER"]) / sealing.KEY_FILE


@pytest.fixture
def filed(playing: Playing, beginning: Beginning) -> Playing:
    """An organization has filed one document."""

    def build() -> None:
        with playing() as play:
            play.found()
            play.organization(0, accredited=False)
            play.organization(1, accredited=False)
            entitlement.file(play.session, play.forum, play.actor(AZ), AZ, "decision", SCAN, now=now())

    beginning("sealed", build)
    return playing


def only(play: Player) -> SealedDocument:
    return play.session.scalars(select(SealedDocument)).one()


def opened(play: Player) -> bytes:
    return sealed.opened(play.session, play.forum, play.actor("rapporteur"), only(play).id, now=now())


def held(code: str, attempt: Callable[[], object]) -> ServiceHeld:
    with pytest.raises(ServiceHeld) as refused:
        attempt()
    assert refused.value.code == code
    return refused.value


def test_the_database_alone_opens_nothing(filed: Playing, app: Flask) -> None:
    with filed() as play:
        row = only(play)
        assert (SCAN in row.body, b"board" in row.body, row.size) == (False, False, len(SCAN))
        assert opened(play) == SCAN
    assert key_file(app).stat().st_mode & 0o777 == 0o600


def test_every_document_has_its_own_nonce(tmp_path: Path) -> None:
    key = sealing.key_of(tmp_path, make=True)
    about = sealing.about("declaration.example/one", "0" * 64)
    first, second = key.seal(SCAN, about=about), key.seal(SCAN, about=about)
    assert first[1:13] != second[1:13]
    assert key.open(first, about=about) == key.open(second, about=about) == SCAN
    assert sealing.key_of(tmp_path, make=True) == key
    assert "_secret" not in repr(key)


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_a_changed_byte_is_found(filed: Playing, place: int) -> None:
    with filed() as play:
        body = bytearray(only(play).body)
        body[place] ^= 1
        play.session.execute(update(SealedDocument).values(body=bytes(body)))
        play.session.expire_all()
        held("sealed.changed", lambda: opened(play))
        assert play.session.scalars(select(SealedOpening)).all() == []
        play.session.rollback()


@pytest.mark.parametrize("body", [b"", b"\x01", b"\x01" + b"0" * 12])
def test_what_is_too_short_is_no_sealed_document(tmp_path: Path, body: bytes) -> None:
    held("sealed.changed", lambda: sealing.key_of(tmp_path, make=True).open(body, about="x"))


def test_a_document_opens_as_no_other_and_in_no_other_forum(tmp_path: Path) -> None:
    key = sealing.key_of(tmp_path, make=True)
    body = key.seal(SCAN, about=sealing.about("declaration.example/one", "0" * 64))
    held("sealed.changed", lambda: key.open(body, about=sealing.about("declaration.example/one", "1" * 64)))
    held("sealed.changed", lambda: key.open(body, about=sealing.about("declaration.example/two", "0" * 64)))


def test_another_key_is_told_from_a_changed_byte_and_seals_nothing_beside_the_first(filed: Playing, app: Flask) -> None:
    key_file(app).write_text(f"documents-key-1 {'ab' * 32}\n")
    with filed() as play:
        assert "keys/documents.key" in held("sealed.other-key", lambda: opened(play)).instead
        actor = play.actor(AZ)
        held("sealed.other-key", lambda: entitlement.file(play.session, play.forum, actor, AZ, "statute", SCAN + b" ", now=now()))
        play.session.rollback()


def test_a_missing_key_says_what_to_do_and_none_is_made_in_its_place(filed: Playing, app: Flask, signed_in: SignedIn) -> None:
    with filed() as play:
        number = entitlement.documents(play.session, play.forum, AZ)[0].id
    kept = key_file(app).read_bytes()
    key_file(app).unlink()
    with filed() as play:
        assert "from its backup" in held("sealed.key-missing", lambda: opened(play)).instead
        play.session.rollback()
    answer = signed_in("rapporteur").post(f"/{SLUG}/organizations/documents/{number}")
    assert (answer.status_code, "keys/documents.key" in answer.text) == (503, True)
    assert not key_file(app).exists()
    key_file(app).write_bytes(kept)
    key_file(app).chmod(0o600)
    with filed() as play:
        assert opened(play) == SCAN


@pytest.mark.parametrize("content", [b"", b"documents-key-1 short\n", b"documents-key-1 " + b"AB" * 32 + b"\n", b"\xff"])
def test_a_file_that_is_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / sealing.KEY_FILE).write_bytes(content)
    (tmp_path / sealing.KEY_FILE).chmod(0o600)
    with pytest.raises(SettingRefused) as refused:
        sealing.key_of(tmp_path, make=True)
    assert refused.value.code == "setting.documents-key"
    (tmp_path / sealing.KEY_FILE).chmod(0o644)
    with pytest.raises(SettingRefused) as refused:
        sealing.key_of(tmp_path, make=True)
    assert refused.value.code == "setting.private-file"


def test_the_operator_checks_and_seals_anew(filed: Playing, app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["documents", "check"]).output == "1 documents, all open\n"
    before = key_file(app).read_text()
    with filed() as play:
        name, body = only(play).key_name, only(play).body
    assert run(args=["documents", "reseal"]).exit_code == 0
    assert key_file(app).read_text() != before
    assert key_file(app).with_name(f"{sealing.KEY_FILE}.{name}").read_text() == before
    with filed() as play:
        assert (only(play).key_name != name, only(play).body != body, opened(play)) == (True, True, SCAN)
        play.session.execute(update(SealedDocument).values(body=body))
    broken = run(args=["documents", "check"])
    assert (broken.exit_code != 0, "was changed" in broken.output) == (True, True)


@pytest.mark.parametrize("between", [False, True])
def test_an_interrupted_reseal_is_finished_by_running_it_again(
    filed: Playing, app: Flask, monkeypatch: pytest.MonkeyPatch, between: bool
) -> None:
    run = app.test_cli_runner().invoke

    def killed(*_names: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("declaration.credentials.commands._put_in_place", killed)
    assert run(args=["documents", "reseal"]).exit_code != 0
    monkeypatch.undo()
    with filed() as play:
        held("sealed.other-key", lambda: opened(play))
        play.session.rollback()
    if between:
        key_file(app).rename(key_file(app).with_name("moved"))
    assert run(args=["documents", "reseal"]).exit_code == 0
    with filed() as play:
        assert opened(play) == SCAN


def test_nothing_is_sealed_anew_where_one_does_not_open(filed: Playing, app: Flask) -> None:
    with filed() as play:
        body = only(play).body
        play.session.execute(update(SealedDocument).values(body=body[:-1] + bytes([body[-1] ^ 1])))
    before = key_file(app).read_bytes()
    assert app.test_cli_runner().invoke(args=["documents", "reseal"]).exit_code != 0
    assert key_file(app).read_bytes() == before


def test_every_opening_is_shown_and_an_attempt_is_none(filed: Playing, signed_in: SignedIn) -> None:
    with filed() as play:
        number = entitlement.documents(play.session, play.forum, AZ)[0].id
    address, page = f"/{SLUG}/organizations/documents/{number}", f"/{SLUG}/organizations/{AZ}"
    own = signed_in(AZ)
    assert "Nobody has opened it." in own.get(page).text
    assert signed_in("tr.sample-tr-0001").post(address).status_code == 404  # another organization's
    assert signed_in("az", "head").post(address).status_code == 403
    assert signed_in("chair").post(address).status_code == 403
    for who in ("rapporteur", "depositary"):
        assert signed_in(who).post(address).data == SCAN
    assert own.post(address).data == SCAN
    text = own.get(page).text
    assert "Opened 3 times" in text
    lines = re.findall(r'<li class="meta">.*?(secretariat|depositary|signatory)</li>', text)
    assert sorted(lines) == ["depositary", "secretariat", "signatory"]
    assert "Opened 3 times" not in signed_in("az", "head").get(page).text
