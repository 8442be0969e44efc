"""Where the tables differ from the reference model of the procedure, and why.

The reference (``tests/oracles/model.json``) describes the practice of conferences; a test compares every transition with it and accepts
no difference that has no reason here, and no reason here without a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BEGINNINGS: Final[Mapping[tuple[str, str], str]] = {
    ("", "constitution"): "The reference presupposes a forum. Here it begins with an act, so that every later key can be traced to one.",
    ("", "accredit"): "A key has authority because somebody with authority said so, in the record.",
    ("", "second"): "Two persons, a countersignature, the agreement of all heads: one act for every further person that another act needs.",
    ("", "rules"): "The rules are a versioned object; changing them is an act, and after the first reading one of all heads.",
    ("", "delegate"): "A head who flies appoints an alternate; the reference speaks of recorded delegation without giving it a transition.",
    ("silence", "announce"): "The reference starts at announced; what was announced, word for word and hour for hour, is an act "
    "of the Chair.",
    ("statement", "lodge"): "The reference starts at lodged; lodging is the head's own signed act.",
    ("credential", "present"): "The reference starts at presented; presenting names the letter by its hash.",
    ("", "succeed"): "The chair passes every year, and a Chair may lose the key on which all others rest.",
    ("", "revoke"): "Revoking is one act for whoever may do it; the reference's transition of the key follows from it.",
    ("organization", "present"): "What was filed is private until its hashes are put before the head, whose hours begin with that.",
    ("organization", "concur"): "The reference asks for a head's concurrence without giving the head an act.",
    ("organization", "object"): "Silence is concurrence only where somebody could have spoken.",
    ("paper", "attest"): "Signatures on paper are as old as declarations. What a record can hold of one is that two persons attest it, "
    "by the hash of what lies sealed; it is in no total.",
    ("paper", "replace"): "The organization's own signature with a key says more than what others attest of it.",
    ("paper", "restore"): "A signature with a key that was refused or annulled leaves the paper as it was.",
    ("paper", "set_aside"): "The depositary examines what was received, on paper as with keys.",
    ("corrigendum", "propose"): "The reference starts at proposed; proposing says exactly what the text should read.",
}
"""Acts that the reference has no transition for: most of them begin something, and its machines exist in their first state."""

DEPARTURES: Final[Mapping[tuple[str, str], str]] = {
    ("amendment", "not_retain"): "What is stale is a proposal like any other: where there is no consensus on it, nobody has to "
    "confirm it first.",
    ("amendment", "park"): "A stale proposal can be taken up in a Chair's text that was written for the new words.",
    ("amendment", "rebase"): "A Chair's text becomes stale too, and the Chair, who proposed it, confirms it.",
    ("amendment", "table_with_break"): "A member may write the text and the head release it: silence is broken at night, by "
    "whoever is awake.",
    ("amendment", "withdraw"): "What was never submitted is not withdrawn: a draft is discarded inside the delegation, and "
    "nobody hears of it.",
    ("paragraph", "place_reserve"): "Two delegations may hold back; the second reserve stands beside the first, and each lifts its own.",
    ("declaration", "close_signature"): "The hour closes the window by itself; nobody has to be awake at midnight, and nobody "
    "can keep it open.",
    ("language_version", "submit"): "Languages are kept paragraph by paragraph: a translator submits what is ready, whether or "
    "not it was taken before.",
    ("key", "suspend"): "Everybody suspends the own key at once, a head like a signatory; and whoever gave a key authority.",
    ("key", "reinstate"): "The keys of delegations and officers are the Chair's to reinstate, an alternate's the head's; a signatory's "
    "needs two persons of the secretariat, as when it was put in force.",
    ("key", "revoke"): "As for suspending; the Chair's own key ends by succession.",
    ("endorsement", "count"): "Counting follows from the record; what the depositary decides is whether something held is released.",
    ("endorsement", "list_apart"): "It follows from the capacity that the mandate gives.",
    ("endorsement", "hold"): "It follows from what is open: a second signature, a dispute, a key or a mandate that was taken back.",
    ("corrigendum", "rectify"): "An error in a copy alone is rectified at once: nobody objects to a copy's being right.",
    ("language_version", "report_divergence"): "Members hold no keys: a member's finding goes through the head, or is a comment.",
}
"""Transitions whose states or whose actors are others than in the reference."""

ORDERS: Final[Mapping[str, str]] = {
    "final version": "A version names every authentic text by its hash, so the languages are concordant before the final "
    "version is approved, "
    "not after it.",
    "comments": "A comment is no act of the record: not even its hash, which would tell that somebody wrote one.",
    "refusals": "What is refused is not recorded. It changed nothing, and a record of attempts would tell of a delegation's inside; the "
    "service's own log has that a request was refused, and nothing of what it was.",
    "answered": "Whether a thread was answered depends on who reads it, so it is no state of the thread.",
    "receipts": "That a head was sent a version is evidence of the service, not of the record: no act of the head stands behind it. "
    "What a head has read to the end is said by the confirmation, which signs the digest.",
}
"""Other differences, in one word and a sentence each."""
