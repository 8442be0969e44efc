"""Reading the register: totals from the record, rows for lists and search, names from the documents that their holders left public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.endorsements.models import Endorsement
from declaration.endorsements.search import matches, patterns, search_key
from declaration.endorsements.selection import Selection
from declaration.endorsements.sentence import country_name
from declaration.errors import NotFound
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure import papers
from declaration.procedure.consequences import Totals
from declaration.procedure.holdings import PaperSignature
from declaration.procedure.state import State

ORGANIZATIONS = Selection()
"""All that are not listed apart, now."""

PAGE = 50
RECENT = 6
FOUND = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """One row as a page shows it. ``person`` and ``office`` are None where they are withheld.

    :ivar past: the status that it had at the past moment which is shown; None for now.
    """

    row: Endorsement
    person: str | None
    office: str | None
    past: str | None = None

    @property
    def status(self) -> str:
        """As the register showed it at the moment that was asked for."""
        return self.past or self.row.status


@dataclass(frozen=True, slots=True)
class Country:
    """One line of the table by country."""

    id: str
    name: str
    name_language: str
    counted: int
    accessions: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the register. ``after`` begins the next one, None on the last."""

    listed: Sequence[Listed]
    after: int | None


def by_country(forum: Forum, totals: Totals, language: str) -> list[Country]:
    """The totals in the order of the language that is displayed."""
    return [
        Country(
            each.id, each.name(language), each.name_language(language),
            totals.counted[each.id], totals.accessions[each.id], totals.withdrawn[each.id],
        )
        for each in in_order(forum, language)
    ]  # fmt: skip


def recent(session: Session, forum: Forum) -> list[Listed]:
    """The newest of those that are not listed apart, the last first."""
    query = _rows(forum).where(Endorsement.capacity == "organization").order_by(Endorsement.position.desc()).limit(RECENT)
    return with_names(session, forum, session.scalars(query))


def page(session: Session, forum: Forum, chosen: Selection = ORGANIZATIONS, *, after: int = 0) -> Page:
    """Fifty of the rows that were chosen behind position ``after``, in the order of the register."""
    rows = session.scalars(_chosen(forum, chosen).where(Endorsement.position > after).limit(PAGE + 1)).all()
    return Page(with_names(session, forum, rows[:PAGE]), rows[PAGE - 1].position if len(rows) > PAGE else None)


def search(session: Session, forum: Forum, query: str, at: datetime | None = None) -> tuple[list[Listed], bool]:
    """Rows whose name or number has every word of the query, in any script; and whether there are more than are given."""
    if not patterns(query):
        return [], False
    rows = session.scalars(_chosen(forum, Selection(query=query, at=at)).limit(FOUND + 1)).all()
    return with_names(session, forum, rows[:FOUND]), len(rows) > FOUND


def chosen_rows(session: Session, forum: Forum, chosen: Selection) -> Sequence[Endorsement]:
    """Every row that was chosen, in the order of the register; their statuses are those of now."""
    return session.scalars(_chosen(forum, chosen)).all()


def chosen_papers(state: State, chosen: Selection, moment: datetime) -> list[PaperSignature]:
    """The signatures on paper that were chosen by the rules of the rows, as at ``moment``, in the order in which they were attested.

    They stand among no rows: those listed apart are persons and associates, so of them none is on paper.
    """
    if chosen.query and not patterns(chosen.query):
        return []
    return [
        each
        for each in papers.on_paper(state, as_at=moment)
        if (matches(search_key(each.name, each.registration), chosen.query) if chosen.query else not chosen.apart)
        and chosen.country in (None, each.country)
    ]


def as_they_were(listed: Iterable[Listed], state: State, at: datetime | None) -> list[Listed]:
    """Rows with the status that each had at a past moment; the same rows where none was asked for."""
    if at is None:
        return list(listed)
    return [replace(each, past=state.endorsements[each.row.statement].status_at(at)) for each in listed]


def at_position(session: Session, forum: Forum, position: int) -> Endorsement:
    """One row.

    :raises NotFound: ``register.position``.
    """
    found = session.scalar(_rows(forum).where(Endorsement.position == position))
    if found is None:
        raise NotFound(
            "the register has no such position", code="register.position", instead="The register counts from 1, in order of arrival."
        )
    return found


def of_party(session: Session, forum: Forum, party: str) -> Endorsement | None:
    """The newest signature of an organization, or None; before it stand only such as were refused or annulled."""
    return session.scalar(_rows(forum).where(Endorsement.party == party).order_by(Endorsement.position.desc()).limit(1))


def all_rows(session: Session, forum: Forum) -> Sequence[Endorsement]:
    """The whole register, in order."""
    return session.scalars(_rows(forum).order_by(Endorsement.position)).all()


def with_names(session: Session, forum: Forum, rows: Iterable[Endorsement]) -> list[Listed]:
    """Rows with the persons who signed, where these are public."""
    listed = list(rows)
    known = contents.read_many(session, forum.id, [row.content for row in listed], audiences=("public",))
    return [named(row, known.get(row.content, {})) for row in listed]


def row_country(forum: Forum, row: Endorsement, language: str) -> str:
    """The country of a row, named in a language."""
    return country_name(forum, row.country, language)


def named(row: Endorsement, document: Mapping[str, object]) -> Listed:
    """A row with the person whom its document names."""
    person, office = document.get("person"), document.get("office")
    return Listed(row, str(person) if person else None, str(office) if office else None)


def _rows(forum: Forum) -> Select[Endorsement]:
    return select(Endorsement).where(Endorsement.forum_id == forum.id)


def _chosen(forum: Forum, chosen: Selection) -> Select[Endorsement]:
    """A search looks through everything; without one, organizations and those listed apart are two lists."""
    query = _rows(forum).order_by(Endorsement.position)
    if chosen.query:
        query = query.where(_has_words(chosen.query))
    else:
        query = query.where(Endorsement.capacity != "organization" if chosen.apart else Endorsement.capacity == "organization")
    if chosen.country is not None:
        query = query.where(Endorsement.country == chosen.country)
    return query.where(Endorsement.at <= chosen.at) if chosen.at is not None else query


def _has_words(query: str) -> ColumnElement[bool]:
    wanted = patterns(query)
    if not wanted:  # signs alone: nothing has them, and everything would be the wrong answer
        return false()
    return and_(*(or_(*(Endorsement.search.like(one, escape="\\") for one in spellings)) for spellings in wanted))
