"""The register under whatever its people do: signing, withdrawing, losing keys, examining, in any order. What must hold is asked after
every act, and at the end what the register was after each act is read again from the whole record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.act import Act
from declaration.procedure.holdings import Endorsement
from declaration.procedure.replay import replay
from declaration.procedure.state import State
from declaration.protocol.encoding import format_time
from tests.procedure.bench import ORIGIN, Bench, digest_of, mandate, public

REASON = {"content": digest_of("reason")}
PARTIES = {"alone": "az", "branch": "az", "fund": "kz", "union": "hu", "pair": "kz", "person": "hu", "guest": "az"}
CAPACITY = {"person": "personal", "guest": "associated"}
STANDING = ("counted", "listed", "held", "withdrawn")
SHOWN = ("counted", "accessions", "withdrawn", "held", "refused", "annulled")


class Played(Bench):
    """A bench that keeps its acts, and what the register was after each second of them."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[Act] = []
        self.then: dict[Any, consequences.Totals] = {}
        self.stories: dict[str, tuple[Any, ...]] = {}

    def act(self, *given: Any, **named: Any) -> Act:
        act = super().act(*given, **named)
        self.acts.append(act)
        if self.state.window is not None:
            self.then[act.at] = consequences.totals(self.state)
            what_must_hold(self.state, self.acts)
            self.nothing_is_rewritten()
        return act

    def nothing_is_rewritten(self) -> None:
        """18: what an endorsement was stays; to each story something is added, and none ends."""
        now = {digest: each.story for digest, each in self.state.endorsements.items()}
        for digest, story in self.stories.items():
            assert now[digest][: len(story)] == story
        assert [each.position for each in self.state.endorsements.values()] == list(range(1, len(now) + 1))
        self.stories = now


def what_must_hold(state: State, acts: Sequence[Act]) -> None:
    """1, 16, 17, 19."""
    signed = {act.digest: act for act in acts if act.type == "endorsement.sign-v1"}
    assert set(state.endorsements) == set(signed)
    standing = Counter(each.party for each in state.endorsements.values() if each.status in STANDING)
    assert max(standing.values(), default=1) == 1, "16: one for an organization"
    for digest, each in state.endorsements.items():
        assert signed[digest].object == state.adopted, "1: nothing but the adopted text is signed"
        assert (each.status == "counted") <= (each.capacity == "organization"), "17: persons are never counted"
        _of_a_stolen_key(state, each, acts)
    found = consequences.totals(state)
    organizations = [each for each in state.endorsements.values() if each.capacity == "organization"]
    by_country = Counter(
        ("accessions" if each.status == "counted" and each.kind == "accession" else each.status, each.country) for each in organizations
    )
    for status in SHOWN:
        rows = getattr(found, status)
        for country in state.known.delegations:
            assert rows[country] == by_country[status, country], "17: each country is the sum of its own"
    assert found.received == len(state.endorsements), "17: all of them, whatever became of them"


def _of_a_stolen_key(state: State, each: Endorsement, acts: Sequence[Act]) -> None:
    """19: from the hour on nothing counts that nobody released; what was signed before the hour is not held for its key."""
    key = state.keys[each.key]
    if key.invalid_from is None:
        return
    released = any(act.type == "endorsement.release-v1" and act.object == each.digest for act in acts)
    if each.at >= key.invalid_from:
        assert released or each.status not in ("counted", "listed")
    else:
        assert "key" not in each.doubts


def begun() -> Played:
    bench = Played()
    bench.open(days=3)
    for party, country in PARTIES.items():
        bench.enrol(party, country, capacity=CAPACITY.get(party, "organization"), mandate=mandate(joint=party == "pair"))
    body = bench.signatory("pair", "kz", key=public("other").openssh, mandate=mandate(joint=True))
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, body)
    bench.act("secretariat.two", "second-v1", first.digest)
    return bench


def sign(bench: Played, random: Random) -> None:
    party = random.choice(list(PARTIES))
    kind = "accession" if consequences.stage(bench.state, bench.now) == "accession_open" else "signature"
    bench.sign(party, capacity=CAPACITY.get(party, "organization"), kind=kind)


def on_a_signature(bench: Played, random: Random) -> None:
    """Whatever somebody may try on one of them."""
    each = random.choice(list(bench.state.endorsements.values()))
    what = random.choice(("withdraw", "question", "release", "refuse", "annul", "set_aside_withdrawal"))
    who = f"signatory.{each.party}" if what == "withdraw" else "depositary.keeper"
    bench.act(who, f"endorsement.{what}-v1", each.digest, REASON)


def countersign(bench: Played, random: Random) -> None:
    body = {name: value for name, value in bench.endorsement().items() if name in ("language", "texts", "content")}
    bench.act("signatory.pair", "endorsement.countersign-v1", bench.state.by_party["pair"], body, key="other")


def lose_a_key(bench: Played, random: Random) -> None:
    key = bench.state.keys[public(f"signatory.{random.choice(list(PARTIES))}").fingerprint].accreditation
    since = bench.now - timedelta(hours=random.randrange(20))
    body = {"reason": "compromised", "invalid_from": format_time(since), "successor": None, **REASON}
    first = bench.act("secretariat.one", "revoke-v1", key, body)
    bench.act("secretariat.two", "second-v1", first.digest)


def dispute(bench: Played, random: Random) -> None:
    each = random.choice(list(bench.state.organizations.values()))
    what = random.choice(("suspend", "reinstate", "object", "concur"))
    who = f"head.{each.country}" if what in ("object", "concur") else "secretariat.one"
    bench.act(who, f"organization.{what}-v1", each.digest, {} if what == "concur" else REASON)


DEEDS = (sign, sign, sign, on_a_signature, on_a_signature, on_a_signature, countersign, lose_a_key, dispute)


def play(seed: int, steps: int = 60) -> Played:
    bench, random = begun(), Random(seed)
    for _ in range(steps):
        bench.now += timedelta(seconds=random.choice((0, 1, 3600, 3 * 3600)))
        try:
            random.choice(DEEDS)(bench, random)
        except (DeclarationError, IndexError, KeyError):
            continue  # refused, or there is nothing yet to do it to
    return bench


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_register_as_at_any_moment_is_what_it_was_then(seed: int) -> None:
    bench = play(seed)
    for moment, then in bench.then.items():
        assert consequences.totals(bench.state, as_at=moment) == then, moment
    assert replay(ORIGIN, bench.acts, bench.library.get) == bench.state


def test_what_is_drawn_comes_to_everything() -> None:
    """Otherwise what must hold would hold of nothing."""
    statuses: set[str] = set()
    types: set[str] = set()
    for seed in range(12):
        bench = play(seed)
        statuses |= {status for each in bench.state.endorsements.values() for _, status in each.story}
        types |= {act.type.removesuffix("-v1") for act in bench.acts}
    assert statuses == {"counted", "listed", "held", "withdrawn", "refused", "annulled"}
    assert {"endorsement.set_aside_withdrawal", "endorsement.countersign", "endorsement.release", "organization.suspend"} <= types
