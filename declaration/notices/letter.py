"""The bytes of a mail, made from its row and nothing else: the same row gives the same bytes.

Header values go through :mod:`email`'s own types, which refuse a line break; what people wrote (names, titles) is brought to one
line first, so that a strange name delays nobody's mail.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from declaration.notices.models import Mail

_POLICY = SMTP.clone(cte_type="7bit")  # any server takes it
_LONGEST_SUBJECT = 250
# The dot-atom of RFC 5322: quoted names and comments before the @ are legal, and nobody has them who wants to be reached.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LONGEST_LOCAL = 64
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class BadAddress(ValueError):
    """No mail can be sent to this address."""


def one_line(words: str) -> str:
    """Words for a header: without control characters and line breaks of any kind, spaces single."""
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs") else one for one in words)
    return " ".join(seen.split())[:_LONGEST_SUBJECT]


def message_id(url: str) -> str:
    """A fresh ``Message-ID``: random, so that two of them tell nothing about what was sent in between."""
    return f"<{secrets.token_hex(16)}@{urlsplit(url).hostname or 'localhost'}>"


def letter(mail: Mail, *, sender: str, one_click: bool) -> bytes:
    """The mail as it goes over the wire, with CRLF.

    :param sender: the address that it comes from.
    :param one_click: whether the link that ends these mails may be pressed by a program (RFC 8058 asks for https).
    :raises BadAddress: the reader's address cannot stand in a header.
    """
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(display_name=one_line(mail.sender_name), addr_spec=sender)
    made["To"] = Address(display_name=one_line(mail.to_name), addr_spec=address(mail.to_address))
    made["Subject"] = one_line(mail.subject)
    made["Date"] = _date(mail.created_at)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    made["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
    if one_click:
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(mail.text, cte="quoted-printable")
    made.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.attachment is not None:
        made.set_boundary(f"words-{mail.id}")  # it becomes the first part of what follows
        made.add_attachment(mail.attachment, maintype="application", subtype="octet-stream", filename=one_line(mail.attachment_name))
    made["Content-Language"] = mail.language  # after the content, which takes every Content-… header away that stood before it
    made.set_boundary(f"part-{mail.id}")
    return made.as_bytes()


def address(written: str) -> str:
    """An address as the wire takes it: ASCII, the domain in its encoded form.

    :raises BadAddress: it is none, or it has letters before the ``@`` that only some servers take.
    """
    local, _at, domain = written.rpartition("@")
    try:
        wire = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise BadAddress(written) from error
    if len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(wire):
        raise BadAddress(written)
    return f"{local}@{wire}"


def _date(moment: datetime) -> str:
    return format_datetime(moment)
