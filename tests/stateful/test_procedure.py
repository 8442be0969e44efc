"""The procedure alone, under whatever anybody tries."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from declaration.errors import DeclarationError
from declaration.procedure.act import Act
from declaration.procedure.replay import advance, check, replay, settled
from declaration.procedure.state import State
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import ORIGIN, SYMBOL, Bench
from tests.stateful.arbitrary import any_act
from tests.stateful.invariants import INVARIANTS


class Watched(Bench):
    """A bench that keeps what it performed."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[Act] = []

    def act(self, *args: Any, **changes: Any) -> Act:
        act = super().act(*args, **changes)
        self.acts.append(act)
        return act


START = ("first reading", "second reading", "agreed")


@cache
def _begun(start: str) -> Watched:
    bench = Watched()
    bench.constituted().circulated()
    if start == "agreed":
        bench.second_reading().agreed()
    if start == "second reading":
        for head, unit, words in (("head.kz", "OP1", "Decide to meet every year;"), ("head.hu", "OP2", "Invite all bodies;")):
            bench.admit(bench.submit(head, bench.reads(unit, words)))
        bench.second_reading()
    return bench


def begun(start: str) -> Watched:
    """A forum that has come so far, played once and copied."""
    first, copy = _begun(start), Watched()
    copy.now, copy.library, copy.counter, copy.acts = first.now, dict(first.library), first.counter, list(first.acts)
    copy.state = first.state.fork()
    copy.state.library = copy.library.get
    return copy


def refusal_of(state: State, act: Act) -> DeclarationError | None:
    """Why an act is refused, if it is."""
    try:
        check(state, act)
    except DeclarationError as refusal:
        return refusal
    return None


class Negotiation(RuleBasedStateMachine):
    """Everybody tries everything; time goes on; the state is asked after every step."""

    @initialize(start=st.sampled_from(START))
    def reading(self, start: str) -> None:
        self.bench = begun(start)
        self.done = 0

    @rule(seed=st.integers(0, 2**32))
    def somebody_tries_something(self, seed: int) -> None:
        """What is refused must change nothing; then the next one tries, until something is allowed or eight have tried."""
        random = Random(seed)
        for _ in range(8):
            if self._allowed(random):
                break

    def _allowed(self, random: Random) -> bool:
        bench = self.bench
        attempt = any_act(settled(bench.state, bench.now), bench.now, random, self.next_version)
        act = bench.statement(attempt.who, attempt.type, attempt.object, attempt.body)
        before = bench.state.fork()
        refusal = refusal_of(bench.state, act)
        assert bench.state == before, "asking has changed something"
        if refusal is not None:
            assert refusal.code, "25: every refusal names its rule"
            assert refusal.message
            return False
        advance(bench.state, act)
        bench.acts.append(act)
        self.done += 1
        return True

    @rule(hours=st.sampled_from([1, 3, 8, 24, 72, 24 * 8]), seconds=st.sampled_from([-1, 0, 1]))
    def time_goes_on(self, hours: int, seconds: int) -> None:
        self.bench.now += timedelta(hours=hours, seconds=seconds)

    def next_version(self, final: bool) -> str:
        """The working text as the next version, with the Azerbaijani that there is."""
        bench, state = self.bench, self.bench.state
        words = {unit_hash(text): text for version in bench.library.values() for text in version.texts.get("az", {}).values()}
        texts, number = {}, 0
        translated = state.translated.get("az", {})
        for unit in state.units.values():
            number += unit.kind == "operative"
            entry = translated.get(unit.id)
            made = f"Mətn {unit.id} {unit.sha256[:6]}"
            az = words.get(entry.sha256) or (made if unit_hash(made) == entry.sha256 else None) if entry else None
            text = {"en": unit.text} if az is None or (entry and entry.source != unit.sha256) else {"en": unit.text, "az": az}
            texts[unit.id] = (unit.kind, str(number) if unit.kind == "operative" else None, text)
        symbol = SYMBOL if final else f"{SYMBOL}/Rev.{len(state.versions)}"
        return bench.put_version(texts, symbol, state.current)

    @invariant()
    def what_must_hold_holds(self) -> None:
        if not hasattr(self, "bench"):
            return
        for moment in (self.bench.now, self.bench.now + timedelta(days=30)):
            state = settled(self.bench.state, moment)
            for holds in INVARIANTS:
                assert holds(state, self.bench.acts, moment), holds.__doc__

    @precondition(lambda self: self.done and self.done % 7 == 0)
    @invariant()
    def the_record_replays_to_the_same_state(self) -> None:
        again = replay(ORIGIN, self.bench.acts, self.bench.state.library)
        assert again == self.bench.state


TestNegotiation = Negotiation.TestCase
TestNegotiation.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)


def test_a_prefix_of_the_record_replays_to_what_was_then() -> None:
    """And the acts that were drawn bring negotiations on: somewhere a text is agreed, a silence expires, something is accepted."""
    seen: set[str] = set()
    for seed in range(12):
        machine, random = Negotiation(), Random(seed)
        machine.reading(start=START[seed % 3])
        prefixes = []
        for _ in range(60):
            if random.random() < 0.12:
                machine.time_goes_on(random.choice([1, 8, 24, 24 * 8]), 0)
            machine.somebody_tries_something(random.getrandbits(32))
            if random.random() < 0.03:
                prefixes.append((len(machine.bench.acts), machine.bench.state.fork()))
        for length, state in prefixes:
            assert replay(ORIGIN, machine.bench.acts[:length], state.library) == state
        seen |= {act.type for act in machine.bench.acts} | {machine.bench.state.stage}
        seen |= {each.status for each in machine.bench.state.silences.values()}
    assert {"amendment.accept-v1", "paragraph.agree_ad_ref-v1", "silence.break-v1", "expired"} <= seen, sorted(seen)
