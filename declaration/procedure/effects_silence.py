"""Effects of the silence procedure, and what follows from its hour (see :mod:`declaration.procedure.effects`).

:func:`elapse` is the one place where time alone changes words: a silence that nobody broke is carried at its own hour, before any later
act is judged. It is asked with the moment of each act, and by readers with the present moment, so that nothing depends on a job having
run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from declaration.errors import DeclarationError
from declaration.procedure.act import Act
from declaration.procedure.effects_amendments import carry
from declaration.procedure.matters import Agreed, Silence
from declaration.procedure.state import State
from declaration.protocol.encoding import parse_time

Effect = Callable[[State, Act], None]


def announce(state: State, act: Act) -> None:
    """Everybody knows the text and the hour; whoever objects to using silence says so now."""
    state.silences[act.digest] = Silence(
        digest=act.digest,
        proposal=act.object,
        units=dict(act["result"]),
        setting=act["setting"],
        expires=parse_time(act["expires"]),
        status="announced",
        announced_at=act.at,
        content=act["content"],
    )


def open_silence(state: State, act: Act) -> None:
    """It runs."""
    state.set_silence(act.object, status="running", opened=act.digest, opened_at=act.at)
    state.set_amendment(state.silences[act.object].proposal, status="in_silence")


def object_to_use(state: State, act: Act) -> None:
    """It is not used."""
    state.set_silence(act.object, status="cancelled", ended=act.at, by=act.statement.by.party, reason=act["content"])


def break_silence(state: State, act: Act) -> None:
    """The proposal is open again, and so are its paragraphs."""
    _end(state, act, "broken")


def cancel(state: State, act: Act) -> None:
    """The Chair takes it back."""
    _end(state, act, "cancelled")


def extend(state: State, act: Act) -> None:
    """A later hour."""
    state.set_silence(act.object, expires=parse_time(act["expires"]))


def _end(state: State, act: Act, status: str) -> None:
    state.set_silence(act.object, status=status, ended=act.at, by=act.statement.by.party, reason=act["content"])
    state.set_amendment(state.silences[act.object].proposal, status="admitted")


def due(state: State, at: datetime) -> list[Silence]:
    """The procedures that have expired by ``at``, in the order of their hours, then of their announcement."""
    found = [each for each in state.silences.values() if each.status == "running" and at >= each.expires]
    return sorted(found, key=lambda each: each.expires) if found else found


def elapse(state: State, at: datetime) -> None:
    """Let what has expired by ``at`` take effect, in place."""
    for silence in due(state, at):
        _expire(state, silence)


def _expire(state: State, silence: Silence) -> None:
    if state.stage == "second_reading":
        try:
            carry(state, silence.proposal, act=silence.opened or silence.digest, at=silence.expires)
        except DeclarationError:
            # No rule lets the words under a silence change; should one ever, silence is no agreement to words that nobody saw.
            state.set_amendment(silence.proposal, status="admitted")
        else:
            state.set_silence(silence.digest, status="expired", ended=silence.expires)
            for unit, sha256 in silence.units.items():
                if sha256 is not None:
                    state.paragraphs[unit] = "agreed_ad_ref"
                    everyone = tuple(state.known.delegations)
                    state.agreements[unit] = Agreed(sha256, everyone, silence.expires, silence.opened or silence.digest)
            return
    state.set_silence(silence.digest, status="cancelled", ended=silence.expires)


SILENCE_EFFECTS: Mapping[str, Effect] = {
    "silence.announce-v1": announce,
    "silence.open-v1": open_silence,
    "silence.object_to_use-v1": object_to_use,
    "silence.break-v1": break_silence,
    "silence.cancel-v1": cancel,
    "silence.extend-v1": extend,
}
