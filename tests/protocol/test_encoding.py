"""One value, one spelling: every other one is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import Malformed
from declaration.protocol.encoding import (
    JSON,
    MAX_DEPTH,
    b64decode,
    b64encode,
    b64url_decode,
    b64url_encode,
    canonical,
    decode_decimal,
    format_time,
    parse_canonical,
    parse_hex32,
    parse_json,
    parse_time,
)

KEYS = st.text(st.characters(max_codepoint=127), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("bad", ["", "+7", "-0", " 7", "7\n", "07", "1_000", "٣", "7.0", "7e0", "0x7", "9007199254740992", "9" * 17])
def test_decimal_refuses_every_other_spelling(bad: str) -> None:
    with pytest.raises(Malformed):
        decode_decimal(bad)


@pytest.mark.parametrize("value", [0, 7, 10, 2**53 - 1])
def test_decimal_reads_what_is_printed(value: int) -> None:
    assert decode_decimal(str(value)) == value


@pytest.mark.parametrize("bad", ["QR==", "QQ=", "QQ", "QQ==\n", " QQ==", "Q Q==", "QQ==QQ==", "QQ=Q", "=", "QQ--", "é===", "Q"])
def test_base64_refuses_every_other_spelling(bad: str) -> None:
    with pytest.raises(Malformed):
        b64decode(bad)


@pytest.mark.parametrize("bad", ["QQ==", "QR", "Q", "QQ+", "Q/Q", "QQ\n", "é"])
def test_base64url_refuses_every_other_spelling(bad: str) -> None:
    with pytest.raises(Malformed):
        b64url_decode(bad)


@given(st.binary(max_size=80))
def test_base64_round_trip(data: bytes) -> None:
    assert b64decode(b64encode(data)) == data
    assert b64url_decode(b64url_encode(data)) == data


@pytest.mark.parametrize("bad", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n", " " + "0" * 63, None, 7, b"0" * 64])
def test_hex_refuses_every_other_spelling(bad: object) -> None:
    with pytest.raises(Malformed):
        parse_hex32(bad)


@pytest.mark.parametrize(
    "bad",
    [
        "2025-11-24T18:02:11",
        "2025-11-24 18:02:11Z",
        "2025-11-24t18:02:11z",
        "2025-11-24T18:02:11+00:00",
        "2025-11-24T18:02:11.000Z",
        "2025-11-24T18:02Z",
        "2025-11-24T24:00:00Z",
        "2025-12-31T23:59:60Z",
        "2025-02-29T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "20251124T180211Z",
        "2025-11-24T18:02:11Z\n",
        "٢٠٢٥-11-24T18:02:11Z",
        "",
        None,
    ],
)
def test_time_refuses_every_other_spelling(bad: str) -> None:
    with pytest.raises(Malformed):
        parse_time(bad)


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001 - the zone is added below
def test_time_round_trip(moment: datetime) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_time(format_time(whole)) == whole


@pytest.mark.parametrize(
    "bad",
    [
        datetime(2025, 11, 24, 18, 2, 11),  # noqa: DTZ001 - a naive time is what must be refused
        datetime(2025, 11, 24, 18, 2, 11, tzinfo=timezone(timedelta(hours=4))),
        datetime(2025, 11, 24, 18, 2, 11, 5, tzinfo=UTC),
    ],
)
def test_time_is_printed_only_in_utc_and_whole_seconds(bad: datetime) -> None:
    with pytest.raises(Malformed):
        format_time(bad)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"", "json.syntax"),
        (b"{", "json.syntax"),
        (b"{}x", "json.syntax"),
        (b"{'a':1}", "json.syntax"),
        (b'{"a":1,}', "json.syntax"),
        (b"[1 2]", "json.syntax"),
        (b'"\x01"', "json.syntax"),
        (b"\xef\xbb\xbf{}", "json.syntax"),
        (b"\xff", "json.not-utf8"),
        (b'"\xed\xa0\x80"', "json.not-utf8"),
        ("{}".encode("utf-16"), "json.not-utf8"),
        (b'{"a":1,"a":1}', "json.duplicate-key"),
        (b'{"a":1,"\\u0061":2}', "json.duplicate-key"),
        (b'[{"b":{"a":1,"a":2}}]', "json.duplicate-key"),
        (b"NaN", "json.number"),
        (b"[Infinity]", "json.number"),
        (b"-Infinity", "json.number"),
        (b"1.0", "json.number"),
        (b"1e3", "json.number"),
        (b"9007199254740992", "json.integer"),
        (b"-9007199254740992", "json.integer"),
        (b"1" * 5000, "json.integer"),
        (b'"\\ud800"', "json.surrogate"),
        (b'["\\udc00\\ud800"]', "json.surrogate"),
        ('{"ə":1}'.encode(), "json.key"),
        (b'{"\\u0259":1}', "json.key"),
        (b"[" * 33 + b"]" * 33, "json.depth"),
        (b"[" * 100_000 + b"]" * 100_000, "json.depth"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "json.depth"),
    ],
)
def test_json_refuses(bad: bytes, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_json(bad)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "bad",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b" {}",
        b"-0",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000a"',
        b'"\\u001F"',
        b'"\\u0259"',
        b'"\\ud83d\\ude00"',
        b"[\t]",
    ],
)
def test_canonical_refuses_every_other_spelling(bad: bytes) -> None:
    parse_json(bad)
    with pytest.raises(Malformed) as caught:
        parse_canonical(bad)
    assert caught.value.code == "json.not-canonical"


@pytest.mark.parametrize(
    "bad",
    [1.0, float("nan"), 2**53, -(2**53), "\ud800", {"\ud800": 1}, {"ə": 1}, {1: 2}, {None: 1}, {"a": {2}}, b"a", object()],
)
def test_canonical_prints_nothing_outside_the_profile(bad: JSON) -> None:
    with pytest.raises(Malformed):
        canonical([bad])


def test_depth_is_limited_on_both_ways() -> None:
    deep: JSON = 1
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert parse_canonical(canonical(deep)) == deep
    with pytest.raises(Malformed):
        canonical([deep])


def test_many_brackets_are_not_depth() -> None:
    wide: JSON = [[[]] for _ in range(1000)]
    assert parse_canonical(canonical(wide)) == wide


def test_mappings_and_tuples_print_as_objects_and_arrays() -> None:
    assert canonical(MappingProxyType({"b": (1, 2), "a": {}})) == b'{"a":{},"b":[1,2]}'


@given(VALUES)
def test_canonical_is_rfc_8785(value: JSON) -> None:
    printed = canonical(value)
    assert printed == rfc8785.dumps(value)
    assert parse_canonical(printed) == value
