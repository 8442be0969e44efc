"""Mutants of bundles: of the file, of its members, of its entries, of what the log signs, of the archive's structure."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from declaration.protocol.bundle import INDEX
from tests.attacks.registry.zips import Row, written
from tests.fuzz.scramble import scrambled, scrambled_json, shuffled
from tests.secondopinion.cases import signed
from tests.verifier import forge as f


@cache
def bases() -> tuple[f.Forge, ...]:
    """Honest records: one of sixteen entries, and one in which organizations have signed and one has withdrawn."""
    return f.second_reading(), signed()


@cache
def honest(place: int) -> tuple[f.Members, bytes]:
    """The members and the archive of one of them, with an earlier checkpoint beside the newest."""
    forge = bases()[place]
    members = {**forge.members(), "checkpoints/5": forge.checkpoint(5)}
    return members, f.packed(members, size=len(forge.entries))


def mutant(how: random.Random) -> tuple[str, int, bytes]:
    """What was done, to which base, and the archive that it gave."""
    place = how.choices((0, 1), (3, 2))[0]
    name = how.choice(list(KINDS))
    return name, place, KINDS[name](how, place)


def _file(how: random.Random, place: int) -> bytes:
    data = honest(place)[1]
    for _ in range(how.choice((1, 1, 2, 8))):
        data = scrambled(data, how, honest(1 - place)[1])
    return data


def _member(how: random.Random, place: int) -> bytes:
    """One member's bytes changed, and an index that agrees."""
    members = dict(honest(place)[0])
    name = how.choice(sorted(members))
    members[name] = scrambled(members[name], how, members[how.choice(sorted(members))])
    return _packed(members, place)


def _members(how: random.Random, place: int) -> bytes:
    """Members left out, added, renamed, exchanged, and an index that agrees."""
    members = dict(honest(place)[0])
    one, other = how.choice(sorted(members)), how.choice(sorted(members))
    kind = how.randrange(4)
    if kind == 0:
        del members[one]
    elif kind == 1:
        members[one], members[other] = members[other], members[one]
    elif kind == 2:
        members[f"{one.rpartition('/')[0]}/{'0' * 64}".lstrip("/") + how.choice(("", ".json", ".txt"))] = members[other]
    else:
        members[how.choice((f"checkpoints/{how.randrange(60)}", f"versions/{'0' * 64}/manifest.json", "contents/x.json"))] = members[other]
    return _packed(members, place)


def _structure(how: random.Random, place: int) -> bytes:
    """The structure of a manifest's or a document's JSON changed; under its name, or under the hash that it then has."""
    members = dict(honest(place)[0])
    name = how.choice([each for each in sorted(members) if each.endswith(".json")])
    members[name] = scrambled_json(members[name], how)
    return _packed(members, place)


def _signed_entry(how: random.Random, place: int) -> bytes:
    """One entry changed, and the log signs it all again, or not."""
    forge = bases()[place]
    entries = list(forge.entries)
    at = how.randrange(len(entries))
    entries[at] = scrambled_json(entries[at], how) if how.random() < 0.6 else scrambled(entries[at], how, entries[at - 1])
    return _rebuilt(how, place, entries)


def _order(how: random.Random, place: int) -> bytes:
    entries = shuffled(bases()[place].entries, how)
    return _rebuilt(how, place, entries)


def _note(how: random.Random, place: int) -> bytes:
    """The log signs another checkpoint than its own."""
    forge, members = bases()[place], dict(honest(place)[0])
    size = how.randrange(1, len(forge.entries) + 1)
    members[how.choice(("checkpoint", "checkpoints/5", f"checkpoints/{size}"))] = forge.checkpoint(size)
    if how.random() < 0.3:
        members["checkpoint"] = scrambled(members["checkpoint"], how)
    return _packed(members, place, how.choice((size, len(forge.entries))))


def _headers(how: random.Random, place: int) -> bytes:
    """The archive written exactly as the format has it, with other attributes, names, sizes, orders, places."""
    rows = [Row(name, raw) for name, raw in _with_index(place).items()]
    rows.sort(key=lambda row: row.name)
    for _ in range(how.choice((1, 1, 2))):
        at = how.randrange(len(rows))
        row, kind = rows[at], how.randrange(8)
        if kind == 0:
            rows[at] = replace(row, attributes=how.choice((0, 0o120777 << 16, 0o40755 << 16, 0xFFFFFFFF, 0o104755 << 16)))
        elif kind == 1:
            rows[at] = replace(row, method=how.choice((8, 12, 99, 0xFFFF)))
        elif kind == 2:
            rows[at] = replace(row, size=how.choice((0, len(row.content) + 1, 0x7FFFFFFF, 0xFFFFFFFF)))
        elif kind == 3:
            names = ("../" + row.name, "/" + row.name, row.name.upper(), row.name + "/", "a\0b", "", "x" * 200)
            rows[at] = replace(row, name=how.choice(names))
        elif kind == 4:
            rows.insert(how.randrange(len(rows)), replace(row, content=how.choice((row.content, b"x" * 40))))
        elif kind == 5:
            rows.insert(how.randrange(len(rows)), Row(f"zz{at}", row.content, at=row.name))
        elif kind == 6:
            del rows[at]
        else:
            how.shuffle(rows)
        if not rows:
            break
    return written(rows)


def _numbers(how: random.Random, place: int) -> bytes:
    """One field of one header set to a number that somebody did not expect."""
    data = bytearray(honest(place)[1])
    magic, fields = how.choice(((b"PK\x03\x04", 30), (b"PK\x01\x02", 46), (b"PK\x05\x06", 22)))
    starts = [at for at in range(len(data) - 4) if data[at : at + 4] == magic]
    at = how.choice(starts) + how.randrange(4, fields)
    form, numbers = how.choice((("<H", (0, 1, 8, 0xFFFF)), ("<I", (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)), ("<B", (0, 1, 0xFF))))
    value = struct.pack(form, how.choice(numbers))
    data[at : at + len(value)] = value
    return bytes(data)


_SOME_DAY = (2025, 11, 24, 18, 30, 0)
"""Other programs write the hour; a mutant is to be the same at every hour."""


def _ordinary(how: random.Random, place: int) -> bytes:
    """An ordinary program packs it again, compressed or with bombs, comments, links and doubles."""
    stream, kind = io.BytesIO(), how.randrange(6)
    method = how.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", method) as target:
        warnings.simplefilter("ignore")
        for name, raw in _with_index(place).items():
            target.writestr(zipfile.ZipInfo(name) if kind else zipfile.ZipInfo(name, _SOME_DAY), raw, method)
        if kind == 1:
            target.comment = b"comment"
        elif kind == 2:
            target.writestr(zipfile.ZipInfo("bomb", _SOME_DAY), bytes(how.choice((1 << 16, 1 << 22))), zipfile.ZIP_DEFLATED)
        elif kind == 3:
            target.writestr(zipfile.ZipInfo("policy", _SOME_DAY), b"log x\n")
        elif kind == 4:
            target.writestr(zipfile.ZipInfo("../../evil", _SOME_DAY), b"x")
    data = stream.getvalue()
    return how.choice((data, honest(place)[1] + data, data + honest(place)[1], data[: how.randrange(len(data))]))


def _index(how: random.Random, place: int) -> bytes:
    """``bundle.json`` itself, changed as JSON or as bytes, in an archive whose headers agree."""
    members = _with_index(place)
    raw = members[INDEX]
    members[INDEX] = scrambled_json(raw, how) if how.random() < 0.7 else scrambled(raw, how)
    return written([Row(name, each) for name, each in sorted(members.items())])


def _with_index(place: int) -> f.Members:
    with zipfile.ZipFile(io.BytesIO(honest(place)[1])) as source:
        return {name: source.read(name) for name in source.namelist()}


def _rebuilt(how: random.Random, place: int, entries: list[bytes]) -> bytes:
    members = honest(place)[0]
    if how.random() < 0.15:
        return _packed({**members, "entries.jsonl": b"".join(raw + b"\n" for raw in entries)}, place)
    made = f.rebuilt(members, entries)
    if how.random() < 0.8:
        made.pop("checkpoints/5")
    return f.packed(made, size=len(entries))


def _packed(members: f.Members, place: int, size: int | None = None) -> bytes:
    try:
        return f.packed(members, size=len(bases()[place].entries) if size is None else size)
    except Exception:  # names that the honest writer refuses are written by the attacker's
        return written([Row(name, raw) for name, raw in sorted({**_with_index(place), **members}.items())])


KINDS: dict[str, Callable[[random.Random, int], bytes]] = {
    "bytes of the file": _file,
    "bytes of a member": _member,
    "members": _members,
    "structure of JSON": _structure,
    "an entry": _signed_entry,
    "another entry": _signed_entry,
    "order of entries": _order,
    "checkpoints": _note,
    "headers": _headers,
    "numbers in headers": _numbers,
    "packed by another program": _ordinary,
    "the index": _index,
}
