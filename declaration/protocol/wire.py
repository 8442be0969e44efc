r"""The SSH wire format (RFC 4251 section 5), strictly: what keys and signatures are made of.

A string is a big-endian uint32 length and that many bytes. An ``mpint`` is a string with the shortest two's complement form of
a number; only positive ones occur here, so a leading zero byte is there exactly when the next byte's top bit is set.

>>> string(b"ssh").hex()
'00000003737368'
>>> mpint(128).hex()
'000000020080'
"""

from __future__ import annotations

from declaration.errors import Malformed


def string(data: bytes) -> bytes:
    """A length and the bytes."""
    return len(data).to_bytes(4, "big") + data


def mpint(value: int) -> bytes:
    """A positive integer in its shortest form."""
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big"))


class Reader:
    """Reads fields from ``data`` in order; every read past the end and every leftover is refused."""

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        end = self._position + count
        if end > len(self._data):
            raise Malformed("a field ends too early", code="wire.short")
        piece = self._data[self._position : end]
        self._position = end
        return piece

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def uint32(self) -> int:
        """The next four bytes as a big-endian number."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """The next string."""
        return self.take(self.uint32())

    def mpint(self) -> int:
        """The next positive integer; zero, negative numbers and longer forms are refused."""
        data = self.string()
        if not data or data[0] & 0x80 or (data[0] == 0 and (len(data) == 1 or not data[1] & 0x80)):
            raise Malformed("not a positive integer in its shortest form", code="wire.mpint")
        return int.from_bytes(data, "big")

    def end(self) -> None:
        """Refuse leftovers."""
        if self._position != len(self._data):
            raise Malformed("bytes after the last field", code="wire.trailing")
