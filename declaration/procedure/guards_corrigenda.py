"""Guards about corrections after adoption (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from declaration.errors import Refused
from declaration.procedure.act import Act
from declaration.procedure.holdings import Corrigendum
from declaration.procedure.standing import hash_as_corrected, text_as_corrected, with_edits
from declaration.procedure.state import State
from declaration.protocol.encoding import parse_time


def not_archived(state: State, act: Act) -> None:
    """What is deposited is closed."""
    if state.stage == "archived":
        raise Refused("the instrument is archived", code="corrigendum.archived")


def not_a_copy(state: State, act: Act) -> None:
    """An error in a copy alone is nobody's to object to."""
    if state.corrigenda[act.object].kind == "copy":
        raise Refused(
            "an error in a copy alone is not notified", code="corrigendum.copy", instead="Rectify the copy by a procès-verbal at once."
        )


def correction_reads(state: State, act: Act) -> None:
    """A correction says exactly what the text reads and what it should read, and what the text's hash will be; a copy's says neither."""
    made = state.corrigenda.get(act.object)
    kind, language = (made.kind, made.language) if made is not None else (act["kind"], act["language"])
    text_as_corrected(state, language)
    if (act["edits"] is None) != (kind == "copy") or (act["corrected"] is None) != (kind == "copy"):
        raise Refused(
            "a correction of the text has edits and a hash, one of a copy has neither",
            code="corrigendum.incomplete",
            instead="Write what the text should read.",
        )
    if kind == "copy":
        return
    _, sha256 = with_edits(state, language, tuple(act["edits"]))
    if sha256 == hash_as_corrected(state, language):
        raise Refused("the text would read as it does", code="corrigendum.nothing")
    if sha256 != act["corrected"]:
        raise Refused("the corrected text has another hash", code="corrigendum.hash")


def still_reads(state: State, act: Act) -> None:
    """An earlier correction of the same language may have changed what the text reads."""
    _still(state, state.corrigenda[act.object])


def _still(state: State, made: Corrigendum) -> None:
    if made.kind != "copy" and with_edits(state, made.language, made.edits)[1] != made.sha256:
        raise Refused(
            "another correction has changed this text meanwhile",
            code="corrigendum.base-changed",
            instead="Drop this one, and propose it anew.",
        )


def corrigendum_symbol(state: State, act: Act) -> None:
    """Corrigenda are numbered without gaps behind the adopted text's symbol."""
    number = 1 + sum(each.symbol is not None for each in state.corrigenda.values())
    wanted = f"{state.versions[state.adopted or ''].symbol}/Corr.{number}"
    if act["symbol"] != wanted:
        raise Refused(f"the next corrigendum is {wanted}", code="corrigendum.symbol", instead="Notify it under that symbol.")


def objection_period(state: State, act: Act) -> None:
    """Everybody has the rules' days to object."""
    if parse_time(act["until"]) < act.at + timedelta(days=state.rules.correction_days):
        raise Refused(
            f"a correction can be objected to for {state.rules.correction_days} days",
            code="corrigendum.period",
            instead="Set a later day.",
        )


def before_objection_date(state: State, act: Act) -> None:
    """Exactly at the hour is too late."""
    until = state.corrigenda[act.object].until
    if until is None or act.at >= until:
        raise Refused("the time to object is over", code="corrigendum.too-late", instead="Propose a further correction.")


def signed_or_head(state: State, act: Act) -> None:
    """Heads object, and organizations whose signature stands."""
    by = act.statement.by
    if by.role == "head":
        return
    first = state.by_party.get(by.party)
    if first is None or state.endorsements[first].status not in ("counted", "held"):
        raise Refused("your organization has not signed", code="corrigendum.not-signatory")


def notified_and_due(state: State, act: Act) -> None:
    """The day has passed and nobody objected; a copy alone needs no notice."""
    made = state.corrigenda[act.object]
    if made.kind == "copy":
        return
    if made.status != "notified" or made.until is None:
        raise Refused("this correction was not notified", code="corrigendum.not-notified", instead="Notify it first.")
    if act.at < made.until:
        raise Refused(
            "the time to object is not over", code="corrigendum.too-early", instead="Wait until the day that was notified has passed."
        )


def rectification_reads(state: State, act: Act) -> None:
    """The procès-verbal chains the corrected text to the one that it corrects, by their hashes."""
    made = state.corrigenda[act.object]
    previous = None if made.kind == "copy" else hash_as_corrected(state, made.language)
    if (act["previous"], act["corrected"]) != (previous, made.sha256):
        raise Refused("these are not the hashes of the two texts", code="corrigendum.hash")
    _still(state, made)


CORRIGENDUM_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard
    for guard in (
        not_archived,
        not_a_copy,
        correction_reads,
        still_reads,
        corrigendum_symbol,
        objection_period,
        before_objection_date,
        signed_or_head,
        notified_and_due,
        rectification_reads,
    )
}
