"""Where keys, mandates, organizations and the adopted text stand: read from the state and an hour, never recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from declaration.errors import Malformed, Refused
from declaration.procedure.holdings import Correction, Corrigendum, Endorsement, Organization
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import sha256_hex
from declaration.protocol.manifest import canonical_text
from declaration.text.edits import Replace, parse_edits
from declaration.text.letters import check_letters
from declaration.text.splices import apply_splices
from declaration.text.units import check_text, unit_hash


def key_named(state: State, accreditation: str) -> Key:
    """The key that a statement gave authority to; by such a statement acts on keys name it.

    :raises Refused: ``key.unknown``.
    """
    for key in state.keys.values():
        if key.accreditation == accreditation:
            return key
    raise Refused("no key was given authority by that statement", code="key.unknown")


def key_status(state: State, key: Key, at: datetime) -> str:
    """``active``, ``suspended``, ``revoked`` or ``expired`` at an hour.

    A key expires with its mandate, whether that has ended or was taken back. An alternate's key falls with the key that appointed it
    where that one was already compromised when it did.
    """
    if key.revoked is not None:
        return "revoked"
    if key.delegated_by is not None and compromised(state, key.delegated_by, state.times[key.accredited]):
        return "revoked"
    if key.suspended is not None:
        return "suspended"
    if key.mandate_revoked is not None and at >= key.mandate_revoked:
        return "expired"
    if key.valid_until is not None and at >= key.valid_until:
        return "expired"
    return "active"


def compromised(state: State, fingerprint: str, at: datetime) -> bool:
    """Whether acts that this key made at an hour are in question: it was revoked as compromised from then or earlier."""
    key = state.keys[fingerprint]
    return key.invalid_from is not None and at >= key.invalid_from


def before_its_loss(state: State, endorsement: Endorsement) -> bool:
    """Whether a signature came before the hour from which its key was revoked as compromised.

    It stands, and nothing has to be signed again; the depositary may ask its organization all the same.
    """
    lost = state.keys[endorsement.key].invalid_from
    return lost is not None and endorsement.at < lost


@dataclass(frozen=True, slots=True)
class Questioned:
    """An act that was made with a key when it was compromised."""

    index: int
    key: Key
    at: datetime


def questioned(state: State) -> list[Questioned]:
    """Every act that a revocation put in question, in the order of the record.

    What such an act did stands, for later acts rest on it, and it is shown as in question; those whom it concerns undo it by the acts
    that the procedure has for that. Endorsements alone are held by themselves: nothing rests on them but the totals.
    """
    in_doubt = {name for name, key in state.keys.items() if key.invalid_from is not None}
    return [
        Questioned(index, state.keys[name], state.times[index])
        for index, name in state.signed.items()
        if name in in_doubt and compromised(state, name, state.times[index])
    ]


def mandate_of(state: State, key: Key) -> Mapping[str, Any]:
    """The mandate that a signatory's key stands under, as its accreditation has it."""
    return {"document": key.document, "from": key.valid_from, "until": key.valid_until, "joint": key.joint}


def organization_named(state: State, digest: str) -> Organization:
    """The organization that a statement brought into the record.

    :raises Refused: ``organization.unknown``.
    """
    party = state.brought_in.get(digest)
    if party is None:
        raise Refused("no organization came into the record by that statement", code="organization.unknown")
    return state.organizations[party]


def corrections(state: State) -> Mapping[str, tuple[Correction, ...]]:
    """The rectifications of each language, oldest first."""
    return state.corrected


def text_as_corrected(state: State, language: str) -> Mapping[str, str]:
    """Every unit's words in one language of the adopted text, with its corrections; the signed text where it has none.

    :raises Refused: ``version.text-missing``; ``corrigendum.language`` where nothing was adopted in that language.
    """
    done = state.corrected.get(language, ())
    if done:
        return done[-1].texts
    version = state.version_text(state.adopted or "")
    if language not in version.texts:
        raise Refused("there is no adopted text in this language", code="corrigendum.language")
    return version.texts[language]


def hash_as_corrected(state: State, language: str) -> str:
    """SHA-256 of the canonical text of one language, with its corrections."""
    done = state.corrected.get(language, ())
    if done:
        return done[-1].sha256
    for row in state.version_text(state.adopted or "").manifest.texts:
        if row.lang == language:
            return row.sha256
    raise Refused("there is no adopted text in this language", code="corrigendum.language")


def with_edits(state: State, language: str, edits: tuple[Mapping[str, Any], ...]) -> tuple[Mapping[str, str], str]:
    """The words of a language with a correction applied to them as they are now, and the SHA-256 of its canonical text.

    A correction replaces words in paragraphs and does nothing else: it adds, moves and deletes none.

    :raises Refused: ``corrigendum.op``, ``corrigendum.unit``, ``corrigendum.base-changed``, ``corrigendum.empties-unit``,
        ``letters.refused``, ``splice.*``.
    """
    texts = dict(text_as_corrected(state, language))
    for edit in parse_edits(list(edits)):
        if not isinstance(edit, Replace):
            raise Malformed("a correction only replaces words", code="corrigendum.op")
        if edit.unit not in texts:
            raise Refused(f"there is no {edit.unit} in the adopted text", code="corrigendum.unit")
        if edit.base != unit_hash(texts[edit.unit]):
            raise Refused(
                f"{edit.unit} does not read so", code="corrigendum.base-changed", instead="Look at the text as corrected, and begin again."
            )
        made = apply_splices(texts[edit.unit], edit.splices)
        if not made.strip():
            raise Refused(f"{edit.unit} would be left empty", code="corrigendum.empties-unit")
        check_text(made, where=edit.unit)
        check_letters(made, where=edit.unit)
        texts[edit.unit] = made
    manifest = state.version_text(state.adopted or "").manifest
    return texts, sha256_hex(canonical_text([(row.id, row.number, texts[row.id]) for row in manifest.units]))


def running_corrigenda(state: State) -> list[Corrigendum]:
    """Corrections that are neither rectified nor dropped, oldest first."""
    return [each for each in state.corrigenda.values() if each.running]
