"""The nine checks, in one pass over the entries.

Entries stream through: parsed and verified by workers, then taken in order by the tree, by the question of authority, and by the
procedure. An entry that fails is named and stepped over, so that one bad act does not hide the next; what follows from it may then
fail too, which is why the first finding of each check is the one to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declaration.errors import DeclarationError, Malformed
from declaration.procedure import consequences, replay
from declaration.procedure.act import Act, act_of
from declaration.procedure.signers import allowed_signers_of
from declaration.procedure.state import State
from declaration.protocol.bundle import Bundle, read_bundle
from declaration.protocol.checkpoint import Checkpoint
from declaration.protocol.encoding import parse_hex32, sha256_hex
from declaration.protocol.entry import parse_entry
from declaration.protocol.merkle import CompactRange, leaf_hash
from declaration.protocol.sshsig import PasskeyPolicy
from declaration.verifier.policy import Policy, check_checkpoint, parse_policy
from declaration.verifier.report import NOT_PROVED, NOT_PROVED_WITHOUT_WITNESSES, TITLES, Check, Finding, Report
from declaration.verifier.signatures import Context, Looked, look_at
from declaration.verifier.texts import Texts

_MOST_FINDINGS = 20
_MEMBERS = re.compile(
    r"policy|checkpoint|entries\.jsonl|allowed_signers|README\.txt|bundle\.json"
    r"|checkpoints/[0-9]+|versions/[0-9a-f]{64}/(manifest\.json|texts/[a-z]{2,3}\.txt)|contents/[0-9a-f]{64}\.json"
)
_NEEDED = ("policy", "checkpoint", "entries.jsonl", "allowed_signers")
_CONTENT = re.compile(r"contents/([0-9a-f]{64})\.json")
# Refusals of the procedure that are about words, and about the register, belong to their own checks.
_OF_TEXTS = ("version.words", "version.units", "version.translation", "version.text", "version.language", "amendment.result")
_OF_ORDER = ("record.time", "record.repeated", "record.order")
_OF_AUTHORITY = ("key.", "accredit.", "second.", "constitution.", "mandate.", "record.", "seen.")

Progress = Callable[[int, int], None]


@dataclass
class _Pass:
    checks: dict[int, Check]
    roots: bytearray
    tree: CompactRange
    contents: set[str]

    def find(self, number: int, finding: Finding) -> None:
        findings = self.checks[number].findings
        if len(findings) < _MOST_FINDINGS:
            findings.append(finding)


def verify_bundle(
    path: Path,
    *,
    policy: bytes | None = None,
    constitution: str | None = None,
    since: bytes | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run every check on the bundle at ``path``.

    :param policy: the auditor's own policy file; otherwise the bundle's, with a warning.
    :param constitution: leaf hash of entry 0 in hex, from the hall screen, a printed text or a receipt.
    :param since: a checkpoint that the auditor kept; the record must extend it.
    :raises Malformed: the file is not a bundle at all, or what the auditor gave cannot be read.
    """
    if constitution is not None:
        parse_hex32(constitution)
    given = parse_policy(policy) if policy is not None else None
    checks = {number: Check(number) for number in TITLES}
    report = Report(tuple(checks.values()), not_proved=list(NOT_PROVED))
    with read_bundle(path) as bundle:
        report.bundle = {"file": path.name, "bytes": path.stat().st_size, "sha256": _sha256_of(path)}
        run = _Pass(checks, bytearray(), CompactRange(), set())
        if not _archive(bundle, run):
            return report
        opened = _checkpoint(bundle, given, since, run, report)
        if opened is None:
            return report
        checkpoint, older = opened
        state = _entries(bundle, checkpoint, older, constitution, run, report, workers, progress)
        if state is not None:
            _after(bundle, state, run, report)
    return report


def _sha256_of(path: Path) -> str:
    from hashlib import file_digest

    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _archive(bundle: Bundle, run: _Pass) -> bool:
    check = run.checks[1]
    try:
        bundle.verify_members()
    except Malformed as error:
        run.find(1, Finding(error.code, error.message))
    for name in bundle.names:
        if not _MEMBERS.fullmatch(name):
            run.find(1, Finding("bundle.unknown-member", "not a member of a bundle", name))
    for name in _NEEDED:
        if name not in bundle.members:
            run.find(1, Finding("bundle.missing-member", "missing", name))
    for name, _, digest in bundle.index.members:
        if (match := _CONTENT.fullmatch(name)) and match[1] != digest:
            run.find(1, Finding("content.differs", "not the document that was signed for", name))
        elif match:
            run.contents.add(match[1])
    check.ran = True
    return all(name in bundle.members for name in _NEEDED)


def _checkpoint(
    bundle: Bundle, given: Policy | None, since: bytes | None, run: _Pass, report: Report
) -> tuple[Checkpoint, Checkpoint | None] | None:
    try:
        policy = given if given is not None else parse_policy(bundle.read_member("policy"))
        checkpoint = check_checkpoint(policy, bundle.read_member("checkpoint"))
        older = check_checkpoint(policy, since) if since is not None else None
    except DeclarationError as error:
        run.find(2, Finding(error.code, error.message, "checkpoint"))
        return None
    if given is None:
        report.warnings.append("The policy, and with it the log's key, came out of this bundle. Give --policy with the one that you trust.")
    if policy.quorum is None:
        report.not_proved.append(NOT_PROVED_WITHOUT_WITNESSES)
    if (bundle.index.origin, bundle.index.size) != (checkpoint.origin, checkpoint.size):
        run.find(2, Finding("checkpoint.other", "bundle.json speaks of another record or size", "bundle.json"))
    if older is not None and (older.origin != checkpoint.origin or older.size > checkpoint.size):
        run.find(2, Finding("checkpoint.not-extended", "the record does not extend the older checkpoint", "checkpoint"))
    run.checks[2].ran = True
    report.record.update(origin=checkpoint.origin, entries=checkpoint.size, root=checkpoint.root.hex())
    return checkpoint, older


def _entries(
    bundle: Bundle,
    checkpoint: Checkpoint,
    older: Checkpoint | None,
    constitution: str | None,
    run: _Pass,
    report: Report,
    workers: int | None,
    progress: Progress | None,
) -> State | None:
    context = _trust_root(bundle, checkpoint, constitution, run, report)
    if context is None:
        return None
    texts = Texts(bundle, lambda finding: run.find(7, finding))
    state = replay.new_state(checkpoint.origin, texts)
    try:
        looked = look_at(bundle.iter_lines("entries.jsonl"), context, size=checkpoint.size, workers=workers)
        for index, (raw, result) in enumerate(looked):
            run.roots += run.tree.root()
            run.tree.append(leaf_hash(raw))
            _one(state, index, result, run)
            if progress is not None and index % 500 == 0:
                progress(index, checkpoint.size)
    except Malformed as error:
        run.find(4, Finding(error.code, error.message, "entries.jsonl"))
    for number in (4, 5, 6):
        run.checks[number].ran = True
    _roots(checkpoint, older, run)
    for digest in sorted(texts.names):
        texts(digest)
        if digest not in state.versions:
            run.find(7, Finding("version.unapproved", "a version that was never approved", f"versions/{digest}"))
    run.checks[7].ran = True
    return state


def _trust_root(bundle: Bundle, checkpoint: Checkpoint, constitution: str | None, run: _Pass, report: Report) -> Context | None:
    try:
        first = next(bundle.iter_lines("entries.jsonl"), None)
        entry = parse_entry(first or b"")
        body = entry.statement.body
        origins, rp_id = body.get("origins"), body.get("rp_id")
        if entry.statement.type != "constitution-v1" or not isinstance(origins, list) or not isinstance(rp_id, str):
            raise Malformed("the record does not begin with a constitution", code="constitution.missing")
    except DeclarationError as error:
        run.find(5, Finding(error.code, error.message, "entry 0"))
        return None
    root = leaf_hash(entry.raw).hex()
    report.record["constitution"] = root
    if constitution is None:
        report.warnings.append(
            "The constitution came out of this bundle. Give --constitution with the hash from the hall screen, the printed "
            "text or a receipt, or you are only told that the bundle agrees with itself."
        )
    elif root != constitution:
        run.find(5, Finding("constitution.other", f"another constitution than {constitution}", "entry 0"))
    policy = PasskeyPolicy(tuple(str(each) for each in origins), rp_id)
    return Context(entry.statement.digest, checkpoint.origin, policy)


def _one(state: State, index: int, looked: Looked, run: _Pass) -> None:
    """Take one entry in order: its place, its authority, whether it was allowed, and what follows."""
    where = f"entry {index}"
    if looked.entry is None:
        code, what = looked.problem or ("entry.malformed", "cannot be read")
        run.find(4, Finding(code, what, where))
        _step_over(state, index)
        return
    act = act_of(looked.entry, index)
    where = f"entry {index}, {act.type.removesuffix('-v1')} by {act.statement.by.party}"
    if looked.problem is not None:
        run.find(4, Finding(*looked.problem, where))
        _step_over(state, index, act)
        return
    if looked.possession is not None:
        run.find(5, Finding(*looked.possession, where))
    _seen(act, run, where)
    try:
        replay.check_order(state, act)
        replay.check_authority(state, act)
    except DeclarationError as error:
        run.find(4 if error.code in _OF_ORDER else 5, Finding(error.code, error.message, where))
        _step_over(state, index, act)
        return
    try:
        replay.check_allowed(state, act)
    except DeclarationError as error:
        run.find(_check_of(act, error.code), Finding(error.code, error.message, where))
        _step_over(state, index, act)
        return
    replay.advance(state, act)


def _check_of(act: Act, code: str) -> int:
    if act.type.startswith("endorsement."):
        return 8
    if code.startswith(_OF_TEXTS):
        return 7
    return 5 if code.startswith(_OF_AUTHORITY) else 6


def _seen(act: Act, run: _Pass, where: str) -> None:
    seen = act.statement.seen
    if seen.size > act.index:
        return  # named by the question of order
    root = bytes(run.roots[32 * seen.size : 32 * seen.size + 32])
    if root.hex() != seen.root:
        run.find(3, Finding("seen.other-history", f"its signer saw another record of {seen.size} entries", where))


def _step_over(state: State, index: int, act: Act | None = None) -> None:
    """Go on behind an entry that does not count."""
    state.size = index + 1
    last = state.times[-1] if state.times else None
    if act is not None and (last is None or act.at > last):
        last = act.at
    if last is not None:
        state.times.append(last)


def _roots(checkpoint: Checkpoint, older: Checkpoint | None, run: _Pass) -> None:
    run.roots += run.tree.root()
    if run.tree.size != checkpoint.size:
        run.find(
            3,
            Finding("record.size", f"the bundle has {run.tree.size} entries, the checkpoint says {checkpoint.size}", "entries.jsonl"),
        )
    elif run.tree.root() != checkpoint.root:
        run.find(3, Finding("record.root", "the entries are not those that the log signed for", "entries.jsonl"))
    if older is not None and older.size <= run.tree.size:
        root = bytes(run.roots[32 * older.size : 32 * older.size + 32])
        if root != older.root:
            run.find(3, Finding("checkpoint.not-extended", "the record does not extend the older checkpoint", "entries.jsonl"))
    run.checks[3].ran = True


def _after(bundle: Bundle, state: State, run: _Pass, report: Report) -> None:
    """What follows from the whole record: keys, register, totals."""
    if state.constitution is None:
        return
    if bundle.read_member("allowed_signers") != allowed_signers_of(state).encode():
        run.find(5, Finding("allowed-signers.other", "not the keys that the record gave authority", "allowed_signers"))
    for endorsement in state.endorsements.values():
        if endorsement.country not in state.known.delegations and endorsement.capacity == "organization":
            run.find(8, Finding("endorsement.country", "counted for no country of the forum", endorsement.party))
    run.checks[8].ran = True
    totals = consequences.totals(state)
    _sum_up(state, totals, run, report)
    run.checks[9].ran = True


def _sum_up(state: State, totals: consequences.Totals, run: _Pass, report: Report) -> None:
    known = state.known
    rows: dict[str, dict[str, Any]] = {
        name: {
            "name": names.get("en") or names[min(names)],
            "counted": totals.counted[name],
            "accessions": totals.accessions[name],
            "withdrawn": totals.withdrawn[name],
        }
        for name, names in known.delegations.items()
    }
    report.totals = {
        "counted": totals.total,
        "accessions": sum(totals.accessions.values()),
        "withdrawn": sum(totals.withdrawn.values()),
        "listed": totals.listed,
        "by_country": rows,
    }
    everything = totals.total + report.totals["accessions"] + report.totals["withdrawn"] + totals.listed
    if everything != len(state.endorsements):
        run.find(9, Finding("totals.sum", "the countries do not add up to the register"))
    cited = set(_cited_contents(state))
    report.record["withheld"] = len(cited - run.contents)
    report.record["adopted"] = state.adopted
    report.record["declaration"] = state.declaration


def _cited_contents(state: State) -> list[str]:
    proposals = [each.content for each in state.amendments.values()]
    return proposals + [each.content for each in state.endorsements.values()]


def verify_bytes(path: Path) -> str:
    """SHA-256 of a file in hex, for comparing a download."""
    return sha256_hex(path.read_bytes())
