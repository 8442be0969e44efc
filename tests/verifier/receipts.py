"""Receipts of a forge's record, as the service gives them."""

from __future__ import annotations

from declaration.protocol.merkle import leaf_hash, new_nodes, prove_inclusion
from declaration.protocol.receipt import build_receipt
from tests.verifier import forge as f


def receipt_of(forge: f.Forge, index: int, size: int | None = None) -> bytes:
    """The receipt of entry ``index``, given when the record had ``size`` entries (default: all)."""
    size = len(forge.entries) if size is None else size
    nodes: dict[tuple[int, int], bytes] = {}

    def get_node(level: int, number: int) -> bytes:
        return nodes[level, number]

    for place, raw in enumerate(forge.entries[:size]):
        for level, number, node in new_nodes(place, leaf_hash(raw), get_node):
            nodes[level, number] = node
    return build_receipt(
        entry=forge.entries[index],
        index=index,
        proof=prove_inclusion(index, size, get_node),
        checkpoint=forge.checkpoint(size),
        constitution=forge.checkpoint(1),
    )
