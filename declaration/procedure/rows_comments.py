"""Rows of the comments. None is an act of the record: what a delegation says inside stays there (docs/adr/0004)."""

from __future__ import annotations

from declaration.procedure.transition import Transition as Row

_WRITERS = ("chair", "secretariat", "translator", "head", "member")

ROWS: tuple[Row, ...] = (
    Row("comment_thread", "reply", ("open",), "answered", _WRITERS, recorded=False),
    Row("comment_thread", "reply", ("answered",), "=", _WRITERS, recorded=False),
    Row("comment_thread", "resolve", ("open", "answered"), "resolved", ("chair", "secretariat", "head"), recorded=False),
    Row("comment_thread", "reopen", ("resolved",), "open", ("chair", "head"), recorded=False),
    Row("comment_thread", "hide", ("open", "answered", "resolved"), "hidden", ("chair",), recorded=False),
    Row("comment_thread", "unhide", ("hidden",), "open", ("chair",), recorded=False),
)
