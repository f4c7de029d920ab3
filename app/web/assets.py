"""Our own files as browsers get them: the sheets that every page needs as one, and texts compressed.

A page waits for its style sheets before it can be painted, and for every further one a little longer. A page that needs
more names its own sheet in its `head` block, after these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast

from flask import Flask, Response, request

SITE_SHEET = "css/site.css"
# In this order; pictures are addressed from the folder that they share with it.
_SHEETS = (
    "tokens", "base", "components", "tiles", "pages", "item", "characters", "search", "database", "vault", "tags",
    "touch",
)  # fmt: skip
_TEXTS = {"text/css", "text/javascript", "image/svg+xml"}


def content_of(app: Flask, path: str) -> bytes | None:
    """What is sent for /static/`path`; None when there is no such file."""
    if path == SITE_SHEET:
        return _site_sheet(app)
    file = Path(str(app.static_folder)) / path
    return file.read_bytes() if file.is_file() else None


@lru_cache(maxsize=8)
def _site_sheet(app: Flask) -> bytes:
    folder = Path(str(app.static_folder)) / "css"
    return b"\n".join((folder / f"{name}.css").read_bytes() for name in _SHEETS)


def init_app(app: Flask) -> None:
    send_file = cast("Callable[..., Response]", app.view_functions["static"])

    def send(filename: str) -> Response:
        if filename == SITE_SHEET:
            answer = app.response_class(_site_sheet(app), mimetype="text/css")
            answer.add_etag()
            return cast("Response", answer.make_conditional(request))
        answer = send_file(filename=filename)
        if answer.status_code == 200 and answer.mimetype in _TEXTS:
            # Only what is in memory is compressed.
            answer.direct_passthrough = False
            answer.set_data(answer.get_data())
        return answer

    app.view_functions["static"] = send
