"""One round of following a log.

1. The checkpoint is signed by the log's key, and by the quorum where a policy demands one.
2. Its size is not smaller than the last one accepted, and where it is the same, so is the root.
3. The hash tiles that are new go on from the leaves that are known, and give exactly its root.
4. The entries that may be read are those of the leaves, and each is put to the verifier's questions (:mod:`.reading`).

What fails in 1 to 3 is not accepted, now or later: the memory stays where it was. Where the log has signed both histories, the proof is
written into the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from declaration.errors import DeclarationError, Malformed
from declaration.monitor import trees
from declaration.monitor.events import Event
from declaration.monitor.memory import Memory, Progress
from declaration.monitor.network import Closed, Source, Unreachable
from declaration.monitor.reading import Reader, TextsUnavailable
from declaration.monitor.trees import HASH_BYTES, OtherHistory
from declaration.procedure.state import VersionText
from declaration.protocol.bundle import read_bundle
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint
from declaration.protocol.entry import MAX_BYTES
from declaration.protocol.equivocation import build_equivocation, parse_equivocation, verify_equivocation
from declaration.protocol.merkle import EMPTY_ROOT, CompactRange, leaf_hash
from declaration.protocol.note import MAX_NOTE, NoteVerifier, parse_vkey
from declaration.protocol.tiles import TILE_WIDTH, entries_path, parse_entry_bundle
from declaration.verifier.policy import Policy, check_checkpoint
from declaration.verifier.texts import Texts

_LARGEST_BUNDLE = 512 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person who runs the monitor has given.

    :ivar constitution: the trust root in hex, from print.
    :ivar watched: parties.
    """

    url: str
    policy: Policy | None = None
    constitution: str | None = None
    watched: frozenset[str] = frozenset()
    workers: int | None = None


class Monitor:
    """Follows one log; keeps what it saw in ``memory``, whose folder the caller holds alone."""

    def __init__(self, source: Source, memory: Memory, wanted: Wanted) -> None:
        self._source = source
        self._memory = memory
        self._wanted = wanted
        self._reader: Reader | None = None
        self._tree = CompactRange()
        self._texts: dict[str, VersionText | None] = {}

    def begin(self) -> Iterator[Event]:
        """Read the memory, or begin one.

        :raises MemoryDamaged: it contradicts itself.
        :raises Malformed: it is of another log or another key than was given.
        """
        policy, known = self._wanted.policy, self._memory.load()
        if known is None:
            vkey = policy.log.vkey if policy is not None else self._source.get("vkey", 1024).decode("ascii", "replace").strip()
            parse_vkey(vkey)
            self._memory.save(Progress(self._wanted.url, vkey, root=EMPTY_ROOT.hex()))
        elif policy is not None and policy.log.vkey != known.vkey:
            raise Malformed("this folder is of a log with another key than the policy's", code="monitor.other-log")
        elif known.url != self._wanted.url:
            self._memory.save(replace(known, url=self._wanted.url))  # the same key at another address is the same log
        self._tree = trees.grown(CompactRange(), bytes(self._memory.leaves))
        if policy is None:
            yield Event("note", "monitor.key", "the log's key was taken from the log itself; give --policy with the one that you trust")
        wanted = self._wanted.constitution
        if wanted is not None and known is not None and known.size and self._memory.leaves[:HASH_BYTES].hex() != wanted:
            yield Event("finding", "constitution.other", f"another constitution than {wanted}", "entry 0", 5)
        if wanted is None:
            yield Event("note", "monitor.constitution", "give --constitution with the hash from the hall screen or a printed text")

    def round(self) -> Iterator[Event]:
        """Look once. Events come as they are found; what is to be remembered is on the disk before the next one."""
        try:
            note = self._checkpoint_note()
            checkpoint = self._opened(note)
            yield from self._advance(note, checkpoint)
            yield from self._read_entries()
            yield from self._judge()
        except Unreachable as error:
            yield Event("unreachable", error.code, error.message)
        except Closed as error:
            yield Event("unreachable", error.code, error.message)
        except DeclarationError as error:
            yield Event("finding", error.code, error.message, "checkpoint", 2)

    # -- 1 -------------------------------------------------------------------------------------------------------------------------

    def _checkpoint_note(self) -> bytes:
        """Whoever demands witnesses reads the newest checkpoint that enough of them have signed, where the log offers it."""
        if self._wanted.policy is not None and self._wanted.policy.quorum is not None:
            with suppress(Closed):
                return self._source.get("cosigned", MAX_NOTE)
        return self._source.get("checkpoint", MAX_NOTE)

    def _opened(self, note: bytes) -> Checkpoint:
        if self._wanted.policy is not None:
            return check_checkpoint(self._wanted.policy, note)
        return open_checkpoint(note, self._key)

    @property
    def _key(self) -> NoteVerifier:
        return parse_vkey(self._memory.known.vkey)

    # -- 2 and 3 -------------------------------------------------------------------------------------------------------------------

    def _advance(self, note: bytes, checkpoint: Checkpoint) -> Iterator[Event]:
        known = self._memory.known
        if checkpoint.size <= known.size:
            same = checkpoint.size == known.size
            ours = known.root if same else trees.root_of(bytes(self._memory.leaves), checkpoint.size).hex()
            if ours != checkpoint.root.hex():
                yield self._convicted(note, checkpoint, bytes(self._memory.leaves))
            elif not same:
                what = f"the log shows {checkpoint.size} entries; it has signed {known.size} before"
                yield Event("rollback", "monitor.rollback", what, "checkpoint", 2)
            return
        try:
            fresh = trees.new_leaves(self._source, bytes(self._memory.leaves), checkpoint.size)
            tree = trees.grown(self._tree, fresh)
            if tree.root() != checkpoint.root:
                raise OtherHistory("the tiles do not give the root that was signed")
        except OtherHistory as error:
            yield self._other_history(note, checkpoint, error)
            return
        first = bytes(self._memory.leaves[:HASH_BYTES]) or fresh[:HASH_BYTES]
        if self._wanted.constitution is not None and first.hex() != self._wanted.constitution:
            yield Event("finding", "constitution.other", f"another constitution than {self._wanted.constitution}", "entry 0", 5)
            return
        self._memory.accept(replace(known, size=checkpoint.size, root=checkpoint.root.hex()), note, fresh)
        self._tree = tree
        yield Event("followed", "monitor.followed", f"{checkpoint.size} entries, {checkpoint.size - known.size} of them new")

    def _other_history(self, note: bytes, checkpoint: Checkpoint, why: OtherHistory) -> Event:
        """The tiles do not fit. Perhaps the whole tree that is served now gives the signed root, and convicts the log."""
        with suppress(DeclarationError):
            theirs = trees.new_leaves(self._source, b"", checkpoint.size)
            if trees.root_of(theirs, checkpoint.size) == checkpoint.root:
                return self._convicted(note, checkpoint, theirs)
        what = f"the record of {checkpoint.size} entries does not go on from the {self._memory.known.size} that were seen: {why.message}"
        path = self._memory.keep(f"refused-{checkpoint.size}-{sha256(note).hexdigest()[:16]}.txt", note)
        return Event("finding", why.code, what, "checkpoint", 3, str(path))

    def _convicted(self, note: bytes, checkpoint: Checkpoint, leaves: bytes) -> Event:
        """Write the proof.

        :param leaves: of the larger of the two trees.
        """
        mine = self._memory.checkpoint() if self._memory.known.size else b""
        path, sizes = convict(self._memory.folder, mine, self._memory.known.size, note, checkpoint.size, leaves, self._key)
        return Event("equivocation", "monitor.equivocation", f"the log has signed two histories, of {sizes} entries", "", 3, str(path))

    # -- 4 -------------------------------------------------------------------------------------------------------------------------

    def _read_entries(self) -> Iterator[Event]:
        while (known := self._memory.known).read < known.size:
            index = known.read // TILE_WIDTH
            width = min(TILE_WIDTH, known.size - index * TILE_WIDTH)
            try:
                body = self._source.get(entries_path(index, width), TILE_WIDTH * (MAX_BYTES + 2))
            except Closed:
                what = f"entries {known.read} to {known.size - 1} are not public yet; checkpoints and hashes were followed"
                yield Event("note", "monitor.entries-closed", what)
                return
            entries = parse_entry_bundle(body)
            if len(entries) != width:
                raise Malformed(f"{entries_path(index, width)} has {len(entries)} entries", code="tile.entries")
            for place, raw in enumerate(entries, index * TILE_WIDTH):
                if leaf_hash(raw) != self._memory.leaves[place * HASH_BYTES : (place + 1) * HASH_BYTES]:
                    yield Event("finding", "record.root", "not the entry that the log has signed for", f"entry {place}", 3)
                    return
            self._memory.add_entries(entries[known.read - index * TILE_WIDTH :])

    def _judge(self) -> Iterator[Event]:
        """Put what was read to the verifier's questions. A reader that had to stop for texts begins again when they are there."""
        known = self._memory.known
        if self._reader is None or (self._reader.stopped_at is not None and self._has_text(self._reader.missing)):
            self._reader = Reader(self._key.name, self.text_of, self._wanted.watched, self._wanted.workers)
        reader = self._reader
        if reader.size == known.read:
            return
        for one in reader.read(islice(self._memory.entries(), reader.size, None), known.read - reader.size):
            if one.index >= known.replayed:
                yield from one.replayed
            if one.index >= known.heard:
                yield from one.plain
        if reader.stopped_at is not None:
            what = f"texts are not public yet: from entry {reader.stopped_at} on, signatures and form were checked, and not the procedure"
            yield Event("note", "monitor.texts", what)
        replayed = known.read if reader.stopped_at is None else max(known.replayed, reader.stopped_at)
        self._memory.save(replace(self._memory.known, heard=known.read, replayed=replayed))

    def _has_text(self, digest: str) -> bool:
        try:
            self.text_of(digest)
        except TextsUnavailable:
            return False
        return True

    def text_of(self, digest: str) -> VersionText | None:
        """The text of a version, from the bundle at hand or a newer one; None where the service gives its bundle without it.

        :raises TextsUnavailable: the service does not give its bundle now.
        """
        path = self._memory.folder / "bundle.zip"
        if digest not in self._texts:
            found = _text_in(path, digest)
            if found is None:
                if not self._fetch_bundle(path):
                    raise TextsUnavailable(digest)
                found = _text_in(path, digest)
            self._texts[digest] = found
        return self._texts[digest]

    def _fetch_bundle(self, path: Path) -> bool:
        forum = self._key.name.partition("/")[2]
        try:
            body = self._source.get(f"/{forum}/bundle.zip?size={self._memory.known.read}", _LARGEST_BUNDLE)
        except (Closed, Unreachable):
            return False
        fresh = path.with_suffix(".new")
        fresh.write_bytes(body)
        fresh.replace(path)
        return True


def _text_in(path: Path, digest: str) -> VersionText | None:
    """The text of that hash, where the bundle has it whole and as the hash says."""
    if path.exists():
        with suppress(Malformed), read_bundle(path) as bundle:
            return Texts(bundle, lambda _: None)(digest)
    return None


def convict(
    folder: Path, one: bytes, one_size: int, other: bytes, other_size: int, leaves: bytes, key: NoteVerifier
) -> tuple[Path, str]:
    """Write the file that proves that both notes cannot be true; return it, and the sizes in words.

    :param leaves: of the larger one's tree.
    :raises ProofInvalid: they can both be true.
    """
    small, large = sorted((one_size, other_size))
    if small == large:
        raw = build_equivocation(one, other)
    else:
        proof = trees.consistency(leaves[: large * HASH_BYTES], small, large)
        raw = build_equivocation(one, other, root=trees.root_of(leaves, small), proof=proof)
    verify_equivocation(parse_equivocation(raw), key)
    path = folder / f"equivocation-{small}-{sha256(raw).hexdigest()[:16]}.txt"
    if not path.exists():
        path.write_bytes(raw)
    return path, str(small) if small == large else f"{small} and {large}"
