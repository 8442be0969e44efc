"""``python -m declaration.procedure``: the table of statements, as it stands in docs/protocol.md.

python -m declaration.procedure > docs/statements.md
"""

from __future__ import annotations

import sys

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
    "act": "a statement",
}

_FORMS = """
## Forms of the fields

| field | form |
|---|---|
| `amends`, `target` | digest of the statement that tabled a proposal; `amends` may be `null` |
| `capacity` | `organization`, `personal` or `associated` |
| `content` | SHA-256 of a salted JSON document beside the record |
| `deadline`, `opens`, `closes` | `YYYY-MM-DDTHH:MM:SSZ` |
| `delegations`, `title` | object of names by language; delegations by party |
| `edits` | list of 1 to 50 edits, see [splices and edits](protocol.md) |
| `key` | an OpenSSH public key, two words |
| `kind` | `signature` inside the window, `accession` after it |
| `language`, `original`, `prevailing` | a language code of the constitution |
| `languages` | `authentic` or `translation`, by language |
| `mandate` | `{"document": hash or null, "from": time, "until": time or null}` |
| `organization` | `{"country": party, "name": text, "registration": text}` |
| `party` | `[a-z0-9][a-z0-9.-]{0,63}` |
| `possession` | `{"nonce": …, "signature": base64}`, the new key's own proof |
| `present` | delegations, each once |
| `result` | what follows: hash of each unit's words, or `null` where it goes, by unit |
| `role` | `head`, `secretariat`, `depositary`, `translator` or `signatory` |
| `rules` | the parameters of `declaration.procedure.rules`, all of them |
| `sources` | digests of the proposals that a Chair's text takes up |
| `symbol` | a document symbol that begins with the declaration's |
| `texts` | hash of each authentic text, by language |
| `units` | hash of each unit's words in the language, by unit |

An act is allowed when its row's guards are; they stand by name, with their reasons, in `declaration/procedure/guards.py` and
`guards_texts.py`, and each refusal has a code of its own.
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
    sys.stdout.write(document())
