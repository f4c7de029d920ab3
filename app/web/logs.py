"""One line of JSON per event, with the request's id and the time in UTC, and secrets taken out wherever they came from.

There is one handler, on the root logger, for everything that is written in a process of ours: our own loggers and
those of libraries, of gunicorn and of Celery's workers.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from app.web.headers import current_request_id, request_id
from app.web.redaction import Redactor

log = logging.getLogger(__name__)

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}
_LONGEST_EVENT = 4_000
_LONGEST_EXCEPTION = 20_000
# Asked every few seconds by machines; who is interested looks at the machine.
_UNTOLD = {"static", "api.healthz", "api.readyz"}


class JsonFormatter(logging.Formatter):
    """Renders a record; `redactor` sees every text of it, exceptions and `extra` fields included."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self.redactor.text(record.getMessage()[:_LONGEST_EVENT]),
        }
        if has_request_context():
            line |= {"request_id": request_id(), "method": request.method, "endpoint": request.endpoint}
        elif beside := current_request_id():
            line["request_id"] = beside
        for name, value in record.__dict__.items():
            if name not in _STANDARD:
                line.setdefault(name, self.redactor.value(value, name))
        if record.exc_info:
            line["exception"] = self.redactor.text(self.formatException(record.exc_info)[-_LONGEST_EXCEPTION:])
        # Not orjson: only ASCII leaves no character that ends a line or steers a terminal, and takes broken text too.
        return json.dumps(line, ensure_ascii=True)


class _OurHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Marks the one handler, so that a second application of the same process replaces it."""


def init_app(app: Flask, secrets: Iterable[str]) -> None:
    """`secrets` are values that must never be written, in whatever text they turn up."""
    formatter = JsonFormatter(Redactor(secrets))
    handler = _OurHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _OurHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    _dress_libraries(formatter)
    app.before_request(_begin)
    app.after_request(_tell)


def _dress_libraries(formatter: logging.Formatter) -> None:
    """What a library (gunicorn, say) has set up for itself keeps its place but speaks and redacts as we do."""
    for logger in list(logging.root.manager.loggerDict.values()):
        for handler in logger.handlers if isinstance(logger, logging.Logger) else ():
            handler.setFormatter(formatter)


def _begin() -> None:
    g.began_s = time.monotonic()


def _tell(response: Response) -> Response:
    """A line per answer. It names the view, never the address: that can carry a code or somebody's search."""
    if request.endpoint not in _UNTOLD:
        took_ms = round((time.monotonic() - g.get("began_s", time.monotonic())) * 1000)
        log.info("answered", extra={"status": response.status_code, "took_ms": took_ms})
    return response
