"""How long invitations and sessions last, and by which clock.

They run on the machine's clock, not on the forum's: a demonstration whose clock is put forward by two days must not sign
everybody out, and one whose clock is put back must not revive a session that has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from declaration.web.clock import Clock

SETTING = "SESSION_LIFETIMES"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The hours of a door.

    :ivar idle: a session that was not used for so long has ended; the Chair's sooner, since that laptop stands on a podium.
    :ivar absolute: a session ends after so long, used or not.
    """

    idle: timedelta = timedelta(hours=8)
    idle_by_role: Mapping[str, timedelta] = field(default_factory=lambda: {"chair": timedelta(minutes=30)})
    absolute: timedelta = timedelta(hours=12)
    invitation: timedelta = timedelta(hours=72)

    def idle_for(self, role: str) -> timedelta:
        """How long a session of this role may rest."""
        return self.idle_by_role.get(role, self.idle)


def current() -> Lifetimes:
    """What this application is configured with (``SESSION_LIFETIMES``)."""
    lifetimes: Lifetimes = current_app.config[SETTING]
    return lifetimes


def machine_now() -> datetime:
    """The machine's hour, in whole seconds, without a demonstration's offset."""
    clock: Clock = current_app.extensions["clock"]
    return clock.now().replace(microsecond=0)
