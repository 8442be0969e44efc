"""Many signatories within one minute, as people are: some lose the answer and send again, some tap twice.

They arrive by chance (a Poisson process). Each one opens the signing page, asks whether the style sheet that the browser has is the
newest, signs, and opens the receipt. One in sixteen closes the connection before the answer is there and sends the same again a second
later; another one in sixteen sends it on two connections at once. Afterwards the record is asked: nobody lost, nobody twice, and it
proves.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.endorsements.databases import Copy, Place
from bench.endorsements.operation import application
from bench.endorsements.prepared import SLUG, Signatory
from bench.endorsements.served import Answer, Connection, Failed, get, service, signing
from declaration.credentials.record import log_of
from declaration.credentials.states import current
from declaration.endorsements import register
from declaration.forums import queries
from declaration.forums.door import use_forum
from declaration.transparency import audit
from declaration.web.db import current_session, reading

SHEET = "/static/look.css"
STEPS = ("page", "style sheet", "signature", "receipt")
_ONE_IN = 16
_AGAIN_AFTER_SECONDS = 1.0


@dataclass
class Seen:
    """What the visitors saw.

    :ivar took: seconds that each step took, by its name.
    :ivar statuses: how often each status came, by step.
    :ivar behind: the longest that a visitor began after the moment drawn for them: the bench itself was late by that much.
    """

    took: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    behind: float = 0.0

    def at(self, step: str, percent: int) -> float:
        """A percentile of a step, in seconds."""
        return statistics.quantiles(self.took[step], n=100)[percent - 1]

    @property
    def errors(self) -> int:
        """Answers of 500 and above, and visits that broke off."""
        return sum(count for (_, status), count in self.statuses.items() if status >= 500) + len(self.failures)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the record has afterwards: signatures of these visitors, rows of the register, entries that were proved."""

    signed: int
    rows: int
    entries: int


def arrive(copy: Copy, ready: Sequence[Signatory], seconds: float, *, seed: int) -> tuple[Seen, Kept]:
    """Let them come within ``seconds``, on a service of their own, and ask the record afterwards."""
    chance, seen, moment = random.Random(seed), Seen(), 0.0
    visits = []
    for number, one in enumerate(ready):
        moment += chance.expovariate(len(ready) / seconds)
        visits.append((moment, one, {0: _impatient, _ONE_IN // 2: _twice}.get(number % _ONE_IN, _once)))
    with service(copy) as port:
        with Connection(port) as connection:
            sheet = connection.send(get(SHEET)).headers["etag"]
        began = time.perf_counter()
        threads = [threading.Thread(target=_visit, args=(port, began, sheet, each, seen)) for each in visits]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return seen, kept(copy, ready)


def kept(copy: Copy, ready: Sequence[Signatory]) -> Kept:
    """Ask the record, with every hash of it computed anew."""
    with application(copy) as app, app.app_context(), reading():
        session = current_session()
        forum = queries.forum_by_slug(session, SLUG)
        use_forum(forum)
        endorsed = current(session, forum).endorsements
        rows = [row.statement for row in register.all_rows(session, forum)]
        wanted = {one.digest for one in ready}
        return Kept(len(wanted & set(endorsed)), sum(row in wanted for row in rows), audit.check(session, log_of(session, forum)))


Sends = Callable[[int, Connection, Signatory, "Seen"], Answer]


def _visit(port: int, began: float, sheet: str, visit: tuple[float, Signatory, Sends], seen: Seen) -> None:
    moment, one, sends = visit
    time.sleep(max(0.0, began + moment - time.perf_counter()))
    seen.behind = max(seen.behind, time.perf_counter() - began - moment)
    try:
        with Connection(port) as connection:
            _timed(seen, "page", lambda: connection.send(get(f"/{SLUG}/sign", one.token)))
            _timed(seen, "style sheet", lambda: connection.send(get(SHEET, "", f"If-None-Match: {sheet}")))
            answer = _timed(seen, "signature", lambda: sends(port, connection, one, seen))
            _timed(seen, "receipt", lambda: connection.send(get(answer.headers["location"], one.token)))
    except (OSError, Failed, KeyError) as error:
        seen.failures.append(repr(error))


def _timed(seen: Seen, step: str, ask: Callable[[], Answer]) -> Answer:
    began = time.perf_counter()
    answer = ask()
    seen.took[step].append(time.perf_counter() - began)
    seen.statuses[step, answer.status] += 1
    return answer


def _once(_port: int, connection: Connection, one: Signatory, _seen: Seen) -> Answer:
    return connection.send(signing(one))


def _impatient(port: int, connection: Connection, one: Signatory, _seen: Seen) -> Answer:
    """The answer never came; the same again."""
    with Connection(port) as lost:
        lost.only_send(signing(one))
    time.sleep(_AGAIN_AFTER_SECONDS)
    return connection.send(signing(one))


def _twice(port: int, connection: Connection, one: Signatory, seen: Seen) -> Answer:
    """Two taps, two connections; both are told the same."""
    with Connection(port) as other:
        other.only_send(signing(one))
        answer = connection.send(signing(one))
        second = other.receive()
    seen.statuses["signature", second.status] += 1
    if second.headers.get("location") != answer.headers["location"]:
        raise Failed("two taps, two answers")
    return answer


def report(place: Place, signatories: int, seconds: float) -> None:
    """One run, printed."""
    ready = place.ready[:signatories]
    with place.fresh() as copy:
        seen, found = arrive(copy, ready, seconds, seed=signatories)
    print(
        f"arrivals       {place.kind:11} {signatories} signatories within {seconds:.0f} s: {found.signed} in the record, "
        f"{signatories - found.signed} lost, {found.rows - found.signed} twice, {seen.errors} errors; {found.entries} entries proved"
    )
    for step in STEPS:
        statuses = ", ".join(f"{count} x {status}" for (name, status), count in sorted(seen.statuses.items()) if name == step)
        print(f"    {step:12} p50 {seen.at(step, 50) * 1e3:7.1f}  p99 {seen.at(step, 99) * 1e3:7.1f} ms   {statuses}")
    print(f"    the bench was late by {seen.behind * 1e3:.0f} ms at most", *seen.failures[:3], sep="\n    ", flush=True)
