"""Rows of the silence procedure, on one exact text (OSCE Rules of Procedure, Annex 1(A); UNGA decision 74/544).

The Chair announces which proposal would be agreed by silence, with its exact words and the exact hour. Whoever objects to using
silence at all says so then; otherwise the Chair opens it. One head's written word before the hour breaks it. That it expired is
computed from the hour, and so is what follows: the words are agreed *ad referendum*.
"""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.rules import SETTINGS
from declaration.procedure.transition import Transition as Row

_CONTENT: Mapping[str, Form] = {"content": f.hex32}

ROWS: tuple[Row, ...] = (
    Row(
        "silence",
        "announce",
        (),
        "announced",
        ("chair",),
        object="amendment",
        fields={
            "setting": f.one_of(*SETTINGS),
            "expires": f.moment,
            "result": f.mapping(f.unit_id, f.nullable(f.hex32)),
            "content": f.hex32,
        },
        guards=("in_second_reading", "is_admitted", "result_follows", "paragraphs_free", "silence_long_enough"),
        says="announces a silence procedure on one exact text",
    ),
    Row(
        "silence",
        "open",
        ("announced",),
        "running",
        ("chair",),
        object="silence",
        guards=("in_second_reading", "silence_text_stands", "paragraphs_free", "silence_long_enough"),
        says="opens the silence procedure",
    ),
    Row(
        "silence",
        "object_to_use",
        ("announced",),
        "cancelled",
        ("head",),
        object="silence",
        fields=_CONTENT,
        says="objects to using a silence procedure",
    ),
    Row("silence", "break", ("running",), "broken", ("head",), object="silence", fields=_CONTENT, says="breaks silence"),
    Row("silence", "expire", ("running",), "expired", ("system",), recorded=False, follows=("time",)),
    Row(
        "silence", "cancel", ("running",), "cancelled", ("chair",), object="silence", fields=_CONTENT, says="cancels the silence procedure"
    ),
    Row(
        "silence",
        "extend",
        ("running",),
        "=",
        ("chair",),
        object="silence",
        fields={"expires": f.moment, "content": f.hex32},
        guards=("silence_later",),
        says="extends the silence procedure",
    ),
)
