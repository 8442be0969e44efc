"""Rows of corrections after adoption (VCLT 79).

The depositary notifies what a text reads and what it should read, with a day until which it can be objected to. Where nobody objects a
procès-verbal of rectification replaces the defective words from the beginning: no signature is touched, and both texts stay in the
record. An error in a copy alone needs a procès-verbal and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from declaration.procedure import fields as f
from declaration.procedure.fields import Form
from declaration.procedure.transition import Transition as Row

_CONTENT: Mapping[str, Form] = {"content": f.hex32}
_READS: Mapping[str, Form] = {"edits": f.nullable(f.edits), "corrected": f.nullable(f.hex32)}

ROWS: tuple[Row, ...] = (
    Row(
        "corrigendum",
        "propose",
        (),
        "proposed",
        ("secretariat", "depositary", "head", "signatory"),
        object="version",
        fields={"kind": f.one_of("text", "concordance", "copy"), "language": f.language, **_READS, "content": f.hex32},
        guards=("is_adopted_version", "mandate_in_force", "not_archived", "correction_reads"),
        says="proposes to correct an error",
    ),
    Row(
        "corrigendum",
        "notify",
        ("proposed",),
        "notified",
        ("depositary",),
        object="corrigendum",
        fields={"symbol": f.symbol, "until": f.moment, "content": f.hex32},
        guards=("not_archived", "not_a_copy", "corrigendum_symbol", "objection_period", "still_reads"),
        says="notifies a proposed correction to all heads and signatories",
    ),
    Row(
        "corrigendum",
        "object",
        ("notified",),
        "objected",
        ("head", "signatory"),
        object="corrigendum",
        fields=_CONTENT,
        guards=("mandate_in_force", "before_objection_date", "signed_or_head"),
        says="objects to a correction",
    ),
    Row(
        "corrigendum",
        "rectify",
        ("notified", "proposed"),
        "rectified",
        ("depositary",),
        object="corrigendum",
        fields={"previous": f.nullable(f.hex32), "corrected": f.nullable(f.hex32), "content": f.hex32},
        guards=("not_archived", "notified_and_due", "rectification_reads"),
        says="rectifies the text by a procès-verbal",
    ),
    Row(
        "corrigendum",
        "renotify",
        ("objected",),
        "notified",
        ("depositary",),
        object="corrigendum",
        fields={**_READS, "until": f.moment, "content": f.hex32},
        guards=("not_archived", "objection_period", "correction_reads"),
        says="revises a proposed correction and notifies it again",
    ),
    Row(
        "corrigendum",
        "drop",
        ("proposed", "objected"),
        "dropped",
        ("depositary",),
        object="corrigendum",
        fields=_CONTENT,
        says="drops a proposed correction",
    ),
)
