"""The silence procedure: who, when, to the second, and what the hour does by itself."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.replay import replay, settled
from declaration.procedure.rules import Rules
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import ORIGIN, Bench, digest_of, refused
from tests.procedure.table import REASON, WORDS, Table


@pytest.fixture
def table() -> Table:
    return Table().sitting()


def status(table: Table, digest: str) -> str:
    return settled(table.state, table.now).silences[digest].status


def test_one_second_before_the_hour_is_in_time_and_the_hour_itself_is_too_late(table: Table) -> None:
    running = table.silence()
    table.pass_time(hours=24, seconds=-1)
    table.asked("head.hu", "silence.break", running, **REASON)()
    table.pass_time(seconds=1)
    refused("silence.state", table.asked("head.hu", "silence.break", running, **REASON))
    assert status(table, running) == "expired"


def test_a_break_in_the_last_second_breaks(table: Table) -> None:
    running = table.silence()
    table.pass_time(hours=24, seconds=-1)
    table.act("head.hu", "silence.break-v1", running, REASON)
    table.pass_time(days=2)
    assert status(table, running) == "broken"
    assert settled(table.state, table.now).units["OP1"].text != WORDS


def test_of_two_breaks_in_one_second_the_first_in_the_record_breaks(table: Table) -> None:
    running = table.silence()
    table.pass_time(hours=3)
    table.act("head.hu", "silence.break-v1", running, REASON)
    with pytest.raises(DeclarationError, match="broken already by HU, at 2025-11-21T17:00:00Z") as late:
        table.try_act("head.az", "silence.break-v1", running, REASON)
    assert late.value.code == "silence.state"
    assert "comment" in late.value.instead
    assert (table.state.silences[running].by, table.state.silences[running].ended) == ("hu", table.now)


@pytest.mark.parametrize("who", ["chair.chair", "secretariat.one", "depositary.keeper", "translator.az-1"])
def test_nobody_but_a_head_breaks_silence(table: Table, who: str) -> None:
    running = table.silence()
    refused("role.not-entitled", table.asked(who, "silence.break", running, **REASON))


def test_a_member_has_no_key_that_breaks(table: Table) -> None:
    running = table.silence()
    refused("key.unknown", table.asked("member.kz", "silence.break", running, **REASON))


def test_what_expired_is_agreed_without_any_job_having_run(table: Table) -> None:
    running = table.silence()
    table.pass_time(days=30)
    now = settled(table.state, table.now)
    assert now.silences[running].ended == now.silences[running].expires
    assert (now.units["OP1"].text, consequences.paragraph_status(now, "OP1")) == (WORDS, "agreed_ad_ref")
    assert now.amendments[table.proposed].status == "accepted"
    assert now.agreements["OP1"].at == now.silences[running].expires
    assert table.state.silences[running].status == "running", "asking has changed nothing"


def test_a_running_silence_survives_a_restart(table: Table) -> None:
    acts = recorded(table)
    running = table.silence()
    assert replay(ORIGIN, acts, table.library.get) == table.state
    table.pass_time(hours=25)
    again = replay(ORIGIN, acts, table.library.get)
    assert settled(again, table.now) == settled(table.state, table.now)
    assert settled(again, table.now).silences[running].status == "expired"


def recorded(bench: Bench) -> list:
    """The acts of a bench, from now on and from its beginning: it keeps them while it performs."""
    acts = []
    fresh = Table()
    original = fresh.act

    def keep(*args, **changes):
        act = original(*args, **changes)
        acts.append(act)
        return act

    fresh.act = keep  # type: ignore[method-assign]  # the bench is watched, not changed
    fresh.sitting()
    bench.__dict__.update(fresh.__dict__)
    return acts


def test_an_objection_to_its_use_ends_it_before_it_begins(table: Table) -> None:
    waiting = table.announced()
    refused("role.not-entitled", table.asked("chair.chair", "silence.object_to_use", waiting, **REASON))
    refused("silence.state", table.asked("head.hu", "silence.break", waiting, **REASON))
    table.act("head.hu", "silence.object_to_use-v1", waiting, REASON)
    assert status(table, waiting) == "cancelled"
    refused("silence.state", table.asked("chair.chair", "silence.open", waiting))
    assert consequences.paragraph_status(table.state, "OP1") == "bracketed"


def test_once_it_runs_it_is_broken_and_not_objected_to(table: Table) -> None:
    running = table.silence()
    refused("silence.state", table.asked("head.hu", "silence.object_to_use", running, **REASON))


@pytest.mark.parametrize(("setting", "least"), [("session", 24), ("overnight", 8), ("between", 72)])
def test_each_setting_has_its_shortest_time(table: Table, setting: str, least: int) -> None:
    body = table.notice(hours=least - 1 / 3600, setting=setting)
    refused("silence.too-short", lambda: table.try_act("chair.chair", "silence.announce-v1", table.proposed, body))
    table.try_act("chair.chair", "silence.announce-v1", table.proposed, table.notice(hours=least, setting=setting))


def test_the_hours_are_those_of_the_rules() -> None:
    table = Table(rules=Rules(quorum=2, silence_session=48)).sitting()
    body = table.notice(hours=47)
    refused("silence.too-short", lambda: table.try_act("chair.chair", "silence.announce-v1", table.proposed, body))


def test_what_is_opened_late_would_run_too_short(table: Table) -> None:
    waiting = table.announced(hours=24)
    table.pass_time(seconds=1)
    refused("silence.too-short", table.asked("chair.chair", "silence.open", waiting))


def test_the_hour_moves_later_only_and_only_while_it_runs(table: Table) -> None:
    running = table.silence()
    until = table.state.silences[running].expires
    same = {"expires": table.hour(24), **REASON}
    refused("silence.not-later", table.asked("chair.chair", "silence.extend", running, **same))
    refused("silence.not-later", table.asked("chair.chair", "silence.extend", running, expires=table.hour(23), **REASON))
    refused("role.not-entitled", table.asked("head.kz", "silence.extend", running, expires=table.hour(30), **REASON))
    table.act("chair.chair", "silence.extend-v1", running, {"expires": table.hour(30), **REASON})
    table.pass_time(hours=24)
    assert table.now == until
    table.act("head.hu", "silence.break-v1", running, REASON)
    refused("silence.state", table.asked("chair.chair", "silence.extend", running, expires=table.hour(30), **REASON))


def test_it_is_never_extended_after_the_hour(table: Table) -> None:
    running = table.silence()
    table.pass_time(hours=24)
    refused("silence.state", table.asked("chair.chair", "silence.extend", running, expires=table.hour(8), **REASON))
    refused("silence.state", table.asked("chair.chair", "silence.cancel", running, **REASON))


def test_one_silence_at_a_time_for_a_paragraph(table: Table) -> None:
    other = table.submit_late("head.hu", table.reads("OP1", "Agree to meet every two years;"))
    running = table.silence()
    refused("paragraph.under-silence", lambda: table.try_act("chair.chair", "silence.announce-v1", other, table.notice(other)))
    table.act("chair.chair", "silence.cancel-v1", running, REASON)
    waiting = table.announced()
    refused("silence.announced-already", lambda: table.try_act("chair.chair", "silence.announce-v1", other, table.notice(other)))
    table.act("head.hu", "silence.object_to_use-v1", waiting, REASON)
    table.try_act("chair.chair", "silence.announce-v1", other, table.notice(other))


def test_words_under_silence_are_decided_nowhere_else(table: Table) -> None:
    other = table.submit_late("head.hu", table.reads("OP1", "Agree to meet every two years;"))
    table.silence()
    accept = table.acceptance(table.proposed)
    refused("amendment.state", lambda: table.try_act("chair.chair", "amendment.accept-v1", table.proposed, accept))
    refused("paragraph.under-silence", lambda: table.try_act("chair.chair", "amendment.accept-v1", other, table.acceptance(other)))
    refused("paragraph.state", table.asked("chair.chair", "paragraph.agree_ad_ref", **table.meeting("OP1")))
    group = {"unit": "OP1", "members": ["az", "kz"], "facilitator": "kz", "report_by": table.hour(3), **REASON}
    refused("paragraph.state", table.asked("chair.chair", "paragraph.refer_to_small_group", **group))
    for act in ("park", "withdraw", "not_retain", "rule_inadmissible", "revise"):
        who = "head.kz" if act in ("withdraw", "revise") else "chair.chair"
        extra = {"park": {"target": other}, "revise": {"edits": [table.reads("OP1", "Decide;")], **REASON}}.get(act, REASON)
        refused("amendment.state", table.asked(who, f"amendment.{act}", table.proposed, **extra))
    refused("agreed.brackets", table.asked("chair.chair", "declaration.declare_agreed_ad_ref"))


def test_what_was_announced_is_what_is_opened(table: Table) -> None:
    waiting = table.announced(hours=30)
    edits = [table.reads("OP1", "Decide to meet every month;")]
    table.act("head.kz", "amendment.revise-v1", table.proposed, {"edits": edits, **REASON})
    refused("silence.text", table.asked("chair.chair", "silence.open", waiting))


def test_the_announcement_names_the_very_words(table: Table) -> None:
    body = {**table.notice(), "result": {"OP1": unit_hash("Decide to meet every month;")}}
    refused("amendment.result", lambda: table.try_act("chair.chair", "silence.announce-v1", table.proposed, body))


@pytest.mark.parametrize("gone", ["withdraw", "not_retain"])
def test_silence_is_about_what_is_on_the_table(table: Table, gone: str) -> None:
    notice = table.notice()
    waiting = table.announced()
    table.act("head.kz" if gone == "withdraw" else "chair.chair", f"amendment.{gone}-v1", table.proposed, REASON)
    refused("amendment.state", lambda: table.try_act("chair.chair", "silence.announce-v1", table.proposed, notice))
    refused("silence.text", table.asked("chair.chair", "silence.open", waiting))


def test_silence_is_a_matter_of_the_second_reading() -> None:
    table = Table()
    table.constituted().circulated()
    digest = table.admit(table.submit("head.kz", table.reads("OP1", WORDS)))
    refused("paragraph.stage", lambda: table.try_act("chair.chair", "silence.announce-v1", digest, table.notice(digest)))


def test_a_text_goes_with_a_break_once_and_stays_with_its_paragraphs(table: Table) -> None:
    running = table.silence()
    table.pass_time(hours=2)
    answer = {**table.proposal([table.reads("OP1", "Decide to meet each autumn;")]), "silence": running}
    tabled = table.asked("head.hu", "amendment.table_with_break", **answer)
    refused("silence.not-broken", tabled)
    table.act("head.hu", "silence.break-v1", running, REASON)
    refused("silence.not-broken", table.asked("head.az", "amendment.table_with_break", **answer))
    elsewhere = {**answer, "edits": [table.reads("OP2", "Invite nobody;")]}
    refused("silence.other-paragraphs", table.asked("head.hu", "amendment.table_with_break", **elsewhere))
    refused("role.not-entitled", table.asked("chair.chair", "amendment.table_with_break", **answer))
    digest = table.on_text("head.hu", "amendment.table_with_break", **answer)
    assert table.state.amendments[digest].status == "admitted", "it needs no leave, however late it is"
    second = {**answer, "symbol": "FORUM/2025/JD/AM/099"}
    refused("silence.answered", table.asked("head.hu", "amendment.table_with_break", **second))


def test_a_text_comes_too_late_when_what_was_under_silence_is_decided(table: Table) -> None:
    running = table.silence()
    table.act("head.hu", "silence.break-v1", running, REASON)
    table.accept(table.proposed)
    answer = {**table.proposal([table.reads("OP1", "Decide to meet each autumn;")]), "silence": running}
    refused("silence.decided", table.asked("head.hu", "amendment.table_with_break", **answer))


def test_an_act_after_the_hour_is_judged_by_what_the_hour_brought(table: Table) -> None:
    other = table.submit_late("head.hu", table.reads("OP1", "Agree to meet every two years;"))
    table.silence()
    table.pass_time(hours=24)
    before = deepcopy(table.state.units)
    refused("amendment.state", lambda: table.try_act("chair.chair", "amendment.accept-v1", other, {"result": {"OP1": "0" * 64}, **REASON}))
    assert table.state.units == before, "a question has changed the state"
    table.act("chair.chair", "amendment.not_retain-v1", other, REASON)
    assert table.state.units["OP1"].text == WORDS


def test_another_proposal_on_the_words_keeps_the_brackets_until_it_is_ruled_on(table: Table) -> None:
    other = table.submit_late("head.hu", table.reads("OP1", "Agree to meet every two years;"))
    table.silence()
    table.pass_time(hours=24)
    now = settled(table.state, table.now)
    assert consequences.amendment_status(now, now.amendments[other]) == "stale"
    assert consequences.paragraph_status(now, "OP1") == "bracketed"
    table.act("chair.chair", "amendment.not_retain-v1", other, REASON)
    assert consequences.paragraph_status(table.state, "OP1") == "agreed_ad_ref"


def test_an_extension_is_kept_to_the_second(table: Table) -> None:
    running = table.silence()
    table.act("chair.chair", "silence.extend-v1", running, {"expires": table.hour(25), **REASON})
    table.pass_time(hours=25, seconds=-1)
    assert status(table, running) == "running"
    assert settled(table.state, table.now + timedelta(seconds=1)).silences[running].status == "expired"


def test_what_the_chair_cancels_is_not_agreed(table: Table) -> None:
    running = table.silence()
    refused("role.not-entitled", table.asked("head.kz", "silence.cancel", running, **REASON))
    table.act("chair.chair", "silence.cancel-v1", running, REASON)
    table.pass_time(days=3)
    assert settled(table.state, table.now).amendments[table.proposed].status == "admitted"
    refused("silence.unknown", table.asked("head.hu", "silence.break", digest_of("no such"), **REASON))
