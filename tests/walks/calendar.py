"""When each step is taken, in Baku's time, and what has to happen between the steps for the next one to be in order.

The journeys interleave by the sample's own hours, so the calendar goes by days and not by journeys; within a journey the steps on one
thing keep their order. A line in brackets is a stage direction: something that the journeys take for granted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

BAKU = ZoneInfo("Asia/Baku")


def _hour(day: int | str, time: str) -> datetime:
    """A day of November 2025 by its number, a later one by its date."""
    date = f"2025-11-{day}" if isinstance(day, int) else day
    return datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=BAKU)


CALENDAR: Sequence[tuple[int | str, str, str]] = (
    (13, "16:45", "J1.1-7"),
    (13, "17:30", "J1.8-12"),
    (13, "18:00", "J1.13-14"),
    (14, "10:00", "J1.15"),
    (15, "10:00", "J1.16"),
    (17, "10:00", "J2.1-4"),
    (18, "09:00", "J5.1-7"),
    (18, "13:00", "J3.7-8"),
    (18, "17:40", "J2.5-8"),
    (19, "13:30", "J2.9-10"),
    (19, "16:20", "J4.1-4"),
    (19, "17:00", "J4.10-11"),
    (19, "18:00", "J3.1"),
    (19, "19:55", "J3.10-11"),
    (20, "10:00", "J3.26-27"),
    (20, "13:30", "J3.15-18"),
    (20, "16:05", "J3.19-20"),
    (20, "17:00", "J3.21"),
    (20, "17:30", "J3.2"),
    (20, "20:42", "J3.3-4"),
    (21, "10:00", "J2.11"),
    (23, "10:30", "J3.5-6"),
    (23, "11:00", "J5.8 J3.9"),
    (23, "12:00", "J4.5-9"),
    (23, "16:00", "J3.12-14"),
    (24, "09:00", "[organizations are registered from a list]"),
    (24, "09:30", "[the key of Kárpát is accredited]"),
    (24, "09:40", "J10.1"),
    (24, "10:00", "J3.22-25 J3.28"),
    (24, "18:30", "J2.12-14"),
    (24, "20:00", "J2.15-18"),
    (24, "22:05", "J2.19-22"),
    (24, "22:15", "J2.23-25"),
    (25, "09:10", "J2.26-28"),
    (25, "10:20", "J2.29-34"),
    (25, "10:40", "[the rest is put to the meeting]"),
    (25, "10:50", "[the revised draft is circulated]"),
    (25, "11:00", "J6.1-3"),
    (25, "12:40", "J6.4-5"),
    (25, "12:45", "J6.6-14"),
    (25, "12:55", "J6.15-18"),
    (25, "13:00", "J6.19-21"),
    (25, "13:10", "J7.1"),
    (25, "13:20", "J7.5-9"),
    (25, "14:00", "J7.10-13"),
    # A version names every authentic text by its hash: the final one comes when the languages are concordant.
    (25, "14:30", "J7.2-4"),
    (25, "14:45", "J7.14-16"),
    (25, "15:20", "J8.1-2"),
    (25, "15:31", "J8.3-6"),
    (25, "15:40", "J8.7-8"),
    (25, "15:45", "[the other statement is recorded]"),
    (25, "16:00", "J9.1"),
    (25, "16:05", "J9.2-5"),
    (25, "16:10", "[the mandate and the key of Işık are accepted]"),
    (25, "16:12", "J9.6-9"),
    (25, "16:20", "[IŞIK comes with a key of its own]"),
    (25, "16:25", "J9.10-11"),
    (25, "16:30", "[Meerim is accredited in a personal capacity]"),
    (25, "16:31", "J9.12-14"),
    (25, "16:40", "[the federation is accredited with two persons]"),
    (25, "16:45", "J9.15-18"),
    (25, "16:50", "[Garagum is accredited]"),
    (25, "16:55", "J12.1-2"),
    (25, "17:00", "J9.19"),
    (26, "12:00", "J10.2-3"),
    ("2025-12-03", "03:40", "J10.4"),  # 2 December, 23:40 UTC
    ("2025-12-03", "10:00", "J10.5"),
    ("2025-12-03", "10:30", "[two persons revoke the stolen key]"),
    ("2025-12-03", "10:31", "J10.6"),
    ("2025-12-03", "11:00", "J10.7-8"),
    ("2025-12-04", "15:00", "J10.9-10"),
    ("2025-12-04", "15:30", "[the new key of Kárpát is accredited]"),
    ("2025-12-04", "15:40", "J10.11"),
    ("2026-01-12", "12:00", "J12.3"),
    ("2026-01-31", "12:00", "[two that are late are accredited]"),
    ("2026-02-01", "00:00", "J9.20-21"),
    ("2026-02-01", "10:00", "J11.1-7"),
    ("2026-02-02", "10:00", "J12.6"),
    ("2026-02-03", "10:00", "J12.7"),
    ("2026-02-04", "10:00", "J12.8-9"),
    ("2026-02-10", "10:00", "J12.4-5"),
    ("2026-02-20", "18:00", "J12.10"),
    ("2026-02-21", "10:00", "J12.11"),
    ("2026-11-30", "10:00", "J12.12"),
    ("2026-12-01", "10:00", "J12.13"),
)


def scheduled() -> Iterator[tuple[datetime, str]]:
    """Each step by name, or each stage direction, with its hour."""
    for day, time, line in CALENDAR:
        if line.startswith("["):
            yield _hour(day, time), line.strip("[]")
            continue
        for part in line.split():
            journey, _, numbers = part.partition(".")
            first, _, last = numbers.partition("-")
            for number in range(int(first), int(last or first) + 1):
                yield _hour(day, time), f"{journey}.{number}"
