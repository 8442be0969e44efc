"""Five hundred signatures: each of them there, once, in order, under its country, and a way to check them."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from declaration.documents.guard import LONGEST_NAME, LONGEST_SIGNER
from declaration.documents.pdf import signed_pdf
from declaration.documents.values import Labels, SignatoryList
from tests.documents.values import CHECKPOINT, DIGEST, URL, bodies_of, flowing, pages_of, signatories, signed, tool


@pytest.fixture(scope="module")
def five_hundred() -> bytes:
    return signed_pdf(signed(500))


def test_every_organization_is_listed_once(five_hundred: bytes) -> None:
    printed = flowing(five_hundred)
    for each in signed(500).signatories.signatories:
        assert printed.count(f"{each.position} {each.name} ") == 1, each.name


def test_persons_without_consent_are_a_dash(five_hundred: bytes) -> None:
    hidden = [each for each in signed(500).signatories.signatories if each.person is None]
    printed = flowing(five_hundred)
    assert len(hidden) > 20
    for each in hidden:
        assert f"{each.name} – {each.at:%Y-%m-%d %H:%M}" in printed


def test_the_table_of_totals_agrees_with_the_lists(five_hundred: bytes) -> None:
    printed = flowing(five_hundred)
    for country, count in Counter(each.country for each in signatories(500)).items():
        assert f" {country} {count} " in printed
    assert " Total 500 " in printed


def test_a_country_without_signatures_is_in_the_totals_and_has_no_list() -> None:
    doc = signed(3)
    doc = replace(doc, signatories=replace(doc.signatories, countries=("Elbonia",)))
    printed = flowing(signed_pdf(doc))
    assert printed.count("Elbonia") == 1
    assert "Elbonia 0 " in printed


def test_no_signatures_yet_is_a_document_too() -> None:
    assert " Total 0 " in flowing(signed_pdf(signed(0)))


def test_every_page_of_the_list_repeats_country_and_captions(five_hundred: bytes) -> None:
    listed = [page for page in bodies_of(five_hundred) if any(re.search(r"2025-\d\d-\d\d \d\d:\d\d$", line) for line in page)]
    for page in listed[1:]:
        assert any(line.startswith("No. Organization") for line in page[:3]), page[:3]


def test_no_country_stands_alone_at_the_foot_of_a_page(five_hundred: bytes) -> None:
    countries = {each.country for each in signatories(500)}
    for page in bodies_of(five_hundred):
        assert page[-1] not in countries
        assert not page[-1].startswith("No. Organization")


@pytest.mark.parametrize("name", ["W" * LONGEST_NAME, "Щ" * LONGEST_NAME, "ы " * (LONGEST_NAME // 2 - 1) + "ы"])
def test_the_longest_name_wraps_and_fits_a_page(name: str) -> None:
    doc = signed(3)
    first, *others = doc.signatories.signatories
    signer = name[:LONGEST_SIGNER].strip()
    changed = (replace(first, name=name, person=signer, office=signer), *others)
    doc = replace(doc, signatories=replace(doc.signatories, signatories=changed))
    printed = "".join(line for page in bodies_of(signed_pdf(doc)) for line in page)
    assert printed.count(name[0]) >= name.count(name[0]) + 2 * signer.count(name[0])


def test_a_country_with_a_long_name_and_an_address_with_many_lines_fit() -> None:
    doc = signed(30)
    listed = tuple(replace(each, country="Federation of " + "very " * 40 + each.country) for each in doc.signatories.signatories)
    doc = replace(doc, signatories=replace(doc.signatories, signatories=listed))
    doc = replace(doc, register=replace(doc.register, url="https://a.example/" + "M" * 380))
    printed = flowing(signed_pdf(doc)).replace(" ", "")
    assert "M" * 380 in printed


def test_the_register_is_quoted_exactly(five_hundred: bytes) -> None:
    printed = "".join(line.replace(" ", "") for page in pages_of(five_hundred) for line in page)
    assert CHECKPOINT.replace(" ", "").replace("\n", "") in printed
    assert f"Entriesintherecord1184Rootoftherecord{DIGEST}" in printed


def test_every_authentic_text_is_named_with_its_digest(five_hundred: bytes) -> None:
    printed = flowing(five_hundred)
    for language in ("az", "en", "tr"):
        assert f"Text (SHA-256), {language} {DIGEST}" in printed


def test_the_code_leads_to_the_register(tmp_path: Path) -> None:
    scan, render = tool("zbarimg"), tool("pdftoppm")
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(signed_pdf(signed(3)))
    subprocess.run([render, "-r", "110", "-gray", "-png", pdf, tmp_path / "page"], check=True)
    codes = set()
    for page in tmp_path.glob("page*.png"):
        run = subprocess.run([scan, "--raw", "-q", "-Sdisable", "-Sqrcode.enable", page], capture_output=True, check=False)
        codes |= set(run.stdout.decode().split())
    assert codes == {URL}


def test_every_font_is_embedded(five_hundred: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(five_hundred)
    run = subprocess.run([tool("pdffonts"), path], capture_output=True, check=True, text=True)
    rows = run.stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"NotoSerif\S*\s+TrueType\s+WinAnsi\s+yes yes yes", row), row


def test_accessions_are_listed_apart_and_not_counted() -> None:
    doc = replace(signed(5), further=(SignatoryList("Accessions", signatories(2), "After the closing hour."),))
    printed = flowing(signed_pdf(doc))
    assert " Total 5 " in printed
    assert printed.index("Accessions After the closing hour.") > printed.index(" Total 5 ")


def test_labels_are_the_callers() -> None:
    doc = signed(40)
    labels = Labels({"page": "Səhifə {page} / {pages}", "continued": "davamı", "total": "Cəmi"})
    pages = pages_of(signed_pdf(replace(doc, version=replace(doc.version, labels=labels))))
    assert pages[0][-1].endswith(f"Səhifə 1 / {len(pages)}")
    assert any("Cəmi 40" in line for page in pages for line in page)
