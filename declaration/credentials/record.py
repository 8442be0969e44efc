"""The one door to the record.

In this order, all in the caller's transaction, with the log's head locked before the first question is asked:

1. the statement parses strictly;
2. it is the next act of this record: new, for this log and declaration, signed after a checkpoint that this record had and
   that is not too old;
3. its key has authority, for the party and role that it names;
4. the signature verifies strictly under that key, in the namespace of this act and no other;
5. the rules of procedure allow it in the state that it meets, and a key that is accredited has proved that somebody holds it;
6. the entry is appended, and a checkpoint over it is signed.

A statement that is in the record already is not refused and not recorded twice: a phone that lost the answer asks again and
gets the same receipt.

Nothing is written before step 6 (:func:`judge`), so a refused act leaves the transaction as it was, and the next one can be judged
in it: :mod:`.together` does so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from declaration.credentials.states import newest, note_appended, passkey_policy
from declaration.errors import DeclarationError, Refused
from declaration.forums.models import Forum
from declaration.procedure import replay
from declaration.procedure.act import Act, act_of
from declaration.procedure.state import State
from declaration.protocol.encoding import b64decode
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.entry import Entry, entry_of, parse_entry
from declaration.protocol.keys import PublicKey, parse_public_key, read_public_key
from declaration.protocol.merkle import leaf_hash
from declaration.protocol.sshsig import PasskeyPolicy, verify
from declaration.protocol.statement import Statement, namespace, parse_statement
from declaration.transparency import queries
from declaration.transparency.heads import Past
from declaration.transparency.models import Log
from declaration.transparency.operations import append_entry, create_log, lock_by_origin
from declaration.web.direct import Direct


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act that is in the record.

    :ivar repeated: it had been recorded before; the caller's rows stand already.
    :ivar state: what the record amounts to with it; read it in this transaction, and do not keep it.
    """

    act: Act
    repeated: bool
    state: State = field(repr=False, compare=False)

    @property
    def index(self) -> int:
        """Position of its entry."""
        return self.act.index


def record(session: Session, forum: Forum, statement: bytes, signature: bytes, *, now: datetime) -> Recorded:
    """Append one signed act.

    :param statement: canonical JSON as it was signed.
    :param signature: the SSHSIG blob, not armoured.
    :param now: the server's clock, UTC; a record's time never runs backwards, so the entry bears at least its predecessor's.
    :raises Malformed, SignatureInvalid, Refused: nothing is written, and the transaction should be given up.
    """
    parsed = parse_statement(statement)
    log = lock_by_origin(session, forum.origin)
    state = newest(session, forum, log)
    judged = judge(forum, state, parsed, signature, now=now, past=Past(Direct.of(session), log))
    if isinstance(judged, Recorded):
        return judged
    append_entry(session, log, judged)
    act = act_of(judged, state.size)
    return Recorded(act, repeated=False, state=note_appended(session, forum, state, act))


def judge(
    forum: Forum, state: State, parsed: Statement, signature: bytes, *, now: datetime, past: Past, verified: bool = False
) -> Entry | Recorded:
    """Steps 2 to 5: the entry to append next, or what is in the record already. The log's head is locked; nothing is written.

    :param state: after every entry so far.
    :param past: the record up to the locked head.
    :param verified: step 4 was done before, by :func:`verified_before`.
    :raises Malformed, SignatureInvalid, Refused: the act is not allowed.
    """
    if parsed.digest in state.digests:
        index = state.digests[parsed.digest]
        return Recorded(act_of(parse_entry(past.entry(index)), index), repeated=True, state=state)
    at = now.replace(microsecond=0)
    if state.times and at < state.times[-1]:
        at = state.times[-1]
    act = Act(parsed, at, state.size)
    replay.check_order(state, act)
    if past.root(parsed.seen.size).hex() != parsed.seen.root:
        raise _other_history()
    replay.check_authority(state, act)
    policy = _policy(forum, state, parsed)
    if not verified:
        _verify(signing_key(state, parsed), parsed, signature, policy)
    replay.check_allowed(state, act)
    if "possession" in parsed.body:
        _check_possession(state, parsed, policy)
    return entry_of(at, signature, parsed)


def verified_before(forum: Forum, state: State, parsed: Statement, signature: bytes) -> bool:
    """Whether the signature is good under a key that ``state``, be it old, knows: a fingerprint is one key for ever.

    For doing what costs most before standing in line. What is not found good here is verified again in its turn, where the reason
    counts; whether the key has authority is never asked here.
    """
    key = state.keys.get(parsed.by.key)
    if key is None:
        return False
    try:
        _verify(read_public_key(key.public), parsed, signature, passkey_policy(forum, state))
    except DeclarationError:
        return False
    return True


def _verify(key: PublicKey, parsed: Statement, signature: bytes, policy: PasskeyPolicy) -> None:
    verify(signature, key=key, namespace=namespace(parsed.type, parsed.log), message=parsed.raw, passkey=policy)


def log_of(session: Session, forum: Forum) -> Log:
    """The forum's log; begun when the forum's first act is recorded."""
    log = queries.find_log(session, forum.origin)
    return log if log is not None else create_log(session, forum.origin)


def trust_root(session: Session, forum: Forum) -> str | None:
    """What everything else is checked against: the leaf hash of entry 0, the constitution, in hex; None before it is signed."""
    log = queries.find_log(session, forum.origin)
    return leaf_hash(queries.entry(session, log, 0)).hex() if log is not None and log.size else None


def signing_key(state: State, statement: Statement) -> PublicKey:
    """The public key that must have signed: the accredited one or, for the constitution, the one that it names."""
    if state.constitution is None:
        named = statement.body.get("key")
        if not isinstance(named, str):
            raise Refused("the constitution names no key", code="constitution.key")
        return parse_public_key(named)
    return read_public_key(state.keys[statement.by.key].public)


def _policy(forum: Forum, state: State, statement: Statement) -> PasskeyPolicy:
    """A constitution is signed where both it and this service say that passkeys sign: whoever verifies it later reads it there."""
    policy = passkey_policy(forum, state)
    if state.constitution is not None:
        return policy
    named = statement.body.get("origins")
    there = named if isinstance(named, list) and statement.body.get("rp_id") == policy.rp_id else []
    return PasskeyPolicy(tuple(origin for origin in policy.origins if origin in there), policy.rp_id)


def _check_possession(state: State, statement: Statement, policy: PasskeyPolicy) -> None:
    """A new key signs for this constitution itself: nobody accredits a key that its holder did not offer."""
    proof: Any = statement.body["possession"]
    verify_possession(
        b64decode(proof["signature"]),
        key=parse_public_key(str(statement.body["key"])),
        constitution=state.known.digest,
        nonce=proof["nonce"],
        log=state.origin,
        passkey=policy,
    )


def _other_history() -> Refused:
    """The checkpoint that the signer saw is not one that this record had: somebody shows two histories."""
    return Refused(
        "the signer saw another record than this one",
        code="seen.other-history",
        instead="Stop. Compare the checkpoint on this device with the one on the hall screen, and call the secretariat.",
    )
