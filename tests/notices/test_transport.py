"""Mail to a server and into files: what is refused for good, what for now, what is never said in the clear."""

from __future__ import annotations

import socket

import pytest

from declaration import config
from declaration.app import create_app
from declaration.config import SettingRefused
from declaration.notices.transport import FileTransport, MailRefused, ServerDown, SmtpTransport, transport_of
from tests.notices.smtp import Server, serving
from tests.support.databases import configuration

CONTENT = b"Subject: x\r\n\r\n.dot\r\n"


def send(server: Server, *, security: str = "none", user: str = "", times: int = 1) -> None:
    with SmtpTransport("127.0.0.1", server.port, security, user, "secret").open() as line:
        for number in range(times):
            line.send(CONTENT, sender="us@d.example", to=f"r{number}@d.example", name=str(number))


def test_a_mail_arrives_whole_and_one_connection_serves_a_batch():
    with serving() as server:
        send(server, times=3)
    assert len(server.mails) == 3
    assert server.mails[0].startswith("Subject: x\r\n\r\n..dot")
    assert [line for line in server.heard if line.lower().startswith("ehlo")] == server.heard[:1]
    assert "rcpt TO:<r2@d.example>" in server.heard


@pytest.mark.parametrize(
    ("command", "answer", "for_good"),
    [
        ("RCPT", "550 no such user", True), ("RCPT", "451 try later", False),
        ("END", "552 too large", True), ("END", "452 no room", False),
    ],
)  # fmt: skip
def test_what_is_said_about_one_mail(command, answer, for_good):
    with serving(answers={command: answer}) as server, pytest.raises(MailRefused) as refused:
        send(server)
    assert refused.value.for_good is for_good
    assert str(refused.value) == answer


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("CONNECT", "554 no service"),
        ("MAIL", "530 authentication required"), ("MAIL", "451 not now"), ("RCPT", "421 going down"), ("DATA", ""),
    ],
)  # fmt: skip
def test_what_is_nobodys_mails_fault(command, answer):
    with serving(answers={command: answer}) as server, pytest.raises((ServerDown, MailRefused)) as failed:
        send(server)
    assert isinstance(failed.value, ServerDown)


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(ServerDown):
        send(Server(port))


def test_starttls_that_is_not_offered_sends_nothing_in_the_clear():
    with serving(offers=("AUTH PLAIN LOGIN",)) as server, pytest.raises(ServerDown):
        send(server, security="starttls", user="us")
    assert server.mails == []
    assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.heard)


def test_a_wrong_password_is_not_repeated():
    with serving(offers=("AUTH PLAIN",), answers={"AUTH": "535 wrong: secret"}) as server, pytest.raises(ServerDown) as down:
        send(server, user="us")
    assert str(down.value) == "SMTPAuthenticationError"


def test_a_mail_that_is_filed_twice_is_one_file(tmp_path):
    with FileTransport(tmp_path / "mail").open() as line:
        for _ in range(2):
            line.send(CONTENT, sender="us@d.example", to="r@d.example", name="abc")
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["abc.eml"]
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("smtp://localhost", SmtpTransport("localhost", 25, "none")),
        ("smtp+tls://m.example", SmtpTransport("m.example", 587, "starttls")),
        ("smtps://us%40d.example:p%3Aw@m.example:4650", SmtpTransport("m.example", 4650, "tls", "us@d.example", "p:w")),
    ],
)
def test_addresses_of_servers(url, meant, tmp_path):
    assert transport_of(url, instance=tmp_path) == meant


def test_files_lie_in_the_instance_unless_told_otherwise(tmp_path):
    assert transport_of("file:", instance=tmp_path) == FileTransport(tmp_path / "mail")
    assert transport_of(f"file:{tmp_path}/x", instance=tmp_path) == FileTransport(tmp_path / "x")


@pytest.mark.parametrize(
    "url",
    [
        "mail", "http://m.example", "smtp:", "smtp://", "smtp+tls://", "smtps://m.example:port", "smtps://m.example:99999",
        "smtp://m.example", "smtp://us:secret@m.example", "smtps://m.example/path", "smtps://m.example?x=1", "smtps://us:se/cret@m.example",
        "smtps://us:secret@[m.example",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_without_repeating_it(url, tmp_path):
    with pytest.raises(SettingRefused, match="MAIL_URL") as refused:
        transport_of(url, instance=tmp_path)
    assert "secret" not in f"{refused.value} {refused.value.instead}"


def test_a_password_is_in_no_repr():
    assert "secret" not in repr(SmtpTransport("h", 25, "tls", "us", "secret"))


def test_a_server_needs_a_sender():
    with pytest.raises(SettingRefused, match="MAIL_FROM"):
        config.load({"MAIL_URL": "smtps://m.example"})


@pytest.mark.parametrize("sender", ["us", "us@", "us@d.example\nBcc: x@y.example", "Us <us@d.example>"])
def test_the_service_does_not_start_with_a_sender_that_is_none(sender, sqlite_url, tmp_path):
    with pytest.raises(SettingRefused, match="MAIL_FROM"):
        create_app({**configuration(tmp_path, sqlite_url), "MAIL_FROM": sender, "MAIL_URL": "smtps://m.example"})
