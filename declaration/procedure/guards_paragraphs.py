"""Guards about paragraphs and silence (see :mod:`declaration.procedure.guards`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from declaration.errors import Refused
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.effects_paragraphs import restoring
from declaration.procedure.state import State, units_of_edits
from declaration.procedure.working import apply_edits
from declaration.protocol.encoding import format_time, parse_time
from declaration.text.letters import check_letters


def in_second_reading(state: State, act: Act) -> None:
    """Paragraphs are settled in the second reading."""
    if state.stage != "second_reading":
        raise Refused("paragraphs are settled in the second reading", code="paragraph.stage")


def named_units(act: Act) -> tuple[str, ...]:
    """The paragraphs that an act of the machine ``paragraph`` is about."""
    body = act.statement.body
    if "unit" in body:
        return (act["unit"],)
    if "units" in body:
        return tuple(act["units"])
    return tuple(dict.fromkeys(edit["unit"] for edit in act["edits"]))


def words_stand(state: State, act: Act) -> None:
    """What is agreed is what the Chair read: each paragraph by the hash of its words."""
    for unit, sha256 in act["units"].items():
        if state.units[unit].sha256 != sha256:
            raise Refused(f"{unit} has other words by now", code="paragraph.words", instead="Read it as it stands, and put it again.")


def nothing_proposed_on_it(state: State, act: Act) -> None:
    """A paragraph is agreed when every proposal on it has been decided."""
    for unit in act["units"]:
        _all_decided(state, unit)


def delegations_alone(state: State, parties: Iterable[str], code: str) -> None:
    """Refuse, under ``code``, a list that names anybody but delegations of the forum."""
    strangers = [party for party in parties if party not in state.known.delegations]
    if strangers:
        raise Refused(f"not a delegation: {', '.join(strangers)}", code=code)


def present_known(state: State, act: Act) -> None:
    """Those in the room are delegations of the forum."""
    delegations_alone(state, act["present"], "paragraph.presence")


def group_fits(state: State, act: Act) -> None:
    """A small group is of delegations, its facilitator one of them, and it reports at an hour to come."""
    delegations_alone(state, act["members"], "group.members")
    if act["facilitator"] not in act["members"]:
        raise Refused("the facilitator is not a member of the group", code="group.facilitator", instead="Name one of its members.")
    if parse_time(act["report_by"]) <= act.at:
        raise Refused("the hour of the report has passed already", code="group.hour", instead="Set a later one.")


def no_reserve_yet(state: State, act: Act) -> None:
    """One reserve of a delegation on a paragraph, and until an hour to come."""
    if any(each.delegation == act.statement.by.party for each in state.reserves.get(act["unit"], ())):
        raise Refused("your delegation has a reserve on this paragraph already", code="reserve.placed")
    if act["until"] is not None and parse_time(act["until"]) <= act.at:
        raise Refused("the hour of the reserve has passed already", code="reserve.hour", instead="Set a later one, or none.")


def own_reserve(state: State, act: Act) -> None:
    """A reserve is lifted by the delegation that placed it, and by no other."""
    if not any(each.delegation == act.statement.by.party for each in state.reserves.get(act["unit"], ())):
        raise Refused("your delegation has no reserve on this paragraph", code="reserve.not-own")


def deletion_fits(state: State, act: Act) -> None:
    """The paragraph still has the words that the Chair read, and every proposal on it has been decided."""
    unit = state.units[act["unit"]]
    if unit.sha256 != act["base"]:
        raise Refused(f"{unit.id} has other words by now", code="paragraph.words", instead="Read it as it stands, and put it again.")
    after = apply_edits(state.units, [{"base": act["base"], "op": "delete", "splices": [], "unit": unit.id}])
    for gone in consequences.changed(state.units, after):
        _all_decided(state, gone)
    _free(state, consequences.changed(state.units, after))


def _all_decided(state: State, unit: str) -> None:
    waiting = [each.symbol for each in consequences.proposals_on(state, unit) if each.open]
    if waiting:
        raise Refused(
            f"still on the table for {unit}: {', '.join(waiting)}",
            code="paragraph.proposals-open",
            instead="Decide on each of them first.",
        )


def restoration_fits(state: State, act: Act) -> None:
    """A deleted paragraph is put back after one that stands."""
    if act["after"] is not None and act["after"] not in state.units:
        raise Refused(f"there is no {act['after']} in the text", code="paragraph.place", instead="Choose another place.")
    restoring(state, act)


def not_yet_presented(state: State, act: Act) -> None:
    """Editorial corrections end when the text is presented; after adoption errors are corrected by corrigendum (VCLT 79)."""
    if state.stage not in ("second_reading", "agreed_ad_ref", "legal_review"):
        instead = "After adoption an error is corrected by a corrigendum." if state.adopted else ""
        raise Refused("the text is no longer corrected editorially", code="correction.stage", instead=instead)
    if state.current is not None and state.versions[state.current].status == "frozen":
        raise Refused("the text is frozen", code="correction.frozen")


def correction_fits(state: State, act: Act) -> None:
    """A correction changes words of paragraphs that stand, exactly, and no more than words."""
    for edit in act["edits"]:
        if edit["op"] != "replace":
            raise Refused("a correction changes words and nothing else", code="correction.kind", instead="Propose an amendment.")
    after = apply_edits(state.units, act["edits"])
    for unit in consequences.changed(state.units, after):
        check_letters(after[unit].text, where=unit)


# silence -----------------------------------------------------------------------------------------------------------------


def is_admitted(state: State, act: Act) -> None:
    """Silence is about a proposal that is on the table and fits the text."""
    status = consequences.amendment_status(state, state.amendments[act.object])
    if status != "admitted":
        raise Refused(f"not possible: {status.replace('_', ' ')}", code="amendment.state", instead="Choose a proposal that is admitted.")


def paragraphs_free(state: State, act: Act) -> None:
    """Words under silence, or before a small group, are not decided on elsewhere; one silence at a time for a paragraph."""
    digest = state.silences[act.object].proposal if act.object in state.silences else act.object
    units = consequences.touched(state, state.amendments[digest])
    _free(state, units)
    if act.type == "silence.announce-v1":
        _not_announced_twice(state, units)


def _free(state: State, units: Iterable[str]) -> None:
    for unit in units:
        silence = consequences.silence_on(state, unit)
        if silence is not None:
            raise Refused(
                f"{unit} is under silence until {format_time(silence.expires)}",
                code="paragraph.under-silence",
                instead="Wait for the hour, or cancel the silence procedure.",
            )
        if unit in state.groups:
            raise Refused(
                f"{unit} is before a small group",
                code="paragraph.small-group",
                instead="The secretariat reports back from the group first.",
            )


def _not_announced_twice(state: State, units: tuple[str, ...]) -> None:
    for each in state.silences.values():
        if each.live and not set(units).isdisjoint(each.units):
            raise Refused("a silence procedure is announced for this paragraph already", code="silence.announced-already")


def silence_text_stands(state: State, act: Act) -> None:
    """What is opened is what was announced, to the letter."""
    silence = state.silences[act.object]
    amendment = state.amendments[silence.proposal]
    if consequences.amendment_status(state, amendment) != "admitted":
        raise Refused("the proposal is no longer on the table", code="silence.text", instead="Announce a silence procedure on another.")
    if consequences.outcome(state, amendment) != dict(silence.units):
        raise Refused("the text has changed since it was announced", code="silence.text", instead="Announce it again.")


def silence_long_enough(state: State, act: Act) -> None:
    """At least the hours of the rules, by the server's clock, from now to the hour of expiry."""
    if act.type == "silence.open-v1":
        silence = state.silences[act.object]
        setting, expires = silence.setting, silence.expires
    else:
        setting, expires = act["setting"], parse_time(act["expires"])
    least = state.rules.silence_hours(setting)
    if expires - act.at < timedelta(hours=least):
        raise Refused(
            f"a silence procedure of this kind runs at least {least} hours", code="silence.too-short", instead="Set a later hour."
        )


def silence_later(state: State, act: Act) -> None:
    """The hour is only ever moved later."""
    if parse_time(act["expires"]) <= state.silences[act.object].expires:
        raise Refused("the hour of a silence procedure can only be moved later", code="silence.not-later")


def broke_silence(state: State, act: Act) -> None:
    """The text that goes with a break: of the delegation that broke it, once, while what was under silence is undecided."""
    silence = state.silences.get(act["silence"])
    if silence is None or silence.status != "broken" or silence.by != act.statement.by.party:
        raise Refused("your delegation has not broken this silence", code="silence.not-broken", instead="Submit it as an amendment.")
    if silence.answer is not None:
        raise Refused("a text was tabled with this break already", code="silence.answered", instead="Submit it as a late amendment.")
    if not state.amendments[silence.proposal].open and state.amendments[silence.proposal].status != "parked":
        raise Refused("what was under silence has been decided", code="silence.decided", instead="Submit it as a late amendment.")


def within_silence(state: State, act: Act) -> None:
    """It stays with the paragraphs that were under silence."""
    other = set(units_of_edits(act["edits"])) - state.silences[act["silence"]].units.keys()
    if other:
        raise Refused(
            f"not under this silence: {', '.join(sorted(other))}",
            code="silence.other-paragraphs",
            instead="Submit the rest as a late amendment.",
        )


PARAGRAPH_GUARDS: Mapping[str, Callable[[State, Act], None]] = {
    guard.__name__: guard
    for guard in (
        in_second_reading,
        words_stand,
        nothing_proposed_on_it,
        present_known,
        group_fits,
        no_reserve_yet,
        own_reserve,
        deletion_fits,
        restoration_fits,
        not_yet_presented,
        correction_fits,
        is_admitted,
        paragraphs_free,
        silence_text_stands,
        silence_long_enough,
        silence_later,
        broke_silence,
        within_silence,
    )
}
