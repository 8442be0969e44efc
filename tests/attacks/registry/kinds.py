"""What an attack is: what somebody could do, who, and what catches it. The registry is data; docs/threats.md is written from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

Make = Callable[[Path], Path]
"""Writes the attacker's file to a path and returns it."""
Holding = Callable[[], Mapping[str, Any]]
"""What the auditor has from elsewhere: ``constitution``, ``policy``, ``since`` or ``receipt``."""


class Who(StrEnum):
    """Who has what it takes, beside anybody who can write a file."""

    SIGNATORY = "signatory"
    DELEGATION = "delegation"
    CHAIR = "Chair"
    SECRETARIAT = "secretariat"
    OPERATOR = "operator"
    WITNESS = "witness"
    NETWORK = "network"
    ANYBODY = "anybody"


class By(StrEnum):
    """What catches it."""

    VERIFIER = "verifier"
    RECEIPT = "verifier, a receipt alone"
    MONITOR = "monitor"
    WITNESS = "witness"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Caught:
    """One thing that catches an attack.

    :ivar code: the finding, or the refusal.
    :ivar check: number of the check; None where it is no check of the nine.
    :ivar shown: it is not refused but reported; ``code`` is the line of the report's record.
    :ivar tested: where a running service, witness or monitor is asked, ``path::name``; elsewhere the tests of the registry ask.
    """

    by: By
    code: str
    check: int | None = None
    shown: bool = False
    tested: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack.

    :ivar line: the line of :data:`.lines.LINES` that it is an instance of.
    :ivar bundle: builds it as a bundle, for the three verifiers; the tests of the registry run it.
    :ivar receipt: builds it as a receipt.
    :ivar holding: what the auditor has, where the bundle alone shows nothing.
    """

    name: str
    line: str
    who: tuple[Who, ...]
    caught: tuple[Caught, ...]
    bundle: Make | None = None
    receipt: Make | None = None
    holding: Holding | None = None

    def by(self, by: By) -> list[Caught]:
        """What of this kind catches it."""
        return [each for each in self.caught if each.by is by]

    @property
    def no_bundle(self) -> bool:
        """It is told apart before any check: exit status 2."""
        return any(each.by is By.VERIFIER and each.check is None and not each.shown for each in self.caught)


def check(number: int, code: str) -> Caught:
    """Refused by the verifier under this check."""
    return Caught(By.VERIFIER, code, number)


def shown(line: str) -> Caught:
    """Not refused, but told in the report."""
    return Caught(By.VERIFIER, line, shown=True)


def no_bundle(code: str) -> Caught:
    """Not a bundle at all."""
    return Caught(By.VERIFIER, code)


def monitor(code: str, tested: str = "") -> Caught:
    """Told by a monitor that follows the log."""
    return Caught(By.MONITOR, code, tested=tested)


def receipt(code: str) -> Caught:
    """Refused when the receipt alone is judged."""
    return Caught(By.RECEIPT, code)


def witness(code: str, tested: str) -> Caught:
    """Not signed by a witness, with this status."""
    return Caught(By.WITNESS, code, tested=tested)


def service(code: str, tested: str) -> Caught:
    """Refused or warned of by the running service."""
    return Caught(By.SERVICE, code, tested=tested)
