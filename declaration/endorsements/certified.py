"""A certified copy of the adopted text: the words as they read today, what corrected them, and what the depositary signed.

The service certifies nothing. The depositary has signed the hash of these words already: with the procès-verbal where the language was
corrected, with the opening for signature (which names the version and so every text) where it was not. The copy prints that signature and
where it stands in the record.

It is as at that act and quotes the checkpoint that ends with it, so everybody who asks in one language of the pages gets the same bytes
until the text is corrected again: two copies can be compared by their hash.
"""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.credentials.record import log_of, trust_root
from declaration.documents.values import CertifiedCopy, Change, ChangedUnit, Kind, Labels, Op, Rectification, Register, Unit
from declaration.drafts import papers, views
from declaration.drafts.comparing import Line
from declaration.endorsements.blueprint import public_url
from declaration.endorsements.record import own_note
from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.procedure import standing
from declaration.procedure.holdings import Correction
from declaration.procedure.state import State, VersionText
from declaration.protocol.encoding import b64encode
from declaration.protocol.entry import parse_entry
from declaration.text.redline import redline
from declaration.transparency import queries


def certified_copy(session: Session, forum: Forum, state: State, loaded: VersionText, lang: str) -> CertifiedCopy:
    """The adopted text of one language as it reads now.

    :raises NotFound: ``endorsement.not-open``: the depositary has signed nothing about this text yet.
    """
    if state.adopted is None or state.window is None:
        raise NotFound(_("The depositary has not opened this text for signature yet."), code="endorsement.not-open")
    done = state.corrected.get(lang, ())
    index = state.digests[done[-1].act if done else state.window.act]
    corrected = replace(loaded, texts={**loaded.texts, lang: standing.text_as_corrected(state, lang)})
    version = papers.version_document(
        state, state.versions[state.adopted], corrected, lang, lang, state.times[index], trust_root(session, forum)
    )
    status = _("certified copy, as corrected by %(symbol)s", symbol=done[-1].symbol) if done else _("certified copy")
    lines = views.version_lines(corrected, lang)
    printed = [line for line in lines if line.kind not in ("title", "dateline")]
    signed = next(row.sha256 for row in loaded.manifest.texts if row.lang == lang)
    certificate = [_("Nothing in this text has been corrected.")] if not done else []
    return CertifiedCopy(
        version=replace(
            version, status=str(status), text_digest=standing.hash_as_corrected(state, lang), labels=_labels(version.labels),
            units=tuple(_noted(unit, line, done) for unit, line in zip(version.units, printed, strict=True)),
        ),
        signed_digest=signed,
        rectifications=tuple(_rectification(session, forum, state, loaded, lang, place) for place in range(len(done))),
        certificate=tuple(str(each) for each in (*certificate, *_signed(session, forum, index))),
        register=_register(session, forum, index + 1),
    )  # fmt: skip


def _noted(unit: Unit, line: Line, done: tuple[Correction, ...]) -> Unit:
    """A paragraph with the note under it that says which correction it owes its words to."""
    symbols = [each.symbol for each in done if line.id in each.units]
    if not symbols:
        return unit
    return replace(unit, note=str(_("As corrected by %(symbol)s; the words before stand in its procès-verbal.", symbol=", ".join(symbols))))


def _rectification(session: Session, forum: Forum, state: State, loaded: VersionText, lang: str, place: int) -> Rectification:
    done = state.corrected[lang]
    each = done[place]
    before = done[place - 1].texts if place else loaded.texts[lang]
    lines = {line.id: line for line in views.version_lines(loaded, lang)}
    entry = parse_entry(queries.entry(session, log_of(session, forum), state.digests[each.act]))
    document = contents.read(session, forum.id, str(entry.statement.body["content"]), audiences=("public",)) or {}
    said = " ".join(str(document.get("text") or "").split())
    return Rectification(
        symbol=each.symbol,
        at=each.at,
        previous=each.previous,
        corrected=each.sha256,
        entry=state.digests[each.act],
        units=tuple(_changed(lines[unit], before[unit], each.texts[unit]) for unit in each.units),
        reason=said,
    )


def _changed(line: Line, before: str, after: str) -> ChangedUnit:
    return ChangedUnit(Kind(line.kind), line.label, tuple(Change(Op(each.op), each.text) for each in redline(before, after)), line.level)


def _signed(session: Session, forum: Forum, index: int) -> tuple[str, str]:
    entry = parse_entry(queries.entry(session, log_of(session, forum), index))
    by = _(
        "The depositary signed this: entry %(entry)s of the record, %(type)s, %(day)s, with the key %(key)s.",
        entry=index, type=entry.statement.type, day=f"{entry.at:%Y-%m-%d}", key=entry.statement.by.key,
    )  # fmt: skip
    return by, _("Signature (SSHSIG): %(signature)s", signature=b64encode(entry.signature))


def _register(session: Session, forum: Forum, size: int) -> Register:
    log = log_of(session, forum)
    note = own_note(queries.checkpoint_at(session, log, size)).decode()
    return Register(public_url("endorsements.record_checkpoint", size=size), note, size, queries.root_at(session, log, size).hex())


def _labels(known: Labels) -> Labels:
    return Labels(
        {
            **known.translated,
            "constitution": _("Root of trust (leaf hash of the constitution)"), "correction": _("Procès-verbal of rectification"),
            "signed_text": _("Text as signed (SHA-256)"), "before_text": _("Text before it (SHA-256)"),
            "corrected_text": _("Text as corrected (SHA-256)"), "rectified_on": _("Rectified"), "entry": _("Entry of the record"),
            "certificate": _("What the depositary signed"), "checkpoint_url": _("Address of the checkpoint"),
            "checkpoint_note": _("Scan to open the signed checkpoint of the record that holds this."),
            "record_size": _("Entries in the record"), "record_root": _("Root of the record"), "checkpoint": _("Signed checkpoint"),
        }
    )  # fmt: skip
