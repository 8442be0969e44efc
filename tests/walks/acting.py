"""How each kind of step is done. What follows from other steps has no entry here: it is looked for in the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from declaration.amendments import operations as amendments
from declaration.credentials import letters
from declaration.credentials.states import current
from declaration.demo.sample import SampleAmendment
from declaration.drafts import operations as drafts
from declaration.procedure import consequences
from declaration.protocol.manifest import unit_hash
from declaration.web.transaction import unit_of_work
from tests.walks.calendar import BAKU
from tests.walks.steps import Step, Who
from tests.walks.walk import Walk

Doing = Callable[[Walk, Step], None]

DOING: dict[str, Doing] = {}
CHAIR, RAPPORTEUR = Who("chair", "chair"), Who("secretariat", "rapporteur")
HEADS = tuple(Who("head", party) for party in ("az", "hu", "kz", "kg", "tr", "trnc", "tm", "uz"))
FINAL_WORDS = ("and, as far as possible, every year", "and as far as possible every year")
"""The correction that the Rapporteur makes: commas, no meaning."""


def does(*acts: str) -> Callable[[Doing], Doing]:
    def remember(doing: Doing) -> Doing:
        for act in acts:
            DOING[act] = doing
        return doing

    return remember


def hour(day: int, time: str) -> str:
    """An hour in Baku as a form takes it."""
    return datetime.fromisoformat(f"2025-11-{day}T{time}:00+04:00").astimezone(BAKU).isoformat()


# -- credentials ---------------------------------------------------------------------------------------------------------------


def _filed(walk: Walk, party: str, words: str) -> str:
    """A letter that the secretariat files, sealed; its number."""
    with walk.app.app_context(), unit_of_work() as session:
        actor = walk.persona(session, RAPPORTEUR).actor
        letter = letters.file(session, walk.forum(session), actor, party, b"%PDF-1.7 " + words.encode(), words, now=walk.clock.now())
        return str(letter.id)


def _present(walk: Walk, party: str, words: str, named: str = "") -> None:
    fields = {"letter": _filed(walk, party, words)}
    walk.act(RAPPORTEUR, "credential.present-v1", walk.state.known.digest, fields, named=named)


@does("credential.examine")
def examine(walk: Walk, step: Step) -> None:
    party = step.instance.removeprefix("CR.").lower()
    if party == "kg":
        _present(walk, party, "the letter of the national platform of Kyrgyzstan")
    _present(walk, party, f"a letter from {party}", named=step.instance)
    walk.act(step.person, "credential.examine-v1", walk.named[step.instance])


@does("credential.accept", "credential.refuse")
def decide_on_credentials(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.named[step.instance], {"reason": step.say})


@does("credential.admit_provisionally")
def admit_provisionally(walk: Walk, step: Step) -> None:
    walk.act(step.person, "credential.admit_provisionally-v1", walk.named[step.instance], {"due": hour(23, "18:00"), "reason": step.say})


@does("credential.regularize")
def regularize(walk: Walk, step: Step) -> None:
    fields = {"letter": _filed(walk, "hu", "the original of the letter")}
    walk.act(step.person, "credential.regularize-v1", walk.named[step.instance], fields)


# -- versions and the declaration ----------------------------------------------------------------------------------------------


@does("draft_version.submit_for_approval")
def submit_for_approval(walk: Walk, step: Step) -> None:
    with walk.app.app_context(), unit_of_work() as session:
        forum, rapporteur = walk.forum(session), walk.persona(session, step.person).person
        state, now = current(session, forum), walk.clock.now()
        if step.instance == "ZD":
            texts = {"en": walk.sample.texts(["en"])["en"]}
            assert len(texts["en"]) == 38
            digest = drafts.store_zero_draft(session, forum, texts, now=now, prepared_by=rapporteur.id)
        else:
            final = step.instance == "FINAL"
            digest = drafts.submit_for_approval(session, forum, state, final=final, prepared_by=rapporteur.id, now=now)
    walk.named[step.instance] = digest
    walk.note("")


@does("draft_version.return_for_work")
def return_for_work(walk: Walk, step: Step) -> None:
    walk.send(step.person, "next/return", {"digest": walk.named[step.instance], "reason": "The deadline is missing."})


@does("draft_version.approve_and_circulate", "draft_version.freeze")
def on_a_version(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.named[step.instance])


@does("declaration.circulate_zero_draft")
def circulate(walk: Walk, step: Step) -> None:
    walk.act(step.person, "declaration.circulate_zero_draft-v1", walk.version, {"deadline": hour(20, "18:00")})


@does(
    "declaration.issue_compilation", "declaration.declare_agreed_ad_ref", "declaration.begin_legal_review",
    "declaration.present_for_adoption",
)  # fmt: skip
def on_the_text(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.version)


@does("declaration.adopt")
def adopt(walk: Walk, step: Step) -> None:
    present = {f"present-{head.party}": "yes" for head in HEADS}
    walk.act(step.person, "declaration.adopt-v1", walk.version, {**present, "minute": step.say})


@does("confirmation.confirm")
def confirm(walk: Walk, step: Step) -> None:
    """One head; where all confirm afresh, the others first."""
    if "afresh" in step.say:
        for head in HEADS:
            if head != step.person:
                walk.act(head, "confirmation.confirm-v1", walk.version)
    walk.act(step.person, "confirmation.confirm-v1", walk.version)


@does("confirmation.object", "declaration.reopen_text", "declaration.object_to_adoption")
def with_a_reason(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.version, {"reason": step.say})


# -- amendments ----------------------------------------------------------------------------------------------------------------


def of_sample(walk: Walk, instance: str) -> SampleAmendment:
    number = int(instance.removeprefix("AM"))
    return next(each for each in walk.sample.amendments if each.number == number)


def drafted(walk: Walk, who: Who, instance: str) -> str:
    """The private draft of one of the sample's amendments, written by ``who``; its id."""
    if instance not in walk.drafts:
        one = of_sample(walk, instance)
        with walk.app.app_context(), unit_of_work() as session:
            forum, actor = walk.forum(session), walk.persona(session, who).actor
            (unit, text), *rest = one.wanted.items()
            draft = amendments.new_draft(
                session, forum, current(session, forum), actor, op="insert_after" if one.insert_after else "replace",
                unit=one.insert_after or unit, text=text or "", rationale=one.rationale, now=walk.clock.now(),
                amends=walk.named[f"AM{one.amends}"] if one.amends else None,
                also=[{"op": "replace" if words else "delete", "unit": each, "text": words or ""} for each, words in rest],
            )  # fmt: skip
            walk.drafts[instance] = draft.id
    return walk.drafts[instance]


def symbol(walk: Walk, instance: str) -> str:
    return f"{walk.state.declaration}/AM/{of_sample(walk, instance).number:03}"


@does("amendment.ask_head")
def ask_head(walk: Walk, step: Step) -> None:
    """A member writes in the editor of the paragraph, and presses the button."""
    one = of_sample(walk, step.instance)
    ((unit, text),) = one.wanted.items()
    form = {"op": "replace", "unit": unit, "text": text or "", "rationale": one.rationale, "language": one.language, "do": "ask"}
    if step.instance in walk.drafts:
        form |= {"revision": "1", "rationale": f"{one.rationale} Improved."}
        walk.send(step.person, f"drafts/{walk.drafts[step.instance]}", form)
    else:
        saved = walk.post(step.person, f"paragraphs/{unit}/propose", {**form, "do": "save"}, {"Accept": "application/json"})
        walk.drafts[step.instance] = saved.get_json()["url"].rsplit("/", 1)[1]
        walk.send(step.person, f"drafts/{walk.drafts[step.instance]}", {**form, "revision": "1"})


@does("amendment.return_to_member")
def return_to_member(walk: Walk, step: Step) -> None:
    walk.send(step.person, f"drafts/{walk.drafts[step.instance]}/return", {"note": "Say who carries the costs."})


@does("amendment.submit", "amendment.submit_late")
def submit(walk: Walk, step: Step) -> None:
    fields = {"draft": drafted(walk, step.person, step.instance), "symbol": symbol(walk, step.instance)}
    walk.act(step.person, f"{step.act}-v1", walk.version, fields, named=step.instance)


@does("amendment.table_with_break")
def table_with_break(walk: Walk, step: Step) -> None:
    draft = drafted(walk, step.person, step.instance)
    fields = {"draft": draft, "symbol": symbol(walk, step.instance), "silence": walk.named["SP1"]}
    walk.act(step.person, "amendment.table_with_break-v1", walk.version, fields, named=step.instance)


@does("amendment.table_chair_text")
def table_chair_text(walk: Walk, step: Step) -> None:
    one = of_sample(walk, step.instance)
    ((unit, text),) = one.wanted.items()
    sources = {"AM3": ("AM1", "AM2"), "AM5": ("AM3", "AM4")}[step.instance]
    fields = {
        "unit": unit, "text": text or "", "reason": one.rationale, "symbol": symbol(walk, step.instance),
        "sources": " ".join(walk.named[each] for each in sources),
    }  # fmt: skip
    walk.act(step.person, "amendment.table_chair_text-v1", walk.version, fields, named=step.instance)


@does("amendment.park")
def park(walk: Walk, step: Step) -> None:
    target = {"AM1": "AM3", "AM2": "AM3", "AM3": "AM5", "AM4": "AM5", "AM17": "AM18"}[step.instance]
    walk.act(step.person, "amendment.park-v1", walk.named[step.instance], {"target": walk.named[target]})


@does(
    "amendment.admit", "amendment.join", "amendment.leave_sponsorship", "amendment.revive", "amendment.rebase", "amendment.take_over",
)  # fmt: skip
def on_a_proposal(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.named[step.instance])


@does("amendment.accept")
def accept(walk: Walk, step: Step) -> None:
    """Where it is not possible, the Chair signs what would have followed from the words as they were."""
    one = of_sample(walk, step.instance)
    result = {unit: unit_hash(text) if text else None for unit, text in one.wanted.items()}
    by_hand = {"result": result, "content": "0" * 64} if step.refused else None
    walk.act(step.person, "amendment.accept-v1", walk.named[step.instance], by_hand=by_hand)


@does("amendment.rule_inadmissible", "amendment.grant_leave", "amendment.withdraw", "amendment.not_retain")
def on_a_proposal_with_a_reason(walk: Walk, step: Step) -> None:
    walk.act(step.person, f"{step.act}-v1", walk.named[step.instance], {"reason": step.say})


# -- silence and paragraphs ----------------------------------------------------------------------------------------------------


@does("silence.open")
def open_silence(walk: Walk, step: Step) -> None:
    """The Chair announces the exact text and hour, nobody objects to using silence, and it is opened."""
    fields = {"setting": "overnight", "expires": hour(25, "08:00")}
    walk.act(step.person, "silence.announce-v1", walk.named["AM3"], fields, named=step.instance)
    walk.act(step.person, "silence.open-v1", walk.named[step.instance])


@does("silence.break")
def break_silence(walk: Walk, step: Step) -> None:
    walk.act(step.person, "silence.break-v1", walk.named[step.instance], {"reason": "A text that names one forum only is not balanced."})


@does("paragraph.agree_ad_ref")
def agree(walk: Walk, step: Step) -> None:
    walk.act(step.person, "paragraph.agree_ad_ref-v1", walk.version, {"units": step.instance})


@does("paragraph.refer_to_small_group")
def refer_to_small_group(walk: Walk, step: Step) -> None:
    members = {f"member-{party}": "yes" for party in ("tr", "az", "kz")}
    fields = {"unit": step.instance, **members, "facilitator": "kz", "report_by": hour(20, "17:00"), "reason": step.say}
    walk.act(step.person, "paragraph.refer_to_small_group-v1", walk.version, fields)


@does("paragraph.report_back")
def report_back(walk: Walk, step: Step) -> None:
    walk.act(step.person, "paragraph.report_back-v1", walk.version, {"unit": step.instance, "reason": step.say})


@does("paragraph.place_reserve")
def place_reserve(walk: Walk, step: Step) -> None:
    fields = {"unit": step.instance, "until": hour(25, "13:00"), "reason": "The capital is asked."}
    walk.act(step.person, "paragraph.place_reserve-v1", walk.version, fields)


@does("paragraph.lift_reserve")
def lift_reserve(walk: Walk, step: Step) -> None:
    walk.act(step.person, "paragraph.lift_reserve-v1", walk.version, {"unit": step.instance})


@does("paragraph.correct_editorially")
def correct_editorially(walk: Walk, step: Step) -> None:
    """In force when the Chair has countersigned."""
    words = walk.state.units[step.instance].text
    corrected = words.replace(*FINAL_WORDS) if step.name == "J7.1" else words.replace(" ", ", ", 1)
    fields = {"unit": step.instance, "text": corrected, "reason": step.say}
    first = walk.act(step.person, "paragraph.correct_editorially-v1", walk.version, fields)
    walk.act(CHAIR, "second-v1", first)


# -- languages -----------------------------------------------------------------------------------------------------------------


def translated(walk: Walk, lang: str) -> dict[str, str]:
    """The sample's translation of the text as it stands."""
    words = {unit.id: unit.text for unit in walk.sample.texts([lang])[lang]}
    for row in walk.sample.translations:
        if row["language"] == lang:
            words[row["unit"]] = row["text"]
    return {unit: words[unit] for unit in walk.state.units}


@does("language_version.start")
def start(walk: Walk, step: Step) -> None:
    """What is missing or behind is taken for translation."""
    lang = step.instance.partition(".")[2]
    walk.seen[lang] = consequences.behind(walk.state, lang)
    fields = {"language": lang, **{f"take-{unit}": "yes" for unit in walk.seen[lang]}}
    walk.act(step.person, "language_version.start-v1", walk.version, fields)


@does("language_version.submit")
def submit_translation(walk: Walk, step: Step) -> None:
    lang = step.instance.partition(".")[2]
    words = translated(walk, lang)
    fields = {"language": lang}
    for unit in walk.seen[lang]:
        text = words[unit].replace("söz hakkı", "oy hakkı") if step.name == "J7.6" else words[unit]
        fields |= {f"text-{unit}": text, f"ready-{unit}": "yes"}
    walk.act(step.person, "language_version.submit-v1", walk.version, fields)


@does("language_version.report_divergence")
def report_divergence(walk: Walk, step: Step) -> None:
    fields = {"language": "tr", "unit": "OP4", "reason": step.say}
    walk.act(step.person, "language_version.report_divergence-v1", walk.version, fields)


@does("language_version.correct")
def correct_translation(walk: Walk, step: Step) -> None:
    fields = {"language": "tr", "text-OP4": translated(walk, "tr")["OP4"], "ready-OP4": "yes"}
    walk.act(step.person, "language_version.correct-v1", walk.version, fields)


@does("language_version.certify")
def certify(walk: Walk, step: Step) -> None:
    walk.act(step.person, "language_version.certify-v1", walk.version, {"language": step.instance.partition(".")[2]})


# -- comments and statements ---------------------------------------------------------------------------------------------------


@does("comment_thread.reply")
def comment(walk: Walk, step: Step) -> None:
    """Hungary asks everybody, and Kazakhstan answers."""
    asked = walk.send(step.person, "paragraphs/OP5/comments", {"text": "Who bears the cost of a yearly journey?", "audience": "all"})
    thread = asked.headers["Location"].rpartition("#thread-")[2]
    walk.send(Who("head", "kz"), f"comments/{thread}/reply", {"text": "As far as possible, if the year stays.", "audience": "all"})
    walk.seen["answered"] = True
    walk.note("")


@does("statement.circulate")
def circulate_statements(walk: Walk, step: Step) -> None:
    """The two statements of the sample are lodged by their heads, and circulated."""
    for number, one in enumerate(walk.sample.statements, start=1):
        fields = {"kind": one.kind, "units": one.unit, "text": one.text}
        walk.act(Who("head", one.delegation), "statement.lodge-v1", walk.version, fields, named=f"S{number:02}")
    walk.act(step.person, "statement.circulate-v1", walk.named["S02"])
    walk.act(step.person, "statement.circulate-v1", walk.named[step.instance])


@does("statement.record")
def record_statement(walk: Walk, step: Step) -> None:
    walk.act(step.person, "statement.record-v1", walk.named[step.instance])


# -- stage directions ----------------------------------------------------------------------------------------------------------


def _the_rest_is_put_to_the_meeting(walk: Walk) -> None:
    for unit in consequences.brackets(walk.state):
        walk.act(CHAIR, "paragraph.agree_ad_ref-v1", walk.version, {"units": unit})


def _the_revised_draft_is_circulated(walk: Walk) -> None:
    with walk.app.app_context(), unit_of_work() as session:
        forum, rapporteur = walk.forum(session), walk.persona(session, RAPPORTEUR).person
        digest = drafts.submit_for_approval(
            session, forum, current(session, forum), final=False, prepared_by=rapporteur.id, now=walk.clock.now()
        )
    walk.act(CHAIR, "draft_version.approve_and_circulate-v1", digest)


DIRECTIONS: Mapping[str, Callable[[Walk], None]] = {
    "the rest is put to the meeting": _the_rest_is_put_to_the_meeting,
    "the revised draft is circulated": _the_revised_draft_is_circulated,
}
