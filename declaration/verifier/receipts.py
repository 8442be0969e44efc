"""Receipts: what a signer kept, judged alone, or held against a bundle.

Alone, with the log's key from a policy, a receipt proves that the log has signed for a record with this act in it, and that the key
named in the act has made its signature. It does not say that this key had authority, nor what became of the act later: a bundle does.
Held against a bundle it convicts a record that lacks the act, has another one in its place, or began with another constitution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from declaration.errors import DeclarationError
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint
from declaration.protocol.encoding import format_time
from declaration.protocol.receipt import Receipt, parse_receipt, verify_receipt
from declaration.protocol.sshsig import PasskeyPolicy, parse_signature, verify
from declaration.verifier.history import Signed
from declaration.verifier.policy import Policy
from declaration.verifier.report import NOT_PROVED, Finding, plain

WHERE = "the receipt"

NOT_PROVED_BY_A_RECEIPT = (
    "that the key had authority when it signed, and that the act was allowed: that takes the bundle",
    "that the act still counts: it may have been withdrawn since",
)


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """The answer about one receipt. Like a report it has no truth value.

    :ivar problem: why it is refused; ``None`` where it is good.
    :ivar warnings: what the reader has to know before anything else.
    """

    receipt: Receipt
    problem: Finding | None
    warnings: tuple[str, ...] = ()
    site: str | None = None

    def __bool__(self) -> bool:
        raise TypeError("a report is neither true nor false: read .verified")

    @property
    def verified(self) -> bool:
        """The log has signed for this act, and the key that it names has signed it."""
        return self.problem is None

    @property
    def not_proved(self) -> tuple[str, ...]:
        """What even a good receipt leaves open."""
        return (*NOT_PROVED_BY_A_RECEIPT, *NOT_PROVED)

    def as_json(self) -> dict[str, Any]:
        """For programs; ``format`` says which."""
        found = [] if self.problem is None else [{"code": self.problem.code, "what": self.problem.what, "where": self.problem.where}]
        return {
            "format": "receipt-report-1",
            "verdict": "verified" if self.verified else "refused",
            "receipt": {**_facts(self.receipt), "site": self.site},
            "findings": found,
            "warnings": list(self.warnings),
            "not_proved": list(self.not_proved),
        }

    def as_text(self) -> str:
        """For people."""
        facts = _facts(self.receipt)
        if self.problem is None:
            lines = [
                f"GOOD RECEIPT. Entry {facts['index']} of {facts['origin']}, {facts['type']} by {facts['party']}, recorded {facts['at']}: "
                f"the log has signed for it, among {facts['size']} entries."
            ]
        else:
            lines = [f"RECEIPT REFUSED. {self.problem}  [{self.problem.code}]"]
        lines += ["", *(f"WARNING: {each}" for each in self.warnings)]
        lines += [f"{name:14}{value}" for name, value in {**facts, "signed at": self.site}.items() if value is not None]
        lines += ["", "What this does not prove:", *(f"- {each}" for each in self.not_proved)]
        return "".join(f"{plain(str(line))}\n" for line in lines)


def judge(raw: bytes, policy: Policy, constitution: str | None = None) -> ReceiptReport:
    """Verify a receipt on its own.

    :param policy: whose log; from a source other than the receipt.
    :param constitution: the trust root in hex, where the auditor has it.
    :raises Malformed: it is not a receipt at all.
    """
    receipt = parse_receipt(raw)
    warnings = () if constitution is not None else ("Give --constitution: without it any constitution under this log's key would do.",)
    try:
        verify_receipt(receipt, policy.log, constitution=constitution)
        site = _signature(receipt)
    except DeclarationError as error:
        return ReceiptReport(receipt, Finding(error.code, error.message, WHERE), warnings)
    return ReceiptReport(receipt, None, warnings, site)


def _signature(receipt: Receipt) -> str | None:
    """Verify the act's signature by the key that it names; give the site of a passkey, which only the constitution can judge."""
    statement, blob = receipt.entry.statement, receipt.entry.signature
    parsed = parse_signature(blob)
    if parsed.public_key.fingerprint != statement.by.key:
        raise DeclarationError("signed by another key than the statement names", code="signature.other-key")
    policy = None
    if parsed.assertion is not None:
        policy = PasskeyPolicy((parsed.assertion.origin.decode("utf-8", "replace"),), parsed.public_key.application)
    verify(blob, key=parsed.public_key, namespace=statement.namespace, message=statement.raw, passkey=policy)
    return policy.origins[0] if policy is not None else None


def _facts(receipt: Receipt) -> dict[str, Any]:
    entry, claimed = receipt.entry, receipt.claimed
    by = entry.statement.by
    return {
        "origin": claimed.origin,
        "index": receipt.index,
        "size": claimed.size,
        "at": format_time(entry.at),
        "type": entry.statement.type,
        "party": by.party,
        "role": by.role,
        "key": by.key,
        "statement": entry.statement.digest,
    }


@dataclass(frozen=True, slots=True)
class Held:
    """A receipt that is held against a bundle.

    :ivar constitution: the trust root that the receipt names, signed by the log: a pin where the auditor has no other.
    """

    index: int
    raw: bytes
    constitution: str
    checkpoint: Checkpoint

    @property
    def signed(self) -> list[Signed]:
        """The checkpoints that the record has to extend: that of its constitution, and that of the act."""
        return [Signed(Checkpoint(self.checkpoint.origin, 1, bytes.fromhex(self.constitution)), WHERE), Signed(self.checkpoint, WHERE)]

    def compare(self, index: int, raw: bytes, find: Callable[[int, Finding], None]) -> None:
        """Ask at every entry whether it is the one that the receipt was given for."""
        if index == self.index and raw != self.raw:
            what = f"entry {index} is another act than the log gave a receipt for: keep both, they convict it"
            find(3, Finding("receipt.other-entry", what, WHERE))


def hold(raw: bytes, policy: Policy, now: Checkpoint, find: Callable[[int, Finding], None]) -> Held | None:
    """Take a receipt for comparison with the bundle; ``None`` where it proves nothing (which has been reported under check 2).

    :raises Malformed: it is not a receipt at all.
    """
    receipt = parse_receipt(raw)
    try:
        verify_receipt(receipt, policy.log)
        first = open_checkpoint(receipt.constitution, policy.log)
        checkpoint = open_checkpoint(receipt.checkpoint, policy.log)
    except DeclarationError as error:
        find(2, Finding(error.code, error.message, WHERE))
        return None
    if checkpoint.size > now.size:
        what = f"the receipt is of {checkpoint.size} entries, the bundle of {now.size}: take a newer bundle, or keep both"
        find(2, Finding("checkpoint.not-extended", what, WHERE))
    return Held(receipt.index, receipt.entry.raw, first.root.hex(), checkpoint)
