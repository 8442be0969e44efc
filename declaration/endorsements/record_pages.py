"""``/<forum>/record``: the record for whoever audits it, without account or script, as far as the rules let this reader see it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials.record import trust_root
from declaration.endorsements import record
from declaration.endorsements.blueprint import blueprint, public_url, this_forum, this_state
from declaration.endorsements.bundle import opened_log
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.receipt_routes import attachment
from declaration.endorsements.record import PAGE, Shown
from declaration.errors import Malformed, NotFound
from declaration.protocol.encoding import decode_decimal
from declaration.protocol.receipt import parse_receipt
from declaration.protocol.sshsig import armor
from declaration.transparency import queries, receipts, witnesses
from declaration.transparency.models import Log
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

_TEXT, _JSON = "text/plain; charset=utf-8", "application/json"
_RECENT = 5


@blueprint.get("/<forum>/record")
@allow(PUBLIC)
def record_list(forum: str) -> ResponseReturnValue:
    """The entries, fifty at a time in their order; ``?from=`` says which, the newest page otherwise."""
    session, found, state = current_session(), this_forum(), this_state()
    root = trust_root(session, found)
    if root is None:
        return render_template("endorsements/verify_empty.html", state=state)
    log = opened_log(session, found)
    start = _number(request.args.get("from"), most=log.size - 1, default=(log.size - 1) // PAGE * PAGE)
    readable = record.may_read_entries(log)
    return render_template(
        "record/list.html",
        state=state,
        log=log,
        root=root,
        readable=readable,
        start=start,
        page=PAGE,
        lines=record.lines(session, found, state, log, start, language()) if readable else [],
        recent=record.checkpoints(session, found, log.size, _RECENT),
    )


@blueprint.get("/<forum>/record/<int:index>")
@allow(PUBLIC)
def record_entry(forum: str, index: int) -> ResponseReturnValue:
    """One entry: what it says, that it is signed and in the record, its neighbours, and its raw files."""
    log, shown = _shown(index)
    session, found, state = current_session(), this_forum(), this_state()
    address = public_url("endorsements.record_entry", index=index)
    position = next((each.position for each in state.endorsements.values() if each.index == index), None)
    return render_template(
        "record/entry.html",
        state=state,
        log=log,
        shown=shown,
        root=trust_root(session, found),
        files=[(name, url_for("endorsements.record_file", forum=forum, index=index, name=name)) for name in _FILES],
        acted_on=_place_of(log, shown.entry.statement.object),
        position=position,
        address=address,
        code=qr_svg(address, _("A code with the address of this entry"), scale=3),
    )


@blueprint.get("/<forum>/record/<int:index>/<name>")
@allow(PUBLIC)
def record_file(forum: str, index: int, name: str) -> ResponseReturnValue:
    """One raw file of an entry, for stock tools."""
    if name not in _FILES:
        raise NotFound(_("There is no such file."), code="record.file")
    log, shown = _shown(index)
    return _FILES[name](log, shown)


@blueprint.get("/<forum>/record/checkpoints")
@allow(PUBLIC)
def record_checkpoints(forum: str) -> ResponseReturnValue:
    """What the service has signed, the newest first, and how many witnesses stand under it. Public from the first entry."""
    session, found, state = current_session(), this_forum(), this_state()
    if trust_root(session, found) is None:
        return render_template("endorsements/verify_empty.html", state=state)
    log = opened_log(session, found)
    upto = _number(request.args.get("upto"), most=log.size, default=log.size)
    shown = record.checkpoints(session, found, upto, PAGE + 1)
    return render_template(
        "record/checkpoints.html", state=state, log=log, shown=shown[:PAGE], upto=upto, older=shown[PAGE].size if shown[PAGE:] else None,
    )  # fmt: skip


@blueprint.get("/<forum>/record/checkpoints/<int:size>")
@allow(PUBLIC)
def record_checkpoint(forum: str, size: int) -> ResponseReturnValue:
    """One checkpoint: its text, who has signed it, the code that carries it, and the proof that the record now extends it."""
    session, state = current_session(), this_state()
    log = opened_log(session, this_forum())
    note = _note(log, size)
    carries = _("A code that carries this checkpoint and the signature of the record’s key")
    return render_template(
        "record/checkpoint.html",
        state=state,
        log=log,
        size=size,
        root=queries.served_root(session, log, size).hex(),
        note=note.decode(),
        witnesses=sorted(each.name for each in witnesses.signed_by(session, log, size)),
        code=qr_svg(record.own_note(note).decode(), carries, scale=3),
        proof=queries.consistency(session, log, size, log.size) if size < log.size else [],
        newest=queries.served_root(session, log, log.size).hex(),
    )


@blueprint.get("/<forum>/record/checkpoints/<int:size>/note")
@allow(PUBLIC)
def record_note(forum: str, size: int) -> ResponseReturnValue:
    """A checkpoint as a file, to be kept and given to a verifier with ``--since``."""
    log = opened_log(current_session(), this_forum())
    return attachment(_note(log, size), f"checkpoint-{this_forum().slug}-{size}.txt", _TEXT)


def _note(log: Log, size: int) -> bytes:
    if not 1 <= size <= log.size:  # before a database is asked for a number that it cannot hold
        raise NotFound(
            _("The record has no checkpoint of this size."), code="log.no-such-size", instead=_("It has %(size)s entries.", size=log.size)
        )
    return witnesses.cosigned_note(current_session(), log, size)


def _shown(index: int) -> tuple[Log, Shown]:
    session, found, state = current_session(), this_forum(), this_state()
    log = opened_log(session, found)
    record.require_entries(log, state, optional_actor(), now())
    if index >= log.size:
        raise _no_entry(log.size)
    return log, record.show(session, found, state, log, index, language())


def _place_of(log: Log, digest: str | None) -> int | None:
    """The entry that this one acts on, where that is a statement."""
    return queries.index_of(current_session(), log, digest) if digest is not None else None


def _number(text: str | None, *, most: int, default: int) -> int:
    if text is None:
        return default
    try:
        number = decode_decimal(text.strip())
    except Malformed:
        number = most + 1
    if number > most:
        raise _no_entry(this_state().size)
    return number


def _no_entry(size: int) -> NotFound:
    return NotFound(_("The record has no such entry."), code="log.no-such-entry", instead=_("It has %(size)s entries.", size=size))


def _entry(log: Log, shown: Shown) -> Response:
    return attachment(shown.entry.raw + b"\n", "entry.json", _JSON)


def _statement(log: Log, shown: Shown) -> Response:
    # No line end: these are the bytes that were signed.
    return attachment(shown.entry.statement.raw, "statement.json", _JSON)


def _signature(log: Log, shown: Shown) -> Response:
    return attachment(armor(shown.entry.signature).encode(), "statement.json.sig", _TEXT)


def _signer(log: Log, shown: Shown) -> Response:
    return attachment(f"{shown.signer}\n".encode(), "allowed_signers", _TEXT)


def _receipt(log: Log, shown: Shown) -> Response:
    return attachment(receipts.receipt(current_session(), log, shown.line.index), f"receipt-{shown.line.index}.txt", _TEXT)


def _proof(log: Log, shown: Shown) -> Response:
    raw = receipts.receipt(current_session(), log, shown.line.index)
    return attachment(parse_receipt(raw).tlog_proof, f"proof-{shown.line.index}.txt", _TEXT)


_FILES: dict[str, Callable[[Log, Shown], Response]] = {
    "statement.json": _statement,
    "statement.json.sig": _signature,
    "allowed_signers": _signer,
    "entry.json": _entry,
    "proof.txt": _proof,
    "receipt.txt": _receipt,
}

RAW_FILES = tuple(_FILES)
"""Names of the files that every entry has."""
