"""sshsig.js and the signing half of keys.js: stock ssh-keygen and our own verifier accept what Chromium signs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from declaration.errors import SignatureInvalid
from declaration.protocol.keys import parse_public_key
from declaration.protocol.sshsig import dearmor, verify
from declaration.protocol.sshsig import tbs as python_tbs
from tests.browser.js.conftest import Modules

pytestmark = pytest.mark.browser

NAMESPACE = "endorsement.sign-v1@declaration.example/forum"
MESSAGE = '{"reason":"sözün özü"}'

# A key of either kind, made as keys.js makes it where the browser has, or has not, Ed25519.
SIGN = """(async () => {
  const keys = await import('/static/js/keys.js'), {armor} = m;
  const generateKey = crypto.subtle.generateKey;
  if (arg.kind === 'p256') crypto.subtle.generateKey = function (algorithm, ...rest) {
    if (algorithm.name === 'Ed25519') throw new DOMException('', 'NotSupportedError');
    return generateKey.call(this, algorithm, ...rest);
  };
  try {
    const key = await keys.generate({log: 'declaration.example/forum', slot: arg.kind}, 'correct horse battery');
    const signed = [];
    for (let i = 0; i < arg.times; i++) signed.push(armor(await keys.sign(key, arg.namespace, new TextEncoder().encode(arg.message))));
    return {openssh: key.openssh, fingerprint: key.fingerprint, extractable: key.privateKey.extractable, signed};
  } finally { crypto.subtle.generateKey = generateKey; }
})()"""


@pytest.fixture(scope="module", params=["ed25519", "p256"])
def signed(request: pytest.FixtureRequest, modules: Modules) -> dict[str, Any]:
    times = 1 if request.param == "ed25519" else 24  # so that r and s begin with zeros and with high bits
    found = modules("sshsig.js", SIGN, {"kind": request.param, "namespace": NAMESPACE, "message": MESSAGE, "times": times})
    assert "refused" not in found
    return found


def ssh_keygen(
    signed: dict[str, Any], folder: Path, *, namespace: str = NAMESPACE, message: str = MESSAGE
) -> subprocess.CompletedProcess[str]:
    (folder / "allowed").write_text(f'head.az namespaces="{NAMESPACE}" {signed["openssh"]}\n')
    (folder / "act.sig").write_text(signed["signed"][0])
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "head.az", "-n", namespace, "-s", "act.sig"]
    return subprocess.run(command, input=message, text=True, capture_output=True, cwd=folder, check=False)


def test_ssh_keygen_says_good(signed: dict[str, Any], tmp_path: Path) -> None:
    answer = ssh_keygen(signed, tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert f'Good "{NAMESPACE}" signature' in answer.stdout
    assert signed["fingerprint"] in answer.stdout


def test_ssh_keygen_refuses_another_message(signed: dict[str, Any], tmp_path: Path) -> None:
    assert ssh_keygen(signed, tmp_path, message=MESSAGE + " ").returncode != 0


def test_ssh_keygen_refuses_another_act(signed: dict[str, Any], tmp_path: Path) -> None:
    assert ssh_keygen(signed, tmp_path, namespace=NAMESPACE.replace("sign", "withdraw")).returncode != 0


def test_our_verifier_accepts_each(signed: dict[str, Any]) -> None:
    key = parse_public_key(signed["openssh"])
    assert key.fingerprint == signed["fingerprint"]
    for armored in signed["signed"]:
        verify(dearmor(armored), key=key, namespace=NAMESPACE, message=MESSAGE.encode())
        with pytest.raises(SignatureInvalid):
            verify(dearmor(armored), key=key, namespace=NAMESPACE, message=MESSAGE.encode() + b" ")


def test_the_key_cannot_be_read_out(signed: dict[str, Any]) -> None:
    assert signed["extractable"] is False


def test_tbs_is_the_protocols(modules: Modules) -> None:
    found = modules("sshsig.js", "m.tbs(arg[0], new TextEncoder().encode(arg[1])).then(hex)", [NAMESPACE, MESSAGE])
    assert found == python_tbs(NAMESPACE, MESSAGE.encode()).hex()


def test_a_signature_for_every_purpose_is_refused(modules: Modules) -> None:
    assert modules("sshsig.js", "m.tbs('', new Uint8Array())")["refused"] == "sshsig.namespace"


@pytest.mark.parametrize(
    ("kind", "length"),
    [("ssh-ed25519", 31), ("ssh-ed25519", 33), ("ecdsa-sha2-nistp256", 33), ("ecdsa-sha2-nistp256", 64), ("ssh-rsa", 32)],
)
def test_keys_of_other_shapes_are_refused(modules: Modules, kind: str, length: int) -> None:
    assert modules("sshsig.js", "m.publicBlob(arg[0], new Uint8Array(arg[1]))", [kind, length])["refused"] == "key.unknown-kind"


@pytest.mark.parametrize("length", [0, 63, 65, 72])
def test_signatures_of_other_lengths_are_refused(modules: Modules, length: int) -> None:
    expression = "m.signatureBlob({kind: m.ED25519, blob: new Uint8Array(), namespace: 'x', raw: new Uint8Array(arg)})"
    assert modules("sshsig.js", expression, length)["refused"] == "sshsig.length"


def test_published_keys_have_the_published_fingerprints(modules: Modules, vectors: Path) -> None:
    for name in ("ed25519", "ecdsa"):
        line = " ".join((vectors / "openssh-sshsig" / f"{name}.pub").read_text().split()[:2])
        found = modules("sshsig.js", "m.fingerprint(m.parseOpensshLine(arg).blob)", line)
        listed = subprocess.run(
            ["ssh-keygen", "-l", "-f", vectors / "openssh-sshsig" / f"{name}.pub"], text=True, capture_output=True, check=True
        )
        assert found in listed.stdout
