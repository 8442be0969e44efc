"""The signed declaration as a value for the documents package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.credentials.record import trust_root
from declaration.documents.guard import LONGEST_SIGNER
from declaration.documents.values import Labels, Register, Signatory, SignatoryList, SignedDocument
from declaration.drafts import papers
from declaration.endorsements import figures, register
from declaration.endorsements.blueprint import public_url
from declaration.endorsements.bundle import opened_log
from declaration.endorsements.register import Listed
from declaration.endorsements.sentence import authentic_texts
from declaration.errors import Refused
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure.papers import on_paper
from declaration.procedure.state import State, VersionText
from declaration.text.collation import sort_key
from declaration.transparency import queries


def signed_document(session: Session, forum: Forum, state: State, loaded: VersionText, lang: str, moment: datetime) -> SignedDocument:
    """The adopted text in one language, with the register as it is; countries are named and ordered in that language,
    and the organizations of a country by its alphabet."""
    if state.adopted is None or state.window is None:
        raise Refused("nothing was opened for signature", code="endorsement.not-open")
    version = papers.version_document(state, state.versions[state.adopted], loaded, lang, lang, moment, trust_root(session, forum))
    listed = [each for each in register.with_names(session, forum, register.all_rows(session, forum)) if each.row.status != "withdrawn"]
    counted = [each for each in listed if each.row.status == "counted"]
    signatures = [each for each in counted if each.row.kind == "signature"]
    further = (
        (_("Accessions"), [each for each in counted if each.row.kind == "accession"], _("Joined after signature had closed.")),
        (_("Listed apart"), [each for each in listed if each.row.status == "listed"], _("In a personal capacity or associated.")),
    )
    return SignedDocument(
        version=replace(version, labels=_labels(version.labels), notes=(*version.notes, *_corrections(state, moment))),
        opened=state.window.opens,
        as_at=moment,
        counted=figures.totals(state).total,
        signatories=_list(forum, _("Signatories"), signatures, lang, countries=True),
        register=_register(session, forum),
        digests=authentic_texts(state),
        further=(*(_list(forum, title, rows, lang, note=note) for title, rows, note in further if rows), *_on_paper(forum, state, lang)),
    )


def _corrections(state: State, moment: datetime) -> list[str]:
    """What is printed is what was signed; that it was corrected since, in any language, is said beside it."""
    done = [each for made in state.corrected.values() for each in made if each.at <= moment]
    return [
        str(
            _(
                "This is the text as it was signed. %(symbol)s of %(day)s corrects it in the language %(language)s: "
                "the text as corrected has the SHA-256 %(corrected)s. Every signature stands.",
                symbol=each.symbol, day=f"{each.at:%Y-%m-%d}", language=each.language, corrected=each.sha256,
            )
        )
        for each in sorted(done, key=lambda one: one.at)
    ]  # fmt: skip


def _list(forum: Forum, title: str, rows: Iterable[Listed], lang: str, *, note: str = "", countries: bool = False) -> SignatoryList:
    names = {each.id: each.name(lang) for each in in_order(forum, lang)}
    places = {country: place for place, country in enumerate(names)}
    signatories = [
        Signatory(
            country=names.get(each.row.country) or each.row.country.upper(),
            name=each.row.name,
            name_language=each.row.name_language,
            person=_short(each.person),
            office=_short(each.office),
            position=each.row.position,
            at=each.row.at,
        )
        for each in sorted(rows, key=lambda one: (places.get(one.row.country, len(places)), sort_key(one.row.name, lang), one.row.position))
    ]
    return SignatoryList(title, tuple(signatories), note, tuple(names.values()) if countries else ())


def _on_paper(forum: Forum, state: State, lang: str) -> tuple[SignatoryList, ...]:
    """Those whose signature on paper two persons attest: numbered by themselves, as they have no place in the register."""
    countries = {each.id: each for each in in_order(forum, lang)}
    places = {country: place for place, country in enumerate(countries)}
    listed = sorted(on_paper(state), key=lambda one: (places.get(one.country, len(places)), sort_key(one.name, lang)))
    if not listed:
        return ()
    rows = tuple(
        Signatory(countries[each.country].name(lang), each.name, countries[each.country].languages[0], None, None, number, each.at)
        for number, each in enumerate(listed, 1)
    )
    note = _("As two persons of the secretariat attest; not yet with a key, and in no total.")
    return (SignatoryList(_("Signed on paper"), rows, note),)


def _short(text: str | None) -> str | None:
    """A document that somebody else's client composed may hold more than paper does; the register shows it whole."""
    return text[:LONGEST_SIGNER] if text else None


def _register(session: Session, forum: Forum) -> Register:
    log = opened_log(session, forum)
    note = queries.latest(session, log).decode()
    return Register(public_url("endorsements.register"), note, log.size, log.root.hex())


def _labels(known: Labels) -> Labels:
    return Labels(
        {
            **known.translated,
            "constitution": _("Root of trust (leaf hash of the constitution)"), "counted": _("Organizations that signed"),
            "opened": _("Opened for signature"), "total": _("Total"), "country": _("Country"), "continued": _("continued"),
            "position": _("No."), "organization": _("Organization"), "person": _("Signed by"), "signed": _("Signed (UTC)"),
            "register": _("The register"), "register_url": _("Address"),
            "register_note": _("Scan to open the register, download the record and check every signature yourself."),
            "record_size": _("Entries in the record"), "record_root": _("Root of the record"), "checkpoint": _("Signed checkpoint"),
        }
    )  # fmt: skip
