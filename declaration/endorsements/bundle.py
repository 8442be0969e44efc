"""Everything in one file: the record, the texts, the keys and the public documents, for whoever verifies without this service.

The members are those that :mod:`declaration.verifier` knows::

    policy                            whose signatures the checkpoint must carry
    checkpoint                        the signed note of this size, with the lines of its witnesses
    checkpoints/<size>                smaller ones that a witness has signed, the newest ten thousand
    entries.jsonl                     one entry a line, its exact bytes
    allowed_signers                   the accredited keys, for stock ssh-keygen
    versions/<digest>/manifest.json   every version that was circulated, with its canonical texts
    versions/<digest>/texts/<lang>.txt
    contents/<hash>.json              documents that the entries cite and everybody may read
    README.txt                        what this is and how to verify it
    verify.html, verify.sh            second opinions, for a browser and for a shell

It follows from (record, size, cosignatures, documents still public, this software's version), so composing it again gives the same bytes.
A document that no entry cites is nobody's business: it may be the rationale of an amendment that its head never released.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.credentials.states import current
from declaration.drafts import queries as drafts
from declaration.endorsements.readme import readme
from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.procedure.signers import allowed_signers_of
from declaration.procedure.state import State
from declaration.protocol.bundle import write_bundle
from declaration.protocol.encoding import sha256_hex
from declaration.protocol.entry import parse_entry
from declaration.protocol.merkle import leaf_hash
from declaration.transparency import queries, witnesses
from declaration.transparency.models import Log
from declaration.verifier.standalone import verify_html, verify_sh

FORMAT = 2
"""Raised when this module gives other bytes for the same record."""

MOST_CHECKPOINTS = 10_000
"""Cosigned checkpoints in a bundle: an archive has room for more, but each costs its reader a few signatures."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A bundle that was written.

    :ivar included: hashes of the documents in it.
    :ivar withheld: hashes that entries cite and whose documents are not public, or gone.
    :ivar cosignatures: how many lines of witnesses there were for these entries.
    """

    sha256: str
    bytes: int
    size: int
    included: frozenset[str]
    withheld: frozenset[str]
    cosignatures: int


def compose_bundle(session: Session, forum: Forum, out: Path, *, size: int | None = None) -> tuple[str, int]:
    """Write the bundle of the first ``size`` entries (default: all) to ``out``; return its SHA-256 in hex and its bytes.

    Call it in a transaction that only reads: it takes a while, and a checkpoint may not leave before its commit.

    :raises NotFound: ``record.empty``, ``log.no-such-size``.
    """
    composed = compose(session, forum, out, size=size)
    return composed.sha256, composed.bytes


def compose(session: Session, forum: Forum, out: Path, *, size: int | None = None) -> Composed:
    """The same, telling which documents are in it."""
    log = opened_log(session, forum)
    wanted = log.size if size is None else size
    signed = witnesses.count_cosignatures(session, log, wanted)  # before they are read: whoever signs meanwhile makes another bundle
    checkpoint = witnesses.cosigned_note(session, log, wanted)
    state = as_of(current(session, forum), wanted)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".bundle-") as folder:
        entries = Path(folder) / "entries.jsonl"
        root, cited = _write_entries(session, log, wanted, entries)
        known = {digest: body for digest, body in contents.public(session, forum.id) if digest in cited}
        members: dict[str, bytes | Path] = {
            "policy": policy(session, log, wanted),
            "checkpoint": checkpoint,
            **_checkpoints(session, log, wanted),
            "entries.jsonl": entries,
            "allowed_signers": allowed_signers_of(state).encode(),
            **_versions(session, forum, state),
            **{f"contents/{digest}.json": body for digest, body in known.items()},
            "README.txt": readme(
                origin=log.origin, size=wanted, root=root, title=forum.title_in("en"), symbol=forum.declaration,
                witnessed=_witnessed(session, log, wanted),
            ),
            "verify.html": verify_html(),
            "verify.sh": verify_sh(),
        }
        fresh = Path(folder) / "bundle.zip"
        digest = write_bundle(members, fresh, origin=log.origin, size=wanted)
        length = fresh.stat().st_size
        fresh.replace(out)
    return Composed(digest, length, wanted, frozenset(known), frozenset(cited - known.keys()), signed)


def edition() -> str:
    """Names this software's bundles: the programs in them change with it, and so do the bytes."""
    return f"{FORMAT}-{sha256_hex(verify_html() + verify_sh())[:8]}"


def policy(session: Session, log: Log, size: int) -> bytes:
    """The policy that the checkpoint of this size meets: with the quorum of witnesses where that has signed it, or of none."""
    if witnesses.enough(session, log, size):
        return witnesses.policy_text(log)
    return f"log {queries.vkey(log)}\nquorum none\n".encode()


def _witnessed(session: Session, log: Log, size: int) -> bool:
    return witnesses.configured().quorum is not None and witnesses.enough(session, log, size)


def _checkpoints(session: Session, log: Log, size: int) -> dict[str, bytes]:
    notes = witnesses.cosigned_notes(session, log, below=size, most=MOST_CHECKPOINTS)
    return {f"checkpoints/{each}": note for each, note in notes.items()}


def opened_log(session: Session, forum: Forum) -> Log:
    """The forum's log, with an entry in it.

    :raises NotFound: ``record.empty`` before the constitution.
    """
    log = queries.find_log(session, forum.origin)
    if log is None or not log.size:
        raise NotFound("nothing has been recorded yet", code="record.empty", instead="The record begins with the constitution.")
    return log


def as_of(state: State, size: int) -> State:
    """The state with the keys and versions that the first ``size`` entries gave it.

    The state in memory may be further than what this transaction sees, since other requests move it on.
    """
    if state.size == size:
        return state
    trimmed = state.fork()
    trimmed.keys = {
        name: replace(key, ended=None) if key.ended is not None and key.ended >= size else key
        for name, key in state.keys.items()
        if key.accredited < size
    }
    trimmed.versions = {digest: each for digest, each in state.versions.items() if each.index < size}
    return trimmed


def _write_entries(session: Session, log: Log, size: int, out: Path) -> tuple[str, set[str]]:
    """Write the entries; return the leaf hash of the first, and every hash of a document that they cite."""
    root, cited = "", set[str]()
    with out.open("wb") as stream:
        for index, raw in queries.entries(session, log, 0, size):
            if index == 0:
                root = leaf_hash(raw).hex()
            content = parse_entry(raw).statement.body.get("content")
            if isinstance(content, str):
                cited.add(content)
            stream.write(raw + b"\n")
    return root, cited


def _versions(session: Session, forum: Forum, state: State) -> Mapping[str, bytes]:
    return dict(_members_of_versions(session, forum, state))


def _members_of_versions(session: Session, forum: Forum, state: State) -> Iterator[tuple[str, bytes]]:
    for digest in state.versions:
        yield f"versions/{digest}/manifest.json", drafts.version(session, forum, digest).manifest.raw
        for lang, body in drafts.canonical_texts(session, forum, digest).items():
            yield f"versions/{digest}/texts/{lang}.txt", body
