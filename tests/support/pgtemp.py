"""A throw-away PostgreSQL: its own cluster in /tmp, on a Unix socket alone, so nothing clashes with another run or server.

PostgreSQL refuses to run as root; as root the server runs as the user ``postgres`` (or ``nobody``). Nothing is synced to disk:
these databases live for seconds. A bench asks for one that does sync.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "120",
    "shared_buffers": "32MB",
    "log_min_messages": "warning",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
_PATIENCE_SECONDS = 20.0


class NoPostgres(RuntimeError):
    """There are no server programs on this machine."""


def find_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``: ``$PG_BINDIR``, the path, or where Debian and others put the newest.

    :raises NoPostgres: none of them has both.
    """
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    on_path = shutil.which("postgres")
    candidates = [
        os.environ.get("PG_BINDIR"),
        *installed,
        *Path("/opt/homebrew/opt").glob("postgresql*/bin"),
        Path(on_path).resolve().parent if on_path else None,
    ]
    for folder in filter(None, candidates):
        if (Path(folder) / "initdb").exists() and (Path(folder) / "postgres").exists():
            return Path(folder)
    raise NoPostgres("no PostgreSQL server programs: apt-get install postgresql, or set PG_BINDIR")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster and give the address of its database ``postgres``; stop and remove it at the end.

    :param durable: commits wait for the disk, as they do in earnest.
    """
    programs = find_programs()
    user = _unprivileged()
    root = Path(tempfile.mkdtemp(prefix="dpg-", dir="/tmp"))  # a socket's path has at most 107 bytes
    if user:
        os.chown(root, user["user"], user["group"])
    common: dict[str, Any] = {"env": {**os.environ, "LC_ALL": "C", "TZ": "UTC"}, "cwd": "/", **user}
    server: subprocess.Popen[bytes] | None = None
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", root / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            capture_output=True, text=True, check=False, **common,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
        settings = {**_SETTINGS, **(_DURABLE if durable else {}), "unix_socket_directories": str(root)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (root / "log").open("wb") as log:
            server = subprocess.Popen([programs / "postgres", "-D", root / "data", *options], stdout=log, stderr=log, **common)
        _wait_until_ready(programs, root, server)
        yield f"postgresql+psycopg://postgres@/postgres?host={root}"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # fast shutdown: open sessions are ended
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(root, ignore_errors=True)


def _wait_until_ready(programs: Path, root: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if subprocess.run([programs / "pg_isready", "-q", "-h", root, "-U", "postgres"], check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(root / 'log').read_text()}")


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return {}
