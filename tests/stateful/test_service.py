"""The same through the service, on both databases: signatures, transactions, the record, and the verifier at the end."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.record import log_of
from declaration.credentials.signing import Signed
from declaration.drafts import operations as drafts
from declaration.endorsements.bundle import compose_bundle
from declaration.errors import DeclarationError
from declaration.procedure.act import Act, act_of
from declaration.procedure.replay import replay
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.protocol.keys import public_key_of
from declaration.protocol.sshsig import sign
from declaration.protocol.statement import By, Seen, build_statement, parse_statement
from declaration.transparency import queries
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import SettableClock
from declaration.web.transaction import unit_of_work
from tests.conftest import NOON
from tests.drafts.play import EMPTY, Play, private_key
from tests.stateful.arbitrary import Attempt, any_act, words_of
from tests.stateful.invariants import INVARIANTS
from tests.stateful.test_procedure import refusal_of
from tests.support.databases import application

NAMES = {
    "secretariat.one": "secretariat.rapporteur", "secretariat.two": "secretariat.rapporteur", "depositary.keeper": "depositary.depositary",
}  # fmt: skip


class Service(RuleBasedStateMachine):
    """One forum on a database of its own."""

    databases: ClassVar[Any]

    @initialize()
    def first_reading(self) -> None:
        self.open = ExitStack()
        self.folder = Path(self.open.enter_context(TemporaryDirectory()))
        url = self.open.enter_context(self.databases.fresh(self.folder))
        self.clock = SettableClock(NOON)
        self.app = self.open.enter_context(application(self.folder, url, self.clock))
        with self.app.app_context(), unit_of_work() as session:
            Play(self.app, session).begin().circulated(("en", "az"))

    @rule(seed=st.integers(0, 2**32))
    def somebody_tries_something(self, seed: int) -> None:
        random = Random(seed)
        for _ in range(6):
            if self._allowed(random):
                break

    @rule(hours=st.sampled_from([1, 8, 24, 24 * 8]))
    def time_goes_on(self, hours: int) -> None:
        self.clock.set(self.clock.now() + timedelta(hours=hours))

    def _allowed(self, random: Random) -> bool:
        """The service and the procedure say the same, and what is refused leaves the record as it was."""
        with self.app.app_context():
            found = ""
            try:
                with unit_of_work() as session:
                    play = Play(self.app, session)
                    state = play.state
                    signed, act = self._signed(session, play, state, random)
                    expected, before = refusal_of(state, act), state.fork()
                    acts.perform(session, play.forum, signed, now=self.clock.now())
            except DeclarationError as refusal:
                found = refusal.code
            if not found:
                assert expected is None, expected
                self._holds()
                return True
            # The words of a translation are the service's matter: the procedure knows their hash alone.
            assert found.startswith("translation.words") or (expected is not None and expected.code == found), (expected, found)
            with unit_of_work() as session:
                assert Play(self.app, session).state == before
            return False

    def _signed(self, session: Session, play: Play, state: State, random: Random) -> tuple[Signed, Act]:
        def next_version(final: bool) -> str:
            try:
                return drafts.compose_next(session, play.forum, state, final=final)
            except DeclarationError:
                return state.current or ""

        attempt = any_act(state, self.clock.now(), random, next_version)
        if attempt.type.startswith("language_version."):
            drafts.save_words(session, play.forum, words_of(state))
        return self._statement(session, play, attempt, state)

    def _statement(self, session: Session, play: Play, attempt: Attempt, state: State) -> tuple[Signed, Act]:
        role, party = NAMES.get(attempt.who, attempt.who).split(".", 1)
        key, log = private_key(party, role), log_of(session, play.forum)
        seen = Seen(log.size, EMPTY if log.size == 0 else queries.root_at(session, log, log.size).hex())
        statement = build_statement(
            type=attempt.type, by=By(public_key_of(key).fingerprint, party, role), declaration=play.forum.declaration,
            log=play.forum.origin,
            nonce=sha256(f"{attempt} {log.size}".encode()).digest()[:16], object=attempt.object, seen=seen, body=attempt.body,
        )  # fmt: skip
        signed = Signed(statement, sign(key, f"{attempt.type}@{play.forum.origin}", statement))
        return signed, Act(parse_statement(statement), self.clock.now().replace(microsecond=0), state.size)

    def _holds(self) -> None:
        with unit_of_work() as session:
            play = Play(self.app, session)
            state, record = play.state, self._record(session, play)
            for holds in INVARIANTS:
                assert holds(state, record, self.clock.now()), holds.__doc__

    @staticmethod
    def _record(session: Session, play: Play) -> list[Act]:
        log = log_of(session, play.forum)
        return [act_of(parse_entry(raw), index) for index, raw in queries.entries(session, log, 0, log.size)]

    def teardown(self) -> None:
        if not hasattr(self, "app"):
            return
        with self.app.app_context():
            with unit_of_work() as session:
                play = Play(self.app, session)
                state, record = play.state, self._record(session, play)
                assert replay(state.origin, record, state.library).digests == state.digests
                bundle = self.folder / "bundle.zip"
                compose_bundle(session, play.forum, bundle)
            verify_bundle(bundle, workers=1).require_all()
        self.open.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_service_under_whatever_anybody_tries(request: pytest.FixtureRequest, kind: str) -> None:
    class Here(Service):
        databases = request.getfixturevalue(f"{kind}_databases")

    run_state_machine_as_test(
        Here, settings=settings(max_examples=4, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    )
