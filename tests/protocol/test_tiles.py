"""Tiles: every tree node is found in one, and every path has one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import Malformed
from declaration.protocol.merkle import CompactRange, leaf_hash
from declaration.protocol.tiles import (
    TILE_WIDTH,
    entries_path,
    entry_bundle,
    new_tiles,
    node_tile,
    parse_entry_bundle,
    parse_tile_path,
    tile_path,
    tiles,
)


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 67, 256, "tile/0/067"),
        (0, 1067, 256, "tile/0/x001/067"),
        (1, 1234067, 256, "tile/1/x001/x234/067"),
        (0, 0, 1, "tile/0/000.p/1"),
        (2, 1000, 255, "tile/2/x001/000.p/255"),
        (None, 0, 256, "tile/entries/000"),
        (None, 999, 7, "tile/entries/999.p/7"),
    ],
)
def test_paths(level: int | None, index: int, width: int, path: str) -> None:
    assert (entries_path(index, width) if level is None else tile_path(level, index, width)) == path
    assert parse_tile_path(path) == (level, index, width)


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_paths_read_back(level: int | None, index: int, width: int) -> None:
    path = entries_path(index, width) if level is None else tile_path(level, index, width)
    assert parse_tile_path(path) == (level, index, width)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "tile/0",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1067",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/00/067",
        "tile/64/067",
        "tile/-1/067",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/07",
        "tile/0/067.p/",
        "tile/0/067.p",
        "tile/0/067/",
        "/tile/0/067",
        "tile/data/067",
        "tile/0/../067",
        "tile/0/٠٦٧",
        "tile/0/067\n",
        "tile/0/x001/x001/x001/x001/x001/001",
    ],
)
def test_paths_refuse_every_other_spelling(bad: str) -> None:
    with pytest.raises(Malformed):
        parse_tile_path(bad)


@pytest.mark.parametrize(("index", "width"), [(-1, 1), (0, 0), (0, 257)])
def test_no_path_for_what_is_no_tile(index: int, width: int) -> None:
    with pytest.raises(ValueError, match="tile"):
        tile_path(0, index, width)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (255, [(0, 0, 255)]),
        (256, [(0, 0, 256), (1, 0, 1)]),
        (257, [(0, 0, 256), (0, 1, 1), (1, 0, 1)]),
    ],
)
def test_tiles_of_a_tree(size: int, expected: list[tuple[int, int, int]]) -> None:
    assert tiles(size) == expected


@given(st.integers(0, 200_000), st.integers(0, 70_000))
def test_new_tiles_are_those_that_were_not_there(old: int, more: int) -> None:
    assert set(new_tiles(old, old + more)) == set(tiles(old + more)) - set(tiles(old))


@given(st.integers(0, 20), st.integers(0, 3000))
def test_every_complete_node_is_the_root_of_hashes_in_one_tile(level: int, index: int) -> None:
    tile_level, tile_index, first, count = node_tile(level, index)
    assert first + count <= TILE_WIDTH
    assert first % count == 0
    assert (tile_index * TILE_WIDTH + first) << (8 * tile_level) == index << level
    assert count << (8 * tile_level) == 1 << level


def test_a_node_from_a_tile_is_the_node_of_the_tree() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(16)]
    _, _, first, count = node_tile(2, 3)
    tree = CompactRange()
    for leaf in leaves[first : first + count]:
        tree.append(leaf)
    other = CompactRange()
    for leaf in leaves[12:16]:
        other.append(leaf)
    assert tree.root() == other.root()


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entry_bundles_read_back(entries: list[bytes]) -> None:
    assert parse_entry_bundle(entry_bundle(entries)) == entries


@pytest.mark.parametrize("bad", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x01aa", b"\x00\x00" * 257])
def test_entry_bundles_refuse(bad: bytes) -> None:
    with pytest.raises(Malformed):
        parse_entry_bundle(bad)


def test_entries_of_65535_bytes_at_most() -> None:
    assert parse_entry_bundle(entry_bundle([b"a" * 65_535])) == [b"a" * 65_535]
    with pytest.raises(Malformed):
        entry_bundle([b"a" * 65_536])
