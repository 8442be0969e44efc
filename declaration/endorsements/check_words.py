"""Every word of the page on which receipts are checked, in the language of the request; ``static/js/receiptcheck.js`` puts them together.

Codes are those of ``static/js/receipt.js`` and of the modules that it uses; ``{names}`` are filled in by the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from declaration.endorsements.readme import not_proved
from declaration.endorsements.record_words import SAYS
from declaration.verifier.receipts import NOT_PROVED_BY_A_RECEIPT
from declaration.web.access import role_name
from declaration.web.refusals import as_sentence

ROLES = ("chair", "secretariat", "depositary", "translator", "head", "signatory")

VERDICTS: Mapping[str, object] = {
    "passed": _l("A good receipt"),
    "failed": _l("This receipt does not hold"),
    "impossible": _l("This browser cannot check it"),
}
ANSWERS: Mapping[str, object] = {
    "passed": _l("Passed:"),
    "failed": _l("Failed:"),
    "skipped": _l("Not made:"),
    "told": _l("Told, not proved:"),
}
CHECKS: Mapping[str, object] = {
    "form": _l("The file is a whole receipt"),
    "forum": _l("It is of this forum’s record"),
    "checkpoint": _l("The record’s key has signed for it"),
    "root": _l("The record is the one with this root of trust"),
    "inclusion": _l("The entry, byte for byte, is in that record"),
    "signature": _l("The key that the statement names has signed it"),
    "text": _l("It names the adopted text"),
    "who": _l("Whose key it is"),
    "witnesses": _l("Witnesses"),
}
CODES: Mapping[str, object] = {
    "form.passed": _l("Six parts, each as it must be written."),
    "forum.passed": _l("Its checkpoint and its statement name this record."),
    "checkpoint.passed": _l(
        "Both checkpoints, that of {size} entries and that of the constitution, are signed by the key shown on this page."
    ),
    "root.passed": _l(
        "The constitution in the receipt is the root of trust shown on this page. Compare that with paper or with the hall screen."
    ),
    "inclusion.passed": _l("Entry {index} in the record of {size} entries, by its path of hashes."),
    "signature.passed": _l("For this act in this record and no other; a key of the kind {kind}."),
    "text.passed": _l("By the fingerprint of every authentic text: {languages}."),
    "who.passed": _l("This service says: the key was accredited for {name} ({party}) by entry {entry}. The bundle proves it."),
    "witnesses.passed": _l("Cosigned by {names}."),
    "earlier": _l("Not made, since an earlier check fails."),
    "no-text": _l("Nothing to ask: this act is no signature of the Declaration."),
    "no-witness": _l("No witness’s signature is in the file. Witnesses sign some seconds later; the record has their lines."),
    "key-unknown": _l(
        "This page does not know the key: it was accredited after the page was loaded, or the record is not open to you yet."
    ),
    "form.empty": _l("The file is empty."),
    "form.size": _l("The file is far longer than any receipt. Choose the file that was saved after signing."),
    "form.other": _l("This is no receipt. A receipt is the text file that was saved after signing; it begins with declaration-receipt@v1."),
    "form.line-ends": _l(
        "The line ends of the file were changed, as some mail programs do. Take the file as it was saved, or attached and not pasted."
    ),
    "form.truncated": _l("The file ends too early: {parts} of its six parts are there. Take the whole file."),
    "form.more": _l("Something was added to the file."),
    "form.entry": _l("The entry is not written as an entry is: it was changed, or cut."),
    "form.proof": _l("The path of hashes is not written as it must be: it was changed, or cut."),
    "form.checkpoint": _l("A checkpoint is not written as it must be: it was changed, or cut."),
    "forum.other": _l("It is a receipt of another record, {other}. This page checks receipts of {origin}."),
    "root.other": _l(
        "Its record begins with another constitution, {other}. One of the two is not the record of this forum: keep the file."
    ),
    "proof.invalid": _l(
        "The path of hashes does not lead from this entry to the signed root: a byte of the entry or of the path was changed."
    ),
    "text.other": _l("It names another text than the one that was adopted."),
    "who.none": _l("By this service’s list the key, of {name}, had no authority for this at that place of the record."),
    "witness.wrong": _l("The signature of the witness {name} is wrong."),
    "note.unsigned": _l("A checkpoint has no signature by the key of this record."),
    "note.bad-signature": _l("The signature under a checkpoint is wrong: a byte of the checkpoint was changed, or somebody else wrote it."),
    "note.repeated": _l("A checkpoint has two signatures by the same key."),
    "note.malformed": _l("The signatures under a checkpoint are not written as they must be: they were changed, or cut."),
    "note.vkey": _l("The key of the record on this page cannot be read. Load the page again."),
    "checkpoint.origin": _l("A checkpoint is of another record."),
    "checkpoint.malformed": _l("A checkpoint is not written as it must be."),
    "base64.malformed": _l("A signature is not written as it must be: it was changed, or cut."),
    "wire.short": _l("The signature of the act is cut."),
    "wire.long": _l("Something was added to the signature of the act."),
    "wire.mpint": _l("The numbers in the signature of the act are not written as they must be."),
    "signature.malformed": _l("The signature of the act is not one that this record can have."),
    "signature.other-key": _l("It was signed with another key than the statement names."),
    "signature.namespace": _l("It was signed for another act, or for another record."),
    "signature.invalid": _l("The signature does not belong to these bytes: the statement or the signature was changed."),
    "passkey.site": _l("The passkey was used at {site}, which the constitution does not name."),
    "passkey.purpose": _l("The passkey was used for something else than this act."),
    "passkey.presence": _l("The passkey was used without a touch, or without fingerprint, face or PIN."),
    "no-crypto": _l("The page was not opened over https, so the browser gives it no tools to verify with. Nothing was checked."),
    "unexpected": _l("Something in the file could not be understood ({code}). Nothing is proved by it."),
}  # fmt: skip
TERMS: Mapping[str, object] = {
    "file": _l("File:"),
    "checks": _l("Checks, made on this device"),
    "says": _l("What it says"),
    "not_proved": _l("What is not proved"),
    "act": _l("Act"),
    "received": _l("Received (UTC)"),
    "party": _l("Party, as the record calls it"),
    "key": _l("Key"),
    "object": _l("Acts on"),
    "text": _l("Text:"),
    "statement": _l("Fingerprint of the statement"),
    "entry": _l("Entry"),
    "size": _l("Entries in the record then"),
    "root": _l("Root of the record then"),
    "letter": _l("The statement, letter for letter"),
    "sentence": _l("{who} ({role}): {does}. Received {when}."),
}


def words() -> dict[str, Any]:
    """All of them, as JSON for the page."""
    said = {
        "verdicts": VERDICTS, "answers": ANSWERS, "checks": CHECKS, "codes": CODES, "terms": TERMS, "says": SAYS,
        "roles": {role: role_name(role) for role in ROLES},
    }  # fmt: skip
    found: dict[str, Any] = {name: {key: str(word) for key, word in known.items()} for name, known in said.items()}
    found["not_proved"] = [str(as_sentence(each)) for each in (*NOT_PROVED_BY_A_RECEIPT, *not_proved())]
    return found
