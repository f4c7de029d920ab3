"""Keeping searches: saving, naming, ordering, removing; and noting down what was just searched for."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.search_words import sentence
from app.main.searches.menu import is_ready_made
from app.main.searches.present import searches_page
from app.services.searches import MOST_SAVED, SaveError
from app.web.access import PLAYER, access, require_viewer
from app.web.numbers import row_key
from app.wiring import services


@bp.get("/searches")
@access(PLAYER)
def searches() -> str:
    """The person's searches; `q` is one that they are about to save."""
    return _page(request.args.get("q", ""))


def _page(text: str, name: str = "", problem: str = "") -> str:
    kept = services().searches.of(require_viewer().user_id)
    return render_template("main/searches.html", page=searches_page(kept, services().clock(), text, name, problem))


@bp.post("/searches")
@access(PLAYER, rate="change")
def save_search() -> Response | tuple[str, int]:
    text, name = request.form.get("q", "").strip(), request.form.get("name", "")
    try:
        kept_as = services().searches.save(require_viewer().user_id, text, name)
    except SaveError as error:
        return _page(text, name, _why_not(error)), 400
    flash(gettext("Saved as “%(name)s”.", name=kept_as), "success")
    return redirect(url_for("main.searches"), 303)


def _why_not(error: SaveError) -> str:
    if error.error:
        return sentence(error.error)
    if error.problem == "too-many":
        return gettext("%(most)s searches can be saved. Remove one first.", most=MOST_SAVED)
    return gettext("There is nothing to search for in this.")


@bp.post("/searches/recent")
@access(PLAYER, rate="fold")
def remember_search() -> tuple[str, int]:
    """Asked by a script when somebody has finished typing; without scripts the page that answers notes it down."""
    text = request.form.get("q", "")
    if not is_ready_made(text):
        services().searches.remember(require_viewer().user_id, text)
    return "", 204


@bp.post("/searches/recent/clear")
@access(PLAYER, rate="change")
def forget_searches() -> Response:
    services().searches.forget_recent(require_viewer().user_id)
    return redirect(url_for("main.searches"), 303)


@bp.post("/searches/<search_id>/rename")
@access(PLAYER, rate="change")
def rename_search(search_id: str) -> Response:
    name = request.form.get("name", "")
    return _done(is_theirs=services().searches.rename(require_viewer().user_id, row_key(search_id), name))


@bp.post("/searches/<search_id>/up")
@access(PLAYER, rate="change")
def raise_search(search_id: str) -> Response:
    return _done(is_theirs=services().searches.raise_up(require_viewer().user_id, row_key(search_id)))


@bp.post("/searches/<search_id>/remove")
@access(PLAYER, rate="change")
def remove_search(search_id: str) -> Response:
    return _done(is_theirs=services().searches.remove(require_viewer().user_id, row_key(search_id)))


def _done(*, is_theirs: bool) -> Response:
    if not is_theirs:
        abort(404)
    return redirect(url_for("main.searches"), 303)
