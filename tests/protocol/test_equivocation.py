"""One file that convicts a log: what it proves, and that an honest log can never be put into one."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import DeclarationError, Malformed, ProofInvalid, SignatureInvalid
from declaration.protocol.equivocation import build_equivocation, parse_equivocation, verify_equivocation
from declaration.protocol.note import NoteSigner
from tests.support.logs import LOG, MadeLog, key

honest = MadeLog().grow(16)
liar = honest.fork(5, 12)
SAME_SIZE = build_equivocation(honest.note(9), liar.note(9))
OTHER_SIZE = build_equivocation(honest.note(9), liar.note(14), root=liar.root(9), proof=liar.consistency(9, 14))


@pytest.mark.parametrize("raw", [SAME_SIZE, OTHER_SIZE], ids=["same size", "other size"])
def test_it_convicts(raw: bytes) -> None:
    one, other = verify_equivocation(parse_equivocation(raw), LOG.verifier)
    assert (one.size, one.root) != (other.size, other.root)
    assert raw.startswith(b"declaration-equivocation@v1\n")


@given(st.integers(1, 15), st.integers(1, 16), st.integers(0, 15))
def test_two_histories_are_found_at_any_two_sizes_behind_the_fork(small: int, large: int, fork: int) -> None:
    small, large = sorted((small, large))
    other = honest.fork(fork, 16 - fork)
    proof = {} if small == large else {"root": other.root(small), "proof": other.consistency(small, large)}
    raw = build_equivocation(honest.note(small), other.note(large), **proof)
    if small > fork:
        verify_equivocation(parse_equivocation(raw), LOG.verifier)
    else:
        with pytest.raises(ProofInvalid, match="prove nothing"):
            verify_equivocation(parse_equivocation(raw), LOG.verifier)


def test_an_honest_log_cannot_be_convicted() -> None:
    for small, large in combinations(range(1, 17), 2):
        for root in (honest.root(small), liar.root(min(small, 9)), bytes(32)):
            with pytest.raises(ProofInvalid):
                raw = build_equivocation(honest.note(small), honest.note(large), root=root, proof=honest.consistency(small, large))
                verify_equivocation(parse_equivocation(raw), LOG.verifier)


def test_a_checkpoint_against_itself() -> None:
    with pytest.raises(ProofInvalid, match="prove nothing"):
        verify_equivocation(parse_equivocation(build_equivocation(honest.note(9), honest.note(9))), LOG.verifier)


def test_another_key_and_another_origin() -> None:
    impostor = NoteSigner(LOG.name, key("not the log"))
    framed = build_equivocation(honest.note(9), liar.note(9, impostor))
    with pytest.raises(SignatureInvalid):
        verify_equivocation(parse_equivocation(framed), LOG.verifier)
    other = MadeLog(NoteSigner("declaration.example/another", LOG.private), list(liar.entries))
    same_key = build_equivocation(honest.note(9), other.note(9))
    with pytest.raises(DeclarationError):
        verify_equivocation(parse_equivocation(same_key), LOG.verifier)


def test_every_changed_byte_is_refused() -> None:
    for raw in (SAME_SIZE, OTHER_SIZE):
        for place in range(len(raw)):
            bad = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
            with pytest.raises(DeclarationError):
                verify_equivocation(parse_equivocation(bad), LOG.verifier)


PARTS = OTHER_SIZE.split(b"\n\n")
BAD = {
    "empty": b"",
    "another header": OTHER_SIZE.replace(b"@v1", b"@v2", 1),
    "cut": OTHER_SIZE[:-1],
    "more behind": OTHER_SIZE + b"\nmore\n",
    "an empty line more": OTHER_SIZE.replace(b"\n\n", b"\n\n\n", 1),
    "CRLF": OTHER_SIZE.replace(b"\n", b"\r\n"),
    "the larger first": b"\n\n".join([PARTS[0], PARTS[3], PARTS[4].rstrip(b"\n"), PARTS[1], PARTS[2] + b"\n"]),
    "no proof": OTHER_SIZE.replace(PARTS[0], PARTS[0].split(b"\n")[0]),
    "a proof where sizes are equal": SAME_SIZE.replace(b"@v1\n", b"@v1\nroot " + b"A" * 43 + b"=\n", 1),
    "a hash of 31 bytes": OTHER_SIZE.replace(b"root ", b"root AAAA\n", 1),
    "too long": OTHER_SIZE + b"x" * 200_000,
    "not UTF-8": OTHER_SIZE.replace(b"declaration.example", b"\xff\xfeclaration.example"),
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_other_spellings(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_equivocation(raw)
