"""An organization's documents and whether it may sign: who files, who opens, who decides."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from declaration.endorsements import entitlement
from declaration.errors import DeclarationError
from declaration.web.clock import SettableClock, now
from tests.endorsements.conftest import Playing
from tests.support.play import SLUG, Player

SignedIn = Callable[..., FlaskClient]
AZ = "az.sample-az-0002"
PAGE = f"/{SLUG}/organizations/{AZ}"
PDF = b"%PDF-1.7\nextract of the register\n"
REASON = {"reason": "Extract, statute and seat were examined."}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def filed(browser: FlaskClient, body: bytes = PDF, kind: str = "extract") -> int:
    return browser.post(f"{PAGE}/documents", data={"kind": kind, "document": (BytesIO(body), "extract.pdf")}).status_code


def start(play: Player) -> None:
    play.found()
    play.organization(0, accredited=False)
    play.organization(1, accredited=False)


def test_documents_are_filed_asked_for_supplied_and_put_before_the_head(playing: Playing, signed_in: SignedIn) -> None:
    """J9: filed, asked for more, supplied, verified with the head's concurrence, and only then a key."""
    with playing() as play:
        start(play)
    own, office, head = signed_in(AZ), signed_in("rapporteur"), signed_in("az")
    assert "Registered: no document yet" in own.get(PAGE).text
    assert filed(own) == 303
    assert "Under review" in own.get(PAGE).text
    assert office.post(f"{PAGE}/requests", data={"wanted": "The extract is older than a year."}).status_code == 303
    assert "The extract is older than a year." in own.get(PAGE).text
    assert filed(own, PDF + b"of this year") == 303
    assert "older than a year" not in own.get(PAGE).text
    assert "Put it before the head of delegation" in office.get(PAGE).text
    with playing() as play:
        digest = play.act("rapporteur", "organization.present-v1", play.state.known.digest, {"party": AZ, **REASON}).act.digest
        assert len(play.state.organizations[AZ].documents) == 2
        row = play.enrol(AZ)
        with pytest.raises(DeclarationError) as early:
            play.accredit(row, by="rapporteur")
        assert early.value.code == "accredit.not-verified"
        with pytest.raises(DeclarationError) as waits:
            play.act("rapporteur", "organization.verify-v1", digest, REASON)
        assert waits.value.code == "organization.concurrence"
    asked = head.get(PAGE).text
    assert "You can object until" in asked
    assert "It is not verified unless you concur after all." in asked
    assert "The head of delegation can object until" in office.get(PAGE).text
    assert f'href="{PAGE}">Look at it</a>' in head.get(f"/{SLUG}/home").text
    with playing() as play:
        play.act("az", "organization.concur-v1", digest, role="head")
        play.act("rapporteur", "organization.verify-v1", digest, REASON)
        first = play.accredit(row, by="rapporteur")
        play.act("registrar", "second-v1", first.act.digest)
    text = office.get(PAGE).text
    assert "Verified" in text
    assert "The head of delegation concurs." in text
    assert "You concur." in head.get(PAGE).text
    assert "its hash is in the record" in text


def test_what_was_filed_is_sealed(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        start(play)
    own, other, head, stranger = signed_in(AZ), signed_in("tr.sample-tr-0001"), signed_in("az"), signed_in("kz")
    assert filed(own) == 303
    with playing() as play:
        number = entitlement.documents(play.session, play.forum, AZ)[0].id
    address = f"/{SLUG}/organizations/documents/{number}"
    mine = own.post(address)
    assert (mine.data, mine.headers["Cache-Control"]) == (PDF, "no-store")
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert signed_in("depositary").post(address).data == PDF
    assert other.post(address).status_code == 404
    assert head.post(address).status_code == 403
    assert own.get(address).status_code == 405  # a link alone opens nothing: every opening is written down
    assert head.get(PAGE).status_code == 200
    for browser in (other, stranger):
        assert browser.get(PAGE).status_code == 404
    assert filed(other) == 404
    assert filed(head) == 403
    assert signed_in("chair").get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [(b"", "extract", "letter.size"), (b"<html>", "extract", "letter.kind"), (PDF, "secret", "document.kind")],
)
def test_what_cannot_be_filed(playing: Playing, body: bytes, kind: str, code: str) -> None:
    with playing() as play:
        start(play)
        with pytest.raises(DeclarationError) as refused:
            entitlement.file(play.session, play.forum, play.actor(AZ), AZ, kind, body, now=now())
        assert refused.value.code == code


def test_a_head_who_objects_holds_the_signature(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.played("en")
        digest = play.state.organizations[AZ].digest
    assert "Object" in signed_in("az").get(PAGE).text
    assert "You may still object to one organization of your country" in signed_in("az").get(f"/{SLUG}/home").text
    assert "You may still object" not in signed_in("kz").get(f"/{SLUG}/home").text
    with playing() as play:
        play.act("az", "organization.object-v1", digest, {"reason": "Not registered here."}, role="head")
        assert play.state.endorsements[play.state.by_party[AZ]].status == "held"
    assert "You may still object" not in signed_in("az").get(f"/{SLUG}/home").text
    assert "entitlement is disputed" in signed_in("depositary").get(f"/{SLUG}/register/examination").text


def test_the_hours_in_which_a_head_may_object_run_out(playing: Playing, signed_in: SignedIn, clock: SettableClock) -> None:
    with playing() as play:
        play.played("en")
    clock.advance(hours=48)
    assert "You may still object" not in signed_in("az").get(f"/{SLUG}/home").text
