"""A small forum played through the doors of the pages: compose, sign with keys of the tests, perform.

    with work() as session:
        play = Player(app, session)
        play.found().negotiated().opened()
        play.enrol_organization("az.1", ...)

Three delegations, English (original) and Azerbaijani authentic, a Turkish translation, two of the secretariat. Keys follow from names,
so that another process can sign too. Time moves only where the procedure needs it to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import acts, enrolment, states
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.signing import Signed
from declaration.drafts import operations as drafts
from declaration.endorsements.organizations import register_organization
from declaration.forums.door import use_forum
from declaration.forums.models import Forum, Person
from declaration.forums.people import add_person
from declaration.forums.sessions import start_session
from declaration.procedure import consequences
from declaration.procedure.rules import Rules
from declaration.procedure.state import State
from declaration.procedure.working import result_of
from declaration.protocol.encoding import b64url_encode, format_time
from declaration.protocol.enrolment import possession, possession_namespace
from declaration.protocol.keys import public_key_of
from declaration.protocol.manifest import unit_hash
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement
from declaration.text.redline import splices_between
from declaration.text.units import UnitText
from declaration.transparency import queries
from declaration.web.access import Actor
from declaration.web.clock import SettableClock, now
from tests.support.stages import reach

SLUG = "played"
SYMBOL = "PLAY/2025/JD"
ORIGIN = f"declaration.example/{SLUG}"
LANGUAGES = {"az": "authentic", "en": "authentic", "tr": "translation"}
DELEGATIONS = {
    "az": ({"en": "Azerbaijan", "az": "Azərbaycan", "tr": "Azerbaycan"}, "Asia/Baku"),
    "kz": ({"en": "Kazakhstan", "az": "Qazaxıstan", "tr": "Kazakistan"}, "Asia/Almaty"),
    "tr": ({"en": "Türkiye", "az": "Türkiyə", "tr": "Türkiye"}, "Europe/Istanbul"),
}
SPOKEN = {"az": "az", "kz": "kk", "tr": "tr"}
OFFICERS = (
    ("chair", "chair", "en"), ("secretariat", "rapporteur", "en"), ("secretariat", "registrar", "en"), ("depositary", "depositary", "en"),
    ("translator", "translator-az-1", "az"), ("translator", "translator-az-2", "az"), ("translator", "translator-tr-1", "tr"),
)  # fmt: skip
TEXT = (
    ("T", "title", "Joint Declaration", "Birgə Bəyannamə", "Ortak Bildiri"),
    ("PP1", "preambular", "Recalling the Agreement of 2009,", "2009-cu il Sazişini xatırladaraq,", "2009 Anlaşması’nı hatırlatarak,"),
    ("S1", "heading", "The Platform", "Platforma", "Platform"),
    ("OP1", "operative", "Decide to meet every two years;", "İki ildən bir görüşməyi qərara alırıq;", "İki yılda bir toplanırız;"),
    ("OP2", "operative", "Invite all bodies to support projects.", "Bütün qurumları dəstəyə dəvət edirik.", "Kurumları davet ederiz."),
)  # fmt: skip
AMENDED = ("Decide to meet every year;", "Hər il görüşməyi qərara alırıq;", "Her yıl toplanırız;")
ORGANIZATIONS = (
    ("az", "“Şəfəq” Ekoloji Fondu", "SAMPLE-AZ-0002", "Elçin Əkbəroğlu", "direktor"),
    ("tr", "Işık Eğitim Gönüllüleri Derneği", "SAMPLE-TR-0001", "Çağrı Iğdırlı", "yönetim kurulu başkanı"),
    ("kz", "«Арал тынысы» қоғамдық бірлестігі", "SAMPLE-KZ-0001", "Мөлдір Әбдірахманқызы", "төрайым"),
    ("az", "İlham Gənclər Birliyi", "SAMPLE-AZ-0010", "İlham Quliyev", "sədr"),
)


def private_key(party: str, role: str, number: int = 1) -> Ed25519PrivateKey:
    """The key of a party; ``number`` tells a second one of the same party from the first."""
    return Ed25519PrivateKey.from_private_bytes(sha256(f"{role}.{party}.{number}".encode()).digest())


def _heads() -> list[tuple[str, str, str]]:
    return [("head", one, SPOKEN[one]) for one in DELEGATIONS]


@dataclass
class Player:
    """Plays in one transaction. Make a new one in each: it keeps nothing but the session.

    :ivar site: where its pages are, for passkeys; matters when the forum is founded.
    """

    app: Flask
    session: Session
    site: str = "https://declaration.example"

    @property
    def forum(self) -> Forum:
        return self.session.scalars(select(Forum).where(Forum.slug == SLUG)).one()

    @property
    def state(self) -> State:
        return states.current(self.session, self.forum)

    def advance(self, **how: float) -> None:
        clock = self.app.extensions["clock"]
        assert isinstance(clock, SettableClock)
        clock.advance(**how)

    def person(self, party: str, role: str | None = None) -> Person:
        query = select(Person).where(Person.forum_id == self.forum.id, Person.party == party, Person.active)
        return next(one for one in self.session.scalars(query.order_by(Person.id)) if role is None or one.role == role)

    def actor(self, party: str, role: str | None = None) -> Actor:
        one = self.person(party, role)
        return Actor(one.id, one.name, one.role, party, one.forum_id, one.delegation, one.language, one.time_zone)

    # -- acts ----------------------------------------------------------------------------------------------------------------

    def signed(
        self, party: str, type_: str, object_: str | None, fields: Mapping[str, str] | None = None, *,
        body: Mapping[str, Any] | None = None, role: str | None = None, number: int = 1, nonce: bytes | None = None,
    ) -> Signed:  # fmt: skip
        """Compose an act (or take ``body`` as it is) and sign it; nothing is recorded."""
        actor, forum = self.actor(party, role), self.forum
        if body is None:
            body = acts.compose(self.session, forum, actor, type_, object_, dict(fields or {}))["body"]
        key, log = private_key(party, actor.role, number), log_of(self.session, forum)
        root = EMPTY_ROOT if log.size == 0 else queries.root_at(self.session, log, log.size)
        statement = build_statement(
            type=type_, by=By(public_key_of(key).fingerprint, party, actor.role), declaration=forum.declaration, log=forum.origin,
            nonce=nonce or sha256(f"{type_} {log.size}".encode()).digest()[:16], object=object_, seen=Seen(log.size, root.hex()), body=body,
        )  # fmt: skip
        return Signed(statement, sign(key, f"{type_}@{forum.origin}", statement))

    def perform(self, signed: Signed) -> Recorded:
        return acts.perform(self.session, self.forum, signed, now=now())

    def act(self, party: str, type_: str, object_: str | None, fields: Mapping[str, str] | None = None, **more: Any) -> Recorded:
        return self.perform(self.signed(party, type_, object_, fields, **more))

    def session_of(self, party: str, role: str | None = None) -> str:
        """The token of a session, for a browser's cookie once this transaction is committed."""
        return start_session(self.session, self.person(party, role), user_agent="test", now=self.app.extensions["clock"].now())

    # -- the way -------------------------------------------------------------------------------------------------------------

    def found(self) -> Player:
        """The forum, its people, the constitution, and the keys of everybody but signatories."""
        if self.site != Player.site:  # an address that this test alone has
            self._found()
        elif reach(self.app, self.session, ("found",), self._found):
            use_forum(self.forum)
        return self

    def described(self) -> Player:
        """The forum and its people, nothing recorded."""
        forum = Forum(
            slug=SLUG, host="declaration.example", origin=ORIGIN, declaration=SYMBOL, title={"en": "The played forum"},
            short_title={"en": "Joint Declaration", "az": "Birgə Bəyannamə"}, languages=dict(LANGUAGES), original="en", prevailing="en",
            delegations=[
                {"id": one, "names": names, "tags": {"en": one.upper()}, "time_zone": zone, "languages": [SPOKEN[one]], "status": "full"}
                for one, (names, zone) in DELEGATIONS.items()
            ],
            orders={"protocol": list(DELEGATIONS), "en": ["az", "kz", "tr"], "tr": ["az", "tr", "kz"]},
            time_zone="Asia/Baku", city={"en": "Baku"}, schedule={}, web_origins=[self.site],
            rules=Rules(quorum=2).as_json(),
            rp_id=urlsplit(self.site).hostname, demo=False,
        )  # fmt: skip
        self.session.add(forum)
        self.session.flush()
        use_forum(forum)
        for role, party, language in (*OFFICERS, *_heads()):
            add_person(self.session, forum, name=f"{role} {party}", role=role, party=party, office=role, language=language)
        return self

    def _found(self) -> None:
        self.described()
        self.enrol("chair")
        self.act("chair", "constitution-v1", None)
        for role, party, _language in (*OFFICERS[1:], *_heads()):
            self.accredit(self.enrol(party, role=role))

    def enrol(self, party: str, *, role: str | None = None, number: int = 1) -> int:
        """Enrol a key; the number of the enrolment."""
        actor = self.actor(party, role)
        key = private_key(party, actor.role, number)
        row = enrolment.begin(self.session, self.forum, actor.person_id, now=now())
        public, proof = public_key_of(key), b""
        if self.state.constitution is not None:
            message = possession(self.state.constitution.digest, public.fingerprint, row.nonce)
            proof = sign(key, possession_namespace(self.forum.origin), message)
        return enrolment.finish(self.session, self.forum, row, public.openssh, proof, now=now()).id

    def accredit(self, row: int, *, by: str = "chair", **fields: str) -> Recorded:
        return self.act(by, "accredit-v1", self.state.known.digest, {"enrolment": str(row), **fields})

    def negotiated(self, *, amended: bool = True) -> Player:
        """Zero draft, readings, one amendment accepted in all languages, adoption."""
        reach(self.app, self.session, ("negotiated", amended), lambda: self._negotiated(amended))
        return self

    def _negotiated(self, amended: bool) -> None:
        texts = {
            lang: [UnitText(row[0], row[1], row[2 + place]) for row in TEXT]  # type: ignore[arg-type]  # the kinds above are kinds
            for place, lang in enumerate(("en", "az", "tr"))
        }
        draft = drafts.store_zero_draft(self.session, self.forum, texts, now=now())
        self.act("chair", "draft_version.approve_and_circulate-v1", draft)
        deadline = format_time(now() + timedelta(hours=2))
        self.act("chair", "declaration.circulate_zero_draft-v1", draft, {"deadline": deadline})
        if amended:
            self._amend()
        self.advance(hours=3)
        self.act("rapporteur", "declaration.issue_compilation-v1", draft)
        if amended:
            self._translate_and_revise()
        agreed = self.state.current
        self.act("chair", "declaration.declare_agreed_ad_ref-v1", agreed)
        for one in DELEGATIONS:
            self.act(one, "confirmation.confirm-v1", agreed, role="head")
        self.act("chair", "declaration.begin_legal_review-v1", agreed)
        self.act("translator-az-2", "language_version.certify-v1", agreed, {"language": "az"})
        final = drafts.compose_next(self.session, self.forum, self.state, final=True)
        self.act("chair", "draft_version.approve_and_circulate-v1", final)
        self.act("chair", "draft_version.freeze-v1", final)
        self.act("chair", "declaration.present_for_adoption-v1", final)
        present = {f"present-{one}": "yes" for one in DELEGATIONS}
        self.act("chair", "declaration.adopt-v1", final, {**present, "minute": "There was no objection."})

    def _amend(self) -> None:
        old = self.state.units["OP1"].text
        splices = [list(each) for each in splices_between(old, AMENDED[0])]
        edits = [{"unit": "OP1", "base": unit_hash(old), "op": "replace", "splices": splices}]
        body = {"symbol": f"{SYMBOL}/AM/001", "edits": edits, "amends": None, "content": "0" * 64}
        found = self.act("kz", "amendment.submit-v1", self.state.current, body=body, role="head").act.digest
        self.act("rapporteur", "amendment.admit-v1", found)
        self.accepted = found

    def _translate_and_revise(self) -> None:
        amendment = self.state.amendments[self.accepted]
        after = result_of(self.state, amendment)
        result = {unit: after[unit].sha256 for unit in consequences.touched(self.state, amendment)}
        self.act("chair", "amendment.accept-v1", self.accepted, body={"result": result, "content": "0" * 64})
        self.act("chair", "paragraph.agree_ad_ref-v1", self.state.current, {"units": "OP1"})
        for party, lang, text in (("translator-az-1", "az", AMENDED[1]), ("translator-tr-1", "tr", AMENDED[2])):
            fields = {"language": lang, "text-OP1": text, "ready-OP1": "yes"}
            self.act(party, "language_version.submit-v1", self.state.current, fields)
        revised = drafts.compose_next(self.session, self.forum, self.state, final=False)
        self.act("chair", "draft_version.approve_and_circulate-v1", revised)

    def opened(self, *, days: int = 60) -> Player:
        """Open for signature from now on."""
        reach(self.app, self.session, ("opened", days), lambda: self._opened(days))
        return self

    def _opened(self, days: int) -> None:
        fields = {"opens": format_time(now()), "closes": format_time(now() + timedelta(days=days))}
        self.act("depositary", "declaration.open_for_signature-v1", self.state.adopted, fields)

    # -- organizations ---------------------------------------------------------------------------------------------------------

    def organization(self, place: int, *, accredited: bool = True, **accreditation: str) -> str:
        """Register one of :data:`ORGANIZATIONS`, with an accredited key unless told otherwise; its party."""
        country, name, registration, person, office = ORGANIZATIONS[place]
        one = register_organization(
            self.session, self.forum, country=country, name=name, registration=registration, person=person, office=office
        )
        if accredited:
            self.accredit_signatory(one.party, **accreditation)
        return one.party

    def accredit_signatory(self, party: str, *, number: int = 1, **accreditation: str) -> None:
        row = self.enrol(party, number=number)
        first = self.accredit(row, by="rapporteur", **accreditation)
        self.act("registrar", "second-v1", first.act.digest)

    def signature(self, party: str, language: str = "en", **more: Any) -> Signed:
        """A signature of the organization, not recorded."""
        fields = {"language": language, "read": "yes", "consent": "yes"}
        return self.signed(party, "endorsement.sign-v1", self.state.adopted, fields, **more)

    def sign(self, party: str, language: str = "en", **more: Any) -> Recorded:
        return self.perform(self.signature(party, language, **more))

    def played(self, *languages: str) -> Player:
        """Everything up to one signature in each of these languages, by the first organizations."""
        self.found().negotiated().opened()
        reach(self.app, self.session, ("signed", *languages), lambda: self._signed(languages))
        return self

    def _signed(self, languages: Sequence[str]) -> None:
        for place, language in enumerate(languages):
            self.sign(self.organization(place), language)


def nonce(text: str) -> bytes:
    """Sixteen bytes that follow from a word."""
    return sha256(text.encode()).digest()[:16]


def as_form(signed: Signed) -> dict[str, str]:
    """What the signing page posts."""
    from declaration.protocol.encoding import b64encode

    return {"statement": signed.statement.decode(), "signature": b64encode(signed.signature)}


__all__ = ["ORGANIZATIONS", "ORIGIN", "SLUG", "SYMBOL", "Player", "as_form", "b64url_encode", "nonce", "private_key"]
