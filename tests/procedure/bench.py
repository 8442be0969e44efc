"""A forum on a workbench: acts without signatures, judged by the procedure alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declaration.errors import DeclarationError
from declaration.procedure.act import Act
from declaration.procedure.replay import apply, check, new_state
from declaration.procedure.rules import Rules
from declaration.procedure.state import State, VersionText
from declaration.protocol.encoding import format_time
from declaration.protocol.keys import public_key_of
from declaration.protocol.manifest import TextRow, UnitRow, build_manifest, canonical_text, unit_hash
from declaration.protocol.statement import By, Seen, build_statement, parse_statement
from declaration.text.redline import splices_between

ORIGIN = "declaration.example/forum"
SYMBOL = "FORUM/2025/JD"
START = datetime(2025, 11, 13, 14, 0, tzinfo=UTC)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
TEXT = {
    "T": ("title", None, {"en": "Joint Declaration", "az": "Birgə Bəyannamə"}),
    "OP1": ("operative", "1", {"en": "Decide to meet every two years;", "az": "İki ildən bir görüşməyi qərara alırıq;"}),
    "OP2": ("operative", "2", {"en": "Invite all bodies to support projects;", "az": "Bütün qurumları dəvət edirik;"}),
    "OP3": ("operative", "3", {"en": "Request a report.", "az": "Hesabat xahiş edirik."}),
}


def digest_of(word: str) -> str:
    return sha256(word.encode()).hexdigest()


def public(name: str) -> Any:
    return public_key_of(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


def version(texts: Mapping[str, tuple[str, str | None, Mapping[str, str]]], symbol: str, previous: str | None) -> VersionText:
    langs = sorted(set.intersection(*(set(text) for _, _, text in texts.values())))
    rows, by_lang = [], {}
    for lang in langs:
        body = canonical_text([(unit, number, text[lang]) for unit, (_, number, text) in texts.items()])
        status = "authentic"
        rows.append(TextRow(lang, sha256(body).hexdigest(), len(body), status))
        by_lang[lang] = {unit: text[lang] for unit, (_, _, text) in texts.items()}
    units = [
        UnitRow(unit, kind, number, None, {lang: unit_hash(text[lang]) for lang in langs}) for unit, (kind, number, text) in texts.items()
    ]
    manifest = build_manifest(declaration=SYMBOL, previous=previous, symbol=symbol, texts=rows, units=units)
    return VersionText(manifest, by_lang)


def mandate(**changes: Any) -> dict[str, Any]:
    return {"continues": None, "document": None, "from": format_time(START), "joint": False, "until": None, **changes}


def replaced(unit: str, old: str, new: str) -> dict[str, Any]:
    splices = [list(each) for each in splices_between(old, new)]
    return {"unit": unit, "base": unit_hash(old), "op": "replace", "splices": splices}


def refused(code: str, attempt: Callable[[], Any]) -> None:
    """``attempt`` is refused, by the rule of this code."""
    with pytest.raises(DeclarationError) as caught:
        attempt()
    assert caught.value.code == code


@dataclass
class Bench:
    """``act`` performs; ``try_act`` only asks. Time stands still unless it is moved."""

    now: datetime = START
    library: dict[str, VersionText] = field(default_factory=dict)
    counter: int = 0
    rules: Rules = field(default_factory=lambda: Rules(quorum=2))
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.state = new_state(ORIGIN, self.library.get)

    def statement(self, who: str, type_: str, object_: str | None, body: Mapping[str, Any] | None = None, **changes: Any) -> Act:
        role, party = who.split(".", 1)
        self.counter += 1
        size = changes.get("seen", self.state.size)
        raw = build_statement(
            type=type_,
            by=By(public(changes.get("key", who)).fingerprint, party, role),
            declaration=changes.get("declaration", SYMBOL),
            log=changes.get("log", ORIGIN),
            nonce=self.counter.to_bytes(16, "big"),
            object=object_,
            seen=Seen(size, EMPTY if size == 0 else digest_of(f"root {size}")),
            body=dict(body or {}),
        )
        return Act(parse_statement(raw), changes.get("at", self.now), changes.get("index", self.state.size))

    def act(self, who: str, type_: str, object_: str | None, body: Mapping[str, Any] | None = None, **changes: Any) -> Act:
        act = self.statement(who, type_, object_, body, **changes)
        apply(self.state, act)
        return act

    def try_act(self, who: str, type_: str, object_: str | None, body: Mapping[str, Any] | None = None, **changes: Any) -> None:
        check(self.state, self.statement(who, type_, object_, body, **changes))

    def pass_time(self, **how: int) -> None:
        self.now += timedelta(**how)

    # -- the beginning of every forum -------------------------------------------------------------------------------

    def constitution_body(self, **changes: Any) -> dict[str, Any]:
        return {
            "forum": "forum",
            "title": {"en": "Forum"},
            "delegations": {"az": {"en": "Azerbaijan"}, "kz": {"en": "Kazakhstan"}, "hu": {"en": "Hungary"}},
            "original": "en",
            "languages": {"az": "authentic", "en": "authentic"},
            "prevailing": "en",
            "rules": self.rules.as_json(),
            "procedure": "forum-1",
            "origins": ["https://declaration.example"],
            "rp_id": "declaration.example",
            "key": public("chair.chair").openssh,
            "content": digest_of("chair"),
            **changes,
        }

    def accreditation(self, who: str, **changes: Any) -> dict[str, Any]:
        role, party = who.split(".", 1)
        key = changes.get("key", public(who).openssh)
        return {
            "key": key,
            "party": party,
            "role": role,
            "possession": {"nonce": digest_of(f"nonce for {key}"), "signature": "AA=="},
            "language": "az" if role == "translator" else None,
            "organization": None,
            "mandate": None,
            "capacity": None,
            "content": digest_of(who),
            **changes,
        }

    def signatory(self, party: str, country: str = "az", **changes: Any) -> dict[str, Any]:
        return self.accreditation(
            f"signatory.{party}",
            **{
                "organization": {"country": country, "name": party, "registration": party.upper()},
                "mandate": mandate(),
                "capacity": "organization",
                **changes,
            },
        )

    def constituted(self) -> Bench:
        self.act("chair.chair", "constitution-v1", None, self.constitution_body())
        for who in (
            "head.az",
            "head.kz",
            "head.hu",
            "secretariat.one",
            "secretariat.two",
            "depositary.keeper",
            "translator.az-1",
            "translator.az-2",
        ):
            self.accredit(who)
        return self

    @property
    def constitution(self) -> str:
        return self.state.known.digest

    def accredit(self, who: str) -> None:
        self.act("chair.chair", "accredit-v1", self.constitution, self.accreditation(who))

    def circulated(self, texts: Any = None) -> Bench:
        digest = self.put_version(texts or TEXT, f"{SYMBOL}/ZD", None)
        self.act("chair.chair", "draft_version.approve_and_circulate-v1", digest, {"symbol": f"{SYMBOL}/ZD"})
        deadline = format_time(self.now + timedelta(days=7))
        self.act("chair.chair", "declaration.circulate_zero_draft-v1", digest, {"deadline": deadline})
        return self

    def put_version(self, texts: Any, symbol: str, previous: str | None) -> str:
        made = version(texts, symbol, previous)
        self.library[made.manifest.digest] = made
        return made.manifest.digest

    # -- proposals --------------------------------------------------------------------------------------------------

    def proposal(self, edits: Sequence[Mapping[str, Any]], number: int | None = None, **changes: Any) -> dict[str, Any]:
        number = number if number is not None else len(self.state.amendments) + 1
        symbol = f"{SYMBOL}/AM/{number:03}"
        return {"symbol": symbol, "edits": list(edits), "amends": None, "content": digest_of("why"), **changes}

    def reads(self, unit: str, new: str) -> dict[str, Any]:
        return replaced(unit, self.state.units[unit].text, new)

    def submit(self, who: str, *edits: Mapping[str, Any], **changes: Any) -> str:
        current = self.state.current
        return self.act(who, "amendment.submit-v1", current, self.proposal(edits, **changes)).digest

    def submit_late(self, who: str, *edits: Mapping[str, Any], **changes: Any) -> str:
        """Submitted after the deadline, with the Chair's leave."""
        digest = self.act(who, "amendment.submit_late-v1", self.state.current, self.proposal(edits, **changes)).digest
        self.act("chair.chair", "amendment.grant_leave-v1", digest, {"content": digest_of("leave")})
        return digest

    def admit(self, digest: str) -> str:
        self.act("secretariat.one", "amendment.admit-v1", digest)
        return digest

    def accept(self, digest: str) -> Act:
        return self.act("chair.chair", "amendment.accept-v1", digest, self.acceptance(digest))

    def acceptance(self, digest: str) -> dict[str, Any]:
        from declaration.procedure import consequences
        from declaration.procedure.working import result_of

        amendment = self.state.amendments[digest]
        after = result_of(self.state, amendment)
        touched = consequences.touched(self.state, amendment)
        result = {unit: after[unit].sha256 if unit in after else None for unit in touched}
        return {"result": result, "content": digest_of("minute")}

    def texts_now(self) -> dict[str, tuple[str, str | None, dict[str, str]]]:
        """The working text in English with the Azerbaijani of the zero draft where it has one; operatives renumbered."""
        number, out = 0, {}
        for unit in self.state.units.values():
            if unit.kind == "operative":
                number += 1
            az = TEXT[unit.id][2]["az"] if unit.id in TEXT else unit.text
            out[unit.id] = (unit.kind, str(number) if unit.kind == "operative" else None, {"en": unit.text, "az": az})
        return out

    def second_reading(self) -> Bench:
        self.pass_time(days=8)
        self.act("secretariat.one", "declaration.issue_compilation-v1", self.state.current, {"content": digest_of("comp")})
        return self

    def settle(self, *units: str) -> Bench:
        """Put these paragraphs to the meeting, or all that are in brackets."""
        from declaration.procedure import consequences

        named = units or tuple(consequences.brackets(self.state))
        if named:
            hashes = {unit: self.state.units[unit].sha256 for unit in named}
            body = {"units": hashes, "present": sorted(self.state.known.delegations), "content": digest_of("minute")}
            self.act("chair.chair", "paragraph.agree_ad_ref-v1", self.state.current, body)
        return self

    def agreed(self) -> Bench:
        self.settle()
        self.act("chair.chair", "declaration.declare_agreed_ad_ref-v1", self.state.current)
        return self

    def confirmed(self) -> Bench:
        for delegation in self.state.known.delegations:
            self.act(f"head.{delegation}", "confirmation.confirm-v1", self.state.current)
        return self

    def certified(self) -> Bench:
        hashes = {unit: each.sha256 for unit, each in self.state.translated["az"].items() if unit in self.state.units}
        body = {"language": "az", "units": hashes}
        self.act("translator.az-2", "language_version.certify-v1", self.state.current, body)
        return self

    def presented(self) -> Bench:
        self.act("chair.chair", "declaration.begin_legal_review-v1", self.state.current)
        final = self.put_version(self.texts_now(), SYMBOL, self.state.current)
        self.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": SYMBOL})
        self.act("chair.chair", "draft_version.freeze-v1", final)
        self.act("chair.chair", "declaration.present_for_adoption-v1", final)
        return self

    def adopted(self) -> Bench:
        self.constituted().circulated().second_reading().agreed().confirmed().certified().presented()
        body = {"present": ["az", "kz"], "content": digest_of("minute")}
        self.act("chair.chair", "declaration.adopt-v1", self.state.current, body)
        return self

    def open(self, days: int = 30) -> Bench:
        self.adopted()
        body = {
            "opens": format_time(self.now),
            "closes": format_time(self.now + timedelta(days=days)),
            "content": digest_of("sentence"),
        }
        self.act("depositary.keeper", "declaration.open_for_signature-v1", self.state.adopted, body)
        return self

    def enrol(self, party: str, country: str = "az", **changes: Any) -> str:
        body = self.signatory(party, country, **changes)
        first = self.act("secretariat.one", "accredit-v1", self.constitution, body)
        self.act("secretariat.two", "second-v1", first.digest)
        return party

    def endorsement(self, **changes: Any) -> dict[str, Any]:
        adopted = self.library[self.state.adopted or ""]
        texts = {row.lang: row.sha256 for row in adopted.manifest.texts}
        return {
            "kind": "signature",
            "capacity": "organization",
            "language": "az",
            "texts": texts,
            "content": digest_of("person"),
            **changes,
        }

    def sign(self, party: str, **changes: Any) -> Act:
        return self.act(f"signatory.{party}", "endorsement.sign-v1", self.state.adopted, self.endorsement(**changes))
