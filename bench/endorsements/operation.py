"""Accepting as the service does it, without HTTP: verify, judge, write the rows, tell, commit; threads of one process as clients."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from bench.endorsements.databases import Copy, Place
from bench.endorsements.prepared import SLUG, Signatory, settings
from declaration.app import create_app
from declaration.credentials import together
from declaration.credentials.signing import Signed
from declaration.forums import queries
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.web.clock import now
from declaration.web.db import current_session, db, reading
from declaration.web.worker import begin

WARM = 6
ACTS = {1: 300, 8: 400, 64: 1280}
"""Acts in a round, by clients."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Rate of acts as a part of that of bare commits in the same rounds, with quartiles; seconds that one act took its client."""

    ratio: float
    low: float
    high: float
    p50: float
    p99: float
    per_second: float


@contextmanager
def application(copy: Copy) -> Iterator[Flask]:
    app = create_app(settings(copy.folder, copy.url))
    begin(app)  # as a process of the service does
    yield app
    with app.app_context():
        db.engine.dispose()


def forum_of(app: Flask) -> Forum:
    with app.app_context(), reading():
        return queries.forum_by_slug(current_session(), SLUG)


@contextmanager
def request(app: Flask, forum: Forum) -> Iterator[Session]:
    """What a request has when it comes to sign: a context, and a session that reads."""
    with app.app_context(), reading():
        use_forum(forum)
        yield current_session()


def accept(session: Session, forum: Forum, one: Signatory) -> None:
    """What the route does once it knows who sends it."""
    statement, signature = one.pair
    together.perform(session, forum, Signed(statement, signature), now=now())


def measured(place: Place, clients: int, rounds: int) -> Figures:
    """Rounds of: bare commits, acts, bare commits."""
    ratios: list[float] = []
    took: list[float] = []
    rates: list[float] = []
    acts = ACTS[clients]
    for _ in range(rounds):
        with place.fresh() as copy, application(copy) as app:
            forum = forum_of(app)
            with request(app, forum) as session:
                for one in place.ready[:WARM]:
                    accept(session, forum, one)
            before = place.bare()
            seconds = _all(app, forum, place.ready[WARM : WARM + acts], clients, took) / acts
            floor = (before + place.bare()) / 2
            ratios.append(floor / seconds)
            rates.append(1 / seconds)
    return figures(ratios, took, rates)


def figures(ratios: list[float], took: list[float], rates: list[float]) -> Figures:
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    percent = statistics.quantiles(took, n=100)
    return Figures(middle, low, high, percent[49], percent[98], statistics.median(rates))


def _all(app: Flask, forum: Forum, ready: list[Signatory], clients: int, took: list[float]) -> float:
    def client(share: list[Signatory]) -> None:
        with request(app, forum) as session:
            for one in share:
                began = time.perf_counter()
                accept(session, forum, one)
                took.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client, args=(ready[number::clients],)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
