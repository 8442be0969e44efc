"""What has lapsed, in words: who, when, why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from declaration.drafts import views
from declaration.endorsements import story
from declaration.forums.models import Forum
from declaration.procedure import lapses
from declaration.procedure.lapses import Lapse
from declaration.procedure.state import State

WHAT: Mapping[str, object] = {
    "reopened": _l("Confirmation of the whole text"),
    "window": _l("Place to sign"),
    "closed": _l("Place to sign"),
}
WHY: Mapping[str, object] = {
    "reopened": _l("The text was opened again: a word on it holds for those words and no others"),
    "window": _l("It had not signed when the window for signature closed"),
    "closed": _l("It had not signed when organizations could no longer join"),
}
REMEDY: Mapping[str, object] = {
    "reopened": _l("The head confirms the text anew once it is agreed again"),
    "window": _l("The organization can accede, on its own page for signing"),
    "closed": _l("None: nobody can join the Declaration any more"),
}
SETTLED = _l("Settled: confirmed anew, or the text was adopted without an objection")


@dataclass(frozen=True, slots=True)
class Row:
    """A lapse with the name of whom it concerns; ``index`` is the entry by which it lapsed, None where the hour did it."""

    lapse: Lapse
    name: str
    symbol: str | None
    index: int | None
    is_organization: bool

    @property
    def what(self) -> object:
        return WHAT[self.lapse.kind]

    @property
    def why(self) -> object:
        return WHY[self.lapse.kind]

    @property
    def remedy(self) -> object:
        return SETTLED if self.lapse.restored else REMEDY[self.lapse.kind]


def rows(forum: Forum, state: State, moment: datetime, language: str) -> list[Row]:
    """All of them, the newest first."""
    return [_row(forum, state, each, language) for each in reversed(lapses.lapses(state, moment))]


def lapse_of(forum: Forum, state: State, party: str, moment: datetime, language: str) -> Row | None:
    """That of one organization, if its time is over and it has not signed."""
    found = next((each for each in lapses.unsigned(state, moment) if each.party == party), None)
    return _row(forum, state, found, language) if found is not None else None


def _row(forum: Forum, state: State, each: Lapse, language: str) -> Row:
    organization = story.known(state, each.party) if each.kind != "reopened" else None
    name = organization["name"] if organization is not None else views.party_name(forum, each.party, language)
    symbol = state.versions[each.version].symbol if each.version in state.versions else None
    return Row(each, name, symbol, state.digests[each.act] if each.act is not None else None, each.kind != "reopened")
