r"""Checkpoints: what the log claims to contain, and since when it cannot deny it.

The text is three lines, each ended by U+000A; the whole is a signed note (:mod:`.note`)::

    declaration.example/forum                          origin, which is also the name of the log's key
    42                                                 tree size in entries, canonical decimal
    nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=       root hash, base64 of 32 bytes

    — declaration.example/forum m2kXESwq…

Profile of c2sp.org/tlog-checkpoint: no extension lines, and the root of size 0 is the empty tree's. The service signs nothing
else, and never two roots for one size; whoever holds two such checkpoints holds the proof that it lied.

>>> Checkpoint("declaration.example/forum", 0, EMPTY_ROOT).text
'declaration.example/forum\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'
"""

from __future__ import annotations

from dataclasses import dataclass

from declaration.errors import Malformed, ProofInvalid
from declaration.protocol import note as notes
from declaration.protocol.encoding import b64decode, b64encode, decode_decimal
from declaration.protocol.merkle import EMPTY_ROOT
from declaration.protocol.note import NoteSigner, NoteVerifier


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A claim: the first ``size`` entries of log ``origin`` have this root.

    :param root: 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root)}\n"


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """The three lines of a checkpoint, checked by reading them back."""
    if parse_checkpoint(checkpoint.text) != checkpoint:
        raise Malformed("a checkpoint that would not read as it was written", code="checkpoint.form")
    return checkpoint.text


def parse_checkpoint(text: str) -> Checkpoint:
    """Parse the three lines; nothing may follow."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Malformed("a checkpoint is three lines", code="checkpoint.form")
    checkpoint = Checkpoint(lines[0], decode_decimal(lines[1]), b64decode(lines[2]))
    if len(checkpoint.root) != 32 or (checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT):
        raise Malformed("a checkpoint with a root that cannot be", code="checkpoint.root")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> bytes:
    """The signed note of a checkpoint. The caller makes sure that this size was never signed with another root."""
    if signer.name != checkpoint.origin:
        raise Malformed("a log signs under its own origin", code="checkpoint.origin")
    return notes.sign(format_checkpoint(checkpoint), signer)


def open_checkpoint(note: bytes, verifier: NoteVerifier) -> Checkpoint:
    """The checkpoint in a note that the log's key has signed.

    :raises SignatureInvalid: when the log's signature is missing or wrong.
    :raises ProofInvalid: ``checkpoint.origin`` when it is another log's.
    """
    checkpoint = parse_checkpoint(notes.verify(note, verifier).text)
    if checkpoint.origin != verifier.name:
        raise ProofInvalid("a checkpoint of another log", code="checkpoint.origin")
    return checkpoint
