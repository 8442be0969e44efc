"""Which part of the register somebody looks at, as it stands in an address: a country, those listed apart, words, a past moment.

The page, its two files and the link that is handed on are all made of one value, so what is downloaded is what was on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from declaration.errors import Malformed, NotFound
from declaration.forums.delegations import is_delegation
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time, parse_time

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of the register.

    :ivar country: id of a delegation, or None for all.
    :ivar apart: those listed apart instead of the organizations.
    :ivar query: words of names and numbers; a search looks through both.
    :ivar at: a past moment, UTC; None for now.
    """

    country: str | None = None
    apart: bool = False
    query: str = ""
    at: datetime | None = None

    def arguments(self, **others: str | None) -> dict[str, str]:
        """The same in the query of an address; ``others`` are added, and take away what they set to None."""
        found: dict[str, str | None] = {
            "country": self.country,
            "apart": "yes" if self.apart else None,
            "q": self.query or None,
            "at": format_time(self.at) if self.at is not None else None,
            **others,
        }
        return {name: value for name, value in found.items() if value is not None}


def chosen(forum: Forum, state: State, asked: Mapping[str, str], now: datetime) -> Selection:
    """Read it from the query of an address.

    :raises NotFound: ``delegation.unknown``; ``register.moment``: not a moment, not past, or before signature opened.
    """
    country = asked.get("country") or None
    if country is not None and not is_delegation(forum, country):
        raise NotFound(_("There is no such delegation in this forum."), code="delegation.unknown")
    query = " ".join(asked.get("q", "").split())[:LONGEST_QUERY]
    return Selection(country, asked.get("apart") == "yes", query, _moment(forum, state, asked, now))


def _moment(forum: Forum, state: State, asked: Mapping[str, str], now: datetime) -> datetime | None:
    """A second that is over: another act may still be received in this one, and the same address must always give the same answer."""
    if not asked.get("at", "").strip():
        return None
    try:
        found = parse_time(hour(forum, asked, "at"))
    except Malformed:
        found = None
    if found is None or found >= now.replace(microsecond=0) or state.window is None or found < state.window.opens:
        raise NotFound(
            _("The register can be shown as at any moment since signature opened."), code="register.moment",
            instead=_("Choose a moment since then that has passed."),
        )  # fmt: skip
    return found
