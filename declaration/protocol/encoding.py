"""One value, one spelling.

A signature is over bytes, so two spellings of one value are an argument in court. Python is lax where it matters: ``int()``
takes ``"+7"``, ``"1_000"`` and ``"٣"``; base64 ``QR==`` and ``QQ==`` are the same byte; ``json.loads`` keeps the last of two
equal keys. All decoding of numbers, hex, base64, times and JSON therefore lives here and nowhere else.

Canonical JSON is RFC 8785 (JSON Canonicalization Scheme) on a profile that needs no float printing and no UTF-16 sorting:

- keys are ASCII, so sorting by code point is sorting by UTF-16 code unit;
- numbers are integers with an absolute value below 2^53 (RFC 7493, I-JSON); a fraction or an exponent is refused;
- strings are valid Unicode (no lone surrogates); NaN and infinities, which are not JSON, are refused;
- at most 32 levels of arrays and objects, so a reader with a small stack is safe.

>>> canonical({"b": [1, True, None], "a": "Bakı\\n"})
b'{"a":"Bak\\xc4\\xb1\\\\n","b":[1,true,null]}'
>>> parse_canonical(b'{"b":1,"a":2}')
Traceback (most recent call last):
declaration.errors.Malformed: not canonical JSON

Times are UTC to the second, RFC 3339 with a capital T and Z: ``2025-11-24T18:02:11Z``. A leap second (``:60``) is refused.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias

from declaration.errors import Malformed

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"
"""A value of the profile. Parsing gives ``list`` and ``dict``; printing takes any sequence and mapping."""

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")
_HEX32 = re.compile(r"[0-9a-f]{64}")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_TIME = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")


def decode_decimal(text: str) -> int:
    """Parse a canonical ASCII decimal below 2^53: no sign, space or leading zero."""
    if not _DECIMAL.fullmatch(text) or (value := int(text)) > MAX_INTEGER:
        raise Malformed(f"not a canonical decimal below 2^53: {text[:40]!r}", code="encoding.decimal")
    return value


def parse_hex32(text: object) -> bytes:
    """Parse 32 bytes written as 64 lower-case hexadecimal digits."""
    if not isinstance(text, str) or not _HEX32.fullmatch(text):
        raise Malformed(f"not 64 lower-case hexadecimal digits: {str(text)[:80]!r}", code="encoding.hex")
    return bytes.fromhex(text)


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return sha256(data).hexdigest()


def b64encode(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def b64decode(text: str) -> bytes:
    """Inverse of :func:`b64encode`; refuses every other spelling (white space, missing padding, unused bits)."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise Malformed("not base64", code="encoding.base64") from None
    # Before the last four characters there is nothing to choose.
    if len(text) != (len(data) + 2) // 3 * 4 or binascii.b2a_base64(data[(len(data) - 1) // 3 * 3 :], newline=False) != text[-4:].encode():
        raise Malformed("base64 with unused bits set", code="encoding.base64")
    return data


def b64url_encode(data: bytes) -> str:
    """URL-safe base64 without padding (RFC 4648 section 5, as in WebAuthn and JOSE)."""
    return b64encode(data).rstrip("=").replace("+", "-").replace("/", "_")


def b64url_decode(text: str) -> bytes:
    """Inverse of :func:`b64url_encode`; refuses padding, the other alphabet and unused bits."""
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise Malformed("not base64url without padding", code="encoding.base64")
    return b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def parse_time(text: str) -> datetime:
    """Parse ``YYYY-MM-DDTHH:MM:SSZ`` into an aware UTC datetime; every other spelling is refused."""
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        message = f"not a time of the form 2025-11-24T18:02:11Z: {str(text)[:40]!r}"
        raise Malformed(message, code="encoding.time") from None


def format_time(moment: datetime) -> str:
    """Print an aware UTC datetime of whole seconds; the inverse of :func:`parse_time`.

    A naive time, another zone and a fraction of a second are refused: rounding here would make a time that nobody measured.
    """
    if moment.utcoffset() != timedelta(0):
        raise Malformed("a recorded time must be in UTC", code="encoding.time")
    if moment.microsecond:
        raise Malformed("a recorded time has whole seconds", code="encoding.time", instead="Drop the fraction first.")
    return f"{moment.replace(tzinfo=None).isoformat()}Z"


def canonical(value: JSON) -> bytes:
    """Print a value of the profile as RFC 8785 canonical JSON; refuse what is outside the profile."""
    return _print(_checked(value, 0))


def parse_json(data: bytes) -> JSON:
    """Parse JSON strictly: UTF-8 without a byte order mark, the profile above, no duplicate keys. Spelling stays free."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8", code="json.not-utf8") from None
    try:
        value: JSON = _DECODER.decode(text)
    except RecursionError:
        raise Malformed("JSON nested too deep", code="json.depth") from None
    except ValueError as error:
        raise Malformed(f"not JSON: {error}", code="json.syntax") from None
    # Fewer brackets than the limit cannot nest past it, and a surrogate can only come from an escape: the walk is rare.
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH or b"\\u" in data:
        _checked(value, 0)
    return value


def parse_canonical(data: bytes) -> JSON:
    """Parse JSON strictly and refuse it unless printing it again gives exactly ``data``."""
    if data.isascii() and data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        # The usual case, at the speed of C. A key given twice, a fraction, a surrogate or a key with an escape would be printed in
        # another way than it is spelled, or is refused by the hooks; what is odd in any way goes on to the reader that can say why.
        text = data.decode("ascii")
        try:
            value: JSON = _PLAIN_DECODER.decode(text)
        except (ValueError, Malformed):
            pass
        else:
            if _ENCODER.encode(value) == text:
                return value
    value = parse_json(data)
    if _print(value) != data:
        raise Malformed("not canonical JSON", code="json.not-canonical", instead="Sort the keys and leave out spaces (RFC 8785).")
    return value


def _checked(value: JSON, depth: int) -> JSON:
    """Return ``value`` as plain lists and dicts, or refuse it."""
    if value is None or value is True or value is False:
        return value
    if type(value) is str:
        _require_unicode(value)
        return value
    if type(value) is int:
        if abs(value) > MAX_INTEGER:
            raise Malformed("an integer of 2^53 or more", code="json.integer")
        return value
    if isinstance(value, Mapping | list | tuple):
        if depth == MAX_DEPTH:
            raise Malformed("JSON nested too deep", code="json.depth")
        if isinstance(value, Mapping):
            for key in value:
                if type(key) is not str or not key.isascii():
                    raise Malformed(f"a key that is not ASCII text: {key!r}", code="json.key")
            return {key: _checked(item, depth + 1) for key, item in value.items()}
        return [_checked(item, depth + 1) for item in value]
    raise Malformed(f"{type(value).__name__} is not in the JSON profile", code="json.type")


def _require_unicode(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("a lone surrogate", code="json.surrogate") from None


def _print(value: JSON) -> bytes:
    return _ENCODER.encode(value).encode("utf-8")


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("a key given twice", code="json.duplicate-key")
    if not "".join(members).isascii():
        raise Malformed("a key that is not ASCII", code="json.key")
    return members


def _integer(text: str) -> int:
    if len(text) > 17 or abs(value := int(text)) > MAX_INTEGER:
        raise Malformed("an integer of 2^53 or more", code="json.integer")
    return value


def _no_fraction(text: str) -> JSON:
    raise Malformed(f"a number that is not an integer: {text[:40]}", code="json.number")


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False)
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction)
_PLAIN_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction)
