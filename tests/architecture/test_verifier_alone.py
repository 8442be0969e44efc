"""The verifier runs where nothing of the service is installed: the standard library, cryptography, PyNaCl and cffi, no more.

Another process starts isolated (``-I``: no environment variables, no user folder), may see the project and the installed packages,
and refuses every import of a package that is not on the list.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = ("declaration", "cryptography", "nacl", "cffi", "_cffi_backend")

FENCE = """
import sys

class Fence:
    def find_spec(self, name, path=None, target=None):
        top = name.partition('.')[0]
        if top not in {allowed!r} and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f'not for the verifier: {{name}}', name=name)
        return None

sys.meta_path.insert(0, Fence())
sys.path.insert(0, {root!r})
{code}
"""


def alone(code: str) -> subprocess.CompletedProcess[str]:
    """Run code inside the fence."""
    script = FENCE.format(allowed=ALLOWED, root=str(ROOT), code=code)
    return subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False, cwd="/")


@pytest.mark.parametrize(
    "module", ["flask", "sqlalchemy", "declaration.app", "declaration.web.db", "reportlab", "rapidfuzz", "diff_match_patch"]
)
def test_the_fence_holds(module: str):
    done = alone(f"import {module}")
    assert done.returncode == 1
    assert "not for the verifier" in done.stderr


@pytest.mark.parametrize("module", ["protocol", "text", "procedure"])
def test_what_the_verifier_reads_with_imports_nothing_else(module: str):
    done = alone(f"import declaration.{module}")
    assert done.returncode == 0, done.stderr


def test_the_verifier_starts():
    done = alone("sys.argv[1:] = ['--help']\nimport runpy\nrunpy.run_module('declaration.verifier', run_name='__main__')")
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()


def test_the_signer_starts():
    done = alone("sys.argv[1:] = ['--help']\nimport runpy\nrunpy.run_module('declaration.signer', run_name='__main__')")
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()
