"""How the service is served: ``gunicorn wsgi:app`` reads this file from the folder it is started in.

Threads and not processes carry the readers: a reader waits for the database, not for the processor.
"""

import os
from pathlib import Path

from gunicorn.workers.base import Worker

from declaration.web.worker import begin

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "32"))
timeout = 60
graceful_timeout = 10
keepalive = 5
preload_app = False  # database pools do not survive a fork
control_socket_disable = True  # otherwise gunicorn opens a socket in the home folder
accesslog = None  # the application writes one line a request, without addresses that carry tokens
_memory = Path("/dev/shm")  # noqa: S108  # heartbeats only: empty files, unlinked at once
worker_tmp_dir = str(_memory) if _memory.is_dir() else None


def post_worker_init(worker: Worker) -> None:
    """Before the first request."""
    begin(worker.wsgi)
