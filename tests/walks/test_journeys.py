"""Every step of the twelve journeys: taken, refused where it must be, and kept in the record. No step is skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from declaration.procedure import consequences
from declaration.procedure.replay import advance, check, new_state, replay
from declaration.procedure.state import State
from declaration.procedure.tables import TRANSITIONS
from declaration.protocol.encoding import format_time
from declaration.verifier.standalone import verify_html
from tests.secondopinion import opinions
from tests.support.browser import serving
from tests.walks.acting import CHAIR, DOING
from tests.walks.auditing import ROOT, bundle, figures_on, policy, root_of_trust
from tests.walks.calendar import scheduled
from tests.walks.evidence import DIRECTIONS, Evidence
from tests.walks.looking import LOOKING
from tests.walks.refusals import DEPARTING, REFUSALS
from tests.walks.steps import SIGNATORIES, STEPS, Step

pytestmark = pytest.mark.timeout(300)  # the first test on each database waits for the whole walk

ALSO = {"not_started": ("not_started", "outdated")}
"""Languages are kept paragraph by paragraph: for a new version a language does not begin again from nothing."""

ACTS = [name for name, step in STEPS.items() if step.act in DOING and not step.refused and name not in DEPARTING]
FOLLOW = [name for name, step in STEPS.items() if step.machine and step.act not in DOING and not step.refused and name not in DEPARTING]
REFUSED = [name for name, step in STEPS.items() if step.refused]
OBSERVED = [name for name, step in STEPS.items() if not step.machine]


def row_of(step: Step) -> list:
    return [row for row in TRANSITIONS if (row.machine, row.name) == (step.machine, step.transition)]


def led_on(step: Step) -> set[str]:
    """What follows from an act at once: what it makes of a signature that is received, each of which is a step of its own."""
    rows = (row for row in TRANSITIONS if row.machine == step.machine and step.after in row.before)
    return {row.after for row in rows if f"{step.act}-v1" in row.follows}


def taken(evidence: Evidence, name: str):
    assert name in evidence.taken, f"the walk ended before this step, at {evidence.failed}"
    return evidence.taken[name]


def test_every_step_is_in_the_calendar_once_and_has_somebody_who_does_it() -> None:
    planned = [name for _, name in scheduled() if name not in DIRECTIONS]
    assert sorted(planned) == sorted(STEPS)
    for name in FOLLOW:
        assert any(row.follows for row in row_of(STEPS[name])), f"{name}: nobody does it, and it follows from nothing"
    for name in OBSERVED:
        assert name in LOOKING, f"{name}: nobody looks"
    assert set(REFUSED) == set(REFUSALS)
    assert len(ACTS) + len(FOLLOW) + len(REFUSED) + len(OBSERVED) + len(DEPARTING) == len(STEPS) == 194
    assert len(DEPARTING) == 2


def test_hours_never_run_backwards_and_steps_on_one_thing_keep_their_order() -> None:
    hours = [moment for moment, _ in scheduled()]
    assert hours == sorted(hours)
    order = [name for _, name in scheduled()]
    for journey in {name.partition(".")[0] for name in STEPS}:
        things: dict[tuple[str, str], list[int]] = {}
        for name, step in STEPS.items():
            if name.startswith(f"{journey}.") and step.machine:
                things.setdefault((step.machine, step.instance), []).append(order.index(name))
        for places in things.values():
            assert places == sorted(places)


def test_the_walk_reached_its_end(evidence: Evidence) -> None:
    assert evidence.failed == ""


@pytest.mark.parametrize("name", ACTS)
def test_a_step_is_taken_and_kept(evidence: Evidence, name: str) -> None:
    step, found = STEPS[name], taken(evidence, name)
    assert found.before in ALSO.get(step.before or "", (step.before,))
    assert found.after in {step.after, *led_on(step)}
    rows = row_of(step)
    if any(row.recorded for row in rows):
        acts = [evidence.record[index] for index in found.entries]
        mine = [act for act in acts if act.type == f"{step.act}-v1"]
        assert mine, "the record has no entry of this step"
        by = mine[-1].statement.by
        assert (by.role, by.party) == (step.person.role, step.person.party)
    else:
        assert list(found.entries) == [], "what stays inside is not in the record"


@pytest.mark.parametrize("name", FOLLOW)
def test_a_consequence_follows_from_what_was_recorded(evidence: Evidence, name: str) -> None:
    step, found = STEPS[name], taken(evidence, name)
    assert list(found.entries) == []
    turns = evidence.trail[step.machine, step.instance]
    by_act = {f"{row.machine}.{row.name}-v1": row for row in TRANSITIONS if row.machine == step.machine}
    causes = [
        turn.cause
        for last, turn in pairwise(turns)
        if turn.status == step.after and (last.status == step.before or (turn.cause in by_act and by_act[turn.cause].after == step.before))
    ]
    assert causes, [turn.status for turn in turns]
    allowed = {type_ for row in row_of(step) for type_ in row.follows}
    assert set(causes) <= allowed


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_which_rule_changes_nothing_and_was_of_this_person_at_this_moment(evidence: Evidence, name: str) -> None:
    expected, found = REFUSALS[name], taken(evidence, name)
    assert found.told is not None
    assert (found.told.code, found.told.status) == (expected.code, expected.status)
    assert any(words in found.told.words for words in expected.says.split("|"))
    assert found.page == expected.page
    assert list(found.entries) == []
    assert found.same
    if expected.then.startswith("before "):
        assert _was_allowed_before(evidence, STEPS[name], expected.then.removeprefix("before "))
    else:
        assert taken(evidence, expected.then).entries


@pytest.mark.parametrize("name", DEPARTING)
def test_a_step_that_is_taken_otherwise_is_refused_at_once_and_changes_nothing(evidence: Evidence, name: str) -> None:
    expected, found = DEPARTING[name], taken(evidence, name)
    assert (found.told.code, found.told.status) == (expected.code, expected.status) if found.told else expected.code == ""
    assert (list(found.entries), found.same, found.before) == ([], True, found.after)
    assert expected.because


def _was_allowed_before(evidence: Evidence, step: Step, moment: str) -> bool:
    """The same act of the same person, asked of the procedure as the record stood before another step."""
    from dataclasses import replace

    from declaration.protocol.statement import By, Statement

    first = evidence.taken[moment].entries[0]
    with evidence.walk.app.app_context():
        from declaration.credentials.states import current
        from declaration.web.transaction import unit_of_work

        with unit_of_work() as session:
            library = current(session, evidence.walk.forum(session)).library
            state = replay(evidence.record[0].statement.log, evidence.record[:first], library)
            key = next(key for key in state.keys.values() if (key.role, key.party) == (step.person.role, step.person.party))
            like = evidence.record[first].statement
            by = By(key.fingerprint, step.person.party, step.person.role)
            statement = Statement(
                type=f"{step.act}-v1", by=by, declaration=like.declaration, log=like.log, nonce="", object=state.current, seen=like.seen,
                body={"content": "0" * 64}, raw=b"", digest="0" * 64,
            )  # fmt: skip
            check(state, replace(evidence.record[first], statement=statement))
    return True


@pytest.mark.parametrize("name", OBSERVED)
def test_what_is_observed_was_looked_at(evidence: Evidence, name: str) -> None:
    assert taken(evidence, name).entries is not None


def test_the_record_replays_to_the_state_that_the_pages_showed(evidence: Evidence) -> None:
    with evidence.walk.app.app_context():
        from declaration.credentials.states import current
        from declaration.web.transaction import unit_of_work

        with unit_of_work() as session:
            state = current(session, evidence.walk.forum(session))
            again = replay(state.origin, evidence.record, state.library)
    assert again == state
    assert consequences.brackets(again) == []


def test_the_register_as_at_any_moment_is_the_record_replayed_so_far(evidence: Evidence) -> None:
    """Every second of the record, and on the page some that matter."""
    from declaration.credentials.states import current
    from declaration.web.transaction import unit_of_work

    walk, then = evidence.walk, {}
    with walk.app.app_context(), unit_of_work() as session:
        state = current(session, walk.forum(session))
        so_far = new_state(state.origin, state.library)
        for act in evidence.record:
            advance(so_far, act)
            if so_far.window is not None:
                then[act.at] = consequences.totals(so_far)
        assert {moment: consequences.totals(state, as_at=moment) for moment in then} == then
    assert len(then) > 60
    for name in ("J9.8", "J9.18", "J10.4", "J10.8", "J12.3", "J12.4"):
        moment = evidence.record[evidence.taken[name].entries[-1]].at
        shown = walk.page(CHAIR, f"register?at={format_time(moment)}")
        assert figures_on(shown) == {**named(state, then[moment].counted), "Total": then[moment].total}, name


def named(state: State, counts: Mapping[str, int]) -> dict[str, int]:
    return {names["en"]: counts[country] for country, names in state.known.delegations.items()}


def test_a_monitor_over_http_finds_nothing_wrong_and_tells_an_organization_what_was_done_in_its_name(evidence: Evidence) -> None:
    """The head that it followed is the bundle's; the thief's withdrawal is among what it would have told the same night."""
    walk, state = evidence.walk, evidence.walk.folder / "monitor"
    party = SIGNATORIES["Kárpát"].party
    given = ["--state", str(state), "--policy", str(policy(walk)), "--constitution", root_of_trust(walk), "--watch", party]
    with serving(walk.app) as address:
        command = [sys.executable, "-m", "declaration.monitor", f"{address}/log/{walk.slug}", "--once", "--json", *given]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr, {each["kind"] for each in said}) == (3, "", {"followed", "watched"}), done.stdout
    told = [each["code"] for each in said if each["kind"] == "watched"]
    assert {"accredit-v1", "key.suspend-v1", "revoke-v1"} <= set(told)
    done_to_it = ["set_aside_withdrawal", "question", "release"]
    signatures = [f"endorsement.{each}-v1" for each in ("sign", "withdraw", *done_to_it)]
    assert [each for each in told if each.startswith("endorsement.")] == signatures
    kept = json.loads((state / "state.json").read_bytes())
    assert kept["replayed"] == walk.state.size


def test_the_page_from_disk_agrees_with_the_verifier_on_the_whole_record(evidence: Evidence, browser: Browser) -> None:
    """Signatures, accessions, what is listed apart, withdrawn, set aside and corrected; and on what an auditor changed."""
    walk = evidence.walk
    path, root = bundle(walk), root_of_trust(walk)
    (walk.folder / "verify.html").write_bytes(verify_html())
    with browser.new_context(offline=True, locale="en-GB") as context:
        tab = context.new_page()
        tab.goto((walk.folder / "verify.html").as_uri())
        ours, page = opinions.python(path, constitution=root), opinions.page(tab, path, constitution=root)
        assert (ours.status, page.status, page.totals) == (0, 0, ours.totals)
        letter, removed = (opinions.page(tab, walk.folder / f"{name}.zip", constitution=root) for name in ("letter", "removed"))
    assert (letter.status, "OP7 in az" in letter.said) == (1, True)
    gone = walk.state.endorsements[walk.named["E3"]].index
    assert (removed.status, f"entry {gone}" in removed.said.lower()) == (1, True)
