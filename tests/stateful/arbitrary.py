"""Acts out of the state: for each type of statement an object and a body that may fit, and now and then do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.state import State
from declaration.procedure.tables import BY_TYPE
from declaration.procedure.working import base_of, result_of
from declaration.protocol.encoding import format_time
from declaration.protocol.manifest import unit_hash
from declaration.text.redline import splices_between

HEADS = ("head.az", "head.hu", "head.kz")
EVERYBODY = (
    "chair.chair", "secretariat.one", "secretariat.two", "depositary.keeper", "translator.az-1", "translator.az-2", *HEADS, "member.kz",
    "observer.guest",
)  # fmt: skip
WORDS = ("Decide to meet every year;", "Invite all bodies;", "Request two reports.", "Agree to meet in autumn;", "Welcome all of this;")

MOVED = (
    "draft_version.approve_and_circulate-v1", "draft_version.freeze-v1", "declaration.issue_compilation-v1",
    "declaration.declare_agreed_ad_ref-v1", "declaration.begin_legal_review-v1", "declaration.present_for_adoption-v1",
    "declaration.adopt-v1", "confirmation.confirm-v1", "paragraph.agree_ad_ref-v1", "language_version.certify-v1",
    "language_version.submit-v1", "amendment.accept-v1", "amendment.not_retain-v1", "amendment.admit-v1",
)  # fmt: skip
"""What brings a negotiation on: drawn more often, or nothing would ever be adopted."""

OFTEN = ("amendment.submit-v1", "amendment.submit_late-v1", "silence.announce-v1", "silence.open-v1", "second-v1")
TYPES = tuple(
    type_
    for type_, row in BY_TYPE.items()
    if type_.partition(".")[0] in ("amendment", "silence", "paragraph", "declaration", "confirmation", "language_version", "statement",
                                   "credential", "draft_version", "second-v1", "rules-v1")
    and type_ != "declaration.lapse-v1"  # it ends everything, and nothing more would be tried
)  # fmt: skip
"""Everything between the constitution and the gavel."""

NextVersion = Callable[[bool], str]
"""Puts the next version (the final one) at hand and gives its digest."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries something."""

    who: str
    type: str
    object: str | None
    body: Mapping[str, Any]


def words_of(state: State) -> list[str]:
    """The translations that a translator of these acts may submit."""
    return [words for unit in state.units for words in (_translated(state, unit), _corrected(state, unit))]


def _translated(state: State, unit: str) -> str:
    return f"Mətn {unit} {state.units[unit].sha256[:6]}"


def _corrected(state: State, unit: str) -> str:
    return f"Düzəliş {unit} {state.size}"


def any_act(state: State, now: datetime, random: Random, next_version: NextVersion) -> Attempt:
    """One attempt: mostly of somebody who may, on something that there is."""
    drawn = random.random()
    type_ = random.choice(MOVED if drawn < 0.35 else OFTEN if drawn < 0.7 else TYPES)
    if type_.startswith("draft_version.approve") and state.stage != "legal_review" and random.random() < 0.8:
        type_ = random.choice(OFTEN)  # a negotiation is not made of revised drafts
    if type_.startswith("amendment.submit") and sum(each.open for each in state.amendments.values()) > 2:
        type_ = random.choice(MOVED)  # nor of proposals without end
    row = BY_TYPE[type_]
    able = [who for who in EVERYBODY if who.partition(".")[0] in row.who] or list(EVERYBODY)
    who = random.choice(able if random.random() < 0.85 else list(EVERYBODY))
    made = _Made(state, now, random, who, next_version)
    object_ = made.object_of(type_, row.object)
    try:
        body = made.body(type_, object_ or "")
    except (DeclarationError, LookupError, ValueError):
        body = dict.fromkeys(row.fields)  # nothing here fits such an act; it is tried all the same
    return Attempt(who, type_, object_, body)


@dataclass
class _Made:
    state: State
    now: datetime
    random: Random
    who: str
    next_version: NextVersion

    def some(self, found: Sequence[Any]) -> Any:
        return self.random.choice(list(found)) if found else None

    def hash(self, what: str = "reason") -> str:
        return sha256(f"{what} {self.state.size}".encode()).hexdigest()

    def hour(self, least: int, most: int) -> str:
        return format_time(self.now + timedelta(hours=self.random.randint(least, most)))

    def object_of(self, type_: str, what: str) -> str | None:
        state = self.state
        match what:
            case "none":
                return None
            case "constitution":
                return state.known.digest
            case "version" if type_.startswith("draft_version.approve"):
                return self.next_version(state.stage == "legal_review")
            case "version":
                return state.current if self.random.random() < 0.95 else self.hash("no version")
            case "amendment":
                before = BY_TYPE[type_].before
                fits = [each.digest for each in state.amendments.values() if consequences.amendment_status(state, each) in before]
                if type_ == "silence.announce-v1":
                    fits = [each.digest for each in state.amendments.values() if each.status == "admitted"]
                return str(self.some(fits if fits and self.random.random() < 0.9 else list(state.amendments)) or self.hash("no proposal"))
            case "act":
                return str(self.some(list(state.awaiting_second)) or self.hash("no act"))
        known = {"silence": state.silences, "statement": state.statements, "credential": state.credentials}[what]
        live = [digest for digest, each in known.items() if each.status in BY_TYPE[type_].before]  # type: ignore[attr-defined]  # all have one
        return str(self.some(live if live and self.random.random() < 0.9 else list(known)) or self.hash(f"no {what}"))

    # -- bodies ----------------------------------------------------------------------------------------------------------------

    def body(self, type_: str, object_: str) -> dict[str, Any]:
        """Field by field; what a field may be depends on its name and, here and there, on the act."""
        special = getattr(self, "_" + type_.partition("-")[0].replace(".", "_"), None)
        if special is not None:
            return dict(special(object_))
        return {name: self.field(name) for name in BY_TYPE[type_].fields}

    def field(self, name: str) -> Any:
        delegations = list(self.state.known.delegations)
        match name:
            case "content" | "document" | "successor" | "bundle":
                return self.hash(name)
            case "unit":
                return self.some([*self.state.units, *self.state.gone, "OP9"])
            case "units":
                return self.random.sample(list(self.state.units), min(2, len(self.state.units)))
            case "present" | "members":
                return sorted(self.random.sample(delegations, self.random.randint(1, len(delegations))))
            case "facilitator" | "delegation":
                return self.some(delegations)
            case "deadline" | "due" | "report_by" | "expires":
                return self.hour(-2, 60)
            case "until":
                return self.some([None, self.hour(-1, 60)])
            case "language":
                return "az"
            case "kind":
                return self.some(["interpretative_statement", "explanation_of_position"])
            case "annex":
                return self.random.randint(1, 2)
            case "after":
                return self.some([None, *self.state.units])
            case "target":
                return str(self.some(list(self.state.amendments)) or self.hash())
            case "symbol":
                return f"{self.state.declaration}/AM/{self.random.randint(1, 400):03}"
        raise KeyError(name)

    def _proposal(self, units: Mapping[str, Any] | None = None) -> dict[str, Any]:
        amends = None
        ground: Mapping[str, Any] = units if units is not None else self.state.units
        if units is None and self.state.amendments and self.random.random() < 0.2:
            amends = str(self.some(list(self.state.amendments)))
            ground = result_of(self.state, self.state.amendments[amends])
        return {"symbol": self.field("symbol"), "edits": self.edits(ground), "amends": amends, "content": self.hash()}

    def edits(self, ground: Mapping[str, Any]) -> list[dict[str, Any]]:
        drawn = self.random.random()
        unit = ground[self.some(list(ground))]
        if drawn < 0.1:
            return [{"base": unit.sha256, "op": "delete", "splices": [], "unit": unit.id}]
        if drawn < 0.2:
            new = f"OP{self.random.randint(4, 30)}"
            return [
                {"after": unit.id, "base": None, "kind": "operative", "op": "insert_after", "parent": None,
                 "splices": [[0, 0, self.some(WORDS)]], "unit": new}
            ]  # fmt: skip
        if drawn < 0.26:
            after = self.some([None, *ground])
            return [{"after": after, "base": unit.sha256, "op": "move", "splices": [], "unit": unit.id}]
        if drawn < 0.32:
            cut, new = unit.text.find(" ") + 1, f"OP{self.random.randint(31, 60)}"
            return [{"at": [cut], "base": unit.sha256, "into": [new], "op": "split", "splices": [], "unit": unit.id}]
        if drawn < 0.38:
            other = ground[self.some(list(ground))]
            return [
                {"base": unit.sha256, "op": "join", "separator": " ", "splices": [], "unit": unit.id, "with": [[other.id, other.sha256]]}
            ]  # fmt: skip
        base = unit.sha256 if self.random.random() < 0.95 else unit_hash("other words")
        splices = [list(each) for each in splices_between(unit.text, self.some(WORDS))]
        return [{"base": base, "op": "replace", "splices": splices, "unit": unit.id}]

    def _amendment_submit(self, _object: str) -> dict[str, Any]:
        return self._proposal()

    _amendment_submit_late = _amendment_submit

    def _amendment_table_chair_text(self, _object: str) -> dict[str, Any]:
        known = list(self.state.amendments) or [self.hash()]
        return {**self._proposal(), "sources": sorted(self.random.sample(known, min(2, len(known))))}

    def _amendment_table_with_break(self, _object: str) -> dict[str, Any]:
        silence = self.state.silences[self.random.choice(list(self.state.silences))]
        units = {unit: self.state.units[unit] for unit in silence.units if unit in self.state.units}
        return {**self._proposal(units), "silence": silence.digest}

    def _amendment_rebase(self, object_: str) -> dict[str, Any]:
        amendment = self.state.amendments[object_]
        ground = base_of(self.state, amendment)
        return {"edits": self.edits({unit: ground[unit] for unit in amendment.units})}

    def _amendment_revise(self, object_: str) -> dict[str, Any]:
        return {**self._amendment_rebase(object_), "content": self.hash()}

    def _result(self, object_: str) -> dict[str, str | None]:
        amendment = self.state.amendments[object_]
        after = result_of(self.state, amendment)
        return {unit: after[unit].sha256 if unit in after else None for unit in consequences.touched(self.state, amendment)}

    def _amendment_accept(self, object_: str) -> dict[str, Any]:
        return {"result": self._result(object_), "content": self.hash()}

    def _amendment_park(self, object_: str) -> dict[str, Any]:
        takers = [each.digest for each in self.state.amendments.values() if object_ in each.sources or each.amends == object_]
        return {"target": str(self.some(takers or list(self.state.amendments)))}

    def _silence_announce(self, object_: str) -> dict[str, Any]:
        return {"setting": self.some(["session", "overnight", "between"]), "expires": self.hour(6, 80), "result": self._result(object_),
                "content": self.hash()}  # fmt: skip

    def _paragraph_agree_ad_ref(self, _object: str) -> dict[str, Any]:
        fits = [unit for unit in self.state.units if consequences.paragraph_status(self.state, unit) in ("bracketed", "open")]
        units = self.random.sample(fits or list(self.state.units), 1)
        return {"units": {unit: self.state.units[unit].sha256 for unit in units}, "present": ["az", "kz"], "content": self.hash()}

    def _paragraph_delete(self, _object: str) -> dict[str, Any]:
        unit = self.state.units[self.some(list(self.state.units))]
        return {"unit": unit.id, "base": unit.sha256, "content": self.hash()}

    def _paragraph_restore(self, _object: str) -> dict[str, Any]:
        unit = self.some(list(self.state.gone))
        return {"unit": unit, "after": self.state.gone[unit][1], "content": self.hash()}

    def _paragraph_correct_editorially(self, _object: str) -> dict[str, Any]:
        return {"edits": self.edits(self.state.units), "content": self.hash()}

    def _declaration_adopt(self, _object: str) -> dict[str, Any]:
        return {"present": ["az", "hu", "kz"][: self.random.randint(1, 3)], "content": self.hash()}

    def _draft_version_approve_and_circulate(self, object_: str) -> dict[str, Any]:
        return {"symbol": self.state.version_text(object_).manifest.symbol}

    def _language(self, units: Mapping[str, str]) -> dict[str, Any]:
        return {"language": "az", "units": dict(units)}

    def _language_version_start(self, _object: str) -> dict[str, Any]:
        return self._language({unit: self.state.units[unit].sha256 for unit in consequences.behind(self.state, "az")})

    def _language_version_submit(self, _object: str) -> dict[str, Any]:
        units = consequences.behind(self.state, "az") or list(self.state.units)[:1]
        return self._language({unit: unit_hash(_translated(self.state, unit)) for unit in units})

    def _language_version_correct(self, _object: str) -> dict[str, Any]:
        return self._language({unit: unit_hash(_corrected(self.state, unit)) for unit in consequences.divergent(self.state, "az")})

    def _language_version_certify(self, _object: str) -> dict[str, Any]:
        return self._language({unit: each.sha256 for unit, each in consequences.translation(self.state, "az").items()})

    def _second(self, _object: str) -> dict[str, Any]:
        return {}

    def _rules(self, _object: str) -> dict[str, Any]:
        changed = {"version": self.state.rules.version + 1, "quorum": self.random.randint(1, 4)}
        return {"rules": {**self.state.rules.as_json(), **changed}, "content": self.hash()}
