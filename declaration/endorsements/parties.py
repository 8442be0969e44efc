"""The party of an organization: the name that stands in its statements, from its country and registration number alone.

    tr, SAMPLE-TR-0001        tr.sample-tr-0001
    kz, № 12/345 (Алматы)     kz.no12-345-almaty-ffea7f38

Two ways of writing one number give one party, so an organization cannot be registered twice by another spelling: capitals, width,
spaces, dashes, dotted and dotless i, and Cyrillic letters that look like Latin ones make no difference. Where the party cannot
carry every character of the number, a piece of its SHA-256 keeps different numbers apart.
"""

from __future__ import annotations

import re
import unicodedata

from declaration.protocol.encoding import sha256_hex
from declaration.protocol.names import parse_party
from declaration.text.finding import fold, latin
from declaration.text.letters import skeleton

_CARRIED = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_NOT_CARRIED = re.compile("[^a-z0-9]+")
_LONGEST = 64
_HASH_DIGITS = 8
_UPPER_I = str.maketrans("iıİ", "III")


def same_number(registration: str) -> str:
    """A registration number without what differs between spellings of it. Two numbers are one where these are equal."""
    # Look-alikes are known in capitals: a small н does not look like h, and its capital does.
    upper = unicodedata.normalize("NFKC", registration).translate(_UPPER_I).upper()
    return fold(skeleton(upper)).replace(" ", "")


def party_of(country: str, registration: str) -> str:
    """The party of the organization with this number in the register of this country.

    :raises Malformed: ``name.party`` where the country is no identifier.
    """
    number = same_number(registration)
    if _CARRIED.fullmatch(number) and len(country) + 1 + len(number) <= _LONGEST:
        return parse_party(f"{country}.{number}")
    room = _LONGEST - len(country) - 2 - _HASH_DIGITS
    words = _NOT_CARRIED.sub("-", latin(number)).strip("-")[:room].strip("-")
    digits = sha256_hex(number.encode())[:_HASH_DIGITS]
    return parse_party(f"{country}.{words}-{digits}" if words else f"{country}.{digits}")
