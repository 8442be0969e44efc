"""The stage acts through the record: what they carry, and when they are refused."""

from __future__ import annotations

import pytest

from declaration.credentials import contents
from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.web.clock import SettableClock, now
from tests.drafts.conftest import Playing
from tests.drafts.play import DELEGATIONS

OPEN = "declaration.open_for_signature-v1"
WINDOW = {"opens": "2025-12-05T10:00", "closes": "2026-01-31T23:59"}


def refused(playing: Playing, who: str, type_: str, fields: dict[str, str] | None = None, role: str | None = None) -> str:
    with pytest.raises(DeclarationError) as caught, playing() as play:
        play.act(who, type_, play.state.current, fields, role=role)
    return caught.value.code


def test_the_deadline_is_an_hour_in_the_forums_zone(begun: Playing) -> None:
    with begun() as play:
        play.circulated()
        assert play.state.deadline is not None
        assert play.state.deadline.isoformat() == "2025-12-01T14:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "hour.missing"),
        ({"deadline": "tomorrow"}, "hour.unreadable"),
        ({"deadline": "2025-13-01T00:00"}, "hour.unreadable"),
        ({"deadline": "2025-12-01T18:00", "reason": "x"}, "deadline.not-later"),
        ({"deadline": "2025-12-02T18:00"}, "reason.missing"),
    ],
)
def test_a_deadline_is_not_extended_without_a_later_hour_and_a_reason(playing: Playing, fields: dict[str, str], code: str) -> None:
    assert refused(playing, "chair", "declaration.extend_deadline-v1", fields) == code


def test_a_deadline_is_extended_with_its_reason(playing: Playing) -> None:
    with playing() as play:
        fields = {"deadline": "2025-12-02T18:00", "reason": "Two delegations asked."}
        act = play.act("chair", "declaration.extend_deadline-v1", play.state.current, fields).act
        assert contents.read(play.session, play.forum.id, act["content"]) == {
            "kind": "reason", "language": "en", "text": "Two delegations asked.",
        }  # fmt: skip


def test_the_compilation_waits_for_the_deadline_and_for_every_ruling(playing: Playing, clock: SettableClock) -> None:
    assert refused(playing, "rapporteur", "declaration.issue_compilation-v1") == "deadline.ahead"
    with playing() as play:
        play.replace("kz", "OP1", "Decide to meet every year;")
    clock.advance(days=10)
    with playing() as play:
        act = play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current).act
        document = contents.read(play.session, play.forum.id, act["content"])
    assert document is not None
    assert document["brackets"] == ["OP1"]
    assert [(row["symbol"], row["proposer"], row["status"]) for row in document["amendments"]] == [
        ("FORUM/2025/JD/AM/001", "kz", "admitted")
    ]
    assert "[OP1] Decide to meet every [-two years-: KZ][+year+: KZ];" in document["rolling"]


def test_nothing_is_agreed_while_a_bracket_stands(playing: Playing, clock: SettableClock) -> None:
    with playing() as play:
        play.replace("kz", "OP1", "Decide to meet every year;")
    clock.advance(days=10)
    with playing() as play:
        play.act("rapporteur", "declaration.issue_compilation-v1", play.state.current)
    assert refused(playing, "chair", "declaration.declare_agreed_ad_ref-v1") == "agreed.brackets"


def test_an_objection_names_its_paragraph_and_reopening_resets_every_word(agreed: Playing) -> None:
    with agreed() as play:
        play.act("az", "confirmation.confirm-v1", play.state.current, role="head")
        fields = {"reason": "It leaves the handover open.", "unit": "OP1"}
        play.act("kz", "confirmation.object-v1", play.state.current, fields, role="head")
        content = play.state.confirmations["kz"].content
        assert content is not None
        document = contents.read(play.session, play.forum.id, content)
        assert document is not None
        assert (document["unit"], document["text"]) == ("OP1", "It leaves the handover open.")
    assert refused(agreed, "chair", "declaration.begin_legal_review-v1") == "confirmation.waiting"
    with agreed() as play:
        play.act("chair", "declaration.reopen_text-v1", play.state.current, {"reason": "Settled by a minute."})
        play.act("chair", "declaration.declare_agreed_ad_ref-v1", play.state.current)
        assert consequences.waiting_for_confirmation(play.state) == list(DELEGATIONS)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({}, "reason.missing"), ({"reason": "x", "unit": "OP99"}, "objection.unit"), ({"reason": "a" * 2001}, "reason.too-long")],
)
def test_an_objection_without_a_reason_or_about_nothing_is_refused(agreed: Playing, fields: dict[str, str], code: str) -> None:
    assert refused(agreed, "kz", "confirmation.object-v1", fields, role="head") == code


def test_a_text_is_not_reopened_unless_a_head_withheld_confirmation(agreed: Playing) -> None:
    assert refused(agreed, "chair", "declaration.reopen_text-v1", {"reason": "x"}) == "reopen.no-objection"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"minute": "There was no objection."}, "adopt.presence"),
        ({"present-kz": "yes"}, "minute.missing"),
        ({"present-kz": "yes", "minute": "x"}, "adopt.quorum"),
        ({"present-kz": "yes", "present-nc": "yes", "minute": "x"}, "adopt.presence"),
    ],
)
def test_a_text_is_not_adopted_without_quorum_and_minute(presented: Playing, fields: dict[str, str], code: str) -> None:
    assert refused(presented, "chair", "declaration.adopt-v1", fields) == code


def test_an_objection_in_the_sitting_brings_the_text_back(presented: Playing) -> None:
    with presented() as play:
        play.act("kz", "declaration.object_to_adoption-v1", play.state.current, {"reason": "Paragraph 1."}, role="head")
        assert play.state.stage == "second_reading"


def test_an_objection_after_the_gavel_is_told_what_is_still_possible(adopted: Playing) -> None:
    with pytest.raises(DeclarationError) as caught, adopted() as play:
        play.act("kz", "declaration.object_to_adoption-v1", play.state.current, {"reason": "Too late"}, role="head")
    assert caught.value.code == "declaration.state"
    assert "explanation of position" in caught.value.instead


def test_the_opening_fixes_the_sentence_in_every_authentic_language(adopted: Playing) -> None:
    with adopted() as play:
        act = play.act("depositary", OPEN, play.state.adopted, WINDOW).act
        document = contents.read(play.session, play.forum.id, act["content"])
        assert play.state.window is not None
        assert play.state.window.closes.isoformat() == "2026-01-31T19:59:00+00:00"
    assert document is not None
    assert sorted(document["sentences"]) == ["az", "en"]
    sentence = document["sentences"]["en"]
    assert "adopted on 4 December 2025, whose authentic texts have the SHA-256 fingerprints az {az}, en {en}." in sentence


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"opens": "2025-12-05T10:00"}, "hour.missing"),
        ({"opens": "2026-02-05T10:00", "closes": "2026-01-31T23:59"}, "window.times"),
        ({**WINDOW, "sentence-en": "I sign."}, "sentence.places"),
        ({**WINDOW, "sentence-en": "I sign {organization!r}"}, "sentence.places"),
        ({**WINDOW, "sentence-az": "{"}, "sentence.places"),
    ],
)
def test_the_opening_is_refused(adopted: Playing, fields: dict[str, str], code: str) -> None:
    assert refused(adopted, "depositary", OPEN, fields) == code


def test_the_chair_does_not_open_for_signature(adopted: Playing) -> None:
    assert refused(adopted, "chair", OPEN, WINDOW) == "role.not-entitled"


def test_a_draft_is_not_opened_for_signature(presented: Playing) -> None:
    assert refused(presented, "depositary", OPEN, WINDOW) == "version.not-adopted"


def test_the_stage_after_the_window_is_told_by_the_hour(adopted: Playing, clock: SettableClock) -> None:
    with adopted() as play:
        play.act("depositary", OPEN, play.state.adopted, WINDOW)
        assert consequences.stage(play.state, now()) == "open_for_signature"
    clock.advance(days=100)
    with adopted() as play:
        assert consequences.stage(play.state, now()) == "accession_open"
