"""What a page's script gets when it asks whether anything has changed: nothing, or what the page shows now."""

from __future__ import annotations

import hashlib
import re

from flask import make_response, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.main.present_search import SearchView
from app.services.vault import VaultSnapshot

# When to ask again, in seconds: things happen while somebody plays.
PLAYING_S, IDLE_S = 30, 300
# Pages on which more changes than the tiles.
_WITH_PANELS = frozenset({"characters", "character"})
_FORM_KEY = re.compile(r'name="key" value="[^"]*"')


def is_asking_for_news() -> bool:
    return request.headers.get("X-News") == "1"


def news(name: str, page: object, search: SearchView, snapshot: VaultSnapshot) -> Response:
    """What changes of a page, under a tag of what it shows; 304 when the asker has just that.

    `name` is that of the page's template. The age of the data goes beside it: it changes when nothing else does.
    """
    grid, panels = f"components/found_{name}.html", f"components/panels_{name}.html" if name in _WITH_PANELS else ""
    part = render_template("components/news.html", name=name, page=page, search=search, grid=grid, panels=panels)
    answer = make_response(part)
    # The token and the keys of forms are new in every answer and change nothing that anybody sees.
    shown = _FORM_KEY.sub("", part.replace(generate_csrf(), ""))
    answer.set_etag(hashlib.blake2b(shown.encode(), digest_size=16).hexdigest())
    answer.headers["X-Fetched-At"] = snapshot.fetched_at.isoformat()
    answer.headers["X-Ask-Again"] = str(ask_again_s(snapshot))
    answer.vary.add("X-News")
    return answer.make_conditional(request)


def ask_again_s(snapshot: VaultSnapshot) -> int:
    """Where the data could not be had, the page asks as often as that of somebody who plays: trouble ends."""
    return PLAYING_S if snapshot.account.is_playing or snapshot.trouble else IDLE_S
