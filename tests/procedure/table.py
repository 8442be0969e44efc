"""A forum in its second reading with one proposal on the table, and the acts of the sittings by short names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from declaration.protocol.encoding import format_time
from tests.procedure.bench import TEXT, Bench, digest_of

WORDS = "Decide to meet every year;"
REASON = {"content": digest_of("reason")}


class Table(Bench):
    """``Table().sitting()``: second reading; Kazakhstan's proposal on OP1 is admitted."""

    def sitting(self, *, texts: Any = None) -> Table:
        self.constituted().circulated(texts)
        self.proposed = self.admit(self.submit("head.kz", self.reads("OP1", WORDS)))
        self.second_reading()
        return self

    def on_text(self, who: str, act: str, **body: Any) -> str:
        """An act on the version in circulation; its digest."""
        return self.act(who, f"{act}-v1", self.state.current, body).digest

    def asked(self, who: str, act: str, object_: str | None = None, **body: Any) -> Callable[[], None]:
        """The question whether an act would be allowed, to be given to ``refused``."""
        return lambda: self.try_act(who, f"{act}-v1", object_ if object_ is not None else self.state.current, body)

    # -- silence ---------------------------------------------------------------------------------------------------------------

    def notice(self, proposal: str | None = None, *, hours: float = 24, setting: str = "session") -> dict[str, Any]:
        result = self.acceptance(proposal or self.proposed)["result"]
        return {"setting": setting, "expires": self.hour(hours), "result": result, "content": digest_of("notice")}

    def announced(self, proposal: str | None = None, **how: Any) -> str:
        return self.act("chair.chair", "silence.announce-v1", proposal or self.proposed, self.notice(proposal, **how)).digest

    def silence(self, proposal: str | None = None, **how: Any) -> str:
        """Announced and opened at once; runs 24 hours from now unless told otherwise."""
        digest = self.announced(proposal, **how)
        self.act("chair.chair", "silence.open-v1", digest)
        return digest

    def hour(self, hours: float) -> str:
        return format_time(self.now + timedelta(hours=hours))

    # -- paragraphs ------------------------------------------------------------------------------------------------------------

    def meeting(self, *units: str, **changes: Any) -> Mapping[str, Any]:
        """What the Chair signs who puts paragraphs to the meeting."""
        hashes = {unit: self.state.units[unit].sha256 for unit in units}
        return {"units": hashes, "present": ["az", "kz"], "content": digest_of("minute"), **changes}

    def agreed_on(self, *units: str) -> Table:
        self.on_text("chair.chair", "paragraph.agree_ad_ref", **self.meeting(*units))
        return self


TWO_LISTS = {
    **TEXT,
    "OP2": ("operative", "2", {"en": "Invite all bodies to support projects:", "az": "Bütün qurumları dəvət edirik:"}),
}
