"""The game's own loadouts: wear, save, name, clear, and bring their pieces to the character."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.bungie.errors import BungieError
from app.main import move_words
from app.main.blueprint import bp
from app.main.loadouts.forms import KeyForm, LooksForm
from app.main.loadouts.ingame import InGamePresenter
from app.main.loadouts.saved import unnamed
from app.main.loadouts.views import bad_form, to_page
from app.services.loadouts.ingame import MovesAreUnderWay
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services

log = logging.getLogger(__name__)


@bp.get("/characters/<character_id>/loadouts")
@access(PLAYER)
def in_game(character_id: str) -> str:
    looking = services().in_game.look(require_viewer(), character_id, item_locale()) or abort(404)
    page = InGamePresenter(looking, picture_urls()).page(services().clock())
    return render_template("loadouts/in_game.html", page=page)


@bp.post("/characters/<character_id>/loadouts/<int:slot>/equip")
@access(PLAYER, rate="move")
def equip_in_game(character_id: str, slot: int) -> Response:
    form = KeyForm()
    if not form.validate():
        return bad_form(form)
    batch = services().in_game.equip(require_viewer(), form.key.data, character_id, slot, item_locale()) or abort(404)
    return redirect(url_for("main.move_batch", public_id=batch.public_id), 303)


@bp.post("/characters/<character_id>/loadouts/<int:slot>/prepare")
@access(PLAYER, rate="move")
def prepare_in_game(character_id: str, slot: int) -> Response:
    """Brings the pieces to the character; nothing is put on."""
    form = KeyForm()
    if not form.validate():
        return bad_form(form)
    batch, is_there = services().in_game.prepare(require_viewer(), form.key.data, character_id, slot, item_locale())
    if batch:
        return redirect(url_for("main.move_batch", public_id=batch.public_id), 303)
    if not is_there:
        abort(404)
    flash(gettext("Everything that there is of it is on this character already."), "success")
    return _back(character_id)


@bp.post("/characters/<character_id>/loadouts/<int:slot>/keep")
@access(PLAYER, rate="change")
def keep_in_game(character_id: str, slot: int) -> Response:
    """Makes a loadout of the player's own of it."""
    found = services().in_game.as_own(require_viewer(), character_id, slot, unnamed(slot), item_locale()) or abort(404)
    return to_page(services().loadouts.save(require_viewer(), found))


@bp.post("/characters/<character_id>/loadouts/<int:slot>/save")
@access(PLAYER, rate="move")
def save_in_game(character_id: str, slot: int) -> Response:
    """What the character wears now takes the place of what was saved."""
    form = LooksForm()
    if not form.validate():
        return bad_form(form)
    return _change(
        character_id,
        lambda: services().in_game.save(require_viewer(), character_id, slot, form.looks, item_locale()),
        gettext("Saved what the character wears. Bungie may take a minute to show it."),
    )


@bp.post("/characters/<character_id>/loadouts/<int:slot>/rename")
@access(PLAYER, rate="move")
def rename_in_game(character_id: str, slot: int) -> Response:
    form = LooksForm()
    if not form.validate():
        return bad_form(form)
    return _change(
        character_id,
        lambda: services().in_game.rename(require_viewer(), character_id, slot, form.looks, item_locale()),
        gettext("Changed. Bungie may take a minute to show it."),
    )


@bp.post("/characters/<character_id>/loadouts/<int:slot>/clear")
@access(PLAYER, rate="move")
def clear_in_game(character_id: str, slot: int) -> Response:
    return _change(
        character_id,
        lambda: services().in_game.clear(require_viewer(), character_id, slot, item_locale()),
        gettext("Cleared. Bungie may take a minute to show it."),
    )


def _change(character_id: str, act: Callable[[], bool], done: str) -> Response:
    """Does it once and tells on the page what came of it."""
    try:
        if not act():
            abort(404)
    except MovesAreUnderWay:
        flash(gettext("Your items are just being moved. Try again when that is done."), "error")
    except BungieError as error:
        log.warning("an in-game loadout could not be changed: %s", type(error).__name__, extra={"code": error.code})
        flash(move_words.reason("away", error.code), "error")
    else:
        flash(done, "success")
    return _back(character_id)


def _back(character_id: str) -> Response:
    return redirect(url_for("main.in_game", character_id=character_id), 303)
