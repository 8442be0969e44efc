r"""One file that convicts a log: two checkpoints that it has signed and that cannot both be true.

UTF-8 text of five parts, separated by one empty line each; no part contains an empty line::

    declaration-equivocation@v1
    root 3v0vVnVPPFLPZ5LcUGdKlUaBy6n4fJ7vpiMFZIhTLTk=       only where the sizes differ: what the second checkpoint says
    GpKakAOKOPmXQ9Ezi0DwQlt8NWoGf8MwS9I+SLxmQeQ=            of the first one's size, and the consistency proof for that

    declaration.example/forum                               the checkpoint of the smaller size (or root, where sizes are equal)
    41
    nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=

    — declaration.example/forum m2kXESwq…

    declaration.example/forum                               the other one
    77
    V3ktOl2Bo+G0sNy3hwPqlYGpRlLpAB1cfSMR36jYvqA=

    — declaration.example/forum m2kXESwq…

It proves equivocation, to anybody with the log's key and nothing else, when

1. both checkpoints are signed by the log's key and name its origin;
2. where the sizes are equal: the roots differ, and the first part is its header alone;
3. where they differ: the consistency proof leads from ``root``, at the first size, to the second checkpoint, and ``root`` is not the
   first checkpoint's. A tree has one root at each size, so the log has signed one history and then another.

Two sizes of one honest log can never be made into such a file: its second checkpoint leads to the first one's root and to no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from declaration.errors import Malformed, ProofInvalid
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from declaration.protocol.encoding import b64decode, b64encode
from declaration.protocol.merkle import verify_consistency
from declaration.protocol.note import NoteVerifier

HEADER = "declaration-equivocation@v1"
MAX_BYTES = 160 * 1024
MAX_PROOF = 128


@dataclass(frozen=True, slots=True)
class Equivocation:
    """A parsed file: well formed, not yet verified.

    :param first: the signed note of the smaller size.
    :param second: the other one.
    :param root: what the second says of the first one's size; None where the sizes are equal.
    :param proof: the consistency proof from ``root`` to the second.
    :param raw: the exact bytes.
    """

    first: bytes
    second: bytes
    root: bytes | None
    proof: tuple[bytes, ...]
    raw: bytes = field(repr=False)


def build_equivocation(one: bytes, other: bytes, *, root: bytes | None = None, proof: Sequence[bytes] = ()) -> bytes:
    """Put the file together from two signed notes, in either order; refuses what would not read back.

    :param root: the root that the larger checkpoint's tree has at the smaller one's size, where the sizes differ.
    :param proof: the consistency proof between these sizes in that tree.
    """
    first, second = sorted((one, other), key=lambda note: (_claim(note).size, _claim(note).root))
    lines = [HEADER]
    if root is not None:
        lines += [f"root {b64encode(root)}", *map(b64encode, proof)]
    raw = "\n".join([*lines, "", ""]).encode() + first + b"\n" + second
    made = parse_equivocation(raw)
    if (made.first, made.second, made.root, made.proof) != (first, second, root, tuple(proof)):
        raise Malformed("a file that would not read as it was written", code="equivocation.form")
    return raw


def parse_equivocation(raw: bytes) -> Equivocation:
    """Parse strictly; every other spelling is :class:`Malformed`."""
    if len(raw) > MAX_BYTES:
        raise Malformed("a proof of equivocation of more than 160 KiB", code="equivocation.form")
    parts = raw.split(b"\n\n")
    if len(parts) != 5 or any(part.startswith(b"\n") for part in parts) or not raw.endswith(b"\n"):
        raise Malformed("a proof of equivocation has five parts", code="equivocation.form")
    header, *rest = _utf8(parts[0]).split("\n")
    if header != HEADER or (rest and not rest[0].startswith("root ")) or len(rest) > MAX_PROOF:
        raise Malformed("not a proof of equivocation of version 1", code="equivocation.form")
    hashes = [b64decode(line.removeprefix("root ") if place == 0 else line) for place, line in enumerate(rest)]
    if any(len(item) != 32 for item in hashes):
        raise Malformed("a hash that has not 32 bytes", code="equivocation.form")
    first, second = parts[1] + b"\n\n" + parts[2] + b"\n", parts[3] + b"\n\n" + parts[4]
    smaller, larger = _claim(first), _claim(second)
    if (smaller.size, smaller.root) > (larger.size, larger.root) or (smaller.size == larger.size) is bool(rest):
        raise Malformed("checkpoints in another order, or with a proof that is out of place", code="equivocation.form")
    return Equivocation(first, second, hashes[0] if hashes else None, tuple(hashes[1:]), raw)


def verify_equivocation(file: Equivocation, verifier: NoteVerifier) -> tuple[Checkpoint, Checkpoint]:
    """Return both checkpoints when the file proves that this log has signed two histories.

    :param verifier: the log's key, from a source other than the file.
    :raises SignatureInvalid: the log has not signed one of them.
    :raises ProofInvalid: ``equivocation.none`` when both can be true; ``checkpoint.origin``, ``proof.*``.
    """
    first, second = open_checkpoint(file.first, verifier), open_checkpoint(file.second, verifier)  # 1
    if file.root is not None:  # 3
        verify_consistency(first.size, second.size, file.root, second.root, file.proof)
    if first.root == (second.root if file.root is None else file.root):  # 2, 3
        raise ProofInvalid("both checkpoints can be true: they prove nothing", code="equivocation.none")
    return first, second


def _claim(note: bytes) -> Checkpoint:
    """What an unverified note says."""
    text, separator, _ = _utf8(note).partition("\n\n")
    if not separator:
        raise Malformed("a checkpoint without signatures", code="equivocation.form")
    return parse_checkpoint(text + "\n")


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("a proof of equivocation that is not UTF-8", code="equivocation.form") from None
