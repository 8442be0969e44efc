"""``docs/threats.md``, written from the registry: attack, who could do it, what catches it, what builds it."""

from __future__ import annotations

from itertools import groupby

from declaration.verifier.report import TITLES
from tests.attacks.registry import ATTACKS, LINES, Attack
from tests.attacks.registry.kinds import By, Caught

PAGE, SCRIPT = frozenset({1, 2, 3, 4, 5, 8, 9}), frozenset({1, 2, 3, 4})
"""The checks that verify.html and verify.sh run too. tests/secondopinion demands that they find there what the verifier finds."""

BUILT = "tests/attacks/test_registry.py"

HEAD = """# Threats

What somebody could try with the record, who could, and what catches it. Every row is built by the tests, from real keys and real bytes,
and given to whoever is named as catching it; this page is written from the same rows (`python -m tests.attacks > docs/threats.md`), and a
test compares. `anybody` is whoever can hand an auditor a file; the `operator` has the log's key, the database and the server; `network`
is whoever stands between a person and the service. Everybody has their own keys and nobody else's.

**check *n*** is a check of `python -m declaration.verifier` (below), with the code of its finding. *no bundle* is refused before any check,
with exit status 2. *shown* is not refused but stands in the report. *service* is the running service, asked by posting it the act;
`unchanged` is no refusal: it is taken for the act that stands in the record, and nothing is recorded. A check marked ʰ is run by
`verify.html` too, one marked ˢ by `verify.sh`, and both find it; where a row says *given*, the auditor holds that from elsewhere, and
without it the bundle agrees with itself.

"""

TAIL = """
What no check can catch is listed by every report, and in [verify.md](verify.md): a letter of mandate that is forged, two keys of one
person, a signing page that lies to its signer, and, without witnesses, times that are no more than the operator's word.
"""


def page() -> str:
    """The whole page."""
    checks = "".join(f"{number}. {title}\n" for number, title in TITLES.items())
    places = {line: number for number, line in enumerate(LINES)}
    ordered = sorted(ATTACKS, key=lambda each: places[each.line])
    tables = "".join(_table(line, list(rows)) for line, rows in groupby(ordered, key=lambda each: each.line))
    count = f"{len(ATTACKS)} attacks on {len(LINES)} lines.\n"
    return f"{HEAD}{checks}\n{count}{tables}{TAIL}"


def _table(line: str, rows: list[Attack]) -> str:
    title = LINES[line]
    head = f"\n## {title[0].upper()}{title[1:]}\n\n| attack | who could | what catches it |\n|---|---|---|\n"
    return head + "".join(f"| {_cell(each.name)} | {', '.join(each.who)} | {'; '.join(_words(each))} |\n" for each in rows)


def _words(attack: Attack) -> list[str]:
    given = f" (given: {_given(attack)})" if attack.holding is not None else ""
    words = []
    for each in attack.caught:
        said = f"{_caught(each, attack)}{given if each.by is By.VERIFIER else ''}"
        if said not in words:
            words.append(said)
    return words


def _caught(each: Caught, attack: Attack) -> str:
    if each.by is By.VERIFIER and each.shown:
        return f"shown: `{each.code}`"
    if each.by is By.VERIFIER and each.check is None:
        return f"no bundle, `{each.code}` ʰ"
    if each.by is By.VERIFIER:
        return f"check {each.check}, `{each.code}`{_others(each.check or 0, attack)}"
    return f"{each.by}, `{each.code}`"


def _others(number: int, attack: Attack) -> str:
    """Which second opinions look there; neither reads receipts, and the script takes no older checkpoint."""
    given = set(attack.holding()) if attack.holding is not None else set()
    html = number in PAGE and "receipt" not in given
    shell = number in SCRIPT and not given & {"receipt", "since"}
    return (" ʰ" if html else "") + ("ˢ" if shell else "")


def _given(attack: Attack) -> str:
    names = {"constitution": "the root of trust", "policy": "the policy", "since": "a checkpoint", "receipt": "a receipt"}
    return " and ".join(names[each] for each in attack.holding()) if attack.holding is not None else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
