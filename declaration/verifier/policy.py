"""The policy: whose signatures a checkpoint must carry (c2sp.org/tlog-policy).

One statement a line; empty lines and lines that begin with ``#`` say nothing::

    log <vkey> [<url>]                 a log's own key, which names its origin
    witness <name> <vkey> [<url>]      somebody who cosigns what they saw extend what they saw before
    group <name> <n|any|all> <names>   a set of witnesses or groups of which n are needed
    quorum <name|none>                 what must be met; none is said, not implied

A group and the quorum name what stands above them. A name is a member of one group at most, and a key stands in one line only:
otherwise one witness could be counted twice. Addresses are for those who talk to a log or a witness; verifying needs none.
One departure: one key may sign for two logs, whose names keep them apart.

Who verifies needs a policy of exactly one log (:func:`parse_policy`). A witness's own policy has a line for each log that it
watches, a service's has none (:func:`read_policy`). Stricter than the specification: ASCII only, at most 64 KiB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from declaration.errors import Malformed, ProofInvalid
from declaration.protocol.checkpoint import Checkpoint, parse_checkpoint
from declaration.protocol.encoding import decode_decimal
from declaration.protocol.note import COSIGNATURE, ED25519, NoteVerifier, parse_vkey, verify

_LONGEST = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ADDRESS = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class Group:
    """``needed`` of ``members``, which are names of witnesses or of groups defined before."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy.

    :ivar logs: the keys of the logs, by origin.
    :ivar witnesses: their keys, by the name that the policy gives them.
    :ivar addresses: of ``log <origin>`` and of ``witness <name>``, where the policy tells them; without a slash at the end.
    :ivar quorum: a witness or a group, or None where the log's own signature is enough.
    """

    logs: Mapping[str, NoteVerifier]
    witnesses: Mapping[str, NoteVerifier]
    groups: Mapping[str, Group]
    quorum: str | None
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def log(self) -> NoteVerifier:
        """The one log of a policy that :func:`parse_policy` has read."""
        return next(iter(self.logs.values()))


def parse_policy(raw: bytes) -> Policy:
    """Read a policy to verify one record with.

    :raises Malformed: ``policy.*``, with the line.
    """
    policy = read_policy(raw)
    if len(policy.logs) != 1:
        raise Malformed("a policy to verify with names its log, and no other", code="policy.incomplete")
    return policy


def read_policy(raw: bytes) -> Policy:
    """Read a policy of any number of logs.

    :raises Malformed: ``policy.*``, with the line.
    """
    if len(raw) > _LONGEST:
        raise Malformed("the policy is too long", code="policy.too-long")
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("the policy is not ASCII", code="policy.letters") from None
    if _CONTROL.search(text):
        raise Malformed("the policy has control characters", code="policy.letters")
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if words and not words[0].startswith("#"):
            reader.line(number, words)
    return reader.policy()


class _Reader:
    def __init__(self) -> None:
        self.logs: dict[str, NoteVerifier] = {}
        self.witnesses: dict[str, NoteVerifier] = {}
        self.groups: dict[str, Group] = {}
        self.addresses: dict[str, str] = {}
        self.quorum: str | None = None
        self.has_quorum = False
        self._keys: set[bytes] = set()
        self._grouped: set[str] = set()

    def line(self, number: int, words: list[str]) -> None:
        try:
            match words:
                case ["log", vkey, *more] if len(more) < 2:
                    log = self._key(vkey, ED25519)
                    if log.name in self.logs:
                        raise Malformed("two keys for one log", code="policy.statement")
                    self.logs[log.name] = log
                    self._address(f"log {log.name}", more)
                case ["witness", name, vkey, *more] if self._free(name) and len(more) < 2:
                    self.witnesses[name] = self._key(vkey, COSIGNATURE)
                    self._address(f"witness {name}", more)
                case ["group", name, needed, *members] if self._free(name) and members:
                    self.groups[name] = self._group(needed, tuple(members))
                case ["quorum", name] if not self.has_quorum and (name == "none" or self._known(name)):
                    self.quorum, self.has_quorum = (None if name == "none" else name), True
                case _:
                    raise Malformed("not a statement of a policy, or one that is out of place", code="policy.statement")
        except Malformed as error:
            raise Malformed(f"policy, line {number}: {error.message}", code=error.code) from None

    def policy(self) -> Policy:
        if not self.has_quorum:
            raise Malformed("a policy says what quorum it wants", code="policy.incomplete")
        return Policy(self.logs, self.witnesses, self.groups, self.quorum, self.addresses)

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _free(self, name: str) -> bool:
        return name != "none" and not self._known(name)

    def _key(self, vkey: str, algorithm: int) -> NoteVerifier:
        verifier = parse_vkey(vkey)
        if verifier.algorithm != algorithm:
            raise Malformed("a key of another kind than is wanted here", code="policy.key")
        if algorithm == COSIGNATURE:  # a service signs for several logs with one key, so theirs may repeat under other names
            if verifier.public in self._keys:
                raise Malformed("a witness's key that stands above already", code="policy.key")
            self._keys.add(verifier.public)
        return verifier

    def _address(self, whose: str, given: list[str]) -> None:
        if given and not _ADDRESS.fullmatch(given[0]):
            raise Malformed("not an address that begins with https:// or http://", code="policy.address")
        if given:
            self.addresses[whose] = given[0].rstrip("/")

    def _group(self, needed: str, members: tuple[str, ...]) -> Group:
        if len(set(members)) != len(members) or self._grouped & set(members) or not all(self._known(name) for name in members):
            raise Malformed("a group of members that are known, each once and in no other group", code="policy.group")
        count = {"any": 1, "all": len(members)}.get(needed) or decode_decimal(needed)
        if not 1 <= count <= len(members):
            raise Malformed("a group that cannot be met, or is met by nobody", code="policy.group")
        self._grouped |= set(members)
        return Group(count, members)


def check_checkpoint(policy: Policy, note: bytes) -> Checkpoint:
    """Return the checkpoint in ``note`` where the log and the quorum of witnesses have signed it.

    :raises SignatureInvalid, Malformed: a known key's signature is bad, or the note is not one.
    :raises ProofInvalid: ``checkpoint.quorum`` where too few witnesses have signed.
    """
    checkpoint, signed = _opened(policy, note)
    if not quorum_met(policy, signed):
        raise ProofInvalid("too few of the policy's witnesses have signed this checkpoint", code="checkpoint.quorum")
    return checkpoint


def check_signed(policy: Policy, note: bytes) -> Checkpoint:
    """The same without a quorum: the log's own signature is what convicts it."""
    return _opened(policy, note)[0]


def quorum_met(policy: Policy, signed: set[NoteVerifier]) -> bool:
    """Whether these keys have signed enough. Members are defined before their group, so one pass will do, however deep they nest."""
    if policy.quorum is None:
        return True
    met = {name: witness in signed for name, witness in policy.witnesses.items()}
    for name, group in policy.groups.items():
        met[name] = sum(met[member] for member in group.members) >= group.needed
    return met[policy.quorum]


def _opened(policy: Policy, note: bytes) -> tuple[Checkpoint, set[NoteVerifier]]:
    opened = verify(note, [*policy.logs.values(), *policy.witnesses.values()])
    signed = {signature.verifier for signature in opened.signatures}
    checkpoint = parse_checkpoint(opened.text)
    log = policy.logs.get(checkpoint.origin)
    if log is None:
        raise ProofInvalid("the checkpoint is another log's", code="checkpoint.origin")
    if log not in signed:
        raise ProofInvalid("the log has not signed this checkpoint", code="checkpoint.unsigned")
    return checkpoint, signed
