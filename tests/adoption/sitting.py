"""A second reading with something on the table, for the tests of the sitting."""

from __future__ import annotations

from datetime import timedelta

from declaration.protocol.encoding import format_time
from declaration.web.clock import now

YEAR, BODIES = "Decide to meet every year;", "Invite all bodies to support joint projects;"


def hour(hours: float) -> str:
    """So many hours from now, as a statement spells it."""
    return format_time((now() + timedelta(hours=hours)).replace(microsecond=0))


def announce(play, proposal: str, *, hours: float = 30, setting: str = "session") -> str:
    fields = {"setting": setting, "expires": hour(hours)}
    return play.act("chair", "silence.announce-v1", proposal, fields).act.digest


def run(play, proposal: str, *, hours: float = 30, setting: str = "session") -> str:
    """Announced and opened; the digest of the announcement."""
    digest = announce(play, proposal, hours=hours, setting=setting)
    play.act("chair", "silence.open-v1", digest)
    return digest


def agreed(play, *units: str, **fields: str) -> None:
    play.act("chair", "paragraph.agree_ad_ref-v1", play.state.current, {"units": " ".join(units), **fields})


def reserve(play, party: str, unit: str, until: str = "") -> None:
    fields = {"unit": unit, "until": until, "reason": "<b>We ask</b> at home."}
    play.act(party, "paragraph.place_reserve-v1", play.state.current, fields, role="head")
