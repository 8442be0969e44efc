r"""Everything in one file: a zip archive of which every byte is either fixed or accounted for.

Rule: APPNOTE.TXT 6.3 of PKWARE, on a profile with one spelling. Members are stored, not compressed, so there is nothing to inflate;
sorted by name; one after the other without gaps; dated 1980-01-01; regular files 0644; without extra fields, comments, data
descriptors, encryption or zip64. So the same members give the same bytes on every machine, and the reader does not interpret the
headers: it takes name, checksum, size and offset from each, prints the header again and compares. What remains is accounted for by
``bundle.json``, canonical JSON that lists every member but itself::

    {"format":"bundle-1","members":[["README.txt",812,"<sha256 hex>"],…],"origin":"declaration.example/forum","size":77}

Its own bytes are under the archive's CRC-32, and each of its fields is compared with something else: ``format`` is fixed,
``members`` with the archive, and the reader of the bundle compares ``origin`` and ``size`` with the signed checkpoint. Hence one
changed byte anywhere is refused by :func:`read_bundle` or :meth:`Bundle.verify_members`.

A member's name is one or more segments of ``[A-Za-z0-9_][A-Za-z0-9._-]*`` between slashes: no absolute path, no ``..``, no hidden
file. Two names that differ in case only are refused, and so is a name that is also another's folder, because unpacking them loses
one. Limits: 60,000 members, 4 GiB in all (a larger record is fetched by its tiles).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader, RawIOBase
from pathlib import Path
from struct import Struct, unpack
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from declaration.errors import Malformed, NotFound
from declaration.protocol.encoding import JSON, canonical, parse_canonical, parse_hex32
from declaration.protocol.names import parse_origin

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FORMAT = "bundle-1"
INDEX = "bundle.json"
MAX_MEMBERS = 60_000
MAX_BYTES = 2**32 - 1
MAX_LINE = 65_535

_CHUNK = 1 << 20
# Sixty thousand rows of a name, a length and a hash need ten megabytes; parsing more would only cost time and memory.
_MAX_INDEX = 16 << 20
_MAX_NAME = 8 * 129
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){0,7}")

# Version 2.0, no flags, stored, 00:00:00 on 1980-01-01.
_LOCAL = Struct("<4s5H3I2H")
_CENTRAL = Struct("<4s6H3I5H2I")
_END = Struct("<4s4H2IH")
_VERSION, _MADE_ON_UNIX, _DATE, _REGULAR_0644 = 20, 0x0314, 0x0021, 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive.

    :param offset: position of its content in the archive.
    :param size: bytes of content.
    :param crc: CRC-32 of the content, as the headers say.
    """

    name: str
    offset: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class BundleIndex:
    """``bundle.json``. ``origin`` and ``size`` are claims: compare them with the signed checkpoint.

    :param members: ``(name, bytes, sha256 hex)`` of every member but ``bundle.json``, sorted.
    """

    origin: str
    size: int
    members: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    size: int
    crc: int
    sha256: str


def write_bundle(members: Mapping[str, bytes | Path], out: Path | BinaryIO, *, origin: str, size: int) -> str:
    """Write the archive, ``bundle.json`` included, and return the SHA-256 of the whole in hex.

    :param members: content by name; a path is read twice, in pieces, and refused if it changes in between.
    :param out: a file to create or replace, or a binary stream.
    :param size: number of entries of the record that the bundle is of.
    """
    if INDEX in members:
        raise Malformed("bundle.json is written by the writer", code="bundle.names")
    measured = {name: _measure(content) for name, content in members.items()}
    rows: list[JSON] = [[name, measured[name].size, measured[name].sha256] for name in sorted(measured)]
    index = canonical({"format": FORMAT, "members": rows, "origin": parse_origin(origin), "size": size})
    contents: dict[str, bytes | Path] = {**members, INDEX: index}
    _parse_index(index)
    measured[INDEX] = _measure(index)
    _require_names(sorted(contents))
    if sum(_LOCAL.size + _CENTRAL.size + 2 * len(name) + item.size for name, item in measured.items()) > MAX_BYTES - _END.size:
        raise Malformed("a bundle of more than 4 GiB", code="bundle.too-large", instead="Serve the record by its tiles.")
    if isinstance(out, Path):
        with out.open("wb") as stream:
            return _write(contents, measured, stream)
    return _write(contents, measured, out)


def read_bundle(source: Path | BinaryIO) -> Bundle:
    """Open an archive and check every header byte; the content is checked by :meth:`Bundle.verify_members`.

    :raises Malformed: when the file is not a bundle.
    """
    stream = source.open("rb") if isinstance(source, Path) else source
    try:
        members = _read_headers(stream)
        return Bundle(stream, members)
    except BaseException:
        if isinstance(source, Path):
            stream.close()
        raise


class Bundle:
    """An open archive with sane headers. A context manager; nothing is ever unpacked or loaded whole."""

    def __init__(self, stream: BinaryIO, members: Mapping[str, Member]) -> None:
        self._stream = stream
        self.members = members
        if INDEX not in members:
            raise Malformed("an archive without bundle.json", code="bundle.index")
        raw = self.read_member(INDEX, _MAX_INDEX)
        if zlib.crc32(raw) != members[INDEX].crc:
            raise Malformed("bundle.json is damaged", code="bundle.member-differs")
        self.index = _parse_index(raw)
        listed = [name for name, _, _ in self.index.members]
        if listed != [name for name in members if name != INDEX]:
            raise Malformed("bundle.json lists other members than the archive has", code="bundle.index")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, sorted."""
        return tuple(self.members)

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def read_member(self, name: str, limit: int = 64 << 20) -> bytes:
        """The content of a member of at most ``limit`` bytes; not yet compared with ``bundle.json``."""
        if self._member(name).size > limit:
            raise Malformed(f"{name} is too large", code="bundle.too-large")
        return b"".join(self._chunks(name))

    def open_member(self, name: str) -> BinaryIO:
        """A member as a buffered readable stream; it needs the bundle open."""
        return BufferedReader(_MemberStream(self._stream, self._member(name)), _CHUNK)

    def iter_lines(self, name: str, limit: int = MAX_LINE) -> Iterator[bytes]:
        """The lines of a member without their line ends, one at a time.

        Every line ends in U+000A, the last one too; empty lines and lines of more than ``limit`` bytes are refused.
        """
        rest = b""
        for chunk in self._chunks(name):
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            for line in lines:
                if not 0 < len(line) <= limit:
                    raise Malformed(f"{name}: a line that is empty or too long", code="bundle.line")
                yield line
            if len(rest) > limit:
                raise Malformed(f"{name}: a line that is too long", code="bundle.line")
        if rest:
            raise Malformed(f"{name}: the last line has no end", code="bundle.line")

    def verify_members(self, progress: Callable[[str, int], None] | None = None) -> None:
        """Compare every member's length, CRC-32 and SHA-256 with the headers and with ``bundle.json``.

        :param progress: called with each member's name and bytes after it was checked.
        """
        for name, size, digest in self.index.members:
            crc, hasher = 0, sha256()
            for chunk in self._chunks(name):
                crc = zlib.crc32(chunk, crc)
                hasher.update(chunk)
            member = self.members[name]
            if (size, digest, member.crc) != (member.size, hasher.hexdigest(), crc):
                raise Malformed(f"{name} is not what bundle.json says", code="bundle.member-differs")
            if progress is not None:
                progress(name, size)

    def _member(self, name: str) -> Member:
        try:
            return self.members[name]
        except KeyError:
            raise NotFound(f"the bundle has no {name}", code="bundle.no-member") from None

    def _chunks(self, name: str) -> Iterator[bytes]:
        member = self._member(name)
        position, end = member.offset, member.offset + member.size
        while position < end:
            self._stream.seek(position)
            chunk = self._stream.read(min(_CHUNK, end - position))
            if not chunk:
                raise Malformed("the archive ends too early", code="bundle.form")
            position += len(chunk)
            yield chunk


class _MemberStream(RawIOBase):
    """Reads a member by position, so that several can be read in turn from one file."""

    def __init__(self, stream: BinaryIO, member: Member) -> None:
        self._source = stream
        self._position, self._end = member.offset, member.offset + member.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        self._source.seek(self._position)
        piece = self._source.read(min(len(view), self._end - self._position))
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


def _measure(content: bytes | Path) -> _Measured:
    size, crc, hasher = 0, 0, sha256()
    for chunk in _pieces(content):
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        hasher.update(chunk)
    return _Measured(size, crc, hasher.hexdigest())


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _write(contents: Mapping[str, bytes | Path], measured: Mapping[str, _Measured], stream: BinaryIO) -> str:
    hasher = sha256()
    position = 0

    def put(data: bytes) -> None:
        nonlocal position
        stream.write(data)
        hasher.update(data)
        position += len(data)

    members = []
    for name in sorted(contents):
        expected = measured[name]
        header_at = position
        put(_local(name, expected.crc, expected.size))
        start, crc = position, 0
        for chunk in _pieces(contents[name]):
            crc = zlib.crc32(chunk, crc)
            put(chunk)
        if (position - start, crc) != (expected.size, expected.crc):
            raise Malformed(f"{name} changed while it was being written", code="bundle.changed", instead="Try again.")
        members.append(_central(name, expected.crc, expected.size, header_at))
    directory = b"".join(members)
    put(directory + _end(len(members), len(directory), position))
    return hasher.hexdigest()


def _local(name: str, crc: int, size: int) -> bytes:
    encoded = name.encode("ascii")
    return _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, 0, _DATE, crc, size, size, len(encoded), 0) + encoded


def _central(name: str, crc: int, size: int, offset: int) -> bytes:
    encoded = name.encode("ascii")
    fixed = (b"PK\x01\x02", _MADE_ON_UNIX, _VERSION, 0, 0, 0, _DATE, crc, size, size, len(encoded), 0, 0, 0, 0)
    return _CENTRAL.pack(*fixed, _REGULAR_0644, offset) + encoded


def _end(count: int, size: int, offset: int) -> bytes:
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, size, offset, 0)


def _read_headers(stream: BinaryIO) -> dict[str, Member]:
    """Walk the central directory, print every header again, and compare."""
    length = stream.seek(0, 2)
    if not _END.size <= length <= MAX_BYTES:
        raise Malformed("not a bundle: a file of no plausible size", code="bundle.form")
    end = _at(stream, length - _END.size, _END.size)
    _, _, _, count, _, size, offset, _ = _END.unpack(end)
    if end != _end(count, size, offset) or offset + size + _END.size != length or not 0 < count <= MAX_MEMBERS:
        raise Malformed("not a bundle: its last bytes are not as they must be", code="bundle.form")
    if size > count * (_CENTRAL.size + _MAX_NAME):
        raise Malformed("not a bundle: a directory of no plausible size", code="bundle.form")
    directory = _at(stream, offset, size)
    members: dict[str, Member] = {}
    position = expected_offset = 0
    for _ in range(count):
        crc, content, name = _central_fields(directory, position)
        central = _central(name, crc, content, expected_offset)
        if directory[position : position + len(central)] != central:
            raise Malformed("not a bundle: a header is not as it must be", code="bundle.header")
        local = _local(name, crc, content)
        if _at(stream, expected_offset, len(local)) != local:
            raise Malformed("not a bundle: a header is not as it must be", code="bundle.header")
        start = expected_offset + len(local)
        members[name] = Member(name, start, content, crc)
        position, expected_offset = position + len(central), start + content
    if position != size or expected_offset != offset or len(members) != count:
        raise Malformed("not a bundle: gaps or leftovers between members", code="bundle.form")
    _require_names(list(members))
    return members


def _central_fields(directory: bytes, position: int) -> tuple[int, int, str]:
    """CRC, size and name of the record at ``position``; everything else is compared later."""
    fixed = directory[position : position + _CENTRAL.size]
    if len(fixed) < _CENTRAL.size:
        raise Malformed("not a bundle: its directory ends too early", code="bundle.form")
    crc, size, _, name_length = unpack("<IIIH", fixed[16:30])
    start = position + _CENTRAL.size
    name = directory[start : start + name_length].decode("ascii", "replace")
    if not _NAME.fullmatch(name):
        raise Malformed("not a bundle: a member's name is not allowed", code="bundle.names")
    return crc, size, name


def _require_names(names: list[str]) -> None:
    """Sorted, each once, not differing in case only, none the folder of another."""
    if len(names) > MAX_MEMBERS:
        raise Malformed("a bundle of too many members", code="bundle.too-large")
    folders: set[str] = set()
    for name in names:
        if not _NAME.fullmatch(name):
            raise Malformed(f"a member's name is not allowed: {name[:80]!r}", code="bundle.names")
        parts = name.lower().split("/")
        folders.update("/".join(parts[:depth]) for depth in range(1, len(parts)))
    lowered = {name.lower() for name in names}
    if names != sorted(names) or len(lowered) != len(names) or lowered & folders:
        raise Malformed("members are sorted, and their names do not collide", code="bundle.names")


def _parse_index(raw: bytes) -> BundleIndex:
    value = parse_canonical(raw)
    if not isinstance(value, dict) or value.keys() != {"format", "members", "origin", "size"} or value["format"] != FORMAT:
        raise Malformed("bundle.json is not of format bundle-1", code="bundle.index")
    size, rows = value["size"], value["members"]
    if type(size) is not int or size < 0 or not isinstance(rows, list):
        raise Malformed("bundle.json is not of format bundle-1", code="bundle.index")
    return BundleIndex(parse_origin(value["origin"]), size, tuple(_parse_row(row) for row in rows))


def _parse_row(row: JSON) -> tuple[str, int, str]:
    if isinstance(row, list) and len(row) == 3:
        name, size, digest = row
        if isinstance(name, str) and type(size) is int and isinstance(digest, str):
            parse_hex32(digest)
            return name, size, digest
    raise Malformed("bundle.json lists [path, bytes, sha256]", code="bundle.index")


def _at(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset)
    data = stream.read(size)
    if len(data) != size:
        raise Malformed("the archive ends too early", code="bundle.form")
    return data
