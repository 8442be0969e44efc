"""A forum's own words: its constitution, its delegations, its sections, its commands, and what its log tells."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask_babel import force_locale
from sqlalchemy import select
from structlog.testing import capture_logs

from declaration.errors import NotFound
from declaration.forums import delegations, queries, sections
from declaration.forums.commands import group, link_for
from declaration.forums.constitution import constitution_body
from declaration.forums.models import Forum, Person
from declaration.procedure.fields import check_fields
from declaration.procedure.tables import BY_TYPE
from declaration.protocol.encoding import canonical
from declaration.web.access import SIGNED_IN, allow
from tests.forums.conftest import cookie_of


def test_the_constitution_has_every_field_of_its_row(forum):
    public = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    body = constitution_body(forum, key=public, content="0" * 64)
    check_fields(body, BY_TYPE["constitution-v1"].fields)
    assert canonical(body)
    assert body["forum"] == "solidarity-2025"
    assert body["delegations"]["trnc"]["tr"] == "Kuzey Kıbrıs Türk Cumhuriyeti"
    assert sorted(body["delegations"]) == ["az", "hu", "kg", "kz", "tm", "tr", "trnc", "uz"]
    assert body["origins"] == ["https://forum.example"]


@pytest.mark.parametrize(
    ("language", "order", "name", "tag"),
    [
        ("en", "az hu kz kg trnc tr tm uz", "Turkish Republic of Northern Cyprus", "TRNC"),
        ("az", "az kz kg hu uz trnc tr tm", "Şimali Kipr Türk Respublikası", "ŞKTR"),
        ("tr", "az kz kg trnc hu uz tr tm", "Kuzey Kıbrıs Türk Cumhuriyeti", "KKTC"),
        ("kk", "az hu kz kg trnc tr tm uz", "Turkish Republic of Northern Cyprus", "TRNC"),
        (None, "az tr uz kz kg tm hu trnc", None, None),
    ],
)
def test_delegations_in_a_language(forum, language, order, name, tag):
    assert " ".join(one.id for one in delegations.in_order(forum, language)) == order
    if language:
        one = delegations.delegation(forum, "trnc")
        assert (one.name(language), one.tag(language)) == (name, tag)


@pytest.mark.parametrize("unknown", ["TRNC", "cy", "", "az\n"])
def test_an_unknown_delegation(forum, unknown):
    with pytest.raises(NotFound):
        delegations.delegation(forum, unknown)
    assert not delegations.is_delegation(forum, unknown)


def test_the_schedule_is_in_utc(forum):
    plan = queries.schedule(forum)
    assert plan.amendments_due.isoformat() == "2025-11-20T14:00:00+00:00"
    assert plan.signature_closes.isoformat() == "2026-01-31T20:00:00+00:00"


def test_two_people_never_hold_one_office_even_past_the_operations(work, forum):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), work() as session:
        session.add(
            Person(forum_id=forum.id, name="X", role="head", party="kz", language="kk", time_zone="UTC", active=True)
        )


def test_a_section_is_seen_by_those_who_may_open_it(app, signed_in):
    @app.get("/<forum>/toys")
    @allow(SIGNED_IN)
    def toys(forum):
        return ""

    @app.get("/<forum>/chairs-toys")
    @allow("chair")
    def chairs_toys(forum):
        return ""

    sections.add(app, "chairs_toys", "Bench", order=20)
    sections.add(app, "toys", "Toys", order=10)
    sections.add(app, "not.there", "Ghost", order=30)
    head, chair = (signed_in(who).get("/solidarity-2025/sessions").get_data(as_text=True) for who in ("kz", "chair"))
    assert 'href="/solidarity-2025/toys">Toys' in head
    assert "Bench" not in head
    assert chair.index(">Toys<") < chair.index(">Bench<")
    assert "Ghost" not in chair


def test_hours_are_the_readers_first_and_then_the_forums(app, signed_in, clock):
    from flask import render_template_string

    @app.get("/<forum>/hour")
    @allow(SIGNED_IN)
    def hour(forum):
        return render_template_string("{{ when(at) }}", at=clock.now())

    page = signed_in("kz").get("/solidarity-2025/hour").get_data(as_text=True)
    assert page.index("Almaty") < page.index("Baku")


# -- commands --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(app):
    if "forum" not in app.cli.commands:
        app.cli.add_command(group)
    return lambda *words: app.test_cli_runner().invoke(args=["forum", *words])


def test_a_link_from_the_command_line(run, forum, client):
    answer = run("invite", "chair")
    assert answer.exit_code == 0
    token = re.search(r"/sign-in/([\w-]{43})\n", answer.stdout)[1]
    assert answer.stdout.strip() == f"http://127.0.0.1:8000/sign-in/{token}"
    assert client.post(f"/sign-in/{token}").status_code == 303


def test_who_is_there(run, forum):
    answer = run("people")
    assert "head         kz                 Айгерім Жұмабекқызы" in answer.stdout
    assert run("list").stdout.startswith("solidarity-2025  OTSNGO/2025/JD  declaration.example/solidarity-2025")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["invite", "cy"], "nobody in solidarity-2025 fits cy"),
        (["invite", "az", "--role", "member"], "more than one person"),
        (["invite", "kz", "--role", "chair"], "nobody"),
        (["invite", "kz", "--forum", "nowhere"], "no such forum"),
        (["invite", "kz", "--reusable"], "only the personas of a demonstration"),
        (["people", "--forum", "nowhere"], "no such forum"),
    ],
)
def test_a_command_that_cannot_be_done(run, forum, words, says):
    answer = run(*words)
    assert answer.exit_code == 1
    assert says in answer.stderr
    assert "Traceback" not in answer.output
    assert "sign-in/" not in answer.output


def test_which_forum_must_be_said_where_there_are_two(run, forum, other_forum):
    answer = run("invite", "chair")
    assert answer.exit_code == 1
    assert "solidarity-2025, bilateral" in answer.stderr
    assert run("invite", "chair", "--forum", "bilateral").exit_code == 0


def test_no_forum_yet(run):
    assert "there is no forum yet" in run("people").stderr


# -- the security log ------------------------------------------------------------------------------------------------------------


def test_the_log_tells_what_happened_and_no_secret(app, client, signed_in, token_for, work, forum):
    with work() as session:
        number = queries.person_of_party(session, session.get_one(Forum, forum.id), "hu").id
    with capture_logs() as lines:
        chair = signed_in("chair")
        token = token_for("kz")
        client.post(f"/sign-in/{token}")
        cookie = cookie_of(client)
        client.post(f"/sign-in/{token}")
        link = chair.post(f"/solidarity-2025/people/{number}/invitation").get_data(as_text=True)
        chair.post(f"/solidarity-2025/people/{number}/disable")
        client.post("/sign-out")
    told = [line["event"] for line in lines if line["event"] != "request"]
    assert told == ["sign-in", "sign-in", "sign-in.refused", "invitation.issued", "person.disabled", "sign-out"]
    secrets = {token, cookie, re.search(r"/sign-in/([\w-]{43})", link)[1]}
    assert not any(secret in str(line) for line in lines for secret in secrets)


def test_a_link_is_made_without_a_request(app):
    with app.app_context():
        assert link_for("x" * 43) == "http://127.0.0.1:8000/sign-in/" + "x" * 43


def test_titles_fall_back_to_the_original(app, forum):
    with app.app_context(), force_locale("kk"):
        assert forum.short_title_in("kk") == "Joint Declaration"
        assert forum.short_title_in("az") == "Birgə Bəyannamə"
        assert forum.city_in("tr") == "Bakü"


def test_active_people_by_role(work, forum):
    with work() as session:
        there = session.scalars(select(Forum)).one()
        assert [one.party for one in queries.people_of(session, there, role="translator")] == [
            "translator-az-1",
            "translator-az-2",
            "translator-tr-1",
            "translator-tr-2",
        ]
        assert queries.people_of(session, there)[0].role == "chair"
