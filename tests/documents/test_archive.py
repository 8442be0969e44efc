"""The file depends on nothing outside it, and on nothing but its values."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import ImageCms

from declaration.documents.archive import srgb_profile
from declaration.documents.pdf import redline_pdf, signed_pdf, version_pdf
from tests.documents.values import CIRCULATED, redline, signed, small, version

MAKE = """
import hashlib
from declaration.documents.pdf import redline_pdf, signed_pdf, version_pdf
from tests.documents.values import redline, signed, version
for pdf in (version_pdf(version("az")), signed_pdf(signed(60)), redline_pdf(redline())):
    print(hashlib.sha256(pdf).hexdigest())
"""


def made_elsewhere(**environment: str) -> str:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", MAKE], cwd=root, env={**os.environ, **environment}, capture_output=True, check=True, text=True
    )
    return run.stdout


def test_the_bytes_do_not_depend_on_the_process_the_zone_or_the_hash_seed() -> None:
    first = made_elsewhere(PYTHONHASHSEED="0", TZ="UTC")
    assert len(set(first.split())) == 3
    assert first == made_elsewhere(PYTHONHASHSEED="4711", TZ="Asia/Baku", LC_ALL="C")
    assert first == made_elsewhere(PYTHONHASHSEED="1", SOURCE_DATE_EPOCH="1", TZ="America/New_York")


def test_a_second_run_in_the_same_process_gives_the_same_bytes() -> None:
    assert version_pdf(version("tr")) == version_pdf(version("tr"))
    assert signed_pdf(signed(30)) == signed_pdf(signed(30))


def test_two_threads_give_the_same_bytes_as_one() -> None:
    expected = {language: version_pdf(version(language)) for language in ("az", "en", "tr")}
    made: list[tuple[str, bytes]] = []
    threads = [
        threading.Thread(target=lambda language=language: made.append((language, version_pdf(version(language)))))
        for language in ("az", "en", "tr") * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 9
    assert all(pdf == expected[language] for language, pdf in made)


@pytest.mark.parametrize("change", [{"title": "Title."}, {"dateline": "Baku."}, {"status": "draft."}, {"digest": "b" * 64}])
def test_another_value_gives_another_identifier(change: dict[str, object]) -> None:
    def identifier(pdf: bytes) -> bytes:
        found = re.search(rb"/ID\s*\[<([0-9a-f]{32})><\1>\]", pdf)
        assert found
        return found[1]

    assert identifier(version_pdf(small())) != identifier(version_pdf(small(**change)))


def test_the_dates_are_the_documents_own() -> None:
    pdf = version_pdf(small())
    assert b"/CreationDate (D:20251113140000Z)" in pdf
    assert b"/ModDate (D:20251113140000Z)" in pdf
    assert pdf.count(b"2025-11-13T14:00:00+00:00") == 2
    later = version_pdf(small(as_at=CIRCULATED + timedelta(hours=1)))
    assert b"D:20251113150000Z" in later


def test_the_language_is_said() -> None:
    assert b"/Lang (az)" in version_pdf(small(language="az"))


def test_names_are_marked_with_their_language() -> None:
    pdf = signed_pdf(replace(signed(3), further=()))
    streams = b"".join(decompressed(pdf))
    for each in signed(3).signatories.signatories:
        assert f"/Span <</Lang ({each.name_language})>> BDC".encode() in streams
    assert streams.count(b"BDC") == streams.count(b"EMC")


def test_metadata_escapes_its_values() -> None:
    pdf = version_pdf(small(title="<x>&</x>"))
    assert b"&lt;x&gt;&amp;&lt;/x&gt;" in pdf
    assert b'<rdf:li xml:lang="x-default"><x>' not in pdf


@pytest.mark.parametrize(
    "make",
    [lambda: version_pdf(version("az")), lambda: signed_pdf(signed(30)), lambda: redline_pdf(redline())],
    ids=["version", "signed", "redline"],
)
def test_archival_rules_hold(make: Callable[[], bytes]) -> None:
    """ISO 19005-1, the clauses that a library can break without anybody seeing it."""
    pdf = make()
    assert b"<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert pdf.count(b"/GTS_PDFA1") == 1
    assert b"Helvetica" not in pdf  # 6.3.4: every font embedded
    assert not re.search(rb"/(Encrypt|JavaScript|JS|Launch|EmbeddedFiles|AA|SMask|LZWDecode)\b", pdf)
    for length, data in re.findall(rb"/Length (\d+)[^>]*>>\nstream\n(.*?)endstream", pdf, re.DOTALL):
        assert data.endswith(b"\n")  # 6.1.7: a line end before endstream, not counted
        assert len(data) == int(length) + 1


def test_the_colour_profile_is_one_that_others_read() -> None:
    profile = srgb_profile()
    assert int.from_bytes(profile[:4], "big") == len(profile)
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    assert ImageCms.getProfileDescription(opened).strip() == "sRGB IEC61966-2.1"


def decompressed(pdf: bytes) -> list[bytes]:
    """Return the streams of pages and forms, which ReportLab writes as text over compressed bytes."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [zlib.decompress(base64.a85decode(data.removesuffix(b"~>"))) for data in streams if data.endswith(b"~>")]
