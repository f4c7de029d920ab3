"""Pages with a search box: the whole page, or only what the box changes when htmx asks while somebody types."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for

from app.main.mark_sources import marks_on
from app.main.present import Context
from app.main.present_search import SearchView
from app.services.clock import utc_now
from app.services.vault import VaultSnapshot
from app.web.access import require_viewer
from app.web.languages import item_locale
from app.web.urls import picture_urls


def page_context(shown: VaultSnapshot | None = None) -> Context:
    """`shown` is what the viewer owns, of which the tiles carry marks."""
    marks = marks_on(require_viewer(), shown) if shown else {}
    return Context(utc_now(), picture_urls(), url_for("auth.sign_in"), item_locale(), marks=marks)


def searched(name: str, page: object, search: SearchView) -> Response:
    """`name` is that of the page's template, of which `components/found_<name>.html` is what a search changes."""
    template = "components/found.html" if _is_part() else f"main/{name}.html"
    answer = make_response(render_template(template, page=page, search=search, grid=f"components/found_{name}.html"))
    answer.vary.update(("HX-Request", "HX-Target"))
    if _is_part() and search.error:
        answer.headers["HX-Reswap"] = "none"  # the finds of the last good search stay while somebody types on
    return answer


def _is_part() -> bool:
    return request.headers.get("HX-Target") == "found"
