"""Versions and redlines as values for the documents package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from declaration.documents.values import Change, ChangedUnit, Kind, Labels, Op, RedlineDocument, Unit, VersionDocument
from declaration.drafts import views
from declaration.drafts.comparing import Compared, Line
from declaration.procedure.state import Circulated, State, VersionText


def version_document(
    state: State, version: Circulated, loaded: VersionText, lang: str, reader: str, as_at: datetime, root: str | None
) -> VersionDocument:
    """A version in one of its languages; ``reader`` is the language of the service's own words, ``root`` the trust root."""
    lines = views.version_lines(loaded, lang)
    heads = {line.kind: line.text for line in lines if line.kind in ("title", "dateline")}
    digest = next(row.sha256 for row in loaded.manifest.texts if row.lang == lang)
    return VersionDocument(
        symbol=version.symbol,
        status=str(views.VERSION_STATUS[version.status][1]),
        draft=version.status != "adopted",
        language=lang,
        title=heads.get("title", state.declaration),
        dateline=heads.get("dateline", ""),
        units=tuple(
            Unit(Kind(line.kind), line.label, line.text, line.level) for line in lines if line.kind not in ("title", "dateline")
        ),
        digest=version.digest,
        as_at=as_at,
        text_digest=digest,
        constitution=root,
        labels=labels(),
    )


def redline_document(
    state: State, first: Circulated, second: Circulated, units: Sequence[Compared], lang: str, reader: str, as_at: datetime
) -> RedlineDocument:
    """What changed between two versions."""
    return RedlineDocument(
        symbol=second.symbol,
        status=str(views.VERSION_STATUS[second.status][1]),
        language=lang,
        title=next((each.line.text for each in units if each.line.kind == "title"), state.declaration),
        base=first.symbol,
        units=tuple(_changed(each) for each in units),
        as_at=as_at,
        notes=tuple(_notes(units)),
        labels=labels(),
    )


def labels() -> Labels:
    """The service's words on paper, in the reader's language."""
    return Labels(
        {
            "page": _("Page {page} of {pages}"),
            "draft": _("DRAFT"), "redline": _("REDLINE"), "as_at": _("As at"), "symbol": _("Symbol"), "status": _("Status"),
            "language": _("Language"), "version": _("Version (SHA-256 of the manifest)"), "text_digest": _("Text (SHA-256)"),
            "about": _("About this document"), "notes": _("Notes"), "compared": _("Changes are compared with"),
            "legend": _("How to read it"), "legend_insert": _("added"), "legend_delete": _("taken out"), "legend_move": _("moved"),
        }
    )  # fmt: skip


def _changed(each: Compared) -> ChangedUnit:
    line: Line = each.line
    runs = [Change(Op(change.op), change.text) for change in each.changes]
    if each.state == "moved" and all(change.op == "equal" for change in each.changes):
        runs = [Change(Op.MOVE, line.text)]
    return ChangedUnit(Kind(line.kind), line.label, tuple(runs), line.level)


def _notes(units: Sequence[Compared]) -> list[str]:
    # Words, no arrow: the embedded fonts draw letters, not every sign.
    renumbered = [
        str(_("%(old)s is now %(new)s", old=each.before, new=each.line.label)) for each in units if each.before and each.line.label
    ]
    return [str(_("Renumbered: %(numbers)s.", numbers=", ".join(renumbered)))] if renumbered else []
