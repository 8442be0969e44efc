"""Growing a tree by its peaks, against the RFC as recursion; no database."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import ProofInvalid
from declaration.protocol import merkle
from declaration.transparency import tree
from tests.support.rfc6962 import reference_consistency, reference_path, reference_root

LARGEST = 300
LEAVES = [sha256(f"leaf {number}".encode()).digest() for number in range(LARGEST)]


@cache
def grown() -> tuple[dict[tuple[int, int], bytes], list[tree.Grown]]:
    """All nodes of the largest tree, and the tree at every size on the way."""
    nodes: dict[tuple[int, int], bytes] = {}
    steps, peaks = [], b""
    for size, leaf in enumerate(LEAVES):
        step = tree.grow(size, peaks, [leaf])
        (row,) = step.nodes
        for level, at in enumerate(range(0, len(row), 32)):
            assert (level, size >> level) not in nodes
            nodes[level, size >> level] = row[at : at + 32]
        peaks = step.peaks
        steps.append(step)
    return nodes, steps


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_root_at_every_size_is_the_rfcs(size: int) -> None:
    step = grown()[1][size - 1]
    assert step.size == size
    assert tree.root_of(size, step.peaks) == reference_root(LEAVES[:size])
    assert step.peaks == b"".join(grown()[0][place] for place in tree.places_of_peaks(size))


@given(st.lists(st.integers(0, 40), max_size=12))
def test_several_at_once_are_one_after_the_other(cuts: list[int]) -> None:
    size, peaks, rows = 0, b"", []
    for more in cuts:
        size, nodes, peaks = tree.grow(size, peaks, LEAVES[size : min(size + more, LARGEST)])
        rows += nodes
    alone = grown()[1][:size]
    assert rows == [step.nodes[0] for step in alone]
    assert peaks == (alone[-1].peaks if alone else b"")


def test_an_append_adds_two_nodes_on_average() -> None:
    nodes, _ = grown()
    assert len(nodes) == 2 * LARGEST - LARGEST.bit_count()


@given(st.data())
def test_inclusion_proofs_from_the_nodes(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    nodes, _ = grown()
    proof = merkle.prove_inclusion(index, size, lambda level, idx: nodes[level, idx])
    assert proof == reference_path(index, LEAVES[:size])
    merkle.verify_inclusion(LEAVES[index], index, size, proof, reference_root(LEAVES[:size]))


@given(st.data())
def test_consistency_proofs_from_the_nodes(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST))
    old = data.draw(st.integers(1, new))
    nodes, steps = grown()
    proof = merkle.prove_consistency(old, new, lambda level, idx: nodes[level, idx])
    assert proof == reference_consistency(old, LEAVES[:new])
    merkle.verify_consistency(old, new, *(tree.root_of(step.size, step.peaks) for step in (steps[old - 1], steps[new - 1])), proof)


@pytest.mark.parametrize(
    ("size", "peaks", "leaf"),
    [
        pytest.param(1, b"", bytes(32), id="a peak is missing"),
        pytest.param(0, bytes(32), bytes(32), id="a peak too many"),
        pytest.param(2, bytes(31), bytes(32), id="a peak cut short"),
        pytest.param(3, bytes(32), bytes(32), id="peaks of another size"),
        pytest.param(0, b"", bytes(31), id="a leaf that is no hash"),
    ],
)
def test_growing_refuses_what_is_no_tree(size: int, peaks: bytes, leaf: bytes) -> None:
    with pytest.raises(ProofInvalid):
        tree.grow(size, peaks, [leaf])


@pytest.mark.parametrize(("size", "peaks"), [(1, b""), (2, bytes(64)), (3, bytes(63)), (-1, b"")])
def test_a_root_of_wrong_peaks_is_refused(size: int, peaks: bytes) -> None:
    with pytest.raises(ProofInvalid):
        tree.root_of(size, peaks)
