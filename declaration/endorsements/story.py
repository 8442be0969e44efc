"""One organization in the record: every act that it made or that was done to it, in order, and its keys and mandates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.credentials.record import log_of
from declaration.drafts import views
from declaration.endorsements import mentions
from declaration.endorsements.record_words import says
from declaration.endorsements.sentence import Sentence
from declaration.forums.models import Forum
from declaration.procedure import standing
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import parse_time
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import parse_public_key
from declaration.protocol.statement import By
from declaration.transparency import queries
from declaration.web.access import role_name
from declaration.web.i18n import capital

_CHAINED = ("accredit-v1", "organization.", "endorsement.", "key.", "mandate.", "paper.")
"""Acts that others answer: what acts on one of them belongs to the organization, whoever made it."""
_REASONS: Mapping[str, object] = {
    "compromised": _l("compromised"), "superseded": _l("superseded by another"), "left_office": _l("its holder left the office"),
}  # fmt: skip
KEY_STATUS: Mapping[str, tuple[str, object]] = {
    "active": ("yes", _l("Active")),
    "suspended": ("wait", _l("Suspended")),
    "revoked": ("no", _l("Revoked")),
    "expired": ("none", _l("Expired")),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that an act says: a hash, a moment or words."""

    term: str
    value: str
    moment: datetime | None = None

    @property
    def is_hash(self) -> bool:
        return len(self.value) == 64 or self.value.startswith("SHA256:")


@dataclass(frozen=True, slots=True)
class Told:
    """One act in words.

    :ivar digest: of its statement, by which its receipt is found.
    :ivar reason: what was said with it, where everybody may read that.
    :ivar sentence: for a signature, what was signed; with the organization's own statement, if it made one.
    """

    index: int
    at: datetime
    who: str
    says: str
    type: str
    digest: str
    facts: tuple[Fact, ...] = ()
    reason: str | None = None
    sentence: Sentence | None = None
    statement: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A key with its mandate. ``since`` is when it was accredited, ``given`` the entry that did so."""

    key: Key
    status: str
    since: datetime
    given: int


def known(state: State, party: str) -> Mapping[str, str] | None:
    """What the record calls this organization, or None where it has never heard of it."""
    key = state.parties.get(party)
    if key is not None and key.organization is not None:
        return key.organization
    found = state.organizations.get(party)
    if found is not None:
        return {"country": found.country, "name": found.name, "registration": found.registration}
    return None


def keys(state: State, party: str, now: datetime) -> list[Held]:
    """Every key that was ever accredited for it, oldest first."""
    found = [key for key in state.keys.values() if (key.role, key.party) == ("signatory", party)]
    found.sort(key=lambda key: key.accredited)
    return [Held(key, standing.key_status(state, key, now), state.times[key.accredited], key.accredited) for key in found]


def acts(session: Session, forum: Forum, party: str, language: str) -> list[Told]:
    """Its story, oldest first."""
    log = log_of(session, forum)
    found: dict[int, Entry] = {}
    waiting = mentions.of_party(session, log, party)
    while waiting:
        index = waiting.pop()
        if index in found or index >= log.size:
            continue
        entry = found[index] = parse_entry(queries.entry(session, log, index))
        if entry.statement.type.startswith(_CHAINED) or entry.statement.type == "revoke-v1":
            waiting += mentions.acting_on(session, log, entry.statement.digest)
    cited = [str(entry.statement.body["content"]) for entry in found.values() if "content" in entry.statement.body]
    documents = contents.read_many(session, forum.id, cited, audiences=("public",))
    return [_told(forum, party, index, found[index], documents, language) for index in sorted(found)]


def _told(
    forum: Forum, party: str, index: int, entry: Entry, documents: Mapping[str, Mapping[str, object]], language: str
) -> Told:
    statement = entry.statement
    document = documents.get(str(statement.body.get("content")), {})
    own = statement.by.party == party
    who = str(_("The organization")) if own else _who(forum, statement.by, language)
    said = _spoken(document, "sentence", "language")
    return Told(
        index, entry.at, who, says(statement.type), statement.type, statement.digest,
        tuple(_facts(statement.body)),
        str(document["text"]) if document.get("text") else None, Sentence(*said) if said is not None else None,
        _spoken(document, "statement", "statement_language"),
    )  # fmt: skip


def _who(forum: Forum, by: By, language: str) -> str:
    """A delegation by its name; an office as what it is, with whose it is."""
    name = views.party_name(forum, by.party, language)
    return name if name != by.party else f"{capital(role_name(by.role))} ({name})"


def _spoken(document: Mapping[str, object], name: str, language: str) -> tuple[str, str] | None:
    return (str(document[name]), str(document.get(language, ""))) if document.get(name) else None


def _facts(body: Mapping[str, object]) -> list[Fact]:
    mandate = body.get("mandate")
    found = {**body, **(mandate if isinstance(mandate, Mapping) else {})}
    facts = []
    if isinstance(body.get("key"), str):
        facts.append(Fact(_("Key"), parse_public_key(str(body["key"])).fingerprint))
    facts += [Fact(str(word), str(found[name])) for name, word in _SAID.items() if isinstance(found.get(name), str)]
    for name, word in _HOURS.items():
        if isinstance(found.get(name), str):
            facts.append(Fact(str(word), "", parse_time(str(found[name]))))
    if found.get("joint") is True:
        facts.append(Fact(_("Mandate"), _("The statute asks for two signatures")))
    if isinstance(found.get("reason"), str):
        facts.append(Fact(_("Why"), str(_REASONS.get(str(found["reason"]), found["reason"]))))
    return facts


_SAID: Mapping[str, object] = {"document": _l("Document (SHA-256)")}
_HOURS: Mapping[str, object] = {
    "from": _l("In force from"), "until": _l("In force until"), "since": _l("Taken back from"),
    "invalid_from": _l("Not its holder’s alone from"),
}  # fmt: skip
