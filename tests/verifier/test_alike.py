"""An entry that is read by a pattern is what the strict reader says, and what the strict reader refuses is never read by one."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaration.errors import DeclarationError
from declaration.procedure.replay import check_form
from declaration.protocol.entry import Entry, parse_entry
from declaration.verifier import alike
from declaration.verifier.alike import Patterns
from tests.verifier import forge as f

ZEROS = "0" * 64
WORDS = ("", "x", "az", "organization", "ə", "\\", '"', "\x00", "\x1f", "\x7f", "\u2028", "\ud800", ZEROS, f"7:{ZEROS}", f"01:{ZEROS}")


def strictly(raw: bytes) -> Entry | None:
    """The entry, if it is one and its body has the form of its type."""
    try:
        entry = parse_entry(raw)
        check_form(entry.statement)
    except DeclarationError:
        return None
    return entry


def same(one: Entry, other: Entry) -> bool:
    return tuple(one) == tuple(other) and tuple(one.statement) == tuple(other.statement)


def learned(lines: list[bytes]) -> Patterns:
    patterns = Patterns()
    for raw in lines:
        entry = strictly(raw)
        if entry is not None and patterns.read(raw) is None:
            patterns.learn(entry)
    return patterns


def agrees(patterns: Patterns, raw: bytes) -> bool:
    """Whether the pattern read it; never without the strict reader, and never anything else."""
    read, entry = patterns.read(raw), strictly(raw)
    if read is not None:
        assert entry is not None
        assert same(read, entry)
    return read is not None


@cache
def of_a_record() -> tuple[list[bytes], Patterns]:
    entries = f.signed().entries
    return entries, learned(entries)


@pytest.fixture
def lines() -> list[bytes]:
    return of_a_record()[0]


@pytest.fixture
def patterns() -> Patterns:
    return of_a_record()[1]


def test_what_was_learned_is_read(lines: list[bytes], patterns: Patterns) -> None:
    assert all(agrees(patterns, raw) for raw in lines)


def test_what_nobody_has_seen_is_read_by_the_pattern(patterns: Patterns) -> None:
    forge = f.signed()
    for number in range(3):
        forge.enrol(f"new-{number}", "hu")
    for number in range(3):
        forge.sign(f"new-{number}", content=forge.content(f"person {number}"))
    assert all(agrees(patterns, raw) for raw in forge.entries[-9:])


def test_nothing_is_read_without_a_pattern(lines: list[bytes]) -> None:
    assert Patterns().read(lines[-1]) is None


def test_words_beyond_ascii_are_read(patterns: Patterns) -> None:
    forge = f.signed()
    named = {"country": "az", "name": "Təşkilat — №1", "registration": "Ə-1"}
    forge.enrol("named", organization=named)
    first = forge.entries[-2]
    known = learned([*f.signed().entries, first])
    assert agrees(known, first)
    assert agrees(known, first.replace("Təşkilat".encode(), "Ассоциация".encode()))
    for bad in (b"\x01", b"\\", b"\xff", b"\xed\xa0\x80", b"\\u0041"):
        assert not agrees(known, first.replace("Təşkilat".encode(), bad))


@given(st.randoms(use_true_random=False), st.data())
@settings(max_examples=400, deadline=None)
def test_changed_lines_are_read_as_the_strict_reader_reads_them(random: Random, data: st.DataObject) -> None:
    entries, known = of_a_record()
    raw = data.draw(st.sampled_from(entries))
    for _ in range(data.draw(st.integers(1, 3))):
        raw = changed(raw, random, entries)
    agrees(known, raw)


def changed(raw: bytes, random: Random, entries: list[bytes]) -> bytes:
    """One change: a byte, a piece between quotation marks, two pieces swapped, a piece of another entry."""
    kind = random.randrange(6)
    if kind == 0:
        place = random.randrange(len(raw))
        return raw[:place] + bytes([random.randrange(256)]) + raw[place + random.randrange(2) :]
    parts = raw.split(b'"')
    place = random.randrange(len(parts))
    if kind == 1:
        parts[place] = random.choice(WORDS).encode("utf-8", "surrogatepass")
    elif kind == 2:
        other = random.randrange(len(parts))
        parts[place], parts[other] = parts[other], parts[place]
    elif kind == 3:
        parts[place] = random.choice(random.choice(entries).split(b'"'))
    elif kind == 4:
        del parts[place : place + random.choice((1, 2, 4))]
    else:
        parts[place:place] = parts[place : place + random.choice((2, 4))]
    return b'"'.join(parts)


def test_a_member_given_twice_is_not_read(lines: list[bytes], patterns: Patterns) -> None:
    raw = lines[-1].replace(b'"log":', b'"declaration":"x","log":')
    assert not agrees(patterns, raw)


def test_a_word_of_another_form_is_not_read(patterns: Patterns) -> None:
    raw = next(each for each in f.signed().entries if b'"type":"endorsement.sign-v1"' in each)
    content = raw[raw.index(b'"content":"') + 11 :][:64]
    for bad in (content.upper(), content[:-1], content + b"0", b"g" * 64, b""):
        if bad != content:
            assert not agrees(patterns, raw.replace(content, bad, 1))


def test_no_more_patterns_than_may_be(lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_PATTERNS", 2)
    known = learned(lines)
    assert sum(agrees(known, raw) for raw in lines) < len(lines)


def test_an_entry_of_too_many_bytes_is_not_read() -> None:
    forge = f.opened()
    long = "x" * 290
    first = forge.statement("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("a", organization=named(long)))
    forge.record(first, forge.signature(first, "secretariat.one"))
    known = learned([forge.entries[-1]])
    assert agrees(known, forge.entries[-1])
    assert not agrees(known, forge.entries[-1].replace(long.encode(), b"x" * 40_000))
    assert not agrees(known, forge.entries[-1].replace(long.encode(), b"x" * 70_000))


def named(name: str) -> dict[str, str]:
    return {"country": "az", "name": name, "registration": "1"}
