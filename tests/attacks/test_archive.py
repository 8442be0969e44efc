"""Attacks on the archive: what a zip can do to whoever opens it, and what its members can claim."""

from __future__ import annotations

import io
import resource
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from declaration.verifier.__main__ import main
from tests.verifier import forge as f
from tests.verifier.asked import first, only, refused, verify

ROOT = Path(__file__).resolve().parents[2]


def archive() -> bytes:
    forge = f.circulated()
    return f.packed(forge.members(), size=len(forge.entries))


def zipped(change: Callable[[zipfile.ZipFile], None], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    """An ordinary zip of the same members, made by an ordinary program, with something more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive())) as source, zipfile.ZipFile(stream, "w", compression) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), compression)
        change(target)
    return stream.getvalue()


def symlink(target: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("policy2")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    target.writestr(info, "/etc/passwd")


def bomb(target: zipfile.ZipFile) -> None:
    target.writestr(zipfile.ZipInfo("entries2"), b"\0" * (64 << 20), zipfile.ZIP_DEFLATED)


def duplicate(target: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("policy", "log other\n")


CASES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"this is not a zip\n" * 10,
    "end alone": lambda: b"PK\x05\x06" + bytes(18),
    "ordinary zip": lambda: zipped(lambda target: None),
    "compressed": lambda: zipped(lambda target: None, compression=zipfile.ZIP_DEFLATED),
    "bomb": lambda: zipped(bomb),
    "symlink": lambda: zipped(symlink),
    "duplicate member": lambda: zipped(duplicate),
    "path traversal": lambda: zipped(lambda target: target.writestr("../evil", "x")),
    "absolute path": lambda: zipped(lambda target: target.writestr("/etc/evil", "x")),
    "trailing bytes": lambda: archive() + b"\0",
    "leading bytes": lambda: b"\0" + archive(),
    "polyglot": lambda: b"#!/bin/sh\necho VERIFIED; exit 0\n" + archive(),
    "comment": lambda: archive()[:-2] + struct.pack("<H", 4) + b"more",
    "truncated": lambda: archive()[:-1],
    "two archives": lambda: archive() + archive(),
    "claims many members": lambda: archive()[:-14] + b"\xff\xff\xff\xff" + archive()[-10:],
    "claims a large directory": lambda: archive()[:-10] + b"\xff\xff\xff\x7f" + archive()[-6:],
    "method in the local header": lambda: _patched(b"PK\x03\x04", 8, b"\x08\x00"),
    "method in the directory": lambda: _patched(b"PK\x01\x02", 10, b"\x08\x00"),
    "encrypted flag": lambda: _patched(b"PK\x01\x02", 8, b"\x01\x00"),
    "symlink bits": lambda: _patched(b"PK\x01\x02", 38, struct.pack("<I", 0o120777 << 16)),
    "offset elsewhere": lambda: _patched(b"PK\x01\x02", 42, b"\x01\x00\x00\x00"),
    "length of the first": lambda: _patched(b"PK\x01\x02", 20, b"\xff\xff\xff\x7f\xff\xff\xff\x7f"),
    "name in capitals": lambda: archive().replace(b"README.txt", b"README.TXT"),
    "name that climbs": lambda: archive().replace(b"README.txt", b"../ADME.tx"),
    "name with a null": lambda: archive().replace(b"README.txt", b"README\0txt"),
    "name with a backslash": lambda: archive().replace(b"README.txt", b"README\\txt"),
}


def _patched(magic: bytes, offset: int, value: bytes) -> bytes:
    data = bytearray(archive())
    at = data.index(magic) + offset
    data[at : at + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_bundle_is_told_apart(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(CASES[case]())
    assert main([str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("NOT A BUNDLE. ")
    assert said.err.count("\n") == 1
    assert not list(tmp_path.glob("**/evil*"))


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_a_file_that_cannot_be_read(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / what
    if what == "folder":
        path.mkdir()
    assert main([str(path)]) == 2
    assert str(path) in capsys.readouterr().err
    bundle = f.circulated().pack(tmp_path / "bundle.zip")
    assert main([str(bundle), "--policy", str(path)]) == 2
    assert main([str(bundle), "--since", str(path)]) == 2


def test_a_name_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle\udcff\n.zip"
    assert main([str(path)]) == 2
    assert main([str(path), "--json"]) == 2
    f.circulated().pack(path)
    assert main([str(path), "--json"]) == 0
    assert '"verdict":"verified"' in capsys.readouterr().out.splitlines()[-1]


def test_a_pipe_is_no_bundle() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "declaration.verifier", "/dev/stdin"], input=archive(), capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


# -- members -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["extra", "entries.json", "texts/en.txt", "contents/0.json", "checkpoints/05", "versions/x/manifest.json"])
def test_a_member_that_is_none(name: str, tmp_path: Path) -> None:
    forge = f.circulated()
    refused(verify(forge, tmp_path, {**forge.members(), name: b"x"}), 1, "bundle.unknown-member", name)


@pytest.mark.parametrize("name", ["policy", "checkpoint", "entries.jsonl", "allowed_signers"])
def test_a_member_that_is_missing(name: str, tmp_path: Path) -> None:
    forge = f.circulated()
    members = forge.members()
    del members[name]
    report = verify(forge, tmp_path, members)
    refused(report, 1, "bundle.missing-member", name)
    assert not any(check.ran for check in report.checks[1:])


def test_programs_in_the_bundle_are_not_proved(tmp_path: Path) -> None:
    forge = f.circulated()
    report = verify(forge, tmp_path, {**forge.members(), "verify.sh": b"exit 0\n"})
    report.require_all()
    assert any("verify.sh" in each for each in report.not_proved)


@pytest.mark.parametrize(
    ("name", "part"),
    [("checkpoint", b"declaration.example"), ("entries.jsonl", b'"at"'), ("allowed_signers", b"chair.chair"), ("README.txt", b"A bundle")],
)
def test_a_member_that_is_not_what_the_index_says(name: str, part: bytes, tmp_path: Path) -> None:
    data = bytearray(archive())
    at = data.index(name.encode() + f.circulated().members()[name][: len(part)]) + len(name)
    data[at + 1] ^= 0x20
    (tmp_path / "bundle.zip").write_bytes(data)
    from declaration.verifier.verify import verify_bundle

    report = verify_bundle(tmp_path / "bundle.zip")
    number, found = first(report)
    assert (number, found.code) == (1, "bundle.member-differs")
    assert name in found.what


# -- quantities --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size", "number", "code"),
    [
        ("policy", 70_000, 2, "bundle.too-large"),
        ("checkpoint", 70_000, 2, "bundle.too-large"),
        ("entries.jsonl", 1 << 20, 5, "bundle.line"),
        ("allowed_signers", 4 << 20, 5, "allowed-signers.other"),
    ],
)
def test_a_member_of_many_bytes(name: str, size: int, number: int, code: str, tmp_path: Path) -> None:
    forge = f.circulated()
    report = verify(forge, tmp_path, {**forge.members(), name: b"x" * size})
    refused(report, number, code)


def test_a_manifest_and_a_text_of_many_bytes(tmp_path: Path) -> None:
    forge = f.circulated()
    folder = f"versions/{forge.state.current}"
    for name in (f"{folder}/manifest.json", f"{folder}/texts/en.txt"):
        report = verify(forge, tmp_path, {**forge.members(), name: b"x" * (9 << 20)})
        refused(report, 7, "bundle.too-large")


def test_a_large_index_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """bundle.json of as much nothing as is read at all: a refusal, and no more than half a gigabyte of memory for it."""
    path = tmp_path / "bundle.zip"
    index = b"[" + b'"",' * (5 << 20) + b"0]"
    crc = __import__("zlib").crc32(index)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0x21, crc, len(index), len(index), 11, 0) + b"bundle.json"
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 0x314, 20, 0, 0, 0, 0x21, crc, len(index), len(index), 11, 0, 0, 0, 0, 0o100644 << 16, 0
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + 11, len(local) + len(index), 0)
    path.write_bytes(local + index + central + b"bundle.json" + end)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30));"
        "from declaration.verifier.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr[-500:]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 19


def test_an_honest_report_stays_the_only_one(tmp_path: Path) -> None:
    report = verify(f.circulated(), tmp_path)
    only(report) if not report.verified else report.require_all()
