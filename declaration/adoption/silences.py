"""Silence procedures as pages show them: the exact words, the hours, who ended it, and what a reader may do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.adoption.saying import in_words, said
from declaration.adoption.unit_acts import UnitOffer
from declaration.amendments import one, proposals
from declaration.amendments.composers import result_hashes
from declaration.amendments.composing import number_of, short
from declaration.amendments.words import unit_names
from declaration.credentials import acts, contents
from declaration.credentials.signing import Ask
from declaration.drafts import views
from declaration.errors import DeclarationError, NotFound
from declaration.forums import hours
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.matters import Silence
from declaration.procedure.rules import SETTINGS
from declaration.procedure.state import Amendment, State
from declaration.procedure.working import result_of
from declaration.protocol.encoding import format_time
from declaration.text.redline import Change, redline
from declaration.web.access import Actor
from declaration.web.i18n import language, when
from declaration.web.refusals import SaidInWords

_CONTENT = "0" * 64
_MARGIN = timedelta(hours=1)
"""Between the announcement and the opening heads may object to its use; the hours of the rules run from the opening."""

STATUS: Mapping[str, tuple[str, object]] = {
    "announced": ("wait", _l("Announced")),
    "running": ("silence", _l("Running")),
    "broken": ("bracketed", _l("Broken")),
    "cancelled": ("deleted", _l("Not used")),
    "expired": ("adref", _l("Unbroken: agreed ad referendum")),
}
"""The status of a silence procedure → the drawn sign, and the word beside it."""

SETTING: Mapping[str, object] = {
    "session": _l("While the forum sits"),
    "overnight": _l("Overnight, between two sittings"),
    "between": _l("Between two sessions"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What it would make, or has made, of one paragraph."""

    unit: str
    name: str
    number: str | None
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Shown:
    """One silence procedure for a page.

    :ivar by: who broke it, objected to its use or cancelled it, as people are called.
    :ivar reason: the document with the written reason, empty where there is none or it is withheld.
    :ivar notice: the same of the announcement.
    :ivar open_by: for an announced one, the last moment at which it can be opened and still run its hours.
    """

    silence: Silence
    amendment: Amendment
    short: str
    words: Sequence[Words]
    sign: str
    word: str
    setting: str
    by: str
    reason: Mapping[str, str]
    notice: Mapping[str, str]
    open_by: datetime | None
    hours: int

    @property
    def utc(self) -> str:
        """The hour of expiry in UTC, as the record has it."""
        return self.silence.expires.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting of the form that announces it.

    :ivar hours: by the rules; ``earliest``: from which moment on they would be kept if it were opened at once.
    :ivar suggested: the hour of expiry that the form fills in with it, in the forum's zone.
    """

    value: str
    word: str
    hours: int
    earliest: datetime
    suggested: str


def find(state: State, name: str) -> Silence:
    """A silence procedure by at least 8 digits of the digest of its announcement.

    :raises NotFound: there is none.
    """
    found = [each for digest, each in state.silences.items() if digest.startswith(name)] if len(name) >= 8 else []
    if len(found) != 1:
        raise NotFound(_("There is no such silence procedure."), code="silence.unknown", instead=_("The list shows all of them."))
    return found[0]


def address(silence: Silence) -> str:
    """The counterpart of :func:`find`."""
    return silence.digest[:12]


def live(state: State) -> list[Silence]:
    """Those that are announced or run, the next to end first."""
    return sorted((each for each in state.silences.values() if each.live), key=lambda each: each.expires)


def of_proposal(state: State, digest: str) -> list[Silence]:
    """Those on one proposal, the latest first."""
    return [each for each in state.silences.values() if each.proposal == digest][::-1]


def own_words(forum: Forum, state: State, silence: Silence) -> str | None:
    """Where the delegation that broke silence writes the text that goes with its break, while what was under silence is undecided.

    The words begin as those that were under silence would read, where the proposal can still be amended.
    """
    amendment = state.amendments[silence.proposal]
    unit = next((each for each in silence.units if each in state.units), None)
    if silence.status != "broken" or silence.answer is not None or unit is None:
        return None
    if not amendment.open and amendment.status != "parked":
        return None
    fits = consequences.amendment_status(state, amendment) != "stale" and unit in amendment.units
    amends = amendment.digest if fits and one.depth(state, amendment) < one.DEEPEST else None
    return url_for("drafting.propose", forum=forum.slug, unit=unit, amends=amends)


def shown(session: Session, forum: Forum, state: State, silence: Silence) -> Shown:
    """Everything about one that every participant may see."""
    amendment = state.amendments[silence.proposal]
    documents = contents.read_many(session, forum.id, [each for each in (silence.content, silence.reason) if each])
    least = state.rules.silence_hours(silence.setting)
    sign, word = STATUS[silence.status]
    return Shown(
        silence=silence,
        amendment=amendment,
        short=short(state, amendment),
        words=words(state, silence),
        sign=sign,
        word=str(word),
        setting=str(SETTING[silence.setting]),
        by=views.party_name(forum, silence.by, language()) if silence.by else "",
        reason=documents.get(silence.reason or "", {}),
        notice=documents.get(silence.content, {}),
        open_by=silence.expires - timedelta(hours=least) if silence.status == "announced" else None,
        hours=least,
    )


def words(state: State, silence: Silence) -> list[Words]:
    """The exact words, old and new, of each paragraph that is under it."""
    amendment = state.amendments[silence.proposal]
    names = unit_names(state, silence.units)
    found = []
    for unit, sha256 in silence.units.items():
        changes = _changes(state, silence, amendment, unit, sha256)
        if changes:
            found.append(Words(unit, names[unit], number_of(state, unit), changes))
    return found


def _changes(state: State, silence: Silence, amendment: Amendment, unit: str, sha256: str | None) -> Sequence[Change]:
    step = next((each for each in state.history.get(unit, ()) if each.act == silence.opened), None)
    if step is not None:  # carried at its hour: what it made of the words then
        return redline(state.words.get(step.before or "", ""), state.words.get(step.after or "", ""))
    try:
        after = result_of(state, amendment).get(unit)
    except DeclarationError:
        after = None
    if (after.sha256 if after is not None else None) == sha256:
        before = state.units.get(unit)
        if before is None:
            return [Change("insert", after.text)] if after is not None else []
        return redline(before.text, after.text) if after is not None else [Change("delete", before.text)]
    return proposals.proposal(state, amendment, unit, {}).changes if unit in amendment.units else []


def on_silence(session: Session, forum: Forum, state: State, actor: Actor | None, silence: Silence, *, now: datetime) -> list[UnitOffer]:
    """What a reader may do about one now."""
    if actor is None:
        return []

    def ask(name: str, body: Mapping[str, object] | None = None, *, filled_in: bool = False) -> Ask:
        found = acts.offer(session, forum, actor, f"silence.{name}-v1", silence.digest, body, now=now, filled_in=filled_in)
        return said(forum, state, _told(forum, state, silence, found), list(silence.units))

    ends = silence.status in ("announced", "running")
    if actor.role == "chair" and ends:
        later = {"expires": format_time(silence.expires + timedelta(hours=1)), "content": _CONTENT}
        return [
            UnitOffer("open", _("Open the silence procedure"), ask("open"), why=_("Heads are told at once; the text is under silence."),
                      main=silence.status == "announced"),
            UnitOffer("extend", _("Extend"), ask("extend", later, filled_in=True), fields=("expires", "reason"),
                      why=_("To a later hour only, and before this one has come.")),
            UnitOffer("cancel", _("Cancel"), ask("cancel"), fields=("reason",),
                      confirm=_("The proposal is on the table again, and its paragraphs are in brackets.")),
        ]  # fmt: skip
    if actor.role == "head":
        found = []
        if silence.status == "announced":
            found.append(
                UnitOffer("object_to_use", _("Object to its use"), ask("object_to_use"), fields=("reason",),
                          confirm=_("Silence is then not used for this text. Everybody reads your reason."))
            )  # fmt: skip
        else:
            found.append(
                UnitOffer("break", _("Break silence"), ask("break"), fields=("reason",),
                          confirm=_("It ends at once, for everybody, and cannot be taken back. Then you can table your own words."))
            )  # fmt: skip
        return found
    return []


def _told(forum: Forum, state: State, silence: Silence, ask: Ask) -> Ask:
    return ask if ask.refusal is None else replace(ask, refusal=told(forum, state, silence, ask.refusal))


def told(forum: Forum, state: State, silence: Silence, error: DeclarationError) -> DeclarationError:
    """Whoever comes second is told who came first, and when."""
    if error.code != "silence.state":
        return error
    if silence.ended is None:
        words = _("it runs already") if silence.status == "running" else _("it has not been opened yet")
        return SaidInWords(words, code=error.code)
    at = when(silence.ended, "short").striptags()
    who = views.party_name(forum, silence.by, language()) if silence.by else ""
    message = {
        "broken": _("already broken by %(who)s, %(when)s", who=who, when=at),
        "cancelled": _("not used any more: %(who)s, %(when)s", who=who, when=at),
        "expired": _("the hour has passed: %(when)s", when=at),
    }[silence.status]
    instead = {
        "broken": _("Everybody was told at once. Write a comment, or propose an amendment."),
        "cancelled": "",
        "expired": _("It is agreed ad referendum. You may place a reserve, or ask the Chair to reopen the paragraph."),
    }[silence.status]
    return SaidInWords(message, code=error.code, instead=instead)


def announcing(
    session: Session, forum: Forum, state: State, actor: Actor | None, amendment: Amendment, *, now: datetime
) -> UnitOffer | None:
    """The Chair's announcement of silence on one proposal; None for everybody else, and for a proposal that is decided."""
    if actor is None or actor.role != "chair" or not amendment.open or amendment.status == "in_silence":
        return None
    refused: DeclarationError | None = None
    try:
        result: Mapping[str, str | None] = result_hashes(state, amendment.digest)
    except DeclarationError as error:
        result, refused = {amendment.units[0]: _CONTENT}, in_words(forum, state, error)
    expires = now + timedelta(hours=state.rules.silence_session) + _MARGIN
    body = {"setting": "session", "expires": format_time(expires), "result": result, "content": _CONTENT}
    ask = acts.offer(session, forum, actor, "silence.announce-v1", amendment.digest, body, now=now, filled_in=True)
    ask = said(forum, state, ask, consequences.touched(state, amendment))
    if refused is not None:
        ask = Ask(ask.action, ask.act, refused, ask.endpoint)
    return UnitOffer("announce", _("Put under silence"), ask, fields=("setting", "expires", "reason"),
                     why=_("You announce it now with its exact hour. If no head objects to its use, you open it."),
                     reason=_("Notice"))  # fmt: skip


def choices(forum: Forum, state: State, now: datetime) -> list[Choice]:
    """The settings with their hours by the rules."""
    found = []
    for value in SETTINGS:
        least = state.rules.silence_hours(value)
        found.append(Choice(value, str(SETTING[value]), least, now + timedelta(hours=least), suggested(forum, state, now, value)))
    return found


def suggested(forum: Forum, state: State, now: datetime, setting: str = "session") -> str:
    """An hour of expiry that leaves time between announcement and opening, on the next full hour, in the forum's zone."""
    moment = now + timedelta(hours=state.rules.silence_hours(setting)) + _MARGIN
    if moment.minute or moment.second:
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return hours.in_zone(forum, moment)
