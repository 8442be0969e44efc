"""What is looked at after the steps of the register: by who signed, and by an auditor who has no account and no network."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from declaration.credentials.record import trust_root
from declaration.endorsements.blueprint import words_of as words_for
from declaration.endorsements.qr import qr_svg
from declaration.endorsements.record import own_note
from declaration.procedure.consequences import totals
from declaration.protocol.bundle import read_bundle, write_bundle
from declaration.protocol.checkpoint import parse_checkpoint
from declaration.protocol.note import parse_vkey
from declaration.protocol.receipt import parse_receipt, verify_receipt
from declaration.verifier.standalone import verify_sh
from declaration.web.db import db
from declaration.web.transaction import unit_of_work
from tests.conftest import browser_client
from tests.documents.values import flowing
from tests.walks.looking import at, words_of
from tests.walks.register import CLOSES, CORRECTION, accredited, rows, signed
from tests.walks.steps import SIGNATORIES, Who
from tests.walks.walk import Walk

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = (
    "import runpy, socket, sys\n"
    "def none(*_): raise OSError('there is no network')\n"
    "socket.socket.connect = socket.create_connection = socket.getaddrinfo = none\n"
    "sys.argv[0] = 'declaration.verifier'\n"
    "runpy.run_module('declaration.verifier', run_name='__main__')\n"
)
"""The verifier on a machine without network: whoever opens a connection fails."""


def public(walk: Walk, path: str) -> bytes:
    """What anybody gets, without an account, and without being given a cookie."""
    nobody = browser_client(walk.app)
    with contextlib.closing(nobody.get(f"/{walk.slug}/{path}")) as answer:
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False), (path, answer.status_code)
        return bytes(answer.data)


def bundle(walk: Walk) -> Path:
    path = walk.folder / f"auditor-{walk.state.size}.zip"
    if not path.exists():
        path.write_bytes(public(walk, "bundle.zip"))
    return path


def policy(walk: Walk) -> Path:
    """What the auditor keeps: whose signature a checkpoint must carry."""
    path = walk.folder / "policy"
    path.write_bytes(public(walk, "policy"))
    return path


def members(path: Path) -> dict[str, bytes]:
    with read_bundle(path) as opened:
        return {name: opened.read_member(name) for name in opened.names if name != "bundle.json"}


def verifier(path: Path, *given: str) -> tuple[int, str]:
    """Exit status and words of ``python -m declaration.verifier``, offline."""
    done = subprocess.run([sys.executable, "-c", OFFLINE, str(path), *given], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def repacked(walk: Walk, changed: dict[str, bytes], name: str, *, size: int | None = None) -> Path:
    out = walk.folder / f"{name}.zip"
    state = walk.state
    write_bundle(changed, out, origin=state.origin, size=state.size if size is None else size)
    return out


def second_tool(walk: Walk) -> tuple[str, str]:
    """The script, on the unpacked bundle: SHA-256 of the bundle, and the script's first sentence.

    It takes seconds, and a bundle from the other database is of the same form: there the words are taken on trust.
    """
    path = bundle(walk)
    with walk.app.app_context():
        if db.engine.url.get_backend_name() != "sqlite":
            return sha256(path.read_bytes()).hexdigest(), "Verified by verify.sh."
    folder = walk.folder / "unpacked"
    with read_bundle(path) as opened:
        for name in opened.names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(opened.read_member(name))
    script = walk.folder / "verify.sh"
    script.write_bytes(verify_sh())
    done = subprocess.run(["bash", str(script), "-c", root_of_trust(walk), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return sha256(path.read_bytes()).hexdigest(), done.stdout.splitlines()[0]


def figures_on(page: str) -> dict[str, int]:
    """How many are counted, by country, on a page of the register; with the line of the total."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td class="[^"]*lead[^"]*"[^>]*>(\d+)</td>', page)
    return {words_of(name): int(count) for name, count in rows}


def root_of_trust(walk: Walk) -> str:
    with walk.app.app_context(), unit_of_work() as session:
        return trust_root(session, walk.forum(session)) or ""


# -- signatures ------------------------------------------------------------------------------------------------------------------


@at("J9.8")
def a_receipt_proves_the_place_in_the_record(walk: Walk) -> None:
    """The page, and the file: verified with the log's key alone."""
    digest = walk.named["E1"]
    assert "Your signature is in the register" in words_of(walk.page(SIGNATORIES["Işık"], f"receipts/{digest}"))
    with walk.app.app_context():
        raw, vkey = public(walk, f"receipts/{digest}/file"), browser_client(walk.app).get(f"/log/{walk.slug}/vkey").text.strip()
    entry, index = verify_receipt(parse_receipt(raw), parse_vkey(vkey))
    assert (entry.statement.digest, entry.statement.body["language"], index) == (digest, "tr", walk.state.endorsements[digest].index)


@at("J9.9")
def the_first_position_and_one_for_its_country(walk: Walk) -> None:
    found = walk.state.endorsements[walk.named["E1"]]
    assert (found.status, found.position) == ("counted", 1)
    assert {name: count for name, count in totals(walk.state).counted.items() if count} == {"tr": 1}
    assert "Işık Eğitim Gönüllüleri Derneği" in public(walk, "register/1").decode()


@at("J9.10")
def whoever_comes_second_is_shown_the_first(walk: Walk) -> None:
    assert "has signed" in words_of(walk.page(SIGNATORIES["IŞIK"], "sign"))
    assert len(walk.state.endorsements) == 1


@at("J9.14")
def a_person_is_listed_and_never_counted(walk: Walk) -> None:
    found = totals(walk.state)
    assert (found.total, found.listed, found.counted["kg"]) == (1, 1, 0)
    assert "Мээрим" in public(walk, "register/all?apart=yes").decode()
    assert "Мээрим" not in public(walk, "register/all").decode()


@at("J9.18")
def the_federation_counts_once(walk: Walk) -> None:
    assert totals(walk.state).counted["tr"] == 2
    assert walk.state.endorsements[walk.named["E4"]].countersigned is not None


@at("J9.19")
def many_sign_and_send_everything_twice(walk: Walk) -> None:
    """Everybody else of the list, each statement sent twice as a phone does that lost the answer. How fast five hundred are is
    measured by the bench; what must hold however fast they are is counted here."""
    before = totals(walk.state)
    state, named = walk.state, {one.party for one in SIGNATORIES.values()}
    rest = [party for party, row in rows().items() if party not in named and row["expected"] == "counted"]
    assert len(rest) == 11
    for party in rest:
        who = Who("signatory", party)
        accredited(walk, who)
        digest = signed(walk, who)
        size = walk.state.size
        again = walk.post(who, "sign", walk.seen["sent"])
        assert (again.status_code, again.headers["Location"].endswith(f"receipts/{digest}")) == (303, True)
        assert walk.state.size == size
    after, more = totals(walk.state), Counter(party.partition(".")[0] for party in rest)
    assert after.counted == {name: before.counted[name] + more[name] for name in state.known.delegations}
    shown = walk.page(Who("chair", "chair"), "register")
    wanted = {names["en"]: after.counted[country] for country, names in state.known.delegations.items()}
    assert figures_on(shown) == {**wanted, "Total": after.total}
    assert f"{after.total} signatures" in words_of(shown)


@at("J9.21")
def the_page_offers_accession(walk: Walk) -> None:
    page = words_of(walk.page(SIGNATORIES["late"], "sign"))
    assert "acce" in page.lower()
    assert totals(walk.state).counted["az"] == totals(walk.state, as_at=datetime.fromisoformat(CLOSES) - timedelta(seconds=1)).counted["az"]


# -- a stolen key ----------------------------------------------------------------------------------------------------------------


@at("J10.7")
def both_entries_stay(walk: Walk) -> None:
    found = walk.state.endorsements[walk.named["E6"]]
    (withdrawal,) = found.withdrawals
    assert (withdrawal.questioned, withdrawal.set_aside is not None) == (True, True)
    types = [act.type for act in walk.record() if act.object == found.digest]
    assert types == ["endorsement.withdraw-v1", "endorsement.set_aside_withdrawal-v1"]
    page = words_of(public(walk, f"register/{found.position}").decode())
    assert "Withdrawal set aside" in page


@at("J10.9")
def held_from_the_hour_and_honest_before_it(walk: Walk) -> None:
    """The signature of 26 November was never touched by the revocation: only acts from the hour on are in question."""
    from declaration.procedure.standing import questioned

    found = walk.state.endorsements[walk.named["E6"]]
    assert [status for _, status in found.story] == ["counted", "withdrawn", "counted", "held", "counted"]
    signer = found.key
    assert {each.key.fingerprint for each in questioned(walk.state)} == {signer}
    assert found.index not in {each.index for each in questioned(walk.state)}


# -- the auditor -----------------------------------------------------------------------------------------------------------------


@at("J11.1")
def everything_in_one_file_without_an_account(walk: Walk) -> None:
    inside = members(bundle(walk))
    assert {"entries.jsonl", "checkpoint", "policy", "allowed_signers", "README.txt", "verify.sh", "verify.html"} <= set(inside)
    assert f"versions/{walk.state.adopted}/texts/az.txt" in inside
    assert inside["entries.jsonl"].count(b"\n") == walk.state.size
    for page in ("register", "verify", "record", "text"):
        public(walk, page)


@at("J11.2")
def the_verifier_says_what_holds(walk: Walk) -> None:
    status, said = verifier(bundle(walk), "--constitution", root_of_trust(walk), "--policy", str(policy(walk)))
    found = totals(walk.state)
    assert status == 0, said
    assert said.startswith(f"VERIFIED. {found.total} signatures counted, 0 accessions, 1 withdrawn, 1 listed apart.")
    assert re.search(r"^set aside +1$", said, re.MULTILINE)
    for country, names in walk.state.known.delegations.items():
        assert re.search(rf"^ +{re.escape(names['en'])} +{found.counted[country]}\b", said, re.MULTILINE), country
    assert len(re.findall(r"^[1-9]  passed", said, re.MULTILINE)) == 9


@at("J11.3")
def one_letter_is_named_by_paragraph_and_language(walk: Walk) -> None:
    inside = members(bundle(walk))
    name = f"versions/{walk.state.adopted}/texts/az.txt"
    block = next(part for part in inside[name].split(b"\n\n") if part.startswith(b"[OP7] "))
    changed = inside[name].replace(block, block.replace("ə".encode(), b"e", 1))
    assert changed != inside[name]
    status, said = verifier(repacked(walk, {**inside, name: changed}, "letter"))
    assert status == 1
    assert said.startswith("REFUSED at check 7. OP7 in az: not the words that were approved"), said[:300]


@at("J11.4")
def a_removed_signatory_is_named_by_position(walk: Walk) -> None:
    inside, gone = members(bundle(walk)), walk.state.endorsements[walk.named["E3"]].index
    lines = inside["entries.jsonl"].splitlines(keepends=True)
    assert b"endorsement.sign-v1" in lines[gone]
    left = b"".join(lines[:gone] + lines[gone + 1 :])
    status, said = verifier(repacked(walk, {**inside, "entries.jsonl": left}, "removed"))
    assert status == 1
    assert said.startswith("REFUSED at check 3. "), said[:300]
    assert f"entry {gone}" in said, said[:600]


@at("J11.5")
def the_head_on_the_screen_is_the_bundles(walk: Walk) -> None:
    """The very note, drawn as a code; its size; the first words of its root."""
    note = members(bundle(walk))["checkpoint"]
    found = parse_checkpoint(note.decode().partition("\n\n")[0] + "\n")
    page = walk.page(Who("chair", "chair"), "hall")
    drawn = re.compile(r' d="([^"]+)"')
    assert drawn.findall(str(qr_svg(own_note(note).decode(), "", fills=True)))[-1] in page
    shown = words_of(page)
    assert f"{found.size} entries" in shown
    assert " ".join(words_for(found.root.hex(), 4)) in shown


@at("J11.6")
def what_is_not_proved_is_said(walk: Walk) -> None:
    readme = " ".join(members(bundle(walk))["README.txt"].decode().split())
    assert "that a mandate letter or a register extract is genuine" in readme
    assert "that two keys are two human beings" in readme


# -- afterwards ------------------------------------------------------------------------------------------------------------------


@at("J12.3")
def what_was_withdrawn_stays_in_the_list(walk: Walk) -> None:
    found = walk.state.endorsements[walk.named["E9"]]
    assert "Garagum" in public(walk, "register/all").decode()
    assert "Withdrawn" in words_of(public(walk, f"register/{found.position}").decode())


@at("J12.5")
def an_accession_is_not_in_the_figure_of_31_january(walk: Walk) -> None:
    closing = datetime.fromisoformat(CLOSES) - timedelta(seconds=1)
    then, today = totals(walk.state, as_at=closing), totals(walk.state)
    assert (today.counted, today.accessions["kg"], sum(then.accessions.values())) == (then.counted, 1, 0)
    at_closing = words_of(public(walk, "register?at=2026-01-31T19:59:59Z").decode())
    assert f"{then.total} signatures" in at_closing


@at("J12.6")
def everybody_sees_both_readings(walk: Walk) -> None:
    for who in (Who("head", "hu"), SIGNATORIES["Işık"]):
        page = words_of(walk.page(who, "corrigenda"))
        assert f"{walk.state.declaration}/Corr.1" in page


@at("J12.10")
def signed_text_and_text_as_corrected(walk: Walk) -> None:
    """Both hashes; every signature as it was; the corrected words from the beginning."""
    (done,) = walk.state.corrected["az"]
    (signed_text,) = (row.sha256 for row in walk.manifest.texts if row.lang == "az")
    status, said = verifier(bundle(walk), "--constitution", root_of_trust(walk))
    assert status == 0, said
    for words in ("Corr.1, az:", f"before      {signed_text}", f"corrected   {done.sha256}"):
        assert words in said
    found = totals(walk.state)
    assert said.startswith(f"VERIFIED. {found.total} signatures counted, 1 accessions")
    assert found.counted == totals(walk.state, as_at=datetime.fromisoformat(CLOSES)).counted
    text = public(walk, "corrigenda/az.txt")
    assert (sha256(text).hexdigest(), CORRECTION["should_read"] in text.decode()) == (done.sha256, True)


@at("J12.11")
def a_certified_copy_says_what_was_corrected(walk: Walk) -> None:
    (done,) = walk.state.corrected["az"]
    copy = public(walk, "copy.pdf?text=az")
    said = flowing(copy)
    for words in ("Corr.1", done.sha256[:16]):
        assert words in said
    assert "".join(CORRECTION["should_read"].split()) in "".join(said.split())


@at("J12.13")
def what_is_deposited_is_closed(walk: Walk) -> None:
    assert walk.state.stage == "archived"
    for path in ("register", "verify", "record", "corrigenda"):
        public(walk, path)
    assert verifier(bundle(walk))[0] == 0
