"""Moving, wearing, locking: forms that act once, and the pages that tell what came of it."""

from __future__ import annotations

import secrets

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.inventory.moves.plan import Wish
from app.main.blueprint import bp
from app.main.move_forms import LockForm, MoveForm, TrackForm, UndoForm, WishForm, faults
from app.main.present_farming import farming_view
from app.main.present_moves import batch_page, history_page, preview_page
from app.services.moves.pictures import MoveNames
from app.services.moves.reports import BatchReport
from app.services.moves.service import MOST_ORDERS
from app.web.access import PLAYER, access, require_viewer
from app.web.errors import error_page
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services


@bp.post("/moves")
@access(PLAYER, rate="move")
def move() -> Response:
    form = MoveForm()
    if not form.validate():
        return bad_form(form)
    wish = Wish(0, "", form.source.data, form.target.data, form.pieces, form.wants_equip)
    return told(services().moves.order_one(require_viewer(), form.own_key, form.item.data, wish) or abort(404))


@bp.get("/moves/plan")
@access(PLAYER)
def plan_move() -> str | Response:
    """What a move would do, before it is done."""
    form = WishForm(request.args, meta={"csrf": False})
    if not form.validate():
        return bad_form(form)
    wish = _wish(form)
    preview = services().moves.preview(require_viewer(), wish)
    names = services().moves.names(require_viewer(), item_locale(), [step.item_hash for step in preview.steps])
    page = preview_page(wish, preview, names, form.item.data, secrets.token_urlsafe(16))
    return render_template("main/move_plan.html", page=page)


@bp.get("/moves")
@access(PLAYER)
def moves() -> str:
    person, now = require_viewer(), services().clock()
    batches = services().moves.latest(person)
    names = _names(*batches)
    farming = farming_view(services().farming.latest(person), names, now, secrets.token_urlsafe(16))
    return render_template("main/moves.html", page=history_page(batches, names, now), farming=farming)


@bp.get("/moves/<string(length=16):public_id>")
@access(PLAYER)
def move_batch(public_id: str) -> Response:
    return _page(_batch(public_id), "components/move_fragment.html" if _is_part() else "main/move.html")


@bp.post("/moves/<string(length=16):public_id>/cancel")
@access(PLAYER, rate="move")
def cancel_move(public_id: str) -> Response:
    return told(services().moves.cancel(require_viewer(), public_id) or abort(404))


@bp.post("/moves/<string(length=16):public_id>/undo")
@access(PLAYER, rate="move")
def undo_move(public_id: str) -> Response:
    form = UndoForm()
    if not form.validate():
        return bad_form(form)
    return told(services().moves.undo(require_viewer(), public_id, form.key.data) or abort(404))


@bp.post("/items/<instance_id>/lock")
@access(PLAYER, rate="move")
def lock(instance_id: str) -> Response:
    form = LockForm()
    if not form.validate():
        return bad_form(form)
    return _flag(instance_id, "lock" if form.locked.data == "1" else "unlock")


@bp.post("/items/<instance_id>/track")
@access(PLAYER, rate="move")
def track(instance_id: str) -> Response:
    form = TrackForm()
    if not form.validate():
        return bad_form(form)
    return _flag(instance_id, "track" if form.tracked.data == "1" else "untrack")


def _flag(instance_id: str, action: str) -> Response:
    """Saying twice that something is locked is harmless, so these forms need no key of their own."""
    key = request.form.get("key") or secrets.token_urlsafe(16)
    return told(services().moves.flag_one(require_viewer(), key[:64], instance_id, action) or abort(404))


def _wish(form: WishForm) -> Wish:
    """A copy is looked up: what belongs to somebody else answers like what belongs to nobody."""
    found = services().moves.items(require_viewer(), [form.item.data])
    if not found:
        abort(404)
    source, target = form.source.data, form.target.data
    return Wish(found[0].hash, found[0].instance_id, source, target, form.pieces, form.wants_equip)


def told(batch: BatchReport) -> Response:
    """The page of what was ordered; only how it stands when a script asks from the page that the tile is on."""
    if _is_part():
        return _page(batch, "components/move_fragment.html")
    return redirect(url_for("main.move_batch", public_id=batch.public_id), 303)


def _is_part() -> bool:
    return "HX-Request" in request.headers


def _page(batch: BatchReport, template: str) -> Response:
    page = batch_page(batch, _names(batch), services().clock(), picture_urls(), secrets.token_urlsafe(16))
    answer = make_response(render_template(template, page=page))
    answer.vary.add("HX-Request")
    return answer


def _batch(public_id: str) -> BatchReport:
    return services().moves.find(require_viewer(), public_id) or abort(404)


def _names(*batches: BatchReport) -> MoveNames:
    orders = [order for batch in batches for order in batch.orders]
    hashes = {each for order in orders for each in (order.item_hash, order.plug_hash)}
    hashes |= {step.item_hash for order in orders for step in order.steps}
    return services().moves.names(require_viewer(), item_locale(), hashes)


def bad_form(form: FlaskForm) -> Response:
    return error_page(400, "That form was not complete", faults(form) or f"Between 1 and {MOST_ORDERS} items.")
