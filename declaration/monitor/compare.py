"""Two monitors that were shown different records prove it, whatever the size at which each of them stands."""

from __future__ import annotations

from pathlib import Path

from declaration.errors import Malformed
from declaration.monitor import trees
from declaration.monitor.following import convict
from declaration.monitor.memory import Memory, MemoryDamaged
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.note import parse_vkey


def compare(one: Path, other: Path, out: Path) -> tuple[Path | None, str]:
    """Compare two memories.

    :returns: the file that convicts the log, or None, and what is so in a sentence.
    :raises Malformed: they are not of one log.
    :raises MemoryDamaged: one of them contradicts itself.
    """
    small, large = sorted((_loaded(one), _loaded(other)), key=lambda each: each.known.size)
    if small.known.vkey != large.known.vkey:
        raise Malformed("these folders are of two logs, or of two keys", code="monitor.other-log")
    key = parse_vkey(small.known.vkey)
    for each in (small, large):
        if open_checkpoint(each.checkpoint(), key).root.hex() != each.known.root:
            raise MemoryDamaged(f"{each.folder}: the checkpoint is not that of its root")
    size = small.known.size
    if trees.root_of(bytes(large.leaves), size).hex() == small.known.root:
        return None, f"both saw the same first {size} entries"
    path, sizes = convict(out, small.checkpoint(), size, large.checkpoint(), large.known.size, bytes(large.leaves), key)
    return path, f"the log has signed two histories, of {sizes} entries"


def _loaded(folder: Path) -> Memory:
    memory = Memory(folder)
    if memory.load() is None or not memory.known.size:
        raise MemoryDamaged(f"{folder}: no monitor has seen anything there")
    return memory
