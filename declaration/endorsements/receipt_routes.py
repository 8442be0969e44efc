"""Receipts: what somebody who signed takes home, as a page and as a file.

A receipt of a signature is public, as the register is. Those of other acts are read by whoever may read the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Response, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.drafts.reading import require_reader
from declaration.endorsements import register
from declaration.endorsements.blueprint import blueprint, public_url, this_forum, this_state, words_of
from declaration.endorsements.bundle import opened_log
from declaration.endorsements.operations import SIGN
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.record import line_of
from declaration.errors import NotFound
from declaration.forums import queries as people
from declaration.procedure.state import State
from declaration.protocol.entry import Entry, parse_entry
from declaration.transparency import queries, receipts
from declaration.transparency.models import Log
from declaration.web.access import PUBLIC, Actor, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Found:
    """An act of the record that this reader may see."""

    state: State
    log: Log
    entry: Entry
    index: int

    @property
    def seen(self) -> str:
        """The checkpoint that covers it, as statements cite one."""
        return f"{self.index + 1}:{queries.served_root(current_session(), self.log, self.index + 1).hex()}"


@blueprint.get("/<forum>/receipts/<digest>")
@allow(PUBLIC)
def receipt(forum: str, digest: str) -> ResponseReturnValue:
    """The receipt of an act as a page."""
    found, session, where = found_act(digest), current_session(), this_forum()
    actor = optional_actor()
    mine = is_own(found.entry, actor)
    mailed = actor is not None and mine and bool(people.person(session, where, actor.person_id).email)
    signed = found.state.endorsements.get(digest)
    if signed is None:
        line = line_of(where, found.state, found.index, found.entry, language())
        return render_template("endorsements/receipt_of_act.html", found=found, line=line, mine=mine, mailed=mailed)
    row = register.at_position(session, where, signed.position)
    address = public_url("endorsements.endorsement", position=signed.position, seen=found.seen)
    return render_template(
        "endorsements/receipt.html",
        found=found,
        state=found.state,
        mine=mine,
        mailed=mailed,
        listed=register.with_names(session, where, [row])[0],
        country=register.row_country(where, row, language()),
        version=found.state.versions[found.state.adopted or ""],
        words=words_of(found.entry.statement.object or ""),
        code=qr_svg(address, _("A code with the address of this signature in the register, and the checkpoint"), scale=3),
        address=address,
    )


@blueprint.get("/<forum>/receipts/<digest>/where")
@allow(PUBLIC)
def receipt_where(forum: str, digest: str) -> ResponseReturnValue:
    """For a device whose answer was lost: whether a statement is in the record, and where its receipt is.

    Whoever knows the digest has the statement, whose nonce is 16 random bytes: nobody finds one by asking.
    """
    log = queries.find_log(current_session(), this_forum().origin)
    if log is None or not _DIGEST.fullmatch(digest) or queries.index_of(current_session(), log, digest) is None:
        return jsonify(recorded=False)
    return jsonify(recorded=True, url=url_for("endorsements.receipt", forum=forum, digest=digest))


@blueprint.get("/<forum>/receipts/<digest>/file")
@allow(PUBLIC)
def receipt_file(forum: str, digest: str) -> ResponseReturnValue:
    """The receipt as a file; the same bytes whenever it is asked for."""
    found = found_act(digest)
    body = receipts.receipt(current_session(), found.log, found.index)
    return attachment(body, file_name(found.index), "text/plain; charset=utf-8")


def attachment(body: bytes, name: str, content_type: str) -> Response:
    """A small file to keep."""
    answer = make_response(body)
    answer.content_type = content_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def file_name(index: int) -> str:
    """What the file of a receipt is called."""
    return f"receipt-{this_forum().slug}-{index}.txt"


def is_own(entry: Entry, actor: Actor | None) -> bool:
    """Whether an act was signed for the reader's party, in the reader's role."""
    by = entry.statement.by
    return actor is not None and (actor.party, actor.role) == (by.party, by.role)


def found_act(digest: str) -> Found:
    """An act of the record that this reader may see.

    :raises NotFound: ``receipt.unknown``.
    """
    session, state = current_session(), this_state()
    log = opened_log(session, this_forum())
    index = queries.index_of(session, log, digest) if _DIGEST.fullmatch(digest) else None
    if index is None:
        raise NotFound(
            _("The record has no act with this digest."),
            code="receipt.unknown",
            instead=_("If you hold a receipt for it, keep the file: it proves that the record has been changed."),
        )
    entry = parse_entry(queries.entry(session, log, index))
    if entry.statement.type != SIGN:
        require_reader(state, optional_actor(), now())
    return Found(state, log, entry, index)
