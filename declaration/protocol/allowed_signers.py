r"""The record's keys as a file for ``ssh-keygen -Y verify`` (ssh-keygen(1), ALLOWED SIGNERS).

One line for each principal and key, sorted, each line once. The principal is ``<role>.<party>``; nothing in a line can hold a space,
a quote, a comma or a wildcard except where this module puts it, so no name can smuggle in an option or a second line::

    signatory.ngo-42 namespaces="endorsement.sign-v1@declaration.example/forum",valid-after="20251124180211Z" ssh-ed25519 AAAA…

A namespace is that of a statement type, or ``*@<origin>`` for every act in one forum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from declaration.errors import Malformed
from declaration.protocol.encoding import format_time
from declaration.protocol.keys import PublicKey
from declaration.protocol.names import parse_origin, parse_party, parse_role, parse_type

_SEPARATORS = re.compile(r"[-:T]")


@dataclass(frozen=True, slots=True)
class AllowedSigner:
    """A key and what it may sign.

    :param key: the key, or its two words as :attr:`PublicKey.openssh` has them, where they were read strictly before.
    :param namespaces: ``<type>@<origin>`` or ``*@<origin>``, at least one.
    :param valid_after: first moment, UTC; None for always.
    :param valid_before: first moment at which it no longer may, UTC; None for never.
    """

    role: str
    party: str
    key: PublicKey | str
    namespaces: tuple[str, ...]
    valid_after: datetime | None = None
    valid_before: datetime | None = None

    @property
    def principal(self) -> str:
        """``<role>.<party>``."""
        return f"{parse_role(self.role)}.{parse_party(self.party)}"

    @property
    def line(self) -> str:
        """The line of the file, without line end."""
        if not self.namespaces:
            raise Malformed("an allowed signer without a namespace could sign anything", code="allowed-signers.namespace")
        options = [f'namespaces="{",".join(sorted({_namespace(item) for item in self.namespaces}))}"']
        if self.valid_after is not None:
            options.append(f'valid-after="{_timestamp(self.valid_after)}"')
        if self.valid_before is not None:
            options.append(f'valid-before="{_timestamp(self.valid_before)}"')
        words = self.key if isinstance(self.key, str) else self.key.openssh
        return f"{self.principal} {','.join(options)} {words}"


def allowed_signers(signers: Iterable[AllowedSigner]) -> str:
    """The whole file; the same for the same set of signers, in whatever order they come."""
    return "".join(f"{line}\n" for line in sorted({signer.line for signer in signers}))


@lru_cache(maxsize=64)
def _namespace(text: str) -> str:
    act, _, origin = text.partition("@")
    if act != "*":
        parse_type(act)
    return f"{act}@{parse_origin(origin)}"


@lru_cache(maxsize=1024)
def _timestamp(moment: datetime) -> str:
    """``20251124180211Z``, which OpenSSH 9.1 and later read as UTC."""
    return _SEPARATORS.sub("", format_time(moment))
