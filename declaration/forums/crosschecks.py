"""What must fit together in a forum's description, beyond the form of each field.

Each check gives the path of the value that is wrong and a reason; :mod:`declaration.forums.importing` finds its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from declaration.errors import Malformed
from declaration.forums.description import DelegationsFile, ForumFile
from declaration.procedure.rules import rules_form

Found = tuple[tuple[str | int, ...], str]

# Two read each language: who translated a text does not certify it.
TRANSLATORS_NEEDED = 2


def delegation_problems(file: DelegationsFile) -> list[Found]:
    """Repeated ids and orders that are not an order of these delegations."""
    ids = [one.id for one in file.delegations]
    found: list[Found] = [(("delegations", index, "id"), f"{id_} is there twice") for index, id_ in _repeated(ids)]
    orders: dict[tuple[str, ...], list[str]] = {("protocol_order",): file.protocol_order}
    orders |= {("alphabetical", code): order for code, order in file.alphabetical.items()}
    for path, order in orders.items():
        if missing := sorted(set(ids) - set(order)):
            found.append((path, f"leaves out {', '.join(missing)}"))
        if strange := sorted(set(order) - set(ids)):
            found.append((path, f"names {', '.join(strange)}, which is no delegation here"))
        found.extend(((*path, index), f"{id_} is there twice") for index, id_ in _repeated(order))
    return found


def forum_problems(forum: ForumFile, delegations: DelegationsFile) -> list[Found]:
    """Whatever would make a forum that cannot work."""
    return [problem for check in _CHECKS for problem in check(forum, delegations)]


def _languages(forum: ForumFile, delegations: DelegationsFile) -> Iterator[Found]:
    for field, code in (("original", forum.original), ("prevailing", forum.prevailing)):
        if forum.languages.get(code) != "authentic":
            yield (field,), f"{code} is not one of the authentic languages"
    authentic = sorted(code for code, status in forum.languages.items() if status == "authentic")
    for field, words in (("title", forum.title), ("short_title", forum.short_title), ("city", forum.city)):
        for code in authentic:
            if code not in words:
                yield (field,), f"is missing in {code}"
    for index, one in enumerate(delegations.delegations):
        for field, words in (("name", one.name), ("tag", one.tag)):
            if forum.original not in words:
                yield ("delegations",), f"{delegations.delegations[index].id} has no {field} in {forum.original}"


def _rules(forum: ForumFile, delegations: DelegationsFile) -> Iterator[Found]:
    try:
        rules_form(forum.rules.model_dump())
    except Malformed as error:
        yield ("rules",), error.message
    if forum.rules.quorum > len(delegations.delegations):
        yield ("rules", "quorum"), f"is larger than the number of delegations, {len(delegations.delegations)}"
    if forum.rules.version != 1:
        yield ("rules", "version"), "the rules in a constitution are version 1"


def _schedule(forum: ForumFile, _delegations: DelegationsFile) -> Iterator[Found]:
    for (before, earlier), (name, moment) in pairwise(forum.schedule):
        if moment <= earlier:
            yield ("schedule", name), f"is not after {before}"


def _parties(forum: ForumFile, delegations: DelegationsFile) -> Iterator[Found]:
    people = forum.people
    taken = Counter(one.id.lower() for one in delegations.delegations) + Counter(("chair", "depositary"))
    for group, officers in (("secretariat", people.secretariat), ("translators", people.translators), ("observers", people.observers)):
        for index, one in enumerate(officers):
            if taken[one.party]:
                yield ("people", group, index, "party"), f"{one.party} is somebody else already"
            taken[one.party] += 1
    names = Counter(one.name for one in people.secretariat)
    for name, times in names.items():
        if times > 1:
            yield ("people", "secretariat"), f"{name} is there twice; acts of two persons need two"


def _translators(forum: ForumFile, _delegations: DelegationsFile) -> Iterator[Found]:
    by_language = Counter(one.language for one in forum.people.translators)
    for code, status in sorted(forum.languages.items()):
        if status == "authentic" and code != forum.original and by_language[code] < TRANSLATORS_NEEDED:
            yield ("people", "translators"), f"{code} needs two translators, who check each other; there is {by_language[code]}"
    for index, one in enumerate(forum.people.translators):
        if one.language not in forum.languages or one.language == forum.original:
            yield ("people", "translators", index, "language"), f"nothing is translated into {one.language} here"


def _site(forum: ForumFile, _delegations: DelegationsFile) -> Iterator[Found]:
    if (forum.web_origins is None) != (forum.rp_id is None):
        yield ("web_origins",) if forum.rp_id is None else ("rp_id",), "web_origins and rp_id stand together or not at all"
    for index, origin in enumerate(forum.web_origins or ()):
        host = urlsplit(origin).hostname or ""
        if forum.rp_id and host != forum.rp_id and not host.endswith(f".{forum.rp_id}"):
            yield ("web_origins", index), f"a passkey for {forum.rp_id} does not work there"


_CHECKS: tuple[Callable[[ForumFile, DelegationsFile], Iterator[Found]], ...] = (
    _languages, _rules, _schedule, _parties, _translators, _site,
)  # fmt: skip


def _repeated(values: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index, value
        seen.add(value)
