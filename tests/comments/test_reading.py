"""Who reads what, on both databases: every reader against every audience."""

from __future__ import annotations

from dataclasses import replace

import pytest

from declaration.comments import operations, queries
from declaration.comments.models import Message
from declaration.errors import Malformed, NotAllowed, NotFound, Refused
from declaration.web.clock import SettableClock, now
from tests.drafts.conftest import Playing

EVERYBODY = (
    ("chair", "chair"), ("rapporteur", "secretariat"), ("depositary", "depositary"), ("translator-az-1", "translator"),
    ("az", "head"), ("hu", "head"), ("kz", "head"), ("kz", "member"), ("ngo-1", "signatory"),
)  # fmt: skip
READERS = {
    "own": {("kz", "head"), ("kz", "member")},
    "chair": {("kz", "head"), ("kz", "member"), ("chair", "chair")},
    "all": set(EVERYBODY) - {("ngo-1", "signatory")},
}


def begin(play, party: str, audience: str, text: str = "A word.", role: str = "head", unit: str = "OP1") -> Message:
    return operations.begin(
        play.session, play.forum, play.state, play.actor(party, role), unit=unit, amendment=None, text=text, audience=audience,
        language="en", now=now(),
    )  # fmt: skip


def reply(play, party: str, thread: str, audience: str, text: str = "An answer.", role: str = "head") -> Message:
    return operations.reply(
        play.session, play.forum, play.actor(party, role), thread, text=text, audience=audience, language="en", now=now()
    )


def widen(play, party: str, message: str, to: str, role: str = "head") -> Message:
    return operations.widen(play.session, play.forum, play.actor(party, role), message, to=to, now=now())


def settle(play, party: str, role: str, thread: str, name: str, reason: str = "Because.") -> None:
    operations.settle(play.session, play.forum, play.actor(party, role), thread, name, reason=reason, now=now())


def readers(play, message: str) -> set[tuple[str, str]]:
    found = set()
    for party, role in EVERYBODY:
        try:
            queries.message(play.session, play.forum, play.actor(party, role), message)
            found.add((party, role))
        except NotFound:
            pass
    return found


@pytest.mark.parametrize("audience", ["own", "chair", "all"])
def test_a_comment_is_read_by_its_audience_and_by_nobody_else(playing: Playing, audience: str):
    with playing() as play:
        message = begin(play, "kz", audience)
        assert readers(play, message.id) == READERS[audience]
        for party, role in EVERYBODY:
            found = queries.on_unit(play.session, play.forum, play.actor(party, role), "OP1")
            assert len(found) == ((party, role) in READERS[audience])
        assert queries.on_unit(play.session, play.forum, None, "OP1") == []


@pytest.mark.parametrize("audience", ["own", "chair", "all"])
def test_a_narrow_reply_in_an_open_thread_is_read_by_its_own_audience(playing: Playing, audience: str):
    with playing() as play:
        opening = begin(play, "az", "all")
        answer = reply(play, "kz", opening.thread_id, audience)
        assert readers(play, answer.id) == READERS[audience]
        for party, role in EVERYBODY[:-1]:
            (found,) = queries.on_unit(play.session, play.forum, play.actor(party, role), "OP1")
            assert found.status == ("answered" if (party, role) in READERS[audience] else "open")


def test_the_chair_answers_the_delegation_that_asked(playing: Playing):
    with playing() as play:
        opening = begin(play, "kz", "chair")
        answer = reply(play, "chair", opening.thread_id, "chair:kz", role="chair")
        assert readers(play, answer.id) == READERS["chair"]
        with pytest.raises(Malformed):
            reply(play, "chair", opening.thread_id, "all", role="chair")
        with pytest.raises(Malformed):
            reply(play, "chair", opening.thread_id, "chair:hu", role="chair")


def test_nobody_replies_to_what_they_cannot_read(playing: Playing):
    with playing() as play:
        opening = begin(play, "kz", "own")
        for party, role in (("az", "head"), ("chair", "chair"), ("rapporteur", "secretariat")):
            with pytest.raises(NotFound) as hidden:
                reply(play, party, opening.thread_id, "", role=role)
            with pytest.raises(NotFound) as missing:
                reply(play, party, "A" * 22, "", role=role)
            assert (hidden.value.message, hidden.value.code) == (missing.value.message, missing.value.code)


@pytest.mark.parametrize(("party", "role"), [("ngo-1", "signatory"), ("depositary", "depositary")])
def test_roles_without_a_voice_write_nothing(playing: Playing, party: str, role: str):
    with playing() as play, pytest.raises(NotAllowed):
        begin(play, party, "", role=role)


def test_a_signatory_reads_no_comment_even_after_the_text_is_open(playing: Playing):
    with playing() as play:
        begin(play, "kz", "all")
        play.act("chair", "declaration.lapse-v1", play.state.known.digest, {"reason": "No consensus."})
        assert queries.on_unit(play.session, play.forum, play.actor("ngo-1", "signatory"), "OP1") == []


# -- widening --------------------------------------------------------------------------------------------------------------


def test_the_head_opens_what_a_member_wrote(playing: Playing):
    with playing() as play:
        message = begin(play, "kz", "own", role="member")
        assert readers(play, widen(play, "kz", message.id, "chair").id) == READERS["chair"]
        assert readers(play, widen(play, "kz", message.id, "all").id) == READERS["all"]


@pytest.mark.parametrize("to", ["own", "chair", "everybody", ""])
def test_an_audience_is_never_narrowed(playing: Playing, to: str):
    with playing() as play:
        message = begin(play, "kz", "chair")
        with pytest.raises(Refused):
            widen(play, "kz", message.id, to)


@pytest.mark.parametrize(("party", "role", "error"), [("kz", "member", NotAllowed), ("az", "head", NotFound), ("chair", "chair", NotFound)])
def test_nobody_else_opens_it(playing: Playing, party: str, role: str, error: type[Exception]):
    with playing() as play:
        message = begin(play, "kz", "own")
        with pytest.raises(error):
            widen(play, party, message.id, "all", role=role)


def test_the_chair_does_not_open_what_was_said_to_the_chair(playing: Playing):
    with playing() as play:
        message = begin(play, "kz", "chair")
        with pytest.raises(NotAllowed):
            widen(play, "chair", message.id, "all", role="chair")


def test_a_reply_is_not_opened_beyond_its_thread(playing: Playing):
    with playing() as play:
        opening = begin(play, "kz", "chair")
        answer = reply(play, "kz", opening.thread_id, "own")
        with pytest.raises(Refused) as refused:
            widen(play, "kz", answer.id, "all")
        assert refused.value.code == "comment.wider-than-thread"
        widen(play, "kz", opening.id, "all")
        assert readers(play, widen(play, "kz", answer.id, "all").id) == READERS["all"]


def test_how_it_was_settled_inside_does_not_go_out_with_it(playing: Playing):
    with playing() as play:
        opening = begin(play, "kz", "own")
        settle(play, "kz", "head", opening.thread_id, "resolve", "We shall give way on this.")
        widen(play, "kz", opening.id, "all")
        (seen,) = queries.on_unit(play.session, play.forum, play.actor("az", "head"), "OP1")
        assert (seen.thread.note, seen.thread.changed_by_id, seen.thread.changed_at, seen.status) == ("", None, None, "open")


# -- settling, and what is refused -------------------------------------------------------------------------------------------


def test_a_settled_thread_takes_no_reply_until_it_is_reopened(playing: Playing):
    with playing() as play:
        opening = begin(play, "kz", "all")
        settle(play, "rapporteur", "secretariat", opening.thread_id, "resolve")
        with pytest.raises(Refused):
            reply(play, "az", opening.thread_id, "all")
        with pytest.raises(NotAllowed):
            settle(play, "az", "head", opening.thread_id, "reopen")
        settle(play, "kz", "head", opening.thread_id, "reopen")
        reply(play, "az", opening.thread_id, "all")


@pytest.mark.parametrize("name", ["reopen", "hide", "unhide"])
def test_a_reason_is_asked_for(playing: Playing, name: str):
    with playing() as play:
        opening = begin(play, "kz", "all")
        for step in {"reopen": ["resolve"], "hide": [], "unhide": ["hide"]}[name]:
            settle(play, "chair", "chair", opening.thread_id, step)
        with pytest.raises(Malformed):
            settle(play, "chair", "chair", opening.thread_id, name, "  ")


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * 5001, "left\u202eright", "nul\u0000"])
def test_what_cannot_be_read_is_not_written(playing: Playing, text: str):
    with playing() as play, pytest.raises(Malformed):
        begin(play, "kz", "own", text)


def test_text_is_kept_in_nfc_with_its_lines(playing: Playing):
    with playing() as play:
        message = begin(play, "kz", "own", "  Cafe\u0301\r\n\r\nİlham  ")
        assert message.text == "Café\n\nİlham"


@pytest.mark.parametrize("unit", ["OP99", "", "../OP1"])
def test_a_comment_needs_a_paragraph(playing: Playing, unit: str):
    with playing() as play, pytest.raises(NotFound):
        begin(play, "kz", "own", unit=unit)


def test_a_comment_on_a_proposal_needs_one_on_this_paragraph(playing: Playing):
    with playing() as play:
        proposal = play.replace("kz", "OP2", "Invite all bodies to support joint projects;")
        for amendment, unit in (("0" * 64, "OP1"), (proposal, "OP1")):
            with pytest.raises(NotFound):
                operations.begin(
                    play.session, play.forum, play.state, play.actor("kz", "head"), unit=unit, amendment=amendment, text="A word.",
                    audience="all", language="en", now=now(),
                )  # fmt: skip


def test_a_form_that_was_sent_twice_is_one_comment(playing: Playing, clock: SettableClock):
    with playing() as play:
        first = begin(play, "kz", "own")
        assert begin(play, "kz", "own").id == first.id
        assert begin(play, "kz", "all").id != first.id
        clock.advance(minutes=11)
        assert begin(play, "kz", "own").id != first.id


def test_another_forum_is_another_world(playing: Playing):
    with playing() as play:
        message = begin(play, "kz", "all")
        stranger = replace(play.actor("az", "head"), forum_id=play.forum.id + 1)
        with pytest.raises(NotFound):
            queries.message(play.session, play.forum, stranger, message.id)


def test_identifiers_say_nothing_about_how_many_there_are(playing: Playing):
    with playing() as play:
        ids = [begin(play, "kz", "own", f"Word {number}.").id for number in range(5)]
        assert len(set(ids)) == 5
        assert all(len(each) == 22 and not each.isdigit() for each in ids)
