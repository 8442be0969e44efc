"""Identifiers are safe in a path, a URL, a shell and an allowed_signers line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from declaration.errors import Malformed
from declaration.protocol import names

GOOD = {
    names.parse_origin: ["declaration.example/forum", "localhost:8000/demo", "a.example/b/c", "127.0.0.1:5000/forum-2025"],
    names.parse_identifier: ["joint-declaration", "OTSNGO/2025/JD/Rev.1", "urn:uuid:6f1c0d5e"],
    names.parse_party: ["az", "ngo-42", "a.b"],
    names.parse_role: ["chair", "head"],
    names.parse_type: ["constitution-v1", "amendment.submit-v1", "draft_version.approve_and_circulate-v1"],
    names.parse_language: ["az", "uz-Latn", "pt-BR", "kaa"],
    names.parse_unit_id: ["T", "PP3", "OP8bis", "OP5.1", "OP8-a"],
    names.parse_number: ["5", "8 bis", "8bis", "5.1", "(a)", "iv", "(iii)", "b"],
}
EVERYWHERE = ["", " ", "a b", "a\nb", "a\n", "\na", 'a"', "a'b", "a,b", "a*", "a?b", "a\\b", "a$b", "а", "ə", "a\x00", None, 7, ["a"]]
BAD = {
    names.parse_origin: ["forum", "/forum", "a.example/", "a.example//b", "A.example/b", "a.example/b+c", "a.example/" + "b" * 200],
    names.parse_identifier: ["/a", "-a", "a" * 129],
    names.parse_party: ["Az", "-az", ".az", "a_b", "a/b", "a" * 65],
    names.parse_role: ["Head", "head.az", "1head", "vice_chair"],
    names.parse_type: ["constitution", "constitution-v2", "a.b.c-v1", "Amendment.submit-v1", ".a-v1", "a-v1\n", "*-v1", "a-b-v1"],
    names.parse_language: ["AZ", "a", "az_AZ", "az-latn", "uz-Latn-x"],
    names.parse_unit_id: ["5", "OP 5", "OP5]", "[OP5", "a" * 33, "OP/5"],
    names.parse_number: ["5.", "V", "the", "5 foo", "a b", "(a", "12345", "5. "],
}
CASES = [(parse, text) for parse, texts in GOOD.items() for text in texts]
REFUSALS = [(parse, text) for parse, texts in BAD.items() for text in [*texts, *EVERYWHERE]]


@pytest.mark.parametrize(("parse", "text"), CASES)
def test_names_accept(parse: Callable[[object], str], text: str) -> None:
    assert parse(text) == text


@pytest.mark.parametrize(("parse", "text"), REFUSALS)
def test_names_refuse(parse: Callable[[object], str], text: object) -> None:
    with pytest.raises(Malformed):
        parse(text)
