"""Rows of the paragraphs. A paragraph is its id; where an act names one it stands in ``unit``, or several with their words in ``units``."""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.transition import Transition as Row

_UNIT: Mapping[str, Form] = {"unit": f.unit_id, "content": f.hex32}
_ADMISSIONS = (
    "amendment.admit-v1",
    "amendment.grant_leave-v1",
    "amendment.table_chair_text-v1",
    "amendment.table_with_break-v1",
    "amendment.revive-v1",
    "amendment.take_over-v1",
)

ROWS: tuple[Row, ...] = (
    Row("paragraph", "bracket", ("open", "agreed_ad_ref"), "bracketed", ("system",), recorded=False, follows=_ADMISSIONS),
    Row(
        "paragraph",
        "refer_to_small_group",
        ("bracketed",),
        "small_group",
        ("chair",),
        object="version",
        fields={**_UNIT, "members": f.items(f.party, least=2), "facilitator": f.party, "report_by": f.moment},
        guards=("is_current_version", "proposals_open", "group_fits"),
        says="refers a paragraph to a small group",
    ),
    Row(
        "paragraph",
        "report_back",
        ("small_group",),
        "bracketed",
        ("secretariat",),
        object="version",
        fields=_UNIT,
        guards=("is_current_version",),
        says="reports back from the small group",
    ),
    Row("paragraph", "put_under_silence", ("bracketed",), "under_silence", ("chair",), recorded=False, follows=("silence.open-v1",)),
    Row("paragraph", "silence_broken", ("under_silence",), "bracketed", ("system",), recorded=False, follows=("silence.break-v1",)),
    Row("paragraph", "silence_cancelled", ("under_silence",), "bracketed", ("system",), recorded=False, follows=("silence.cancel-v1",)),
    Row("paragraph", "silence_expired", ("under_silence",), "agreed_ad_ref", ("system",), recorded=False, follows=("time",)),
    Row(
        "paragraph",
        "agree_ad_ref",
        ("open", "bracketed"),
        "agreed_ad_ref",
        ("chair",),
        object="version",
        fields={"units": f.hashes_by_unit, "present": f.items(f.party, least=1), "content": f.hex32},
        guards=("is_current_version", "in_second_reading", "words_stand", "nothing_proposed_on_it", "present_known"),
        says="declares paragraphs agreed ad referendum",
    ),
    Row(
        "paragraph",
        "place_reserve",
        ("agreed_ad_ref", "reserved"),
        "reserved",
        ("head",),
        object="version",
        fields={**_UNIT, "until": f.nullable(f.moment)},
        guards=("is_current_version", "in_second_reading", "no_reserve_yet"),
        says="places a reserve",
    ),
    Row(
        "paragraph",
        "lift_reserve",
        ("reserved",),
        "agreed_ad_ref",
        ("head",),
        object="version",
        fields={"unit": f.unit_id},
        guards=("is_current_version", "in_second_reading", "own_reserve"),
        says="lifts its reserve",
    ),
    Row(
        "paragraph",
        "reopen",
        ("agreed_ad_ref", "reserved"),
        "bracketed",
        ("chair",),
        object="version",
        fields=_UNIT,
        guards=("is_current_version", "in_second_reading"),
        says="reopens a paragraph",
    ),
    Row(
        "paragraph",
        "delete",
        ("bracketed",),
        "deleted",
        ("chair",),
        object="version",
        fields={**_UNIT, "base": f.hex32},
        guards=("is_current_version", "in_second_reading", "deletion_fits"),
        says="deletes a paragraph as agreed",
    ),
    Row(
        "paragraph",
        "restore",
        ("deleted",),
        "bracketed",
        ("chair",),
        object="version",
        fields={**_UNIT, "after": f.nullable(f.unit_id)},
        guards=("is_current_version", "in_second_reading", "restoration_fits"),
        says="restores a deleted paragraph",
    ),
    Row("paragraph", "confirm", ("agreed_ad_ref",), "agreed", ("system",), recorded=False, follows=("declaration.begin_legal_review-v1",)),
    Row("paragraph", "refer_back", ("agreed",), "bracketed", ("chair",), recorded=False, follows=("declaration.refer_back-v1",)),
    Row(
        "paragraph",
        "correct_editorially",
        ("agreed_ad_ref", "agreed"),
        "=",
        ("secretariat",),
        object="version",
        fields={"edits": f.edits, "content": f.hex32},
        guards=("is_current_version", "not_yet_presented", "correction_fits"),
        says="corrects a paragraph editorially, once the Chair has countersigned",
    ),
)
