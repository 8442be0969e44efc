"""The policy: whose signatures a checkpoint must carry.

One statement a line, ``#`` begins a comment::

    log <vkey>                         the log's own key; exactly one
    witness <name> <vkey>              somebody who cosigns what they saw extend what they saw before
    group <name> <n|any|all> <names>   a set of witnesses or groups of which n are needed
    quorum <name|none>                 what must be met; none is said, not implied

The grammar is that of C2SP tlog-policy, with ``origin`` given by the log key's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from declaration.errors import Malformed, ProofInvalid
from declaration.protocol.checkpoint import Checkpoint, parse_checkpoint
from declaration.protocol.encoding import decode_decimal
from declaration.protocol.note import COSIGNATURE, ED25519, NoteVerifier, parse_vkey, verify

_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Group:
    """``needed`` of ``members``, which are names of witnesses or of groups defined before."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy."""

    log: NoteVerifier
    witnesses: Mapping[str, NoteVerifier]
    groups: Mapping[str, Group]
    quorum: str | None


def parse_policy(raw: bytes) -> Policy:
    """Read a policy.

    :raises Malformed: ``policy.*``, with the line.
    """
    if len(raw) > _LONGEST:
        raise Malformed("the policy is too long", code="policy.too-long")
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("the policy is not ASCII", code="policy.letters") from None
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split("#", 1)[0].split()
        if words:
            reader.line(number, words)
    return reader.policy()


class _Reader:
    def __init__(self) -> None:
        self.log: NoteVerifier | None = None
        self.witnesses: dict[str, NoteVerifier] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.has_quorum = False

    def line(self, number: int, words: list[str]) -> None:
        try:
            match words:
                case ["log", vkey] if self.log is None:
                    self.log = _key(vkey, ED25519)
                case ["witness", name, vkey] if self._free(name):
                    self.witnesses[name] = _key(vkey, COSIGNATURE)
                case ["group", name, needed, *members] if self._free(name) and members:
                    self.groups[name] = self._group(needed, tuple(members))
                case ["quorum", name] if not self.has_quorum and (name == "none" or self._known(name)):
                    self.quorum, self.has_quorum = (None if name == "none" else name), True
                case _:
                    raise Malformed("not a statement of a policy, or one that is out of place", code="policy.statement")
        except Malformed as error:
            raise Malformed(f"policy, line {number}: {error.message}", code=error.code) from None

    def policy(self) -> Policy:
        if self.log is None or not self.has_quorum:
            raise Malformed("a policy names its log and says what quorum it wants", code="policy.incomplete")
        return Policy(self.log, self.witnesses, self.groups, self.quorum)

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _free(self, name: str) -> bool:
        return name != "none" and not self._known(name)

    def _group(self, needed: str, members: tuple[str, ...]) -> Group:
        if len(set(members)) != len(members) or not all(self._known(name) for name in members):
            raise Malformed("a group of members that are known, each once", code="policy.group")
        count = {"any": 1, "all": len(members)}.get(needed) or decode_decimal(needed)
        if not 1 <= count <= len(members):
            raise Malformed("a group that cannot be met, or is met by nobody", code="policy.group")
        return Group(count, members)


def _key(vkey: str, algorithm: int) -> NoteVerifier:
    verifier = parse_vkey(vkey)
    if verifier.algorithm != algorithm:
        raise Malformed("a key of another kind than is wanted here", code="policy.key")
    return verifier


def check_checkpoint(policy: Policy, note: bytes) -> Checkpoint:
    """Return the checkpoint in ``note`` where the log and the quorum of witnesses have signed it.

    :raises SignatureInvalid, Malformed: a known key's signature is bad, or the note is not one.
    :raises ProofInvalid: ``checkpoint.quorum`` where too few witnesses have signed.
    """
    checkpoint, signed = _opened(policy, note)
    if policy.quorum is not None and not _met(policy, signed):
        raise ProofInvalid("too few of the policy's witnesses have signed this checkpoint", code="checkpoint.quorum")
    return checkpoint


def check_signed(policy: Policy, note: bytes) -> Checkpoint:
    """The same without a quorum: the log's own signature is what convicts it."""
    return _opened(policy, note)[0]


def _opened(policy: Policy, note: bytes) -> tuple[Checkpoint, set[NoteVerifier]]:
    opened = verify(note, [policy.log, *policy.witnesses.values()])
    signed = {signature.verifier for signature in opened.signatures}
    if policy.log not in signed:
        raise ProofInvalid("the log has not signed this checkpoint", code="checkpoint.unsigned")
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != policy.log.name:
        raise ProofInvalid("the checkpoint is another log's", code="checkpoint.origin")
    return checkpoint, signed


def _met(policy: Policy, signed: set[NoteVerifier]) -> bool:
    """Whether the quorum is met. A group's members are defined before it, so one pass will do, however deep they nest."""
    met = {name: witness in signed for name, witness in policy.witnesses.items()}
    for name, group in policy.groups.items():
        met[name] = sum(met[member] for member in group.members) >= group.needed
    return policy.quorum is not None and met[policy.quorum]
