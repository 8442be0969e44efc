"""Edits with two readings and letters that no text may have, posted by a head past the editor: nothing of it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from declaration.drafts import operations as drafts
from declaration.protocol.encoding import format_time
from declaration.protocol.keys import public_key_of
from declaration.protocol.manifest import unit_hash
from declaration.protocol.sshsig import sign
from declaration.text.units import UnitText
from declaration.web.clock import now
from tests.attacks.conftest import Attack, answer, posted
from tests.endorsements.conftest import Playing
from tests.support.play import ORIGIN, SYMBOL, TEXT, Player, private_key
from tests.support.snapshots import Beginning

OLD = TEXT[3][2]
LENGTH = len(OLD)
HEAD = private_key("kz", "head")

SPLICES: dict[str, tuple[list[list[Any]], int, str]] = {
    "that overlap": ([[0, 6, "Resolve"], [3, 9, "x"]], 400, "splice.unsorted"),
    "in another order": ([[10, 12, "x"], [0, 6, "Resolve"]], 400, "splice.unsorted"),
    "that touch": ([[0, 6, "Resolve"], [6, 7, "-"]], 400, "splice.touching"),
    "behind the end": ([[LENGTH, LENGTH + 1, "x"]], 400, "splice.outside"),
    "before the beginning": ([[-1, 2, "x"]], 400, "splice.outside"),
    "that end before they begin": ([[4, 2, "x"]], 400, "splice.outside"),
    "that change nothing": ([[0, 6, OLD[:6]]], 400, "splice.empty"),
    "with a letter decomposed": ([[0, 6, "Qe\u0301rar"]], 400, "splice.letters"),
    "with an override of direction": ([[0, 6, "Decide\u202e"]], 400, "letters.refused"),
    "with a space of no width": ([[0, 6, "De\u200bcide"]], 400, "letters.refused"),
    "with a line end of another system": ([[0, 6, "Decide\r\n"]], 400, "splice.letters"),
    "with a line more": ([[0, 6, "Decide\n"]], 400, "splice.letters"),
    "that leave nothing": ([[0, LENGTH, " "]], 409, "amendment.empties-unit"),
}


def first_reading(play: Player) -> None:
    play.found()
    texts = {lang: [UnitText(row[0], row[1], row[2 + place]) for row in TEXT] for place, lang in enumerate(("en", "az", "tr"))}
    draft = drafts.store_zero_draft(play.session, play.forum, texts, now=now())
    play.act("chair", "draft_version.approve_and_circulate-v1", draft)
    deadline = format_time(now() + timedelta(days=2))
    play.act("chair", "declaration.circulate_zero_draft-v1", draft, {"deadline": deadline})


def proposal(attack: Attack, splices: list[list[Any]], **changes: Any) -> dict[str, str]:
    edit = {"unit": "OP1", "base": unit_hash(OLD), "op": "replace", "splices": splices, **changes}
    body = {"symbol": f"{SYMBOL}/AM/001", "edits": [edit], "amends": None, "content": "0" * 64}
    key = public_key_of(HEAD).fingerprint
    statement = attack.statement("amendment.submit-v1", attack.play.state.current, body, party="kz", role="head", key=key)
    return posted(statement, sign(HEAD, f"amendment.submit-v1@{ORIGIN}", statement))


def test_words_that_are_posted_and_not_recorded(playing: Playing, beginning: Beginning, signed_in: Callable[..., FlaskClient]) -> None:
    def build() -> None:
        with playing() as play:
            first_reading(play)

    beginning("attacked in first reading", build)
    with playing() as play:
        attack = Attack(play)
        forms = {name: proposal(attack, splices) for name, (splices, _, _) in SPLICES.items()}
        other = proposal(attack, [[0, 6, "Resolve"]], base=unit_hash("Other words;"))
        good, size = proposal(attack, [[0, 6, "Resolve"]]), play.state.size
    browser = signed_in("kz", "head")
    assert {name: answer(browser, form) for name, form in forms.items()} == {
        name: (status, code) for name, (_, status, code) in SPLICES.items()
    }
    assert answer(browser, other) == (409, "edit.base-changed")
    with playing() as play:
        assert play.state.size == size
    assert answer(browser, good)[0] < 400
