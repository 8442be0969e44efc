"""The public register: one sentence, the table by country, search, every endorsement with its checks. No account, no script."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials.record import log_of
from declaration.drafts.reading import may_read
from declaration.endorsements import downloads, figures
from declaration.endorsements import register as reading
from declaration.endorsements.blueprint import blueprint, public_url, this_forum, this_state
from declaration.endorsements.checks import Opened, open_endorsement
from declaration.endorsements.examination import story
from declaration.endorsements.examination_pages import DOUBT_WORDS, STEP_WORDS
from declaration.endorsements.readme import not_proved
from declaration.endorsements.receipt_routes import attachment
from declaration.endorsements.selection import chosen
from declaration.endorsements.sentence import Sentence
from declaration.endorsements.sharing import Links, links
from declaration.errors import Malformed, NotFound
from declaration.forums.delegations import delegation
from declaration.procedure import consequences, lapses, papers, standing
from declaration.procedure.state import State
from declaration.protocol.encoding import decode_decimal
from declaration.protocol.sshsig import armor
from declaration.protocol.statement import parse_seen
from declaration.transparency import queries
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

_TEXT, _JSON = "text/plain; charset=utf-8", "application/json"


@blueprint.get("/<forum>/register")
@allow(PUBLIC)
def register(forum: str) -> ResponseReturnValue:
    """The verdict, the table by country, a search, the most recent."""
    session, found, state, moment = current_session(), this_forum(), this_state(), now()
    stage = consequences.stage(state, moment)
    if state.window is None or (moment < state.window.opens and not state.endorsements):
        return render_template("endorsements/register_empty.html", state=state, stage=stage)
    selected = chosen(found, state, request.args, moment)
    as_at, query = selected.at, selected.query
    totals = figures.totals(state, as_at=as_at)
    results, more = reading.search(session, found, query, as_at) if query else ([], False)
    return render_template(
        "endorsements/register.html",
        state=state,
        stage=stage,
        moment=as_at or moment,
        as_at=as_at,
        totals=totals,
        countries=reading.by_country(found, totals, language()),
        withdrawn=sum(totals.withdrawn.values()) + totals.listed_withdrawn,
        query=query,
        results=reading.as_they_were(results, state, as_at),
        more=more,
        selected=selected,
        lapsed=len(lapses.unsigned(state, as_at or moment)),
        shared=links("endorsements.register", selected, moment),
        on_paper=len(papers.on_paper(state, as_at=as_at)),
        papers=len(reading.chosen_papers(state, selected, as_at or moment)),
        kept_apart=totals.listed + totals.listed_held + totals.listed_withdrawn,
        recent=[] if query or as_at is not None else reading.recent(session, found),
        bundle=downloads.bundle(session, found) if may_read(state, optional_actor(), moment) else None,
        texts=state.version_text(state.adopted or "").manifest.texts,
        corrected={code: made for code, done in state.corrected.items() for made in done if made.at <= (as_at or moment)},
        not_proved=not_proved(),
        country_of=lambda row: reading.row_country(found, row, language()),
    )


@blueprint.get("/<forum>/register/all")
@allow(PUBLIC)
def whole_register(forum: str) -> ResponseReturnValue:
    """Everything in the order of the register, fifty at a time; of one country, or of those listed apart."""
    found, state, moment = this_forum(), this_state(), now()
    selected = chosen(found, state, request.args, moment)
    after = _number(request.args.get("after", "0"))
    shown = reading.page(current_session(), found, selected, after=after)
    return render_template(
        "endorsements/register_all.html",
        state=state,
        listed=reading.as_they_were(shown.listed, state, selected.at),
        next=shown.after,
        after=after,
        selected=selected,
        moment=selected.at or moment,
        papers=len(reading.chosen_papers(state, selected, selected.at or moment)),
        country=delegation(found, selected.country) if selected.country is not None else None,
        shared=links("endorsements.whole_register", selected, moment),
        country_of=lambda row: reading.row_country(found, row, language()),
    )


@blueprint.get("/<forum>/register/<int:position>")
@allow(PUBLIC)
def endorsement(forum: str, position: int) -> ResponseReturnValue:
    """One endorsement with every check, made again now."""
    state, opened = _opened(position)
    session, found = current_session(), this_forum()
    row = reading.at_position(session, found, position)
    return render_template(
        "endorsements/endorsement.html",
        state=state,
        opened=opened,
        before_its_loss=standing.before_its_loss(state, opened.endorsement),
        said=_said(opened),
        listed=reading.named(row, opened.document or {}),
        story=story(session, found, state, opened.endorsement),
        steps=STEP_WORDS,
        doubts=DOUBT_WORDS,
        country=reading.row_country(found, row, language()),
        compared=_compared(request.args.get("seen")),
        shared=Links(public_url("endorsements.endorsement", position=position)),
        version=state.versions[state.adopted or ""],
        files=[(name, url_for("endorsements.raw_file", forum=forum, position=position, name=name)) for name in _FILES],
    )


@blueprint.get("/<forum>/register/<int:position>/<name>")
@allow(PUBLIC)
def raw_file(forum: str, position: int, name: str) -> ResponseReturnValue:
    """One raw file of an endorsement, to be verified with stock tools."""
    if name not in _FILES:
        raise NotFound(_("There is no such file."), code="register.file")
    _state, opened = _opened(position)
    return _FILES[name](opened)


def _entry(opened: Opened) -> Response:
    return attachment(opened.entry.raw + b"\n", "entry.json", _JSON)


def _statement(opened: Opened) -> Response:
    # No line end: these are the bytes that were signed.
    return attachment(opened.entry.statement.raw, "statement.json", _JSON)


def _signature(opened: Opened) -> Response:
    return attachment(armor(opened.entry.signature).encode(), "statement.json.sig", _TEXT)


def _signer(opened: Opened) -> Response:
    return attachment(f"{opened.signer}\n".encode(), "allowed_signers", _TEXT)


_FILES = {"statement.json": _statement, "statement.json.sig": _signature, "allowed_signers": _signer, "entry.json": _entry}


def _opened(position: int) -> tuple[State, Opened]:
    session, found, state = current_session(), this_forum(), this_state()
    row = reading.at_position(session, found, position)
    return state, open_endorsement(session, found, state, row.statement)


def _said(opened: Opened) -> Sentence | None:
    """The sentence that was signed, where it is not withheld."""
    document = opened.document or {}
    return Sentence(str(document["sentence"]), str(document.get("language", ""))) if document.get("sentence") else None


def _compared(seen: str | None) -> tuple[bool, int] | None:
    """Whether the checkpoint on a receipt, ``size:root``, is one that this record had; None where none was brought."""
    if not seen:
        return None
    brought = parse_seen(seen)
    session = current_session()
    log = log_of(session, this_forum())
    if brought.size > log.size:
        return False, brought.size
    return queries.root_at(session, log, brought.size).hex() == brought.root, brought.size


def _number(text: str) -> int:
    try:
        if (number := decode_decimal(text)) < 2**31:  # what a database's column can be asked about
            return number
        raise Malformed("a number that no register reaches", code="register.page")
    except Malformed:
        raise NotFound(_("The register has no such page."), code="register.page") from None
