"""A Chair whose key is a passkey: the constitution, which is the root of every other key, is signed with it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from declaration.credentials import enrolment
from declaration.credentials.record import trust_root
from declaration.credentials.signing import Signed
from declaration.endorsements.bundle import compose_bundle
from declaration.errors import SignatureInvalid
from declaration.protocol.encoding import canonical, parse_json
from declaration.protocol.sshsig import PasskeyPolicy
from declaration.verifier.standalone import verify_sh
from declaration.verifier.verify import verify_bundle
from declaration.web.clock import now
from declaration.web.db import current_session, reading
from tests.credentials.conftest import CREDENTIAL
from tests.endorsements.conftest import Playing, Work
from tests.protocol.made import Passkey
from tests.support.play import ORIGIN, Player


@dataclass
class PasskeyChair(Player):
    """The same play; what the Chair signs is signed with a passkey."""

    device: Passkey = field(default_factory=Passkey)
    body: dict[str, Any] = field(default_factory=dict)

    def found(self) -> Player:
        self._found()
        return self

    def enrol(self, party: str, *, role: str | None = None, number: int = 1) -> int:
        if party != "chair":
            return super().enrol(party, role=role, number=number)
        row = enrolment.begin(self.session, self.forum, self.actor(party).person_id, now=now())
        key = self.device.key.openssh
        return enrolment.finish(self.session, self.forum, row, key, b"", now=now(), credential=CREDENTIAL).id

    def signed(self, party: str, type_: str, object_: str | None, *given: Any, **more: Any) -> Signed:
        made = super().signed(party, type_, object_, *given, **more)
        if party != "chair":
            return made
        said: Any = parse_json(made.statement)
        said["by"]["key"] = self.device.key.fingerprint
        statement = canonical({**said, **self.body})
        return Signed(statement, self.device.sign(f"{type_}@{ORIGIN}", statement))


def test_a_forum_founded_with_a_passkey_verifies_without_the_service(app: Flask, work: Work, tmp_path: Path) -> None:
    with work() as session:
        PasskeyChair(app, session).found()
    with app.app_context(), reading():
        play = Player(app, current_session())
        compose_bundle(play.session, play.forum, tmp_path / "bundle.zip")
        root = trust_root(play.session, play.forum) or ""
        play.session.rollback()
    verify_bundle(tmp_path / "bundle.zip", constitution=root).require_all()
    (tmp_path / "verify.sh").write_bytes(verify_sh())
    second = subprocess.run(["bash", "verify.sh", "-c", root, "bundle.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stdout + second.stderr


@pytest.mark.parametrize(
    ("device", "body", "code"),
    [
        (Passkey(flags=0x01), {}, "passkey.user-verified"),
        (replace(Passkey(), policy=PasskeyPolicy(("https://evil.example",), "declaration.example")), {}, "passkey.origin"),
        (replace(Passkey(), policy=PasskeyPolicy(("https://declaration.example",), "evil.example")), {}, "passkey.rp-id"),
        (Passkey(), {"origins": ["https://elsewhere.example"]}, "passkey.origin"),
        (Passkey(), {"rp_id": "elsewhere.example"}, "passkey.origin"),
        (Passkey(), {"origins": "https://declaration.example"}, "passkey.origin"),
    ],
)
def test_a_constitution_that_no_verifier_would_believe(
    app: Flask, playing: Playing, work: Work, device: Passkey, body: dict[str, Any], code: str
) -> None:
    """Not even where it names another site than this one, at which its own signature was not made."""
    with work() as session, pytest.raises(SignatureInvalid) as refused:
        PasskeyChair(app, session, device=device, body=body).found()
    assert refused.value.code == code
