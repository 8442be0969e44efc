"""When each step is taken, in Baku's time, and what has to happen between the steps for the next one to be in order.

The journeys interleave by the sample's own hours, so the calendar goes by days and not by journeys; within a journey the steps on one
thing keep their order. A line in brackets is a stage direction: something that the journeys take for granted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

BAKU = ZoneInfo("Asia/Baku")


def _hour(day: int, time: str) -> datetime:
    hour, minute = map(int, time.split(":"))
    return datetime(2025, 11, day, hour, minute, tzinfo=BAKU)


CALENDAR: Sequence[tuple[int, str, str]] = (
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
