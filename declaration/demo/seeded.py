"""Bytes that follow from a seed, for a demonstration that gives the same bundle again. Never for anything real."""

from __future__ import annotations

from hashlib import sha256


class Seeded:
    """A source of bytes: SHA-256 of the seed and a counter, block after block."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def __call__(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            out += sha256(self._seed + self._count.to_bytes(8, "big")).digest()
            self._count += 1
        return out[:count]
