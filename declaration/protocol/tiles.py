r"""Tiles: how the record is served, so that a plain web server and any cache can hold it (c2sp.org/tlog-tiles).

A tile of level L and number N holds the 256 nodes of tree level 8·L from index 256·N on, 32 bytes each. A tile that the tree
has not filled yet has a width W of 1 to 255 and says so in its path. Numbers are written in groups of three digits, all but the
last marked with x::

    tile/0/x001/x234/067        level 0, tile 1,234,067, full
    tile/1/000.p/5              level 1, tile 0, the first five hashes
    tile/entries/000.p/3        the first three entries

A bundle of entries is each entry's length as a big-endian uint16 and its bytes, so an entry has at most 65,535 bytes.

>>> tile_path(0, 1234067), tile_path(1, 0, 5), entries_path(0, 3)
('tile/0/x001/x234/067', 'tile/1/000.p/5', 'tile/entries/000.p/3')
>>> tiles(260)
[(0, 0, 256), (0, 1, 4), (1, 0, 1)]
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from declaration.errors import Malformed

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-5]?[0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of a hash tile, below the log's prefix."""
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """The path of a bundle of entries, below the log's prefix."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def parse_tile_path(path: str) -> tuple[int | None, int, int]:
    """Inverse of both: ``(level, index, width)``, with level None for entries. Other spellings are refused."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed("not the path of a tile", code="tile.path")
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("/", "").replace("x", ""))
    width = int(match["width"] or TILE_WIDTH)
    try:
        printed = entries_path(index, width) if level is None else tile_path(level, index, width)
    except ValueError:
        printed = ""
    if printed != path:
        raise Malformed("not the path of a tile", code="tile.path")
    return level, index, width


def tiles(size: int) -> list[tuple[int, int, int]]:
    """All hash tiles ``(level, index, width)`` of a tree of ``size`` leaves, partial ones last in their level."""
    return [tile for level in range(_levels(size)) for tile in _level_tiles(level, 0, size)]


def new_tiles(old_size: int, new_size: int) -> list[tuple[int, int, int]]:
    """The hash tiles that are new or wider in the tree of ``new_size`` leaves than in that of ``old_size``."""
    return [tile for level in range(_levels(new_size)) for tile in _level_tiles(level, old_size, new_size)]


def node_tile(level: int, index: int) -> tuple[int, int, int, int]:
    """Where node ``(level, index)`` is found: ``(tile level, tile index, first, count)``.

    The node is the root of ``count`` hashes of that tile from position ``first`` on; with a count of 1 it is stored as such.
    """
    tile_level, above = divmod(level, TILE_HEIGHT)
    count = 1 << above
    position = index << above
    return tile_level, position >> TILE_HEIGHT, position & (TILE_WIDTH - 1), count


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """The body of a bundle of entries."""
    parts = []
    for entry in entries:
        if len(entry) > 65_535:
            raise Malformed("an entry of more than 65,535 bytes", code="entry.too-long")
        parts.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(parts)


def parse_entry_bundle(data: bytes) -> list[bytes]:
    """Inverse of :func:`entry_bundle`; at most 256 entries and no leftover."""
    entries: list[bytes] = []
    position = 0
    while position < len(data):
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        if position > len(data) or start > len(data) or len(entries) == TILE_WIDTH:
            raise Malformed("not a bundle of entries", code="tile.entries")
        entries.append(data[start:position])
    return entries


def _number(index: int) -> str:
    if index < 0:
        raise ValueError("a tile's number is not negative")
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    if not 0 < width <= TILE_WIDTH:
        raise ValueError("a tile is 1 to 256 hashes wide")
    return "" if width == TILE_WIDTH else f".p/{width}"


def _levels(size: int) -> int:
    """How many levels of tiles a tree has."""
    levels = 0
    while size >> (levels * TILE_HEIGHT):
        levels += 1
    return levels


def _level_tiles(level: int, old_size: int, new_size: int) -> list[tuple[int, int, int]]:
    old, new = old_size >> (level * TILE_HEIGHT), new_size >> (level * TILE_HEIGHT)
    if old == new:
        return []
    found = [(level, index, TILE_WIDTH) for index in range(old // TILE_WIDTH, new // TILE_WIDTH)]
    if width := new % TILE_WIDTH:
        found.append((level, new // TILE_WIDTH, width))
    return found
