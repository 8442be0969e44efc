"""What makes a PDF fit for an archive: PDF/A-1b, and the same bytes every time.

An adopted declaration is deposited and read in fifty years. PDF/A-1b (ISO 19005-1) asks that a file depends on nothing outside
it: every font embedded, colours tied to a profile in the file, the same metadata twice (as information dictionary and as XMP),
and a line end before every ``endstream``. ReportLab offers hooks for each of these but no switch.

Creation and modification date are the document's own time, never the clock's, and the file identifier is a digest of what is
printed: two files made from the same values are the same bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    NoEncryption,
    PDFArray,
    PDFDictionary,
    PDFInfo,
    PDFName,
    PDFObject,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

CREATOR = "declaration"
PRODUCER = "ReportLab PDF Library"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself: title, subject (symbol and status), language tag and time."""

    title: str
    subject: str
    language: str
    at: datetime


def make_archival(canvas: Canvas, facts: Facts, content: bytes) -> None:
    """Give the document of ``canvas`` its metadata, colour profile, dates and identifier. Call when the last page is drawn.

    :param content: digest of what is printed.
    """
    open_canvas: Any = canvas
    document = open_canvas._doc
    document.encrypt = _LineEnds()
    document.info = _Info(facts)
    document._timeStamp = None  # nothing may take the time from it
    identifier = sha256(repr(facts).encode() + content).hexdigest()[:32].encode()
    document._ID = b"\n[<%b><%b>]\n" % (identifier, identifier)
    profile = PDFStream(PDFDictionary({"N": 3, "Alternate": PDFName("DeviceRGB")}), srgb_profile())
    intent = {
        "Type": PDFName("OutputIntent"),
        "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
        "Info": PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(profile),
    }
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    catalog.OutputIntents = PDFArray([PDFDictionary(intent)])
    catalog.Metadata = _Metadata(facts)


class _Content(bytes, PDFObject):
    """Stream data whose length excludes the line end that the standard wants after it."""

    def format(self, document: object) -> bytes:
        return bytes(self) + b"\n"


class _LineEnds(NoEncryption):
    """ReportLab passes the data of every stream through the encryption, after it was compressed: the place for the line end."""

    def encode(self, t: bytes | str) -> bytes:
        return _Content(t if isinstance(t, bytes) else t.encode("latin-1"))


class _Info(PDFInfo):
    """The information dictionary, with exactly the entries that the XMP packet repeats."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def format(self, document: Any) -> bytes:
        at = self.facts.at.astimezone(UTC)
        entries: dict[str, object] = {
            "Title": PDFString(self.facts.title),
            "Subject": PDFString(self.facts.subject),
            "Creator": PDFString(CREATOR),
            "Producer": PDFString(PRODUCER),
            "CreationDate": PDFString(f"D:{at:%Y%m%d%H%M%S}Z"),
            "ModDate": PDFString(f"D:{at:%Y%m%d%H%M%S}Z"),
        }
        formatted: bytes = PDFDictionary(entries).format(document)
        return formatted


class _Metadata(PDFObject):
    """The XMP packet, uncompressed as the standard demands."""

    __RefOnly__ = 1

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def format(self, document: object) -> bytes:
        packet = _XMP.format(
            title=escape(self.facts.title),
            subject=escape(self.facts.subject),
            language=escape(self.facts.language),
            creator=CREATOR,
            producer=PRODUCER,
            date=f"{self.facts.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}",
        ).encode()
        return b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%b\nendstream\n" % (len(packet), packet)


@cache
def srgb_profile() -> bytes:
    """Return an ICC 2.1 display profile of sRGB (IEC 61966-2-1), 2.6 kB. PDF/A-1 refuses the fourth edition of the format."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*values)

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    steps = 1024
    curve = b"curv\0\0\0\0" + struct.pack(">I", steps)
    curve += b"".join(struct.pack(">H", round(65535 * linear(step / (steps - 1)))) for step in range(steps))
    name = b"sRGB IEC61966-2.1\0"
    blocks = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * 78,
        b"cprt": b"text\0\0\0\0Public domain\0",
        b"wtpt": xyz(0.9505, 1, 1.0891),
        b"rXYZ": xyz(0.4360747, 0.2225045, 0.0139322),
        b"gXYZ": xyz(0.3850649, 0.7168786, 0.0971045),
        b"bXYZ": xyz(0.1430804, 0.0606169, 0.7141733),
        b"rTRC": curve,
    }
    start = 128 + 4 + 12 * (len(blocks) + 2)
    table, body = b"", b""
    for tag, block in blocks.items():
        padded = block + b"\0" * (-len(block) % 4)
        table += tag + struct.pack(">II", start + len(body), len(padded))
        body += padded
    # Green and blue have the curve of red: the same bytes, named three times.
    shared = struct.pack(">II", start + len(body) - len(curve), len(curve))
    table += b"gTRC" + shared + b"bTRC" + shared
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI",
        *(start + len(body), b"", 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp"),
        *(b"", 0, b"", b"", 0, 0),
    ) + fixed(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(blocks) + 2) + table + body
