"""Two services that are told the same public things, one of which a delegation also uses for itself.

Both begin as copies of one folder: database, log keys, guard. Their clocks stand on the same hour, and all randomness is a function of
what is being done (the name of the step) and not of what was done before, so that what differs between the two can only come from the
private work. Nothing is normalised away but the reference of each request.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.forums.door import use_forum
from declaration.forums.people import add_person
from declaration.protocol.encoding import b64url_encode
from declaration.web.clock import SettableClock
from declaration.web.transaction import unit_of_work
from tests.drafts.play import SLUG, Play, signed_in
from tests.support.databases import application

SECRET = "We give way if the word year stays"

INSIDE = ("kz", "head"), ("kz", "member")
"""The delegation whose inside nobody else may know of."""

OTHERS: tuple[tuple[str, str] | None, ...] = (
    ("az", "head"), ("hu", "head"), ("hu", "member"), ("chair", "chair"), ("rapporteur", "secretariat"), ("depositary", "depositary"),
    ("translator-az-1", "translator"), ("ngo-1", "signatory"), ("guest", "observer"), None,
)  # fmt: skip
"""Everybody else; None is somebody who is not signed in."""

_PASSING = frozenset({"X-Request-Id", "Date", "Expires"})
"""What belongs to the moment of the request by the machine's clock."""
_REFERENCE = re.compile(rb"[2-9A-HJKMNP-TV-Z]{3}-[2-9A-HJKMNP-TV-Z]{3}")


class Chance:
    """Randomness that depends on the step alone."""

    def __init__(self) -> None:
        self.step, self.count = "", 0

    def begin(self, step: str) -> None:
        self.step, self.count = step, 0

    def bytes(self, size: int = 32) -> bytes:
        self.count += 1
        found = b""
        while len(found) < size:
            found += hashlib.sha256(f"{self.step} {self.count} {len(found)}".encode()).digest()
        return found[:size]

    def put_in(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(secrets, "token_bytes", lambda size=32: self.bytes(size or 32))
        patch.setattr(secrets, "token_hex", lambda size=32: self.bytes(size or 32).hex())
        patch.setattr(secrets, "token_urlsafe", lambda size=32: b64url_encode(self.bytes(size or 32)))
        patch.setattr(secrets, "randbits", lambda bits: int.from_bytes(self.bytes(16), "big") % (1 << bits))


class Twin:
    """One of the two."""

    def __init__(self, app: Flask, chance: Chance, clock: SettableClock) -> None:
        self.app, self.chance, self.clock = app, chance, clock
        self._browsers: dict[tuple[str, str], FlaskClient] = {}

    @contextmanager
    def play(self, step: str) -> Iterator[Play]:
        """One transaction of a step."""
        self.chance.begin(step)
        with self.app.app_context(), unit_of_work() as session:
            play = Play(self.app, session)
            use_forum(play.forum)
            yield play

    def browser(self, who: tuple[str, str]) -> FlaskClient:
        """A browser in which that person is signed in, always the same one."""
        if who not in self._browsers:
            with self.play(f"sign in {who}") as play:
                token = play.cookie(*who)
            self._browsers[who] = signed_in(self.app, token)
        return self._browsers[who]

    def look(self, who: tuple[str, str] | None, paths: Iterable[str]) -> dict[str, tuple[int, tuple[tuple[str, str], ...], bytes]]:
        """Everything that somebody gets, by address: status, headers and body, to the byte."""
        browser = self.browser(who) if who is not None else self.app.test_client()
        found = {}
        for path in paths:
            self.chance.begin(f"look {who} {path}")
            answer = browser.get(path)
            headers = tuple(sorted((name, value) for name, value in answer.headers if name not in _PASSING))
            found[path] = (answer.status_code, headers, _REFERENCE.sub(b"(reference)", answer.data))
            answer.close()
        return found


@contextmanager
def twins(template: Path, folder: Path, at: datetime, chance: Chance) -> Iterator[tuple[Twin, Twin]]:
    """Two copies of a played forum."""
    folders = [folder / name for name in ("quiet", "busy")]
    for each in folders:
        shutil.copytree(template, each)
    clocks = [SettableClock(at), SettableClock(at)]
    with (
        application(folders[0], f"sqlite:///{folders[0]}/test.db", clocks[0]) as quiet,
        application(folders[1], f"sqlite:///{folders[1]}/test.db", clocks[1]) as busy,
    ):
        yield Twin(quiet, chance, clocks[0]), Twin(busy, chance, clocks[1])


def found_forum(app: Flask) -> None:
    """A forum in its first reading, with more people than the played one has."""
    with app.app_context(), unit_of_work() as session:
        Play(app, session).begin()
    with app.app_context(), unit_of_work() as session:
        play = Play(app, session)
        use_forum(play.forum)
        for role, party in (("member", "hu"), ("observer", "guest")):
            add_person(
                session, play.forum, name=f"{party} {role}", role=role, party=party, office=None, language="en", time_zone="Asia/Baku",
                email=None,
            )  # fmt: skip
        play.circulated()


def places(app: Flask, known: Mapping[str, tuple[str, ...]], anything: tuple[str, ...]) -> list[str]:
    """Every address that can be asked for, with every known value for what stands in it.

    :param anything: what is tried where nobody has said what stands there, so that a new page is in the walk from its first day.
    """
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "modules"):
            continue
        paths = [rule.rule]
        for argument in re.findall(r"<[^>]+>", rule.rule):
            converter, _colon, name = argument.strip("<>").rpartition(":")
            one_of = tuple(re.findall(r"'([^']+)'", converter))
            values = (SLUG,) if name == "forum" else one_of or known.get(f"{rule.endpoint}.{name}") or known.get(name) or anything
            paths = [path.replace(argument, value, 1) for path in paths for value in values]
        found += paths
    return found
