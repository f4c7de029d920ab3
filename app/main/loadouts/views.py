"""A player's own loadouts: the list, each on its page, and everything that changes them."""

from __future__ import annotations

import re

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.inventory.loadouts.model import LONGEST_NAME, LONGEST_NOTES, MOST_PIECES, Build, clean_text
from app.main.blueprint import bp
from app.main.loadouts.forms import AddForm, CreateForm, DescribeForm, PieceForm
from app.main.loadouts.picks import pick_page
from app.main.loadouts.present import loadout_page, shelf_page
from app.main.move_forms import faults
from app.services.loadouts.shelf import MOST_LOADOUTS, Kept, TooManyLoadouts
from app.web.access import PLAYER, access, require_viewer
from app.web.errors import error_page
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services

_ID = re.compile(r"\d{1,20}")
_LONGEST_QUERY = 100


def too_many(_error: TooManyLoadouts) -> Response:
    text = gettext("Here is room for %(most)d loadouts. Delete one that you do not need.", most=MOST_LOADOUTS)
    return error_page(409, gettext("No room for another loadout"), text)


bp.register_error_handler(TooManyLoadouts, too_many)


@bp.get("/loadouts")
@access(PLAYER)
def loadouts() -> str:
    query = request.args.get("q", "")[:_LONGEST_QUERY].strip()
    found, table = services().loadouts.all(require_viewer(), item_locale(), query)
    return render_template("loadouts/list.html", page=shelf_page(found, table, query, picture_urls()))


@bp.get("/loadouts/<string(length=16):public_id>")
@access(PLAYER)
def loadout(public_id: str) -> str:
    kept, opened = services().loadouts.open(require_viewer(), public_id, item_locale()) or abort(404)
    page = loadout_page(opened, picture_urls(), kept, services().clock())
    return render_template("loadouts/loadout.html", page=page)


@bp.post("/loadouts/create")
@access(PLAYER, rate="change")
def create_loadout() -> Response:
    """From what a character wears now, or empty."""
    form = CreateForm()
    if not form.validate():
        return bad_form(form)
    name = clean_text(form.name.data or "", LONGEST_NAME) or gettext("New loadout")
    if not form.character.data:
        return to_page(services().loadouts.save(require_viewer(), Build(name)))
    build = services().loadouts.from_worn(require_viewer(), form.character.data, name, item_locale()) or abort(404)
    return to_page(services().loadouts.save(require_viewer(), build))


@bp.post("/loadouts/select")
@access(PLAYER, rate="change")
def make_of_items() -> Response:
    """From copies that were ticked; `item` stands once for each."""
    form, items = AddForm(), request.form.getlist("item")
    if not form.validate() or not 0 < len(items) <= MOST_PIECES or not all(map(_ID.fullmatch, items)):
        return bad_form(form)
    name = gettext("New loadout")
    build = services().loadouts.from_picked(require_viewer(), items, name, item_locale()) or abort(404)
    return to_page(services().loadouts.save(require_viewer(), build))


@bp.post("/loadouts/<string(length=16):public_id>/describe")
@access(PLAYER, rate="change")
def describe_loadout(public_id: str) -> Response:
    form = DescribeForm()
    if not form.validate():
        return bad_form(form)
    name, notes = clean_text(form.name.data, LONGEST_NAME), clean_text(form.notes.data or "", LONGEST_NOTES)
    build = Build(name or gettext("New loadout"), form.class_type.data, notes)
    return to_page(services().loadouts.describe(require_viewer(), public_id, build))


@bp.get("/loadouts/<string(length=16):public_id>/add")
@access(PLAYER)
def pick_items(public_id: str) -> str:
    """What a search finds, with a box to tick each."""
    kept, _ = services().loadouts.open(require_viewer(), public_id, item_locale()) or abort(404)
    found = services().search.load(
        require_viewer(), item_locale(), request.args.get("q", "") or "is:weapon or is:armor"
    )
    return render_template("loadouts/pick.html", page=pick_page(kept, found, picture_urls()))


@bp.post("/loadouts/<string(length=16):public_id>/items")
@access(PLAYER, rate="change")
def add_items(public_id: str) -> Response:
    """Copies by instance id; `item` stands once for each."""
    form, items = AddForm(), request.form.getlist("item")
    if not form.validate() or not 0 < len(items) <= MOST_PIECES or not all(map(_ID.fullmatch, items)):
        return bad_form(form)
    is_worn = form.worn.data == "1"
    pieces = services().loadouts.from_items(require_viewer(), items, item_locale(), is_worn=is_worn)
    if not pieces:
        abort(404)
    return to_page(services().loadouts.add(require_viewer(), public_id, pieces))


@bp.post("/loadouts/<string(length=16):public_id>/remove")
@access(PLAYER, rate="change")
def remove_item(public_id: str) -> Response:
    form = PieceForm()
    if not form.validate():
        return bad_form(form)
    return to_page(services().loadouts.remove(require_viewer(), public_id, form.piece.data))


@bp.post("/loadouts/<string(length=16):public_id>/wear")
@access(PLAYER, rate="change")
def wear_item(public_id: str) -> Response:
    """Whether a piece is worn or only carried."""
    form = PieceForm()
    if not form.validate():
        return bad_form(form)
    is_worn = form.worn.data == "1"
    return to_page(services().loadouts.wear(require_viewer(), public_id, form.piece.data, is_worn=is_worn))


@bp.post("/loadouts/<string(length=16):public_id>/copy")
@access(PLAYER, rate="change")
def copy_loadout(public_id: str) -> Response:
    kept, _ = services().loadouts.open(require_viewer(), public_id, item_locale()) or abort(404)
    name = gettext("Copy of %(name)s", name=kept.build.name)[:LONGEST_NAME]
    return to_page(services().loadouts.copy(require_viewer(), public_id, name))


@bp.post("/loadouts/<string(length=16):public_id>/delete")
@access(PLAYER, rate="change")
def delete_loadout(public_id: str) -> Response:
    if not services().loadouts.delete(require_viewer(), public_id):
        abort(404)
    flash(gettext("Deleted. You can bring it back for a day."), "success")
    return redirect(url_for("main.loadouts", deleted=public_id), 303)


@bp.post("/loadouts/<string(length=16):public_id>/restore")
@access(PLAYER, rate="change")
def restore_loadout(public_id: str) -> Response:
    if not services().loadouts.restore(require_viewer(), public_id):
        abort(404)
    return redirect(url_for("main.loadout", public_id=public_id), 303)


def to_page(kept: Kept | None) -> Response:
    """The page of a loadout that was changed; what is not theirs answers like what nobody has."""
    if kept is None:
        abort(404)
    return redirect(url_for("main.loadout", public_id=kept.public_id), 303)


def bad_form(form: FlaskForm) -> Response:
    text = faults(form) or gettext("Between 1 and %(most)d items.", most=MOST_PIECES)
    return error_page(400, gettext("That form was not complete"), text)
