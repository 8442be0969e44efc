"""What the verifier says: nine checks, each passed or not, and never a yes or a no by accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from declaration.errors import DeclarationError

TITLES = {
    1: "the archive is sane and every member is what bundle.json says",
    2: "the checkpoint is signed as the policy demands",
    3: "the entries give exactly that root, and every root that a signer had seen",
    4: "every entry is canonical, new, in time order, and its signature strictly valid",
    5: "every signer had authority at that position, from the constitution on",
    6: "every act was allowed in the state that it met",
    7: "texts match their manifests, and every changed word follows from what was accepted",
    8: "endorsements name the adopted text, are in the window, and are one an organization",
    9: "totals by country follow from the above alone",
}

NOT_PROVED = (
    "that a mandate letter or a register extract is genuine: people examined it, and only its hash can stand here",
    "that two keys are two human beings",
    "that the page which a signer saw was honest: whoever must be sure of that signs offline",
)
NOT_PROVED_OF_PROGRAMS = "that the programs in the bundle (verify.sh, verify.html) do what they say: take them from the project itself"
NOT_PROVED_WITHOUT_WITNESSES = "that times are more than the operator's word: no witness has signed the checkpoint"


MOST_FINDINGS = 20
"""Findings of one check that are told; the others are counted."""


class VerificationFailed(DeclarationError):
    """Some check did not pass."""

    default_code = "verification.failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was wrong, and where: an entry's position, a unit, a language, an organization, a member of the archive."""

    code: str
    what: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(slots=True)
class Check:
    """One numbered check. ``ran`` is false where an earlier failure left nothing to look at; that is not success."""

    number: int
    ran: bool = False
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    def find(self, finding: Finding) -> None:
        """Keep the first findings; count the others. In a record of thousands one bad act may be followed by thousands."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)
        else:
            self.more += 1

    @property
    def title(self) -> str:
        """What it checks, in words."""
        return TITLES[self.number]

    @property
    def passed(self) -> bool:
        """It ran to its end and found nothing."""
        return self.ran and not self.findings


@dataclass(slots=True)
class Report:
    """The verifier's answer. It has no truth value on purpose: say :meth:`require_all`, or read :attr:`verified`."""

    checks: Sequence[Check]
    bundle: Mapping[str, Any] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    not_proved: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        raise TypeError("a report is neither true nor false: call require_all() or read .verified")

    @property
    def verified(self) -> bool:
        """Every one of the nine checks ran and passed."""
        return len(self.checks) == len(TITLES) and all(check.passed for check in self.checks)

    def require_all(self) -> None:
        """:raises VerificationFailed: unless every check passed, naming the first that did not."""
        for check in self.checks:
            if not check.passed:
                first = str(check.findings[0]) if check.findings else "it was not run"
                raise VerificationFailed(f"check {check.number}, {check.title}: {first}")
        if len(self.checks) != len(TITLES):
            raise VerificationFailed("not every check was run")

    def as_json(self) -> dict[str, Any]:
        """The report for programs; ``format`` says which."""
        return {
            "format": "verification-report-1",
            "verdict": "verified" if self.verified else "refused",
            "bundle": dict(self.bundle),
            "record": self.record,
            "checks": [
                {
                    "number": check.number,
                    "title": check.title,
                    "result": "passed" if check.passed else "failed" if check.findings else "not run",
                    "findings": [{"code": finding.code, "what": finding.what, "where": finding.where} for finding in check.findings],
                    "more": check.more,
                }
                for check in self.checks
            ],
            "totals": self.totals,
            "warnings": self.warnings,
            "not_proved": self.not_proved,
        }

    def as_text(self) -> str:
        """The report for people."""
        lines = [verdict_of(self), ""]
        lines += [f"WARNING: {warning}" for warning in self.warnings]
        lines += [""] if self.warnings else []
        for check in self.checks:
            mark = "passed" if check.passed else "FAILED" if check.findings else "not run"
            lines.append(f"{check.number}  {mark:8}{check.title}")
            lines += [f"     {finding}  [{finding.code}]" for finding in check.findings]
            lines += [f"     and {check.more} more"] if check.more else []
        lines += ["", *_facts(self)]
        lines += ["", "What this does not prove:"]
        lines += [f"- {each}" for each in self.not_proved]
        return "".join(f"{plain(line)}\n" for line in lines)


def plain(line: str) -> str:
    """One line that a terminal shows as it is.

    Names come from the record: one with a line end or an escape sequence in it must not write a verdict of its own.
    """
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode() for letter in line)


def verdict_of(report: Report) -> str:
    """The one sentence that comes first."""
    if report.verified:
        totals = report.totals
        return (
            f"VERIFIED. {totals['counted']} signatures counted, {totals['accessions']} accessions, "
            f"{totals['withdrawn']} withdrawn, {totals['listed']} listed apart."
        )
    failed = _cause(report)
    first = str(failed.findings[0]) if failed.findings else "it could not be run"
    return f"REFUSED at check {failed.number}. {first}"


def _cause(report: Report) -> Check:
    """The check to name first: what only follows from another one's finding does not stand before it.

    A version whose text was changed is not at hand, so the acts on it and the signatures of it fail too; an act that was removed leaves
    its document behind.
    """
    failed = [check for check in report.checks if not check.passed]
    of_texts = any(_is_of_texts(finding) for check in report.checks if check.number == 7 for finding in check.findings)
    causes = [
        check
        for check in failed
        if check.findings
        and not (check.number == 1 and all(each.code == "content.uncited" for each in check.findings))
        and not (check.number in (6, 8) and of_texts)
    ]
    return (causes or failed)[0]


def _is_of_texts(finding: Finding) -> bool:
    return finding.code.startswith("text.") or finding.code in ("version.missing", "version.digest")


def _facts(report: Report) -> list[str]:
    record = report.record
    lines = [
        f"{name:14}{record[key]}"
        for name, key in (
            ("record", "origin"),
            ("entries", "entries"),
            ("root", "root"),
            ("constitution", "constitution"),
            ("adopted text", "adopted"),
            ("withheld", "withheld"),
        )
        if record.get(key) is not None
    ]
    done = ("held", "refused", "annulled", "set_aside", "questioned")
    lines += [f"{name.replace('_', ' '):14}{record[name]}" for name in done if name in record]
    for each in record.get("corrections", ()):
        lines += [f"{each['symbol']}, {each['language']}:", f"  before      {each['previous']}", f"  corrected   {each['corrected']}"]
    if "on_paper" in record:
        lines.append(f"{'on paper':14}{len(record['on_paper'])}, attested by two persons of the secretariat, in no figure below")
        lines += [f"  {each['organization']}, {each['country']} {each['registration']}" for each in record["on_paper"]]
    for row in report.totals.get("by_country", {}).values():
        apart = [f"{row[kind]} {kind}" for kind in ("accessions", "withdrawn") if row[kind]]
        lines.append("  ".join([f"  {row['name']:42}{row['counted']:>6}", *apart]))
    return lines
