"""The attacks of the protocol, as data; see :mod:`.kinds`."""

from __future__ import annotations

from tests.attacks.registry import archives, live, people, record, texts
from tests.attacks.registry.kinds import Attack
from tests.attacks.registry.lines import LINES

ATTACKS: tuple[Attack, ...] = (*record.ATTACKS, *people.ATTACKS, *texts.ATTACKS, *archives.ATTACKS, *live.ATTACKS)

__all__ = ["ATTACKS", "LINES", "Attack"]
