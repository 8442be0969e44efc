"""Refusals in the reader's language.

The packages below the web raise errors in English and know nothing of languages. Their plain words are collected into the
catalogues by :mod:`declaration.web.extraction` and are the key of their own translation. Words with values in them ("still in
brackets: OP5, OP8") cannot be a key; they are told by the error's ``code``, in general words without the values. What has neither
is shown as it was raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask
from flask_babel import get_translations
from flask_babel import lazy_gettext as _l

from declaration.errors import DeclarationError, Refused
from declaration.web.i18n import SOURCE, capital, language

GENERAL: Final = {
    "accredit.incomplete": _l("The accreditation lacks a field, or has one too many."),
    "accredit.language": _l("This is not a language of this forum."),
    "accredit.nonce-used": _l("This proof of possession was used already."),
    "accredit.not-verified": _l("This organization is not verified."),
    "accredit.organization-known": _l("This organization is accredited already."),
    "accredit.party": _l("This party cannot have this key."),
    "accredit.role": _l("Keys of this role are accredited by somebody else."),
    "adopt.presence": _l("Somebody else than a delegation is named as present."),
    "adopt.quorum": _l("Fewer delegations are present than the quorum."),
    "agreed.brackets": _l("Paragraphs are still in brackets."),
    "agreed.reserves": _l("Paragraphs are still reserved."),
    "agreed.unexamined": _l("Proposals are still waiting for a ruling."),
    "amendment.empties-unit": _l("The paragraph would be left empty."),
    "amendment.op": _l("This kind of proposal is not known here."),
    "amendment.rationale": _l("The rationale is longer than the rules allow."),
    "amendment.rebase": _l("It cannot be carried over to the words as they are now."),
    "amendment.state": _l("The proposal is in a state in which this cannot be done."),
    "amendment.symbol-taken": _l("This number is taken."),
    "amendment.target": _l("The text that it would be merged into does not name it."),
    "amendment.unit-unknown": _l("This paragraph is not in the text."),
    "archive.held": _l("Signatures in the register are still held."),
    "comment.empty": _l("There are no words in it."),
    "comment.letters": _l("There is a character in it that cannot be seen."),
    "comment.state": _l("The thread is in a state in which this cannot be done."),
    "comment.too-long": _l("It is too long."),
    "compilation.unexamined": _l("Proposals are still waiting for a ruling."),
    "confirmation.given": _l("Your delegation has answered already."),
    "confirmation.waiting": _l("Heads of delegation have still to confirm."),
    "constitution.languages": _l("The languages of the constitution do not fit together."),
    "corrigendum.base-changed": _l("The text does not read so any more."),
    "corrigendum.empties-unit": _l("A paragraph would be left empty."),
    "corrigendum.period": _l("The time to object would be too short."),
    "corrigendum.state": _l("The correction is in a state in which this cannot be done."),
    "corrigendum.symbol": _l("This is not the next corrigendum."),
    "corrigendum.unit": _l("This paragraph is not in the adopted text."),
    "declaration.state": _l("This cannot be done at the present stage."),
    "draft_version.state": _l("The version is in a state in which this cannot be done."),
    "desk.served": _l("Another officer is serving this person."),
    "endorsement.duplicate": _l("This organization has signed already."),
    "endorsement.organization": _l("The entitlement of the organization is still open."),
    "endorsement.state": _l("The signature is in a state in which this cannot be done."),
    "forum.exists": _l("This forum is here already."),
    "hour.unreadable": _l("This is not a day and an hour."),
    "import.empty": _l("A paragraph has no text."),
    "import.front-matter": _l("The lines before the text cannot be read."),
    "import.heading": _l("There is a heading deeper than two levels."),
    "import.id": _l("A paragraph has no id, or one that is used twice."),
    "import.kind": _l("What this paragraph is cannot be told from its id."),
    "import.label": _l("An item of a list does not continue the list."),
    "import.language": _l("The text says of itself that it is in another language."),
    "import.level": _l("The indentation does not fit the list."),
    "import.list": _l("There is a bullet, which has no label here."),
    "import.number": _l("A line begins with a number that is not the next."),
    "import.rich-text": _l("There is bold type or the like."),
    "import.tab": _l("There is a tab."),
    "key.party": _l("This key speaks for somebody else."),
    "key.state": _l("The key is in a state in which this cannot be done."),
    "languages.not-concordant": _l("An authentic language is not certified concordant."),
    "list.capacity": _l("The capacity cannot be read."),
    "list.columns": _l("The columns of the list are not those that are expected."),
    "paper.organization": _l("The entitlement of the organization is still open."),
    "list.form": _l("A line of the list cannot be read."),
    "list.too-long": _l("The list is too long."),
    "mandate.state": _l("The mandate is in a state in which this cannot be done."),
    "minute.missing": _l("The minute has no words."),
    "minute.too-long": _l("The minute is too long."),
    "organization.concurrence": _l("The head of the delegation has not spoken, and can still object."),
    "organization.known": _l("This registration number is registered already."),
    "organization.letters": _l("There is a letter that cannot be printed."),
    "organization.missing": _l("A field is empty."),
    "organization.not-verified": _l("This organization may not sign."),
    "organization.party": _l("This party is another organization."),
    "organization.state": _l("The organization is in a state in which this cannot be done."),
    "organization.too-long": _l("A field is too long."),
    "person.ambiguous": _l("More than one person fits."),
    "person.inactive": _l("The access of this person was taken away."),
    "person.office-held": _l("Somebody else holds this office now."),
    "person.party": _l("This short name does not belong to this role."),
    "person.party-taken": _l("This short name is taken."),
    "person.role": _l("There is no such role."),
    "reason.missing": _l("A reason is needed."),
    "reason.too-long": _l("The reason is too long."),
    "role.not-entitled": _l("Your role may not do this."),
    "seen.too-old": _l("This was signed too long ago."),
    "seen.unknown": _l("The act cites a checkpoint that this record never had."),
    "sentence.places": _l("The places in curly brackets are not those that the sentence must have."),
    "silence.state": _l("The silence procedure is in a state in which this cannot be done."),
    "statement.field": _l("A field of the act cannot be read."),
    "statement.fields": _l("The act lacks fields, or has some too many."),
    "statement.type": _l("This kind of act is not known here."),
    "translation.behind": _l("Paragraphs are behind the original."),
    "translation.empty": _l("A paragraph is ticked and has no text."),
    "translation.own": _l("You translated some of these paragraphs yourself."),
    "translation.too-long": _l("A paragraph is too long."),
    "translation.units": _l("A paragraph is not in the text."),
    "version.language": _l("This is not a language of this forum."),
    "version.language-missing": _l("An authentic text is missing or behind."),
    "version.language-status": _l("A language of the version has another status in this forum."),
    "version.languages-differ": _l("The languages do not have the same paragraphs."),
    "version.original-missing": _l("The text in the original language is missing."),
    "version.symbol-taken": _l("This symbol is taken."),
    "version.translation": _l("A paragraph is a translation of other words."),
    "version.words-missing": _l("Words of a translation are not at hand."),
    "version.words-unaccounted": _l("A paragraph has words that nobody proposed."),
}
"""What is so, by code, for words with values in them."""

_NO_VALUES: Final = {
    "role.not-entitled": "",
    "sentence.places": _l("Keep every place in curly brackets."),
    "list.columns": _l("The first line names the columns."),
}
"""What can be done instead, where the error says it with values; empty: nothing that holds without them."""


class SaidInWords(Refused):
    """A refusal whose words are its reader's already: the same rule and code, said with names and hours by the page that knows them."""


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal for a page: two sentences, the second often empty. In a template, ``{{ told(error) }}`` is both."""

    message: str
    instead: str

    def __str__(self) -> str:
        return f"{self.message} {self.instead}".strip()


def init_app(app: Flask) -> None:
    """Give templates ``told`` and ``as_sentence``."""
    app.jinja_env.globals.update(told=told, as_sentence=as_sentence)


def told(error: DeclarationError) -> Told:
    """What an error says, as sentences in the language of this answer."""
    return Told(as_sentence(message(error)), instead(error))


def message(error: DeclarationError) -> str:
    """What is so, in the language of this answer; in English the error's own words."""
    if isinstance(error, SaidInWords):
        return error.message
    general = GENERAL.get(error.code)
    return _translated(error.message) or (str(general) if general is not None else error.message)


def instead(error: DeclarationError) -> str:
    """What can be done instead, in the language of this answer; empty where nothing can."""
    if isinstance(error, SaidInWords):
        return error.instead
    known = _translated(error.instead)
    return known if known is not None else str(_NO_VALUES.get(error.code, error.instead))


def as_sentence(words: str) -> str:
    """Words that may begin in lower case, as English errors do since they also stand after a colon, as a sentence."""
    known = _translated(words) or words
    return capital(known) + ("" if known.endswith((".", "?")) else ".") if known else ""


def _translated(words: str) -> str | None:
    """The translation, the words themselves in English, None where there is none."""
    if language() == SOURCE or not words:
        return words
    found: str = get_translations().ugettext(words)
    return found if found != words else None
