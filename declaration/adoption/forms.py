"""What the forms of the acts on paragraphs and silences are filled with before anybody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from declaration.adoption import silences
from declaration.adoption.silences import Choice
from declaration.adoption.unit_acts import present_before
from declaration.amendments.words import unit_names
from declaration.forums import hours
from declaration.forums.delegations import Delegation, in_order
from declaration.forums.models import Forum
from declaration.procedure.matters import Silence
from declaration.procedure.state import State
from declaration.web.i18n import language

_UNTIL = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Filled:
    """Values for the fields of :class:`~declaration.adoption.unit_acts.UnitOffer`; hours as a ``datetime-local`` input has them.

    :ivar present: the delegations that were in the room when something was put to the meeting last.
    :ivar after: places for a restored paragraph, by id and name; ``place`` is the one where it stood.
    :ivar text: the words of the paragraph, to be corrected.
    """

    delegations: Sequence[Delegation]
    present: Sequence[str]
    until: str
    report_by: str
    expires: str
    settings: Sequence[Choice]
    after: Sequence[tuple[str, str]] = ()
    place: str = ""
    text: str = ""


def filled(forum: Forum, state: State, now: datetime, *, unit: str | None = None, silence: Silence | None = None) -> Filled:
    """For the forms about one paragraph, or about one silence procedure."""
    gone = unit is not None and unit in state.gone
    later = silence.expires + timedelta(hours=1) if silence is not None else None
    soon = (now + _UNTIL).replace(minute=0, second=0, microsecond=0)
    return Filled(
        delegations=in_order(forum, language()),
        present=present_before(state),
        until=hours.in_zone(forum, soon),
        report_by=hours.in_zone(forum, soon),
        expires=hours.in_zone(forum, later) if later is not None else silences.suggested(forum, state, now),
        settings=silences.choices(forum, state, now),
        after=list(unit_names(state, state.units).items()) if gone else (),
        place=(state.gone[unit][1] or "") if gone and unit is not None else "",
        text=state.units[unit].text if unit is not None and unit in state.units else "",
    )
