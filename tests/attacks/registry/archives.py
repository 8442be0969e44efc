"""Attacks on whoever opens the archive: by an ordinary program, and by somebody who writes every header as the format has it."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.registry import made, zips
from tests.attacks.registry.kinds import Attack, Make, Who, no_bundle
from tests.attacks.registry.zips import Row, added, renamed


def exactly(write: Callable[[], bytes]) -> Make:
    return lambda out: zips.to_file(write(), out)


NOTHING = bytes(1 << 20)

ROWS: tuple[tuple[str, str, Make, str], ...] = (
    ("64 MiB of nothing, compressed", "archive.bomb", made.archive("bomb"), "bundle.header"),
    ("every member compressed", "archive.bomb", made.stored_again, "bundle.header"),
    (
        "a member that says it is 4 GiB", "archive.bomb",
        exactly(lambda: added(Row("zeroes", b"0" * 64, size=0xFFFFFFF0), indexed=False)), "bundle.header",
    ),
    (
        "many members over the same bytes", "archive.bomb",
        exactly(lambda: added(Row("policy2", NOTHING), *(Row(f"policy3{n:03}", NOTHING, at="policy2") for n in range(200)))),
        "bundle.header",
    ),
    ("a directory that claims more members than there are", "archive.bomb", made.archive("claims many members"), "bundle.form"),
    ("a member called ../evil", "archive.traversal", made.archive("path traversal"), "bundle.header"),
    ("the same in an exact archive", "archive.traversal", exactly(lambda: renamed("README.txt", "../evil")), "bundle.names"),
    ("an absolute path in an exact archive", "archive.traversal", exactly(lambda: renamed("README.txt", "/etc/evil")), "bundle.names"),
    (
        "a path through a folder and out of it", "archive.traversal",
        exactly(lambda: renamed("README.txt", "contents/../../evil")), "bundle.names",
    ),
    ("a path of another system", "archive.traversal", exactly(lambda: renamed("README.txt", "..\\evil")), "bundle.names"),
    ("a file where a folder is", "archive.traversal", exactly(lambda: renamed("README.txt", "versions")), "bundle.names"),
    ("a symbolic link", "archive.symlink", made.archive("symlink"), "bundle.header"),
    (
        "a symbolic link in an exact archive", "archive.symlink",
        exactly(lambda: added(Row("policy2", b"/etc/passwd", attributes=0o120777 << 16))), "bundle.header",
    ),
    ("the bits of a symbolic link on an honest member", "archive.symlink", made.archive("symlink bits"), "bundle.header"),
    ("a member twice, by an ordinary program", "archive.duplicate", made.archive("duplicate member"), "bundle.header"),
    (
        "a member twice in an exact archive", "archive.duplicate",
        exactly(lambda: added(Row("policy", b"log other\n"), indexed=False)), "bundle.form",
    ),
    (
        "a member twice, once in capitals", "archive.duplicate",
        exactly(lambda: added(Row("POLICY", b"log other\n"))), "bundle.names",
    ),
    ("two archives in one file", "archive.duplicate", made.archive("two archives"), "bundle.form"),
)  # fmt: skip

ATTACKS = tuple(
    Attack(name=name, line=line, who=(Who.ANYBODY,), bundle=make, caught=(no_bundle(code),)) for name, line, make, code in ROWS
)
