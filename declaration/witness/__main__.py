"""``python -m declaration.witness``: make a key, or serve.

    --key FILE --database FILE --new-key NAME                    make both files, print the public key, end
    --key FILE --database FILE --policy FILE --listen HOST:PORT  serve; the policy has a line ``log <vkey>`` for each log

Statuses: 0 ended as asked, 2 what was given cannot be used.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

from declaration.errors import DeclarationError, Malformed
from declaration.protocol.note import NoteSigner
from declaration.verifier.policy import Policy, read_policy
from declaration.witness.keys import new_key, read_key
from declaration.witness.memory import Memory
from declaration.witness.server import Server, serve
from declaration.witness.service import Witness

WELL, UNUSABLE = 0, 2


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked; returns the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        if given.new_key is not None:
            return _make(given.key, given.database, given.new_key)
        if given.policy is None:
            parser.error("--policy is needed to serve")
        return _serve(given.key, given.database, given.policy, _address(given.listen))
    except DeclarationError as error:
        _say(" ".join(filter(None, (error.message, error.instead, f"[{error.code}]"))))
    except OSError as error:
        _say(f"{error.filename or given.listen}: {error.strerror or error}")
    return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m declaration.witness", description="Cosign what logs say, and never two histories.")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the witness's private key")
    parser.add_argument("--database", type=Path, required=True, metavar="FILE", help="what it has signed; never lose it")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the logs that it watches, one line `log <vkey>` each")
    parser.add_argument("--listen", default="127.0.0.1:8090", metavar="HOST:PORT", help="default: 127.0.0.1:8090")
    parser.add_argument("--new-key", metavar="NAME", help="make the key and the database, print the public key, end")
    return parser


def _make(key: Path, database: Path, name: str) -> int:
    if database.exists() or key.exists():
        raise Malformed(f"{key if key.exists() else database} is there already", code="witness.exists", instead="Choose other names.")
    signer = new_key(key, name)
    Memory(database, signer.verifier.vkey).create()
    sys.stdout.write(f"{signer.verifier.vkey}\n")
    return WELL


def _serve(key: Path, database: Path, policy: Path, address: tuple[str, int]) -> int:
    signer = read_key(key)
    memory = Memory(database, signer.verifier.vkey)
    memory.open()
    watched = read_policy(policy.read_bytes())
    if not watched.logs:
        raise Malformed("the policy names no log to watch", code="policy.incomplete")
    witness = Witness(signer, memory, watched.logs, clock=lambda: int(time.time()))  # noqa: TID251  # the witness attests this clock
    server = Server(address, witness, about=_about(signer, watched), say=_say, keep=lambda raw: _keep(database.parent, raw))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    _say(f"{signer.verifier.vkey} watches {', '.join(watched.logs)} on http://{address[0]}:{server.server_port}")
    try:
        serve(server)
    except KeyboardInterrupt:
        _say("ended")
    return WELL


def _about(signer: NoteSigner, watched: Policy) -> str:
    return "\n".join([f"witness {signer.verifier.vkey}", *(f"log {log.vkey}" for log in watched.logs.values()), ""])


def _keep(folder: Path, evidence: bytes) -> None:
    """One file for each proof that a log has signed two histories; the same proof is kept once."""
    path = folder / f"equivocation-{sha256(evidence).hexdigest()[:16]}.txt"
    if not path.exists():
        path.write_bytes(evidence)
    _say(f"EQUIVOCATION: a log has signed two roots for one size, see {path}")


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise Malformed(f"not HOST:PORT: {text}", code="witness.listen")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _say(line: str) -> None:
    sys.stderr.write("".join(letter if letter.isprintable() else "?" for letter in line) + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
