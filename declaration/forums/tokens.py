"""Opaque tokens: 256 bits, given out once, kept as SHA-256.

They are random to the last bit, so a plain hash is enough: there is no dictionary to try.
"""

from __future__ import annotations

import re
import secrets

from declaration.protocol.encoding import sha256_hex

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """32 random bytes in URL-safe base64, 43 characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str | None:
    """What is stored of a token, or None for something that cannot be one."""
    return sha256_hex(token.encode("ascii")) if _TOKEN.fullmatch(token) else None
