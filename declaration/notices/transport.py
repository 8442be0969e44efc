"""How mail leaves: to a server, or into files.

    MAIL_URL    file:                              one .eml a mail in the folder mail/ of the instance (the default)
                file:/var/spool/declaration        the same elsewhere
                smtp+tls://user:password@host:587  STARTTLS, refused where the server does not offer it
                smtps://user:password@host:465     TLS from the first byte
                smtp://host:25                     without encryption: to this machine alone
    MAIL_FROM   the sender's address; needed with a server

A transport is opened for a batch. What fails is one of two things: this mail (:class:`MailRefused`, for good or for now), or the
server (:class:`ServerDown`), and then nobody's mail is to blame.
"""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from declaration.config import LOCAL_HOSTS, SettingRefused

_PATIENCE_SECONDS = 20.0
_GOODBYE, _FIRST_REFUSAL, _FIRST_FOR_GOOD = 421, 400, 500
_INSTEAD = "Give smtp+tls://user:password@host:587; write an @ in a name as %40."
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class MailRefused(Exception):
    """The server did not take this mail. ``for_good``: it never will."""

    def __init__(self, said: str, *, for_good: bool) -> None:
        super().__init__(said)
        self.for_good = for_good


class ServerDown(Exception):
    """There is nobody to take any mail just now, or it does not let us in."""


class Line(Protocol):
    """An open way out."""

    def send(self, content: bytes, *, sender: str, to: str, name: str) -> None:
        """Hand one mail over; ``name`` is unique to it.

        :raises MailRefused, ServerDown: it was not taken.
        """


class Transport(Protocol):
    """:ivar to_files: nothing leaves this machine, so that invented people may have addresses."""

    @property
    def to_files(self) -> bool: ...

    def open(self) -> AbstractContextManager[Line]: ...


@dataclass(frozen=True, slots=True)
class FileTransport:
    """Each mail a file. A mail that is sent twice is one file."""

    folder: Path
    to_files: bool = True

    @contextlib.contextmanager
    def open(self) -> Iterator[Line]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def send(self, content: bytes, *, sender: str, to: str, name: str) -> None:
        fresh = self.folder / f".{name}.{os.getpid()}"
        fresh.write_bytes(content)
        fresh.replace(self.folder / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server. ``security`` is ``none``, ``starttls`` or ``tls``."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None
    to_files: bool = False

    def __repr__(self) -> str:
        return f"SmtpTransport({self.host}:{self.port}, {self.security})"  # never the password

    @contextlib.contextmanager
    def open(self) -> Iterator[Line]:
        line = _SmtpLine(self)
        try:
            yield line
        finally:
            line.close()


class _SmtpLine:
    """One connection, made with the first mail and used for all of a batch."""

    def __init__(self, transport: SmtpTransport) -> None:
        self._transport = transport
        self._server: smtplib.SMTP | None = None

    def send(self, content: bytes, *, sender: str, to: str, name: str) -> None:
        server = self._server or self._connected()
        try:
            server.sendmail(sender, [to], content)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _judged(code, said) from error
        except smtplib.SMTPSenderRefused as error:  # our own address: nobody's mail will pass
            raise ServerDown(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPDataError as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerDown(type(error).__name__) from error

    def close(self) -> None:
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server.close()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        ways = self._transport
        context = ways.context or ssl.create_default_context()
        try:
            if ways.security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(ways.host, ways.port, timeout=_PATIENCE_SECONDS, context=context)
            else:
                server = smtplib.SMTP(ways.host, ways.port, timeout=_PATIENCE_SECONDS)
            self._server = server
            if ways.security == "starttls":
                server.starttls(context=context)  # raises where it is not offered: never in the clear
            if ways.user:
                server.login(ways.user, ways.password)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerDown(type(error).__name__) from error  # the words may repeat what was sent to log in
        return server


def transport_of(url: str, *, instance: Path) -> Transport:
    """The transport that ``MAIL_URL`` names.

    :raises SettingRefused: it names none; the message never repeats a password.
    """
    scheme, separator, rest = url.partition(":")
    if scheme == "file" and separator:
        return FileTransport(Path(rest).expanduser().resolve() if rest else instance / "mail")
    if scheme not in _PORTS:
        raise SettingRefused("MAIL_URL is not an address of a mail server", instead="Give smtp+tls://user:password@host:587, or file:")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SettingRefused("MAIL_URL names no server", instead=_INSTEAD) from None
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingRefused("MAIL_URL names no server", instead=_INSTEAD)
    if scheme == "smtp" and host not in LOCAL_HOSTS:
        raise SettingRefused(
            "MAIL_URL would send mail unencrypted to another machine", instead="Use smtp+tls:// or smtps://; smtp:// is for localhost."
        )
    security = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}[scheme]
    return SmtpTransport(host, port or _PORTS[scheme], security, unquote(parts.username or ""), unquote(parts.password or ""))


def _judged(code: int, words: bytes | str) -> MailRefused | ServerDown:
    """A server that says goodbye, or says nothing that can be understood, says nothing about this mail."""
    if code == _GOODBYE or code < _FIRST_REFUSAL:
        return ServerDown(_said(code, words))
    return MailRefused(_said(code, words), for_good=code >= _FIRST_FOR_GOOD)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".split())[:200]
