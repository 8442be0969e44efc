"""Paragraphs: agreed, reserved, in a small group, deleted, restored, corrected; and what is refused of it."""

from __future__ import annotations

from typing import Any

import pytest

from declaration.procedure import consequences
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import TEXT, Bench, digest_of, refused
from tests.procedure.table import REASON, WORDS, Table


@pytest.fixture
def table() -> Table:
    return Table().sitting()


def status(bench: Bench, unit: str) -> str:
    return consequences.paragraph_status(bench.state, unit)


# -- agreed ad referendum ------------------------------------------------------------------------------------------------------


def test_a_paragraph_with_an_open_proposal_is_not_agreed(table: Table) -> None:
    refused("paragraph.proposals-open", table.asked("chair.chair", "paragraph.agree_ad_ref", **table.meeting("OP1")))
    refused("paragraph.proposals-open", table.asked("chair.chair", "paragraph.agree_ad_ref", **table.meeting("OP2", "OP1")))
    assert status(table, "OP2") == "open"


def test_nor_one_that_waits_for_the_chairs_leave(table: Table) -> None:
    body = table.proposal([table.reads("OP3", "Request two reports.")])
    table.act("head.hu", "amendment.submit_late-v1", table.state.current, body)
    assert status(table, "OP3") == "open", "what came late and has no leave puts nothing in brackets"
    refused("paragraph.proposals-open", table.asked("chair.chair", "paragraph.agree_ad_ref", **table.meeting("OP3")))


def test_one_delegation_does_not_reopen_by_itself_what_all_have_agreed(table: Table) -> None:
    table.agreed_on("OP3")
    late = table.on_text("head.hu", "amendment.submit_late", **table.proposal([table.reads("OP3", "Request two.")]))
    assert status(table, "OP3") == "agreed_ad_ref"
    table.act("chair.chair", "amendment.not_retain-v1", table.proposed, REASON)
    table.agreed_on("OP1")
    refused("agreed.unexamined", table.asked("chair.chair", "declaration.declare_agreed_ad_ref"))
    table.act("chair.chair", "amendment.grant_leave-v1", late, REASON)
    assert status(table, "OP3") == "bracketed"


@pytest.mark.parametrize("words", ["Decide to meet.", TEXT["OP2"][2]["az"]])
def test_what_is_agreed_is_what_the_chair_read(table: Table, words: str) -> None:
    body = {**table.meeting("OP2"), "units": {"OP2": unit_hash(words)}}
    refused("paragraph.words", table.asked("chair.chair", "paragraph.agree_ad_ref", **body))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"present": ["az", "rs"]}, "paragraph.presence"),
        ({"present": []}, "statement.field"),
        ({"present": ["az", "az"]}, "statement.field"),
        ({"units": {}}, "statement.field"),
        ({"units": {"OP9": "0" * 64}}, "paragraph.unknown"),
    ],
)
def test_a_meeting_that_does_not_hold_together(table: Table, changes: dict[str, Any], code: str) -> None:
    refused(code, table.asked("chair.chair", "paragraph.agree_ad_ref", **{**table.meeting("OP2"), **changes}))


def test_nothing_is_agreed_twice_or_by_others_or_in_the_first_reading(table: Table) -> None:
    refused("role.not-entitled", table.asked("head.az", "paragraph.agree_ad_ref", **table.meeting("OP2")))
    table.agreed_on("OP2")
    refused("paragraph.state", table.asked("chair.chair", "paragraph.agree_ad_ref", **table.meeting("OP2")))
    early = Table()
    early.constituted().circulated()
    refused("paragraph.stage", early.asked("chair.chair", "paragraph.agree_ad_ref", **early.meeting("OP2")))


def test_an_admitted_proposal_brackets_what_was_agreed(table: Table) -> None:
    table.agreed_on("OP2")
    table.submit_late("head.hu", table.reads("OP2", "Invite all bodies;"))
    assert status(table, "OP2") == "bracketed"
    assert "OP2" not in table.state.agreements


# -- reserves ------------------------------------------------------------------------------------------------------------------


def reserve(unit: str = "OP2", until: str | None = None) -> dict[str, Any]:
    return {"unit": unit, "until": until, **REASON}


def test_a_reserve_is_lifted_by_the_delegation_that_placed_it(table: Table) -> None:
    place, lift = "paragraph.place_reserve", "paragraph.lift_reserve"
    refused("paragraph.state", table.asked("head.kz", place, **reserve()))
    table.agreed_on("OP2")
    refused("role.not-entitled", table.asked("chair.chair", place, **reserve()))
    table.on_text("head.kz", place, **reserve())
    refused("reserve.placed", table.asked("head.kz", place, **reserve()))
    refused("reserve.not-own", table.asked("head.hu", lift, unit="OP2"))
    refused("role.not-entitled", table.asked("chair.chair", lift, unit="OP2"))
    table.on_text("head.hu", place, **reserve())
    table.on_text("head.kz", lift, unit="OP2")
    assert status(table, "OP2") == "reserved"
    table.on_text("head.hu", lift, unit="OP2")
    assert status(table, "OP2") == "agreed_ad_ref"


def test_a_reserve_lapses_by_no_hour(table: Table) -> None:
    table.agreed_on("OP2")
    refused("reserve.hour", table.asked("head.kz", "paragraph.place_reserve", **reserve(until=table.hour(0))))
    table.on_text("head.kz", "paragraph.place_reserve", **reserve(until=table.hour(1)))
    table.pass_time(hours=2)
    assert status(table, "OP2") == "reserved"
    table.act("chair.chair", "amendment.not_retain-v1", table.proposed, REASON)
    table.agreed_on("OP1")
    refused("agreed.reserves", table.asked("chair.chair", "declaration.declare_agreed_ad_ref"))


def test_reopening_takes_agreement_and_reserves_with_it(table: Table) -> None:
    refused("paragraph.state", table.asked("chair.chair", "paragraph.reopen", unit="OP2", **REASON))
    table.agreed_on("OP2").on_text("head.kz", "paragraph.place_reserve", **reserve())
    refused("role.not-entitled", table.asked("head.kz", "paragraph.reopen", unit="OP2", **REASON))
    table.on_text("chair.chair", "paragraph.reopen", unit="OP2", **REASON)
    assert (status(table, "OP2"), table.state.reserves, "OP2" in table.state.agreements) == ("bracketed", {}, False)
    refused("paragraph.state", table.asked("head.kz", "paragraph.lift_reserve", unit="OP2"))


# -- small groups --------------------------------------------------------------------------------------------------------------


def group(table: Table, **changes: Any) -> dict[str, Any]:
    return {"unit": "OP1", "members": ["az", "kz"], "facilitator": "kz", "report_by": table.hour(3), **REASON, **changes}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"members": ["az", "rs"], "facilitator": "az"}, "group.members"),
        ({"facilitator": "hu"}, "group.facilitator"),
        ({"members": ["kz"]}, "statement.field"),
        ({"unit": "OP2"}, "paragraph.state"),
        ({"unit": "OP7"}, "paragraph.unknown"),
        ({"report_by": "2025-11-13T14:00:00Z"}, "group.hour"),
    ],
)
def test_a_group_that_does_not_hold_together(table: Table, changes: dict[str, Any], code: str) -> None:
    refused(code, table.asked("chair.chair", "paragraph.refer_to_small_group", **group(table, **changes)))


def test_what_is_before_a_group_is_decided_by_nobody_until_it_reports(table: Table) -> None:
    refused("role.not-entitled", table.asked("head.kz", "paragraph.refer_to_small_group", **group(table)))
    table.on_text("chair.chair", "paragraph.refer_to_small_group", **group(table))
    accept = table.acceptance(table.proposed)
    refused("paragraph.small-group", lambda: table.try_act("chair.chair", "amendment.accept-v1", table.proposed, accept))
    refused("paragraph.small-group", lambda: table.try_act("chair.chair", "silence.announce-v1", table.proposed, table.notice()))
    refused("paragraph.state", table.asked("chair.chair", "paragraph.refer_to_small_group", **group(table)))
    refused("agreed.brackets", table.asked("chair.chair", "declaration.declare_agreed_ad_ref"))
    refused("role.not-entitled", table.asked("head.kz", "paragraph.report_back", unit="OP1", **REASON))
    table.on_text("secretariat.one", "paragraph.report_back", unit="OP1", **REASON)
    assert status(table, "OP1") == "bracketed"
    refused("paragraph.state", table.asked("secretariat.one", "paragraph.report_back", unit="OP1", **REASON))


def test_a_group_may_be_named_while_proposals_still_come_in() -> None:
    table = Table()
    table.constituted().circulated()
    table.admit(table.submit("head.kz", table.reads("OP1", WORDS)))
    table.on_text("chair.chair", "paragraph.refer_to_small_group", **group(table))
    other = table.admit(table.submit("head.hu", table.reads("OP1", "Agree to meet;")))
    assert (status(table, "OP1"), table.state.amendments[other].status) == ("small_group", "admitted")


# -- deletion and restoration --------------------------------------------------------------------------------------------------


def listed() -> Table:
    """OP2 has two items; the bench's versions are flat, so they come by accepted proposals."""
    table = Table().sitting()
    after = "OP2"
    for unit, text in (("OP2.a", "Schools;"), ("OP2.b", "Museums;")):
        edit = {
            "after": after, "base": None, "kind": "item", "op": "insert_after", "parent": "OP2", "splices": [[0, 0, text]], "unit": unit,
        }  # fmt: skip
        table.accept(table.submit_late("head.hu", edit))
        after = unit
    return table


def deletion(table: Table, unit: str) -> dict[str, Any]:
    return {"unit": unit, "base": table.state.units[unit].sha256, **REASON}


def bracketed(table: Table, unit: str) -> None:
    table.agreed_on(unit)
    table.on_text("chair.chair", "paragraph.reopen", unit=unit, **REASON)


def test_a_paragraph_goes_with_its_items_and_comes_back_where_it_stood() -> None:
    table = listed()
    bracketed(table, "OP2")
    order = list(table.state.units)
    refused("role.not-entitled", table.asked("head.hu", "paragraph.delete", **deletion(table, "OP2")))
    refused("paragraph.state", table.asked("chair.chair", "paragraph.delete", **deletion(table, "OP3")))
    table.on_text("chair.chair", "paragraph.delete", **deletion(table, "OP2"))
    assert list(table.state.units) == ["T", "OP1", "OP3"]
    assert {status(table, unit) for unit in ("OP2", "OP2.a", "OP2.b")} == {"deleted"}
    refused("paragraph.state", table.asked("chair.chair", "paragraph.delete", **{**deletion(table, "OP1"), "unit": "OP2"}))
    refused("paragraph.place", table.asked("chair.chair", "paragraph.restore", unit="OP2", after="OP2.a", **REASON))
    refused("paragraph.state", table.asked("chair.chair", "paragraph.restore", unit="OP3", after="OP1", **REASON))
    for unit in ("OP2", "OP2.a", "OP2.b"):
        table.on_text("chair.chair", "paragraph.restore", unit=unit, after=table.state.gone[unit][1], **REASON)
        assert status(table, unit) == "bracketed"
    assert list(table.state.units) == order
    assert table.state.gone == {}
    assert table.state.units["OP2.b"].parent == "OP2"


def test_an_item_is_not_restored_outside_of_its_paragraph() -> None:
    table = listed()
    bracketed(table, "OP2.b")
    table.on_text("chair.chair", "paragraph.delete", **deletion(table, "OP2.b"))
    refused("unit.parent", table.asked("chair.chair", "paragraph.restore", unit="OP2.b", after="OP1", **REASON))


def test_only_the_words_that_were_read_are_deleted_and_only_when_all_is_decided(table: Table) -> None:
    body = {**deletion(table, "OP1"), "base": digest_of("other")}
    refused("paragraph.words", table.asked("chair.chair", "paragraph.delete", **body))
    refused("paragraph.proposals-open", table.asked("chair.chair", "paragraph.delete", **deletion(table, "OP1")))


# -- editorial corrections -----------------------------------------------------------------------------------------------------


def correction(bench: Bench, unit: str = "OP2", words: str = "Invite all bodies to support the projects;") -> dict[str, Any]:
    return {"edits": [bench.reads(unit, words)], **REASON}


def test_a_correction_takes_force_when_the_chair_has_countersigned(table: Table) -> None:
    correct = "paragraph.correct_editorially"
    refused("paragraph.state", table.asked("secretariat.one", correct, **correction(table)))
    table.agreed_on("OP2")
    refused("role.not-entitled", table.asked("chair.chair", correct, **correction(table)))
    first = table.on_text("secretariat.one", correct, **correction(table))
    assert table.state.units["OP2"].text == TEXT["OP2"][2]["en"]
    for who in ("secretariat.one", "secretariat.two", "head.kz"):
        refused("role.not-entitled", table.asked(who, "second", first))
    table.act("chair.chair", "second-v1", first)
    assert (table.state.units["OP2"].text, status(table, "OP2")) == ("Invite all bodies to support the projects;", "agreed_ad_ref")
    assert table.state.history["OP2"][-1].source == first
    refused("second.nothing", table.asked("chair.chair", "second", first))


def test_a_correction_changes_words_and_nothing_else(table: Table) -> None:
    table.agreed_on("OP2")
    gone = {"base": table.state.units["OP2"].sha256, "op": "delete", "splices": [], "unit": "OP2"}
    refused("correction.kind", table.asked("secretariat.one", "paragraph.correct_editorially", edits=[gone], **REASON))
    old = {**table.reads("OP2", "Invite;"), "base": digest_of("other words")}
    refused("edit.base-changed", table.asked("secretariat.one", "paragraph.correct_editorially", edits=[old], **REASON))


def test_of_two_corrections_of_the_same_words_one_takes_force(table: Table) -> None:
    table.agreed_on("OP2")
    one = table.on_text("secretariat.one", "paragraph.correct_editorially", **correction(table))
    two = table.on_text("secretariat.two", "paragraph.correct_editorially", **correction(table, words="Invite the bodies to support;"))
    table.act("chair.chair", "second-v1", one)
    refused("edit.base-changed", table.asked("chair.chair", "second", two))


@pytest.mark.parametrize("when", ["frozen", "presented", "adopted"])
def test_nothing_is_corrected_once_the_text_is_frozen(when: str) -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed().certified()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", bench.state.current)
    waiting = bench.act("secretariat.one", "paragraph.correct_editorially-v1", bench.state.current, correction(bench)).digest
    final = bench.put_version(TEXT, "FORUM/2025/JD", bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": "FORUM/2025/JD"})
    bench.act("chair.chair", "draft_version.freeze-v1", final)
    if when != "frozen":
        bench.act("chair.chair", "declaration.present_for_adoption-v1", final)
    if when == "adopted":
        bench.act("chair.chair", "declaration.adopt-v1", final, {"present": ["az", "kz"], "content": digest_of("minute")})
    code = "correction.frozen" if when == "frozen" else "correction.stage"
    refused(code, lambda: bench.try_act("secretariat.one", "paragraph.correct_editorially-v1", final, correction(bench)))
    refused(code, lambda: bench.try_act("chair.chair", "second-v1", waiting))


def test_after_a_correction_the_version_is_behind_its_words(table: Table) -> None:
    table.act("chair.chair", "amendment.not_retain-v1", table.proposed, REASON)
    table.agreed_on("OP1", "OP2")
    first = table.on_text("secretariat.one", "paragraph.correct_editorially", **correction(table))
    table.act("chair.chair", "second-v1", first)
    assert consequences.behind(table.state, "az") == ["OP2"]
    refused("version.behind", table.asked("chair.chair", "declaration.declare_agreed_ad_ref"))


def test_what_was_corrected_after_the_final_version_is_not_left_behind() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed().certified()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", bench.state.current)
    final = bench.put_version(TEXT, "FORUM/2025/JD", bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": "FORUM/2025/JD"})
    first = bench.act("secretariat.one", "paragraph.correct_editorially-v1", final, correction(bench)).digest
    bench.act("chair.chair", "second-v1", first)
    refused("version.behind", lambda: bench.try_act("chair.chair", "draft_version.freeze-v1", final))
