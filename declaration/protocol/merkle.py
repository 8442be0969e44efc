r"""The tree over the entries: RFC 6962 section 2.1, with the proof checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2.

::

    leaf(entry) = SHA256(00 ‖ entry)      node(left, right) = SHA256(01 ‖ left ‖ right)      root of nothing = SHA256("")
    root(D[0:n]) = node(root(D[0:k]), root(D[k:n])) with k the largest power of two below n

The two prefixes keep a node from passing for a leaf. Two rules are added to the textbook, which fails four published vectors
without them: every hash in a proof has exactly 32 bytes, and a proof about a tree of size 0 is refused (it would prove nothing).

**Nodes.** ``node(level, index)`` is the root of the 2^level leaves from index·2^level on; it never changes once these leaves
exist. Functions that make roots and proofs take ``get_node(level, index) -> bytes`` and ask it for such complete nodes only, so
any storage will do: a table, tiles, a dict. :func:`new_nodes` says which ones an append completes.

>>> tree = CompactRange()
>>> for entry in (b"", b"\x00", b"\x10"):
...     tree.append(leaf_hash(entry))
>>> tree.root().hex()
'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from declaration.errors import ProofInvalid
from declaration.protocol.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    entries_path,
    new_tiles,
    node_tile,
    parse_tile_path,
    tile_path,
    tiles,
)

__all__ = [
    "EMPTY_ROOT",
    "TILE_HEIGHT",
    "TILE_WIDTH",
    "CompactRange",
    "GetNode",
    "empty_root",
    "entries_path",
    "leaf_hash",
    "new_nodes",
    "new_tiles",
    "node_hash",
    "node_tile",
    "parse_tile_path",
    "prove_consistency",
    "prove_inclusion",
    "root",
    "tile_path",
    "tiles",
    "verify_consistency",
    "verify_inclusion",
]

GetNode = Callable[[int, int], bytes]
"""``get_node(level, index)``: the hash of the complete subtree over leaves index·2^level … (index+1)·2^level - 1."""

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA256(00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA256(01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def empty_root() -> bytes:
    """The root of a tree without entries."""
    return EMPTY_ROOT


class CompactRange:
    """The root of a growing tree in memory that does not grow: the hashes of its complete subtrees, largest first.

    :param size: number of leaves already in the tree, with ``hashes`` as :meth:`hashes` gave them.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count() or any(len(item) != 32 for item in hashes):
            raise ProofInvalid("not the hashes of a tree of that size", code="proof.range")
        self._size = size
        self._hashes = list(hashes)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its leaf hash."""
        self.append_subtree(0, leaf)

    def append_subtree(self, level: int, node: bytes) -> None:
        """Add 2^level leaves at once by the hash of their subtree; the size must be a multiple of 2^level."""
        if len(node) != 32 or self._size & ((1 << level) - 1):
            raise ProofInvalid("a subtree that does not fit here", code="proof.range")
        above = self._size >> level
        hashes = self._hashes
        while above & 1:
            node = sha256(b"\x01" + hashes.pop() + node).digest()
            above >>= 1
        hashes.append(node)
        self._size += 1 << level

    def hashes(self) -> tuple[bytes, ...]:
        """The hashes of the complete subtrees, largest first: all that is needed to go on later."""
        return tuple(self._hashes)

    def root(self) -> bytes:
        """The root of the leaves so far."""
        return _folded(self._hashes)


def root(size: int, get_node: GetNode) -> bytes:
    """The root of the first ``size`` leaves."""
    return _folded(_range_nodes(0, size, get_node))


def new_nodes(size: int, leaf: bytes, get_node: GetNode) -> list[tuple[int, int, bytes]]:
    """The complete nodes ``(level, index, hash)`` that come into being when ``leaf`` (a leaf hash) is added to ``size`` leaves.

    The leaf itself is the first. Storing these for every append is all that :func:`root` and the proofs will ever ask for.
    """
    nodes = [(0, size, leaf)]
    level, index, node = 0, size, leaf
    while index & 1:
        node = node_hash(get_node(level, index - 1), node)
        level, index = level + 1, index >> 1
        nodes.append((level, index, node))
    return nodes


def prove_inclusion(index: int, size: int, get_node: GetNode) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 6962 section 2.1.1)."""
    if not 0 <= index < size:
        raise ProofInvalid("no such leaf in a tree of that size", code="proof.index")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_subtree(middle, high, get_node))
            high = middle
        else:
            path.append(_subtree(low, middle, get_node))
            low = middle
    return path[::-1]


def prove_consistency(old_size: int, new_size: int, get_node: GetNode) -> list[bytes]:
    """The proof that the tree of ``old_size`` leaves is the beginning of that of ``new_size`` (RFC 6962 section 2.1.2)."""
    if not 0 < old_size <= new_size:
        raise ProofInvalid("no consistency proof between trees of these sizes", code="proof.sizes")
    path: list[bytes] = []
    low, high = 0, new_size
    while old_size != high:
        middle = low + _split(high - low)
        if old_size <= middle:
            path.append(_subtree(middle, high, get_node))
            high = middle
        else:
            path.append(_subtree(low, middle, get_node))
            low = middle
    if low > 0:
        path.append(_subtree(low, high, get_node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return when ``leaf`` (a leaf hash) is leaf ``index`` of the tree of ``size`` leaves with this root (RFC 9162 2.1.3.2).

    :raises ProofInvalid: in every other case, malformed hashes included.
    """
    _require_hashes([leaf, root, *proof])
    if not 0 <= index < size:
        raise ProofInvalid("no such leaf in a tree of that size", code="proof.index")
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofInvalid("a proof of too many hashes", code="proof.length")
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("a proof of too few hashes", code="proof.length")
    if computed != root:
        raise ProofInvalid("the proof leads to another root", code="proof.root")


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Return when the tree of ``old_size`` leaves with ``old_root`` is the beginning of the new one (RFC 9162 2.1.4.2).

    :raises ProofInvalid: in every other case; also for ``old_size`` 0, about which a proof would say nothing.
    """
    _require_hashes([old_root, new_root, *proof])
    if not 0 < old_size <= new_size:
        raise ProofInvalid("no consistency proof between trees of these sizes", code="proof.sizes")
    if old_size == new_size:
        if proof:
            raise ProofInvalid("a proof of too many hashes", code="proof.length")
        if old_root != new_root:
            raise ProofInvalid("two roots for one size", code="proof.two-roots")
        return
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not proof:
        raise ProofInvalid("a proof of too few hashes", code="proof.length")
    old_computed = new_computed = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofInvalid("a proof of too many hashes", code="proof.length")
        if position & 1 or position == last:
            old_computed = node_hash(sibling, old_computed)
            new_computed = node_hash(sibling, new_computed)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new_computed = node_hash(new_computed, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("a proof of too few hashes", code="proof.length")
    if old_computed != old_root or new_computed != new_root:
        raise ProofInvalid("the newer tree does not begin with the older one", code="proof.root")


def _split(count: int) -> int:
    """The largest power of two below ``count``, for ``count`` of 2 or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _subtree(low: int, high: int, get_node: GetNode) -> bytes:
    return _folded(_range_nodes(low, high, get_node))


def _range_nodes(low: int, high: int, get_node: GetNode) -> list[bytes]:
    """Complete nodes that cover the leaves ``low`` … ``high - 1``, left to right, ever smaller.

    ``low`` is a multiple of the largest of them wherever RFC 6962 splits, so greedy halving finds them.
    """
    nodes = []
    while low < high:
        level = (high - low).bit_length() - 1
        nodes.append(get_node(level, low >> level))
        low += 1 << level
    return nodes


def _folded(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    right, *others = reversed(hashes)
    for left in others:
        right = sha256(b"\x01" + left + right).digest()
    return right


def _require_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(item) != 32 for item in hashes):
        raise ProofInvalid("a hash that has not 32 bytes", code="proof.hash-length")
