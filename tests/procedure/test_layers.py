"""A dictionary in layers is a dictionary: whatever is done with it and its copies, each says what a ``dict`` would say."""

from __future__ import annotations

from copy import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from declaration.procedure import layers
from declaration.procedure.layers import Layers
from declaration.procedure.state import GROWING, State

KEYS = st.integers(0, 12)


class Copies(RuleBasedStateMachine):
    """Several copies, each beside the ``dict`` that it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[Layers[int, int], dict[int, int]]] = []

    @initialize(begin=st.dictionaries(KEYS, st.integers(0, 9)))
    def begin(self, begin: dict[int, int]) -> None:
        self.pairs = [(Layers(dict(begin)), dict(begin))]

    @rule(which=st.integers(0, 9))
    def fork(self, which: int) -> None:
        layered, plain = self.pairs[which % len(self.pairs)]
        self.pairs.append((copy(layered), plain.copy()))

    @rule(which=st.integers(0, 9), key=KEYS, value=st.integers(0, 9))
    def put(self, which: int, key: int, value: int) -> None:
        for one in self.pairs[which % len(self.pairs)]:
            one[key] = value

    @rule(which=st.integers(0, 9), key=KEYS)
    def delete(self, which: int, key: int) -> None:
        layered, plain = self.pairs[which % len(self.pairs)]
        if key in plain:
            del layered[key], plain[key]
        else:
            with pytest.raises(KeyError):
                del layered[key]

    @invariant()
    def the_same(self) -> None:
        for layered, plain in self.pairs:
            assert (list(layered), list(layered.values()), list(layered.items())) == (
                list(plain),
                list(plain.values()),
                list(plain.items()),
            )
            assert (len(layered), layered) == (len(plain), plain)
            for key in range(13):
                assert (key in layered) == (key in plain)
                assert layered.get(key, "absent") == plain.get(key, "absent")
                if key not in plain:
                    with pytest.raises(KeyError):
                        layered[key]
                else:
                    assert layered[key] == plain[key]


@pytest.mark.parametrize("fewest", [0, 3, 128])
def test_copies_are_dictionaries_of_their_own(monkeypatch: pytest.MonkeyPatch, fewest: int) -> None:
    monkeypatch.setattr(layers, "FEWEST", fewest)
    run_state_machine_as_test(Copies, settings=settings(max_examples=60, stateful_step_count=30, deadline=None))


@given(st.integers(0, 3000))
def test_a_copy_costs_the_root_of_its_length(count: int) -> None:
    made: Layers[int, int] = Layers()
    for key in range(count):
        made[key] = key
        assert len(made._new) + len(made._changed) <= max(layers.FEWEST, 2 * int(len(made) ** 0.5) + 2)
    assert list(made) == list(range(count))


def test_what_grows_with_the_record_is_in_layers_and_stays_so_in_a_fork() -> None:
    state = State(origin="host.example/forum", library=lambda _: None).in_layers()
    assert {name for name, value in vars(state).items() if isinstance(value, Layers)} == GROWING
    fork = state.fork()
    fork.digests["a"] = 1
    assert isinstance(fork.digests, Layers)
    assert "a" not in state.digests
    assert state.in_layers().digests is state.digests
