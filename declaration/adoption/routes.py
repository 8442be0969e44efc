"""Where the declaration stands, and the acts that are signed below its whole text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from declaration.adoption import (
    composers,
    forms,
    matrix_pages,
    offers,
    paragraph_pages,
    paragraphs,
    receipt_pages,
    receipts,
    saying,
    silence_pages,
    silences,
    stages,
    standing,
    statement_pages,
    unit_acts,
    withheld,
)
from declaration.adoption.blueprint import blueprint, readable
from declaration.adoption.sentences import default_sentence
from declaration.amendments.routes import add_to_paragraph
from declaration.credentials import acts
from declaration.credentials.states import current
from declaration.drafts import queries, views
from declaration.drafts.reading import may_read, require_reader, text_language
from declaration.errors import DeclarationError, NotFound
from declaration.forums import hours, sections
from declaration.forums.delegations import in_order
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.state import Amendment, State
from declaration.web.access import PUBLIC, allow, current_actor, optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

__all__ = ["blueprint", "init_app"]

_PAGES = (silence_pages, paragraph_pages, matrix_pages, receipt_pages)
"""Importing them adds their views to the blueprint."""


def init_app(app: Flask) -> None:
    """Register the stage acts and the section."""
    composers.register(app)
    paragraphs.register(app)
    acts.say_refusals(app, _refused)
    add_to_paragraph(app, paragraph_pages.about)
    app.jinja_env.globals.update(
        silences_of=silence_pages.silences_of, announcing=_announcing, announce_fill=_announce_fill, party_tags=_party_tags,
        receipt_due=receipt_pages.receipt_due, receipt_board=receipt_pages.receipt_board,
    )  # fmt: skip
    statement_pages.init_app(app)
    sections.add(app, "adoption.stage", _l("Where it stands"), order=15)


@dataclass(frozen=True, slots=True)
class Station:
    """One stage on the rail."""

    stage: stages.Stage
    state: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One delegation and its head's word on the agreed text."""

    tag: str
    name: str
    lang: str
    status: str
    id: str


@blueprint.get("/<forum>/stage")
@allow(PUBLIC)
def stage(forum: str) -> ResponseReturnValue:
    """Where the declaration stands, what is missing for the next stage, and what this reader may do."""
    session, found, actor, moment = current_session(), _forum(), optional_actor(), now()
    state = current(session, found)
    at = consequences.stage(state, moment)
    inside = may_read(state, actor, moment)
    version = state.versions[state.current] if state.current else None
    return render_template(
        "adoption/stage.html",
        state=state,
        at=at,
        rail=_rail(state, at),
        now_words=_words(at),
        points=standing.points(state, found, moment) if inside else [],
        tiles=_tiles(state, found) if inside and at == "agreed_ad_ref" else [],
        objections=withheld.objections(session, found, state) if inside else [],
        opened_again=withheld.opened_again(session, found, state) if inside else None,
        offered=offers.offered(session, found, state, actor, moment),
        version=version if inside else None,
        name=queries.short_name(state, version.symbol) if version else "",
        loaded=queries.version(session, found, version.digest) if version and inside else None,
        deadline=state.deadline,
        window=_window(state, moment),
        delegations=in_order(found, language()),
        units=[(line.id, views.where({line.id: line.label}, line.kind, line.id)) for line in views.working_lines(state)] if inside else [],
        suggested={
            "deadline": hours.in_zone(found, offers.suggested_deadline(max(moment, state.deadline or moment))),
            "opens": hours.in_zone(found, moment),
            "closes": hours.in_zone(found, offers.suggested_closing(moment)),
        },
        sentences=_sentences(state, found),
        inside=inside,
    )


@blueprint.get("/<forum>/stage/<step>")
@allow("chair", "head")
def on_text(forum: str, step: str) -> ResponseReturnValue:
    """The whole text, and below it the act that is about every word of it."""
    session, found, actor, moment = current_session(), _forum(), current_actor(), now()
    state = current(session, found)
    require_reader(state, actor, moment)
    offer = stages.ON_TEXT.get(step)
    if offer is None or state.current is None or offer.role != actor.role:
        raise NotFound("there is no such step", code="stage.step")
    since = receipts.last_known(session, found, state, actor.party) if step == "confirm" and state.agreed == state.current else None
    new = since is not None and since.version.digest != state.current
    if since is not None and new and not receipts.has_read_changes(session, found, actor, since, state.current):
        return receipt_pages.changes_first(state, actor, since)
    loaded = queries.version(session, found, state.current)
    lang = text_language(loaded.texts, state.known.original)
    return render_template(
        "adoption/on_text.html",
        since=since,
        state=state,
        offer=offer,
        offered=offers.one(session, found, state, actor, offer, moment),
        version=state.versions[state.current],
        loaded=loaded,
        lang=lang,
        lines=views.version_lines(loaded, lang),
        delegations=in_order(found, language()),
        step=step,
    )


@dataclass(frozen=True, slots=True)
class Window:
    """The time for signature, as it stands at the moment of the page."""

    opens: datetime
    closes: datetime
    opened: bool
    closed: bool


def _window(state: State, moment: datetime) -> Window | None:
    known = state.window
    return None if known is None else Window(known.opens, known.closes, moment >= known.opens, moment >= known.closes)


def _forum() -> Forum:
    forum: Forum = g.forum
    return forum


def _rail(state: State, at: str) -> list[Station]:
    names = [each.name for each in stages.STAGES]
    shown = stages.STAGES if state.rules.accession else stages.STAGES[:-1]
    reached = names.index(at) if at in names else -1 if at == "lapsed" else len(names)
    return [
        Station(each, "now" if index == reached else "done" if index < reached else "later") for index, each in enumerate(shown)
    ]


def _words(at: str) -> str:
    for each in stages.STAGES:
        if each.name == at:
            return str(each.now)
    return str(stages.ENDS.get(at, ""))


def _tiles(state: State, forum: Forum) -> list[Tile]:
    given = consequences.confirmations(state)
    code = language()
    return [
        Tile(each.tag(code), each.name(code), each.name_language(code), given[each.id].status if each.id in given else "pending", each.id)
        for each in in_order(forum, code)
    ]


def _sentences(state: State, forum: Forum) -> dict[str, str]:
    if state.adopted_at is None:
        return {}
    authentic = state.known.authentic
    return {
        lang: default_sentence(lang, authentic, composers.date_in(state.adopted_at, lang, forum.time_zone)) for lang in authentic
    }


def _announcing(amendment: Amendment) -> unit_acts.UnitOffer | None:
    """For a proposal's page: the Chair's announcement of silence on it."""
    return silences.announcing(current_session(), _forum(), readable(), optional_actor(), amendment, now=now())


def _announce_fill() -> forms.Filled:
    return forms.filled(_forum(), readable(), now())


def _refused(forum: Forum, state: State, act: Act, error: DeclarationError) -> DeclarationError:
    """Why a signed act came too late, or what stands in its way, by names."""
    silence = state.silences.get(act.object)
    if silence is not None:
        error = silences.told(forum, state, silence, error)
    units = act.statement.body.get("units", act.statement.body.get("unit", ()))
    named = [units] if isinstance(units, str) else list(units) if isinstance(units, (list, Mapping)) else []
    return saying.in_words(forum, state, error, [each for each in named if isinstance(each, str) and each in state.units])


def _party_tags(parties: Sequence[str]) -> str:
    return saying.tags(_forum(), parties)
