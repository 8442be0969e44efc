"""Settings: few, validated strictly, and refused in a sentence that names the variable.

    DATABASE_URL            sqlite:///declaration.db (in the instance folder) or postgresql://user@host/name
    DECLARATION_INSTANCE    folder of the database and of what the service writes; default: instance/ beside the code
    DECLARATION_KEYS        folder of the private keys, made 0700; default: keys/ beside the code
    DECLARATION_URL         the address that readers use; https makes cookies Secure. Default: http://127.0.0.1:8000
    DECLARATION_HOSTS       further host names that requests may carry, separated by commas
    DECLARATION_PROXY_HOPS  how many reverse proxies stand in front and add X-Forwarded headers; default 0
    MAIL_URL                smtp+tls://user:password@host:587, smtps://..., or file: (the default: mail/ in the instance folder)
    MAIL_FROM               the address that mail comes from; needed with a mail server
    DECLARATION_WITNESSES   a policy (c2sp.org/tlog-policy) that names the witnesses of the record, with their addresses, and a quorum
    SECRET_KEY              signs the short-lived cookie of notes; default: made at first start in keys/secret.key

A private file is created with mode 0600 and refused when others could read it.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from declaration.errors import DeclarationError

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE = "sqlite:///declaration.db"
DEFAULT_URL = "http://127.0.0.1:8000"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")

_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\]")
_MIN_SECRET = 32
_MAX_HOPS = 5


class SettingRefused(DeclarationError):
    """A setting that cannot be meant. The service does not start with it."""

    default_code = "setting.refused"


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated settings. Folders are absolute."""

    database_url: str
    instance: Path
    keys: Path
    url: str
    hosts: tuple[str, ...]
    proxy_hops: int
    secret_key: str | None
    mail_url: str = "file:"
    mail_from: str = "declaration@localhost"
    witnesses: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether readers come over https."""
        return self.url.startswith("https://")

    def flask_config(self) -> dict[str, object]:
        """The same as Flask's configuration keys. Creates both folders and, where none is set, the secret key."""
        for folder in (self.instance, self.keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = self.secret_key or private_file(self.keys / "secret.key", _new_secret).decode("ascii").strip()
        return {
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SECRET_KEY": secret,
            "KEYS_FOLDER": self.keys,
            "PUBLIC_URL": self.url,
            "PREFERRED_URL_SCHEME": "https" if self.secure else "http",
            "TRUSTED_HOSTS": list(self.hosts),
            "PROXY_HOPS": self.proxy_hops,
            "WITNESSES": self.witnesses,
            "MAIL_URL": self.mail_url,
            "MAIL_FROM": self.mail_from,
            "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "MAX_FORM_PARTS": 1000,
        }


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    :raises SettingRefused: a value that is malformed; the message names the variable and never repeats a secret.
    """
    url = _url(environ.get("DECLARATION_URL") or DEFAULT_URL)
    own_host = urlsplit(url).hostname or ""
    further = [one.strip().lower() for one in environ.get("DECLARATION_HOSTS", "").split(",") if one.strip()]
    local = LOCAL_HOSTS if own_host in LOCAL_HOSTS else ()
    return Settings(
        database_url=_database_url(environ.get("DATABASE_URL") or DEFAULT_DATABASE),
        instance=_folder(environ.get("DECLARATION_INSTANCE"), PROJECT / "instance"),
        keys=_folder(environ.get("DECLARATION_KEYS"), PROJECT / "keys"),
        url=url,
        hosts=tuple(dict.fromkeys([own_host, *local, *map(_host, further)])),
        proxy_hops=_hops(environ.get("DECLARATION_PROXY_HOPS") or "0"),
        secret_key=_secret(environ.get("SECRET_KEY")),
        witnesses=Path(given).expanduser().resolve() if (given := environ.get("DECLARATION_WITNESSES")) else None,
        mail_url=environ.get("MAIL_URL") or "file:",
        mail_from=_sender(environ.get("MAIL_FROM"), environ.get("MAIL_URL") or "file:"),
    )


def private_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read a private file, or create it (0600) with what ``make`` returns.

    Safe when several workers start at once: all of them end up with the same bytes.

    :raises SettingRefused: others than its owner may read or write it.
    """
    if not path.exists():
        _create_private(path, make())
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SettingRefused(
            f"{path.name} can be read by others (mode {mode:04o})",
            code="setting.private-file",
            instead=f"Take the rights away with: chmod 600 {path}",
        )
    return path.read_bytes()


def _create_private(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A hard link appears whole or not at all, and only the first one wins.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _new_secret() -> bytes:
    return secrets.token_hex(32).encode("ascii") + b"\n"


def _database_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator:
        raise SettingRefused("DATABASE_URL is not a database address", instead=f"Give one such as {DEFAULT_DATABASE}.")
    if scheme == "sqlite":
        if rest in ("", "/", "/:memory:") or not rest.startswith("/"):
            raise SettingRefused(
                "DATABASE_URL names no SQLite file",
                instead="Give sqlite:///name.db (in the instance folder) or sqlite:////absolute/path.db.",
            )
        return value
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    raise SettingRefused(
        f"DATABASE_URL begins with {scheme}://, which this service does not speak",
        instead="Use sqlite:/// or postgresql://.",
    )


def _folder(value: str | None, default: Path) -> Path:
    return Path(value).expanduser().resolve() if value else default


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise SettingRefused(
            f"DECLARATION_URL is not an address of a site: {value!r}", instead="Give one such as https://declaration.example."
        )
    return value.rstrip("/")


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise SettingRefused(
            f"DECLARATION_HOSTS has something that is not a host name: {value!r}",
            instead="Separate names by commas, without scheme and port.",
        )
    return value


def _hops(value: str) -> int:
    if not re.fullmatch(r"[0-9]", value) or int(value) > _MAX_HOPS:
        raise SettingRefused(f"DECLARATION_PROXY_HOPS is not a number from 0 to {_MAX_HOPS}: {value!r}")
    return int(value)


def _sender(value: str | None, mail_url: str) -> str:
    if value:
        return value.strip()
    if mail_url.startswith("file:"):
        return "declaration@localhost"
    raise SettingRefused("MAIL_FROM is missing", instead="Give the address that mail comes from; the server must let us use it.")


def _secret(value: str | None) -> str | None:
    if value is None or value == "":
        return None
    if len(value) < _MIN_SECRET:
        raise SettingRefused(
            f"SECRET_KEY is shorter than {_MIN_SECRET} characters",
            instead="Leave it out, and one is made in the keys folder.",
        )
    return value
