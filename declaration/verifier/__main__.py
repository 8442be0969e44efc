"""``python -m declaration.verifier``: the only place that knows exit statuses.

0 verified, 1 refused (some check failed), 2 not a bundle, or something that was given cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from declaration.errors import DeclarationError
from declaration.protocol.encoding import canonical
from declaration.verifier.verify import verify_bundle

VERIFIED, REFUSED, NOT_A_BUNDLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Verify one bundle and say what was found; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m declaration.verifier", description="Verify a bundle offline.")
    parser.add_argument("bundle", type=Path, help="the downloaded bundle")
    parser.add_argument("--constitution", metavar="HEX", help="hash of the constitution, from the hall screen or a printed text")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="whose signatures a checkpoint must carry")
    parser.add_argument("--since", type=Path, metavar="CHECKPOINT", help="a checkpoint kept from before")
    parser.add_argument("--json", action="store_true", help="the report for programs")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: all cores")
    given = parser.parse_args(arguments)
    try:
        report = verify_bundle(
            given.bundle,
            policy=given.policy.read_bytes() if given.policy else None,
            constitution=given.constitution,
            since=given.since.read_bytes() if given.since else None,
            workers=given.workers,
            progress=_progress if sys.stderr.isatty() and not given.json else None,
        )
    except DeclarationError as error:
        return _not_a_bundle(error.message, error.code, as_json=given.json)
    except OSError as error:
        return _not_a_bundle(f"{error.filename}: {error.strerror}", "file", as_json=given.json)
    if given.json:
        sys.stdout.write(canonical(report.as_json()).decode() + "\n")
    else:
        sys.stdout.write(report.as_text())
    return VERIFIED if report.verified else REFUSED


def _not_a_bundle(message: str, code: str, *, as_json: bool) -> int:
    if as_json:
        said = {"format": "verification-report-1", "verdict": "not-a-bundle", "what": message, "code": code}
        sys.stdout.write(canonical(said).decode() + "\n")
    else:
        sys.stderr.write(f"NOT A BUNDLE. {message}  [{code}]\n")
    return NOT_A_BUNDLE


def _progress(done: int, size: int) -> None:
    sys.stderr.write(f"\r{done:>9} of {size} entries")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
