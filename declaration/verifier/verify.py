"""The nine checks, in one pass over the entries.

Entries stream through: parsed and verified by workers, then taken in order by the tree, by the question of authority, and by the
procedure. An entry that fails is named and stepped over, so that one bad act does not hide the next; what follows from it may then
fail too, which is why the first finding of each check is the one to read.
"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from declaration.errors import DeclarationError, Malformed
from declaration.procedure import consequences, papers, replay, standing
from declaration.procedure.act import Act
from declaration.procedure.holdings import PaperSignature
from declaration.procedure.signers import allowed_signers_of, signers_of
from declaration.procedure.state import State
from declaration.protocol.bundle import Bundle, read_bundle
from declaration.protocol.checkpoint import Checkpoint
from declaration.protocol.encoding import parse_hex32, sha256_hex
from declaration.protocol.entry import parse_entry
from declaration.protocol.merkle import leaf_hash
from declaration.protocol.sshsig import PasskeyPolicy
from declaration.verifier import history, judging, members, receipts
from declaration.verifier.history import History, Signed
from declaration.verifier.policy import Policy, parse_policy
from declaration.verifier.report import (
    NOT_PROVED,
    NOT_PROVED_OF_PROGRAMS,
    NOT_PROVED_WITHOUT_WITNESSES,
    TITLES,
    Check,
    Finding,
    Report,
)
from declaration.verifier.shelves import Store, spread
from declaration.verifier.signatures import Context, Looked, look_at
from declaration.verifier.texts import Texts

IN_MEMORY = 12_000
"""Entries of the largest record whose state is kept in memory."""

_LARGEST_POLICY = 64 * 1024
_HEX32 = re.compile(r"[0-9a-f]{64}")
Progress = Callable[[int, int], None]
_Signed = tuple[Checkpoint, list[Signed], receipts.Held | None]


@dataclass
class _Pass:
    """One run over a bundle: what was found so far."""

    report: Report
    history: History = field(default_factory=History)
    cited: MutableMapping[str, None] = field(default_factory=dict)
    store: Store | None = None

    def check(self, number: int) -> Check:
        return self.report.checks[number - 1]

    def find(self, number: int, finding: Finding) -> None:
        self.check(number).find(finding)

    def done(self, *numbers: int) -> None:
        for number in numbers:
            self.check(number).ran = True


def verify_bundle(
    path: Path,
    *,
    policy: bytes | None = None,
    constitution: str | None = None,
    since: bytes | None = None,
    receipt: bytes | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    in_memory: int = IN_MEMORY,
) -> Report:
    """Run every check on the bundle at ``path``.

    :param policy: the auditor's own policy file; otherwise the bundle's, with a warning.
    :param constitution: leaf hash of entry 0 in hex, from the hall screen, a printed text or a receipt.
    :param since: a checkpoint that the auditor kept; the record must extend it.
    :param receipt: a receipt that the auditor holds; its act must stand at its place, and its constitution is a root of trust.
    :param workers: processes; default: as many as there are cores.
    :param progress: called now and then with the entries done and their number.
    :param in_memory: the state of a record of more entries than this is kept in temporary files.
    :raises Malformed: the file is not a bundle at all, or what the auditor gave cannot be read.
    :raises VerifierStopped: a process died; nothing was found out.
    """
    if constitution is not None:
        parse_hex32(constitution)
    given = parse_policy(policy) if policy is not None else None
    run = _Pass(Report(tuple(Check(number) for number in TITLES), not_proved=list(NOT_PROVED)))
    with ExitStack() as stack:
        bundle = stack.enter_context(read_bundle(path))
        if bundle.index.size > in_memory:
            run.store = stack.enter_context(Store())
            run.cited, run.history.roots = run.store.shelf("cited"), run.store.rows("roots", 32)
        name = os.fsencode(path.name).decode("utf-8", "replace")
        run.report.bundle = {"file": name, "bytes": path.stat().st_size, "sha256": _sha256_of(path)}
        whole = members.check_members(bundle, lambda finding: run.find(1, finding))
        run.done(1)
        if any(name in bundle.members for name in members.PROGRAMS):
            run.report.not_proved.append(NOT_PROVED_OF_PROGRAMS)
        signed = _checkpoints(bundle, given, since, receipt, run) if whole else None
        if signed is not None:
            state = _entries(bundle, signed, constitution, run, workers, progress)
            if state is not None:
                _after(bundle, state, run)
    return run.report


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _checkpoints(bundle: Bundle, given: Policy | None, since: bytes | None, receipt: bytes | None, run: _Pass) -> _Signed | None:
    """Check 2. The bundle's checkpoint, every other one that the log has signed, and the auditor's receipt."""
    try:
        policy = given if given is not None else parse_policy(bundle.read_member("policy", _LARGEST_POLICY))
    except DeclarationError as error:
        run.find(2, Finding(error.code, error.message, "policy"))
        return None
    if given is None:
        run.report.warnings.append(
            "The policy, and with it the log's key, came out of this bundle. Give --policy with the one that you trust."
        )
    if policy.quorum is None:
        run.report.not_proved.append(NOT_PROVED_WITHOUT_WITNESSES)
    checkpoint = history.bundle_checkpoint(bundle, policy, run.find)
    if checkpoint is None:
        return None
    others = history.further_checkpoints(bundle, policy, run.find)
    if since is not None:
        others += history.kept_checkpoint(since, policy, checkpoint, run.find)
    held = receipts.hold(receipt, policy, checkpoint, run.find) if receipt is not None else None
    if held is not None:
        others += held.signed
    run.done(2)
    run.report.record.update(origin=checkpoint.origin, entries=checkpoint.size, root=checkpoint.root.hex())
    return checkpoint, others, held


def _entries(
    bundle: Bundle,
    signed: _Signed,
    constitution: str | None,
    run: _Pass,
    workers: int | None,
    progress: Progress | None,
) -> State | None:
    """Checks 3 to 7."""
    checkpoint, others, held = signed
    pinned = constitution if constitution is not None or held is None else held.constitution
    context = _trust_root(bundle, checkpoint, pinned, run)
    if context is None:
        return None
    texts = Texts(bundle, lambda finding: run.find(7, finding))
    state = replay.new_state(checkpoint.origin, texts)
    if run.store is not None:
        spread(state, run.store)
    try:
        lines = bundle.iter_lines("entries.jsonl")
        with _collector_at_rest():
            for index, (raw, looked) in enumerate(look_at(lines, context, size=checkpoint.size, workers=workers)):
                run.history.append(raw)
                if held is not None:
                    held.compare(index, raw, run.find)
                _one(state, index, looked, run)
                if progress is not None and index % 500 == 0:
                    progress(index, checkpoint.size)
    except Malformed as error:
        run.find(4, Finding(error.code, error.message, "entries.jsonl"))
    history.compare(run.history, checkpoint, others, run.find)
    for digest in sorted(texts.names):
        texts(digest)
        if digest not in state.versions:
            run.find(7, Finding("version.unapproved", "a version that was never approved", f"versions/{digest}"))
    run.done(3, 4, 5, 6, 7)
    return state


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A state that only grows has no cycles to find, and looking for them again and again costs as much as the procedure."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _trust_root(bundle: Bundle, checkpoint: Checkpoint, constitution: str | None, run: _Pass) -> Context | None:
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
    run.report.record["constitution"] = root
    if constitution is None:
        run.report.warnings.append(
            "The constitution came out of this bundle. Give --constitution with the hash from the hall screen, the printed "
            "text or a receipt, or you are only told that the bundle agrees with itself."
        )
    elif root != constitution:
        run.find(5, Finding("constitution.other", f"another constitution than {constitution}", "entry 0"))
    policy = PasskeyPolicy(tuple(str(each) for each in origins), rp_id)
    return Context(entry.statement.digest, checkpoint.origin, policy)


def _one(state: State, index: int, looked: Looked, run: _Pass) -> None:
    """Take one entry in order: its place, its authority, whether it was allowed, and what follows."""
    if looked.act is not None:
        _cite(looked.act, run)
    for number, finding in judging.take(state, index, looked, run.history):
        run.find(number, finding)


def _cite(act: Act, run: _Pass) -> None:
    """The document that an act names is no stranger in the bundle, even where the act does not count."""
    content = act.statement.body.get("content")
    if isinstance(content, str) and _HEX32.fullmatch(content):
        run.cited[content] = None


def _after(bundle: Bundle, state: State, run: _Pass) -> None:
    """What follows from the whole record: keys, documents, register, totals."""
    if state.constitution is None:
        return
    if members.digest_of(bundle, "allowed_signers") != _signers_digest(state, run.store):
        run.find(5, Finding("allowed-signers.other", "not the keys that the record gave authority", "allowed_signers"))
    held = members.contents(bundle)
    for digest in sorted(each for each in held if each not in run.cited):
        run.find(1, Finding("content.uncited", "a document that no act names", f"contents/{digest}.json"))
    run.report.record["withheld"] = len(run.cited) - sum(digest in run.cited for digest in held)
    set_aside = 0
    for endorsement in state.endorsements.values():
        if endorsement.country not in state.known.delegations and endorsement.capacity == "organization":
            run.find(8, Finding("endorsement.country", "counted for no country of the forum", endorsement.party))
        set_aside += sum(one.set_aside is not None for one in endorsement.withdrawals)
    run.done(8)
    _sum_up(state, consequences.totals(state), set_aside, run)
    run.done(9)


def _signers_digest(state: State, store: Store | None) -> str:
    if store is None:
        return sha256_hex(allowed_signers_of(state).encode())
    hasher = sha256()
    for line in store.in_order(each.line for each in signers_of(state)):
        hasher.update(f"{line}\n".encode())
    return hasher.hexdigest()


def _sum_up(state: State, totals: consequences.Totals, set_aside: int, run: _Pass) -> None:
    rows: dict[str, dict[str, Any]] = {
        name: {
            "name": names.get("en") or names[min(names)],
            "counted": totals.counted[name],
            "accessions": totals.accessions[name],
            "withdrawn": totals.withdrawn[name],
        }
        for name, names in state.known.delegations.items()
    }
    accessions, withdrawn = sum(totals.accessions.values()), sum(totals.withdrawn.values())
    run.report.totals = {
        "counted": totals.total,
        "accessions": accessions,
        "withdrawn": withdrawn,
        "listed": totals.listed,
        "listed_withdrawn": totals.listed_withdrawn,
        "by_country": rows,
    }
    if totals.received != len(state.endorsements):
        run.find(9, Finding("totals.sum", "the countries do not add up to the register"))
    run.report.record.update(adopted=state.adopted, declaration=state.declaration)
    run.report.record.update(_open_or_corrected(state, totals, set_aside))
    if state.papers:
        run.report.record["on_paper"] = [_on_paper(state, each) for each in papers.on_paper(state)]


def _on_paper(state: State, each: PaperSignature) -> dict[str, Any]:
    """A signature that two persons attest: no signature of the organization, and in no figure."""
    names = state.known.delegations[each.country]
    return {
        "organization": each.name,
        "registration": each.registration,
        "country": names.get("en") or names[min(names)],
        "scan": each.scan,
        "attested_by": list(each.attested_by),
        "entries": [state.digests[each.digest], each.index],
    }


def _open_or_corrected(state: State, totals: consequences.Totals, set_aside: int) -> dict[str, Any]:
    """What the depositary did to the register and to the text, where anything was done."""
    found = {
        "held": sum(totals.held.values()) + totals.listed_held,
        "refused": sum(totals.refused.values()) + totals.listed_refused,
        "annulled": sum(totals.annulled.values()) + totals.listed_annulled,
        "set_aside": set_aside,
        "questioned": len(standing.questioned(state)),
        "corrections": [
            {"symbol": each.symbol, "language": each.language, "previous": each.previous, "corrected": each.sha256}
            for done in state.corrected.values()
            for each in done
        ],
    }
    return {name: value for name, value in found.items() if value}
