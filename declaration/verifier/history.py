"""Checks 2 and 3: what the log has signed, and whether it is this record.

Every checkpoint at hand is asked the same question, whether the record begins with it: the bundle's own, those under
``checkpoints/`` that witnesses have cosigned, the one that the auditor kept. Two roots for one size, both signed by the log, are
the proof that it told two stories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.bundle import Bundle
from declaration.protocol.checkpoint import Checkpoint
from declaration.protocol.merkle import CompactRange, leaf_hash
from declaration.verifier.policy import Policy, check_checkpoint, check_signed
from declaration.verifier.report import Finding
from declaration.verifier.shelves import Rows

Find = Callable[[int, Finding], None]

_LARGEST = 64 * 1024
_CHECKPOINTS = "checkpoints/"


@dataclass
class History:
    """The root after every entry. 32 bytes an entry are all that is kept of it."""

    tree: CompactRange = field(default_factory=CompactRange)
    roots: Rows = field(default_factory=lambda: Rows(None, 32))

    def append(self, entry: bytes) -> None:
        """Take the next entry's bytes."""
        self.roots.append(self.tree.root())
        self.tree.append(leaf_hash(entry))

    def root(self, size: int) -> bytes | None:
        """The root of the first ``size`` entries; ``None`` where there are fewer."""
        if size == self.tree.size:
            return self.tree.root()
        return self.roots[size] if size < self.tree.size else None


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint that the log has signed, and where it stands."""

    checkpoint: Checkpoint
    where: str


def bundle_checkpoint(bundle: Bundle, policy: Policy, find: Find) -> Checkpoint | None:
    """The checkpoint of the bundle, signed as the policy demands; ``None`` where it is not (which has been reported)."""
    try:
        checkpoint = check_checkpoint(policy, bundle.read_member("checkpoint", _LARGEST))
    except DeclarationError as error:
        find(2, Finding(error.code, error.message, "checkpoint"))
        return None
    if (bundle.index.origin, bundle.index.size) != (checkpoint.origin, checkpoint.size):
        find(2, Finding("checkpoint.other", "bundle.json speaks of another record or size", "bundle.json"))
    return checkpoint


def kept_checkpoint(note: bytes, policy: Policy, now: Checkpoint, find: Find) -> list[Signed]:
    """The auditor's older checkpoint. The log's signature is enough: witnesses may have signed later.

    :raises Malformed: it is not a checkpoint at all.
    """
    where = "the checkpoint kept from before"
    try:
        kept = check_signed(policy, note)
    except Malformed:
        raise
    except DeclarationError as error:
        find(2, Finding(error.code, error.message, where))
        return []
    if kept.size > now.size:
        find(2, Finding("checkpoint.not-extended", f"it is of {kept.size} entries, the bundle is of {now.size}", where))
    return [Signed(kept, where)]


def further_checkpoints(bundle: Bundle, policy: Policy, find: Find) -> list[Signed]:
    """Those under ``checkpoints/``, each named by its size."""
    further = []
    for name in bundle.names:
        if not name.startswith(_CHECKPOINTS):
            continue
        try:
            checkpoint = check_signed(policy, bundle.read_member(name, _LARGEST))
            if str(checkpoint.size) != name.removeprefix(_CHECKPOINTS):
                raise Malformed("a checkpoint of another size than its name says", code="checkpoint.name")
        except DeclarationError as error:
            find(2, Finding(error.code, error.message, name))
        else:
            further.append(Signed(checkpoint, name))
    return further


def compare(history: History, checkpoint: Checkpoint, others: list[Signed], find: Find) -> None:
    """Whether the entries are those that the log has signed for, at every size for which there is a checkpoint."""
    size = history.tree.size
    if size != checkpoint.size:
        find(3, Finding("record.size", f"the bundle has {size} entries, the checkpoint says {checkpoint.size}", "entries.jsonl"))
    elif history.tree.root() != checkpoint.root:
        find(3, Finding("record.root", "the entries are not those that the log signed for", "entries.jsonl"))
    for other in others:
        signed = other.checkpoint
        if signed.size == checkpoint.size and signed.root != checkpoint.root:
            what = f"the log has signed two roots for size {signed.size}: keep both, they convict it"
            find(3, Finding("checkpoint.two-roots", what, other.where))
        elif signed.size > checkpoint.size:
            if not other.where.startswith(_CHECKPOINTS):
                continue  # the auditor's, and named by check 2
            find(3, Finding("record.truncated", f"the log has signed for {signed.size} entries", other.where))
        elif history.root(signed.size) != signed.root:
            what = f"the record does not extend these {signed.size} entries: keep both, they convict the log"
            find(3, Finding("checkpoint.not-extended", what, other.where))
