"""The tree, against the slow reference, and proofs that prove nothing else."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaration.errors import ProofInvalid
from declaration.protocol.merkle import (
    EMPTY_ROOT,
    CompactRange,
    empty_root,
    leaf_hash,
    new_nodes,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.support.rfc6962 import reference_consistency, reference_path, reference_root

LEAVES = [leaf_hash(bytes([number])) for number in range(80)]
SIZES = st.integers(1, len(LEAVES))


def stored(count: int) -> dict[tuple[int, int], bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    for size in range(count):
        for level, index, node in new_nodes(size, LEAVES[size], lambda level, index: nodes[level, index]):
            assert (level, index) not in nodes
            nodes[level, index] = node
    return nodes


NODES = stored(len(LEAVES))


def get_node(level: int, index: int) -> bytes:
    return NODES[level, index]


def test_the_empty_tree() -> None:
    assert empty_root() == EMPTY_ROOT == CompactRange().root() == root(0, get_node) == sha256(b"").digest()


@given(st.integers(0, len(LEAVES)))
def test_every_root_is_the_reference(size: int) -> None:
    tree = CompactRange()
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    assert tree.root() == root(size, get_node) == reference_root(LEAVES[:size])
    assert tree.size == size
    assert CompactRange(size, tree.hashes()).root() == tree.root()


def test_stored_nodes_are_exactly_the_complete_subtrees() -> None:
    expected = {
        (level, index): reference_root(LEAVES[index << level : (index + 1) << level])
        for level in range(7)
        for index in range(len(LEAVES) >> level)
    }
    assert expected == NODES


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_tree_goes_on_from_its_hashes(before: int, after: int) -> None:
    first = CompactRange()
    for leaf in LEAVES[:before]:
        first.append(leaf)
    second = CompactRange(first.size, first.hashes())
    for leaf in LEAVES[before : before + after]:
        second.append(leaf)
    assert second.root() == reference_root(LEAVES[: before + after])


@given(st.integers(0, 6), st.integers(0, 80))
def test_subtrees_can_be_added_whole(level: int, size: int) -> None:
    tree = CompactRange()
    whole = size >> level
    for index in range(whole):
        tree.append_subtree(level, get_node(level, index))
    for leaf in LEAVES[whole << level : size]:
        tree.append(leaf)
    assert tree.root() == reference_root(LEAVES[:size])


@pytest.mark.parametrize(("size", "hashes"), [(-1, []), (0, [EMPTY_ROOT]), (1, []), (2, LEAVES[:2]), (3, LEAVES[:1]), (1, [b"x"])])
def test_a_compact_range_of_wrong_hashes_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(ProofInvalid):
        CompactRange(size, hashes)


def test_a_subtree_that_does_not_fit_is_refused() -> None:
    tree = CompactRange()
    tree.append(LEAVES[0])
    with pytest.raises(ProofInvalid):
        tree.append_subtree(1, LEAVES[1])
    with pytest.raises(ProofInvalid):
        tree.append(b"short")


@given(st.data())
def test_inclusion_is_the_reference_and_verifies(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    proof = prove_inclusion(index, size, get_node)
    assert proof == reference_path(index, LEAVES[:size])
    verify_inclusion(LEAVES[index], index, size, proof, root(size, get_node))


@given(st.data())
def test_consistency_is_the_reference_and_verifies(data: st.DataObject) -> None:
    new = data.draw(SIZES)
    old = data.draw(st.integers(1, new))
    proof = prove_consistency(old, new, get_node)
    assert proof == reference_consistency(old, LEAVES[:new])
    verify_consistency(old, new, root(old, get_node), root(new, get_node), proof)


def mutations(proof: list[bytes]) -> list[list[bytes]]:
    changed = [[*proof[:n], bytes([proof[n][0] ^ 1]) + proof[n][1:], *proof[n + 1 :]] for n in range(len(proof))]
    longer = [[*proof, LEAVES[0]], [LEAVES[0], *proof], [*proof, b""], [*proof[:-1], proof[-1][:31]] if proof else [b"x"]]
    shorter = [proof[:-1], proof[1:], []] if proof else []
    return [bad for bad in [*changed, *longer, *shorter, proof[::-1]] if bad != proof]


@settings(deadline=None)
@given(st.data())
def test_inclusion_proofs_prove_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    proof, top = prove_inclusion(index, size, get_node), root(size, get_node)
    for bad in mutations(proof):
        with pytest.raises(ProofInvalid):
            verify_inclusion(LEAVES[index], index, size, bad, top)
    cases = [
        (LEAVES[(index + 1) % size], index, size, top),
        (LEAVES[index], (index + 1) % size, size, top),
        (LEAVES[index], index, size, LEAVES[0]),
        (LEAVES[index], index, 0, top),
        (LEAVES[index], index, -1, top),
        (LEAVES[index], size, size, top),
        (LEAVES[index], -1, size, top),
        (LEAVES[index][:31], index, size, top),
        (LEAVES[index], index, size, top + b"\x00"),
    ]
    for leaf, position, count, claimed in cases:
        with pytest.raises(ProofInvalid):
            verify_inclusion(leaf, position, count, proof, claimed)


@settings(deadline=None)
@given(st.data())
def test_consistency_proofs_prove_nothing_else(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, len(LEAVES)))
    old = data.draw(st.integers(1, new - 1))
    proof, first, second = prove_consistency(old, new, get_node), root(old, get_node), root(new, get_node)
    for bad in mutations(proof):
        with pytest.raises(ProofInvalid):
            verify_consistency(old, new, first, second, bad)
    cases = [(0, new, first, second), (new, old, first, second), (old, new, second, first), (new, new, first, second)]
    for before, after, older, newer in [*cases, (old, new, LEAVES[79], second), (old, new, first, LEAVES[79]), (-1, new, first, second)]:
        with pytest.raises(ProofInvalid):
            verify_consistency(before, after, older, newer, proof)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_what_has_not_32_bytes_is_no_hash_even_where_it_would_fit(size: int) -> None:
    short = bytes(size)
    attempts: list[Callable[[], None]] = [
        lambda: verify_inclusion(short, 0, 1, [], short),
        lambda: verify_inclusion(LEAVES[0], 0, 2, [short], node_hash(LEAVES[0], short)),
        lambda: verify_consistency(3, 3, short, short, []),
        lambda: verify_consistency(1, 2, LEAVES[0], node_hash(LEAVES[0], short), [short]),
    ]
    for attempt in attempts:
        with pytest.raises(ProofInvalid) as caught:
            attempt()
        assert caught.value.code == "proof.hash-length"


def test_a_proof_that_climbs_above_the_root_is_refused() -> None:
    """The claimed root is the attacker's: the count of hashes must be right even if the last one fits."""
    above = node_hash(LEAVES[1], LEAVES[0])
    attempts: list[Callable[[], None]] = [
        lambda: verify_inclusion(LEAVES[0], 0, 1, [LEAVES[1]], above),
        lambda: verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0], LEAVES[2]], node_hash(LEAVES[2], node_hash(LEAVES[0], LEAVES[1]))),
        lambda: verify_inclusion(LEAVES[0], 0, 4, [LEAVES[1]], node_hash(LEAVES[0], LEAVES[1])),
    ]
    for attempt in attempts:
        with pytest.raises(ProofInvalid) as caught:
            attempt()
        assert caught.value.code == "proof.length"


def test_two_roots_for_one_size_are_named() -> None:
    with pytest.raises(ProofInvalid) as caught:
        verify_consistency(3, 3, LEAVES[0], LEAVES[1], [])
    assert caught.value.code == "proof.two-roots"
    with pytest.raises(ProofInvalid):
        verify_consistency(3, 3, LEAVES[0], LEAVES[0], [LEAVES[0]])


def test_an_inner_node_is_not_a_leaf() -> None:
    """The bytes of two leaf hashes, put forward as an entry, must not hash to their parent."""
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf_hash(LEAVES[0] + LEAVES[1]), 0, 2, [get_node(1, 1)], root(4, get_node))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3), (0, -1)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ProofInvalid):
        prove_inclusion(index, size, get_node)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3), (0, 0)])
def test_there_is_no_proof_between_trees_of_no_size(old: int, new: int) -> None:
    with pytest.raises(ProofInvalid):
        prove_consistency(old, new, get_node)
