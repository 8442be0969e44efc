"""A signature that came back, check by check: what holds, the first thing that does not, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from declaration.credentials import returned
from declaration.endorsements.offline import is_late
from declaration.errors import DeclarationError, SignatureInvalid
from declaration.procedure import replay
from declaration.procedure.act import Act
from declaration.procedure.state import State
from declaration.protocol.keys import PublicKey, read_key_blob
from declaration.protocol.sshsig import key_blob_of, parse_signature, verify
from declaration.protocol.statement import Statement
from declaration.web import refusals


@dataclass(frozen=True, slots=True)
class Step:
    """One check. ``state`` is ``yes``, ``no`` or ``open`` (not looked at, since one before it failed)."""

    asserted: str
    state: str
    evidence: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks found. ``blob`` is there where the signature itself is good, whatever the rules say of the act."""

    steps: tuple[Step, ...]
    blob: bytes | None

    @property
    def good(self) -> bool:
        """Whether the act can be recorded."""
        return all(step.state == "yes" for step in self.steps)

    @property
    def failed(self) -> Step | None:
        """The first check that fails."""
        return next((step for step in self.steps if step.state == "no"), None)


class _Failed(Exception):
    def __init__(self, evidence: str, instead: str) -> None:
        super().__init__(evidence)
        self.evidence, self.instead = evidence, instead


def judge(state: State, statement: Statement, key: PublicKey, data: bytes, now: datetime) -> Judged:
    """Every check, in the order in which people make mistakes."""
    looked = _Looking(state, statement, key, data, now)
    questions = (
        (_("It is a signature in the form of OpenSSH."), looked.form),
        (_("It was made with the key that the statement names."), looked.by_key),
        (_("It was made for this act, in this record."), looked.for_act),
        (_("It belongs to these bytes."), looked.over_bytes),
        (_("It arrives in time."), looked.in_time),
        (_("The key has authority now, and the rules of procedure allow the act."), looked.allowed),
    )
    steps: list[Step] = []
    failed = False
    for asserted, question in questions:
        if failed:
            steps.append(Step(asserted, "open"))
            continue
        try:
            steps.append(Step(asserted, "yes", question()))
        except _Failed as found:
            failed = True
            steps.append(Step(asserted, "no", found.evidence, found.instead))
    good = all(step.state == "yes" for step in steps[:4])
    return Judged(tuple(steps), looked.blob if good else None)


class _Looking:
    def __init__(self, state: State, statement: Statement, key: PublicKey, data: bytes, now: datetime) -> None:
        self.state, self.statement, self.key, self.data, self.now = state, statement, key, data, now
        self.blob = b""

    def form(self) -> str:
        try:
            self.blob = returned.blob_of(self.data, key=self.key, namespace=self.statement.namespace)
            key_blob_of(self.blob)
        except DeclarationError as error:
            raise _told(error, _("Send the whole file again, as it was written.")) from error
        return str(_("%(bytes)s bytes", bytes=len(self.blob)))

    def by_key(self) -> str:
        try:
            found = read_key_blob(key_blob_of(self.blob))
        except DeclarationError as error:
            raise _told(error) from error
        if found.blob != self.key.blob:
            raise _Failed(
                _("It was made with %(found)s, and the statement names %(key)s.", found=found.fingerprint, key=self.key.fingerprint),
                _("Sign with the key that is named, or prepare the statement again for the other one."),
            )
        return self.key.fingerprint

    def for_act(self) -> str:
        try:
            found = parse_signature(self.blob).namespace
        except SignatureInvalid as error:
            raise _told(error) from error
        if found != self.statement.namespace:
            raise _Failed(
                _("It was made for %(found)s, and this act is %(namespace)s.", found=found[:200], namespace=self.statement.namespace),
                _("Sign again with the command as it stands here: what follows -n must be the same to the letter."),
            )
        return found

    def over_bytes(self) -> str:
        try:
            verify(self.blob, key=self.key, namespace=self.statement.namespace, message=self.statement.raw)
        except SignatureInvalid as error:
            slip = returned.mistake(self.blob, key=self.key, namespace=self.statement.namespace, message=self.statement.raw)
            raise _Failed(*_of_slip(slip)) from error
        return self.statement.digest

    def in_time(self) -> str:
        if is_late(self.state, self.statement, self.now):
            hours = self.state.rules.hold_hours
            raise _Failed(
                _("More than %(hours)s hours have passed since the first entry that it had not seen.", hours=hours),
                _("Prepare it again, and sign the new statement. The old signature is of no use to anybody."),
            )
        return str(_("The record had %(size)s entries when it was prepared.", size=self.statement.seen.size))

    def allowed(self) -> str:
        state = self.state
        if self.statement.digest in state.digests:
            return str(_("It is in the record already."))
        at = max(self.now.replace(microsecond=0), state.times[-1]) if state.times else self.now.replace(microsecond=0)
        try:
            replay.check(state, Act(self.statement, at, state.size))
        except DeclarationError as error:
            raise _told(error) from error
        return ""


def _told(error: DeclarationError, otherwise: str = "") -> _Failed:
    said = refusals.told(error)
    return _Failed(said.message, said.instead or otherwise)


def _of_slip(slip: str) -> tuple[str, str]:
    """What was signed instead of the statement, where one can tell."""
    if slip in ("line-end", "crlf"):
        return (
            _("The file that was signed ends in a line end that the statement does not have."),
            _("An editor has added it. Download the statement again, do not open it, and sign that file."),
        )
    if slip == "tbs":
        return (
            _("The file that was signed is the one for openssl."),
            _("ssh-keygen signs statement.json. Only openssl signs statement.tbs."),
        )
    return (
        _("Another file was signed, or a byte of it was changed."),
        _("Download the statement again and sign that file. What openssl signs is statement.tbs, not statement.json."),
    )
