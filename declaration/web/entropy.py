"""Where randomness comes from: the operating system, and only from here.

A demonstration that must give the same bytes twice registers a seeded source with :func:`set_source`. Keys, tokens and
passphrases of real people never pass through it: they ask :mod:`secrets` themselves.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Flask, current_app

Source = Callable[[int], bytes]


def set_source(app: Flask, source: Source | None) -> None:
    """Use ``source`` for salts and nonces of acts; ``None`` returns to the operating system."""
    app.extensions["entropy"] = source


def number() -> int:
    """A number for a row that several delegations have rows beside: a sequence would tell each how much the others do.

    52 random bits, exact in every program that reads it; never from a seeded source, whose bytes belong to the record.
    """
    return secrets.randbits(52)


def token_bytes(count: int) -> bytes:
    """``count`` random bytes."""
    source: Source | None = current_app.extensions.get("entropy")
    return secrets.token_bytes(count) if source is None else source(count)
