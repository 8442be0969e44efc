"""Twenty ways and more in which an act must be refused, each with the code of its rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from declaration.errors import DeclarationError
from declaration.procedure import consequences
from declaration.procedure.tables import BY_TYPE, TRANSITIONS
from declaration.protocol.encoding import format_time
from declaration.protocol.manifest import unit_hash
from tests.procedure.bench import SYMBOL, TEXT, Bench, digest_of, public, replaced

CODE = Callable[[Bench], None]


def refused(code: str, attempt: Callable[[], Any]) -> None:
    with pytest.raises(DeclarationError) as caught:
        attempt()
    assert caught.value.code == code


# -- authority -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"original": "kk"}, "constitution.languages"),
        ({"prevailing": "kk"}, "constitution.languages"),
        ({"rules": {**Bench().rules.as_json(), "quorum": 4}}, "constitution.quorum"),
        ({"rules": {**Bench().rules.as_json(), "quorum": True}}, "statement.field"),
        ({"key": public("head.az").openssh}, "constitution.key"),
        ({"procedure": "forum-2"}, "statement.field"),
        ({"extra": 1}, "statement.fields"),
        ({"delegations": {}}, "statement.field"),
    ],
)
def test_a_constitution_that_does_not_hold_together(changes: dict[str, Any], code: str) -> None:
    bench = Bench()
    body = bench.constitution_body(**changes)
    refused(code, lambda: bench.act("chair.chair", "constitution-v1", None, body))
    assert bench.state.size == 0


def test_a_record_begins_with_its_constitution_and_has_one() -> None:
    bench = Bench()
    refused("constitution.missing", lambda: bench.act("head.az", "confirmation.confirm-v1", digest_of("x")))
    bench.constituted()
    body = bench.constitution_body()
    refused("constitution.exists", lambda: bench.act("chair.chair", "constitution-v1", None, body))


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("chair.chair", lambda b: b.accreditation("head.az"), "key.known"),
        ("chair.chair", lambda b: b.accreditation("head.tr"), "accredit.party"),
        ("chair.chair", lambda b: b.accreditation("secretariat.chair"), "accredit.party"),
        ("chair.chair", lambda b: b.accreditation("depositary.one"), "accredit.party"),
        ("chair.chair", lambda b: b.signatory("ngo"), "accredit.role"),
        ("secretariat.one", lambda b: b.accreditation("head.az", key=public("new").openssh), "accredit.role"),
        ("secretariat.one", lambda b: b.signatory("ngo", mandate=None), "accredit.incomplete"),
        ("secretariat.one", lambda b: b.signatory("ngo", country="rs"), "accredit.not-entitled"),
        ("secretariat.one", lambda b: b.signatory("ngo", language="az"), "accredit.incomplete"),
        ("chair.chair", lambda b: b.accreditation("translator.kk", language="kk"), "accredit.language"),
        ("chair.chair", lambda b: b.accreditation("translator.xx", language=None), "accredit.incomplete"),
        ("head.az", lambda b: b.accreditation("head.az", key=public("new").openssh), "role.not-entitled"),
        ("chair.chair", lambda b: b.accreditation("admin.one"), "statement.field"),
    ],
)
def test_an_accreditation_that_gives_what_it_may_not(who: str, body: Callable[[Bench], Any], code: str) -> None:
    bench = Bench().constituted()
    refused(code, lambda: bench.try_act(who, "accredit-v1", bench.constitution, body(bench)))


def test_one_person_never_acts_as_two() -> None:
    bench = Bench().constituted()
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, bench.signatory("ngo"))
    assert public("signatory.ngo").fingerprint not in bench.state.keys
    refused("second.same-person", lambda: bench.try_act("secretariat.one", "second-v1", first.digest))
    refused("role.not-entitled", lambda: bench.try_act("chair.chair", "second-v1", first.digest))
    bench.act("secretariat.two", "second-v1", first.digest)
    refused("second.nothing", lambda: bench.try_act("secretariat.two", "second-v1", first.digest))
    assert bench.state.keys[public("signatory.ngo").fingerprint].accredited == bench.state.size - 1


def test_a_party_is_one_organization() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    other = bench.signatory("ngo", key=public("other").openssh)
    other["organization"] = {**other["organization"], "registration": "ANOTHER"}
    refused("accredit.party", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, other))


def test_an_organization_is_one_party() -> None:
    bench = Bench().constituted()
    bench.enrol("ngo")
    twin = bench.signatory("twin", organization={"country": "az", "name": "Twin", "registration": "n G o"})
    refused("accredit.organization-known", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, twin))
    bench.try_act("secretariat.one", "accredit-v1", bench.constitution, {**twin, "capacity": "personal"})
    elsewhere = {**twin, "organization": {**twin["organization"], "country": "kz"}}
    bench.try_act("secretariat.one", "accredit-v1", bench.constitution, elsewhere)


def test_of_two_accreditations_that_wait_one_takes_force() -> None:
    bench = Bench().constituted()
    same = {"country": "az", "name": "One", "registration": "1"}
    waiting = [
        bench.act("secretariat.one", "accredit-v1", bench.constitution, bench.signatory(party, organization=same)) for party in ("a", "b")
    ]
    bench.act("secretariat.two", "second-v1", waiting[0].digest)
    refused("accredit.organization-known", lambda: bench.try_act("secretariat.two", "second-v1", waiting[1].digest))


@pytest.mark.parametrize("party", ["az", "one", "keeper"])
def test_an_office_is_no_organization(party: str) -> None:
    bench = Bench().constituted()
    body = bench.signatory(party, key=public("new").openssh)
    refused("accredit.party", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, body))


def test_a_proof_of_possession_is_used_once() -> None:
    bench = Bench().constituted()
    body = bench.signatory("ngo")
    bench.act("secretariat.one", "accredit-v1", bench.constitution, body)
    refused("accredit.nonce-used", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, body))
    other = {**bench.signatory("other"), "possession": body["possession"]}
    refused("accredit.nonce-used", lambda: bench.try_act("secretariat.one", "accredit-v1", bench.constitution, other))


# -- texts that nobody should approve --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "changed", "code"),
    [
        ("OP1", ("operative", "1", {"en": "Decide \u202eto meet;", "az": "Qərar"}), "letters.refused"),
        ("OP1", ("operative", "1", {"en": "Decide to meet;", "az": "Qər\u200bar"}), "letters.refused"),
        ("OP1", ("operative", "2", {"en": "Decide to meet;", "az": "Qərar"}), "version.numbers"),
        ("T", ("title", "1", {"en": "Joint Declaration", "az": "Birgə"}), "version.numbers"),
        ("OP1", ("clause", "1", {"en": "Decide to meet;", "az": "Qərar"}), "unit.kind"),
        ("OP2", ("item", None, {"en": "Invite all bodies;", "az": "Qərar"}), "unit.parent"),
    ],
)
def test_a_zero_draft_that_cannot_be_read_in_one_way(unit: str, changed: Any, code: str) -> None:
    bench = Bench().constituted()
    digest = bench.put_version({**TEXT, unit: changed}, f"{SYMBOL}/ZD", None)
    body = {"symbol": f"{SYMBOL}/ZD"}
    refused(code, lambda: bench.try_act("chair.chair", "draft_version.approve_and_circulate-v1", digest, body))


@pytest.mark.parametrize("words", ["Decide to \u2066meet;", "Decide to\u00ad meet;", "Decide to meet\u200f;"])
def test_a_proposal_with_letters_that_nobody_sees(words: str) -> None:
    bench = Bench().constituted().circulated()
    body = bench.proposal([bench.reads("OP1", words)])
    refused("letters.refused", lambda: bench.try_act("head.az", "amendment.submit-v1", bench.state.current, body))


# -- the order of the record -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"log": "declaration.example/other"}, "record.log"),
        ({"declaration": "OTHER/JD"}, "record.declaration"),
        ({"index": 3}, "record.order"),
        ({"seen": 10_000}, "seen.unknown"),
        ({"seen": 0}, "seen.unknown"),
        ({"key": "stranger"}, "key.unknown"),
        ({"key": "head.kz"}, "key.party"),
    ],
)
def test_an_act_out_of_place(changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted().circulated()
    body = bench.proposal([bench.reads("OP1", "Decide to meet;")])
    refused(code, lambda: bench.try_act("head.az", "amendment.submit-v1", bench.state.current, body, **changes))


def test_time_never_runs_backwards_and_nothing_happens_twice() -> None:
    bench = Bench().constituted().circulated()
    statement = bench.statement(
        "head.az", "amendment.submit-v1", bench.state.current, bench.proposal([bench.reads("OP1", "Decide to meet;")])
    )
    from declaration.procedure.act import Act
    from declaration.procedure.replay import apply

    early = Act(statement.statement, bench.now - timedelta(seconds=1), bench.state.size)
    refused("record.time", lambda: apply(bench.state, early))
    apply(bench.state, statement)
    refused("record.repeated", lambda: apply(bench.state, Act(statement.statement, bench.now, bench.state.size)))


def test_nobody_holds_a_signed_act_for_days() -> None:
    bench = Bench().constituted().circulated()
    held = bench.statement(
        "head.az", "amendment.submit-v1", bench.state.current, bench.proposal([bench.reads("OP1", "Decide to meet;")], 90)
    )
    size = bench.state.size
    bench.pass_time(hours=1)
    bench.submit("head.kz", bench.reads("OP2", "Invite bodies to support projects;"))
    from declaration.procedure.act import Act
    from declaration.procedure.replay import check

    bench.pass_time(hours=24)
    check(bench.state, Act(held.statement, bench.now, size + 1))
    bench.pass_time(seconds=1)
    refused("seen.too-old", lambda: check(bench.state, Act(held.statement, bench.now, size + 1)))


# -- proposals -------------------------------------------------------------------------------------------------------

GOOD = [replaced("OP1", TEXT["OP1"][2]["en"], "Decide to meet every year;")]


@pytest.mark.parametrize(
    ("who", "changes", "code"),
    [
        ("chair.chair", {}, "role.not-entitled"),
        ("secretariat.one", {}, "role.not-entitled"),
        ("head.az", {"symbol": "OTHER/AM/001"}, "amendment.symbol"),
        ("head.az", {"symbol": "no spaces please"}, "statement.field"),
        ("head.az", {"edits": []}, "statement.field"),
        ("head.az", {"edits": [{**GOOD[0], "base": unit_hash("other words")}]}, "edit.base-changed"),
        ("head.az", {"edits": [{**GOOD[0], "unit": "OP9"}]}, "edit.unit-unknown"),
        ("head.az", {"edits": [{**GOOD[0], "splices": []}]}, "edit.malformed"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[0, 500, "x"]]}]}, "splice.outside"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[0, 3, "x"], [3, 5, "y"]]}]}, "splice.touching"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[5, 9, "x"], [0, 2, "y"]]}]}, "splice.outside"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [[0, 31, ""]]}]}, "amendment.empties-unit"),
        ("head.az", {"edits": [{**GOOD[0], "splices": [["0", 3, "x"]]}]}, "splice.malformed"),
        ("head.az", {"edits": [{**GOOD[0], "op": "guess"}]}, "edit.malformed"),
        ("head.az", {"edits": [{**GOOD[0], "note": "x"}]}, "edit.malformed"),
        ("head.az", {"amends": digest_of("nothing")}, "sub-amendment.target"),
        ("head.az", {"content": "short"}, "statement.field"),
    ],
)
def test_a_proposal_that_is_not_in_order(who: str, changes: dict[str, Any], code: str) -> None:
    bench = Bench().constituted().circulated()
    body = {**bench.proposal(GOOD), **changes}
    refused(code, lambda: bench.try_act(who, "amendment.submit-v1", bench.state.current, body))


def test_a_whole_text_is_not_an_amendment() -> None:
    bench = Bench().constituted().circulated()
    edits = [bench.reads(unit, "Something quite different") for unit in bench.state.units]
    digest = bench.submit("head.hu", *edits)
    refused("amendment.whole-text", lambda: bench.admit(digest))
    bench.act("chair.chair", "amendment.rule_inadmissible-v1", digest, {"content": digest_of("rule")})
    assert bench.state.amendments[digest].status == "inadmissible"


def test_exactly_at_the_deadline_is_late_and_late_needs_leave() -> None:
    bench = Bench().constituted().circulated()
    bench.pass_time(days=7, seconds=-1)
    bench.submit("head.kz", *GOOD)
    bench.pass_time(seconds=1)
    body = bench.proposal(GOOD)
    refused("deadline.passed", lambda: bench.submit("head.az", *GOOD))
    late = bench.act("head.az", "amendment.submit_late-v1", bench.state.current, body).digest
    refused("amendment.state", lambda: bench.try_act("secretariat.one", "amendment.admit-v1", late))
    bench.act("chair.chair", "amendment.grant_leave-v1", late, {"content": digest_of("minute")})
    assert bench.state.amendments[late].status == "admitted"


def test_nothing_is_applied_to_words_it_was_not_written_for() -> None:
    bench = Bench().constituted().circulated()
    first = bench.admit(bench.submit("head.kz", *GOOD))
    second = bench.admit(bench.submit("head.hu", bench.reads("OP1", "Agree to meet every two years;")))
    bench.second_reading()
    bench.accept(first)
    assert consequences.amendment_status(bench.state, bench.state.amendments[second]) == "stale"
    body = {"result": {"OP1": unit_hash("anything")}, "content": digest_of("minute")}
    refused("amendment.state", lambda: bench.try_act("chair.chair", "amendment.accept-v1", second, body))
    edits = {"edits": [bench.reads("OP1", "Agree to meet every year;")]}
    refused("amendment.not-own", lambda: bench.try_act("head.kz", "amendment.rebase-v1", second, edits))
    other = {"edits": [bench.reads("OP2", "Invite nobody;")]}
    refused("amendment.units", lambda: bench.try_act("head.hu", "amendment.rebase-v1", second, other))
    bench.act("head.hu", "amendment.rebase-v1", second, edits)
    bench.accept(second)
    assert bench.state.units["OP1"].text == "Agree to meet every year;"
    assert [change.source for change in bench.state.history["OP1"]] == [f"{SYMBOL}/ZD", first, second]


def test_the_result_that_the_chair_signed_is_the_one_that_follows() -> None:
    bench = Bench().constituted().circulated()
    digest = bench.admit(bench.submit("head.kz", *GOOD))
    body = {**bench.acceptance(digest), "result": {"OP1": unit_hash("Decide to meet every month;")}}
    refused("amendment.result", lambda: bench.try_act("chair.chair", "amendment.accept-v1", digest, body))


def test_parked_proposals_come_back_and_merge_with_what_took_them_up() -> None:
    bench = Bench().constituted().circulated()
    one = bench.admit(bench.submit("head.kz", *GOOD))
    two = bench.admit(bench.submit("head.hu", bench.reads("OP1", "Agree to meet every two years;")))
    chairs = bench.proposal([bench.reads("OP1", "Decide to meet regularly;")])
    unknown = {**chairs, "sources": [digest_of("comment")]}
    table = "amendment.table_chair_text-v1"
    refused("chair-text.sources", lambda: bench.try_act("chair.chair", table, bench.state.current, unknown))
    refused("statement.field", lambda: bench.try_act("chair.chair", table, bench.state.current, {**chairs, "sources": []}))
    bridge = bench.act("chair.chair", table, bench.state.current, {**chairs, "sources": [one]}).digest
    refused("amendment.target", lambda: bench.try_act("chair.chair", "amendment.park-v1", two, {"target": bridge}))
    bench.act("chair.chair", "amendment.park-v1", one, {"target": bridge})
    refused("amendment.not-own", lambda: bench.try_act("head.hu", "amendment.revive-v1", one))
    bench.act("head.kz", "amendment.revive-v1", one)
    bench.act("chair.chair", "amendment.park-v1", one, {"target": bridge})
    bench.accept(bridge)
    assert bench.state.amendments[one].status == "merged"
    assert bench.state.amendments[two].status == "admitted"


def test_co_sponsors_join_and_leave_and_a_withdrawn_proposal_is_taken_over() -> None:
    bench = Bench().constituted().circulated()
    digest = bench.admit(bench.submit("head.kz", *GOOD))
    refused("amendment.own", lambda: bench.try_act("head.kz", "amendment.join-v1", digest))
    refused("amendment.not-sponsor", lambda: bench.try_act("head.az", "amendment.leave_sponsorship-v1", digest))
    bench.act("head.az", "amendment.join-v1", digest)
    refused("amendment.own", lambda: bench.try_act("head.az", "amendment.join-v1", digest))
    reason = {"content": digest_of("reason")}
    refused("amendment.not-own", lambda: bench.try_act("head.az", "amendment.withdraw-v1", digest, reason))
    bench.act("head.kz", "amendment.withdraw-v1", digest, reason)
    bench.act("head.hu", "amendment.take_over-v1", digest)
    assert bench.state.amendments[digest].proposer == "hu"


# -- versions, agreement, adoption -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "symbol", "previous", "code"),
    [
        ({**TEXT, "OP3": ("operative", "3", {"en": "Request nothing."})}, "Rev.1", True, "version.words-unaccounted"),
        ({key: TEXT[key] for key in ("T", "OP1", "OP2")}, "Rev.1", True, "version.units"),
        ({**TEXT, "OP3": ("heading", None, TEXT["OP3"][2])}, "Rev.1", True, "version.words-unaccounted"),
        (TEXT, "Rev.1", False, "version.previous"),
        (TEXT, "ZD", True, "version.symbol-taken"),
        (TEXT, "", True, "version.stage"),
        ({**TEXT, "OP3": ("operative", "3", {"en": TEXT["OP3"][2]["en"], "az": "Başqa."})}, "Rev.1", True, "version.translation"),
    ],
)
def test_a_version_with_words_that_nobody_proposed(texts: Any, symbol: str, previous: bool, code: str) -> None:
    bench = Bench().constituted().circulated()
    full = f"{SYMBOL}/{symbol}" if symbol else SYMBOL
    digest = bench.put_version(texts, full, bench.state.current if previous else None)
    approve = "draft_version.approve_and_circulate-v1"
    refused(code, lambda: bench.try_act("chair.chair", approve, digest, {"symbol": full}))
    refused("version.symbol", lambda: bench.try_act("chair.chair", approve, digest, {"symbol": f"{SYMBOL}/Rev.9"}))
    refused("role.not-entitled", lambda: bench.try_act("secretariat.one", approve, digest, {"symbol": full}))


def test_nothing_is_agreed_while_anything_is_in_brackets() -> None:
    bench = Bench().constituted().circulated()
    digest = bench.admit(bench.submit("head.kz", *GOOD))
    bench.second_reading()
    declare = "declaration.declare_agreed_ad_ref-v1"
    refused("agreed.brackets", lambda: bench.try_act("chair.chair", declare, bench.state.current))
    bench.accept(digest)
    refused("version.behind", lambda: bench.try_act("chair.chair", declare, bench.state.current))


def test_all_heads_confirm_the_same_text_and_an_objection_resets() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed()
    review = "declaration.begin_legal_review-v1"
    bench.act("head.az", "confirmation.confirm-v1", bench.state.current)
    refused("confirmation.given", lambda: bench.try_act("head.az", "confirmation.confirm-v1", bench.state.current))
    with pytest.raises(DeclarationError, match="waiting for HU, KZ"):
        bench.try_act("chair.chair", review, bench.state.current)
    reason = {"content": digest_of("reason")}
    refused("reopen.no-objection", lambda: bench.try_act("chair.chair", "declaration.reopen_text-v1", bench.state.current, reason))
    bench.act("head.kz", "confirmation.object-v1", bench.state.current, reason)
    bench.act("chair.chair", "declaration.reopen_text-v1", bench.state.current, reason)
    bench.agreed()
    assert consequences.confirmations(bench.state) == {}


def test_nobody_certifies_the_own_translation_and_adoption_needs_it() -> None:
    bench = Bench().constituted().circulated()
    words = {"language": "az", "units": {"OP1": unit_hash("Hər il görüşməyi qərara alırıq;")}}
    submit, certify = "language_version.submit-v1", "language_version.certify-v1"
    refused("translation.language", lambda: bench.try_act("translator.az-1", submit, bench.state.current, {**words, "language": "en"}))
    refused(
        "translation.units",
        lambda: bench.try_act("translator.az-1", submit, bench.state.current, {"language": "az", "units": {"OP9": "0" * 64}}),
    )
    bench.act("translator.az-1", submit, bench.state.current, words)
    whole = {"language": "az", "units": {u: t.sha256 for u, t in bench.state.translated["az"].items()}}
    refused("translation.own", lambda: bench.try_act("translator.az-1", certify, bench.state.current, whole))
    part = {**whole, "units": words["units"]}
    refused("translation.hashes", lambda: bench.try_act("translator.az-2", certify, bench.state.current, part))
    bench.act("translator.az-2", certify, bench.state.current, whole)
    assert consequences.language_status(bench.state, "az") == "concordant"


def test_adoption_needs_a_quorum_of_delegations_and_a_frozen_final_text() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", bench.state.current)
    refused("version.not-final", lambda: bench.try_act("chair.chair", "draft_version.freeze-v1", bench.state.current))
    final = bench.put_version(TEXT, SYMBOL, bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": SYMBOL})
    present = "declaration.present_for_adoption-v1"
    refused("version.not-frozen", lambda: bench.try_act("chair.chair", present, final))
    bench.certified()
    bench.act("chair.chair", "draft_version.freeze-v1", final)
    adopt, minute = "declaration.adopt-v1", digest_of("minute")
    refused("declaration.state", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az", "kz"], "content": minute}))
    bench.act("chair.chair", present, final)
    refused("adopt.quorum", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az"], "content": minute}))
    refused("adopt.presence", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az", "tr"], "content": minute}))
    refused("statement.field", lambda: bench.try_act("chair.chair", adopt, final, {"present": ["az", "az"], "content": minute}))
    bench.act("chair.chair", adopt, final, {"present": ["az", "kz"], "content": minute})
    with pytest.raises(DeclarationError) as late:
        bench.try_act("head.hu", "declaration.object_to_adoption-v1", final, {"content": minute})
    assert late.value.code == "declaration.state"
    assert "explanation of position" in late.value.instead


def test_languages_that_were_not_certified_are_not_presented() -> None:
    bench = Bench().constituted().circulated().second_reading().agreed().confirmed()
    bench.act("chair.chair", "declaration.begin_legal_review-v1", bench.state.current)
    final = bench.put_version(TEXT, SYMBOL, bench.state.current)
    bench.act("chair.chair", "draft_version.approve_and_circulate-v1", final, {"symbol": SYMBOL})
    bench.act("chair.chair", "draft_version.freeze-v1", final)
    refused("languages.not-concordant", lambda: bench.try_act("chair.chair", "declaration.present_for_adoption-v1", final))


# -- endorsements ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity": "personal"}, "endorsement.capacity"),
        ({"kind": "accession"}, "endorsement.no-accession"),
        ({"language": "kk"}, "endorsement.language"),
        ({"texts": {"en": "0" * 64}}, "endorsement.texts"),
        ({"texts": {}}, "statement.field"),
        ({"kind": "oral"}, "statement.field"),
    ],
)
def test_an_endorsement_that_says_something_else(changes: dict[str, Any], code: str) -> None:
    bench = Bench().open()
    bench.enrol("ngo")
    refused(code, lambda: bench.sign("ngo", **changes))


def test_drafts_cannot_be_signed_and_nobody_signs_twice() -> None:
    bench = Bench().constituted().circulated()
    bench.enrol("ngo")
    draft = bench.state.current
    body = {"kind": "signature", "capacity": "organization", "language": "en", "texts": {"en": "0" * 64}, "content": digest_of("p")}
    refused("version.not-adopted", lambda: bench.try_act("signatory.ngo", "endorsement.sign-v1", draft, body))
    bench = Bench().open()
    bench.enrol("ngo")
    other = next(each for each in bench.library if each != bench.state.adopted)
    refused("version.not-adopted", lambda: bench.try_act("signatory.ngo", "endorsement.sign-v1", other, bench.endorsement()))
    bench.sign("ngo")
    with pytest.raises(DeclarationError, match="position 1 of the register") as twice:
        bench.sign("ngo")
    assert twice.value.code == "endorsement.duplicate"
    second = bench.signatory("ngo", key=public("second").openssh)
    first = bench.act("secretariat.one", "accredit-v1", bench.constitution, second)
    bench.act("secretariat.two", "second-v1", first.digest)
    refused(
        "endorsement.duplicate",
        lambda: bench.act("signatory.ngo", "endorsement.sign-v1", bench.state.adopted, bench.endorsement(), key="second"),
    )


def test_the_window_closes_by_the_hour_and_then_organizations_accede() -> None:
    bench = Bench().open(days=1)
    bench.enrol("a"), bench.enrol("b")
    bench.pass_time(days=1)
    assert consequences.stage(bench.state, bench.now) == "accession_open"
    refused("endorsement.window-closed", lambda: bench.sign("a"))
    bench.sign("b", kind="accession")
    assert consequences.totals(bench.state).total == 0
    assert consequences.totals(bench.state).accessions["az"] == 1


def test_a_mandate_that_has_run_out_signs_nothing() -> None:
    bench = Bench().open()
    until = format_time(bench.now + timedelta(hours=1))
    mandate = {"document": None, "from": format_time(bench.now), "until": until}
    bench.enrol("ngo", mandate=mandate)
    bench.pass_time(hours=1)
    refused("mandate.expired", lambda: bench.sign("ngo"))


def test_an_organization_withdraws_only_its_own_signature_and_once() -> None:
    bench = Bench().open()
    bench.enrol("a"), bench.enrol("b")
    digest = bench.sign("a").digest
    reason = {"content": digest_of("reason")}
    refused("endorsement.not-own", lambda: bench.try_act("signatory.b", "endorsement.withdraw-v1", digest, reason))
    bench.act("signatory.a", "endorsement.withdraw-v1", digest, reason)
    refused("endorsement.state", lambda: bench.try_act("signatory.a", "endorsement.withdraw-v1", digest, reason))


# -- the tables ------------------------------------------------------------------------------------------------------


def test_every_recorded_row_has_guards_and_an_effect() -> None:
    from declaration.procedure.effects import EFFECTS
    from declaration.procedure.guards import GUARDS

    assert set(EFFECTS) == set(BY_TYPE)
    assert {name for row in TRANSITIONS for name in row.guards} <= set(GUARDS)
    assert set(GUARDS) <= {name for row in TRANSITIONS for name in row.guards}


@pytest.mark.parametrize("role", ["member", "observer", "auditor", "admin", "system"])
def test_some_roles_have_no_recorded_act(role: str) -> None:
    assert [row.type for row in BY_TYPE.values() if role in row.who] == []


def test_a_refused_act_leaves_the_state_as_it_was() -> None:
    bench = Bench().constituted().circulated()
    before = bench.state.fork()
    refused("amendment.unknown", lambda: bench.act("chair.chair", "amendment.refuse_leave-v1", digest_of("x"), {"content": digest_of("r")}))
    assert bench.state == before
