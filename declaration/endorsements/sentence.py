"""The sentence that an organization signs: fixed when the declaration was opened, filled in with who signs for whom.

It is fixed in every authentic language. Whoever reads the text in another language signs the sentence of the forum's original
language, which the page says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from declaration.adoption.composers import date_in
from declaration.adoption.sentences import default_sentence, fill
from declaration.credentials import contents
from declaration.credentials.record import log_of
from declaration.errors import Refused
from declaration.forums.delegations import delegation, is_delegation
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries

_PRINT = re.compile(r"(?:\b[a-z]{2,3} )?\b[0-9a-f]{64}\b[,.;]?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence ready to be signed, and its language."""

    text: str
    language: str

    @property
    def html(self) -> Markup:
        """The sentence with every fingerprint on a line of its own, not one character of it changed."""
        result, position = Markup(), 0
        for match in _PRINT.finditer(self.text):
            result += Markup('{}<span class="oath__print">{}</span>').format(self.text[position : match.start()], match[0])
            position = match.end()
        return result + self.text[position:]


def fixed_sentences(session: Session, forum: Forum, state: State) -> dict[str, str]:
    """Language → sentence with its places, as the depositary fixed them.

    :raises Refused: ``endorsement.not-open`` before the declaration was opened for signature.
    """
    if state.window is None or state.adopted_at is None:
        raise Refused("the Declaration is not open for signature", code="endorsement.not-open")
    authentic = state.known.authentic
    found = {lang: default_sentence(lang, authentic, date_in(state.adopted_at, lang, forum.time_zone)) for lang in authentic}
    opening = parse_entry(queries.entry(session, log_of(session, forum), state.digests[state.window.act])).statement
    document = contents.read(session, forum.id, str(opening.body["content"])) or {}
    fixed = document.get("sentences")
    if isinstance(fixed, Mapping):
        found.update({lang: str(fixed[lang]) for lang in authentic if lang in fixed})
    return found


def sentence(
    session: Session, forum: Forum, state: State, *, language: str, organization: Mapping[str, str], person: str, office: str
) -> Sentence:
    """The sentence that this person signs for this organization after reading the text in ``language``."""
    fixed = fixed_sentences(session, forum, state)
    spoken = language if language in fixed else state.known.original
    pattern = fixed.get(spoken)
    if pattern is None:  # the original is no authentic language here: then the one that prevails is spoken
        spoken = state.known.prevailing
        pattern = fixed[spoken]
    values = {
        "organization": organization["name"],
        "country": country_name(forum, organization["country"], spoken),
        "number": organization["registration"],
        "person": person,
        "office": office,
        "symbol": state.versions[state.adopted or ""].symbol,
        **authentic_texts(state),
    }
    return Sentence(fill(pattern, values), spoken)


def authentic_texts(state: State) -> dict[str, str]:
    """Language → SHA-256 of every authentic text of the adopted version."""
    if state.adopted is None:
        raise Refused("nothing has been adopted", code="version.not-adopted", instead="Drafts cannot be signed.")
    return {row.lang: row.sha256 for row in state.version_text(state.adopted).manifest.texts if row.status == "authentic"}


def country_name(forum: Forum, country: str, language: str) -> str:
    """What a country is called in a language; its short name where it is none of the forum's."""
    return delegation(forum, country).name(language) if is_delegation(forum, country) else country.upper()
