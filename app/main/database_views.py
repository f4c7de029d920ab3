"""The item database: every definition of the game for everybody, found by name and facets, and told one by one."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.database.definition import definition_page
from app.main.database.finds import asked, finds_page, whole_number
from app.main.database.notices import notices_of
from app.main.present import Context
from app.services.clock import utc_now
from app.services.database import DefinitionSnapshot
from app.web.access import PUBLIC, access, viewer
from app.web.errors import error_page
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services


def _context() -> Context:
    return Context(utc_now(), picture_urls(), url_for("auth.sign_in"), item_locale())


@bp.get("/database")
@access(PUBLIC)
def database() -> Response:
    """A page with a search box; only the finds when htmx asks while somebody types."""
    wanted = asked(request.args)
    found = services().database.find(item_locale(), wanted.question, wanted.page)
    is_part = request.headers.get("HX-Target") == "found"
    template = "components/found_database.html" if is_part else "main/database.html"
    answer = make_response(render_template(template, page=finds_page(found, _context(), is_part=is_part)))
    answer.vary.update(("HX-Request", "HX-Target"))
    return answer


@bp.get("/database/<item_hash>")
@access(PUBLIC)
def definition(item_hash: str) -> Response:
    found = services().database.look_up(item_locale(), whole_number(item_hash) or 0, viewer())
    if found.definition is None:
        return _unknown(found)
    page = definition_page(found, found.definition, _context())
    return make_response(render_template("main/definition.html", page=page))


def _unknown(found: DefinitionSnapshot) -> Response:
    """While our item data is out of reach nobody can say that there is no such item."""
    if found.definitions.missing or found.definitions.cut_off:
        notices = notices_of(found.definitions, _context())
        return error_page(503, notices[0].title, notices[0].text, notices)
    return error_page(
        404,
        gettext("We do not know this item"),
        gettext("The number may have a slip in it. If the item is brand-new, its name follows soon: try again later."),
    )
