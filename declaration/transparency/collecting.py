"""Asking the witnesses, after the commit and outside of every request: ``flask --app wsgi log collect``.

For each record and each witness that has not signed its newest checkpoint: send that with a consistency proof from what the witness
signed last (c2sp.org/tlog-witness), verify what comes back with the witness's own key, keep the line. Nothing is asked inside a
transaction that writes, and nobody who signs an act waits for a witness.

A witness that has seen more than this database holds, or another root for the same size, says that an older copy was put back or that
the record has split: that is logged as critical, shown on the page of witnesses, and never mended by asking again.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy.orm import Session

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.encoding import b64encode, decode_decimal
from declaration.protocol.note import NoteVerifier, parse_vkey, verify
from declaration.transparency import queries
from declaration.transparency.models import Log, LogCosignature, LogWitness
from declaration.transparency.witnesses import configured, largest_signed
from declaration.web.clock import now
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

SECONDS = 10.0
LONGEST_ANSWER = 64 * 1024
_AT_ONCE = 8
_SIZE = "text/x.tlog.size"
# A witness attests seconds since 1970; a number that no integer column holds is not one.
_LATEST = 2**53

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``status`` 0: nothing did."""

    status: int
    content_type: str = ""
    body: bytes = b""


Post = Callable[[str, bytes], Reply]


@dataclass(frozen=True, slots=True)
class Question:
    """One checkpoint for one witness. ``old`` is the size that it is believed to have."""

    log_id: int
    log: NoteVerifier
    witness: NoteVerifier
    name: str
    address: str
    size: int
    note: bytes = field(repr=False)
    old: int = 0
    proof: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def body(self) -> bytes:
        """As ``add-checkpoint`` wants it."""
        return "".join([f"old {self.old}\n", *(f"{b64encode(one)}\n" for one in self.proof), "\n"]).encode() + self.note


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question: ``signed``, ``unreachable``, ``refused``, ``ahead`` or ``contradicts``."""

    origin: str
    witness: str
    size: int
    outcome: str
    detail: str = ""


def post(address: str, body: bytes) -> Reply:
    """Send a request to a witness, without following it anywhere else."""
    request = urllib.request.Request(f"{address}/add-checkpoint", data=body, headers={"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310  # the policy's grammar knows http and https only
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return Reply(answer.status, answer.headers.get_content_type(), answer.read(LONGEST_ANSWER + 1))
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers.get_content_type(), error.read(LONGEST_ANSWER + 1))
    except (OSError, http.client.HTTPException, ValueError):
        return Reply(0)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def collect(send: Post = post, *, skip: Iterable[str] = ()) -> list[Result]:
    """Ask every witness for what it has not signed yet; in an application context, outside of a transaction.

    :param skip: names of witnesses that are not asked this time.
    """
    left_out = set(skip)
    questions = [one for one in _questions() if one.name not in left_out]
    results: list[Result] = []
    for _ in range(2):  # a second time with the size that a witness has told
        if not questions:
            break
        with ThreadPoolExecutor(min(_AT_ONCE, len(questions))) as pool:
            replies = list(pool.map(lambda one: send(one.address, one.body), questions))
        again: list[Question] = []
        for question, reply in zip(questions, replies, strict=True):
            told = _told(reply)
            if told is not None and told != question.old and told <= question.size:
                again.append(_from(question, told))
            else:
                results.append(_keep(question, reply, told))
        questions = again
    results += [_remember(one, "refused", "it changes its mind about what it has") for one in questions]
    return results


def _questions() -> list[Question]:
    with reading():
        session = current_session()
        try:
            return [one for log in queries.all_logs(session) if log.size for one in _of(session, log)]
        finally:
            session.rollback()


def _of(session: Session, log: Log) -> list[Question]:
    signed = largest_signed(session, log)
    waiting = [(name, one) for name, one in configured().witnesses.items() if signed.get(one.vkey, 0) < log.size]
    if not waiting:
        return []
    note, key = queries.latest(session, log), parse_vkey(log.vkey)
    found = []
    for name, witness in waiting:
        old = signed.get(witness.vkey, 0)
        proof = tuple(queries.consistency(session, log, old, log.size)) if old else ()
        address = configured().addresses[f"witness {name}"]
        found.append(Question(log.id, key, witness, name, address, log.size, note, old, proof))
    return found


def _from(question: Question, old: int) -> Question:
    with reading():
        session = current_session()
        try:
            log = session.get_one(Log, question.log_id)
            proof = tuple(queries.consistency(session, log, old, question.size)) if old else ()
        finally:
            session.rollback()
    return replace(question, old=old, proof=proof)


def _told(reply: Reply) -> int | None:
    """The size that a witness says it has, in an answer 409."""
    if reply.status != 409 or reply.content_type != _SIZE:
        return None
    try:
        return decode_decimal(reply.body.decode("ascii").removesuffix("\n"))
    except (UnicodeDecodeError, Malformed):
        return None


def _keep(question: Question, reply: Reply, told: int | None) -> Result:
    if reply.status == 0:
        return _remember(question, "unreachable")
    if told is not None:
        outcome = "ahead" if told > question.size else "contradicts"
        return _remember(question, outcome, f"it has signed {told} entries, this database holds {question.size}", size=told)
    if reply.status != 200 or len(reply.body) > LONGEST_ANSWER:
        return _remember(question, "refused", f"status {reply.status}")
    try:
        opened = verify(question.note + reply.body, [question.log, question.witness])
        line = next((each for each in opened.signatures if each.verifier == question.witness), None)
        if line is None or line.time is None or not 0 < line.time < _LATEST:
            raise Malformed("its own signature is not among the lines", code="witness.answer")
    except DeclarationError as error:
        return _remember(question, "refused", error.message)
    return _remember(question, "signed", line=line.line, time=line.time, size=question.size)


def _remember(
    question: Question, outcome: str, detail: str = "", *, size: int | None = None, line: str = "", time: int = 0
) -> Result:
    vkey = question.witness.vkey
    with unit_of_work() as session:
        row = session.get(LogWitness, (question.log_id, vkey))
        if row is None:
            row = LogWitness(log_id=question.log_id, key=vkey, size=0)
            session.add(row)
        row.asked_at, row.outcome = now(), outcome
        row.size = size if size is not None else row.size
        if line and session.get(LogCosignature, (question.log_id, question.size, vkey)) is None:
            session.add(LogCosignature(log_id=question.log_id, size=question.size, key=vkey, time=time, line=line))
    say = _log.critical if outcome in ("ahead", "contradicts") else _log.info if outcome == "signed" else _log.warning
    say("log.witness", origin=question.log.name, witness=question.name, size=question.size, outcome=outcome, detail=detail)
    return Result(question.log.name, question.name, question.size, outcome, detail)
