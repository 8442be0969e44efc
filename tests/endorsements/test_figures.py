"""Figures that are remembered are those that counting anew gives, whatever happens to the record; and they are counted once for a state."""

from __future__ import annotations

import gc
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from weakref import ref

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from declaration.endorsements import figures
from declaration.endorsements.figures import Figures
from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.consequences import Totals
from declaration.procedure.state import State
from tests.endorsements.conftest import Playing
from tests.procedure.test_register_at_random import DEEDS, begun
from tests.support.play import SLUG


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def history(seed: int, remembered: Figures, steps: int = 60) -> list[Totals]:
    """One record at random, asked after every step; the different figures that it had.

    Its state is advanced in place, as by a transaction that records several acts, and forked now and then: of a fork and what it was
    forked from either may go on, and the other is asked again later. None is kept for long, so that its place in memory is taken by
    another.
    """
    bench, random = begun(), Random(seed)
    if random.random() < 0.5:
        bench.state.in_layers()
    others: list[tuple[State, list[Act]]] = []
    seen: list[Totals] = []
    for _ in range(steps):
        bench.now += timedelta(seconds=random.choice((0, 1, 3600, 3 * 3600)))
        if random.random() < 0.3:
            others = [*others[-2:], (bench.state.fork(), list(bench.acts))]
        if others and random.random() < 0.3:
            other = random.randrange(len(others))
            (bench.state, bench.acts), others[other] = others[other], (bench.state, bench.acts)
            bench.stories = {digest: each.story for digest, each in bench.state.endorsements.items()}
        with suppress(DeclarationError, IndexError, KeyError):  # refused, or there is nothing yet to do it to: asked all the same
            random.choice(DEEDS)(bench, random)
        for state in (bench.state, random.choice([bench.state, *(each for each, _ in others)]), bench.state):
            found = remembered.of(state)
            assert found == consequences.totals(state)
            if found not in seen:
                seen.append(found)
    return seen


@settings(max_examples=20, deadline=None)
@given(seeds=st.lists(st.integers(0, 2**32), min_size=1, max_size=2))
def test_they_never_differ_from_those_counted_anew(seeds: list[int]) -> None:
    remembered = Figures()
    for seed in seeds:  # two records of one name: the second is not given the first's
        history(seed, remembered)


def test_what_is_drawn_has_many_figures() -> None:
    """Otherwise the same ones, remembered for ever, would pass."""
    assert min(len(history(seed, Figures())) for seed in range(5)) > 5


def test_only_the_very_state_at_its_size_is_given_what_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, remembered = begun(), Figures()
    counted: list[int] = []
    count = consequences.totals
    monkeypatch.setattr(consequences, "totals", lambda state, **how: (counted.append(state.size), count(state, **how))[1])
    first = remembered.of(bench.state)
    assert [remembered.of(bench.state) is first for _ in range(3)] == [True] * 3
    assert len(counted) == 1
    twin = bench.state.fork()
    assert twin == bench.state
    assert remembered.of(twin) is not first, "a fork may go another way"
    before = bench.state.size
    bench.sign("alone")
    assert (remembered.of(bench.state).total, remembered.of(twin).total, bench.state.size > before) == (1, 0, True)


def test_no_state_is_kept_alive() -> None:
    bench, remembered = begun(), Figures()
    twin = bench.state.fork()
    remembered.of(twin)
    gone = ref(twin)
    del twin
    gc.collect()
    assert gone() is None


def test_a_hundred_pages_of_one_state_count_once(playing: Playing, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[datetime | None] = []
    count = consequences.totals

    def noted(state: State, *, as_at: datetime | None = None) -> Totals:
        counted.append(as_at)
        return count(state, as_at=as_at)

    with playing() as play:
        play.played("en", "az")
        play.advance(hours=1)
    monkeypatch.setattr(consequences, "totals", noted)
    for page in (f"/{SLUG}/register", f"/{SLUG}/register.json", f"/{SLUG}/register?q=isik", f"/{SLUG}/register"):
        assert client.get(page).status_code == 200
    assert counted == [None]
    with playing() as play:
        play.sign(play.organization(2))
    assert "3 signatures, all valid" in client.get(f"/{SLUG}/register").text
    assert client.get(f"/{SLUG}/register.json").get_json()["totals"]["counted"] == 3
    assert counted == [None, None]


def test_what_a_transaction_gave_up_is_in_no_figure(playing: Playing, client: FlaskClient) -> None:
    class GivenUp(Exception):
        pass

    with playing() as play:
        play.played("en")
    assert "1 signature, valid" in client.get(f"/{SLUG}/register").text
    with pytest.raises(GivenUp), playing() as play:
        play.sign(play.organization(1))
        assert figures.totals(play.state).total == 2, "this transaction sees its own"
        raise GivenUp
    assert "1 signature, valid" in client.get(f"/{SLUG}/register").text
    with playing() as play:
        play.sign(play.organization(1))
        play.act(play.state.endorsements[play.state.by_party["az.sample-az-0002"]].party, "endorsement.withdraw-v1",
                 play.state.by_party["az.sample-az-0002"], {"reason": "We left."})  # fmt: skip
        assert (figures.totals(play.state).total, sum(figures.totals(play.state).withdrawn.values())) == (1, 1)
