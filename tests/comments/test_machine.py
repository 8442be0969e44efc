"""The machine of threads and the choice of audiences, as tables."""

from __future__ import annotations

from itertools import product

import pytest

from declaration.comments import machine
from declaration.comments.audiences import choices, chosen, wider
from declaration.errors import Malformed, NotAllowed, Refused
from declaration.forums.roles import ROLES
from declaration.web.access import Actor

ALLOWED = {
    ("reply", "open"): "open",
    ("resolve", "open"): "resolved",
    ("reopen", "resolved"): "open",
    ("hide", "open"): "hidden",
    ("hide", "resolved"): "hidden",
    ("unhide", "hidden"): "open",
}
MAY = {
    "reply": {"chair", "secretariat", "translator", "head", "member"},
    "resolve": {"chair", "secretariat", "head"},
    "reopen": {"chair", "head"},
    "hide": {"chair"},
    "unhide": {"chair"},
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def actor(role: str, party: str = "kz") -> Actor:
    delegation = party if role in ("head", "member") else None
    return Actor(1, "Somebody", role, party if delegation else role, 1, delegation, "en", "Asia/Baku")


@pytest.mark.parametrize(("name", "status"), list(product(machine.STEPS, ("open", "resolved", "hidden"))))
def test_a_thread_moves_only_as_the_table_says(name: str, status: str):
    for role in ROLES:
        if role in MAY[name] and (name, status) in ALLOWED:
            assert machine.next_status(status, name, role=role, own=True) == ALLOWED[name, status]
        elif role in MAY[name]:
            with pytest.raises(Refused):
                machine.next_status(status, name, role=role, own=True)
        else:
            with pytest.raises(NotAllowed):
                machine.next_status(status, name, role=role, own=True)


@pytest.mark.parametrize("name", ["resolve", "reopen"])
def test_a_head_settles_threads_of_the_own_delegation_alone(name: str):
    status = "open" if name == "resolve" else "resolved"
    with pytest.raises(NotAllowed):
        machine.next_status(status, name, role="head", own=False)
    assert name not in machine.available(status, role="head", own=False)
    assert name in machine.available(status, role="head", own=True)


def test_the_narrowest_audience_stands_first_and_is_taken_where_none_is_named():
    for role in ("head", "member"):
        options = choices(actor(role))
        assert [each.value for each in options] == ["own", "chair", "all"]
        assert chosen(options, "").kind == "own"


@pytest.mark.parametrize("wanted", ["chair", "all"])
def test_a_member_does_not_speak_to_others(wanted: str):
    with pytest.raises(NotAllowed) as refused:
        chosen(choices(actor("member")), wanted)
    assert refused.value.code == "comment.head-speaks"


@pytest.mark.parametrize("role", ["chair", "secretariat", "translator"])
def test_offices_write_to_everyone(role: str):
    assert [each.value for each in choices(actor(role))] == ["all"]


def test_only_the_chair_answers_one_delegation_and_only_one_that_asked():
    assert [each.value for each in choices(actor("chair"), asked=("kz",))] == ["chair:kz", "all"]
    assert [each.value for each in choices(actor("chair"), widest="chair", asked=("kz",))] == ["chair:kz"]
    assert [each.value for each in choices(actor("secretariat"), asked=("kz",))] == ["all"]
    with pytest.raises(Malformed):
        chosen(choices(actor("chair"), asked=("kz",)), "chair:hu")


@pytest.mark.parametrize("widest", ["own", "chair"])
def test_a_reply_is_not_for_more_people_than_its_thread(widest: str):
    with pytest.raises(Malformed):
        chosen(choices(actor("head"), widest=widest), "all")


@pytest.mark.parametrize("kind", ["own", "chair", "all"])
def test_widening_never_narrows(kind: str):
    order = ["own", "chair", "all"]
    assert all(order.index(each) > order.index(kind) for each in wider(kind, widest="all"))
    assert kind not in wider(kind, widest="all")
