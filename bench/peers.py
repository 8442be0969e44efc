"""Libraries that only benches compare with. They are installed into ``build/peers``, beside the environment and never into it.

.venv/bin/pip install --target build/peers/python --no-deps -r bench/requirements.txt
npm install --prefix build/peers diff@8.0.2
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[1] / "build" / "peers"


def python_peer(name: str) -> ModuleType | None:
    """Return a module from the environment or from the folder of peers, ``None`` where it is in neither."""
    folder = str(FOLDER / "python")
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


def node_environment() -> dict[str, str]:
    """Return the environment in which node finds the packages of the folder of peers, after those of ``NODE_PATH``."""
    known = os.environ.get("NODE_PATH", "")
    return {**os.environ, "NODE_PATH": os.pathsep.join(part for part in (known, str(FOLDER / "node_modules")) if part)}
