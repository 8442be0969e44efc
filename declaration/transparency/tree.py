"""What one append does to the stored tree. Pure: hashes in, hashes out.

The *peaks* of a tree are the hashes of its largest complete subtrees, left to right, one for each 1 in its size:

    size 6 = 4 + 2        peaks = node(2, 0), node(1, 2)
    adding leaf 6         new node (0, 6);           peaks = node(2, 0), node(1, 2), node(0, 6)
    adding leaf 7         new nodes (0, 7), (1, 3), (2, 1), (3, 0);   peaks = node(3, 0)

Adding a leaf merges the peaks that stand for the trailing ones of the size. So an append needs the peaks and nothing else, and the
nodes that it adds are two on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from declaration.errors import ProofInvalid
from declaration.protocol.merkle import CompactRange

HASH_BYTES = 32

Node = tuple[int, int, bytes]
"""``(level, index, hash)`` of a complete subtree."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree after one more leaf: the nodes that came into being, lowest first, its peaks, its root."""

    size: int
    nodes: tuple[Node, ...]
    peaks: bytes
    root: bytes


def grow(size: int, peaks: bytes, leaf: bytes) -> Grown:
    """Add a leaf hash to a tree of ``size`` leaves.

    :param peaks: the peaks one after another, 32 bytes each, largest first.
    :raises ProofInvalid: these cannot be the peaks of a tree of that size.
    """
    if len(peaks) != HASH_BYTES * size.bit_count() or len(leaf) != HASH_BYTES:
        raise ProofInvalid("not the peaks of a tree of that size", code="proof.range")
    nodes, level, index, node, end = [(0, size, leaf)], 0, size, leaf, len(peaks)
    while index & 1:
        node = sha256(b"\x01" + peaks[end - HASH_BYTES : end] + node).digest()
        end -= HASH_BYTES
        level, index = level + 1, index >> 1
        nodes.append((level, index, node))
    kept = peaks[:end]
    return Grown(size + 1, tuple(nodes), kept + node, _bagged(kept, node))


def complete(leaves: bytes) -> list[bytes]:
    """All nodes of a tree from its leaf hashes (32 bytes each, one after another): level by level, in order of index.

    For reading a whole record again, where no root on the way is asked for.
    """
    levels, below = [], leaves
    while below:
        levels.append(below)
        below = b"".join(
            [sha256(b"\x01" + below[at : at + 2 * HASH_BYTES]).digest() for at in range(0, len(below) - 2 * HASH_BYTES + 1, 2 * HASH_BYTES)]
        )
    return levels


def root_of(size: int, peaks: bytes) -> bytes:
    """The root of a tree from its peaks.

    :raises ProofInvalid: these cannot be the peaks of a tree of that size.
    """
    return CompactRange(size, [peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)]).root()


def _bagged(peaks: bytes, smallest: bytes) -> bytes:
    root = smallest
    for end in range(len(peaks), 0, -HASH_BYTES):
        root = sha256(b"\x01" + peaks[end - HASH_BYTES : end] + root).digest()
    return root
