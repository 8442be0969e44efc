"""Settings are refused in a sentence that names the variable."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from declaration import config
from declaration.config import SettingRefused


def test_without_any_variable_everything_stays_beside_the_code():
    settings = config.load({})
    assert settings.database_url == "sqlite:///declaration.db"
    assert settings.instance == config.PROJECT / "instance"
    assert settings.keys == config.PROJECT / "keys"
    assert settings.hosts == ("127.0.0.1", "localhost", "[::1]")
    assert not settings.secure


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgresql://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgresql+psycopg://u@h/n", "postgresql+psycopg://u@h/n"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_a_database_address_names_its_driver(given, meant):
    assert config.load({"DATABASE_URL": given}).database_url == meant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "declaration.db"),
        ("DATABASE_URL", "mysql://u@h/n"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://x.db"),
        ("DECLARATION_URL", "declaration.example"),
        ("DECLARATION_URL", "ftp://declaration.example"),
        ("DECLARATION_URL", "https://declaration.example/path"),
        ("DECLARATION_URL", "https://user@declaration.example"),
        ("DECLARATION_HOSTS", "https://a.example"),
        ("DECLARATION_HOSTS", "a.example:8000"),
        ("DECLARATION_HOSTS", "*"),
        ("DECLARATION_PROXY_HOPS", "-1"),
        ("DECLARATION_PROXY_HOPS", "6"),
        ("DECLARATION_PROXY_HOPS", "one"),
        ("DECLARATION_PROXY_HOPS", "١"),
        ("SECRET_KEY", "short"),
    ],
)
def test_what_cannot_be_meant_is_refused(name, value):
    with pytest.raises(SettingRefused, match=name):
        config.load({name: value})


def test_a_secret_is_never_repeated_in_its_refusal():
    with pytest.raises(SettingRefused) as caught:
        config.load({"SECRET_KEY": "hunter2"})
    assert "hunter2" not in f"{caught.value.message}{caught.value.instead}"


def test_the_service_ends_with_a_sentence():
    environ = {**os.environ, "DATABASE_URL": "mysql://u@h/n"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=config.PROJECT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("declaration: DATABASE_URL begins with mysql://")
    assert "Traceback" not in done.stderr


def test_a_private_file_is_made_once_for_its_owner_alone(tmp_path: Path):
    path = tmp_path / "log.key"
    numbers = count()
    with ThreadPoolExecutor(8) as pool:
        read = set(pool.map(lambda _: config.private_file(path, lambda: b"%d" % next(numbers)), range(32)))
    assert read == {path.read_bytes()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["log.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o620])
def test_a_private_file_that_others_may_read_is_refused(tmp_path: Path, mode):
    path = tmp_path / "log.key"
    config.private_file(path, lambda: b"x")
    path.chmod(mode)
    with pytest.raises(SettingRefused, match="read by others"):
        config.private_file(path, lambda: b"y")


def test_folders_and_the_secret_are_made_at_first_start(tmp_path: Path):
    environ = {"DECLARATION_INSTANCE": str(tmp_path / "a" / "instance"), "DECLARATION_KEYS": str(tmp_path / "a" / "keys")}
    first = config.load(environ).flask_config()
    assert stat.S_IMODE((tmp_path / "a" / "keys" / "secret.key").stat().st_mode) == 0o600
    assert config.load(environ).flask_config()["SECRET_KEY"] == first["SECRET_KEY"]
    assert len(str(first["SECRET_KEY"])) == 64
