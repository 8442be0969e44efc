"""Every check of one endorsement, made again when it is opened: what this page's server can say, and what anybody can repeat.

The auditor's own verifier makes them for the whole record; here each is shown with what it stands on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.credentials.record import log_of
from declaration.endorsements.sentence import authentic_texts, sentence
from declaration.errors import DeclarationError, Refused
from declaration.forums.models import Forum
from declaration.procedure.holdings import Endorsement
from declaration.procedure.signers import allowed_signers_of
from declaration.procedure.state import Key, State
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.keys import parse_public_key
from declaration.protocol.merkle import verify_inclusion
from declaration.protocol.sshsig import PasskeyPolicy, verify
from declaration.protocol.statement import namespace
from declaration.transparency import queries


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what is asserted, what it stands on, and, where it failed, why. ``skipped`` has nothing to look at."""

    asserted: str
    evidence: str
    failed: str = ""
    skipped: bool = False

    @property
    def passed(self) -> bool:
        return not self.failed and not self.skipped


@dataclass(frozen=True, slots=True)
class Opened:
    """One endorsement with everything that belongs to it.

    :ivar accreditations: positions of the entries that gave the key its authority.
    :ivar signer: the line of ``allowed_signers`` with its key.
    :ivar document: the sentence, the person and the office, or None where they are withheld.
    """

    endorsement: Endorsement
    entry: Entry
    key: Key
    accreditations: tuple[int, ...]
    signer: str
    document: dict[str, object] | None
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return not any(check.failed for check in self.checks)

    @property
    def principal(self) -> str:
        """Who signed, as ``allowed_signers`` says it."""
        return f"{self.key.role}.{self.key.party}"

    @property
    def namespace(self) -> str:
        """What the signature is for: this act, in this record."""
        return namespace(self.entry.statement.type, self.entry.statement.log)


def open_endorsement(session: Session, forum: Forum, state: State, digest: str) -> Opened:
    """Read one endorsement from the record and check it again."""
    found = state.endorsements[digest]
    entry = parse_entry(queries.entry(session, log_of(session, forum), found.index))
    key = state.keys[found.key]
    given = state.digests[key.accreditation]
    accreditations = (given,) if given == key.accredited else (given, key.accredited)
    document = contents.read(session, forum.id, found.content, audiences=("public",))
    checks = (
        _signature(state, entry, key),
        _authority(key, found, accreditations),
        _mandate(key, found),
        _window(state, found),
        _text(state, entry),
        _once(state, found),
        _sentence(session, forum, state, key, found, document),
        _inclusion(session, forum, entry, found.index),
    )
    return Opened(found, entry, key, accreditations, signer_line(state, key), document, checks)


def signer_line(state: State, key: Key) -> str:
    """The line of ``allowed_signers`` that has this key."""
    return next(line for line in allowed_signers_of(state).splitlines() if line.endswith(f" {key.public}"))


def _asked(asserted: str, evidence: str, question: Callable[[], None]) -> Check:
    try:
        question()
    except DeclarationError as error:
        return Check(asserted, evidence, failed=error.message)
    return Check(asserted, evidence)


def _signature(state: State, entry: Entry, key: Key) -> Check:
    statement = entry.statement
    policy = PasskeyPolicy(state.known.origins, state.known.rp_id)

    def question() -> None:
        verify(
            entry.signature, key=parse_public_key(key.public), namespace=namespace(statement.type, statement.log),
            message=statement.raw, passkey=policy,
        )  # fmt: skip

    kind = key.public.partition(" ")[0]
    return _asked(_("The signature is valid."), _("The key is of the kind %(kind)s.", kind=kind), question)


def _authority(key: Key, found: Endorsement, accreditations: tuple[int, ...]) -> Check:
    evidence = _("By two persons of the secretariat, entries %(entries)s of the record.", entries=_listed(accreditations))

    def question() -> None:
        if key.accredited >= found.index or (key.role, key.party) != ("signatory", found.party):
            raise Refused(_("the key had no authority for this organization then"))

    return _asked(_("The key was accredited for this organization before it signed."), evidence, question)


def _mandate(key: Key, found: Endorsement) -> Check:
    until = _("Until %(day)s.", day=key.valid_until.date().isoformat()) if key.valid_until else _("Without an end.")

    def question() -> None:
        late = key.valid_until is not None and found.at >= key.valid_until
        if late or (key.valid_from is not None and found.at < key.valid_from) or key.capacity != found.capacity:
            raise Refused(_("it was not"))

    return _asked(_("The mandate was in force, and gives this capacity."), until, question)


def _window(state: State, found: Endorsement) -> Check:
    window = state.window
    evidence = _("Received %(at)s UTC.", at=found.at.strftime("%Y-%m-%d %H:%M:%S"))
    asserted = _("It came while signature was open.") if found.kind == "signature" else _("It came while accession was open.")

    def question() -> None:
        inside = window is not None and window.opens <= found.at and (found.at < window.closes) == (found.kind == "signature")
        if not inside:
            raise Refused(_("it did not"))

    return _asked(asserted, evidence, question)


def _text(state: State, entry: Entry) -> Check:
    def question() -> None:
        if entry.statement.object != state.adopted or entry.statement.body["texts"] != authentic_texts(state):
            raise Refused(_("it names another text"))

    evidence = _("By the digest of the version, and by that of every authentic text.")
    return _asked(_("It names the adopted text."), evidence, question)


def _once(state: State, found: Endorsement) -> Check:
    def question() -> None:
        if found.stands and state.by_party.get(found.party) != found.digest:
            raise Refused(_("another one stands for it"))

    return _asked(
        _("It is the one signature of this organization."), _("In the record it is called %(party)s.", party=found.party), question
    )


def _sentence(session: Session, forum: Forum, state: State, key: Key, found: Endorsement, document: dict[str, object] | None) -> Check:
    asserted = _("The sentence is the one that was fixed when signature opened.")
    if document is None:
        return Check(asserted, _("Withheld: the person took the consent back, and every other proof stays whole."), skipped=True)

    def question() -> None:
        expected = sentence(
            session, forum, state, language=found.language, organization=key.organization or {},
            person=str(document.get("person", "")), office=str(document.get("office", "")),
        )  # fmt: skip
        if (document.get("sentence"), document.get("language")) != (expected.text, expected.language):
            raise Refused(_("it says something else"))

    return _asked(asserted, _("Filled in with this organization, person and office."), question)


def _inclusion(session: Session, forum: Forum, entry: Entry, index: int) -> Check:
    log = log_of(session, forum)
    proof = queries.inclusion(session, log, index, log.size)

    def question() -> None:
        verify_inclusion(entry.leaf, index, log.size, proof, queries.root_at(session, log, log.size))

    evidence = _("Entry %(index)s in a record of %(size)s, by a path of %(count)s hashes.", index=index, size=log.size, count=len(proof))
    return _asked(_("The record contains it."), evidence, question)


def _listed(numbers: tuple[int, ...]) -> str:
    return str(_(" and ")).join(map(str, numbers))
