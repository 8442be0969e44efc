"""A list of organizations: every line gets a verdict, and nothing is kept unseen."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from declaration.endorsements import ngo_list
from declaration.errors import Malformed

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "solidarity-forum" / "ngos.sample.csv"
COUNTRIES = {"az", "tr", "uz", "kz", "kg", "tm", "hu", "trnc"}
TODAY = date(2025, 11, 26)
"""The day after the adoption."""
HEAD = "country,name_original,registration_no,signatory,office"


def kept(typed: Mapping[str, str]) -> Mapping[str, str]:
    if not typed["name"].strip():
        raise Malformed("the name of the organization is missing")
    return {**typed, "country": typed["country"].lower()}


def reviewed(text: str, registered: Mapping[str, str] | None = None) -> list[ngo_list.Line]:
    return ngo_list.review(text, countries=COUNTRIES, registered=registered or {}, check=kept, today=TODAY)


VERDICT = {
    "counted": "new",
    "withdrawn_later": "new",
    "key_stolen": "new",
    "duplicate": "duplicate",
    "incomplete": "incomplete",
    "refused": "refused",
    "personal": "personal",
    "not_entitled": "country",
}
"""What the review of a list can know of the result that a row of the sample is expected to have in the end."""


def test_every_row_of_the_sample_is_judged_as_it_is_expected() -> None:
    rows = list(csv.DictReader(SAMPLE.read_text().splitlines()))
    lines = reviewed(ngo_list.decoded(SAMPLE.read_bytes()))
    assert [line.verdict for line in lines] == [VERDICT[row["expected"]] for row in rows]
    assert [line.authority.until.isoformat() if line.authority and line.authority.until else "" for line in lines] == [
        row["authority_valid_until"] for row in rows
    ]
    assert [line.fields["registration"] for line in lines if line.authority and line.authority.joint] == ["SAMPLE-TR-0003"]


@pytest.mark.parametrize(
    ("columns", "values", "verdict"),
    [
        ("capacity", "organisation", "error"),
        ("authority_valid_until", "31.12.2026", "error"),
        ("authority_valid_until", "2026-02-30", "error"),
        ("authority_valid_until", "2025-11-25", "refused"),
        ("authority_valid_until", "2025-11-26", "new"),
        ("authority", "none", "refused"),
        ("authority", "", "refused"),
        ("authority", "statute, two signatures", "incomplete"),
        ("authority", "joint signature", "incomplete"),
        ("capacity", "associated", "associated"),
        ("capacity", "", "new"),
    ],
)
def test_what_a_list_says_of_an_authority(columns: str, values: str, verdict: str) -> None:
    (line,) = reviewed(f'{HEAD},{columns}\nAZ,A,1,P,O,"{values}"\n')
    assert line.verdict == verdict


def test_two_persons_who_sign_together_are_both_named() -> None:
    (line,) = reviewed(f"{HEAD},authority\nTR,A,1,P + Q,başkan + genel sekreter,statute\n")
    assert (line.verdict, line.authority is not None and line.authority.joint) == ("new", True)


def test_the_sample_has_twenty_four_lines_and_these_are_left_out() -> None:
    lines = reviewed(ngo_list.decoded(SAMPLE.read_bytes()))
    left_out = {line.number: (line.verdict, line.said.partition(",")[0]) for line in lines if line.verdict != "new"}
    assert len(lines) == 24
    assert left_out == {
        4: ("duplicate", "line 3"), 7: ("duplicate", "line 6"), 9: ("incomplete", "two sign for it"), 11: ("duplicate", "line 10"),
        12: ("refused", "the authority ended on 2025-11-01"), 15: ("refused", "no document names this person"), 17: ("personal", ""),
        24: ("country", "XX"),
    }  # fmt: skip


def test_what_is_registered_already_is_named() -> None:
    (line,) = reviewed(f"{HEAD}\nTR,IŞIK,sample-tr-0001,A B,chair\n", {"tr.sample-tr-0001": "Işık Derneği"})
    assert (line.verdict, line.said) == ("duplicate", "Işık Derneği, registered already")


def test_an_error_keeps_to_its_line() -> None:
    lines = reviewed(f'{HEAD}\nAZ,,1,A B,chair\nAZ,"A\nB",2,A B,chair\n\nAZ,C,3,A B,chair\n')
    assert [(line.number, line.verdict) for line in lines] == [(2, "error"), (3, "new"), (6, "new")]
    assert lines[0].said == "the name of the organization is missing"


@pytest.mark.parametrize("order", [HEAD, "office;signatory;registration_no;name_original;country", f" {HEAD.upper()} ,why"])
def test_columns_come_in_any_order_and_with_either_separator(order: str) -> None:
    mark = ";" if ";" in order else ","
    values = {"country": "AZ", "name_original": "A", "registration_no": "1", "signatory": "P", "office": "O", "why": "because"}
    row = mark.join(values[name.strip().lower()] for name in order.split(mark))
    assert reviewed(f"\ufeff{order}\r\n{row}\r\n".removeprefix("\ufeff"))[0].fields["registration"] == "1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "list.empty"),
        (HEAD, "list.empty"),
        (f"{HEAD}\n\n,,,,\n", "list.empty"),
        ("country,name,registration_no,signatory,office\nAZ,A,1,P,O", "list.columns"),
        (f"{HEAD},capacitiy\nAZ,A,1,P,O,x", "list.columns"),
        (f"{HEAD},country\nAZ,A,1,P,O,KZ", "list.columns"),
        (f"{HEAD}\nAZ,A,1,P", "list.form"),
        (f"{HEAD}\nAZ,A, Inc.,1,P,O", "list.form"),
        (f'{HEAD}\nAZ,"A"x,1,P,O', "list.form"),
        (HEAD + "\nAZ,A,1,P,O" * 2001, "list.too-long"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_whole(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        reviewed(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xfe\xff", "list.encoding"),
        ("Şəfəq".encode("cp1254", "replace") + b"\xfe", "list.encoding"),
        (b"a" * (1 << 20) + b"a", "list.too-long"),
    ],
)
def test_a_file_of_other_bytes_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        ngo_list.decoded(data)
    assert refused.value.code == code


def test_a_mark_of_byte_order_is_no_letter_of_the_first_column() -> None:
    assert ngo_list.decoded(b"\xef\xbb\xbfcountry") == "country"
