"""``python -m declaration.verifier``: the only place that knows exit statuses.

0 verified, 1 refused (some check failed or could not be run), 2 not a bundle, or something that was given cannot be read, or the work
could not be done. Numbers above 2 are never used, so that a shell's own (126 and more) stay apart.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.encoding import canonical, parse_hex32
from declaration.verifier.policy import parse_policy
from declaration.verifier.receipts import ReceiptReport, judge
from declaration.verifier.report import Report, plain
from declaration.verifier.report_html import as_html
from declaration.verifier.signatures import VerifierStopped
from declaration.verifier.verify import IN_MEMORY, verify_bundle

VERIFIED, REFUSED, NOT_A_BUNDLE = 0, 1, 2
FORMS = ("text", "html", "json")


def main(arguments: list[str] | None = None) -> int:
    """Verify one bundle or one receipt and say what was found; returns the exit status."""
    given = _parser().parse_args(arguments)
    form = "json" if given.json else given.report
    try:
        report = _receipt(given) if given.bundle is None else _bundle(given)
        if given.html is not None and isinstance(report, Report):
            given.html.write_text(as_html(report), encoding="utf-8")
    except VerifierStopped as error:
        return _no_answer("not-verified", error.message, error.code, form)
    except DeclarationError as error:
        return _no_answer("not-a-bundle", error.message, error.code, form)
    except OSError as error:
        # A pipe has no file name and cannot be read from its end, where a bundle's directory is.
        what = f"{error.filename or given.bundle}: {error.strerror or error}"
        return _no_answer("not-a-bundle", what, "file", form)
    _say(_as(form, report))
    return VERIFIED if report.verified else REFUSED


def _bundle(given: argparse.Namespace) -> Report:
    quiet = given.quiet or not sys.stderr.isatty()
    report = verify_bundle(
        given.bundle,
        policy=_read(given.policy),
        constitution=given.constitution,
        since=_read(given.since),
        receipt=_read(given.receipt),
        workers=given.workers,
        progress=None if quiet else _progress,
        in_memory=given.in_memory,
    )
    if not quiet:
        sys.stderr.write("\r" + " " * 40 + "\r")
    return report


def _receipt(given: argparse.Namespace) -> ReceiptReport:
    if given.receipt is None:
        raise Malformed("nothing to verify: give a bundle, or a receipt with --receipt", code="nothing.given")
    if given.policy is None:
        raise Malformed("a receipt does not hold the log's key: give --policy", code="policy.missing")
    if given.html is not None or given.report == "html":
        raise Malformed("the page is for bundles: a receipt's report is text or json", code="report.form")
    if given.constitution is not None:
        parse_hex32(given.constitution)
    return judge(given.receipt.read_bytes(), parse_policy(given.policy.read_bytes()), given.constitution)


def _read(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes()


def _as(form: str, report: Report | ReceiptReport) -> str:
    if form == "json":
        return canonical(report.as_json()).decode() + "\n"
    return as_html(report) if form == "html" and isinstance(report, Report) else report.as_text()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.verifier", description="Verify a bundle or a receipt offline.")
    parser.add_argument("bundle", type=Path, nargs="?", help="the downloaded bundle; without one, --receipt is judged alone")
    parser.add_argument("--constitution", metavar="HEX", help="hash of the constitution, from the hall screen or a printed text")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="whose signatures a checkpoint must carry")
    parser.add_argument("--since", type=Path, metavar="CHECKPOINT", help="a checkpoint kept from before")
    parser.add_argument("--receipt", type=Path, metavar="FILE", help="a receipt, alone or held against the bundle")
    parser.add_argument("--report", choices=FORMS, default="text", help="the form of the report; default: text")
    parser.add_argument("--json", action="store_true", help="the report for programs, the same as --report json")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page too")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: all cores")
    parser.add_argument(
        "--in-memory",
        type=int,
        metavar="ENTRIES",
        default=IN_MEMORY,
        help=f"the state of a larger record is kept in temporary files, which takes longer; default: {IN_MEMORY}",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on the terminal")
    return parser


def _no_answer(verdict: str, message: str, code: str, form: str) -> int:
    if form == "json":
        # What the system says of a file's name need not be text.
        what = message.encode("utf-8", "replace").decode()
        _say(canonical({"format": "verification-report-1", "verdict": verdict, "what": what, "code": code}).decode() + "\n")
    else:
        sys.stderr.write(plain(f"{verdict.replace('-', ' ').upper()}. {message}  [{code}]") + "\n")
    return NOT_A_BUNDLE


def _say(text: str) -> None:
    """Write in UTF-8: a terminal that shows less shows escapes, and a program that reads JSON expects nothing else."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text)
    sys.stdout.flush()


def _progress(done: int, size: int) -> None:
    sys.stderr.write(f"\r{done:>9} of {size} entries")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
