r"""A receipt: what a signer keeps, and with which the record can be held to its word for ever.

One UTF-8 text file of six parts, separated by one empty line each; no part contains an empty line::

    declaration-receipt@v1
    {"at":"2025-11-24T18:02:11Z","signature":"…","statement":{…}}      the entry, exactly

    c2sp.org/tlog-proof@v1                                             from here to the end of the first signatures:
    index 41                                                           a C2SP tlog-proof
    GpKakAOKOPmXQ9Ezi0DwQlt8NWoGf8MwS9I+SLxmQeQ=                       the audit path, leaf to root

    declaration.example/forum                                          the checkpoint that the proof leads to
    77
    V3ktOl2Bo+G0sNy3hwPqlYGpRlLpAB1cfSMR36jYvqA=

    — declaration.example/forum m2kXESwq…

    declaration.example/forum                                          the checkpoint of the constitution: size 1, so
    1                                                                  its root is the leaf hash of entry 0
    nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=

    — declaration.example/forum m2kXESwq…

Verification, with the log's key and, from print or from a screen, the trust root:

1. both checkpoints are signed by the log's key and name its origin
2. the constitution's checkpoint has size 1, and its root is the trust root where one is given
3. the entry's leaf is at this index in the tree of the first checkpoint
4. the entry's statement was meant for this log

It does **not** say that the signature in the entry is valid (that takes the signer's key, :mod:`.sshsig`) nor that the tree begins
with the constitution: the bundle and its verifier say that. Whoever holds a receipt whose entry is missing from a later bundle
holds the proof, signed by the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from declaration.errors import Malformed, ProofInvalid
from declaration.protocol.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from declaration.protocol.encoding import b64decode, b64encode, decode_decimal
from declaration.protocol.entry import Entry, parse_entry
from declaration.protocol.merkle import verify_inclusion
from declaration.protocol.note import NoteVerifier

HEADER = "declaration-receipt@v1"
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
MAX_BYTES = 256 * 1024
MAX_PATH = 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """A parsed receipt: well formed, not yet verified. Two are equal when their bytes are.

    :param index: position of the entry in the record, from 0.
    :param proof: the audit path, hashes of 32 bytes, leaf to root.
    :param checkpoint: the signed note that the proof leads to.
    :param constitution: the signed note of size 1.
    :param raw: the exact bytes of the file.
    """

    entry: Entry = field(compare=False)
    index: int = field(compare=False)
    proof: tuple[bytes, ...] = field(compare=False)
    checkpoint: bytes = field(compare=False)
    constitution: bytes = field(compare=False)
    raw: bytes = field(repr=False)

    @property
    def tlog_proof(self) -> bytes:
        """The C2SP tlog-proof on its own, for other people's tools."""
        return _tlog_proof(self.index, self.proof, self.checkpoint)

    @property
    def claimed(self) -> Checkpoint:
        """The checkpoint as written, unverified: for showing, never for trusting."""
        text, _, _ = self.checkpoint.decode().partition("\n\n")
        return parse_checkpoint(f"{text}\n")


def build_receipt(*, entry: bytes, index: int, proof: Sequence[bytes], checkpoint: bytes, constitution: bytes) -> bytes:
    """Put a receipt together from exact bytes; refuses what would not read back."""
    raw = f"{HEADER}\n".encode() + entry + b"\n\n" + _tlog_proof(index, proof, checkpoint) + b"\n" + constitution
    receipt = parse_receipt(raw)
    if (receipt.entry.raw, receipt.checkpoint, receipt.constitution) != (entry, checkpoint, constitution):
        raise Malformed("a receipt that would not read as it was written", code="receipt.form")
    return raw


def parse_receipt(raw: bytes) -> Receipt:
    """Parse strictly; every other spelling is :class:`Malformed`."""
    if len(raw) > MAX_BYTES:
        raise Malformed("a receipt of more than 256 KiB", code="receipt.form")
    parts = raw.split(b"\n\n")
    if len(parts) != 6 or any(part.startswith(b"\n") for part in parts) or not raw.endswith(b"\n"):
        raise Malformed("a receipt has six parts", code="receipt.form")
    header, separator, line = parts[0].partition(b"\n")
    if header != HEADER.encode() or not separator:
        raise Malformed("not a receipt of version 1", code="receipt.form", instead="Choose the file saved after signing.")
    index, proof = _parse_proof(parts[1])
    checkpoint = parts[2] + b"\n\n" + parts[3] + b"\n"
    constitution = parts[4] + b"\n\n" + parts[5]
    for note in (parts[2], parts[4]):
        parse_checkpoint(_utf8(note) + "\n")
    _utf8(raw)
    return Receipt(parse_entry(line), index, proof, checkpoint, constitution, raw)


def verify_receipt(receipt: Receipt, verifier: NoteVerifier, *, constitution: str | None = None) -> tuple[Entry, int]:
    """Return the entry and its index when the receipt proves that the log contains it.

    :param verifier: the log's key, from a source other than the receipt.
    :param constitution: the trust root in hex, the leaf hash of entry 0, where the reader has it.
    :raises SignatureInvalid: when a checkpoint is not signed by the log.
    :raises ProofInvalid: when the proof leads elsewhere, or to another forum.
    """
    checkpoint = open_checkpoint(receipt.checkpoint, verifier)  # 1
    first = open_checkpoint(receipt.constitution, verifier)
    if first.size != 1 or (constitution is not None and first.root.hex() != constitution):  # 2
        raise ProofInvalid("the receipt is of a record with another constitution", code="receipt.constitution")
    if receipt.index == 0 and receipt.entry.leaf != first.root:
        raise ProofInvalid("the receipt's constitution is not entry 0", code="receipt.constitution")
    verify_inclusion(receipt.entry.leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root)  # 3
    if receipt.entry.statement.log != checkpoint.origin:  # 4
        raise ProofInvalid("the act was meant for another forum", code="receipt.log")
    return receipt.entry, receipt.index


def _tlog_proof(index: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    lines = [PROOF_HEADER, f"index {index}", *(b64encode(item) for item in proof), "", ""]
    return "\n".join(lines).encode() + checkpoint


def _parse_proof(part: bytes) -> tuple[int, tuple[bytes, ...]]:
    lines = _utf8(part).split("\n")
    if len(lines) < 2 or lines[0] != PROOF_HEADER or not lines[1].startswith("index "):
        raise Malformed("a receipt without a tlog-proof", code="receipt.form")
    hashes = tuple(b64decode(line) for line in lines[2:])
    if len(hashes) > MAX_PATH or any(len(item) != 32 for item in hashes):
        raise Malformed("a proof is at most 64 hashes of 32 bytes", code="receipt.form")
    return decode_decimal(lines[1].removeprefix("index ")), hashes


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("a receipt that is not UTF-8", code="receipt.form") from None
