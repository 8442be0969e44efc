"""Forms of the fields in a statement's body.

A *form* is a function that takes a JSON value and raises :class:`~declaration.errors.Malformed` unless the value is exactly
of that form. A body has the fields of its type's schema, all of them and no others: where a field does not apply it is
``null``, so that one act has one spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from declaration.errors import Malformed
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import parse_public_key
from declaration.text.edits import parse_edits

Form = Callable[[Any], None]

_HEX32 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_UNIT = re.compile(r"[A-Z][A-Za-z0-9.-]{0,31}")
_PARTY = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,99}")


def _refuse(what: str, value: object) -> Malformed:
    return Malformed(f"not {what}: {str(value)[:80]!r}", code="statement.field")


def pattern(expression: re.Pattern[str], what: str) -> Form:
    """A string that matches ``expression`` from end to end."""

    def form(value: Any) -> None:
        if not isinstance(value, str) or not expression.fullmatch(value):
            raise _refuse(what, value)

    return form


hex32 = pattern(_HEX32, "a SHA-256 in lower-case hex")
language = pattern(_LANGUAGE, "a language code")
unit_id = pattern(_UNIT, "the id of a unit")
party = pattern(_PARTY, "a party")
symbol = pattern(_SYMBOL, "a document symbol")


def text(most: int) -> Form:
    """A string of 1 to ``most`` code points, without line ends at its edges."""

    def form(value: Any) -> None:
        if not isinstance(value, str) or not 1 <= len(value) <= most or value.strip() != value:
            raise _refuse(f"a text of at most {most} characters", value)

    return form


def integer(least: int, most: int) -> Form:
    """A whole number in ``least..most``; ``true`` is not a number."""

    def form(value: Any) -> None:
        if type(value) is not int or not least <= value <= most:
            raise _refuse(f"a whole number from {least} to {most}", value)

    return form


def boolean(value: Any) -> None:
    """``true`` or ``false``."""
    if type(value) is not bool:
        raise _refuse("true or false", value)


def moment(value: Any) -> None:
    """A time in UTC to the second, ``2025-11-25T11:31:00Z``."""
    if not isinstance(value, str):
        raise _refuse("a time in UTC", value)
    parse_time(value)


def public_key(value: Any) -> None:
    """An OpenSSH public key of an accepted kind, two words."""
    if not isinstance(value, str):
        raise _refuse("a public key", value)
    parse_public_key(value)


def one_of(*choices: str) -> Form:
    """One of a few words."""

    def form(value: Any) -> None:
        if not isinstance(value, str) or value not in choices:
            raise _refuse("one of " + ", ".join(choices), value)

    return form


def nullable(inner: Form) -> Form:
    """``null``, or what ``inner`` accepts."""

    def form(value: Any) -> None:
        if value is not None:
            inner(value)

    return form


def items(inner: Form, *, least: int = 0, most: int = 500, distinct: bool = True) -> Form:
    """A list of ``least..most`` values; strings in it are distinct unless said otherwise."""

    def form(value: Any) -> None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise _refuse(f"a list of {least} to {most}", value)
        for each in value:
            inner(each)
        if distinct and all(isinstance(each, str) for each in value) and len(set(value)) != len(value):
            raise _refuse("a list without repetition", value)

    return form


def mapping(key: Form, inner: Form, *, least: int = 1, most: int = 1000) -> Form:
    """An object whose names are of form ``key`` and whose values are of form ``inner``."""

    def form(value: Any) -> None:
        if not isinstance(value, dict) or not least <= len(value) <= most:
            raise _refuse(f"an object of {least} to {most}", value)
        for name, each in value.items():
            key(name)
            inner(each)

    return form


def record(schema: Mapping[str, Form]) -> Form:
    """An object with exactly the fields of ``schema``."""

    def form(value: Any) -> None:
        check_fields(value, schema)

    return form


def check_fields(value: Any, schema: Mapping[str, Form]) -> None:
    """Refuse ``value`` unless it is an object with exactly the fields of ``schema``, each of its form.

    :raises Malformed: code ``statement.fields`` (unknown or missing) or ``statement.field`` (of another form).
    """
    if not isinstance(value, Mapping):
        raise _refuse("an object", value)
    if value.keys() != schema.keys():
        odd = sorted(value.keys() ^ schema.keys())
        raise Malformed(f"unknown or missing fields: {', '.join(odd)}", code="statement.fields")
    for name, form in schema.items():
        try:
            form(value[name])
        except Malformed as error:
            raise Malformed(f"{name}: {error.message}", code=error.code) from None


def edits(value: Any) -> None:
    """The edits of an amendment, in the form that PROTOCOL gives each ``op``."""
    items(mapping(text(10), lambda _: None), least=1, most=50, distinct=False)(value)
    for each in parse_edits(value):
        unit_id(each.unit)


names: Form = mapping(language, text(300))
hashes_by_unit: Form = mapping(unit_id, hex32)
hashes_by_language: Form = mapping(language, hex32)
organization: Form = record({"country": party, "name": text(300), "registration": text(100)})
mandate: Form = record(
    {"continues": nullable(hex32), "document": nullable(hex32), "from": moment, "joint": boolean, "until": nullable(moment)}
)
possession: Form = record({"nonce": text(64), "signature": text(8000)})
