r"""What identifiers look like. All are ASCII, short, and safe in a path, a URL, a shell and an ``allowed_signers`` line.

============  ==========================================  ===========================================================
origin        ``declaration.example/forum``               ``host[:port]/path``, at most 128 characters; also the name
                                                          of the log's key (c2sp.org/tlog-checkpoint)
declaration   ``OTSNGO/2025/JD``, ``joint-declaration``   letters, digits and ``. _ : / -``, at most 128 characters
symbol        ``OTSNGO/2025/JD/Rev.1``                    as declaration
party         ``az``, ``ngo-42``                          ``[a-z0-9][a-z0-9.-]{0,63}``
role          ``head``, ``secretariat``                   ``[a-z][a-z0-9-]{0,31}``: without a full stop, so the
                                                          principal ``<role>.<party>`` reads in one way only
type          ``amendment.submit-v1``, ``rules-v1``       words of ``[a-z_]``, at most one full stop, ``-v1``
language      ``az``, ``uz-Latn``                         BCP 47 in its usual case
unit id       ``PP3``, ``OP8bis``                         a letter, then letters, digits, ``.`` and ``-``; at most 32
number        ``5``, ``8 bis``, ``5.1``, ``(a)``          a printed paragraph number, see :mod:`.manifest`
============  ==========================================  ===========================================================

>>> namespace("endorsement.sign-v1", "declaration.example/forum")
'endorsement.sign-v1@declaration.example/forum'
"""

from __future__ import annotations

import re

from declaration.errors import Malformed

_LABEL = r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"{_LABEL}(?::[1-9][0-9]{{0,4}})?(?:/[a-z0-9][a-z0-9._-]{{0,63}})+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_PARTY = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_ROLE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_TYPE = re.compile(r"[a-z][a-z_]{0,31}(?:\.[a-z][a-z_]{0,31})?-v1")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_UNIT_ID = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,31}")
_NUMBER = re.compile(
    r"(?:[0-9]{1,4}(?:\.[0-9]{1,3}){0,2}|\((?:[a-z]|[ivxlc]{1,6}|[0-9]{1,3})\)|[a-z]|[ivxlc]{1,6})"
    r"(?: ?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies))?"
)


def parse_origin(text: object) -> str:
    """Return ``text`` if it is a log origin (``host/forum``), else refuse it."""
    if isinstance(text, str) and len(text) > 128:
        raise Malformed("an origin of more than 128 characters", code="name.origin")
    return _match(_ORIGIN, text, "origin")


def parse_identifier(text: object) -> str:
    """Return ``text`` if it can name a declaration or be the symbol of a version."""
    return _match(_IDENTIFIER, text, "identifier")


def parse_party(text: object) -> str:
    """Return ``text`` if it can name a party: a delegation, an organization, an office."""
    return _match(_PARTY, text, "party")


def parse_role(text: object) -> str:
    """Return ``text`` if it can name a role."""
    return _match(_ROLE, text, "role")


def parse_type(text: object) -> str:
    """Return ``text`` if it can be the type of a statement."""
    return _match(_TYPE, text, "type")


def parse_language(text: object) -> str:
    """Return ``text`` if it is a language tag (BCP 47: language, script, region)."""
    return _match(_LANGUAGE, text, "language")


def parse_unit_id(text: object) -> str:
    """Return ``text`` if it can be the id of a unit."""
    return _match(_UNIT_ID, text, "unit-id")


def parse_number(text: object) -> str:
    """Return ``text`` if it can be the printed number of a unit."""
    return _match(_NUMBER, text, "number")


def is_number(text: str) -> bool:
    """Whether ``text`` could be read as the printed number of a unit."""
    return _NUMBER.fullmatch(text) is not None


def namespace(act: str, log: str) -> str:
    """The SSHSIG namespace of a statement of type ``act``: no act can be replayed as another act, nor in another forum."""
    return f"{act}@{log}"


def _match(pattern: re.Pattern[str], text: object, what: str) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise Malformed(f"not a valid {what.replace('-', ' ')}: {str(text)[:140]!r}", code=f"name.{what}")
    return text
