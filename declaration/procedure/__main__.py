"""``python -m declaration.procedure``: the pages that are written from the tables.

python -m declaration.procedure > docs/statements.md
python -m declaration.procedure procedure > docs/procedure.md
"""

from __future__ import annotations

import sys

from declaration.procedure.manual.page import page
from declaration.procedure.tables import BY_TYPE, NAME

_HEAD = f"""# Statements of procedure `{NAME}`

Written by `python -m declaration.procedure`; a test compares. Every statement has the common members of
[the protocol](protocol.md) and exactly the fields named here, no others. A field that does not apply is `null`.

| type | signed by | `object` is | fields | says that its party |
|---|---|---|---|---|
"""

_OBJECTS = {
    "none": "`null`",
    "constitution": "the constitution's statement",
    "version": "a version's manifest",
    "amendment": "the statement that tabled a proposal",
    "silence": "the statement that announced a silence procedure",
    "statement": "the statement by which a delegation's statement was lodged",
    "credential": "the statement that presented credentials",
    "key": "the statement that gave a key authority",
    "organization": "the statement that brought an organization into the record",
    "endorsement": "a signature: the statement that made it",
    "paper": "the statement that attested a signature on paper",
    "corrigendum": "the statement that proposed a correction",
    "act": "a statement",
}

_FORMS = """
## Forms of the fields

| field | form |
|---|---|
| `amends`, `target` | digest of the statement that tabled a proposal; `amends` may be `null` |
| `after` | the paragraph after which another is put, or `null` for the beginning |
| `annex` | number of an annex of the minute, from 1 |
| `base` | SHA-256 of a paragraph's words |
| `bundle` | SHA-256 of the bundle that was deposited |
| `capacity` | `organization`, `personal` or `associated` |
| `content` | SHA-256 of a salted JSON document beside the record |
| `concurrence` | digest of the head's concurrence, or `null` for that head's silence |
| `corrected` | SHA-256 of the canonical text of the language as corrected, or `null` for a copy |
| `deadline`, `opens`, `closes`, `expires`, `due`, `report_by`, `from`, `until` | `YYYY-MM-DDTHH:MM:SSZ`; credentials may have no `until` |
| `delegation`, `facilitator` | a delegation |
| `delegations`, `title` | object of names by language; delegations by party |
| `document`, `documents` | SHA-256 of a letter as it was filed; of several |
| `edits` | list of 1 to 50 edits, see [splices and edits](protocol.md); of a corrigendum `replace` alone, or `null` for a copy |
| `invalid_from` | from when a compromised key was no longer its holder's alone, or `null` |
| `key` | an OpenSSH public key, two words |
| `kind` | of an endorsement: `signature` inside the window, `accession` after it; of a corrigendum: `text`, `concordance` or `copy` |
| `kind` | of a statement: `interpretative_statement` or `explanation_of_position` |
| `language`, `original`, `prevailing` | a language code of the constitution |
| `languages` | `authentic` or `translation`, by language |
| `mandate` | `{"continues": digest or null, "document": hash or null, "from": time, "joint": true or false, "until": time or null}` |
| `mandate`: `continues` | digest of an accreditation under the same mandate, whose key is replaced |
| `mandate`: `joint` | whether the statute asks for two signatures |
| `members` | two delegations or more |
| `organization` | `{"country": party, "name": text, "registration": text}` |
| `party` | `[a-z0-9][a-z0-9.-]{0,63}` |
| `possession` | `{"nonce": …, "signature": base64}`, the new key's own proof |
| `previous` | SHA-256 of the canonical text that a rectification corrects |
| `present` | delegations, each once |
| `reason` | `compromised`, `superseded` or `left_office` |
| `result` | what follows: hash of each unit's words, or `null` where it goes, by unit |
| `setting` | `session`, `overnight` or `between` |
| `silence`, `successor` | digest of the statement that began it |
| `since` | from when a mandate is revoked |
| `role` | `head`, `secretariat`, `depositary`, `translator` or `signatory` |
| `rules` | the parameters of `declaration.procedure.rules`, all of them |
| `scan` | SHA-256 of the scan of a signature on paper, as it was filed, sealed |
| `sources` | digests of the proposals that a Chair's text takes up |
| `symbol` | a document symbol that begins with the declaration's |
| `texts` | hash of each authentic text, by language |
| `unit` | the id of a paragraph |
| `version` | SHA-256 of the manifest of the adopted text |
| `units` | hash of each unit's words (in the language that is named), by unit; for statements and findings, a list of ids |

An act is allowed when its row's guards are; they stand by name, with their reasons, in `declaration/procedure/guards.py` and
beside it, and each refusal has a code of its own.
"""


def document() -> str:
    """The whole page."""
    rows = [
        f"| `{row.type}` | {' or '.join(row.who)} | {_OBJECTS[row.object]} | "
        f"{', '.join(f'`{name}`' for name in sorted(row.fields)) or 'none'} | {row.says} |"
        for row in BY_TYPE.values()
    ]
    return _HEAD + "\n".join(rows) + "\n" + _FORMS


if __name__ == "__main__":
    sys.stdout.write(page() if sys.argv[1:] == ["procedure"] else document())
