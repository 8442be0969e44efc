"""Writes the page from the tables, the guards' own words, the rules and the rights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields

from declaration.procedure.departures import BEGINNINGS, DEPARTURES, ORDERS
from declaration.procedure.guards import GUARDS
from declaration.procedure.manual.invariants import INVARIANTS
from declaration.procedure.manual.peers import FEATURES, PEERS
from declaration.procedure.rights import READING
from declaration.procedure.rules import Rules
from declaration.procedure.tables import NAME, TRANSITIONS, Transition

MACHINES = {
    "": "The forum itself",
    "declaration": "The declaration",
    "draft_version": "Versions",
    "paragraph": "Paragraphs",
    "amendment": "Amendments",
    "silence": "Silence procedures",
    "comment_thread": "Comments",
    "confirmation": "Confirmations",
    "credential": "Credentials",
    "language_version": "Languages",
    "statement": "Statements",
    "organization": "Organizations",
    "mandate": "Mandates",
    "key": "Keys",
    "endorsement": "Endorsements",
    "paper": "Signatures on paper",
    "corrigendum": "Corrections",
}
ROLES = ("chair", "secretariat", "depositary", "translator", "head", "member", "signatory", "observer", "system")
READERS = ("chair", "secretariat", "depositary", "translator", "head", "member", "signatory", "observer", "public", "admin")
_CELLS = {"all": "●", "own": "own", "addressed": "addressed", "opened": "once opened", None: ""}

_HEAD = f"""# The rules of procedure `{NAME}`

Written by `python -m declaration.procedure procedure`; a test compares. The same tables are asked by the service before it writes an
entry and by the verifier when it reads one. The fields of each statement are described in [the table of statements](statements.md).

A transition is one of three kinds. **Signed**: an act of the record, by somebody's own key. **Private**: it stays inside a delegation,
the secretariat or a thread, and nobody else learns of it. **Follows**: it is computed from signed acts, their order and their hours,
and never recorded; no job has to run for it.

Times are the record's, in UTC, to the second. *Before* an hour is before its first instant: exactly at the hour is too late.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, "## Machines\n", *(_machine(name) for name in _machines()), _guards(), _matrix(), _reading(), _rules(), _departures(),
             _invariants(), _peers()]  # fmt: skip
    return "\n".join(parts)


def _machines() -> list[str]:
    found = dict.fromkeys(row.machine for row in TRANSITIONS)
    return sorted(found, key=lambda name: list(MACHINES).index(name))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def _machine(name: str) -> str:
    rows = [row for row in TRANSITIONS if row.machine == name]
    heading = f"### {MACHINES[name]}" + (f" (`{name}`)" if name else "") + "\n\n"
    return heading + _table(("transition", "from → to", "who", "how", "guards", "fields"), (_row(row) for row in rows))


def _row(row: Transition) -> tuple[str, ...]:
    before = " / ".join(row.before) or "·"
    guards = ", ".join(f"[{name}](#{_anchor(name)})" for name in row.guards)
    return (
        f"`{row.name}`",
        f"{before} → {row.after}",
        ", ".join(row.who),
        _how(row),
        guards or "–",
        ", ".join(f"`{each}`" for each in sorted(row.fields)) or "–",
    )


def _how(row: Transition) -> str:
    if row.recorded:
        return "signed"
    if row.follows:
        return "follows from " + ", ".join("the hour" if each == "time" else f"`{each.removesuffix('-v1')}`" for each in row.follows)
    return "follows" if row.who == ("system",) else "private"


def _anchor(name: str) -> str:
    return "guard-" + name.replace("_", "-")


def _guards() -> str:
    used = {name for row in TRANSITIONS for name in row.guards}
    rows = [(f'<a id="{_anchor(name)}"></a>`{name}`', _words(GUARDS[name].__doc__ or "")) for name in sorted(used)]
    return "## Guards, in words\n\n" + _table(("guard", "what it asks"), rows)


def _words(text: str) -> str:
    """A docstring on one line, as Markdown."""
    line = " ".join(text.split()).replace("|", "\\|")
    return re.sub(r":[a-z]+:`~?([^`]*)`", r"`\1`", line).replace("``", "`")


def _matrix() -> str:
    rows = []
    for machine in _machines():
        by_who: dict[tuple[str, ...], list[str]] = {}
        for row in TRANSITIONS:
            if row.machine == machine:
                by_who.setdefault(row.who, []).append(row.name)
        for who, names in by_who.items():
            acts = ", ".join(dict.fromkeys(names))
            rows.append((f"**{machine or 'forum'}**: {acts}", *("●" if role in who else "" for role in ROLES)))
    limits = (
        "\nA head acts for the own delegation alone, a member on drafts of the own delegation, a signatory for the own organization, a "
        "translator in the own language. Observers, auditors and administrators have no acts. `system` stands for what follows.\n"
    )
    return "## Who acts\n\n" + _table(("acts", *ROLES), rows) + limits


def _reading() -> str:
    rows = [(matter.replace("_", " "), *(_CELLS[cells.get(reader)] for reader in READERS)) for matter, cells in READING.items()]
    return "## Who reads\n\n" + _table(("matter", *READERS), rows)


def _rules() -> str:
    said = dict(re.findall(r":ivar (\w+): (.*?)(?=\n\s*:ivar|\Z)", Rules.__doc__ or "", re.DOTALL))
    rows = [(f"`{each.name}`", f"`{each.default}`", _words(said[each.name])) for each in fields(Rules)]
    text = "The Chair adopts them in the constitution; a change is their next version (`rules`).\n\n"
    return "## Parameters\n\n" + text + _table(("parameter", "default", "meaning"), rows)


def _departures() -> str:
    rows = [(f"`{'.'.join(filter(None, name))}`", reason) for name, reason in (*BEGINNINGS.items(), *DEPARTURES.items())]
    rows += list(ORDERS.items())
    text = "Where these tables differ from what conferences commonly do, as the reference model in `tests/oracles/model.json` has it.\n\n"
    return "## Departures from common practice\n\n" + text + _table(("where", "reason"), rows)


def _invariants() -> str:
    rows = [(str(each.number), each.says, "<br>".join(f"`{test}`" for test in each.shown)) for each in INVARIANTS]
    return "## What holds always\n\n" + _table(("", "invariant", "shown by"), rows)


def _peers() -> str:
    rows = [(each.name, *each.words, f"`{each.place}`", f"`{each.shown}`") for each in FEATURES]
    text = "As far as their published code and documents showed it when this was written; “–”: the question does not arise.\n\n"
    return "## Beside other tools\n\n" + text + _table(("feature", *PEERS, "here", "shown by"), rows)
