"""The register as files: CSV for spreadsheets, JSON for programs. What is in them is what the page shows.

**Reproducible.** What was asked for with a past moment has the same bytes whenever it is asked for: everything in a file follows from
the record up to that moment. So nothing is in it that can be taken back or comes later: no person (their documents are beside the
record, and the page shows them while their holders agree), and no witness's signature.

**CSV** is RFC 4180 (CRLF, quotation marks where needed) in UTF-8 with a byte order mark, since spreadsheets guess without one. A cell
that a spreadsheet would take for a formula (beginning with ``= + - @``, a tab or a carriage return) begins with an apostrophe instead;
the JSON has every name exactly. Signatures on paper are a table of their own: no row of it stands among those that are counted.

**JSON** is canonical (:func:`declaration.protocol.encoding.canonical`) with a line end. ``docs/register-files.md`` says what is in it.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from declaration.credentials.record import log_of
from declaration.endorsements import figures, register
from declaration.endorsements.models import Endorsement
from declaration.endorsements.record import own_note
from declaration.endorsements.selection import Selection
from declaration.endorsements.sentence import authentic_texts, country_name
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure import papers
from declaration.procedure.holdings import PaperSignature
from declaration.procedure.state import State
from declaration.protocol.encoding import JSON, canonical, format_time
from declaration.transparency import queries

FORMAT = "register-1"
COLUMNS = (
    "position", "organization", "country", "country_name", "registration", "kind", "capacity", "status", "received", "withdrawn",
    "language", "party", "key", "entry", "statement",
)  # fmt: skip
PAPER_COLUMNS = ("organization", "country", "country_name", "registration", "attested", "party", "entry", "statement", "scan")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Edition:
    """What a file is made of.

    :ivar size: entries of the record up to the moment.
    """

    forum: Forum
    state: State
    selected: Selection
    rows: Sequence[Endorsement]
    moment: datetime
    size: int
    root: str
    note: str


def edition(session: Session, forum: Forum, state: State, selected: Selection, now: datetime, *, signed: bool = True) -> Edition:
    """Read what was chosen, with the checkpoint of the record as it was at that moment; without ``signed`` none of the rows."""
    moment = (selected.at or now).replace(microsecond=0)
    log = log_of(session, forum)
    size = bisect_right(state.times, moment) if selected.at is not None else state.size
    note = own_note(queries.checkpoint_at(session, log, size)).decode()
    rows = register.chosen_rows(session, forum, selected) if signed else ()
    return Edition(forum, state, selected, rows, moment, size, queries.root_at(session, log, size).hex(), note)


def file_name(made: Edition, ending: str, what: str = "register") -> str:
    """A name that says of which forum, as at which moment, and of how many entries the file is."""
    return f"{what}-{made.forum.slug}-{made.moment:%Y%m%dT%H%M%SZ}-{made.size}.{ending}"


def as_csv(made: Edition, language: str) -> bytes:
    """The rows as a spreadsheet reads them; ``language`` names the countries."""
    return _table(COLUMNS, made, language, (_row(made, row) for row in made.rows))


def paper_csv(made: Edition, language: str) -> bytes:
    """The signatures on paper that were chosen, none of which is in :func:`as_csv`; ``language`` names the countries."""
    return _table(PAPER_COLUMNS, made, language, map(_paper, register.chosen_papers(made.state, made.selected, made.moment)))


def _table(columns: Sequence[str], made: Edition, language: str, rows: Iterable[Mapping[str, JSON]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        cells = {**row, "country_name": country_name(made.forum, str(row["country"]), language)}
        writer.writerow([guarded("" if cells[name] is None else str(cells[name])) for name in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_json(made: Edition) -> bytes:
    """The rows with everything that says what they are of."""
    state, selected = made.state, made.selected
    totals = figures.totals(state, as_at=selected.at)
    countries: list[JSON] = [
        {
            "id": each.id, "names": dict(each.names), "counted": totals.counted[each.id], "accessions": totals.accessions[each.id],
            "withdrawn": totals.withdrawn[each.id], "held": totals.held[each.id], "refused": totals.refused[each.id],
            "annulled": totals.annulled[each.id],
        }
        for each in in_order(made.forum, made.forum.original)
    ]  # fmt: skip
    corrections: list[JSON] = [
        {"symbol": each.symbol, "language": each.language, "previous": each.previous, "corrected": each.sha256, "at": format_time(each.at)}
        for done in state.corrected.values()
        for each in done
        if each.at <= made.moment
    ]
    window = state.window
    found: dict[str, JSON] = {
        "format": FORMAT,
        "forum": made.forum.origin,
        "declaration": state.declaration,
        "version": state.adopted,
        "symbol": state.versions[state.adopted].symbol if state.adopted else None,
        "texts": {**authentic_texts(state)},
        "corrections": corrections,
        "as_at": format_time(made.moment),
        "moment_asked": selected.at is not None,
        "chosen": {"country": selected.country, "apart": selected.apart, "query": selected.query},
        "window": {"opens": format_time(window.opens), "closes": format_time(window.closes)} if window is not None else None,
        "checkpoint": {"size": made.size, "root": made.root, "note": made.note},
        "totals": {
            "counted": totals.total, "accessions": sum(totals.accessions.values()), "withdrawn": sum(totals.withdrawn.values()),
            "held": sum(totals.held.values()), "refused": sum(totals.refused.values()), "annulled": sum(totals.annulled.values()),
            "listed": totals.listed, "listed_withdrawn": totals.listed_withdrawn,
        },
        "countries": countries,
        "endorsements": [_row(made, row) for row in made.rows],
        "on_paper": [_paper(each) for each in papers.on_paper(state, as_at=made.moment)],
    }  # fmt: skip
    return canonical(found) + b"\n"


def guarded(cell: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _paper(each: PaperSignature) -> dict[str, JSON]:
    return {
        "organization": each.name, "country": each.country, "registration": each.registration, "party": each.party,
        "attested": format_time(each.at), "entry": each.index, "statement": each.digest, "scan": each.scan,
    }  # fmt: skip


def _row(made: Edition, row: Endorsement) -> dict[str, JSON]:
    at = made.selected.at
    found = made.state.endorsements[row.statement]
    status = found.status if at is None else found.status_at(at)
    left = [moment for moment, said in found.story if said == "withdrawn" and moment <= made.moment]
    return {
        "position": row.position,
        "organization": row.name,
        "country": row.country,
        "registration": row.registration,
        "kind": row.kind,
        "capacity": row.capacity,
        "status": status,
        "received": format_time(row.at),
        "withdrawn": format_time(left[-1]) if status == "withdrawn" else None,
        "language": row.language,
        "party": row.party,
        "key": found.key,
        "entry": row.entry,
        "statement": row.statement,
    }
