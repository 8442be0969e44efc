"""Effects of endorsements and of corrections (see :mod:`declaration.procedure.effects`).

An endorsement's status is settled anew after each act that concerns it: it is held while there is a doubt about it, and counted, or
listed apart, when there is none. What was withdrawn stays withdrawn, what was refused or annulled stays so. Each status is kept with
its moment, so that the register as at any past moment can be read from the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from declaration.procedure.act import Act
from declaration.procedure.holdings import Correction, Corrigendum, Countersignature, Endorsement, Objection, Withdrawal
from declaration.procedure.standing import hash_as_corrected, with_edits
from declaration.procedure.state import State
from declaration.protocol.encoding import parse_time

Effect = Callable[[State, Act], None]

_FINAL = ("withdrawn", "refused", "annulled")


def sign(state: State, act: Act) -> None:
    """In the register: counted or listed apart where it is in due form, held where something about it is open."""
    party = act.statement.by.party
    key = state.keys[act.statement.by.key]
    as_organization = act["capacity"] == "organization"
    joint = key.joint and as_organization
    found = state.organizations.get(party)
    disputed = as_organization and found is not None and found.status in ("under_review", "suspended")
    doubts = (*(("joint",) if joint else ()), *(("organization",) if disputed else ()))
    state.endorsements[act.digest] = Endorsement(
        digest=act.digest,
        party=party,
        key=key.fingerprint,
        country=key.organization["country"] if key.organization else "",
        capacity=act["capacity"],
        kind=act["kind"],
        language=act["language"],
        content=act["content"],
        index=act.index,
        at=act.at,
        position=len(state.endorsements) + 1,
        story=((act.at, _due(doubts, act["capacity"])),),
        joint=joint,
        doubts=doubts,
    )
    state.by_party[party] = act.digest


def _due(doubts: tuple[str, ...], capacity: str) -> str:
    """The status that it has as far as nobody withdrew, refused or annulled it."""
    if doubts:
        return "held"
    return "counted" if capacity == "organization" else "listed"


def settle(state: State, digest: str, at: datetime, *, status: str | None = None, **changes: Any) -> None:
    """Replace fields, and the status with them: the one that is given, or the one that follows; what is final stays."""
    each = replace(state.endorsements[digest], **changes)
    wanted = status if status is not None else each.status if each.status in _FINAL else _due(each.doubts, each.capacity)
    if wanted != each.status:
        each = replace(each, story=(*each.story, (at, wanted)))
    state.endorsements[digest] = each


def doubt(state: State, act: Act, what: str, concerns: Callable[[Endorsement], bool]) -> None:
    """Put endorsements in doubt for one reason."""
    for each in list(state.endorsements.values()):
        if concerns(each) and what not in each.doubts and each.stands:
            settle(state, each.digest, act.at, doubts=(*each.doubts, what))


def clear(state: State, act: Act, what: str, party: str) -> None:
    """A reason for doubt is gone."""
    digest = state.by_party.get(party)
    if digest is not None:
        left = tuple(each for each in state.endorsements[digest].doubts if each != what)
        settle(state, digest, act.at, doubts=left)


def question_withdrawals(state: State, key: str, since: datetime) -> None:
    """Withdrawals signed with a key when it was compromised: shown as in question, for the depositary to set aside."""
    for each in list(state.endorsements.values()):
        if any(one.key == key and one.at >= since for one in each.withdrawals):
            doubted = tuple(replace(one, questioned=one.questioned or (one.key == key and one.at >= since)) for one in each.withdrawals)
            state.endorsements[each.digest] = replace(each, withdrawals=doubted)


def countersign(state: State, act: Act) -> None:
    """Both have signed; the depositary releases it."""
    given = Countersignature(act.digest, act.statement.by.key, act.at, act["language"], act["content"])
    settle(state, act.object, act.at, countersigned=given)


def _found(state: State, act: Act, **changes: Any) -> None:
    settle(state, act.object, act.at, findings=(*state.endorsements[act.object].findings, act.digest), **changes)


def question(state: State, act: Act) -> None:
    """Held; the organization is asked."""
    _found(state, act, doubts=(*state.endorsements[act.object].doubts, "question"))


def release(state: State, act: Act) -> None:
    """No doubt is left."""
    _found(state, act, doubts=())


def refuse(state: State, act: Act) -> None:
    """Not in due form; the organization may sign again."""
    _found(state, act, status="refused")


def annul(state: State, act: Act) -> None:
    """It was never the organization's, which may sign."""
    _found(state, act, status="annulled")


def withdraw(state: State, act: Act) -> None:
    """Dated and shown; the past is not rewritten."""
    taken = Withdrawal(act.digest, act.statement.by.key, act.at, act["content"])
    before = state.endorsements[act.object]
    settle(state, act.object, act.at, status="withdrawn", withdrawals=(*before.withdrawals, taken))


def set_aside_withdrawal(state: State, act: Act) -> None:
    """The signature stands as if it had never been withdrawn; the withdrawal stays in the register as set aside."""
    before = state.endorsements[act.object]
    *earlier, last = before.withdrawals
    _found(state, act, status=_due(before.doubts, before.capacity), withdrawals=(*earlier, replace(last, set_aside=act.digest)))


# corrections -----------------------------------------------------------------------------------------------------------


def propose(state: State, act: Act) -> None:
    """Before the depositary."""
    state.corrigenda[act.digest] = Corrigendum(
        digest=act.digest,
        kind=act["kind"],
        language=act["language"],
        edits=tuple(act["edits"] or ()),
        sha256=act["corrected"],
        status="proposed",
        by=act.statement.by.party,
        at=act.at,
        content=act["content"],
    )


def notify(state: State, act: Act) -> None:
    """Before all heads and signatories, until a day."""
    state.set_corrigendum(act.object, status="notified", symbol=act["symbol"], notified_at=act.at, until=parse_time(act["until"]))


def object_to_correction(state: State, act: Act) -> None:
    """It does not pass as it is."""
    given = Objection(act.digest, act.statement.by.party, act.at, act["content"])
    state.set_corrigendum(act.object, status="objected", objections=(*state.corrigenda[act.object].objections, given))


def renotify(state: State, act: Act) -> None:
    """Revised, under the same symbol."""
    state.set_corrigendum(
        act.object, status="notified", edits=tuple(act["edits"] or ()), sha256=act["corrected"], notified_at=act.at,
        until=parse_time(act["until"]),
    )  # fmt: skip


def rectify(state: State, act: Act) -> None:
    """From the beginning the text reads so; the signed one stays beside it, and so does every signature."""
    made = state.corrigenda[act.object]
    if made.kind != "copy":
        previous = hash_as_corrected(state, made.language)
        texts, sha256 = with_edits(state, made.language, made.edits)
        units = tuple(dict.fromkeys(str(edit["unit"]) for edit in made.edits))
        done = Correction(act.digest, made.symbol or "", made.language, previous, sha256, units, texts, act.at)
        state.corrected[made.language] = (*state.corrected.get(made.language, ()), done)
    state.set_corrigendum(act.object, status="rectified", rectified=act.digest, ended=act.at)


def drop(state: State, act: Act) -> None:
    """Not an error, or no agreement."""
    state.set_corrigendum(act.object, status="dropped", ended=act.at)


REGISTER_EFFECTS: Mapping[str, Effect] = {
    "endorsement.sign-v1": sign,
    "endorsement.countersign-v1": countersign,
    "endorsement.question-v1": question,
    "endorsement.release-v1": release,
    "endorsement.refuse-v1": refuse,
    "endorsement.withdraw-v1": withdraw,
    "endorsement.set_aside_withdrawal-v1": set_aside_withdrawal,
    "endorsement.annul-v1": annul,
    "corrigendum.propose-v1": propose,
    "corrigendum.notify-v1": notify,
    "corrigendum.object-v1": object_to_correction,
    "corrigendum.renotify-v1": renotify,
    "corrigendum.rectify-v1": rectify,
    "corrigendum.drop-v1": drop,
}
