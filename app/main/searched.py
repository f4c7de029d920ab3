"""Pages with a search box: the whole page, or only what the box changes when htmx asks while somebody types."""

from __future__ import annotations

from dataclasses import replace

from flask import make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.inventory.grouping import GROUPINGS
from app.inventory.layout import Layout
from app.inventory.search.narrow import everything
from app.inventory.sorting import NO_FACTS, read_order
from app.main.mark_sources import marks_on
from app.main.news import is_asking_for_news, news
from app.main.present import Context
from app.main.present_search import SearchView
from app.main.searches.menu import is_ready_made
from app.services.clock import utc_now
from app.services.search import Found
from app.services.vault import VaultSnapshot
from app.web.access import require_viewer
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services


def page_context(shown: VaultSnapshot | None = None) -> Context:
    """`shown` is everything that the viewer owns, of which the tiles carry marks."""
    marks = marks_on(require_viewer(), shown) if shown else {}
    return Context(utc_now(), picture_urls(), url_for("auth.sign_in"), item_locale(), marks=marks)


def laid_out_context(found: Found) -> Context:
    """The same with the order, the heaps and the new copies of a page that the viewer has laid out."""
    person = require_viewer()
    new = services().new_items.look(person.account_id or 0, person.seen, everything(found.whole))
    whole = replace(found.snapshot, inventory=found.whole)  # marks are remembered, and the next page may show the rest
    layout = asked_layout(request.args, person.layout)
    facts = services().search.facts(person, whole, item_locale(), layout.need) if layout.need else NO_FACTS
    return replace(page_context(whole), layout=layout, new=new, facts=facts)


def asked_layout(asked: MultiDict[str, str], kept: Layout) -> Layout:
    """What the address asks for, else what the person has kept."""
    layout = kept
    if "sort" in asked:
        layout = replace(layout, order=read_order(asked.getlist("sort")))
    if "group" in asked:
        layout = replace(layout, group=asked["group"] if asked["group"] in GROUPINGS else "")
    return layout


def searched_or_news(name: str, page: object, search: SearchView, found: Found, template: str = "") -> Response:
    """The page; or, for a script that asks what has changed on it, only that."""
    if is_asking_for_news():
        return news(name, page, search, found.snapshot)
    answer = searched(name, page, search, template)
    answer.vary.add("X-News")
    return answer


def searched(name: str, page: object, search: SearchView, template: str = "") -> Response:
    """`components/found_<name>.html` is what a search changes of the page, whose template is `name` where not said."""
    if not _is_part() and search.text and not search.error and not is_ready_made(search.text):
        services().searches.remember(require_viewer().user_id, search.text)
    shown = "components/found.html" if _is_part() else f"main/{template or name}.html"
    answer = make_response(render_template(shown, page=page, search=search, grid=f"components/found_{name}.html"))
    answer.vary.update(("HX-Request", "HX-Target"))
    if _is_part() and search.error:
        answer.headers["HX-Reswap"] = "none"  # the finds of the last good search stay while somebody types on
    return answer


def _is_part() -> bool:
    return request.headers.get("HX-Target") == "found"
