"""What is given mutants, and what may become of them: refused, or accepted where nothing that counts has changed."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from declaration.errors import DeclarationError
from declaration.protocol.bundle import read_bundle
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.encoding import canonical, parse_json
from declaration.protocol.entry import parse_entry
from declaration.protocol.equivocation import build_equivocation, parse_equivocation, verify_equivocation
from declaration.protocol.manifest import canonical_text, parse_canonical_text, parse_manifest
from declaration.protocol.note import COSIGNATURE, NoteSigner, cosign
from declaration.protocol.receipt import Receipt
from declaration.protocol.sshsig import PasskeyPolicy
from declaration.protocol.statement import parse_statement
from declaration.verifier.__main__ import main
from declaration.verifier.policy import parse_policy
from declaration.verifier.receipts import judge
from declaration.verifier.signatures import Context, look
from tests.fuzz import archives
from tests.fuzz.scramble import scrambled, scrambled_json
from tests.support.logs import MadeLog
from tests.verifier import forge as f
from tests.verifier.receipts import receipt_of

REFUSED, SAME, ACCEPTED = "refused", "same", "ACCEPTED"
# Nothing is proved of these: words for people, programs, and the bundle's own policy where the auditor brings one.
FREE = ("README.txt", "policy", "verify.sh", "verify.html")

WITNESS = NoteSigner("witness.example/one", f.private("one"), COSIGNATURE)


@dataclass(frozen=True)
class Mutant:
    """What was done and the bytes; ``base`` is for whoever has several."""

    what: str
    data: bytes
    base: int = 0


@dataclass(frozen=True)
class Subject:
    """``make`` draws a mutant; ``judge`` says what became of it, and lets through whatever is thrown besides a refusal."""

    make: Callable[[random.Random], Mutant]
    judge: Callable[[Mutant], str]


# -- bundles ---------------------------------------------------------------------------------------------------------------


@cache
def _folder() -> Path:
    keep = tempfile.TemporaryDirectory(prefix="fuzz-")
    _KEPT.append(keep)
    (Path(keep.name) / "policy").write_bytes(f.policy())
    return Path(keep.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
FORMS = ("text", "html", "json")


def _bundle(how: random.Random) -> Mutant:
    what, base, data = archives.mutant(how)
    return Mutant(what, data, base)


def _judge_bundle(mutant: Mutant) -> str:
    path, forge = _folder() / "bundle.zip", archives.bases()[mutant.base]
    path.write_bytes(mutant.data)
    if not _passes(path, forge, "--report", FORMS[len(mutant.data) % 3]):
        return REFUSED
    if _same(mutant.base, path):
        return SAME
    if not _begins(forge, path):
        return ACCEPTED
    # The log has signed for less than it had signed before: nothing in the bundle shows it, and every later checkpoint does.
    (_folder() / "since").write_bytes(forge.checkpoint())
    return ACCEPTED if _passes(path, forge, "--since", str(_folder() / "since")) else REFUSED


def _passes(path: Path, forge: f.Forge, *more: str) -> bool:
    """Whether the command says verified; it has three exit statuses and no other."""
    given = ["--constitution", forge.trust_root, "--policy", str(_folder() / "policy"), "--workers", "1", "--quiet", *more]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main([str(path), *given])
    if status not in (0, 1, 2):
        raise AssertionError(f"exit status {status}")
    return status == 0


def _begins(forge: f.Forge, path: Path) -> bool:
    """Whether the entries are the first ones of the honest record, and not all of them."""
    with read_bundle(path) as bundle:
        lines = bundle.read_member("entries.jsonl").split(b"\n")[:-1]
    return len(lines) < len(forge.entries) and lines == forge.entries[: len(lines)]


def _same(base: int, path: Path) -> bool:
    """Whether all that is proved is as it was. What may be missing is told as withheld, or only a further proof."""
    forge = archives.bases()[base]
    honest = {name: raw for name, raw in archives.honest(base)[0].items() if name not in FREE}
    # Every earlier checkpoint of this record is as honest as the one that the bundle had.
    honest |= {f"checkpoints/{size}": forge.checkpoint(size) for size in range(len(forge.entries) + 1)}
    with read_bundle(path) as bundle:
        now = {name: bundle.read_member(name) for name in bundle.names if name not in (*FREE, "bundle.json")}
    missing = honest.keys() - now.keys()
    if now.keys() - honest.keys() or any(not name.startswith(("contents/", "checkpoints/")) for name in missing):
        return False
    return all(_claim(name, raw) == _claim(name, honest[name]) for name, raw in now.items())


def _claim(name: str, raw: bytes) -> bytes:
    """Of a signed note the text: lines of unknown witnesses may come and go."""
    return raw.partition(b"\n\n")[0] if name.startswith("checkpoint") else raw


# -- files alone -----------------------------------------------------------------------------------------------------------


def _of(
    files: Callable[[], list[bytes]], structured: bool = False, inner: Callable[[bytes], bytes] | None = None
) -> Callable[[random.Random], Mutant]:
    """Mutants of one of these files; ``structured`` ones as JSON too, ``inner`` finds the JSON in the middle of a file."""

    def make(how: random.Random) -> Mutant:
        base = how.randrange(len(files()))
        data = files()[base]
        if (structured or inner) and how.random() < 0.6:
            part = inner(data) if inner else data
            return Mutant("structure of JSON", data.replace(part, scrambled_json(part, how), 1), base)
        for _ in range(how.choice((1, 1, 1, 3))):
            data = scrambled(data, how, files()[base - 1])
        return Mutant("bytes", data, base)

    return make


@cache
def _receipts() -> list[bytes]:
    return [receipt_of(forge, index) for forge in archives.bases() for index in (0, 5, len(forge.entries) - 1)]


def _judge_receipt(mutant: Mutant) -> str:
    report = judge(mutant.data, parse_policy(f.policy()), archives.bases()[0 if mutant.base < 3 else 1].trust_root)
    if not report.verified:
        return REFUSED
    honest = judge(_receipts()[mutant.base], parse_policy(f.policy())).receipt
    report.as_text()
    return SAME if _receipts_claim(report.receipt) == _receipts_claim(honest) else ACCEPTED


def _receipts_claim(one: Receipt) -> tuple[object, ...]:
    return one.entry.raw, one.index, one.proof, one.claimed, _claim("checkpoint", one.constitution)


@cache
def _notes() -> list[bytes]:
    forge = archives.bases()[0]
    return [forge.checkpoint(), forge.checkpoint(1), cosign(forge.checkpoint(), WITNESS, 1_764_000_000)]


def _judge_note(mutant: Mutant) -> str:
    made, honest = (open_checkpoint(each, f.LOG.verifier) for each in (mutant.data, _notes()[mutant.base]))
    return SAME if made == honest else ACCEPTED


@cache
def _entries() -> list[bytes]:
    return list(archives.bases()[1].entries)


@cache
def _context() -> Context:
    policy = PasskeyPolicy(("https://declaration.example",), "declaration.example")
    return Context(parse_entry(_entries()[0]).statement.digest, f.ORIGIN, policy)


def _judge_entry(mutant: Mutant) -> str:
    entry = parse_entry(mutant.data)
    if canonical(parse_json(entry.raw)) != mutant.data:
        return ACCEPTED
    looked = look(mutant.data, mutant.base, _context())
    if looked.problem or looked.possession:
        return REFUSED
    honest = parse_entry(_entries()[mutant.base])
    # The time is the log's word and under its root; whatever was signed is as it was.
    return SAME if (entry.statement.raw, entry.signature) == (honest.statement.raw, honest.signature) else ACCEPTED


@cache
def _statements() -> list[bytes]:
    return [parse_entry(raw).statement.raw for raw in _entries()]


def _judge_statement(mutant: Mutant) -> str:
    made = parse_statement(mutant.data)
    if canonical(parse_json(mutant.data)) != mutant.data or made.raw != mutant.data:
        return ACCEPTED
    # A statement of its own; nobody has signed it.
    return SAME if mutant.data == _statements()[mutant.base] else REFUSED


@cache
def _equivocations() -> list[bytes]:
    honest = MadeLog(f.LOG).grow(14)
    liar = honest.fork(5, 9)
    later = build_equivocation(honest.note(9), liar.note(14), root=liar.root(9), proof=liar.consistency(9, 14))
    return [build_equivocation(honest.note(9), liar.note(9)), later]


def _judge_equivocation(mutant: Mutant) -> str:
    made, honest = (verify_equivocation(parse_equivocation(each), f.LOG.verifier) for each in (mutant.data, _equivocations()[mutant.base]))
    return SAME if made == honest else ACCEPTED


@cache
def _manifests() -> list[bytes]:
    return [version.manifest.raw for version in archives.bases()[1].library.values()]


def _judge_manifest(mutant: Mutant) -> str:
    made = parse_manifest(mutant.data)
    if canonical(parse_json(mutant.data)) != mutant.data:
        return ACCEPTED
    return SAME if made.digest == parse_manifest(_manifests()[mutant.base]).digest else REFUSED


@cache
def _texts() -> list[bytes]:
    return [raw for name, raw in archives.honest(1)[0].items() if "/texts/" in name]


def _judge_text(mutant: Mutant) -> str:
    if canonical_text(parse_canonical_text(mutant.data)) != mutant.data:
        return ACCEPTED
    return SAME if mutant.data == _texts()[mutant.base] else REFUSED


@cache
def _policies() -> list[bytes]:
    witnesses = [f"witness w{n} {NoteSigner(f'w{n}.example', f.private(f'w{n}'), COSIGNATURE).verifier.vkey}" for n in range(3)]
    return [f.policy(), f.policy(f.LOG, "some", *witnesses, "group some 2 w0 w1 w2")]


def _judge_policy(mutant: Mutant) -> str:
    parse_policy(mutant.data)
    return SAME  # it is the auditor's own; it may say what it likes


def asked(subject: Subject, mutant: Mutant) -> str:
    """What became of it; a refusal of the one tree of errors is an answer."""
    try:
        return subject.judge(mutant)
    except DeclarationError:
        return REFUSED


SUBJECTS: dict[str, tuple[int, Subject]] = {
    "bundle": (50, Subject(_bundle, _judge_bundle)),
    "receipt": (12, Subject(_of(_receipts, inner=lambda raw: raw.split(b"\n\n")[0].partition(b"\n")[2]), _judge_receipt)),
    "note": (8, Subject(_of(_notes), _judge_note)),
    "entry": (10, Subject(_of(_entries, structured=True), _judge_entry)),
    "statement": (8, Subject(_of(_statements, structured=True), _judge_statement)),
    "equivocation": (6, Subject(_of(_equivocations), _judge_equivocation)),
    "manifest": (3, Subject(_of(_manifests, structured=True), _judge_manifest)),
    "text": (2, Subject(_of(_texts), _judge_text)),
    "policy": (1, Subject(_of(_policies), _judge_policy)),
}
