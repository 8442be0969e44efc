"""``/<forum>/compilation``: every open proposal in one reading, in brackets with the names of those who want them, to read and to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from declaration.credentials.states import current
from declaration.desk import hall
from declaration.desk.blueprint import blueprint, this_forum
from declaration.desk.hall import Piece, Whole
from declaration.drafts import views
from declaration.drafts.comparing import Line
from declaration.drafts.composing import working_units
from declaration.drafts.reading import require_reader
from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.text.rolling import Block, rolling, summary
from declaration.web.access import PUBLIC, allow, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session


@dataclass(frozen=True, slots=True)
class Rolled:
    """One paragraph with everything proposed on it."""

    line: Line
    sign: str
    word: str
    pieces: Sequence[Piece]
    below: Sequence[Whole]


@blueprint.get("/<forum>/compilation")
@allow(PUBLIC)
def compilation(forum: str) -> ResponseReturnValue:
    """The rolling text at this hour."""
    state = current(current_session(), this_forum())
    require_reader(state, optional_actor(), now())
    if state.current is None:
        return render_template("drafts/no_text.html", state=state)
    try:
        blocks: Sequence[Block] | None = rolling(working_units(state), hall.open_proposals(state, this_forum()))
    except DeclarationError:
        blocks = None
    counted = summary(blocks) if blocks is not None else None
    return render_template(
        "desk/compilation.html", state=state, rows=_rows(state, blocks or ()), counted=counted, moment=now(),
        version=state.versions[state.current],
    )  # fmt: skip


def _rows(state: State, blocks: Sequence[Block]) -> list[Rolled]:
    found = {block.unit.id: block for block in blocks if block.unit is not None}
    rows = []
    for line in views.working_lines(state):
        sign, word = views.PARAGRAPH_STATUS[consequences.paragraph_status(state, line.id)]
        block = found.get(line.id)
        pieces = hall.pieces_of(block) if block is not None else [Piece("equal", line.text)]
        below = [hall.whole_of(each) for each in block.alternatives] if block is not None else []
        rows.append(Rolled(line, sign, str(word), pieces, below))
    return rows
