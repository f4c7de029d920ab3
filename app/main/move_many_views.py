"""Many at once: boxes to tick, and the forms that move or lock what is ticked."""

from __future__ import annotations

import secrets

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.move_forms import BatchForm, LockManyForm, StackForm
from app.main.move_views import bad_form, told
from app.main.present_selection import select_page
from app.main.searched import page_context
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services


@bp.get("/moves/select")
@access(PLAYER)
def select_items() -> str:
    """What a search finds, with a box to tick each."""
    found = services().search.load(require_viewer(), item_locale(), request.args.get("q", ""))
    page = select_page(found, page_context(), secrets.token_urlsafe(16), is_all="all" in request.args)
    return render_template("main/move_select.html", page=page)


@bp.post("/moves/batch")
@access(PLAYER, rate="move")
def move_many() -> Response:
    """Several copies and whole stacks to one place."""
    form = BatchForm()
    if not form.validate():
        return bad_form(form)
    wears = form.equip.data == "1"
    batch = services().moves.bring(require_viewer(), form.own_key, form.names, form.target.data, wears=wears)
    return told(batch or abort(404))


@bp.post("/moves/stack")
@access(PLAYER, rate="move")
def move_stack() -> Response:
    """All pieces of a stack, wherever they lie: gathered, or spread over the characters."""
    form = StackForm()
    if not form.validate():
        return bad_form(form)
    item_hash, target = int(form.item.data), form.target.data
    return told(services().moves.share_out(require_viewer(), form.own_key, item_hash, target) or abort(404))


@bp.post("/moves/lock")
@access(PLAYER, rate="move")
def lock_many() -> Response:
    form = LockManyForm()
    if not form.validate():
        return bad_form(form)
    is_on = form.locked.data == "1"
    return told(services().moves.lock_all(require_viewer(), form.own_key, form.names, is_on=is_on) or abort(404))
