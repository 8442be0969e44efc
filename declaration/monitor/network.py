"""Asking the log. Answers have a longest length and a longest time; nothing is followed to another address."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import Protocol

from declaration.errors import DeclarationError, Malformed

SECONDS = 30.0


class Unreachable(DeclarationError):
    """No answer, or none that says anything."""

    default_code = "monitor.unreachable"


class Closed(DeclarationError):
    """The log answers that this is not for everybody, or not there."""

    default_code = "monitor.closed"


class Source(Protocol):
    """Where a log is read."""

    def get(self, path: str, most: int) -> bytes:
        """The body at ``path``, of at most ``most`` bytes.

        :raises Closed: 401, 403 or 404.
        :raises Unreachable: everything else.
        """
        ...


class Log:
    """A log at an address such as ``https://declaration.example/log/forum``."""

    def __init__(self, address: str) -> None:
        if not address.startswith(("https://", "http://")):
            raise Malformed("the address of a log begins with https:// or http://", code="monitor.address")
        self.address = address.rstrip("/")

    def get(self, path: str, most: int) -> bytes:
        """See :class:`Source`. A path that begins with a slash is at the host, not below the log."""
        start = self.address.split("/", 3)
        address = "/".join(start[:3]) + path if path.startswith("/") else f"{self.address}/{path}"
        request = urllib.request.Request(address, headers={"User-Agent": "declaration-monitor"})  # noqa: S310  # http and https only, see above
        try:
            with _OPENER.open(request, timeout=SECONDS) as answer:
                body: bytes = answer.read(most + 1)
        except urllib.error.HTTPError as error:
            with error:
                kind = Closed if error.code in (401, 403, 404) else Unreachable
                raise kind(f"{path}: the log answers with status {error.code}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"{path}: {error}") from None
        if len(body) > most:
            raise Unreachable(f"{path}: the answer is too long")
        return body


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)
