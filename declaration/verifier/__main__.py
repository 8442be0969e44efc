"""``python -m declaration.verifier``: the only place that knows exit statuses.

0 verified, 1 refused (some check failed), 2 not a bundle, or something that was given cannot be read, or the work could not be done.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from declaration.errors import DeclarationError
from declaration.protocol.encoding import canonical
from declaration.verifier.report import plain
from declaration.verifier.signatures import VerifierStopped
from declaration.verifier.verify import verify_bundle

VERIFIED, REFUSED, NOT_A_BUNDLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Verify one bundle and say what was found; returns the exit status."""
    given = _parser().parse_args(arguments)
    try:
        report = verify_bundle(
            given.bundle,
            policy=given.policy.read_bytes() if given.policy else None,
            constitution=given.constitution,
            since=given.since.read_bytes() if given.since else None,
            workers=given.workers,
            progress=_progress if sys.stderr.isatty() and not given.json else None,
        )
    except VerifierStopped as error:
        return _no_answer("not-verified", error.message, error.code, as_json=given.json)
    except DeclarationError as error:
        return _no_answer("not-a-bundle", error.message, error.code, as_json=given.json)
    except OSError as error:
        # A pipe has no file name and cannot be read from its end, where a bundle's directory is.
        what = f"{error.filename or given.bundle}: {error.strerror or error}"
        return _no_answer("not-a-bundle", what, "file", as_json=given.json)
    _say(canonical(report.as_json()).decode() + "\n" if given.json else report.as_text())
    return VERIFIED if report.verified else REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.verifier", description="Verify a bundle offline.")
    parser.add_argument("bundle", type=Path, help="the downloaded bundle")
    parser.add_argument("--constitution", metavar="HEX", help="hash of the constitution, from the hall screen or a printed text")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="whose signatures a checkpoint must carry")
    parser.add_argument("--since", type=Path, metavar="CHECKPOINT", help="a checkpoint kept from before")
    parser.add_argument("--json", action="store_true", help="the report for programs")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: all cores")
    return parser


def _no_answer(verdict: str, message: str, code: str, *, as_json: bool) -> int:
    if as_json:
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
