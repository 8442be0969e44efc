"""Sentences of a notice for its reader, and the page where it is read; in the language, the zone and the forum of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from declaration.amendments.words import within
from declaration.credentials.states import current
from declaration.desk.telling import table
from declaration.desk.telling.sayings import SAYINGS
from declaration.drafts import views
from declaration.forums.delegations import is_delegation
from declaration.forums.models import Forum
from declaration.notices.host import Words
from declaration.notices.models import Notice
from declaration.procedure.state import State
from declaration.protocol.encoding import parse_time
from declaration.web.access import current_actor
from declaration.web.db import current_session
from declaration.web.i18n import capital, language, language_name, when

Page = Callable[[Mapping[str, Any]], str | None]


def words_of(notice: Notice) -> Words:
    """What a notice says.

    :raises LookupError: this service has no words of that kind.
    """
    facts = notice.facts
    found = table.sentence(notice.kind)
    says, page = (found[1].says, found[0].page) if found is not None else SAYINGS[notice.kind]
    forum: Forum = g.forum
    state = current(current_session(), forum)
    words = str(says)
    sentence = words % _Values(forum, state, facts)
    if words.startswith("%(what)s"):  # what people wrote themselves is never changed
        sentence = capital(sentence)
    lines = [line for name, line in (("opens", _("Opens: %(when)s")), ("until", _("Until: %(when)s"))) for line in _hour(facts, name, line)]
    if facts.get("units") and "symbol" in facts:
        lines.insert(0, _places(state, facts["units"]))
    return Words(sentence, lines, PAGES[page](facts) or _home(facts))


def hours(moment: datetime) -> str:
    """A moment in plain text: the reader's zone, the forum's, and UTC (PROCEDURE, invariant 22)."""
    told = when(moment).striptags()
    utc = f"{moment:%H:%M} UTC"
    return told if told.endswith("UTC (+00:00)") else f"{told} · {utc}"


def _hour(facts: Mapping[str, Any], name: str, line: str) -> list[str]:
    return [line % {"when": hours(parse_time(facts[name]))}] if name in facts else []


def _places(state: State, units: list[str]) -> str:
    return ", ".join(views.unit_name(state, unit) for unit in units[:4]) + (" …" if len(units) > 4 else "")


class _Values(dict[str, str]):
    """Values of a sentence, each made when it is asked for; one that is not known is a dash and no error."""

    def __init__(self, forum: Forum, state: State, facts: Mapping[str, Any]) -> None:
        self._forum, self._state, self._facts = forum, state, facts

    def __missing__(self, name: str) -> str:
        facts = self._facts
        if name == "what":
            return str(facts.get("symbol") or (within(_places(self._state, facts["units"])) if facts.get("units") else _("the text")))
        value = facts.get(name)
        if not isinstance(value, str) or not value:
            return "–"
        if name in ("who", "party"):
            return self._party(value)
        return language_name(value) if name == "language" else value

    def _party(self, party: str) -> str:
        if party == "chair" or is_delegation(self._forum, party):
            return views.party_name(self._forum, party, language())
        key = self._state.parties.get(party)
        if key is not None and key.organization:
            return key.organization["name"]
        return party


def _to(endpoint: str, fact: str | None = None, parameter: str = "") -> Page:
    """A page of the forum; None where this service does not have it, or the notice does not say which."""

    def address(facts: Mapping[str, Any]) -> str | None:
        if endpoint not in current_app.view_functions:
            return None
        values = {"forum": g.forum.slug}
        if fact is not None:
            value = facts.get(fact)
            value = value[0] if isinstance(value, list) and value else value
            if not isinstance(value, str):
                return None
            values[parameter] = value
        return url_for(endpoint, **values)

    return address


def _thread(facts: Mapping[str, Any]) -> str | None:
    page = _to("amendments.paragraph", "units", "unit")(facts)
    return f"{page}#thread-{facts['thread']}" if page and "thread" in facts else page


def _home(facts: Mapping[str, Any]) -> str:
    return url_for("desk.home", forum=g.forum.slug)


def _sign(facts: Mapping[str, Any]) -> str | None:
    """Where a signatory signs; everybody else follows it in the register."""
    return _to("endorsements.sign" if current_actor().role == "signatory" else "endorsements.register")(facts)


PAGES: Mapping[str, Page] = {
    "home": _home,
    "text": _to("drafts.text"),
    "stage": _to("adoption.stage"),
    "unit": _to("amendments.paragraph", "units", "unit"),
    "proposal": _to("amendments.paragraph", "units", "unit"),
    "proposals": _to("amendments.listing"),
    "drafts": _to("drafting.listing"),
    "thread": _thread,
    "language": _to("drafts.language_page", "language", "lang"),
    "next": _to("drafts.next_version"),
    "keys": _to("keys.mine"),
    "key": _to("authority.one", "key", "accreditation"),
    "accreditations": _to("keys.queue"),
    "organizations": _to("endorsements.organizations"),
    "sign": _sign,
    "register": _to("endorsements.register"),
    "lapsed": _to("endorsements.lapsed"),
    "receipt": _to("endorsements.receipt", "act", "digest"),
}
"""Pages by the names that the table uses."""
