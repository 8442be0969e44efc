"""What a package says, for a terminal: whole, in lines that fit, and nothing in it that a terminal would obey."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from declaration.protocol.encoding import canonical
from declaration.signer.package import Package

WIDTH = 80
_GROUP, _GROUPS = 4, 6


def shown(package: Package) -> str:
    """The act, the text, the sentence and the fingerprints, in this order."""
    return "\n".join(_lines(package)) + "\n"


def groups(digest: str) -> str:
    """The first six groups of four digits, as they stand on the signing page, on the receipt and on the hall's screen."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, _GROUP * _GROUPS, _GROUP))


def plain(words: str) -> str:
    """Words that a terminal shows as they are: an escape sequence or a change of direction stands there spelled out."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode() for each in words)


def _lines(package: Package) -> Iterator[str]:
    statement, manifest = package.statement, package.manifest
    yield "WHAT YOU SIGN"
    yield from _facts(
        ("act", statement.type),
        ("for", f"{statement.by.party} as {statement.by.role}"),
        ("declaration", statement.declaration),
        ("record", statement.log),
        ("record seen", f"{statement.seen.size} entries"),
    )
    if manifest is not None:
        yield ""
        yield plain(f"THE TEXT  {manifest.symbol}  ({package.language})")
        for _id, number, words in package.units:
            yield ""
            yield from _wrapped(f"{number}. {words}" if number is not None else words)
    if package.sentence is not None:
        yield from ("", "THE SENTENCE")
        yield from _wrapped(package.sentence)
    yield from _rest(package)
    yield from ("", "FINGERPRINTS")
    if manifest is not None:
        yield from _facts(("version", manifest.digest), ("first groups", groups(manifest.digest)))
    yield from _facts(("statement", statement.digest), ("key", statement.by.key))


def _rest(package: Package) -> Iterator[str]:
    """Every field of the act and every word of its document that was not shown yet."""
    fields = [(name, canonical(value).decode()) for name, value in sorted(package.statement.body.items())]
    if package.statement.object is not None:
        fields.insert(0, ("object", package.statement.object))
    yield from ("", "ITS FIELDS")
    yield from _facts(*fields)
    words = [(name, value) for name, value in sorted((package.content or {}).items()) if name != "sentence"]
    if words:
        yield from ("", "ITS DOCUMENT")
        yield from _facts(*((name, value if isinstance(value, str) else canonical(value).decode()) for name, value in words))


def _facts(*rows: tuple[str, str]) -> Iterator[str]:
    for name, value in rows:
        first = f"  {plain(name):<13} "
        yield from _wrapped(value, first, " " * len(first)) or [first.rstrip()]


def _wrapped(words: str, first: str = "", further: str = "") -> list[str]:
    """Lines in which no digest is broken: it is compared as a whole."""
    return textwrap.wrap(
        plain(words), WIDTH, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )
