"""Leaves from tiles, and nodes from leaves."""

from __future__ import annotations

from declaration.errors import ProofInvalid
from declaration.monitor.network import Source
from declaration.protocol.merkle import CompactRange, GetNode, node_hash, prove_consistency
from declaration.protocol.tiles import TILE_WIDTH, new_tiles, tile_path

HASH_BYTES = 32
_HEIGHT = 8


class OtherHistory(ProofInvalid):
    """The tiles do not go on from what was seen, or contradict each other."""

    default_code = "monitor.tiles"


def new_leaves(source: Source, known: bytes, size: int) -> bytes:
    """The leaf hashes that a log of ``size`` entries has beyond the ``known`` ones, 32 bytes each.

    Every tile that is new or wider is fetched, on every level, and compared: with the known leaves where it repeats them, and with the
    tiles below it. So whoever reads other tiles of this log than these leaves reads the same tree.

    :raises OtherHistory: they differ somewhere.
    :raises Unreachable, Closed: a tile is not served.
    """
    old = len(known) // HASH_BYTES
    fresh = bytearray()
    below: dict[int, bytes] = {}
    level = 0
    for tile_level, index, width in new_tiles(old, size):
        if tile_level != level:
            below, level = _roots(below), tile_level
        tile = source.get(tile_path(tile_level, index, width), TILE_WIDTH * HASH_BYTES)
        if len(tile) != width * HASH_BYTES:
            raise OtherHistory(f"{tile_path(tile_level, index, width)} has another length than its name says")
        if tile_level == 0:
            start = index * TILE_WIDTH
            repeated = max(0, old - start) * HASH_BYTES
            if tile[:repeated] != known[start * HASH_BYTES : start * HASH_BYTES + repeated]:
                raise OtherHistory(f"{tile_path(tile_level, index, width)} repeats other hashes than were seen")
            fresh += tile[repeated:]
        else:
            for place in range(width):
                expected = below.get(index * TILE_WIDTH + place)
                if expected is not None and expected != tile[place * HASH_BYTES : (place + 1) * HASH_BYTES]:
                    raise OtherHistory(f"{tile_path(tile_level, index, width)} contradicts the tile below it")
        if width == TILE_WIDTH:
            below[-1 - index] = tile  # whole tiles wait, under negative numbers, for the level above
    return bytes(fresh)


def _roots(tiles: dict[int, bytes]) -> dict[int, bytes]:
    roots = {}
    for marked, tile in tiles.items():
        if marked < 0:
            tree = CompactRange()
            for at in range(0, len(tile), HASH_BYTES):
                tree.append(tile[at : at + HASH_BYTES])
            roots[-1 - marked] = tree.root()
    return roots


def grown(tree: CompactRange, leaves: bytes) -> CompactRange:
    """Another tree, with these leaves added."""
    more = CompactRange(tree.size, tree.hashes())
    for at in range(0, len(leaves), HASH_BYTES):
        more.append(leaves[at : at + HASH_BYTES])
    return more


def root_of(leaves: bytes, size: int) -> bytes:
    """The root of the first ``size`` leaves."""
    return grown(CompactRange(), leaves[: size * HASH_BYTES]).root()


def consistency(leaves: bytes, old: int, new: int) -> list[bytes]:
    """The consistency proof between two sizes of the tree of these leaves."""
    return prove_consistency(old, new, _nodes(leaves))


def _nodes(leaves: bytes) -> GetNode:
    levels = [leaves]
    while len(levels[-1]) >= 2 * HASH_BYTES:
        under = levels[-1]
        pairs = range(0, len(under) - 2 * HASH_BYTES + 1, 2 * HASH_BYTES)
        levels.append(b"".join(node_hash(under[at : at + HASH_BYTES], under[at + HASH_BYTES : at + 2 * HASH_BYTES]) for at in pairs))

    def get(level: int, index: int) -> bytes:
        return levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES]

    return get
