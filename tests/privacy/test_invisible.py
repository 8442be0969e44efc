"""Invariant 10: nobody outside can read, count, search or infer what a delegation does inside."""

from __future__ import annotations

import logging
import re

import pytest

from tests.drafts.play import SLUG
from tests.privacy.twins import INSIDE, OTHERS, SECRET, Twin, places
from tests.privacy.work import Inside, to_adoption

UNITS = ("OP1", "OP2", "PP1", "T", "OP99")
KNOWN = {
    "unit": UNITS,
    "lang": ("az", "hu", "en"),
    "a": ("ZD",),
    "b": ("ZD",),
    "version": ("ZD", "final"),
    "name": ("AM-001", "AM-002", "AM-003", "AM-004"),
    "endorsements.raw_file.name": ("statement.json",),
    "step": ("agree", "confirm", "freeze", "present", "adopt"),
    "position": ("1",),
    "number": ("1", "2"),
    "enrolment_id": ("1", "2", "13"),
    "token": ("nobody",),
    "handle": ("nobody",),
    "place": ("0/000", "0/000.p/15", "entries/000", "entries/000.p/15", "1/000"),
}
QUERIES = (
    "/log/{0}/consistency?old=3&new=12",
    "/{0}/register?q=kz",
    "/{0}/register?q=year",
    "/{0}/text?text=az",
    "/{0}/paragraphs/OP1/propose?op=delete",
)


def addresses(twin: Twin, inside: Inside) -> list[str]:
    """Everything that can be asked for, the private addresses too: they are answered as if they were not there."""
    drafts = tuple(each.rpartition("/")[2] for each in inside.drafts)
    assert drafts
    with twin.play("what is recorded") as play:
        recorded = tuple(play.state.digests)
    known = {**KNOWN, "draft_id": (*drafts, "never-was"), "digest": recorded[-3:]}
    return places(twin.app, known, (*recorded[1:4], "1")) + [each.format(SLUG) for each in QUERIES]


@pytest.mark.parametrize("who", OTHERS, ids=lambda who: "-".join(who) if who else "nobody")
def test_everything_that_others_get_is_the_same_to_the_byte(played, who):
    quiet, busy, inside = played
    paths = addresses(quiet, inside)
    one, other = quiet.look(who, paths), busy.look(who, paths)
    answered = sum(status == 200 for status, _headers, _body in one.values())
    assert answered > 5, "the walk has seen hardly anything"
    differing = {path: _difference(one[path], other[path]) for path in paths if one[path] != other[path]}
    assert differing == {}
    for path, (_status, _headers, body) in other.items():
        assert SECRET.encode() not in body, path


def test_the_walk_does_see_what_is_meant_for_others(pair):
    quiet, busy = pair
    for number, audience in enumerate(("own", "all")):
        busy.chance.begin(f"word {number}")
        busy.browser(INSIDE[0]).post(f"/{SLUG}/paragraphs/OP1/comments", data={"text": "A word.", "audience": audience})
        paths = [f"/{SLUG}/paragraphs/OP1", f"/{SLUG}/home", f"/{SLUG}/messages"]
        for who in (("az", "head"), ("chair", "chair"), ("guest", "observer")):
            assert (quiet.look(who, paths) == busy.look(who, paths)) is (audience == "own"), (who, audience)


def test_the_record_is_the_same_to_the_byte(played):
    quiet, busy, _inside = played
    found = []
    for twin in (quiet, busy):
        with twin.play("read") as play:
            found.append((play.state.size, dict(play.state.digests), SECRET in repr(play.state)))
    assert found[0] == found[1]
    assert found[0][2] is False


def test_the_ids_that_others_are_given_are_the_same(played):
    """A number that grows with what others do would differ in the address of the next draft, key or device."""
    for who in (("hu", "head"), ("az", "head")):
        given = []
        for twin in played[:2]:
            browser = twin.browser(who)
            found = []
            for path, data in ((f"/{SLUG}/paragraphs/OP2/propose", {"text": "Invite nobody;", "key": "x"}), (f"/{SLUG}/keys/begin", {})):
                twin.chance.begin(f"{who} is given {path}")
                found.append(browser.post(path, data=data).headers.get("Location"))
            given.append(found)
        assert given[0] == given[1]
        assert given[0][0]


def test_after_adoption_the_public_and_the_bundle_tell_nothing_either(pair):
    quiet, busy = pair
    inside = Inside(busy)
    inside.everything()
    for twin in pair:
        to_adoption(twin)
    paths = addresses(quiet, inside)
    for who in (None, ("ngo-1", "signatory"), ("az", "head")):
        one, other = quiet.look(who, paths), busy.look(who, paths)
        assert {path: _difference(one[path], other[path]) for path in paths if one[path] != other[path]} == {}, who
        assert one[f"/{SLUG}/bundle.zip"][0] == 200


# -- logs ----------------------------------------------------------------------------------------------------------------------


def test_no_line_of_the_log_tells_of_the_inside(pair, caplog):
    _quiet, busy = pair
    inside = Inside(busy)
    for who in INSIDE:
        busy.browser(who)
    with caplog.at_level(logging.INFO):
        caplog.clear()
        inside.drafts_and_notes()
        inside.comments()
        told = [record.getMessage() for record in caplog.records]
    lines = [line for line in told if "request" in line]
    assert not [line for line in told if SECRET in line or any(each.rpartition("/")[2] in line for each in inside.drafts)]
    # What is left are the pages that everybody reads: a paragraph, to see where the reply goes.
    assert {route for line in lines for route in re.findall(r"/<forum>/[^'\" ]*", line)} <= {"/<forum>/paragraphs/<unit>"}


def test_a_refused_look_at_a_draft_is_not_logged_either(pair, caplog):
    _quiet, busy = pair
    draft = Inside(busy).draft()
    stranger = busy.browser(("az", "head"))
    with caplog.at_level(logging.INFO):
        caplog.clear()
        assert stranger.get(draft).status_code == 404
        assert not [record for record in caplog.records if "drafts" in record.getMessage()]


def _difference(one: tuple, other: tuple) -> str:
    """Where two answers part, for whoever reads the failure."""
    if one[0] != other[0]:
        return f"status {one[0]} and {other[0]}"
    if one[1] != other[1]:
        return f"headers {set(one[1]) ^ set(other[1])}"
    at = next((place for place, (a, b) in enumerate(zip(one[2], other[2], strict=False)) if a != b), min(len(one[2]), len(other[2])))
    return f"{one[2][max(0, at - 80) : at + 80]!r} and {other[2][max(0, at - 80) : at + 80]!r}"
