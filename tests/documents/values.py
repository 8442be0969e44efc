"""Documents for the tests, made from the sample forum and from invented names. Seeded: the same on every run."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from declaration.documents.values import (
    Change,
    ChangedUnit,
    Kind,
    Op,
    RedlineDocument,
    Register,
    Signatory,
    SignatoryList,
    SignedDocument,
    Unit,
    VersionDocument,
)

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "solidarity-forum"
DIGEST = "1e6ed65d77d6364eeaed5a745ba5c4985ae2b700dd85d7cf7f027bdf294a33fc"
CIRCULATED = datetime(2025, 11, 13, 14, 0, tzinfo=UTC)
OPENED = datetime(2025, 11, 25, 11, 31, tzinfo=UTC)
CLOSED = datetime(2026, 1, 31, 20, 0, tzinfo=UTC)
URL = f"https://declaration.example/otsngo/register?head={DIGEST}"
CHECKPOINT = (
    "declaration.example/otsngo\n1184\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n\n"
    "— declaration.example/otsngo az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)

# One organization a language: country, tag, name, person, office.
ORGANIZATIONS = (
    ("Azerbaijan", "az", "“Odlar” Gənclərin Maarifləndirilməsi İctimai Birliyi", "Səbinə Qəhrəmanqızı", "sədr"),
    ("Türkiye", "tr", "Işık Eğitim Gönüllüleri Derneği", "Çağrı Iğdırlı", "yönetim kurulu başkanı"),
    ("Uzbekistan", "uz", "Yoshlar koʻprigi markazi, gʻalaba", "Bobur Rashidxonov", "direktor"),
    ("Kazakhstan", "kk", "«Арал тынысы» қоғамдық бірлестігі", "Мөлдір Әбдірахманқызы", "төрайым"),
    ("Kyrgyzstan", "ky", "“Ала-Тоо жаштары” коомдук бирикмеси", "Айдай Үсөнбаева", "төрайым"),
    ("Turkmenistan", "tk", "“Keýik okara” ýaş alymlar jemgyýeti", "Jahan Şirliýewa", "başlyk"),
    ("Hungary", "hu", "Őrségi Turán Kulturális Egyesület", "Szűcs Gergő", "elnök"),
    ("Turkish Republic of Northern Cyprus", "en", "Society for the <Sea> & “Shore”", "Ilgaz Mesaryalı", "chair"),
    (
        "Kazakhstan",
        "ru",
        "Общественное объединение «Содружество неправительственных организаций, занимающихся вопросами охраны окружающей "
        "среды и устойчивого развития приграничных территорий Республики Казахстан»",
        "Ольга Щёголева",
        "председатель",
    ),
)


def version(language: str = "en", *, draft: bool = True) -> VersionDocument:
    """The sample forum's zero draft."""
    draft_file = json.loads((SAMPLES / "zero-draft.json").read_text(encoding="utf-8"))
    texts = {}
    units = []
    for paragraph in draft_file["paragraphs"]:
        kind = Kind(paragraph["kind"])
        text = paragraph["text"][language]
        texts[kind] = text
        if kind not in (Kind.TITLE, Kind.DATELINE):
            number = sum(unit.kind is kind for unit in units) + 1 if kind is Kind.OPERATIVE else None
            units.append(Unit(kind, str(number) if number else None, text))
    return VersionDocument(
        symbol="OTSNGO/2025/JD/ZD",
        status="zero draft by the Chair",
        draft=draft,
        language=language,
        title=texts[Kind.TITLE],
        dateline=texts[Kind.DATELINE],
        units=tuple(units),
        digest=DIGEST,
        as_at=CIRCULATED,
        text_digest=DIGEST,
        constitution=DIGEST,
        notes=(draft_file["note"],),
    )


def small(*texts: str, **changes: object) -> VersionDocument:
    """A version of a few paragraphs."""
    units = tuple(Unit(Kind.OPERATIVE, str(number), text) for number, text in enumerate(texts or ("Agree;",), 1))
    doc = VersionDocument("S/1", "draft", True, "en", "Title", "Baku", units, DIGEST, CIRCULATED)
    return replace(doc, **changes)  # type: ignore[arg-type]  # the fields are the caller's business in a test


def signatories(count: int) -> tuple[Signatory, ...]:
    """``count`` organizations, sorted by country and then by position, each with its position in its name."""
    pick = random.Random(1)
    chosen = []
    for position in range(1, count + 1):
        country, language, name, person, office = pick.choice(ORGANIZATIONS)
        hidden = position % 17 == 0
        at = OPENED + timedelta(minutes=7 * position)
        person_shown, office_shown = (None, None) if hidden else (person, office)
        chosen.append(Signatory(country, f"{name} {position}", language, person_shown, office_shown, position, at))
    return tuple(sorted(chosen, key=lambda each: (each.country, each.position)))


def signed(count: int = 20) -> SignedDocument:
    """The sample text with ``count`` signatures."""
    return SignedDocument(
        version=replace(version(draft=False), symbol="OTSNGO/2025/JD", status="adopted in Nakhchivan on 25 November 2025"),
        opened=OPENED,
        as_at=CLOSED,
        counted=count,
        signatories=SignatoryList("Signatories", signatories(count)),
        register=Register(URL, CHECKPOINT, 1184, DIGEST),
        digests={"az": DIGEST, "en": DIGEST, "tr": DIGEST},
    )


def redline(*changes: Change) -> RedlineDocument:
    """One changed paragraph."""
    runs = changes or (
        Change(Op.EQUAL, "Decide to "),
        Change(Op.DELETE, "consider "),
        Change(Op.INSERT, "establish ", by="KZ, AZ"),
        Change(Op.EQUAL, "the Platform;"),
    )
    unit = ChangedUnit(Kind.OPERATIVE, "1", runs)
    return RedlineDocument("S/1/Rev.1", "first revision", "en", "Title", "S/1", (unit,), CIRCULATED)


def tool(name: str) -> str:
    """Return the path of a command, or skip the test and say which one is missing."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (apt install poppler-utils zbar-tools)")
    return path


def pages_of(pdf: bytes) -> list[list[str]]:
    """Return the lines of each page in the order in which they are read."""
    run = subprocess.run([tool("pdftotext"), "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return [page.splitlines() for page in run.stdout.decode().split("\f")[:-1]]


def bodies_of(pdf: bytes) -> list[list[str]]:
    """Return the lines of each page without running head, line numbers and foot."""
    return [[line for line in page[1:-1] if not line.isdecimal()] for page in pages_of(pdf)]


def flowing(pdf: bytes) -> str:
    """Return the text of the file as one line: a line end of the paper is a space of the text."""
    return " ".join(line for page in bodies_of(pdf) for line in page)
