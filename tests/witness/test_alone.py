"""A witness and a monitor run where nothing of the service is installed."""

from __future__ import annotations

import pytest

from tests.architecture.test_verifier_alone import alone


@pytest.mark.parametrize("program", ["witness", "monitor"])
def test_it_starts_alone(program: str) -> None:
    done = alone(f"sys.argv[1:] = ['--help']\nimport runpy\nrunpy.run_module('declaration.{program}', run_name='__main__')")
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()
