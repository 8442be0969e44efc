"""Policies: the grammar of C2SP tlog-policy, and quorums that cannot be met by one witness twice."""

from __future__ import annotations

import pytest

from declaration.errors import DeclarationError, Malformed, ProofInvalid, SignatureInvalid
from declaration.protocol.note import COSIGNATURE, NoteSigner, cosign
from declaration.verifier.policy import check_checkpoint, check_signed, parse_policy, quorum_met, read_policy
from tests.support.logs import LOG, MadeLog, key

W = {name: NoteSigner(f"{name}.example/w", key(name), COSIGNATURE) for name in ("one", "two", "three", "four")}
NOTE = MadeLog().grow(5).note()
ANOTHER_LOG = NoteSigner("declaration.example/another", key("another log"))


def text(*lines: str, log: bool = True) -> bytes:
    log_line = [f"log {LOG.verifier.vkey}"] if log else []
    return "\n".join([*log_line, *(f"witness {name} {signer.verifier.vkey}" for name, signer in W.items()), *lines, ""]).encode()


def signed(*names: str) -> bytes:
    note = NOTE
    for name in names:
        note = cosign(note, W[name], 1_764_000_000)
    return note


QUORUMS = (
    ("quorum none", (), True),
    ("quorum one", (), False),
    ("quorum one", ("two", "three", "four"), False),
    ("quorum one", ("one",), True),
    ("group g 2 one two three\nquorum g", ("one",), False),
    ("group g 2 one two three\nquorum g", ("one", "four"), False),
    ("group g 2 one two three\nquorum g", ("three", "one"), True),
    ("group g any one two\nquorum g", ("two",), True),
    ("group g all one two\nquorum g", ("two",), False),
    ("group g all one two\nquorum g", ("two", "one"), True),
    ("group g any one two\ngroup h any three four\ngroup both all g h\nquorum both", ("one", "two"), False),
    ("group g any one two\ngroup h any three four\ngroup both all g h\nquorum both", ("four", "two"), True),
)


@pytest.mark.parametrize(("lines", "names", "enough"), QUORUMS)
def test_quorums(lines: str, names: tuple[str, ...], enough: bool) -> None:
    policy = parse_policy(text(*lines.split("\n")))
    assert quorum_met(policy, {W[name].verifier for name in names}) is enough
    if enough:
        assert check_checkpoint(policy, signed(*names)).size == 5
    else:
        with pytest.raises(ProofInvalid) as caught:
            check_checkpoint(policy, signed(*names))
        assert caught.value.code == "checkpoint.quorum"
        assert check_signed(policy, signed(*names)).size == 5


def test_a_bad_cosignature_is_not_a_missing_one() -> None:
    forged = cosign(NOTE, NoteSigner(W["one"].name, key("nobody"), COSIGNATURE), 1)
    swapped = forged.replace(forged.split(b" ")[-1][:6], signed("one").split(b" ")[-1][:6])
    with pytest.raises(DeclarationError) as caught:
        check_checkpoint(parse_policy(text("quorum none")), swapped)
    assert caught.value.code in {"note.bad-signature", "encoding.base64"}
    twice = cosign(signed("one"), W["one"], 2)
    with pytest.raises(SignatureInvalid):
        check_checkpoint(parse_policy(text("quorum one")), twice)


def test_witnesses_alone_do_not_make_a_checkpoint() -> None:
    alone = b"\n\n".join([NOTE.split(b"\n\n")[0], b"".join(signed("one", "two").split(b"\n\n")[1].splitlines(keepends=True)[1:])])
    with pytest.raises(ProofInvalid) as caught:
        check_checkpoint(parse_policy(text("quorum one")), alone)
    assert caught.value.code == "checkpoint.unsigned"


def test_addresses_comments_and_spaces() -> None:
    policy = read_policy(
        f"# whom we watch\n\n \tlog\t{LOG.verifier.vkey}   https://declaration.example/log/played/\n"
        f"  # and who watches us\nwitness one {W['one'].verifier.vkey} http://127.0.0.1:8090\nquorum one".encode()
    )
    assert dict(policy.addresses) == {
        f"log {LOG.name}": "https://declaration.example/log/played", "witness one": "http://127.0.0.1:8090",
    }  # fmt: skip
    assert policy.log == LOG.verifier


def test_one_log_to_verify_with_any_number_to_watch() -> None:
    two = text(f"log {ANOTHER_LOG.verifier.vkey}", "quorum none")
    assert set(read_policy(two).logs) == {LOG.name, ANOTHER_LOG.name}
    assert not read_policy(text("quorum none", log=False)).logs
    for raw in (two, text("quorum none", log=False)):
        with pytest.raises(Malformed):
            parse_policy(raw)


ONE = W["one"].verifier.vkey
REFUSED = {
    "no quorum": [],
    "two quorums": ["quorum none", "quorum none"],
    "an unknown quorum": ["quorum five"],
    "a quorum before its group": ["quorum g", "group g any one two"],
    "a group that is too small": ["group g 3 one two", "quorum g"],
    "a group of none": ["group g 0 one two", "quorum g"],
    "a group of nobody": ["group g all", "quorum none"],
    "a member twice": ["group g 2 one one", "quorum g"],
    "a member of two groups": ["group g any one two", "group h any one three", "group i all g h", "quorum i"],
    "a group called none": ["group none any one", "quorum none"],
    "a witness called none": [f"witness none {NoteSigner('five.example/w', key('five'), COSIGNATURE).verifier.vkey}", "quorum none"],
    "a name twice": ["group one any two", "quorum none"],
    "the same witness under another name": [f"witness again {ONE}", "quorum none"],
    "the same key under another name": [
        f"witness again {NoteSigner('again.example/w', key('one'), COSIGNATURE).verifier.vkey}", "group g all one again", "quorum g",
    ],
    "a log's key as a witness": [f"witness five {LOG.verifier.vkey}", "quorum none"],
    "a witness's key as a log": [f"log {NoteSigner('five.example/w', key('five'), COSIGNATURE).verifier.vkey}", "quorum none"],
    "two keys for one log": [f"log {NoteSigner(LOG.name, key('another')).verifier.vkey}", "quorum none"],
    "no address": [f"witness five {NoteSigner('five.example/w', key('five'), COSIGNATURE).verifier.vkey} ftp://x", "quorum none"],
    "words behind": ["quorum none none"],
    "an unknown statement": ["deny one", "quorum none"],
    "a comment behind a statement": ["quorum none # for now"],
    "CRLF": ["quorum none\r"],
    "a key that is not its id's": [f"witness five {ONE.replace('+', '+0', 1)}", "quorum none"],
    "letters": ["# бес", "quorum none"],
}  # fmt: skip


@pytest.mark.parametrize("lines", REFUSED.values(), ids=REFUSED)
def test_refused(lines: list[str]) -> None:
    with pytest.raises(Malformed):
        read_policy(text(*lines))


def test_a_policy_of_a_megabyte() -> None:
    with pytest.raises(Malformed):
        read_policy(b"#" * 1_000_000)
