"""The bytes of a mail: nothing that people write can become a header, a second reader or another mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from declaration.notices.letter import BadAddress, address, letter, message_id, one_line
from declaration.notices.models import Mail
from tests.notices.conftest import body, read

SENDER = "no-reply@declaration.example"


def mail(**changes: object) -> Mail:
    given = {
        "id": "0" * 32, "message_id": "<a@declaration.example>", "to_name": "Айгүл Серікқызы", "to_address": "a@kz.example",
        "language": "kk", "subject": "Бірлескен декларация: AM/001", "text": "Сәлем,\nİçindəkilər\n", "html": "<p>Сәлем</p>",
        "unsubscribe": "https://declaration.example/mail/unsubscribe/x", "sender_name": "Joint Declaration",
        "created_at": datetime(2025, 11, 24, 8, 0, tzinfo=UTC), **changes,
    }  # fmt: skip
    return Mail(**given)


def sent(**changes: object) -> bytes:
    return letter(mail(**changes), sender=SENDER, one_click=True)


def test_a_mail_has_the_headers_that_it_needs():
    made = read(sent())
    assert made["Message-ID"] == "<a@declaration.example>"
    assert made["Date"] == "Mon, 24 Nov 2025 08:00:00 +0000"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Content-Language"] == "kk"
    assert made["List-Unsubscribe"] == "<https://declaration.example/mail/unsubscribe/x>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in made.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert str(made["To"]) == "Айгүл Серікқызы <a@kz.example>"
    assert body(made) == "Сәлем,\nİçindəkilər\n"


def test_the_wire_is_plain_ascii_in_short_lines():
    content = sent(text="ə" * 5000, subject="ı" * 240)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_row_is_the_same_bytes():
    assert sent() == sent()


def test_one_click_is_offered_over_https_alone():
    made = read(letter(mail(), sender=SENDER, one_click=False))
    assert made["List-Unsubscribe-Post"] is None
    assert made["List-Unsubscribe"] is not None


INJECTED = ["\r\nBcc: all@evil.example", "\nBcc: all@evil.example", "\rBcc: x@evil.example", "\u2028Bcc: x", "\x00", "\x85Bcc: x@y.example"]


@pytest.mark.parametrize("words", INJECTED)
@pytest.mark.parametrize("field", ["to_name", "subject", "sender_name"])
def test_a_line_break_in_words_begins_no_header(field, words):
    made = read(sent(**{field: f"Aygün{words}"}))
    assert made["Bcc"] is None
    assert made["To"].addresses[0].addr_spec == "a@kz.example"
    assert len(made["To"].addresses) == len(made["From"].addresses) == 1


@pytest.mark.parametrize("name", ["Evil <evil@evil.example>, Other", '"quoted" <x@y.example>', "a, b; c", "=?utf-8?q?x=40y.example?=", " "])
def test_a_name_is_a_name_and_no_address(name):
    made = read(sent(to_name=name))
    assert [one.addr_spec for one in made["To"].addresses] == ["a@kz.example"]


BAD = [
    "", "a", "a@", "@b.example", "a@b.example\r\nBcc: x@evil.example", "a@b.example\n", "a b@c.example", "a@b.example, c@d.example",
    "A <a@b.example>", "a@b@c.example", "a@b example", "a\x00@b.example", "əli@b.example", "a@-.", ".a@b.example",
    "a@" + "x" * 64 + ".example",
    "a@b..example", "<a@b.example>", "a@b.example>", "(x)a@b.example",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_an_address_that_is_none_is_refused(bad):
    with pytest.raises(BadAddress):
        letter(mail(to_address=bad), sender=SENDER, one_click=True)


def test_a_domain_in_another_script_is_encoded_for_the_wire():
    assert address("ofis@qht-birliyi.az") == "ofis@qht-birliyi.az"
    assert address("a@şəfəq.az").isascii()
    assert address("a@şəfəq.az").startswith("a@xn--")


def test_words_of_a_header_are_one_line():
    assert one_line(" a\r\n b\t\u200b c\u202e ") == "a b c"
    assert len(one_line("x" * 10_000)) == 250


def test_a_message_id_is_random_and_of_this_host():
    made = {message_id("https://declaration.example:8443") for _ in range(100)}
    assert len(made) == 100
    assert all(one.endswith("@declaration.example>") and len(one) == 32 + len("<@declaration.example>") for one in made)
