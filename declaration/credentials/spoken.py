"""Fingerprints as people say them and desks find them: pure, from the fingerprint alone.

    SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDsRmMQ8V6dmqY4a8Q      as programs show it
    b8d8 95ce d92c 0ac0 e171 cd2e                            its first twelve bytes, to be read aloud: no capitals, no l and I
    Q3C-9BK                                                  a code of six letters that finds it at a desk

Two people who read all six groups to each other compare 96 bits: nobody makes a second key with them. The code finds and proves
nothing; two keys with one code are told apart by whoever looks.
"""

from __future__ import annotations

from declaration.errors import Malformed
from declaration.protocol.encoding import b64decode

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What people write where these letters have none of their own (Crockford's base 32).
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_LENGTH = 6
_PREFIX = "SHA256:"


def groups(fingerprint: str, count: int = 6) -> list[str]:
    """The first groups of four hexadecimal digits of a fingerprint.

    :raises Malformed: it is no SHA-256 fingerprint.
    """
    digits = _bytes(fingerprint).hex()
    return [digits[start : start + 4] for start in range(0, count * 4, 4)]


def code(fingerprint: str) -> str:
    """The code that finds a key at a desk, ``Q3C-9BK``.

    :raises Malformed: it is no SHA-256 fingerprint.
    """
    number = int.from_bytes(_bytes(fingerprint)[:4], "big") >> 2
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range(25, -1, -5))
    return f"{letters[:3]}-{letters[3:]}"


def read_code(typed: str) -> str | None:
    """A code as :func:`code` writes it, from however somebody typed it; None where it can be none."""
    letters = typed.upper().translate(_READ_AS)
    if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
        return None
    return f"{letters[:3]}-{letters[3:]}"


def _bytes(fingerprint: str) -> bytes:
    if not fingerprint.startswith(_PREFIX):
        raise Malformed("not a fingerprint", code="key.fingerprint")
    found = b64decode(fingerprint.removeprefix(_PREFIX) + "=")
    if len(found) != 32:
        raise Malformed("not a fingerprint", code="key.fingerprint")
    return found
