"""Check 1: the archive holds what a bundle may hold, every member is what ``bundle.json`` says, every document what its name says."""

from __future__ import annotations

import re
from collections.abc import Callable

from declaration.errors import Malformed
from declaration.protocol.bundle import Bundle
from declaration.verifier.report import Finding

NEEDED = ("policy", "checkpoint", "entries.jsonl", "allowed_signers")
PROGRAMS = ("verify.sh", "verify.html")

_MEMBERS = re.compile(
    r"policy|checkpoint|entries\.jsonl|allowed_signers|README\.txt|bundle\.json|verify\.sh|verify\.html"
    r"|checkpoints/(0|[1-9][0-9]{0,15})|versions/[0-9a-f]{64}/(manifest\.json|texts/[a-z]{2,3}\.txt)|contents/[0-9a-f]{64}\.json"
)
_CONTENT = re.compile(r"contents/([0-9a-f]{64})\.json")


def check_members(bundle: Bundle, find: Callable[[Finding], None]) -> bool:
    """Report what is wrong; return whether the other checks have something to look at."""
    try:
        bundle.verify_members()
    except Malformed as error:
        find(Finding(error.code, error.message))
    for name in bundle.names:
        if not _MEMBERS.fullmatch(name):
            find(Finding("bundle.unknown-member", "not a member of a bundle", name))
    for name in NEEDED:
        if name not in bundle.members:
            find(Finding("bundle.missing-member", "missing", name))
    for name, _, digest in bundle.index.members:
        if (match := _CONTENT.fullmatch(name)) and match[1] != digest:
            find(Finding("content.differs", "not the document that was signed for", name))
    return all(name in bundle.members for name in NEEDED)


def contents(bundle: Bundle) -> set[str]:
    """The documents in the bundle, by the hash that their names give."""
    return {match[1] for name in bundle.names if (match := _CONTENT.fullmatch(name))}


def digest_of(bundle: Bundle, name: str) -> str | None:
    """SHA-256 of a member in hex, as check 1 has compared it."""
    return next((digest for listed, _, digest in bundle.index.members if listed == name), None)
