"""How gunicorn serves the site: `gunicorn --config python:app.web.server "app:create_app()"`, as in the Procfile."""

import gc
import os
from typing import Any

# One proxy stands in front and speaks HTTPS; nobody else should reach this port.
bind = f"127.0.0.1:{os.environ.get('PORT') or '5000'}"
workers = 2
threads = 4
worker_class = "gthread"
timeout = 30  # seconds; every page answers or gives up within 13
graceful_timeout = 5
keepalive = 5
max_requests = 20_000  # a worker is replaced now and then, so that a slow leak never matters
max_requests_jitter = 2_000
control_socket_disable = True  # it would lie in the home directory, one for all sites of this user

# Bungie's answer to one profile makes tens of thousands of objects, and none of them is part of a cycle.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def post_worker_init(_worker: Any) -> None:
    """Gunicorn calls this in each worker once the application is loaded."""
    settle_memory()


def settle_memory() -> None:
    """Takes the loaded application out of every later search for garbage, and makes those searches rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
