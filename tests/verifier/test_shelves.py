"""What is kept in files answers as what is kept in memory does, and a large record is judged as a small one is."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaration.procedure.state import registration_of
from declaration.verifier import shelves
from declaration.verifier.shelves import ByPosition, Column, Pairs, Rows, Shelf, Store, spread
from tests.verifier import forge as f
from tests.verifier.asked import verify
from tests.verifier.test_parallel import broken

NAMES = st.sampled_from([f"name {number}" for number in range(12)])
STEPS = st.lists(st.tuples(st.sampled_from(["set", "del", "get", "in", "len", "walk", "pop", "default"]), NAMES, st.integers()))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as made:
        yield made


@given(STEPS, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_a_shelf_is_a_dictionary(steps: list[tuple[str, str, int]], kept: int) -> None:
    before, shelves.KEPT = shelves.KEPT, kept
    try:
        with Store() as store:
            shelf: Shelf[int] = store.shelf("shelf")
            plain: dict[str, int] = {}
            for step, name, number in steps:
                assert _done(shelf, step, name, number) == _done(plain, step, name, number)
            assert list(shelf.items()) == list(plain.items())
            assert copy(shelf) == plain
    finally:
        shelves.KEPT = before


def _done(held: Shelf[int] | dict[str, int], step: str, name: str, number: int) -> object:
    if step == "set":
        held[name] = number
    elif step == "del":
        if name in held:
            del held[name]
    elif step == "walk":
        return [(each, value, list(held.values())) for each, value in held.items()]
    return {
        "get": lambda: held.get(name, number),
        "in": lambda: name in held,
        "len": lambda: len(held),
        "pop": lambda: held.pop(name, None),
        "default": lambda: held.setdefault(name, number),
    }.get(step, lambda: None)()


def test_two_names_of_one_hash_are_two(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "hash", lambda value: 7, raising=False)
    monkeypatch.setattr(shelves, "KEPT", 1)
    shelf = store.shelf("shelf")
    shelf["a"], shelf["b"], shelf["c"] = 1, 2, 3
    assert ("d" in shelf, shelf["a"], shelf["b"], shelf["c"], len(shelf)) == (False, 1, 2, 3, 3)


def test_a_name_that_is_not_there(store: Store) -> None:
    shelf = store.shelf("shelf")
    with pytest.raises(KeyError):
        shelf["a"]
    with pytest.raises(KeyError):
        del shelf["a"]


def test_every_value_of_the_register_comes_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "KEPT", 1)
    state = f.signed().state
    for name in ("keys", "organizations", "endorsements", "by_party", "nonces", "digests"):
        held, shelf = getattr(state, name), store.shelf(name)
        assert held
        shelf.update(held)
        assert dict(shelf) == dict(held)
    withdrawn = next(each for each in state.endorsements.values() if each.withdrawals)
    assert store.shelf("more").setdefault("x", replace(withdrawn, doubts=("key",))).withdrawals == withdrawn.withdrawals


def test_what_a_shelf_cannot_hold_is_refused(store: Store) -> None:
    shelf = store.shelf("shelf")
    shelf["a"] = object()
    with pytest.raises(TypeError):
        list(shelf)


def test_pairs(store: Store) -> None:
    pairs = Pairs(store.shelf("pairs"))
    number = registration_of({"country": "az", "registration": "12 \n A"})
    pairs[number] = "a1"
    assert number in pairs
    assert ("az", "12") not in pairs
    assert dict(pairs) == copy(pairs) == {("az", "12a"): "a1"}
    del pairs[number]
    assert len(pairs) == 0


@pytest.mark.parametrize("tail", [8, 1 << 18])
def test_rows(tail: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "_TAIL", tail)
    for rows in (Rows(tmp_path / "rows", 4), Rows(None, 4)):
        for number in range(100):
            rows.append(number.to_bytes(4, "big"))
        assert [int.from_bytes(each, "big") for each in rows] == list(range(100))
        assert (len(rows), rows[-1], rows[98:]) == (100, b"\0\0\0c", [b"\0\0\0b", b"\0\0\0c"])
        for beyond in (100, -101):
            with pytest.raises(IndexError):
                rows[beyond]
        rows.close()


def test_a_column_of_times(store: Store) -> None:
    state = f.opened().state.fork()
    spread(state, store)
    assert not state.times
    moments = [datetime(2025, 11, 13, 14, 0, second, tzinfo=UTC) for second in range(3)]
    for each in moments:
        state.times.append(each)
    assert (list(state.times), state.times[-1], state.times[1]) == (moments, moments[2], moments[1])
    assert isinstance(state.times, Column)
    assert copy(state.times) == moments
    with pytest.raises(TypeError):
        state.times[0] = moments[1]
    with pytest.raises(TypeError):
        del state.times[0]


def test_signers_by_position(store: Store) -> None:
    words = ByPosition(store.rows("words", 50), 50)
    words[0], words[3] = "SHA256:a", "SHA256:b"
    assert dict(words) == copy(words) == {0: "SHA256:a", 3: "SHA256:b"}
    assert 1 not in words
    for attempt in (lambda: words.__setitem__(2, "x"), lambda: words.__delitem__(0)):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize("make", [f.signed, broken])
def test_a_record_that_is_kept_in_files_is_judged_alike(make: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "KEPT", 3)
    monkeypatch.setattr(shelves, "_RUN", 4)
    assert callable(make)
    forge = make()
    in_memory, in_files = (verify(forge, tmp_path, in_memory=most) for most in (10**9, 0))
    assert in_memory.as_json() == in_files.as_json()


def test_lines_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "_RUN", 2)
    words = ["b", "a", "c", "a", "b", "ə", "b"]
    assert list(store.in_order(iter(words))) == sorted(set(words))
    assert list(store.in_order(iter(()))) == []


def test_nothing_is_left_behind() -> None:
    with Store() as store:
        folder = Path(store._folder.name)
        store.rows("rows", 4)
        assert folder.is_dir()
    assert not folder.exists()
