"""People: who may look after whose access, and who may be added as what."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from declaration.errors import Conflict, Malformed, NotFound
from declaration.forums import lifetimes, operations, queries
from declaration.forums.models import Forum, Invitation, Person
from tests.conftest import browser_client

PEOPLE = "/solidarity-2025/people"
LINK = re.compile(r"https?://[^\s<]+/sign-in/([A-Za-z0-9_-]{43})")


@pytest.fixture
def number(work, forum):
    """The number of a person of the forum."""

    def of(party, *, role=None, name=None):
        with work() as session:
            return queries.person_of_party(session, session.get_one(Forum, forum.id), party, role=role, name=name).id

    return of


@pytest.mark.parametrize(
    ("who", "status"), [("chair", 200), ("rapporteur", 200), ("kz", 200), ("depositary", 403), ("translator-az-1", 403)]
)
def test_who_sees_the_page(signed_in, who, status):
    assert signed_in(who).get(PEOPLE).status_code == status


def test_members_and_strangers_do_not(signed_in, client, forum):
    assert signed_in("kz", role="member").get(PEOPLE).status_code == 403
    assert client.get(PEOPLE).status_code == 401


def test_a_head_sees_the_own_delegation_alone(signed_in):
    page = signed_in("kz").get(PEOPLE).get_data(as_text=True)
    assert "Ерлан Сағынтайұлы" in page
    for stranger in ("Rəşad", "Aysel", "Нурлан", "Günay"):
        assert stranger not in page


@pytest.mark.parametrize(
    ("who", "whose", "role", "invite", "disable"),
    [
        ("chair", "kz", None, 200, 303),
        ("chair", "rapporteur", None, 200, 303),
        ("chair", "chair", None, 200, 403),
        ("rapporteur", "kz", None, 200, 303),
        ("rapporteur", "chair", None, 403, 403),
        ("rapporteur", "rapporteur", None, 200, 403),
        ("kz", "kz", "member", 200, 303),
        ("kz", "kz", "head", 403, 403),
        ("kz", "hu", "member", 404, 404),
        ("kz", "hu", "head", 404, 404),
        ("kz", "chair", None, 404, 404),
    ],
)
def test_who_looks_after_whom(signed_in, number, who, whose, role, invite, disable):
    browser, one = signed_in(who), number(whose, role=role)
    assert browser.post(f"{PEOPLE}/{one}/invitation").status_code == invite
    assert browser.post(f"{PEOPLE}/{one}/disable").status_code == disable
    assert browser.post(f"{PEOPLE}/{one}/enable").status_code == disable


def test_a_link_is_shown_once_and_works_once(signed_in, number, app, work):
    answer = signed_in("rapporteur").post(f"{PEOPLE}/{number('kz')}/invitation")
    assert answer.headers["Cache-Control"] == "no-store"
    token = LINK.search(answer.get_data(as_text=True))[1]
    phone = browser_client(app)
    assert phone.post(f"/sign-in/{token}").status_code == 303
    page = phone.get("/solidarity-2025/sessions").get_data(as_text=True)
    assert "By Günay Əlibəyzadə" in page
    assert token not in page


def test_the_link_goes_to_our_own_address_whatever_the_host(signed_in, number):
    answer = signed_in("chair").post(f"{PEOPLE}/{number('kz')}/invitation", headers={"Host": "localhost"})
    assert "http://127.0.0.1:8000/sign-in/" in answer.get_data(as_text=True)


def test_a_get_issues_nothing(signed_in, number, work):
    assert signed_in("chair").get(f"{PEOPLE}/{number('kz')}/invitation").status_code == 405
    with work() as session:
        assert len(session.scalars(select(Invitation)).all()) == 1  # the Chair's own


def test_adding_a_member(signed_in, work, forum):
    head = signed_in("kz")
    answer = head.post(PEOPLE, data={"name": "Дана Әлімқызы", "role": "member", "delegation": "hu", "party": "chair"})
    assert answer.status_code == 303
    with work() as session:
        added = session.scalars(select(Person).where(Person.name == "Дана Әлімқызы")).one()
        assert (added.party, added.role, added.language, added.time_zone) == ("kz", "member", "kk", "Asia/Almaty")


@pytest.mark.parametrize(
    ("who", "form", "status"),
    [
        ("kz", {"name": "X", "role": "head"}, 403),
        ("kz", {"name": "X", "role": "chair"}, 403),
        ("rapporteur", {"name": "X", "role": "secretariat", "party": "colleague"}, 403),
        ("rapporteur", {"name": "X", "role": "chair", "party": "chair"}, 403),
        ("rapporteur", {"name": "X", "role": "signatory", "party": "ngo-1"}, 403),
        ("rapporteur", {"name": "", "role": "member", "delegation": "kz"}, 422),
        ("rapporteur", {"name": "a\nb", "role": "member", "delegation": "kz"}, 422),
        ("rapporteur", {"name": "\u202ebad", "role": "member", "delegation": "kz"}, 422),
        ("rapporteur", {"name": "X" * 201, "role": "member", "delegation": "kz"}, 422),
        ("rapporteur", {"name": "X", "role": "member", "delegation": "atlantis"}, 422),
        ("rapporteur", {"name": "X", "role": "member"}, 422),
        ("rapporteur", {"name": "X", "role": "head", "delegation": "kz"}, 422),
        ("rapporteur", {"name": "X", "role": "translator", "party": "kz"}, 422),
        ("rapporteur", {"name": "X", "role": "translator", "party": "registrar"}, 422),
        ("rapporteur", {"name": "X", "role": "translator", "party": "A b"}, 422),
        ("chair", {"name": "X", "role": "depositary"}, 422),
        ("chair", {"name": "X", "role": "observer", "party": "chair"}, 422),
        ("chair", {}, 403),
    ],
)
def test_who_cannot_be_added(signed_in, work, who, form, status):
    browser = signed_in(who)
    with work() as session:
        before = len(session.scalars(select(Person.id)).all())
    assert browser.post(PEOPLE, data=form).status_code == status
    with work() as session:
        assert len(session.scalars(select(Person.id)).all()) == before


def test_an_office_passes_to_another(work, forum):
    with work() as session:
        there = session.get_one(Forum, forum.id)
        old = queries.person_of_party(session, there, "kz")
        with pytest.raises(Conflict, match="already"):
            operations.add_person(session, there, name="Дана Әлімқызы", role="head", party="kz")
        operations.disable(session, old, now=lifetimes.machine_now())
        operations.add_person(session, there, name="Дана Әлімқызы", role="head", party="kz")
        with pytest.raises(Conflict, match="now"):
            operations.enable(session, old)


@pytest.mark.parametrize(
    ("role", "party", "organization"),
    [
        ("king", "kz", None),
        ("head", "chair", None),
        ("member", "KZ", None),
        ("chair", "kz", None),
        ("observer", "kz", None),
        ("observer", "d8", {"country": "az", "name": "X", "registration": "1"}),
        ("signatory", "ngo-1", None),
        ("signatory", "ngo-1", {"country": "az", "name": "X"}),
        ("signatory", "az", {"country": "az", "name": "X", "registration": "1"}),
        ("observer", "", None),
    ],
)
def test_a_party_that_does_not_belong_to_its_role(work, forum, role, party, organization):
    with work() as session, pytest.raises(Malformed):
        operations.add_person(
            session, session.get_one(Forum, forum.id), name="X", role=role, party=party, organization=organization
        )


@pytest.mark.parametrize("party", ["registrar", "translator-az-1"])
def test_an_organization_is_never_called_like_an_office(work, forum, party):
    organization = {"country": "az", "name": "Bahar", "registration": "17"}
    with work() as session:
        there = session.get_one(Forum, forum.id)
        operations.disable(session, queries.person_of_party(session, there, party), now=lifetimes.machine_now())
        with pytest.raises(Conflict):
            operations.add_person(session, there, name="A", role="signatory", party=party, organization=organization)


def test_an_organization_signs_by_two_persons(work, forum):
    organization = {"country": "az", "name": "Bahar", "registration": "17"}
    with work() as session:
        there = session.get_one(Forum, forum.id)
        for name in ("A", "B"):
            operations.add_person(session, there, name=name, role="signatory", party="bahar", organization=organization)
        with pytest.raises(NotFound, match="more than one"):
            queries.person_of_party(session, there, "bahar")
        assert queries.person_of_party(session, there, "bahar", name="B").name == "B"
