"""How gunicorn serves the site: `gunicorn --config python:app.web.server "app:create_app()"`, as in the Procfile."""

import gc
import os
import threading
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

# Bungie's answer to one profile makes tens of thousands of objects, and none of them is part of a cycle: only a page
# that makes more than this is interrupted by a search for garbage.
_OBJECTS_BETWEEN_COLLECTIONS = 500_000
_PAGES_BETWEEN_DEEPER, _PAGES_BETWEEN_WHOLE = 50, 1_000


class Tidying:
    """Looks for garbage between pages, so that no page waits for it.

    A template's context and its macros refer to each other. Left to Python they pile up for a hundred pages, and the
    page that is made when they are found takes ten times as long as the others.
    """

    def __init__(self) -> None:
        self._under_way: set[int] = set()  # threads; a set changes in one step
        self._pages = 0
        self._whole_from = _PAGES_BETWEEN_DEEPER  # soon: the first pages have just filled the caches

    def began(self, thread: int) -> None:
        """A page is being made in that thread."""
        self._under_way.add(thread)

    def ended(self, thread: int) -> None:
        """Looks among what the last pages made, and now and then among what has lived for longer.

        What is alive when no page is under way (definitions, inventories) stays for long and has no cycles: it is
        never looked at again, so that a search does not take longer the more the process knows.
        """
        self._under_way.discard(thread)
        self._pages += 1
        if self._pages >= self._whole_from and not self._under_way:
            self._whole_from = self._pages + _PAGES_BETWEEN_WHOLE
            settle_memory()
        else:
            gc.collect(0 if self._pages % _PAGES_BETWEEN_DEEPER else 1)


def settle_memory() -> None:
    """Takes all that is alive out of every later search for garbage, and makes those that Python starts itself rare."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 20)


_tidying = Tidying()


def post_worker_init(_worker: Any) -> None:
    """Gunicorn calls this in each worker once the application is loaded."""
    settle_memory()


def pre_request(_worker: Any, _request: Any) -> None:
    """Gunicorn calls this in the thread that answers, before it does."""
    _tidying.began(threading.get_ident())


def post_request(_worker: Any, _request: Any, _environ: Any, _answer: Any) -> None:
    """Gunicorn calls this in the same thread after the last byte was sent."""
    _tidying.ended(threading.get_ident())
