"""Pages of the sitting: rules, credentials, alternates, statements, divergences; what each refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.credentials import alternates, letters, sealed
from declaration.errors import DeclarationError, NotFound
from declaration.protocol.encoding import format_time
from declaration.web.clock import SettableClock, now
from tests.drafts.conftest import Playing
from tests.drafts.play import DELEGATIONS, Play, signed_in

PDF = b"%PDF-1.7 a letter"


Visit = Callable[..., FlaskClient]


@pytest.fixture
def visit(playing: Playing, app: Flask) -> Visit:
    """``visit("kz", "head")`` is that person's browser."""

    def enter(who: str, role: str | None = None) -> FlaskClient:
        with playing() as play:
            token = play.cookie(who, role)
        return signed_in(app, token)

    return enter


def code_of(playing: Playing, attempt: Callable[[Play], object]) -> str:
    with playing() as play, pytest.raises(DeclarationError) as caught:
        attempt(play)
    return caught.value.code


def act(play: Play, who: str, type_: str, object_: str | None = None, *, role: str | None = None, **fields: str) -> str:
    return play.act(who, type_, object_, fields, role=role).act.digest


def constitution(play: Play) -> str:
    return play.state.known.digest


@pytest.fixture
def second_reading(playing: Playing, clock: SettableClock) -> Playing:
    clock.advance(days=10)
    with playing() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
    return playing


def test_rules_change_at_once_in_the_first_reading_and_the_row_follows(playing: Playing) -> None:
    with playing() as play:
        act(play, "chair", "rules-v1", constitution(play), **{"rule-quorum": "3", "rule-accession": "False", "reason": "agreed"})
        assert (play.state.rules.quorum, play.state.rules.accession, play.state.rules.version) == (3, False, 2)
        assert play.forum.rules["quorum"] == 3


def test_after_the_first_reading_rules_wait_for_every_head(second_reading: Playing) -> None:
    with second_reading() as play:
        change = act(play, "chair", "rules-v1", constitution(play), **{"rule-quorum": "3", "reason": "agreed"})
        assert play.state.rules.quorum == 2
        for party in DELEGATIONS:
            assert play.state.rules.quorum == 2
            act(play, party, "second-v1", change, role="head")
        assert play.state.rules.quorum == 3
        assert play.forum.rules["quorum"] == 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": "x"}, "rules.unchanged"),
        ({"rule-quorum": "2", "reason": "x"}, "rules.unchanged"),
        ({"rule-quorum": "many", "reason": "x"}, "rules.value"),
        ({"rule-quorum": "-1", "reason": "x"}, "rules.value"),
        ({"rule-quorum": "0", "reason": "x"}, "statement.field"),
        ({"rule-quorum": "99", "reason": "x"}, "rules.quorum"),
        ({"rule-list_order": "random", "reason": "x"}, "rules.value"),
        ({"rule-quorum": "3"}, "reason.missing"),
    ],
)
def test_a_change_of_the_rules_that_is_none_is_refused(playing: Playing, fields: dict[str, str], code: str) -> None:
    assert code_of(playing, lambda play: act(play, "chair", "rules-v1", constitution(play), **fields)) == code


def test_nobody_but_the_chair_changes_the_rules(playing: Playing) -> None:
    fields = {"rule-quorum": "3", "reason": "x"}
    assert code_of(playing, lambda play: act(play, "rapporteur", "rules-v1", constitution(play), **fields)) == "role.not-entitled"


def filed(play: Play, delegation: str = "kz", body: bytes = PDF, who: str = "rapporteur") -> int:
    return letters.file(play.session, play.forum, play.actor(who), delegation, body, "Aigerim", now=now()).id


def test_a_letter_is_filed_presented_examined_and_accepted(playing: Playing) -> None:
    with playing() as play:
        number = filed(play)
        assert filed(play) == number  # the same letter twice is one
        presented = act(play, "rapporteur", letters.PRESENT, constitution(play), letter=str(number))
        act(play, "rapporteur", letters.EXAMINE, presented)
        act(play, "chair", letters.ACCEPT, presented, reason="In good and due form.")
        assert play.state.credentials[presented].status == "accepted"


def test_a_head_whose_letter_was_refused_signs_nothing_until_another_stands(second_reading: Playing) -> None:
    lodge = {"kind": "interpretative_statement", "text": "We read it so."}
    with second_reading() as play:
        presented = act(play, "rapporteur", letters.PRESENT, constitution(play), letter=str(filed(play)))
        act(play, "rapporteur", letters.EXAMINE, presented)
        act(play, "chair", letters.REFUSE, presented, reason="Not of the national platform.")
    assert code_of(second_reading, lambda play: act(play, "kz", "statement.lodge-v1", play.state.current, role="head", **lodge)) == (
        "credential.none"
    )
    with second_reading() as play:
        act(play, "rapporteur", letters.PRESENT, constitution(play), letter=str(filed(play, body=PDF + b" another")))
        act(play, "kz", "statement.lodge-v1", play.state.current, role="head", **lodge)


def test_a_provisional_letter_lapses_by_its_hour(second_reading: Playing, clock: SettableClock) -> None:
    lodge = {"kind": "interpretative_statement", "text": "We read it so."}
    with second_reading() as play:
        presented = act(play, "rapporteur", letters.PRESENT, constitution(play), letter=str(filed(play)))
        act(play, "rapporteur", letters.EXAMINE, presented)
        due = format_time(now() + timedelta(days=2))
        act(play, "chair", letters.PROVISIONAL, presented, due=due, reason="A scan; the original is on its way.")
        act(play, "kz", "statement.lodge-v1", play.state.current, role="head", **lodge)
    clock.advance(days=2)
    assert code_of(second_reading, lambda play: act(play, "kz", "statement.lodge-v1", play.state.current, role="head", **lodge)) == (
        "credential.none"
    )
    original = filed_id(second_reading)
    late = code_of(second_reading, lambda play: act(play, "chair", letters.REGULARIZE, presented, letter=str(original)))
    assert late == "credential.state"


def filed_id(playing: Playing) -> int:
    with playing() as play:
        return filed(play, body=PDF + b" original")


@pytest.mark.parametrize(
    ("delegation", "body", "code"),
    [("kz", b"", "letter.size"), ("kz", b"MZ program", "letter.kind"), ("kz", b"<html>", "letter.kind"), ("xx", PDF, "letter.delegation")],
)
def test_what_is_no_letter_is_not_filed(playing: Playing, delegation: str, body: bytes, code: str) -> None:
    assert code_of(playing, lambda play: filed(play, delegation, body)) == code


def test_a_letter_is_read_by_the_chair_the_secretariat_and_its_own_delegation(playing: Playing) -> None:
    with playing() as play:
        number = filed(play)
        for actor in (play.actor("chair"), play.actor("rapporteur"), play.actor("kz", "head")):
            found = letters.letter_for(play.session, play.forum, actor, number)
            assert sealed.opened(play.session, play.forum, actor, found.sealed_id, now=now()) == PDF
    for stranger in ("az", "hu"):
        with playing() as play, pytest.raises(NotFound):
            letters.letter_for(play.session, play.forum, play.actor(stranger, "head"), number)


def test_the_pages_open_for_those_who_may_and_for_nobody_else(visit: Visit) -> None:
    pages = {
        "rules": ("chair", "kz", "rapporteur"), "credentials": ("chair", "rapporteur", "kz"), "alternate": ("kz",),
        "statements": ("kz", "chair", "rapporteur"), "languages/az": ("translator-az-1", "kz"),
    }  # fmt: skip
    for page, people in pages.items():
        for who in people:
            assert visit(who, "head" if who == "kz" else None).get(f"/forum/{page}").status_code == 200, (page, who)
    assert visit("chair").get("/forum/alternate").status_code == 403
    assert visit("translator-az-1").get("/forum/credentials").status_code == 403


def test_a_letter_goes_in_by_the_form_and_comes_out_as_a_download(playing: Playing, visit: Visit) -> None:
    data = {"delegation": "kz", "names": "Aigerim", "letter": (BytesIO(PDF), "letter.pdf")}
    sent = visit("rapporteur").post("/forum/credentials", data=data, content_type="multipart/form-data")
    assert sent.status_code == 302
    with playing() as play:
        number = letters.filed(play.session, play.forum)[0].id
    answer = visit("kz", "head").post(f"/forum/credentials/letters/{number}")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert visit("az", "head").post(f"/forum/credentials/letters/{number}").status_code == 404


def test_a_divergence_voids_the_certificate_until_it_is_answered(playing: Playing, visit: Visit) -> None:
    certify, submit = "language_version.certify-v1", "language_version.submit-v1"
    report = {"language": "az", "unit": "OP1", "reason": "voice against vote"}
    correction = {"language": "az", "text-OP1": "Hər iki ildən bir görüşməyi qərara alırıq;", "ready-OP1": "yes"}
    with playing() as play:
        act(play, "translator-az-2", certify, play.state.current, language="az")
        act(play, "kz", "language_version.report_divergence-v1", play.state.current, role="head", **report)
        assert "az" not in play.state.certificates
    assert "voice against vote" in visit("translator-az-1").get("/forum/languages/az").text
    for who, type_, fields, code in (
        ("translator-az-2", certify, {"language": "az"}, "translation.divergent"),
        ("translator-az-1", submit, correction, "translation.divergent"),
        ("kz", "language_version.report_divergence-v1", report, "language_version.state"),
    ):
        role = "head" if who == "kz" else None
        assert code_of(playing, lambda play, w=who, t=type_, f=fields, r=role: act(play, w, t, play.state.current, role=r, **f)) == code
    with playing() as play:
        act(play, "translator-az-1", "language_version.correct-v1", play.state.current, **correction)
        act(play, "translator-az-2", certify, play.state.current, language="az")
        assert play.state.certificates["az"].party == "translator-az-2"
    assert code_of(playing, lambda play: act(play, "translator-az-1", "language_version.correct-v1", play.state.current, **correction)) == (
        "translation.not-divergent"
    )


def test_a_statement_is_read_by_more_people_step_by_step(second_reading: Playing, visit: Visit) -> None:
    fields = {"kind": "explanation_of_position", "units": "OP1", "text": "Hungary joins the consensus."}
    with second_reading() as play:
        lodged = act(play, "hu", "statement.lodge-v1", play.state.current, role="head", **fields)

    def seen(who: str, role: str | None = None) -> bool:
        return "Hungary joins" in visit(who, role).get("/forum/statements").text

    assert [seen("hu", "head"), seen("chair"), seen("rapporteur")] == [True, True, True]
    assert [seen("kz", "head"), seen("depositary")] == [False, False]
    with second_reading() as play:
        act(play, "rapporteur", "statement.circulate-v1", lodged)
    assert [seen("kz", "head"), seen("depositary"), seen("ngo-1")] == [True, True, False]
    assert code_of(second_reading, lambda play: act(play, "kz", "statement.withdraw-v1", lodged, role="head")) == "statement.not-own"
    assert code_of(second_reading, lambda play: act(play, "chair", "statement.record-v1", lodged)) == "statement.before-adoption"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": ""}, "statement.empty"),
        ({"text": "a" * 4001}, "statement.too-long"),
        ({"text": "a\u202eb"}, "letters.refused"),
        ({"text": "x", "units": "OP99"}, "act.units"),
        ({"text": "x", "kind": "vote"}, "statement.field"),
    ],
)
def test_what_is_no_statement_is_refused(second_reading: Playing, fields: dict[str, str], code: str) -> None:
    def attempt(play: Play) -> str:
        return act(play, "hu", "statement.lodge-v1", play.state.current, role="head", **fields)

    assert code_of(second_reading, attempt) == code


def test_an_alternate_is_seen_as_acting_head_between_two_hours_alone(second_reading: Playing, visit: Visit, clock: SettableClock) -> None:
    with second_reading() as play:
        number = play.enrol("kz", role="member")
        begins, ends = (format_time(now() + timedelta(hours=hours)) for hours in (1, 3))
        fields = {"enrolment": str(number), "from": begins, "until": ends}
        act(play, "kz", alternates.DELEGATE, constitution(play), role="head", **fields)

    def sees_alternate_page() -> int:
        return visit("kz", "member").get("/forum/alternate").status_code

    assert sees_alternate_page() == 403
    clock.advance(hours=1)
    assert sees_alternate_page() == 200
    clock.advance(hours=2)
    assert sees_alternate_page() == 403


def test_a_head_appoints_members_of_the_own_delegation_alone(second_reading: Playing) -> None:
    with second_reading() as play:
        number = play.enrol("kz", role="member")
        until = format_time(now() + timedelta(hours=3))

    def attempt(who: str, **fields: str) -> str:
        return code_of(second_reading, lambda play: act(play, who, alternates.DELEGATE, constitution(play), role="head", **fields))

    assert attempt("az", enrolment=str(number), until=until) == "enrolment.unknown"
    assert attempt("kz", enrolment="x", until=until) == "enrolment.unknown"
    assert attempt("kz", enrolment=str(number), until="2020-01-01T00:00:00Z") == "delegate.times"
    assert attempt("kz", enrolment=str(number)) == "hour.missing"


def test_whoever_acts_as_head_is_told_what_heads_are_told(second_reading: Playing, clock: SettableClock) -> None:
    from declaration.desk.telling.audiences import ids_of

    with second_reading() as play:
        number, member = play.enrol("kz", role="member"), play.actor("kz", "member").person_id
        fields = {"enrolment": str(number), "until": format_time(now() + timedelta(hours=3))}
        act(play, "kz", alternates.DELEGATE, constitution(play), role="head", **fields)
        assert member in ids_of(play.session, play.forum, [("head", "kz")])
        assert member in ids_of(play.session, play.forum, [("head", None)])
        assert member not in ids_of(play.session, play.forum, [("head", "az")])
    clock.advance(hours=3)
    with second_reading() as play:
        assert member not in ids_of(play.session, play.forum, [("head", "kz")])
