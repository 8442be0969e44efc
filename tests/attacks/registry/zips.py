"""An archive written exactly as the format has it, with any members at all: the attacker who has read the specification."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from declaration.protocol.bundle import FORMAT, INDEX
from declaration.protocol.encoding import JSON, canonical, sha256_hex
from tests.verifier import forge as f

_REGULAR = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Row:
    """One member; what its headers claim is its own content's unless said otherwise."""

    name: str
    content: bytes
    attributes: int = _REGULAR
    method: int = 0
    size: int | None = None
    at: str | None = None
    """The member whose bytes are given out as this one's."""


def written(rows: Sequence[Row]) -> bytes:
    """Local headers, contents, directory, end."""
    body, places, central = b"", dict[str, int](), b""
    for row in rows:
        crc, size, name = zlib.crc32(row.content), len(row.content) if row.size is None else row.size, row.name.encode()
        place = places.get(row.at or "", len(body))
        if row.at is None:
            places[row.name] = place
            local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, row.method, 0, 0x21, crc, len(row.content), size, len(name), 0)
            body += local + name + row.content
        sizes = (crc, len(row.content), size, len(name))
        central += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 0x314, 20, 0, row.method, 0, 0x21, *sizes, 0, 0, 0, 0, row.attributes, place)
        central += name
    return body + central + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(rows), len(rows), len(central), len(body), 0)


def honest_rows() -> list[Row]:
    """An honest bundle as rows; ``written`` of them is the bundle."""
    forge = f.circulated()
    return with_index([Row(name, raw) for name, raw in forge.members().items()], forge)


def with_index(rows: Sequence[Row], forge: f.Forge) -> list[Row]:
    """The rows sorted, and a ``bundle.json`` that agrees with them."""
    ordered = sorted((row for row in rows if row.name != INDEX), key=lambda row: row.name)
    listed: list[JSON] = [[row.name, len(row.content), sha256_hex(row.content)] for row in ordered]
    index = canonical({"format": FORMAT, "members": listed, "origin": f.ORIGIN, "size": len(forge.entries)})
    return sorted([*ordered, Row(INDEX, index)], key=lambda row: row.name)


def added(*more: Row, indexed: bool = True) -> bytes:
    """An honest bundle with more members."""
    forge = f.circulated()
    rows = [Row(name, raw) for name, raw in forge.members().items()]
    if indexed:
        return written(with_index([*rows, *more], forge))
    return written(sorted([*with_index(rows, forge), *more], key=lambda row: row.name))


def renamed(old: str, new: str) -> bytes:
    """An honest bundle, a member under another name."""
    forge = f.circulated()
    rows = [replace(Row(name, raw), name=new if name == old else name) for name, raw in forge.members().items()]
    return written(with_index(rows, forge))


def to_file(data: bytes, out: Path) -> Path:
    out.write_bytes(data)
    return out
