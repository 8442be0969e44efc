"""A certified copy of the adopted text: the words as they read today, what corrected them, and what the depositary signed.

The service certifies nothing. The depositary has signed the hash of these words already: with the procès-verbal where the language was
corrected, with the opening for signature (which names the version and so every text) where it was not. The copy prints that signature and
where it stands in the record.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.credentials.record import log_of, trust_root
from declaration.documents.values import VersionDocument
from declaration.drafts import papers
from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.procedure import standing
from declaration.procedure.state import State, VersionText
from declaration.protocol.encoding import b64encode
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries


def certified_copy(session: Session, forum: Forum, state: State, loaded: VersionText, lang: str, moment: datetime) -> VersionDocument:
    """The adopted text of one language as it reads at ``moment``.

    :raises NotFound: ``endorsement.not-open``: the depositary has signed nothing about this text yet.
    """
    if state.adopted is None or state.window is None:
        raise NotFound(_("The depositary has not opened this text for signature yet."), code="endorsement.not-open")
    corrected = replace(loaded, texts={**loaded.texts, lang: standing.text_as_corrected(state, lang)})
    version = papers.version_document(state, state.versions[state.adopted], corrected, lang, lang, moment, trust_root(session, forum))
    done = state.corrected.get(lang, ())
    status = _("certified copy, as corrected by %(symbol)s", symbol=done[-1].symbol) if done else _("certified copy")
    said = [
        _(
            "%(symbol)s, %(day)s: the text before it has the SHA-256 %(before)s, the corrected text %(after)s.",
            symbol=each.symbol, day=f"{each.at:%Y-%m-%d}", before=each.previous, after=each.sha256,
        )
        for each in done
    ]  # fmt: skip
    signed = _signed(session, forum, state, done[-1].act if done else state.window.act)
    return replace(
        version, status=str(status), text_digest=standing.hash_as_corrected(state, lang),
        notes=tuple(str(each) for each in (*(said or [_("Nothing in this text has been corrected.")]), *signed)),
    )  # fmt: skip


def _signed(session: Session, forum: Forum, state: State, digest: str) -> tuple[str, str]:
    index = state.digests[digest]
    entry = parse_entry(queries.entry(session, log_of(session, forum), index))
    by = _(
        "The depositary signed this: entry %(entry)s of the record, %(type)s, %(day)s, with the key %(key)s.",
        entry=index, type=entry.statement.type, day=f"{entry.at:%Y-%m-%d}", key=entry.statement.by.key,
    )  # fmt: skip
    return by, _("Signature (SSHSIG): %(signature)s", signature=b64encode(entry.signature))
