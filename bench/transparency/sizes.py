"""What a record and a register cost as they grow: appending, proving, a page of the register, at 10^3, 10^4, 10^5 and, asked for, 10^6.

    python -m bench.transparency sizes [--upto 1000000] [--plot bench/growth.svg]

One database of the whole application grows from size to size: entries through :func:`append_to`, as a burst of signatures; rows of the
register and the documents that they name straight into their tables. Each figure is time of the processor, which does not see who else
is busy, and the fastest of several medians; ``growth`` is the power of the size with which it grows, 0 where it is flat. Everything
asks the database.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select

from bench.endorsements.databases import Copy
from bench.endorsements.operation import application
from bench.endorsements.prepared import SLUG, prepare
from bench.transparency.plot import plot
from declaration.credentials.models import Content
from declaration.credentials.states import current
from declaration.endorsements.models import Endorsement
from declaration.endorsements.search import search_key
from declaration.forums import queries as forums
from declaration.forums.door import use_forum
from declaration.protocol.encoding import canonical
from declaration.protocol.entry import Entry, entry_of
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.statement import By, Seen, build_statement, parse_statement
from declaration.transparency import queries, watch
from declaration.transparency.heads import Head, lock_head
from declaration.transparency.models import Log
from declaration.transparency.operations import append_to, create_log
from declaration.web.db import Base, current_session, db, reading
from declaration.web.direct import writing
from declaration.web.transaction import unit_of_work

ORIGIN = "declaration.example/sizes"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_AT_ONCE = 2_000
_BATCHES = 5
_FOR_EACH = {"append": 20, "proof of an entry": 60, "proof of consistency": 60, "tile": 30, "page of the register": 6, "first page": 6}
_NOON = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)
_ROWS, _DOCUMENTS = Base.metadata.tables[Endorsement.__tablename__], Base.metadata.tables[Content.__tablename__]
_COUNTRIES = ("az", "kz", "kg", "tr", "uz", "hu", "tm")


def sizes(arguments: Sequence[str]) -> None:
    """Measure, print the table, draw it."""
    parser = argparse.ArgumentParser(prog="python -m bench.transparency sizes")
    parser.add_argument("--upto", type=int, default=100_000)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args(arguments)
    wanted = [size for size in SIZES if size <= given.upto]
    found: dict[str, list[float]] = {name: [] for name in _FOR_EACH}
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        copy = Copy(Path(temporary), f"sqlite:///{temporary}/forum.db")
        prepare(copy.folder, copy.url, 1)
        with application(copy) as app:
            for size in wanted:
                grow_log(app, size)
                grow_register(app, size)
                for name, run in runs(app, size).items():
                    found[name].append(fastest(run, _FOR_EACH[name]))
    print("| milliseconds | " + " | ".join(f"{size:,}" for size in wanted) + " | growth |")
    print("|---|" + "---:|" * (len(wanted) + 1))
    for name, seconds in found.items():
        figures = " | ".join(f"{each * 1e3:.2f}" for each in seconds)
        print(f"| {name} | {figures} | {exponent(wanted, seconds):.2f} |", flush=True)
    if given.plot is not None:
        given.plot.write_text(plot(wanted, {name: [each * 1e3 for each in seconds] for name, seconds in found.items()}), "utf-8")


def runs(app: Flask, size: int) -> dict[str, Callable[[int], None]]:
    """What is timed; each is given a number, so that it is not the same twice."""
    chance = random.Random(size)
    client = app.test_client()

    def reads(ask: Callable[[Log], object]) -> Callable[[int], None]:
        def run(_number: int) -> None:
            with app.app_context(), reading():
                session = current_session()
                ask(queries.log_named(session, "sizes"))
                session.rollback()

        return run

    def page(path: Callable[[], str]) -> Callable[[int], None]:
        def run(_number: int) -> None:
            answer = client.get(path())
            if answer.status_code != 200:
                raise RuntimeError(f"{path()}: {answer.status_code}")

        return run

    def some() -> int:
        return chance.randrange(1, size)

    def append(number: int) -> None:
        with app.app_context():
            _append(lambda head: [entry(head.size, f"{size} {number}")])

    return {
        "append": append,
        "proof of an entry": reads(lambda log: queries.inclusion(current_session(), log, some(), size)),
        "proof of consistency": reads(lambda log: queries.consistency(current_session(), log, some(), size)),
        "tile": reads(lambda log: queries.tile(current_session(), log, 0, some() >> 8, 1)),
        "page of the register": page(lambda: f"/{SLUG}/register/all?after={some()}"),
        "first page": page(lambda: f"/{SLUG}/register"),
    }


def fastest(run: Callable[[int], None], times: int) -> float:
    """The median of some runs, and the smallest of several such medians, in seconds."""
    medians, number = [], 0
    run(-1)
    for _ in range(_BATCHES):
        took = []
        for _ in range(times):
            began = time.process_time()
            run(number)
            took.append(time.process_time() - began)
            number += 1
        medians.append(statistics.median(took))
    return min(medians)


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the size with which a time grows, by least squares on logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    x, y = statistics.mean(xs), statistics.mean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def entry(number: int, what: str = "") -> Entry:
    """An entry as long as an endorsement's."""
    nonce = sha256(f"{number} {what}".encode()).digest()[:16]
    statement = build_statement(
        type="endorsement.sign-v1", by=By("SHA256:" + "A" * 43, "ngo-42", "signatory"), declaration="joint-declaration", log=ORIGIN,
        nonce=nonce, object="0" * 64, seen=Seen(0, EMPTY_ROOT.hex()), body={"text": "x" * 400},
    )  # fmt: skip
    return entry_of(_NOON, bytes(180), parse_statement(statement))


def grow_log(app: Flask, size: int) -> None:
    """Append until the record has that many."""
    with app.app_context():
        with unit_of_work() as session:
            log = queries.find_log(session, ORIGIN) or create_log(session, ORIGIN)
        grown = log.size
        while grown < size:
            grown = _append(lambda head: [entry(number) for number in range(head.size, min(size, head.size + _AT_ONCE))])


def _append(entries: Callable[[Head], list[Entry]]) -> int:
    with writing(db.engine) as direct:
        head = lock_head(direct, ORIGIN)
        if head is None:
            raise RuntimeError("the log was not opened")
        append_to(direct, head, entries(head))
    watch.move_later(head)
    return head.size


def grow_register(app: Flask, size: int) -> None:
    """Rows as signatures leave them, with the documents that name who signed."""
    with app.app_context():
        with reading():
            session = current_session()
            forum = forums.forum_by_slug(session, SLUG)
            use_forum(forum)
            adopted = current(session, forum).adopted
            newest = session.scalar(select(func.max(Endorsement.position)).where(Endorsement.forum_id == forum.id))
            session.rollback()
        for start in range((newest or 0) + 1, size + 1, _AT_ONCE):
            places = range(start, min(size + 1, start + _AT_ONCE))
            with unit_of_work() as session:
                documents = {place: _document(place) for place in places}
                kept = [
                    {"forum_id": forum.id, "sha256": sha256(body).hexdigest(), "body": body, "audience": "public"}
                    for body in documents.values()
                ]
                session.connection().execute(insert(_DOCUMENTS), kept)
                session.connection().execute(insert(_ROWS), [_row(forum.id, place, documents[place]) for place in places])
        if adopted is None:
            raise RuntimeError("the forum is not open for signature")


def _document(place: int) -> bytes:
    return canonical({"kind": "endorsement", "person": f"Person {place}", "office": "chair", "salt": f"{place:022}"})


def _row(forum_id: int, place: int, document: bytes) -> dict[str, object]:
    name, registration = f"Organization {place}", f"X-{place:07}"
    return {
        "forum_id": forum_id, "statement": sha256(f"statement {place}".encode()).hexdigest(), "party": f"x-{place}",
        "country": _COUNTRIES[place % len(_COUNTRIES)], "registration": registration, "name": name, "name_language": "en",
        "search": search_key(name, registration), "capacity": "organization", "kind": "signature", "language": "en",
        "content": sha256(document).hexdigest(), "position": place, "entry": place, "at": _NOON + timedelta(seconds=place),
        "status": "counted",
    }  # fmt: skip
