"""The file for ssh-keygen: no name can smuggle in an option or a second line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from declaration.errors import Malformed
from declaration.protocol.allowed_signers import AllowedSigner, allowed_signers
from tests.protocol.made import ED_KEY, LOG, NOON, OTHER_KEY

SIGNER = AllowedSigner("signatory", "ngo-42", ED_KEY, (f"endorsement.sign-v1@{LOG}",))


def test_a_line() -> None:
    assert SIGNER.line == f'signatory.ngo-42 namespaces="endorsement.sign-v1@{LOG}" {ED_KEY.openssh}'
    timed = replace(SIGNER, valid_after=NOON, valid_before=NOON + timedelta(days=1), namespaces=(f"*@{LOG}", f"rules-v1@{LOG}"))
    assert timed.line.split(" ")[1] == (f'namespaces="*@{LOG},rules-v1@{LOG}",valid-after="20251124080000Z",valid-before="20251125080000Z"')


def test_the_file_is_the_same_in_whatever_order() -> None:
    other = replace(SIGNER, key=OTHER_KEY)
    assert allowed_signers([SIGNER, other, SIGNER]) == allowed_signers([other, SIGNER])
    assert len(allowed_signers([SIGNER, other, SIGNER]).splitlines()) == 2
    assert allowed_signers([]) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"party": "ngo-42\nhead.az"},
        {"party": 'ngo-42 namespaces="*"'},
        {"party": "ngo-42,head.az"},
        {"party": "*"},
        {"party": "!ngo"},
        {"party": "ngo 42"},
        {"party": "#ngo"},
        {"party": ""},
        {"role": "*"},
        {"role": "head.az"},
        {"role": ""},
        {"role": "head\t"},
        {"namespaces": ()},
        {"namespaces": ("*",)},
        {"namespaces": ("*@*",)},
        {"namespaces": (f'a-v1@{LOG}" cert-authority',)},
        {"namespaces": (f"a-v1@{LOG},*",)},
        {"namespaces": (f"a?-v1@{LOG}",)},
        {"namespaces": ("",)},
        {"namespaces": (f"!a-v1@{LOG}",)},
        {"valid_after": datetime(2025, 11, 24)},  # noqa: DTZ001 - a naive time is what must be refused
    ],
)
def test_injection_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        allowed_signers([replace(SIGNER, **changes)])
