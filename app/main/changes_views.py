"""What new versions of the game's data changed about items: a page and a feed for everybody."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request, url_for

from app.main.blueprint import bp
from app.main.present_changes import changes_view, feed_entries
from app.services.clock import utc_now
from app.web.access import PUBLIC, access
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services


@bp.get("/database/changes")
@access(PUBLIC)
def changes() -> str:
    asked = request.args
    page = asked.get("page", 1, type=int)
    found = services().changes.page(item_locale(), asked.get("version", ""), asked.get("kind", ""), page)
    if found is None and asked.get("version"):
        abort(404)
    view = changes_view(found, utc_now(), picture_urls()) if found else None
    return render_template("main/changes.html", page=view)


@bp.get("/database/changes.atom")
@access(PUBLIC)
def changes_feed() -> Response:
    entries = feed_entries(services().changes.latest_with_names())
    home = url_for("main.changes", _external=True)
    answer = make_response(render_template("main/changes.xml", entries=entries, home=home, feed=request.base_url))
    answer.mimetype = "application/atom+xml"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
