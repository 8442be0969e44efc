"""Effects: what an allowed act leaves behind in the state, one function a transition.

An effect never refuses: the guards have been asked. It replaces values and does not change them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from declaration.procedure.act import Act
from declaration.procedure.effects_amendments import AMENDMENT_EFFECTS
from declaration.procedure.effects_keys import KEY_EFFECTS, enter_key
from declaration.procedure.effects_papers import PAPER_EFFECTS
from declaration.procedure.effects_paragraphs import PARAGRAPH_EFFECTS, bracket, work_on
from declaration.procedure.effects_register import REGISTER_EFFECTS
from declaration.procedure.effects_silence import SILENCE_EFFECTS
from declaration.procedure.effects_sitting import SITTING_EFFECTS
from declaration.procedure.matters import Divergence, Taken
from declaration.procedure.rules import parse_rules
from declaration.procedure.state import (
    Certificate,
    Change,
    Circulated,
    Confirmation,
    Constitution,
    Key,
    State,
    Translation,
    Unconfirmed,
    Window,
)
from declaration.procedure.working import units_of
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import read_public_key

Effect = Callable[[State, Act], None]


def constitution(state: State, act: Act) -> None:
    """The forum begins."""
    state.constitution = Constitution(
        digest=act.digest,
        forum=act["forum"],
        title=act["title"],
        delegations=act["delegations"],
        languages=act["languages"],
        original=act["original"],
        prevailing=act["prevailing"],
        procedure=act["procedure"],
        origins=tuple(act["origins"]),
        rp_id=act["rp_id"],
    )
    state.declaration = act.statement.declaration
    state.rules = parse_rules(act["rules"])
    key = read_public_key(act["key"])
    enter_key(state, Key(key.fingerprint, key.openssh, "chair", "chair", act.index, act.digest, act["content"]))


def approve_and_circulate(state: State, act: Act) -> None:
    """The version is current; the one before is superseded, never deleted."""
    if state.current is not None:
        before = state.versions[state.current]
        state.versions[before.digest] = replace(before, status="superseded")
    first = state.current is None
    state.versions[act.object] = Circulated(act.object, act["symbol"], "circulated", act.index, act.at)
    state.current = act.object
    work_on(state, units_of(state, act.object))
    if first:
        for unit in state.units.values():
            state.history[unit.id] = (Change(act.digest, act.at, act["symbol"], "draft", None, unit.sha256),)
        _take_translations(state, act)


def _take_translations(state: State, act: Act) -> None:
    """The languages that the Chair circulated with the zero draft are translations of it."""
    version = state.version_text(act.object)
    original = state.known.original
    for lang in version.texts:
        if lang != original:
            state.translated[lang] = {
                row.id: Translation(row.sha256[lang], row.sha256[original], act.statement.by.party, act.at)
                for row in version.manifest.units
            }


def freeze(state: State, act: Act) -> None:
    """Nothing in it changes any more."""
    state.versions[act.object] = replace(state.versions[act.object], status="frozen")


def circulate_zero_draft(state: State, act: Act) -> None:
    """First reading, until the deadline for amendments."""
    state.stage = "first_reading"
    state.deadline = parse_time(act["deadline"])


def extend_deadline(state: State, act: Act) -> None:
    """A later hour."""
    state.deadline = parse_time(act["deadline"])


def issue_compilation(state: State, act: Act) -> None:
    """Second reading."""
    state.stage = "second_reading"
    state.compilation = act["content"]


def declare_agreed_ad_ref(state: State, act: Act) -> None:
    """The heads are asked to confirm this text, and no other; what they said of an earlier one does not count."""
    state.stage = "agreed_ad_ref"
    state.agreed = act.object
    _reset_confirmations(state, act)


def back_to_second_reading(state: State, act: Act) -> None:
    """The text is open again; confirmations are reset, and what was frozen is in circulation like any other version."""
    state.stage = "second_reading"
    if state.current is not None:
        state.versions[state.current] = replace(state.versions[state.current], status="circulated")
    state.agreed = None
    _reset_confirmations(state, act)


def _reset_confirmations(state: State, act: Act) -> None:
    """Nobody is taken to have agreed to other words: each confirmation lapses, and stays in sight as lapsed."""
    state.unconfirmed.extend(Unconfirmed(each, act.digest, act.type, act.at) for each in state.confirmations.values())
    state.confirmations = {}


def refer_back(state: State, act: Act) -> None:
    """Back to the table with these paragraphs."""
    back_to_second_reading(state, act)
    bracket(state, act["units"])


def begin_legal_review(state: State, act: Act) -> None:
    """Form, terms and languages; no substance."""
    state.stage = "legal_review"


def present_for_adoption(state: State, act: Act) -> None:
    """Before the plenary."""
    state.stage = "presented"


def adopt(state: State, act: Act) -> None:
    """The gavel: this digest, and no other, can be signed."""
    state.stage = "adopted"
    state.adopted = act.object
    state.adopted_at = act.at
    state.versions[act.object] = replace(state.versions[act.object], status="adopted")


def open_for_signature(state: State, act: Act) -> None:
    """Organizations may sign until the window closes."""
    state.stage = "open_for_signature"
    state.window = Window(parse_time(act["opens"]), parse_time(act["closes"]), act.digest)


def close_accession(state: State, act: Act) -> None:
    """Nobody joins any more."""
    state.stage = "closed"
    state.closed_at = act.at


def archive(state: State, act: Act) -> None:
    """Deposited."""
    state.stage = "archived"


def lapse_declaration(state: State, act: Act) -> None:
    """No consensus, or withdrawn."""
    state.stage = "lapsed"


def confirm(state: State, act: Act) -> None:
    """The head's word on this text."""
    party = act.statement.by.party
    state.confirmations[party] = Confirmation(party, "confirmed", act.object, act.at)


def object_to_text(state: State, act: Act) -> None:
    """The head withholds it."""
    party = act.statement.by.party
    state.confirmations[party] = Confirmation(party, "objected", act.object, act.at, act["content"])


def submit_translation(state: State, act: Act) -> None:
    """The words of these units in a language, for the original as it stands."""
    lang = act["language"]
    fresh = {unit: Translation(digest, state.units[unit].sha256, act.statement.by.party, act.at) for unit, digest in act["units"].items()}
    state.translated[lang] = {**state.translated.get(lang, {}), **fresh}
    state.taken[lang] = {unit: each for unit, each in state.taken.get(lang, {}).items() if unit not in fresh}
    state.divergences[lang] = {unit: each for unit, each in state.divergences.get(lang, {}).items() if unit not in fresh}


def start_translation(state: State, act: Act) -> None:
    """Somebody works on these paragraphs."""
    lang, party = act["language"], act.statement.by.party
    fresh = {unit: Taken(party, source, act.at) for unit, source in act["units"].items()}
    state.taken[lang] = {**state.taken.get(lang, {}), **fresh}


def report_divergence(state: State, act: Act) -> None:
    """Not the same in two languages; what certified it no longer holds."""
    lang, unit = act["language"], act["unit"]
    found = Divergence(act.statement.by.party, state.translated[lang][unit].sha256, act["content"], act.at)
    state.divergences[lang] = {**state.divergences.get(lang, {}), unit: found}
    state.certificates.pop(lang, None)


def certify(state: State, act: Act) -> None:
    """Two people have read this language version, and the second found it concordant."""
    state.certificates[act["language"]] = Certificate(act.statement.by.party, dict(act["units"]), act.at)


EFFECTS: Mapping[str, Effect] = {
    **AMENDMENT_EFFECTS,
    **PARAGRAPH_EFFECTS,
    **SILENCE_EFFECTS,
    **SITTING_EFFECTS,
    **KEY_EFFECTS,
    **REGISTER_EFFECTS,
    **PAPER_EFFECTS,
    "constitution-v1": constitution,
    "draft_version.approve_and_circulate-v1": approve_and_circulate,
    "draft_version.freeze-v1": freeze,
    "declaration.circulate_zero_draft-v1": circulate_zero_draft,
    "declaration.extend_deadline-v1": extend_deadline,
    "declaration.issue_compilation-v1": issue_compilation,
    "declaration.declare_agreed_ad_ref-v1": declare_agreed_ad_ref,
    "declaration.reopen_text-v1": back_to_second_reading,
    "declaration.begin_legal_review-v1": begin_legal_review,
    "declaration.refer_back-v1": refer_back,
    "declaration.present_for_adoption-v1": present_for_adoption,
    "declaration.object_to_adoption-v1": back_to_second_reading,
    "declaration.adopt-v1": adopt,
    "declaration.open_for_signature-v1": open_for_signature,
    "declaration.close_accession-v1": close_accession,
    "declaration.archive-v1": archive,
    "declaration.lapse-v1": lapse_declaration,
    "confirmation.confirm-v1": confirm,
    "confirmation.object-v1": object_to_text,
    "language_version.start-v1": start_translation,
    "language_version.submit-v1": submit_translation,
    "language_version.correct-v1": submit_translation,
    "language_version.report_divergence-v1": report_divergence,
    "language_version.certify-v1": certify,
}
"""The effect of every recorded transition, by the type of its statement."""
