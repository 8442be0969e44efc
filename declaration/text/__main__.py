"""The text engine on the command line: ``python -m declaration.text redline|merge|rebase``.

    python -m declaration.text redline OLD NEW [--format json|html|text]
    python -m declaration.text merge CASE.json
    python -m declaration.text rebase CASE.json

A file is a path, or ``-`` for standard input. ``json`` is a list of ``[op, text]``. A file of many cases (a list, or an object with
the lists ``merge`` and ``rebase``) gives a list of ``{"id", …}``. Exit status: 0 done, 1 at least one conflict, 2 bad input, with
the reason on standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.encoding import JSON, parse_json
from declaration.text.cases import run_merge, run_rebase
from declaration.text.redline import redline, to_html, to_text

DONE, CONFLICT, BAD_INPUT = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "redline":
            return _redline(options.old, options.new, options.format)
        return _cases(options.case, options.command)
    except DeclarationError as error:
        sys.stderr.write("\n".join(filter(None, (f"{error.code}: {error.message}", error.instead))) + "\n")
    except OSError as error:
        sys.stderr.write(f"input.unreadable: {error}\n")
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.text", description="Redlines, merges and rebases.")
    commands = parser.add_subparsers(dest="command", required=True)
    compare = commands.add_parser("redline", help="what a change does to a text")
    compare.add_argument("old", metavar="OLD", help="a file, or - for standard input")
    compare.add_argument("new", metavar="NEW", help="a file, or - for standard input")
    compare.add_argument("--format", choices=("json", "html", "text"), default="text")
    for name, what in (("merge", "merge amendments to one base"), ("rebase", "carry an amendment over to a new version")):
        command = commands.add_parser(name, help=what)
        command.add_argument("case", metavar="CASE", help="a JSON file of one case or many, or - for standard input")
    return parser


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _read_text(name: str) -> str:
    try:
        # A file's last line end is the file's, not the text's.
        return _read(name).decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise Malformed(f"{name} is not UTF-8 (byte {error.start})", code="input.encoding") from None


def _redline(old: str, new: str, form: str) -> int:
    if old == new == "-":
        raise Malformed("standard input cannot be both texts", code="input.twice")
    changes = redline(_read_text(old), _read_text(new))
    if form == "json":
        _print([[change.op, change.text] for change in changes])
    else:
        sys.stdout.buffer.write(f"{to_html(changes) if form == 'html' else to_text(changes)}\n".encode())
    return DONE


def _cases(name: str, command: str) -> int:
    run: Callable[[JSON], dict[str, JSON]] = run_merge if command == "merge" else run_rebase
    document = parse_json(_read(name))
    many = document if isinstance(document, list) else document.get(command) if isinstance(document, dict) else None
    if isinstance(many, list):
        results = [{"id": case.get("id") if isinstance(case, dict) else None, **run(case)} for case in many]
        _print(results)
    else:
        result = run(document)
        results = [{"id": document["id"], **result} if isinstance(document, dict) and "id" in document else result]
        _print(results[0])
    return CONFLICT if any(result["status"] == "conflict" for result in results) else DONE


def _print(value: object) -> None:
    sys.stdout.buffer.write(f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode())


if __name__ == "__main__":
    sys.exit(main())
