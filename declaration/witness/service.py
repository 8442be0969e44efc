r"""``add-checkpoint`` of c2sp.org/tlog-witness, without HTTP: the body of a request in, a status and the body of an answer out.

::

    old 20852014                                     the size that the witness has signed last, as the log believes
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=     a consistency proof from there, at most 63 hashes
                                                     an empty line
    declaration.example/forum                        the checkpoint, as the log signed it
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — declaration.example/forum Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe…

======  ===================================================================================================================
status  when, in this order
======  ===================================================================================================================
400     the body is none of this, or ``old`` is larger than the checkpoint's size
404     the origin is not one of the witness's logs
403     the log has not signed it, or its signature is wrong
409     ``old`` is not what was signed last; the body is that size, ``text/x.tlog.size``
409     the size was signed before, with another root: the log equivocates, and both notes are kept
422     the proof does not prove it
503     the clock stands before the time that was signed last: no witness signs a time twice over
200     it is remembered; the body is the witness's signature line
======  ===================================================================================================================

Profile: a checkpoint has three lines; one with extension lines is refused with 400.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from declaration.errors import DeclarationError, Malformed, ProofInvalid, SignatureInvalid
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from declaration.protocol.encoding import b64decode, decode_decimal
from declaration.protocol.equivocation import build_equivocation
from declaration.protocol.merkle import EMPTY_ROOT, verify_consistency
from declaration.protocol.note import MAX_NOTE, NoteSigner, NoteVerifier, cosign
from declaration.witness.memory import Memory, Seen

MAX_PROOF = 63
MAX_BODY = len("old 9007199254740991\n") + MAX_PROOF * 45 + 1 + MAX_NOTE

SIZE = "text/x.tlog.size"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back.

    :ivar evidence: a proof of equivocation (:mod:`declaration.protocol.equivocation`) that this request brought to light.
    """

    status: int
    body: bytes
    content_type: str = TEXT
    evidence: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Request:
    old: int
    proof: tuple[bytes, ...]
    note: bytes
    claim: Checkpoint


class Witness:
    """A key, its memory, and the logs that it watches.

    :param logs: their keys, by origin.
    :param clock: seconds since 1970.
    """

    def __init__(self, signer: NoteSigner, memory: Memory, logs: Mapping[str, NoteVerifier], clock: Callable[[], int]) -> None:
        self._signer = signer
        self._memory = memory
        self._logs = logs
        self._clock = clock

    def add_checkpoint(self, body: bytes) -> Answer:
        """Sign a checkpoint that extends the last one, and remember it before answering."""
        try:
            request = _parsed(body)
        except DeclarationError as error:
            return _said(400, error.message)
        verifier = self._logs.get(request.claim.origin)
        if verifier is None:
            return _said(404, "this witness does not watch that log")
        try:
            checkpoint = open_checkpoint(request.note, verifier)
        except (SignatureInvalid, ProofInvalid) as error:
            return _said(403, error.message)
        except Malformed as error:
            return _said(400, error.message)
        if request.old > checkpoint.size:
            return _said(400, "the old size is larger than the checkpoint's")
        with self._memory.deciding() as memory:
            last = memory.last(checkpoint.origin)
            answer = self._refusal(request, checkpoint, last)
            if answer is not None:
                return answer
            # Inside the transaction: times are in the order in which they are remembered.
            now = self._clock()
            if last is not None and now < last.time:
                return _said(503, "the clock of this witness stands before its last signature")
            signed = cosign(request.note, self._signer, now)
            memory.remember(checkpoint.origin, Seen(checkpoint.size, checkpoint.root, now, request.note))
        return Answer(200, signed.removeprefix(request.note))

    def _refusal(self, request: _Request, checkpoint: Checkpoint, last: Seen | None) -> Answer | None:
        size, root = (last.size, last.root) if last is not None else (0, EMPTY_ROOT)
        if last is not None and checkpoint.size == size and checkpoint.root != root:
            # Also when the log pretends to know an older state: two roots for one size convict it whatever it says.
            return Answer(409, f"{size}\n".encode(), SIZE, build_equivocation(last.note, request.note))
        if request.old != size:
            return Answer(409, f"{size}\n".encode(), SIZE)
        try:
            if size == 0:
                if request.proof:
                    raise ProofInvalid("a proof from nothing is empty", code="proof.length")
            else:
                verify_consistency(size, checkpoint.size, root, checkpoint.root, request.proof)
        except ProofInvalid as error:
            return _said(422, error.message)
        return None


def _parsed(body: bytes) -> _Request:
    if len(body) > MAX_BODY:
        raise Malformed("a request that is too long", code="witness.request")
    above, separator, note = body.partition(b"\n\n")
    try:
        first, *proof = above.decode("ascii").split("\n")
        text = note.decode("utf-8").partition("\n\n")[0] + "\n"
    except UnicodeDecodeError:
        raise Malformed("a request that is not text", code="witness.request") from None
    if not separator or not first.startswith("old ") or len(proof) > MAX_PROOF:
        raise Malformed("a request is an old size, a proof, an empty line and a checkpoint", code="witness.request")
    hashes = tuple(b64decode(line) for line in proof)
    if any(len(one) != 32 for one in hashes):
        raise Malformed("a hash that has not 32 bytes", code="witness.request")
    return _Request(decode_decimal(first.removeprefix("old ")), hashes, note, parse_checkpoint(text))


def _said(status: int, why: str) -> Answer:
    return Answer(status, f"{why}\n".encode())
