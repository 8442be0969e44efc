"""``python -m declaration.signer``: the only place that knows exit statuses.

0 signed (or, with ``--check``, everything fits), 1 refused: something in the package does not fit, the key is another one, or it was not
confirmed; 2 something that was given cannot be read or written. Nothing is written unless the status is 0.
"""

from __future__ import annotations

import argparse
import getpass
import io
import sys
from pathlib import Path

from declaration.errors import DeclarationError, Malformed, Refused
from declaration.protocol.keys import PrivateKey, public_key_of
from declaration.protocol.sshsig import armor, sign, verify
from declaration.signer.keyfile import load_private
from declaration.signer.package import MAX_BYTES, Package, parse_package
from declaration.signer.showing import groups, plain, shown

SIGNED, REFUSED, UNREADABLE = 0, 1, 2
LEAST_DIGITS = 8
"""Hexadecimal digits that somebody types to confirm: one in four thousand million texts has the same."""


def main(arguments: list[str] | None = None) -> int:
    """Show what is in the package, ask, sign; returns the exit status."""
    given = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        package = parse_package(_read(given.package, MAX_BYTES))
        sys.stdout.write(shown(package))
        if given.check:
            return SIGNED
        private = _private(given)
        _require_key(package, private)
        _confirm(package, given.yes)
        out = given.out or given.package.with_name(given.package.name + ".sig")
        _write(out, armor(_signed(package, private)))
    except Refused as error:
        return _no(REFUSED, "NOT SIGNED", error)
    except DeclarationError as error:
        return _no(UNREADABLE, "NOT SIGNED", error)
    except OSError as error:
        return _no(UNREADABLE, "NOT SIGNED", Malformed(f"{error.filename}: {error.strerror or error}", code="file"))
    sys.stdout.write(f"\nSigned. Bring {plain(str(out))} back to the page of the act.\n")
    return SIGNED


def _private(given: argparse.Namespace) -> PrivateKey:
    if given.key is None:
        raise Malformed("no key was given", code="key.none", instead="Give the file of your private key with --key, or only --check.")
    passphrase_file: Path | None = given.passphrase_file

    def ask() -> str:
        if passphrase_file is not None:
            return passphrase_file.read_text(encoding="utf-8").rstrip("\r\n")
        return getpass.getpass("Passphrase of the key: ")

    return load_private(_read(given.key, MAX_BYTES), ask)


def _require_key(package: Package, private: PrivateKey) -> None:
    fingerprint, named = public_key_of(private).fingerprint, package.statement.by.key
    if fingerprint != named:
        raise Refused(
            f"this key is {fingerprint}, and the statement names {named}",
            code="key.other",
            instead="Use the key that is named, or prepare the statement again for this one.",
        )


def _confirm(package: Package, typed: str | None) -> None:
    """The first digits of the fingerprint, typed by somebody who compared it with another screen or with paper."""
    if typed is None:
        sys.stdout.write(
            "\nCompare the first groups of the fingerprint with the hall's screen, a printed text or another device.\n"
            f"Type them to sign ({LEAST_DIGITS} digits or more), or nothing to stop: "
        )
        sys.stdout.flush()
        typed = sys.stdin.readline()
    digits = "".join(typed.split()).lower()
    if len(digits) < LEAST_DIGITS or not package.compared.startswith(digits):
        raise Refused(
            f"what was typed is not the beginning of {groups(package.compared)}",
            code="confirmation",
            instead="Nothing was signed. If the other screen shows other digits, tell the secretariat.",
        )


def _signed(package: Package, private: PrivateKey) -> bytes:
    """The signature, verified as the record will verify it."""
    statement = package.statement
    blob = sign(private, statement.namespace, statement.raw)
    verify(blob, key=public_key_of(private), namespace=statement.namespace, message=statement.raw)
    return blob


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Malformed(f"{path.name} is too large", code="file.too-large")
    return data


def _write(path: Path, text: str) -> None:
    """A new file; one that exists already is somebody's signature and stays."""
    with path.open("x", encoding="ascii", newline="\n") as file:
        file.write(text)


def _no(status: int, verdict: str, error: DeclarationError) -> int:
    sys.stderr.write(plain(f"{verdict}. {error.message}. {error.instead}".rstrip(". ") + f".  [{error.code}]") + "\n")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.signer", description="Look at a signing package, and sign it offline.")
    parser.add_argument("package", type=Path, help="the downloaded signing package")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the private key: OpenSSH's format, or a backup in PEM")
    parser.add_argument("--check", action="store_true", help="show and check the package, sign nothing")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the signature goes; default: the package's name with .sig")
    parser.add_argument("--yes", metavar="DIGITS", help="the first eight or more digits of the fingerprint, instead of asking")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="a file with the passphrase, instead of asking")
    return parser


if __name__ == "__main__":
    sys.exit(main())
