"""The archive: the same bytes on every machine, and not one of them can change."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import DeclarationError, Malformed, NotFound
from declaration.protocol.bundle import INDEX, read_bundle, write_bundle
from declaration.protocol.encoding import canonical, parse_json, sha256_hex
from tests.protocol.made import LOG

MEMBERS: dict[str, bytes | Path] = {
    "README.txt": b"Read me.\n",
    "entries.jsonl": b'{"at":1}\n{"at":2}\n',
    "texts/az.txt": "Bakı\n".encode(),
    "empty": b"",
}


def write(members: dict[str, bytes | Path] = MEMBERS, size: int = 2) -> bytes:
    out = io.BytesIO()
    digest = write_bundle(members, out, origin=LOG, size=size)
    assert digest == sha256_hex(out.getvalue())
    return out.getvalue()


ARCHIVE = write()


def accept(data: bytes) -> None:
    read_bundle(io.BytesIO(data)).verify_members()


def refusal(data: bytes) -> str:
    with pytest.raises(DeclarationError) as caught:
        accept(data)
    return caught.value.code


def test_a_bundle_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(ARCHIVE)
    with read_bundle(path) as bundle:
        seen: list[tuple[str, int]] = []
        bundle.verify_members(lambda name, size: seen.append((name, size)))
        assert bundle.names == ("README.txt", "bundle.json", "empty", "entries.jsonl", "texts/az.txt")
        assert (bundle.index.origin, bundle.index.size) == (LOG, 2)
        assert seen == [(name, size) for name, size, _ in bundle.index.members]
        assert list(bundle.iter_lines("entries.jsonl")) == [b'{"at":1}', b'{"at":2}']
        assert bundle.read_member("texts/az.txt") == "Bakı\n".encode()
        first, second = bundle.open_member("README.txt"), bundle.open_member("entries.jsonl")
        assert (first.read(4), second.read(8), first.read(), second.readline()) == (b"Read", b'{"at":1}', b" me.\n", b"\n")
        assert bundle.open_member("empty").read() == b""
        with pytest.raises(NotFound):
            bundle.read_member("nothing")
        with pytest.raises(Malformed):
            bundle.read_member("README.txt", limit=3)


def test_other_tools_read_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(ARCHIVE)) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist() if info.filename != INDEX} == MEMBERS
        assert {(info.date_time, info.external_attr >> 16, info.compress_type) for info in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED)
        }


def test_the_same_members_give_the_same_bytes(tmp_path: Path) -> None:
    on_disk: dict[str, bytes | Path] = {}
    for number, (name, content) in enumerate(reversed(MEMBERS.items())):
        assert isinstance(content, bytes)
        (tmp_path / str(number)).write_bytes(content)
        on_disk[name] = tmp_path / str(number)
    assert write(on_disk) == ARCHIVE
    path = tmp_path / "out.zip"
    write_bundle(MEMBERS, path, origin=LOG, size=2)
    assert path.read_bytes() == ARCHIVE


def test_the_layout_is_the_documented_one() -> None:
    """Changing a header would make every archived bundle unreadable and every published hash wrong."""
    small = write({"a": b"x"}, size=1)
    assert small[:32].hex() == "504b03041400000000000000210083" + "16dc8c" + "01000000" * 2 + "01000000" + "61" + "78"
    assert hashlib.sha256(small).hexdigest() == "2bd294f4bb84f25e68e5bc556b4b5d83b33424f5f399472c8c6e5c58a1ed67ea"


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_every_changed_byte_is_refused(mask: int) -> None:
    for position in range(len(ARCHIVE)):
        bad = bytearray(ARCHIVE)
        bad[position] ^= mask
        refusal(bytes(bad))


@given(st.integers(0, len(ARCHIVE) - 1), st.integers(1, 40), st.binary(max_size=40))
def test_every_spliced_archive_is_refused(start: int, count: int, inserted: bytes) -> None:
    bad = ARCHIVE[:start] + inserted + ARCHIVE[start + count :]
    if bad != ARCHIVE:
        refusal(bad)


@given(st.integers(0, len(ARCHIVE) - 1))
def test_every_truncated_archive_is_refused(end: int) -> None:
    refusal(ARCHIVE[:end])


def repacked(change: Callable[[dict[str, object]], object]) -> bytes:
    """The archive with another, consistently packed bundle.json."""
    index = parse_json(zipfile.ZipFile(io.BytesIO(ARCHIVE)).read(INDEX))
    assert isinstance(index, dict)
    changed: dict[str, object] = dict(index)
    replacement = change(changed)
    return packed({**MEMBERS, INDEX: canonical(changed if replacement is None else replacement)})  # type: ignore[arg-type]  # any JSON


def packed(members: dict[str, bytes | Path], names: list[str] | None = None, **info: int) -> bytes:
    """A zip by the standard library, with headers set to ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names or sorted(members):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o100644 << 16, 3
            for key, value in info.items():
                setattr(entry, key, value)
            content = members[name]
            assert isinstance(content, bytes)
            archive.writestr(entry, content)
    return out.getvalue()


def test_a_plain_zip_of_the_same_form_is_accepted() -> None:
    assert packed({**MEMBERS, INDEX: zipfile.ZipFile(io.BytesIO(ARCHIVE)).read(INDEX)}) == ARCHIVE


def test_origin_and_size_are_claims_for_the_checkpoint_to_confirm() -> None:
    """The two fields that the archive alone cannot contradict come out changed, for the reader to compare."""
    data = repacked(lambda index: index.update(origin="evil.example/forum", size=3))
    accept(data)
    bundle = read_bundle(io.BytesIO(data))
    assert (bundle.index.origin, bundle.index.size) == ("evil.example/forum", 3)


def row(number: int, field: int, value: object) -> Callable[[dict[str, object]], None]:
    def change(index: dict[str, object]) -> None:
        rows = index["members"]
        assert isinstance(rows, list)
        rows[number][field] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index.update(format="bundle-2"),
        lambda index: index.update(note=""),
        lambda index: index.pop("size"),
        lambda index: index.update(size="2"),
        lambda index: index.update(size=-1),
        lambda index: index.update(size=True),
        lambda index: index.update(origin="forum"),
        lambda index: index.update(members={}),
        lambda index: index["members"].pop(),
        lambda index: index["members"].reverse(),
        lambda index: index["members"].append(["x", 1, "0" * 64]),
        lambda index: index["members"].append(index["members"][-1]),
        lambda index: index["members"][0].append(1),
        lambda index: [index],
        row(0, 0, "readme.txt"),
        row(0, 1, 9999),
        row(0, 1, "9"),
        row(0, 2, "0" * 64),
        row(0, 2, "0" * 63),
        row(0, 2, None),
    ],
)
def test_index_refused(change: Callable[[dict[str, object]], object]) -> None:
    refusal(repacked(change))


def test_index_must_be_canonical_and_there() -> None:
    index = zipfile.ZipFile(io.BytesIO(ARCHIVE)).read(INDEX)
    refusal(packed({**MEMBERS, INDEX: index + b"\n"}))
    refusal(packed(MEMBERS))
    refusal(packed({**MEMBERS, INDEX: index, "zzz": b""}))


INDEXED = {**MEMBERS, INDEX: zipfile.ZipFile(io.BytesIO(ARCHIVE)).read(INDEX)}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x05\x06" + bytes(18),
        ARCHIVE + b"\x00",
        b"\x00" + ARCHIVE,
        ARCHIVE + ARCHIVE,
        packed(INDEXED, names=sorted(INDEXED, reverse=True)),
        packed(INDEXED, external_attr=0o120777 << 16),
        packed(INDEXED, external_attr=0o100755 << 16),
        packed(INDEXED, create_system=0),
        packed(INDEXED, compress_type=zipfile.ZIP_DEFLATED),
        packed(INDEXED, date_time=(2025, 11, 24, 0, 0, 0)),  # type: ignore[arg-type]  # a date, not a number
        packed(INDEXED, comment=b"hello"),  # type: ignore[arg-type]  # bytes, not a number
        packed(INDEXED, extra=b"\x01\x00\x00\x00"),  # type: ignore[arg-type]  # bytes, not a number
        packed(INDEXED, internal_attr=1),
    ],
)
def test_other_archives_are_refused(data: bytes) -> None:
    refusal(data)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        ".hidden",
        "a/.hidden",
        "C:evil",
        "a\\b",
        "a b",
        "a\nb",
        "",
        "é",
        "a" * 129,
        "-rf",
        "a/" * 9 + "b",
    ],
)
def test_names_refused(name: str) -> None:
    with pytest.raises(Malformed):
        write({name: b"x"})
    if name and not name.endswith("/"):
        refusal(packed({**INDEXED, name: b"x"}))


@pytest.mark.parametrize("names", [("a", "A"), ("a", "a/b"), ("texts", "Texts/az"), (INDEX,), ("bundle.JSON",)])
def test_colliding_names_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(Malformed):
        write(dict.fromkeys(names, b"x"))


def test_members_in_another_order_are_refused_even_if_listed_so() -> None:
    index = parse_json(zipfile.ZipFile(io.BytesIO(ARCHIVE)).read(INDEX))
    assert isinstance(index, dict)
    assert isinstance(index["members"], list)
    data = packed({**MEMBERS, INDEX: canonical({**index, "members": index["members"][::-1]})}, names=sorted(INDEXED, reverse=True))
    assert refusal(data) == "bundle.names"


def test_a_wrong_checksum_in_both_headers_is_refused() -> None:
    """The content is as listed, but other tools would call the archive broken."""
    crc = struct.pack("<I", zlib.crc32(b"Read me.\n"))
    assert ARCHIVE.count(crc) == 2
    assert refusal(ARCHIVE.replace(crc, bytes(4))) == "bundle.member-differs"


def test_a_duplicate_member_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(INDEXED, names=sorted([*INDEXED, "empty"]))
    refusal(data)


def test_overlapping_members_are_refused() -> None:
    """Two directory records that point at one content, the stuff of zip bombs."""
    end = ARCHIVE[-22:]
    count, size, offset = struct.unpack("<HII", end[10:20])
    directory = ARCHIVE[offset : offset + size]
    bomb = ARCHIVE[:offset] + directory * 2
    refusal(bomb + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2 * count, 2 * count, 2 * size, offset, 0))


def test_a_directory_of_no_plausible_size_is_not_loaded() -> None:
    data = bytes(100_000)
    refusal(data + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 100_000, 0, 0))


@pytest.mark.parametrize("content", [b"a", b"a\n\nb\n", b"\n", b"a\nb", b"a" * 65_536 + b"\n", b"a" * 3_000_000])
def test_lines_refused(content: bytes) -> None:
    bundle = read_bundle(io.BytesIO(write({"entries.jsonl": content})))
    with pytest.raises(Malformed):
        list(bundle.iter_lines("entries.jsonl"))


def test_lines_across_chunks() -> None:
    lines = [b"%d" % number * 5000 for number in range(200)]
    bundle = read_bundle(io.BytesIO(write({"entries.jsonl": b"".join(line + b"\n" for line in lines)})))
    assert list(bundle.iter_lines("entries.jsonl")) == lines
    assert bundle.open_member("entries.jsonl").read() == b"".join(line + b"\n" for line in lines)


def test_a_file_that_changes_while_being_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"before")

    class Meddler(io.BytesIO):
        def write(self, data: object, /) -> int:
            path.write_bytes(b"after")
            return super().write(data)  # type: ignore[arg-type]  # whatever the writer passes

    with pytest.raises(Malformed) as caught:
        write_bundle({"growing": path}, Meddler(), origin=LOG, size=1)
    assert caught.value.code == "bundle.changed"
