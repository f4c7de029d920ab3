"""Farming mode: begun, ended and taken back by plain forms on the page of moves."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.move_forms import FarmingForm, StopForm, UndoForm
from app.main.move_views import bad_form, told
from app.main.present_farming import farming_line
from app.web.access import PLAYER, access, require_viewer
from app.wiring import services


@bp.app_context_processor
def farming_now() -> dict[str, Callable[..., str]]:
    """For pages of the player's items; whoever does not show the line does not ask."""
    return {"farming_line": lambda characters: farming_line(services().farming.under_way(require_viewer()), characters)}


@bp.post("/moves/farming")
@access(PLAYER, rate="move")
def start_farming() -> Response:
    form = FarmingForm()
    if not form.validate():
        return bad_form(form)
    if not services().farming.start(require_viewer(), form.character.data, form.slots.data):
        abort(404)
    flash(gettext("Farming mode is on. The first look is within a minute."), "info")
    return redirect(url_for("main.moves"), 303)


@bp.post("/moves/farming/stop")
@access(PLAYER, rate="move")
def stop_farming() -> Response:
    if not StopForm().validate():
        abort(400)
    services().farming.stop(require_viewer())
    return redirect(url_for("main.moves"), 303)


@bp.post("/moves/farming/<string(length=16):public_id>/undo")
@access(PLAYER, rate="move")
def undo_farming(public_id: str) -> Response:
    """Brings back what one session has moved."""
    form = UndoForm()
    if not form.validate():
        return bad_form(form)
    return told(services().farming.undo(require_viewer(), public_id, form.key.data) or abort(404))
