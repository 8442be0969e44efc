"""What the text engine costs and how often it errs: ``python -m bench.text [redline|proposals|triples|collisions|peers ...]``.

redline     ours against the bare character redline of diff-match-patch (diff and semantic clean-up), by size; a full rewrite, by size
proposals   one paragraph with 500 proposals, and 60 paragraphs with 1,000: rolling text and rebase against as many bare diffs; growth
triples     1,500 random triples (base, two amendments): right, conflict, WRONG, for ours and for merge3 on tokens
collisions  growth of the search, and how many times faster than comparing every pair at 800
peers       the same pairs by other means: a JavaScript diff, difflib, RapidFuzz alone; time, words cut, islands left

Peers that are not installed are named and left out; :mod:`bench.peers` says how to install them. Ratios are ours / theirs,
so less is better. Exit status 1 where a goal is missed.
"""

from __future__ import annotations

import itertools
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from diff_match_patch import diff_match_patch

from bench import ratio as measure
from bench.peers import node_environment, python_peer
from bench.ratio import Ratio
from bench.text.alike import Marked, Pairs, by_difflib, by_rapidfuzz, islands
from bench.text.corpus import WORDS, edit, paragraph, rewritten
from declaration.text.collisions import collisions, touching
from declaration.text.edits import Edit, Replace
from declaration.text.ground import Ground
from declaration.text.merge import merge
from declaration.text.rebase import rebase
from declaration.text.redline import MAX_CHARACTERS, redline, splices_between
from declaration.text.rolling import Proposal, rolling
from declaration.text.splices import Splice, apply_splices
from declaration.text.tokens import is_word, tokens
from declaration.text.units import UnitText, unit_hash

# Nothing here waits for anything, so the time is that of this process alone.
ratio = partial(measure.ratio, clock=time.process_time)
growth = partial(measure.growth, clock=time.process_time)

missed: list[str] = []


def goal(name: str, value: float, limit: float, note: str = "", *, least: bool = False) -> None:
    kept = value >= limit if least else value <= limit
    if not kept:
        missed.append(name)
    print(f"  {'goal kept' if kept else 'GOAL MISSED'}: {name}: {value:.2f} ({'at least' if least else 'at most'} {limit}) {note}")


def spread(found: Ratio) -> str:
    return f"quartiles {found.low:.2f} to {found.high:.2f}"


def characters(pairs: Pairs) -> list[list[tuple[int, str]]]:
    """The bare character redline: what a service gets from the library as it is."""
    differ = diff_match_patch()
    result = []
    for old, new in pairs:
        found = differ.diff_main(old, new)
        differ.diff_cleanupSemantic(found)
        result.append(found)
    return result


def words_cut(old: str, pieces: Sequence[tuple[int, str]]) -> int:
    """Words of the old text that a mark's edge runs through."""
    edges, position = set(), 0
    for op, text in pieces:
        if op <= 0:
            edges.add(position)
            position += len(text)
    starts = itertools.accumulate((len(token) for token in tokens(old)), initial=0)
    return sum(
        any(edge in edges for edge in range(start + 1, start + len(token)))
        for start, token in zip(starts, tokens(old), strict=False)
        if is_word(token)
    )


OPS = {"equal": 0, "delete": -1, "insert": 1, "move": 1}


def ours(old: str, new: str) -> list[tuple[int, str]]:
    return [(OPS[change.op], change.text) for change in redline(old, new)]


# -- redline -----------------------------------------------------------------


def bench_redline() -> None:
    print("redline against the character redline of the same pairs (48 of each size)")
    rng = random.Random(7)
    everything: list[tuple[str, str]] = []
    print("  characters    changes    ours / bare    words cut: ours, bare")
    few, many = (1, 6), (10, 20)
    sizes = ((300, few), (600, few), (900, few), (1200, few), (1500, few), (3000, few), (3000, many), (6000, few), (6000, many))
    for size, changes in sizes:
        pairs = [(base, edit(rng, base, rng.randint(*changes))) for base in (paragraph(rng, size) for _ in range(48))]
        found = ratio(lambda pairs=pairs: [redline(old, new) for old, new in pairs], lambda pairs=pairs: characters(pairs))
        cut = sum(words_cut(old, ours(old, new)) for old, new in pairs)
        bare = sum(words_cut(old, made) for (old, _), made in zip(pairs, characters(pairs), strict=True))
        over = "" if found.median <= 0.6 else "    over 0.6"
        print(f"  {size:10}    {changes[0]:2} to {changes[1]:2}   {found.median:11.2f}    {cut}, {bare}{over}")
        everything += pairs if size <= 1500 else []
    found = ratio(lambda: [redline(old, new) for old, new in everything], lambda: characters(everything))
    goal("G5 redline / bare character redline", found.median, 0.6, spread(found))
    goal("G5 words cut", sum(words_cut(old, ours(old, new)) for old, new in everything), 0)
    lossy = sum(apply_splices(old, splices_between(old, new)) != new for old, new in everything)
    goal("G5 pairs that do not apply", lossy, 0)

    print("a paragraph rewritten completely, up to the bound")
    lengths = (1500, 3000, 6000, 12_000, 24_000, 48_000, MAX_CHARACTERS)
    made = {size: rewritten(random.Random(size), size) for size in lengths}
    grown = growth(lambda size: lambda: redline(*made[size]), lengths, rounds=3)
    for size, taken in grown.seconds.items():
        print(f"  {size:10}    {taken / grown.seconds[lengths[0]]:8.1f} times the first")
    goal("G5 growth of a full rewrite", grown.exponent, 1.3)


# -- proposals ---------------------------------------------------------------


OWNERS = ("AZ", "TR", "KZ", "UZ", "KG", "TM", "HU")


def proposals_on(base: Sequence[UnitText], count: int, seed: int) -> list[Proposal]:
    rng = random.Random(seed)
    made = []
    for number in range(count):
        unit = base[number % len(base)]
        splices = splices_between(unit.text, edit(rng, unit.text, rng.randint(1, 2)))
        edits: tuple[Edit, ...] = (Replace(unit.id, unit_hash(unit.text), tuple(splices)),) if splices else ()
        made.append(Proposal(f"AM/{number:04}", (rng.choice(OWNERS),), edits, whole=False))
    return made


def text_of(paragraphs: int, length: int) -> list[UnitText]:
    rng = random.Random(paragraphs)
    return [UnitText(f"OP{number}", "operative", paragraph(rng, length)) for number in range(1, paragraphs + 1)]


def bench_proposals() -> None:
    for paragraphs, length, count in ((1, 1500, 500), (60, 600, 1000)):
        print(f"{paragraphs} paragraph(s) of {length} characters with {count} proposals")
        base = text_of(paragraphs, length)
        texts = {unit.id: unit.text for unit in base}
        open_ones = proposals_on(base, count, 3)
        new = [UnitText(unit.id, unit.kind, edit(random.Random(9), unit.text, 2)) for unit in base]
        pairs = [
            (texts[edit_.unit], apply_splices(texts[edit_.unit], edit_.splices))
            for one in open_ones
            for edit_ in one.edits
            if isinstance(edit_, Replace)
        ]

        def diffs(pairs: Pairs = pairs) -> None:
            for old, changed in pairs:
                splices_between(old, changed)

        def all_rebased(base: list[UnitText] = base, new: list[UnitText] = new, made: list[Proposal] = open_ones) -> None:
            ground = Ground(base, new)
            for one in made:
                rebase(one.edits, ground)

        found = ratio(lambda base=base, made=open_ones: rolling(base, made), diffs, rounds=3)
        goal("G6 rolling text / as many diffs", found.median, 1.2, spread(found))
        found = ratio(all_rebased, diffs, rounds=3)
        goal("G7 rebase of all / as many diffs", found.median, 1.3, spread(found))
        sizes = [count // 8, count // 4, count // 2, count]
        lists = {size: proposals_on(base, size, 3) for size in sizes}
        named = {size: by_unit(lists[size]) for size in sizes}
        for what, make in (
            ("rolling text", lambda size, base=base, lists=lists: lambda: rolling(base, lists[size])),
            ("collisions", lambda size, named=named, texts=texts: lambda: [collisions(texts[u], n) for u, n in named[size].items()]),
            ("rebase", lambda size, base=base, new=new, lists=lists: lambda: all_rebased(base, new, lists[size])),
        ):
            grown = growth(make, sizes, rounds=3)
            table = ", ".join(f"{size}: {taken / grown.seconds[sizes[0]]:.1f}" for size, taken in grown.seconds.items())
            goal(f"growth of {what}", grown.exponent, 1.3, f"times the first: {table}")


def by_unit(made: Sequence[Proposal]) -> dict[str, dict[str, Sequence[Splice]]]:
    named: dict[str, dict[str, Sequence[Splice]]] = {}
    for one in made:
        for edit_ in one.edits:
            if isinstance(edit_, Replace):
                named.setdefault(edit_.unit, {})[one.name] = edit_.splices
    return named


# -- triples -----------------------------------------------------------------

Merge = Callable[[str, str, str], str | None]


def triple(rng: random.Random, kind: str) -> tuple[str, str, str, str | None]:
    """Base, two amendments, and the one right text; ``None`` where only a conflict is right."""
    sentences = [" ".join(rng.choices(WORDS, k=rng.randint(10, 16))) + "." for _ in range(4)]
    at = rng.randrange(3)
    words = sentences[at].split(" ")
    place = rng.randrange(2, len(words) - 5)
    changed = [*words[:place], f"changed{rng.randrange(99)}", *words[place + 1 :]]
    mine = [*sentences[:at], " ".join(changed), *sentences[at + 1 :]]
    theirs, both = list(sentences), None
    if kind == "disjoint":
        other = words[:]
        other[place + 3] = f"other{rng.randrange(99)}"
        theirs[at] = " ".join(other)
        both = [*mine[:at], " ".join([*changed[: place + 3], other[place + 3], *changed[place + 4 :]]), *mine[at + 1 :]]
    elif kind == "same words":
        theirs[at] = " ".join([*words[:place], f"other{rng.randrange(99)}", *words[place + 1 :]])
    elif kind == "next word":
        theirs[at] = " ".join([*words[: place + 1], f"other{rng.randrange(99)}", *words[place + 2 :]])
    elif kind == "neighbour removed":
        del theirs[at + 1]
        both = [*mine[: at + 1], *mine[at + 2 :]]
    else:
        del theirs[at]
    return " ".join(sentences), " ".join(mine), " ".join(theirs), None if both is None else " ".join(both)


KINDS = ("disjoint", "same words", "next word", "neighbour removed", "target removed")


def by_ours(base: str, mine: str, theirs: str) -> str | None:
    made: dict[str, list[Edit]] = {
        name: [Replace("p", unit_hash(base), tuple(splices_between(base, new)))] for name, new in (("A", mine), ("B", theirs))
    }
    merged = merge([UnitText("p", "operative", base)], made)
    return merged.units[0].text if merged.status == "clean" else None


def by_merge3() -> Merge | None:
    library = python_peer("merge3")
    if library is None:
        return None

    def run(base: str, mine: str, theirs: str) -> str | None:
        groups = list(library.Merge3(tokens(base), tokens(mine), tokens(theirs)).merge_groups())
        return None if any(group[0] == "conflict" for group in groups) else "".join("".join(group[1]) for group in groups)

    return run


def bench_triples() -> None:
    print("1,500 triples, 300 of each kind: right / conflict / WRONG (a conflict is right where nothing else can be)")
    peers: dict[str, Merge | None] = {"ours": by_ours, "merge3 on tokens": by_merge3()}
    for name, run in peers.items():
        if run is None:
            print(f"  {name}: not installed, left out")
            continue
        wrong = refused = 0
        for kind in KINDS:
            rng, counts = random.Random(11), Counter[str]()
            for _ in range(300):
                base, mine, theirs, right = triple(rng, kind)
                got = run(base, mine, theirs)
                counts["conflict" if got is None else "right" if got == right else "WRONG"] += 1
            print(f"  {name:18} {kind:18} {counts['right']:4} / {counts['conflict']:4} / {counts['WRONG']:4}")
            wrong += counts["WRONG"]
            refused += counts["conflict"] if kind in ("disjoint", "neighbour removed") else 0
        if name == "ours":
            goal("G8 wrong texts", wrong, 0)
            goal("G8 conflicts where there is none", refused, 0)


# -- collisions ----------------------------------------------------------------


def scattered(count: int) -> tuple[str, dict[str, list[Splice]]]:
    """A long text and proposals spread over it, so that what collides grows with their number and no faster."""
    rng = random.Random(count)
    words = rng.choices(WORDS, k=10 * count)
    starts = [0, *itertools.accumulate(len(word) + 1 for word in words)]
    named: dict[str, list[Splice]] = {}
    for number in range(count):
        places = sorted(rng.sample(range(0, len(words) - 1, 2), 2))
        named[f"AM/{number:04}"] = [(starts[place], starts[place] + len(words[place]), f"new{number}") for place in places]
    return " ".join(words), named


def pairwise(base: str, named: dict[str, list[Splice]]) -> list[tuple[str, str]]:
    found = []
    for one, other in itertools.combinations(sorted(named), 2):
        if any(s != t and touching(base, s, t) for s in named[one] for t in named[other]):
            found.append((one, other))
    return found


def bench_collisions() -> None:
    print("collisions among proposals spread over a text")
    sizes = (200, 400, 800, 1600, 3200)
    made = {size: scattered(size) for size in sizes}
    grown = growth(lambda size: lambda: collisions(*made[size]), sizes, rounds=15)
    for size, taken in grown.seconds.items():
        print(f"  {size:10} proposals    {taken / grown.seconds[sizes[0]]:8.1f} times the first, {len(collisions(*made[size]))} found")
    goal("G9 growth of the search", grown.exponent, 1.3)
    found = ratio(lambda: pairwise(*made[800]), lambda: collisions(*made[800]), rounds=3)
    goal("G9 times faster than every pair at 800", found.median, 10, spread(found), least=True)


# -- peers -------------------------------------------------------------------

JAVASCRIPT = """
const {diffWordsWithSpace} = require("diff");
const pairs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const run = () => pairs.map(([a, b]) => diffWordsWithSpace(a, b).map(p => [p.removed ? -1 : p.added ? 1 : 0, p.value]));
for (let i = 0; i < 20; i++) run();
const times = [];
for (let i = 0; i < 15; i++) { const t = process.hrtime.bigint(); run(); times.push(Number(process.hrtime.bigint() - t) / 1e9); }
console.log(JSON.stringify([times.sort((x, y) => x - y)[7], run()]));
"""


def bench_peers() -> None:
    rng = random.Random(5)
    pairs = [(base, edit(rng, base, 5)) for base in (paragraph(rng, 500) for _ in range(20))]
    print("20 pairs of 500 characters, 5 changes each: time / ours, words cut, changes, islands of small words and commas, lossy pairs")

    def report(name: str, times: float, marked: Marked) -> None:
        cut = sum(words_cut(old, made) for (old, _), made in zip(pairs, marked, strict=True))
        lossy = sum(
            "".join(t for op, t in made if op <= 0) != old or "".join(t for op, t in made if op >= 0) != new
            for (old, new), made in zip(pairs, marked, strict=True)
        )
        changes = sum(op != 0 for made in marked for op, _ in made)
        print(f"  {name:28} {times:6.2f}   {cut:4}   {changes:4}   {islands(marked):4}   {lossy:2}")

    def own() -> Marked:
        return [ours(old, new) for old, new in pairs]

    report("ours", 1.0, own())
    report("diff-match-patch characters", ratio(lambda: characters(pairs), own).median, characters(pairs))
    report("difflib on our tokens", ratio(lambda: by_difflib(pairs), own).median, by_difflib(pairs))
    report("RapidFuzz on our tokens", ratio(lambda: by_rapidfuzz(pairs), own).median, by_rapidfuzz(pairs))
    javascript(pairs, own, report)


def javascript(pairs: Pairs, own: Callable[[], Marked], report: Callable[[str, float, Marked], None]) -> None:
    node = shutil.which("node")
    done = None
    if node:
        command = [node, "-e", JAVASCRIPT]
        given = json.dumps(pairs)
        done = subprocess.run(command, input=given, env=node_environment(), capture_output=True, text=True, timeout=120, check=False)
    if done is None or done.returncode:
        print(f"  jsdiff words: not installed (node: {node or 'absent'}), left out")
        return
    taken, marked = json.loads(done.stdout)
    mine = min(measure.seconds(own) for _ in range(7))
    report("jsdiff words (warm)", taken / mine, [[(op, text) for op, text in made] for made in marked])


BENCHES = {
    "redline": bench_redline,
    "proposals": bench_proposals,
    "triples": bench_triples,
    "collisions": bench_collisions,
    "peers": bench_peers,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        BENCHES[name]()
        print()
    if missed:
        print(f"missed: {', '.join(missed)}")
    sys.exit(1 if missed else 0)
