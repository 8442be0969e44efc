"""Organizations on the secretariat's page: one number is one organization, a list is reviewed, a link is shown once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from declaration.endorsements.organizations import register_organization, standings, with_links
from declaration.errors import Conflict, Malformed
from declaration.forums.people import disable
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG

SignedIn = Callable[..., FlaskClient]
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "solidarity-forum" / "ngos.sample.csv"
GOOD = {
    "country": "tr",
    "name": "Işık Eğitim Gönüllüleri Derneği",
    "registration": "SAMPLE-TR-0001",
    "person": "Çağrı Iğdırlı",
    "office": "yönetim kurulu başkanı",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_an_organization_is_its_number_in_its_country(playing: Playing) -> None:
    with playing() as play:
        play.found()
        person = register_organization(play.session, play.forum, **GOOD)
        assert (person.role, person.party, person.language, person.time_zone) == (
            "signatory", "tr.sample-tr-0001", "tr", "Europe/Istanbul",
        )  # fmt: skip
        assert person.organization == {"country": "tr", "name": GOOD["name"], "registration": "SAMPLE-TR-0001"}
        for spelling in ("sample-tr-0001", "ＳＡＭＰＬＥ－ＴＲ－0001", " Sample‑TR‑ 0001 "):
            with pytest.raises(Conflict) as refused:
                register_organization(play.session, play.forum, **{**GOOD, "registration": spelling, "name": "Another name"})
            assert refused.value.code == "organization.known"
            assert "Çağrı Iğdırlı" in refused.value.message
        other = register_organization(play.session, play.forum, **{**GOOD, "country": "AZ"})
        assert other.party == "az.sample-tr-0001"


def test_a_person_without_access_still_holds_the_place(playing: Playing) -> None:
    with playing() as play:
        play.found()
        person = register_organization(play.session, play.forum, **GOOD)
        disable(play.session, person, now=play.app.extensions["clock"].now())
        with pytest.raises(Conflict):
            register_organization(play.session, play.forum, **GOOD)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, "organization.missing"),
        ({"registration": ""}, "organization.missing"),
        ({"person": "\u00a0"}, "organization.missing"),
        ({"office": ""}, "organization.missing"),
        ({"country": ""}, "statement.field"),
        ({"country": "not a country"}, "statement.field"),
        ({"name": "A" * 301}, "organization.too-long"),
        ({"registration": "1" * 101}, "organization.too-long"),
        ({"person": "A" * 201}, "organization.too-long"),
        ({"name": "Safe\u202eevil"}, "letters.refused"),
        ({"name": "Zero\u200bwidth"}, "letters.refused"),
        ({"person": "名前"}, "letters.refused"),
        ({"office": "Armenian Ա"}, "organization.letters"),
    ],
)
def test_what_cannot_be_kept_is_refused(playing: Playing, change: dict[str, str], code: str) -> None:
    with playing() as play:
        play.found()
        with pytest.raises(Malformed) as refused:
            register_organization(play.session, play.forum, **{**GOOD, **change})
        assert refused.value.code == code


def test_names_are_kept_letter_for_letter(playing: Playing) -> None:
    with playing() as play:
        play.found()
        for place, name in enumerate(("“Nur” ekologiya jamoat birlashmasi Yo‘l", "«Қазына» қоғамдық қоры", "Kárpát–Kaukázus Alapítvány")):
            person = register_organization(play.session, play.forum, **{**GOOD, "name": name, "registration": str(place)})
            assert person.organization is not None
            assert person.organization["name"] == name


def test_standings_follow_the_way_of_a_key(playing: Playing) -> None:
    def status() -> str:
        with playing() as play:
            (one,) = with_links(play.session, standings(play.session, play.forum))
            return one.status

    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0, accredited=False)
    assert status() == "registered"
    with playing() as play:
        from declaration.forums.sessions import invite

        invite(play.session, play.person(party), now=play.app.extensions["clock"].now())
    assert status() == "invited"
    with playing() as play:
        row = play.enrol(party)
    assert status() == "key"
    with playing() as play:
        first = play.accredit(row, by="rapporteur")
    assert status() == "second"
    with playing() as play:
        play.act("registrar", "second-v1", first.act.digest)
    assert status() == "accredited"
    with playing() as play:
        play.sign(party)
    assert status() == "signed"


def test_nobody_is_ready_to_sign_with_a_key_that_is_suspended(playing: Playing) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party = play.organization(0)
        assert [one.status for one in standings(play.session, play.forum)] == ["accredited"]
        play.act(party, "key.suspend-v1", play.state.parties[party].accreditation, {"reason": "The phone is lost."})
        assert [one.status for one in standings(play.session, play.forum)] == ["registered"]


def test_the_page_is_the_secretariats(playing: Playing, signed_in: SignedIn, client: FlaskClient) -> None:
    with playing() as play:
        play.found()
        play.organization(0, accredited=False)
    assert client.get(f"/{SLUG}/organizations").status_code == 401
    for party, role in (("chair", None), ("az", "head"), ("az.sample-az-0002", None)):
        browser = signed_in(party, role)
        for answer in (
            browser.get(f"/{SLUG}/organizations"),
            browser.post(f"/{SLUG}/organizations", data=GOOD),
            browser.post(f"/{SLUG}/organizations/1/invitation"),
            browser.post(f"/{SLUG}/organizations/review"),
            browser.post(f"/{SLUG}/organizations/list", data={"text": "x"}),
        ):
            assert answer.status_code == 403
    assert ORGANIZATIONS[0][1] in signed_in("rapporteur").get(f"/{SLUG}/organizations").text


def test_one_is_added_by_the_form_and_an_error_keeps_what_was_typed(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
    browser = signed_in("rapporteur")
    answer = browser.post(f"/{SLUG}/organizations", data={**GOOD, "office": ""})
    assert answer.content_type == "text/html; charset=utf-8"
    assert (answer.status_code, 'id="error-office"' in answer.text, GOOD["name"] in answer.text) == (422, True, True)
    answer = browser.post(f"/{SLUG}/organizations", data={**GOOD, "country": ""})
    assert (answer.status_code, 'id="error-country"' in answer.text) == (422, True)
    assert browser.post(f"/{SLUG}/organizations", data=GOOD).status_code == 303
    answer = browser.post(f"/{SLUG}/organizations", data={**GOOD, "registration": "sample-TR-0001"})
    assert (answer.status_code, 'id="error-registration"' in answer.text) == (422, True)
    page = browser.get(f"/{SLUG}/organizations?q=isik").text
    assert GOOD["name"] in page
    assert "None has these words" in browser.get(f"/{SLUG}/organizations?q=xyz").text


def test_a_link_is_shown_once_and_lets_the_signatory_in(playing: Playing, signed_in: SignedIn, client: FlaskClient) -> None:
    with playing() as play:
        play.found()
        number = play.person(play.organization(0, accredited=False)).id
        chair = play.person("chair").id
    browser = signed_in("registrar")
    answer = browser.post(f"/{SLUG}/organizations/{number}/invitation")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    token = answer.text.partition("/sign-in/")[2].partition("<")[0]
    assert client.post(f"/sign-in/{token}").status_code == 303
    assert "Elçin Əkbəroğlu" in client.get(f"/{SLUG}/sign").text
    assert browser.post(f"/{SLUG}/organizations/{chair}/invitation").status_code == 404
    assert browser.post(f"/{SLUG}/organizations/99999/invitation").status_code == 404


def upload(body: bytes) -> dict[str, object]:
    return {"list": (io.BytesIO(body), "ngos.csv")}


def test_a_list_is_reviewed_before_anything_is_kept(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found()
        play.organization(1, accredited=False)
    browser = signed_in("rapporteur")
    answer = browser.post(f"/{SLUG}/organizations/review", data=upload(SAMPLE.read_bytes()), content_type="multipart/form-data")
    assert answer.status_code == 200
    # The played forum has three countries: of the sample 9 lines of theirs are left, less one that is registered.
    assert "Işık Eğitim Gönüllüleri Derneği, registered already" in answer.text
    assert "HU is no country of this forum" in answer.text
    with playing() as play:
        assert len(standings(play.session, play.forum)) == 1
    text = SAMPLE.read_text()
    assert browser.post(f"/{SLUG}/organizations/list", data={"text": text}).status_code == 303
    with playing() as play:
        parties = [each.person.party for each in standings(play.session, play.forum)]
    assert sorted(parties) == [
        "az.sample-az-0001", "az.sample-az-0002", "az.sample-az-0004", "az.sample-az-0009", "kz.sample-kz-0001", "kz.sample-kz-0002",
        "tr.sample-tr-0001", "tr.sample-tr-0002", "tr.sample-tr-0003",
    ]  # fmt: skip
    assert browser.post(f"/{SLUG}/organizations/list", data={"text": text}).status_code == 303
    with playing() as play:
        assert len(standings(play.session, play.forum)) == len(parties)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"country;name\n"])
def test_a_file_that_is_no_list_is_refused_in_words(playing: Playing, signed_in: SignedIn, body: bytes) -> None:
    with playing() as play:
        play.found()
    answer = signed_in("rapporteur").post(f"/{SLUG}/organizations/review", data=upload(body), content_type="multipart/form-data")
    assert (answer.status_code, 'id="error-list"' in answer.text) == (422, True)
