"""``README.txt`` of a bundle: what it is, how to verify it, with this project's verifier and with stock tools, and what is not proved.

UTF-8 in lines of at most 130 characters. It is part of the bundle's bytes: it holds nothing that a clock or a machine decides.
"""

from __future__ import annotations

import textwrap

from declaration.transparency.witnesses import configured
from declaration.verifier.report import NOT_PROVED, NOT_PROVED_WITHOUT_WITNESSES

LOOP = r"""
mkdir -p check && cd check && cp ../allowed_signers .
while IFS= read -r line; do
  printf '%s' "$line" | sed 's/^{"at":"[^"]*","signature":"[^"]*","statement"://; s/}$//' | tr -d '\n' > statement.json
  { echo '-----BEGIN SSH SIGNATURE-----'
    printf '%s' "$line" | sed 's/^{"at":"[^"]*","signature":"\([^"]*\)".*$/\1/' | tr -d '\n' | fold -w 70; echo
    echo '-----END SSH SIGNATURE-----'; } > statement.json.sig
  at=$(printf '%s' "$line" | sed 's/^{"at":"\([^"]*\)".*$/\1/' | tr -d ':T-')
  who=$(sed 's/.*"by":{"key":"[^"]*","party":"\([^"]*\)","role":"\([^"]*\)"}.*/\2.\1/' statement.json)
  what=$(sed 's/.*"type":"\([^"]*\)".*/\1/' statement.json)
  log=$(sed 's/.*"log":"\([^"]*\)".*/\1/' statement.json)
  ssh-keygen -Y verify -f allowed_signers -I "$who" -n "$what@$log" -O verify-time="$at" \
    -s statement.json.sig < statement.json || echo "REFUSED: $line"
done < ../entries.jsonl
""".strip("\n")

_TEXT = """\
{title}

This bundle holds the record of the forum {origin}, document symbol {symbol}:
its first {size} entries, every version of the text that was circulated, the keys that were
accredited, and the documents that everybody may read.


1. What is in it

  entries.jsonl      the record: one signed act a line, in order
  checkpoint         the service's signed word on these {size} entries, and its witnesses'
  checkpoints/       smaller ones that a witness has signed, where there are any
  policy             whose signatures the checkpoint must carry
  allowed_signers    the accredited keys, for ssh-keygen
  versions/          each version: manifest.json and the text of each language
  contents/          names, reasons and minutes that acts cite by their SHA-256
  verify.html        a second opinion: one page for any browser
  verify.sh          another: a script for bash, with ssh-keygen and openssl
  bundle.json        length and SHA-256 of every other file


2. Verify it, with no network

With the verifier of the service's own project (Python 3.11 or newer, with the packages
cryptography and pynacl), in the folder of its source:

  python -m declaration.verifier BUNDLE.zip --constitution HASH --policy POLICY

HASH is the root of trust: the leaf hash of the constitution, entry 0. Take it from the screen in
the hall, from a printed text or from a receipt, and POLICY from somebody you trust. This bundle
says that the root of trust is

  {root}

and a forged bundle would say something else here just as calmly.

The answer is a sentence, nine numbered checks and an exit status: 0 verified, 1 refused, 2 not a
bundle. Verify the file as it was downloaded; an archive that was unpacked and packed again is
another file.


3. Second opinions

verify.html and verify.sh share no code with that verifier or with each other. A forged bundle can
bring forged programs: take them from the project, or from somebody you trust, once.

verify.html: open it from the disk, with no network, and give it BUNDLE.zip and HASH. It runs
checks 1 to 5, 8 and 9.

verify.sh, in the unpacked folder, runs checks 1 to 4 (OpenSSH 9.1, openssl 3, bash, awk):

  bash verify.sh -c HASH -p POLICY

With OpenSSH and nothing of ours, in the unpacked folder (OpenSSH 9.1 or newer, sh, sed, fold, tr):

{loop}

It says "Good" once an entry. It checks signatures and nothing else: not the order of the acts, not
whether they were allowed, not whether an entry is missing.


4. What no verification proves

{not_proved}
"""


def not_proved() -> tuple[str, ...]:
    """What no verification proves, of a record with the witnesses that this service has."""
    return NOT_PROVED if configured().quorum is not None else (*NOT_PROVED, NOT_PROVED_WITHOUT_WITNESSES)


def readme(*, origin: str, size: int, root: str, title: str, symbol: str, witnessed: bool) -> bytes:
    """The file, for one record of this size.

    :param root: the leaf hash of entry 0.
    :param witnessed: a quorum of witnesses has signed this size.
    """
    points_of = NOT_PROVED if witnessed else (*NOT_PROVED, NOT_PROVED_WITHOUT_WITNESSES)
    points = "\n".join(
        textwrap.fill(f"{each}.", 98, initial_indent="- ", subsequent_indent="  ") for each in points_of
    )
    loop = textwrap.indent(LOOP, "  ")
    heading = textwrap.fill(title, 98)
    return _TEXT.format(title=heading, origin=origin, symbol=symbol, size=size, root=root, loop=loop, not_proved=points).encode()
