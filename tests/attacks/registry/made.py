"""How the attacks of the registry are made: each from an honest forge and one thing that somebody could do."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from declaration.procedure.state import VersionText
from declaration.protocol.encoding import b64encode, canonical, format_time
from declaration.protocol.entry import build_entry, parse_entry
from declaration.protocol.manifest import parse_manifest, unit_hash
from declaration.protocol.statement import Seen
from tests.attacks import test_texts as words
from tests.attacks.acts import ready, sign_as
from tests.attacks.test_record import forked, twin_of
from tests.procedure.bench import TEXT, version
from tests.secondopinion import authority, cases
from tests.secondopinion.cases import honest
from tests.verifier import forge as f
from tests.verifier.receipts import receipt_of

REASON = {"content": "0" * 64}
L = 2**252 + 27742317777372353535851937790883648493
"""Order of the group of Ed25519."""


# -- the record ----------------------------------------------------------------------------------------------------------


def on_a_draft() -> f.Forge:
    forge = ready()
    return sign_as(forge, acted_on=next(iter(forge.state.versions)))


def malleable() -> f.Forge:
    """S plus the order of the group: textbooks accept it, and the act would have a second spelling."""
    forge = ready()
    act = forge.statement("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement())
    blob = forge.signature(act, "signatory.new")
    again = int.from_bytes(blob[-32:], "little") + L
    forge.record(act, blob[:-32] + again.to_bytes(32, "little"))
    return forge


def ecdsa_twin() -> f.Forge:
    """An act is recorded a second time under the other valid signature."""
    forge = f.opened()
    key = derive_private_key(42, SECP256R1())
    forge.enrol("new", "kz", private=key)
    act = forge.act("signatory.new", f.SIGNED, forge.state.adopted, forge.endorsement(), private=key)
    forge.force_raw(build_entry(act.at, twin_of(parse_entry(forge.entries[-1]).signature), act.statement.raw))
    return forge


def other_constitution() -> f.Forge:
    """The operator begins again, with a Chair of its own and the same log key."""
    forge = f.Forge()
    forge.act("chair.chair", "constitution-v1", None, forge.constitution_body(title={"en": "Another forum"}))
    return forge


def cut_short(out: Path) -> Path:
    """The last act is gone and the log has signed the rest; nothing in the bundle shows it."""
    forge = cases.signed()
    content = parse_entry(forge.entries[-1]).statement.body["content"]
    members = {name: raw for name, raw in forge.members().items() if name != f"contents/{content}.json"}
    return f.pack(f.rebuilt(members, forge.entries[:-1]), out, size=len(forge.entries) - 1)


def whole_receipt() -> bytes:
    forge = cases.signed()
    return receipt_of(forge, len(forge.entries) - 1)


def other_receipt() -> bytes:
    other = forked()[1]
    return receipt_of(other, len(other.entries) - 1)


def one_story(out: Path) -> Path:
    return forked()[0].pack(out)


def other_story() -> bytes:
    return forked()[1].checkpoint()


def after_a_restore(out: Path) -> Path:
    """Yesterday's copy of the database, a day of other acts over it, signed by the same key."""
    one, other = forked()
    one.pass_time(hours=1)
    one.act("signatory.new", f.WITHDRAWN, one.state.by_party["new"], REASON)
    assert one.roots[len(other.entries)] != other.roots[-1]
    return one.pack(out)


def colliding_id(out: Path) -> Path:
    """A stranger's key whose id of four bytes is the log's signs the checkpoint."""
    forge = f.circulated()
    text = forge.checkpoint().decode().rpartition("\n\n")[0] + "\n"
    line = f"\u2014 {f.ORIGIN} {b64encode(f.LOG.verifier.key_id + f.private('stranger').sign(text.encode()))}\n"
    return forge.pack(out, {**forge.members(), "checkpoint": f"{text}\n{line}".encode()})


def node_as_entry() -> f.Forge:
    forge = f.circulated()
    forge.force_raw(b"\x01" + (forge.roots[1] + forge.roots[1]).replace(b"\n", b"\r"))
    return forge


def hidden_withdrawal(out: Path) -> Path:
    """The operator leaves it out; somebody who signed later had seen it."""
    forge = ready()
    forge.enrol("next", "hu")
    forge.sign("new")
    hidden = forge.state.size
    forge.act("signatory.new", f.WITHDRAWN, forge.state.by_party["new"], REASON)
    forge.enrol("third", "hu")
    forge.act("signatory.next", f.SIGNED, forge.state.adopted, forge.endorsement(), seen=hidden + 1)
    entries = [raw for number, raw in enumerate(forge.entries) if number != hidden]
    return f.pack(f.rebuilt(forge.members(), entries), out, size=len(entries))


def withdrawal_first(out: Path) -> Path:
    forge = f.signed()
    signed = next(n for n, raw in enumerate(forge.entries) if b'"party":"h3"' in raw and b"endorsement.sign" in raw)
    order = [*forge.entries[:signed], forge.entries[-1], *forge.entries[signed:-1]]
    return f.pack(f.rebuilt(forge.members(), order), out, size=len(order))


def mended(out: Path) -> Path:
    """To hide that an act was removed, the operator makes the next one again, with a key of his own."""
    forge = cases.signed()
    gone = next(n for n, raw in enumerate(forge.entries) if b'"party":"a2"' in raw and b"endorsement.sign" in raw)
    again = f.resigned(forge.entries[gone + 1], "operator", seen=Seen(gone, forge.roots[gone].hex()))
    entries = [*forge.entries[:gone], again]
    return f.pack(f.rebuilt(forge.members(), entries), out, size=len(entries))


# -- authority -----------------------------------------------------------------------------------------------------------


def backdated(by_two: bool) -> f.Forge:
    """Signed, and an hour later somebody says that the key was lost before."""
    forge = ready()
    before = forge.now
    forge.pass_time(hours=1)
    forge.sign("new")
    forge.pass_time(hours=1)
    body = authority.revocation("compromised", invalid_from=format_time(before))
    first = forge.act("secretariat.one", "revoke-v1", authority.accreditation_of(forge, "signatory.new"), body)
    if by_two:
        forge.act("secretariat.two", "second-v1", first.digest)
    else:
        forge.force("secretariat.one", "second-v1", first.digest)
    return forge


def backdated_by_its_holder() -> f.Forge:
    forge = ready()
    before = forge.now
    forge.pass_time(hours=1)
    forge.sign("new")
    body = authority.revocation("compromised", invalid_from=format_time(before))
    forge.force("signatory.new", "revoke-v1", authority.accreditation_of(forge, "signatory.new"), body)
    return forge


def invented_delegation() -> f.Forge:
    forge = f.circulated()
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("head.tr"), signer=f.private("operator"))
    return forge


def chair_invents() -> f.Forge:
    """The Chair accredits a head for a country that the constitution does not know."""
    forge = f.circulated()
    forge.force("chair.chair", "accredit-v1", forge.constitution, forge.accreditation("head.tr"))
    return forge


def head_unproved() -> f.Forge:
    """The Chair accredits a key for a delegation whose head never had it."""
    forge = f.circulated()
    body = forge.accreditation("head.kz", named="the chair's own")
    body["possession"] = forge.accreditation("head.kz", named="another")["possession"]
    forge.force("chair.chair", "accredit-v1", forge.constitution, body)
    return forge


def one_as_two() -> f.Forge:
    forge = f.opened()
    first = forge.act("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("ngo"))
    forge.force("secretariat.one", "second-v1", first.digest)
    return forge


def proof_again() -> f.Forge:
    forge = f.opened()
    body = forge.signatory("ngo")
    forge.act("secretariat.one", "accredit-v1", forge.constitution, body)
    forge.force("secretariat.two", "accredit-v1", forge.constitution, {**body, "party": "other"})
    return forge


def two_names() -> f.Forge:
    forge = ready()
    known = forge.signatory("new", "kz")["organization"]
    forge.force("secretariat.one", "accredit-v1", forge.constitution, forge.signatory("new-twin", "kz", organization=known))
    return forge


def injected_party() -> f.Forge:
    forge = f.opened()
    body = {**forge.signatory("ngo"), "party": f'a" ssh-ed25519 AAAA\nsignatory.b namespaces="*" {"x" * 8}'}
    forge.force("secretariat.one", "accredit-v1", forge.constitution, body)
    return forge


def more_signers(forge: f.Forge, members: f.Members) -> f.Members:
    line = f'signatory.a1 namespaces="*@{f.ORIGIN}" {authority.offered(forge, "thief")["key"]}\n'
    return {**members, "allowed_signers": members["allowed_signers"] + line.encode()}


# -- words ---------------------------------------------------------------------------------------------------------------


def approved(made: Callable[[f.Forge], VersionText]) -> Callable[[Path], Path]:
    """The Chair is brought to approve it; the version is in the bundle."""

    def write(out: Path) -> Path:
        forge = f.second_reading()
        forge.accept(next(iter(forge.state.amendments)))
        forge.translate(OP1="Hər il görüşməyi qərara alırıq;")
        version_ = made(forge)
        return forge.pack(out, words.approve(forge, version_, version_.manifest.symbol))

    return write


def promoted(out: Path) -> Path:
    """A language that the constitution calls a translation stands as authentic in the zero draft."""
    forge = f.Forge()
    forge.act("chair.chair", "constitution-v1", None, forge.constitution_body(languages={"az": "translation", "en": "authentic"}))
    return forge.pack(out, words.approve(forge, version(TEXT, f"{f.SYMBOL}/ZD", None), f"{f.SYMBOL}/ZD"))


def authentic_left_out(out: Path) -> Path:
    forge = f.agreed()
    forge.act("chair.chair", "declaration.begin_legal_review-v1", forge.state.current)
    english = {unit: (kind, number, {"en": text["en"]}) for unit, (kind, number, text) in forge.texts_now().items()}
    return forge.pack(out, words.approve(forge, version(english, f.SYMBOL, forge.state.current), f.SYMBOL))


def relabelled(out: Path) -> Path:
    """The Azerbaijani words under the label of the English, in the manifest and in the files."""
    forge = f.circulated()
    digest = forge.state.current or ""
    value = json.loads(forge.library[digest].manifest.raw)
    for row in value["units"]:
        row["sha256"] = {"az": row["sha256"]["en"], "en": row["sha256"]["az"]}
    other = parse_manifest(canonical(value)).raw
    folder = f"versions/{digest}"
    members = forge.members()
    az, en = f"{folder}/texts/az.txt", f"{folder}/texts/en.txt"
    return forge.pack(out, {**members, f"{folder}/manifest.json": other, az: members[en], en: members[az]})


def bidi(out: Path) -> Path:
    forge = f.Forge().constituted()
    made = version({**TEXT, "OP1": ("operative", "1", {**TEXT["OP1"][2], "en": "Decide \u202eto meet;"})}, f"{f.SYMBOL}/ZD", None)
    return forge.pack(out, words.approve(forge, made, f"{f.SYMBOL}/ZD"))


def labels_swapped() -> f.Forge:
    forge = ready()
    texts = forge.endorsement()["texts"]
    return sign_as(forge, body={"texts": {"az": texts["en"], "en": texts["az"]}})


OP1 = TEXT["OP1"][2]["en"]


def proposed(*splices: tuple[int, int, str]) -> Callable[[Path], Path]:
    """A head signs an amendment with these splices; the words are the head's own to choose, their places are not."""

    def make() -> f.Forge:
        forge = f.circulated()
        edit = {"unit": "OP1", "base": unit_hash(OP1), "op": "replace", "splices": [list(each) for each in splices]}
        forge.force("head.az", "amendment.submit-v1", forge.state.current, forge.proposal([edit]))
        return forge

    return honest(make)


def extra_field() -> f.Forge:
    forge = ready()
    return sign_as(forge, body={"extra": 1})


def respelled(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """The last act spelled otherwise, and the log signs it all again."""
    return cases.signed_again(lambda: sign_as(ready()), cases.last(change))


# -- archives and receipts -----------------------------------------------------------------------------------------------


def archive(name: str) -> Callable[[Path], Path]:
    from tests.attacks.test_archive import CASES

    def write(out: Path) -> Path:
        out.write_bytes(CASES[name]())
        return out

    return write


def stored_again(out: Path) -> Path:
    """The same members, compressed by an ordinary program."""
    forge, stream = f.circulated(), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, raw in forge.members().items():
            target.writestr(name, raw)
    out.write_bytes(stream.getvalue())
    return out


def receipt(change: Callable[[f.Forge, bytes], bytes]) -> Callable[[Path], Path]:
    """A receipt with something changed in it."""

    def write(out: Path) -> Path:
        forge = f.circulated()
        honest_ = receipt_of(forge, 5)
        made = change(forge, honest_)
        assert made != honest_
        out.write_bytes(made)
        return out

    return write


def _path_of(raw: bytes) -> list[bytes]:
    return raw.split(b"\n\n")[1].split(b"\n")


def short_hash(forge: f.Forge, raw: bytes) -> bytes:
    wanted = _path_of(raw)[2]
    return raw.replace(wanted, b64encode(bytes(31)).encode(), 1)


def other_hash(forge: f.Forge, raw: bytes) -> bytes:
    wanted = _path_of(raw)[2]
    return raw.replace(wanted, b64encode(sha256(wanted).digest()).encode(), 1)


def one_hash_less(forge: f.Forge, raw: bytes) -> bytes:
    return raw.replace(_path_of(raw)[-1] + b"\n", b"", 1)


def one_hash_more(forge: f.Forge, raw: bytes) -> bytes:
    last = _path_of(raw)[-1]
    return raw.replace(last, last + b"\n" + b64encode(bytes(32)).encode(), 1)


def other_index(forge: f.Forge, raw: bytes) -> bytes:
    return raw.replace(b"\nindex 5\n", b"\nindex 4\n", 1)


def node_for_leaf(forge: f.Forge, raw: bytes) -> bytes:
    """The path of the parent, with the leaf's index halved: the entry is claimed to be an inner node."""
    path = _path_of(raw)
    return raw.replace(b"\n".join(path), b"\n".join([path[0], b"index 2", *path[3:]]), 1)


def act_exchanged(forge: f.Forge, raw: bytes) -> bytes:
    return raw.replace(forge.entries[5], forge.entries[6], 1)
