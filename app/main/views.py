"""The front page, and the page of an item."""

from __future__ import annotations

from flask import Response, abort, current_app, make_response, render_template, request, url_for

from app.bungie.errors import BungieError, GrantRevoked, TokenRefused
from app.main.blueprint import bp
from app.main.item.page import item_page
from app.main.loadouts.held import holder_lines
from app.main.sample import sample_tiles
from app.main.searched import page_context
from app.main.wishes.present import wish_view
from app.web.access import PLAYER, PUBLIC, access, require_viewer, viewer
from app.web.languages import item_locale
from app.web.notices import notice_for, without_data
from app.web.urls import picture_urls, safe_next
from app.wiring import services


def nothing_to_show(error: BungieError) -> tuple[str, int]:
    """The page of a player of whom nothing was ever fetched, while Bungie cannot be asked."""
    notice = without_data(notice_for(error, url_for("auth.sign_in")))
    status = 200 if isinstance(error, GrantRevoked | TokenRefused) else 503
    page = render_template("main/unavailable.html", notices=(notice,), title=notice.title)
    return page, status


bp.register_error_handler(BungieError, nothing_to_show)


@bp.get("/")
@access(PUBLIC)
def index() -> str:
    return render_template(
        "main/index.html",
        sign_in_url=url_for("auth.connect" if viewer() else "auth.sign_in"),
        next_url=safe_next(request.args.get("next"), url_for("main.vault")),
        is_demo=current_app.config["ENVIRONMENT"] == "demo",
        sample=sample_tiles(services().samples, item_locale(), picture_urls()),
        notices=(),
    )


@bp.get("/items/<instance_id>")
@access(PLAYER)
def item(instance_id: str) -> Response:
    """A copy by its number, or a stack by its item's hash: a page, or only what a dialog shows when htmx asks."""
    snapshot = services().items.load(require_viewer(), instance_id, item_locale(), request.args.get("of", ""))
    if snapshot is None:
        abort(404)
    is_part = "HX-Request" in request.headers
    template = "components/item_fragment.html" if is_part else "main/item.html"
    wish = wish_view(services().wishes.of_copy(require_viewer().user_id, snapshot, item_locale()))
    held = holder_lines(snapshot, services().loadouts.holding(require_viewer(), snapshot.item.instance_id))
    page = item_page(snapshot, page_context())
    answer = make_response(render_template(template, page=page, wish=wish, held=held))
    answer.vary.add("HX-Request")
    return answer
