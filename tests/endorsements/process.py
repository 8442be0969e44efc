"""Another process that records one signed act: ``python -m tests.endorsements.process FOLDER URL ACT START AT``.

It builds the application, says that it is ready, waits for the file ``START``, and prints what came of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from declaration.app import create_app
from declaration.credentials import together
from declaration.credentials.signing import Signed
from declaration.errors import DeclarationError
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.protocol.encoding import b64decode
from declaration.web.clock import SettableClock, now
from declaration.web.db import current_session, reading
from tests.endorsements.conftest import with_feature
from tests.support.databases import configuration
from tests.support.play import SLUG

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0


def started(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.endorsements.process", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def main(folder: str, url: str, act: str, start: str, at: str) -> int:
    app = with_feature(create_app(configuration(Path(folder), url)))
    app.extensions["clock"] = SettableClock(datetime.fromisoformat(at))
    form = json.loads(Path(act).read_text())
    signed = Signed(form["statement"].encode(), b64decode(form["signature"]))
    Path(f"{act}.ready").touch()
    deadline = time.monotonic() + PATIENCE
    while not Path(start).exists():
        if time.monotonic() > deadline:
            return 1
        time.sleep(0.001)
    try:
        with app.app_context(), reading():
            session = current_session()
            forum = session.query(Forum).filter_by(slug=SLUG).one()
            use_forum(forum)
            print("recorded", together.perform(session, forum, signed, now=now()).index)
    except DeclarationError as error:
        print(error.code)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
