"""The log's key: made once, private, the same for every worker, and public beside itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from flask import Flask
from sqlalchemy.orm import Session

from declaration.config import SettingRefused
from declaration.protocol.note import parse_vkey
from declaration.transparency import operations, queries
from declaration.transparency.signing import LogSigning, ensure_log_key
from tests.transparency.apps import alone
from tests.transparency.made import ORIGIN, opened

Work = Callable[[], AbstractContextManager[Session]]


def test_it_is_made_at_first_start_and_found_at_the_next(tmp_path: Path) -> None:
    first = ensure_log_key(tmp_path)
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
    assert ensure_log_key(tmp_path).private_bytes_raw() == first.private_bytes_raw()
    assert [file.name for file in tmp_path.iterdir()] == ["log.key"]


def test_workers_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        keys.append(ensure_log_key(tmp_path).private_bytes_raw())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_key_that_others_can_touch_is_refused(tmp_path: Path, mode: int) -> None:
    ensure_log_key(tmp_path)
    (tmp_path / "log.key").chmod(mode)
    with pytest.raises(SettingRefused) as refused:
        ensure_log_key(tmp_path)
    assert refused.value.code == "setting.private-file"
    assert "chmod 600" in refused.value.instead


def test_the_service_does_not_start_with_an_open_key(app: Flask, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "keys" / "log.key").chmod(0o644)
    with pytest.raises(SettingRefused):
        alone(tmp_path, database_url)


PLAIN = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a key", id="text"),
        pytest.param(X25519PrivateKey.generate().private_bytes(*PLAIN), id="another kind"),
        pytest.param(Ed25519PrivateKey.generate().private_bytes(*PLAIN)[:-40], id="cut short"),
        pytest.param(
            Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
            id="with a passphrase",
        ),
    ],
)
def test_a_file_that_is_no_ed25519_key_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingRefused) as refused:
        ensure_log_key(tmp_path)
    assert refused.value.code == "setting.log-key"
    assert path.read_bytes() == content


def test_the_public_key_stands_beside_it(work: Work, tmp_path: Path) -> None:
    with work() as session:
        vkey = queries.vkey(opened(session))
    (path,) = (tmp_path / "keys").glob("*.vkey")
    assert path.read_text() == f"{vkey}\n"
    assert path.stat().st_mode & 0o777 == 0o644
    verifier = parse_vkey(vkey)
    assert verifier.name == ORIGIN
    assert path.name == f"declaration.example+baku+{verifier.key_id.hex()}.vkey"
    assert (tmp_path / "keys" / f"declaration.example+baku+{verifier.key_id.hex()}.guard").exists()


def test_a_log_that_was_not_opened_after_all_publishes_nothing(work: Work, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), work() as session:
        operations.create_log(session, ORIGIN)
        raise RuntimeError
    assert list((tmp_path / "keys").glob("*.vkey")) == []
    with work() as session:
        opened(session)


def test_the_private_key_is_not_shown(tmp_path: Path) -> None:
    shown = repr(LogSigning(Path("keys"), ensure_log_key(tmp_path)))
    assert "Ed25519" not in shown
    assert "private" not in shown
