"""Reading entries: the verifier's questions over the network, the watch, and what is said while texts are not public."""

from __future__ import annotations

from pathlib import Path

import pytest

from declaration.protocol.entry import parse_entry
from declaration.protocol.tiles import entries_path, entry_bundle
from tests.attacks.acts import ready, sign_as
from tests.monitor.conftest import Run, codes
from tests.monitor.served import Served, served
from tests.secondopinion.authority import on_paper, suspended
from tests.verifier import forge as f


def test_an_honest_record_from_the_first_act_to_the_last(run: Run) -> None:
    forge = f.signed()
    status, said = run(served(forge), "--constitution", forge.trust_root)
    assert (status, codes(said)) == (0, ["monitor.followed"])


def test_in_many_small_steps(run: Run) -> None:
    forge = f.signed()
    log = served(forge)
    for size in (1, 2, 5, len(forge.entries) // 2, len(forge.entries)):
        log.shown = size
        log.bundle = f.packed(forge.members(), size=size)
        status, said = run(log)
        assert (status, codes(said)) == (0, ["monitor.followed"]), said


ATTACKS = {
    "a signature that is not the key's": (lambda forge: sign_as(forge, signer=f.private("somebody else")), "signature.other-key"),
    "a party that signs twice": (lambda forge: sign_as(sign_as(forge)), "endorsement."),
    "a key that nobody accredited": (lambda forge: sign_as(forge, "signatory.nobody"), "key.unknown"),
    "an act held back": (lambda forge: sign_as(forge, seen=1), "seen."),
    "a signer who saw another record": (lambda forge: sign_as(forge, root=bytes(32)), "seen.other-history"),
}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS)
def test_what_the_verifier_refuses_the_monitor_tells(run: Run, attack: object, code: str) -> None:
    forge = attack(ready())  # type: ignore[operator]  # the functions above
    status, said = run(served(forge))
    assert status == 1
    assert any(one.startswith(code) for one in codes(said, "finding")), said
    assert run(served(forge))[0] == 0  # and says it once
    assert codes(run(served(forge), state="again")[1], "finding") == codes(said, "finding")


def test_an_entry_that_is_not_the_leaf(run: Run) -> None:
    forge = f.signed()
    log = served(forge)
    path = entries_path(0, len(log.entries))
    log.instead[path] = entry_bundle([*log.entries[:-2], log.entries[-1], log.entries[-2]])
    status, said = run(log)
    assert (status, codes(said, "finding")) == (1, ["record.root"])
    log.instead[path] = entry_bundle(log.entries[:-1])
    assert codes(run(log)[1], "finding") == ["tile.entries"]
    log.instead[path] = b"\x00\xff"
    assert codes(run(log)[1], "finding") == ["tile.entries"]
    log.instead.clear()
    assert run(log)[0] == 0


def test_a_record_without_a_constitution(run: Run) -> None:
    status, said = run(Served([b"{}", b"{}"]))
    assert status == 1
    assert "entry.fields" in codes(said, "finding")


def test_another_constitution(run: Run) -> None:
    forge = f.signed()
    status, said = run(served(forge), "--constitution", "0" * 64)
    assert (status, codes(said)) == (1, ["constitution.other"])
    run(served(forge), state="seen")
    status, said = run(served(forge), "--constitution", "0" * 64, state="seen")
    assert (status, codes(said)) == (1, ["constitution.other"])


# -- the watch ---------------------------------------------------------------------------------------------------------------------


def test_what_is_said_in_a_watched_name(run: Run) -> None:
    forge = f.signed()
    log = served(forge)
    status, said = run(log, "--watch", "h3")
    assert status == 3
    assert codes(said, "watched") == ["accredit-v1", "second-v1", "endorsement.sign-v1", "endorsement.withdraw-v1"]
    assert sum("said in the name of h3" in one["what"] for one in said) == 2
    assert run(log, "--watch", "h3")[0] == 0  # told once
    assert codes(run(log, "--watch", "nobody", state="other")[1], "watched") == []


def test_an_impostor_is_told_before_anything_is_refused(run: Run) -> None:
    """The act does not count, and whoever is named hears of it all the same."""
    forge = sign_as(ready(), signer=f.private("somebody else"))
    status, said = run(served(forge), "--watch", "new")
    assert status == 1
    assert "endorsement.sign-v1" in codes(said, "watched")


def test_what_two_others_attest_of_a_watched_organization_and_a_key_put_back_in_force(run: Run) -> None:
    forge = on_paper(False)
    said = run(served(forge), "--watch", "paper")[1]
    assert codes(said, "watched") == ["accredit-v1", "second-v1", "paper.attest-v1", "second-v1"]
    said = run(served(suspended(True)), "--watch", "new", state="other")[1]
    assert [code for code in codes(said, "watched") if code.startswith("key.")] == ["key.suspend-v1", "key.reinstate-v1"]


def test_what_the_depositary_does_to_a_watched_signature(run: Run) -> None:
    """Its own organization hears of it, whoever else is watched does not."""
    forge = f.signed()
    (signed,) = (each.digest for each in forge.state.endorsements.values() if each.party == "a1")
    for what in ("question", "annul"):
        forge.act("depositary.keeper", f"endorsement.{what}-v1", signed, {"content": forge.content(what)})
    log = served(forge)
    told = codes(run(log, "--watch", "a1")[1], "watched")
    assert told[-3:] == ["endorsement.sign-v1", "endorsement.question-v1", "endorsement.annul-v1"]
    assert not set(told[-2:]) & set(codes(run(log, "--watch", "a2", state="other")[1], "watched"))


def test_several_are_watched(run: Run) -> None:
    said = run(served(f.signed()), "--watch", "a1", "--watch", "kz")[1]
    assert {one["where"].rpartition(" ")[2] for one in said if one["kind"] == "watched" and "said in" in one["what"]} == {"a1", "kz"}


# -- texts that are not public yet -------------------------------------------------------------------------------------------------


def test_without_texts_the_rest_is_checked_and_said(run: Run, tmp_path: Path) -> None:
    forge = f.signed()
    log = served(forge)
    bundle, log.bundle = log.bundle, None
    status, said = run(log, "--watch", "a1")
    assert status == 3
    assert "monitor.texts" in codes(said, "note")
    assert codes(said, "finding") == []
    assert "endorsement.sign-v1" in codes(said, "watched")
    log.bundle = bundle  # adopted: the replay is made up for, and nothing is told twice
    status, said = run(log, "--watch", "a1")
    assert (status, codes(said)) == (0, [])


def test_without_texts_a_bad_signature_is_found(run: Run) -> None:
    forge = sign_as(ready(), signer=f.private("somebody else"))
    log = served(forge)
    log.bundle = None
    assert codes(run(log)[1], "finding") == ["signature.other-key"]


def test_what_only_the_replay_can_find_is_found_when_texts_come(run: Run) -> None:
    forge = sign_as(ready(), "signatory.nobody")
    log = served(forge)
    bundle, log.bundle = log.bundle, None
    assert run(log)[0] == 0
    log.bundle = bundle
    status, said = run(log)
    assert (status, codes(said, "finding")) == (1, ["key.unknown"])


def test_a_bundle_with_other_words(run: Run) -> None:
    """The service gives a bundle in which a text is not what its hash says: the act on it cannot be allowed."""
    forge = f.signed()
    members = forge.members()
    name = next(one for one in members if one.endswith("texts/az.txt"))
    log = served(forge)
    log.bundle = f.packed({**members, name: members[name].replace("ə".encode(), b"e", 1)}, size=len(forge.entries))
    assert run(log)[0] == 1


def test_entries_of_another_forum(run: Run) -> None:
    forge = f.signed()
    assert parse_entry(forge.entries[0]).statement.log == f.ORIGIN
    status, said = run(Served(list(forge.entries), signer=f.NoteSigner("declaration.example/another", f.private("another"))))
    assert status == 1
    assert codes(said, "finding")[0] in {"record.log", "constitution.log", "signature.namespace"}
