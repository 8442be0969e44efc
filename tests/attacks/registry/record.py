"""Attacks on the record: replays, keys, the tree, time."""

from __future__ import annotations

from tests.attacks.registry import made
from tests.attacks.registry.kinds import Attack, Who, check, monitor, receipt, service, witness
from tests.secondopinion.cases import BAD, honest
from tests.verifier import forge as f

WATCH = "tests/transparency/test_watch.py"
OPERATOR, ANYBODY = (Who.OPERATOR,), (Who.ANYBODY,)

ATTACKS = (
    Attack(
        name="the signature names a draft", line="replay.version", who=(Who.SIGNATORY, Who.OPERATOR),
        bundle=honest(made.on_a_draft), caught=(check(8, "version.not-adopted"), monitor("version.not-adopted")),
    ),
    Attack(
        name="an act of another forum is recorded here", line="replay.forum", who=OPERATOR,
        bundle=BAD["another log"][0], caught=(check(4, "record.log"), monitor("record.log")),
    ),
    Attack(
        name="an act of another declaration is recorded here", line="replay.forum", who=OPERATOR,
        bundle=BAD["another declaration"][0], caught=(check(4, "record.declaration"), monitor("record.declaration")),
    ),
    Attack(
        name="a signature for one act is put under another", line="replay.act", who=OPERATOR,
        bundle=BAD["a signature for another act"][0], caught=(check(4, "signature.namespace"), monitor("signature.namespace")),
    ),
    Attack(
        name="an act is recorded a second time", line="replay.act", who=OPERATOR,
        bundle=BAD["an entry twice"][0], caught=(check(4, "record.repeated"), monitor("record.repeated")),
    ),
    Attack(
        name="the record begins again with another constitution", line="constitution.other", who=OPERATOR,
        bundle=honest(made.other_constitution), holding=lambda: {"constitution": f.signed().trust_root, "policy": f.policy()},
        caught=(check(5, "constitution.other"), monitor("constitution.other")),
    ),
    Attack(
        name="somebody else signs in the name of a key", line="key.substituted", who=OPERATOR,
        bundle=BAD["a signature by a thief"][0], caught=(check(4, "signature.other-key"), monitor("signature.other-key")),
    ),
    Attack(
        name="a key that nobody accredited signs for an organization", line="key.substituted", who=(Who.OPERATOR, Who.ANYBODY),
        bundle=BAD["a key that nobody accredited"][0], caught=(check(5, "key.unknown"), monitor("key.unknown")),
    ),
    Attack(
        name="an accredited key signs for another party", line="key.substituted", who=(Who.DELEGATION, Who.OPERATOR),
        bundle=BAD["a key of another party"][0], caught=(check(5, "key.party"), monitor("key.party")),
    ),
    Attack(
        name="the log's key is another one", line="key.substituted", who=(Who.NETWORK, Who.ANYBODY),
        bundle=BAD["the log's key replaced"][0], caught=(check(2, "note.unsigned"),),
    ),
    Attack(
        name="a key of small order is accredited", line="key.small-order", who=(Who.CHAIR, Who.SECRETARIAT),
        bundle=BAD["a weak key accredited"][0], caught=(check(5, "key.weak"), monitor("key.weak")),
    ),
    Attack(
        name="a universal signature of a key of small order", line="key.small-order", who=OPERATOR,
        bundle=BAD["a universal signature"][0], caught=(check(4, "signature.invalid"), monitor("signature.invalid")),
    ),
    Attack(
        name="S of an Ed25519 signature not reduced", line="signature.malleable", who=(Who.OPERATOR, Who.NETWORK),
        bundle=honest(made.malleable), caught=(check(4, "signature.invalid"), monitor("signature.invalid")),
    ),
    Attack(
        name="the other valid ECDSA signature as a second act", line="signature.twin", who=(Who.OPERATOR, Who.NETWORK),
        bundle=honest(made.ecdsa_twin), caught=(check(4, "record.repeated"), monitor("record.repeated")),
    ),
    Attack(
        name="an endorsement is taken out and the record signed again", line="record.removed", who=OPERATOR,
        bundle=BAD["an endorsement removed"][0], caught=(check(3, "seen.unknown"), monitor("seen.unknown")),
    ),
    Attack(
        name="and the next act made again, to hide it", line="record.removed", who=OPERATOR,
        bundle=made.mended, caught=(check(4, "signature.other-key"), monitor("signature.other-key")),
    ),
    Attack(
        name="the last entries are left out of the bundle", line="record.truncated", who=ANYBODY,
        bundle=BAD["truncated"][0], caught=(check(3, "record.size"),),
    ),
    Attack(
        name="the record is cut and signed again, its own checkpoint of before beside it", line="record.truncated", who=OPERATOR,
        bundle=BAD["truncated and signed again"][0], caught=(check(3, "record.truncated"),),
    ),
    Attack(
        name="the record is cut and signed again, the auditor kept a checkpoint", line="record.truncated", who=OPERATOR,
        bundle=made.cut_short, holding=lambda: {"since": made.cases.signed().checkpoint()},
        caught=(
            check(2, "checkpoint.not-extended"),
            monitor("monitor.rollback", "tests/monitor/test_following.py::test_a_rollback_is_never_accepted"),
            witness("409", "tests/witness/test_service.py::test_never_a_smaller_size_after_a_larger"),
        ),
    ),
    Attack(
        name="two roots for one size in one bundle", line="record.two-roots", who=OPERATOR,
        bundle=BAD["two roots"][0], caught=(
            check(3, "checkpoint.two-roots"),
            witness("409", "tests/witness/test_service.py::test_two_roots_for_one_size_are_kept_as_evidence"),
        ),
    ),
    Attack(
        name="one auditor is shown another record than the rest", line="record.fork", who=OPERATOR,
        bundle=made.one_story, holding=lambda: {"since": made.other_story()},
        caught=(
            check(3, "checkpoint.two-roots"),
            monitor("monitor.equivocation", "tests/monitor/test_following.py::test_another_history_is_proved"),
            monitor("monitor.equivocation", "tests/monitor/test_following.py::test_two_that_were_shown_different_records"),
        ),
    ),
    Attack(
        name="a checkpoint of another log under this log's key", line="record.origin", who=OPERATOR,
        bundle=BAD["checkpoint of another origin"][0], caught=(check(2, "checkpoint.origin"),),
    ),
    Attack(
        name="an index that speaks of another log", line="record.origin", who=ANYBODY,
        bundle=BAD["index of another origin"][0], caught=(check(2, "checkpoint.other"),),
    ),
    Attack(
        name="a key whose id collides with the log's", line="record.key-id", who=ANYBODY,
        bundle=made.colliding_id, caught=(check(2, "note.bad-signature"),),
    ),
    Attack(
        name="an act is held back and recorded days later", line="time.held-back", who=(Who.OPERATOR, Who.SIGNATORY),
        bundle=BAD["held back"][0], caught=(check(4, "seen.too-old"), monitor("seen.too-old")),
    ),
    Attack(
        name="an entry is dated before the one that stands before it", line="time.backdated", who=OPERATOR,
        bundle=BAD["a time that runs backwards"][0], caught=(check(4, "record.time"), monitor("record.time")),
    ),
    Attack(
        name="a path of 31 bytes where a hash should be", line="proof.malformed", who=OPERATOR,
        receipt=made.receipt(made.short_hash), caught=(receipt("receipt.form"),),
    ),
    Attack(
        name="another hash in the path", line="proof.malformed", who=OPERATOR,
        receipt=made.receipt(made.other_hash), caught=(receipt("proof.root"),),
    ),
    Attack(
        name="a path one hash too short", line="proof.malformed", who=OPERATOR,
        receipt=made.receipt(made.one_hash_less), caught=(receipt("proof.length"),),
    ),
    Attack(
        name="a path one hash too long", line="proof.malformed", who=OPERATOR,
        receipt=made.receipt(made.one_hash_more), caught=(receipt("proof.length"),),
    ),
    Attack(
        name="the path of another place", line="proof.malformed", who=OPERATOR,
        receipt=made.receipt(made.other_index), caught=(receipt("proof.root"),),
    ),
    Attack(
        name="tiles that do not hash to the root", line="proof.malformed", who=(Who.OPERATOR, Who.NETWORK),
        caught=(monitor("monitor.tiles", "tests/monitor/test_following.py::test_bad_tiles"),),
    ),
    Attack(
        name="a consistency proof that does not lead there", line="proof.malformed", who=OPERATOR,
        caught=(witness("422", "tests/witness/test_service.py::test_a_wrong_proof"),),
    ),
    Attack(
        name="the bytes of an inner node as an entry", line="proof.leaf-node", who=OPERATOR,
        bundle=honest(made.node_as_entry), caught=(check(4, "json.not-utf8"), monitor("json.not-utf8")),
    ),
    Attack(
        name="the path of the node above, for the entry", line="proof.leaf-node", who=OPERATOR,
        receipt=made.receipt(made.node_for_leaf), caught=(receipt("proof.length"),),
    ),
    Attack(
        name="another act in the place of the one with a receipt", line="receipt.missing-act", who=OPERATOR,
        bundle=made.one_story, holding=lambda: {"receipt": made.other_receipt()}, caught=(check(3, "receipt.other-entry"),),
    ),
    Attack(
        name="a record that ends before the act with a receipt", line="receipt.missing-act", who=OPERATOR,
        bundle=made.cut_short, holding=lambda: {"receipt": made.whole_receipt()}, caught=(check(2, "checkpoint.not-extended"),),
    ),
    Attack(
        name="a receipt whose act was exchanged", line="receipt.missing-act", who=(Who.SIGNATORY, Who.ANYBODY),
        receipt=made.receipt(made.act_exchanged), caught=(receipt("proof.root"),),
    ),
    Attack(
        name="yesterday's database is put back and signs other acts", line="record.restored-backup", who=OPERATOR,
        bundle=made.after_a_restore, holding=lambda: {"since": made.other_story()},
        caught=(
            service("log.restored-backup", f"{WATCH}::test_a_restored_backup_neither_signs_nor_serves_and_says_what_to_do"),
            check(3, "checkpoint.not-extended"),
            witness("409", "tests/transparency/test_witnesses.py::test_a_witness_that_knows_more_than_the_database"),
        ),
    ),
)  # fmt: skip
