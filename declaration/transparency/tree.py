"""What one append does to the stored tree. Pure: hashes in, hashes out.

The *peaks* of a tree are the hashes of its largest complete subtrees, left to right, one for each 1 in its size:

    size 6 = 4 + 2        peaks = node(2, 0), node(1, 2)
    adding leaf 6         new node (0, 6);           peaks = node(2, 0), node(1, 2), node(0, 6)
    adding leaf 7         new nodes (0, 7), (1, 3), (2, 1), (3, 0);   peaks = node(3, 0)

Adding a leaf merges the peaks that stand for the trailing ones of the size. So an append needs the peaks and nothing else, and the
nodes that it adds are two on average.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from declaration.errors import ProofInvalid
from declaration.protocol.merkle import CompactRange

HASH_BYTES = 32


class Grown(NamedTuple):
    """A tree after more leaves: for each leaf the hashes of the subtrees that are complete with it, one after another from the leaf
    upwards, and the peaks at the end."""

    size: int
    nodes: list[bytes]
    peaks: bytes


def grow(size: int, peaks: bytes, leaves: Iterable[bytes]) -> Grown:
    """Add leaf hashes to a tree of ``size`` leaves.

    :param peaks: the peaks one after another, 32 bytes each, largest first.
    :raises ProofInvalid: these cannot be the peaks of a tree of that size, or a leaf is no hash.
    """
    if len(peaks) != HASH_BYTES * size.bit_count():
        raise ProofInvalid("not the peaks of a tree of that size", code="proof.range")
    stack = [peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)]
    nodes = []
    for leaf in leaves:
        if len(leaf) != HASH_BYTES:
            raise ProofInvalid("a leaf is a hash of 32 bytes", code="proof.range")
        node = row = leaf
        index = size
        while index & 1:
            node = sha256(b"\x01" + stack.pop() + node).digest()
            row += node
            index >>= 1
        stack.append(node)
        nodes.append(row)
        size += 1
    return Grown(size, nodes, b"".join(stack))


def places_of_peaks(size: int) -> list[tuple[int, int]]:
    """Level and index of each peak of a tree of ``size`` leaves, largest first."""
    return [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]


def root_of(size: int, peaks: bytes) -> bytes:
    """The root of a tree from its peaks.

    :raises ProofInvalid: these cannot be the peaks of a tree of that size.
    """
    return CompactRange(size, [peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)]).root()
