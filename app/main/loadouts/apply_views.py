"""Bringing loadouts to characters, the strongest gear, and loadouts that somebody shared."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.inventory.loadouts.foreign import MOST_BYTES
from app.inventory.loadouts.model import Build
from app.inventory.loadouts.share import NotALoadout
from app.main.blueprint import bp
from app.main.loadouts.forms import ApplyForm, ImportForm
from app.main.loadouts.plans import PlanPresenter
from app.main.loadouts.present import loadout_page
from app.main.loadouts.views import bad_form, to_page
from app.main.loadouts.words import taken_words
from app.services.loadouts.service import Opened
from app.web.access import PLAYER, PUBLIC, access, require_viewer, viewer
from app.web.errors import error_page
from app.web.languages import item_locale
from app.web.uploads import takes_files
from app.web.urls import picture_urls
from app.wiring import services


@bp.errorhandler(NotALoadout)
def not_a_loadout(_error: NotALoadout) -> Response:
    text = gettext("It is cut off, or it is something else. Copy the whole link, or the whole JSON, and try again.")
    return error_page(400, gettext("We cannot read that loadout"), text)


@bp.get("/loadouts/<string(length=16):public_id>/plan")
@access(PLAYER)
def plan_loadout(public_id: str) -> str:
    """What applying would do, before it is done."""
    here = url_for("main.loadout", public_id=public_id)
    return _plan(_own(public_id), request.args.get("to", ""), url_for("main.apply_loadout", public_id=public_id), here)


@bp.post("/loadouts/<string(length=16):public_id>/apply")
@access(PLAYER, rate="move")
def apply_loadout(public_id: str) -> Response:
    return _apply(_own(public_id), url_for("main.loadout", public_id=public_id))


@bp.get("/loadouts/strongest/<character_id>")
@access(PLAYER)
def strongest(character_id: str) -> str:
    """The strongest that a character can wear, as a plan."""
    action = url_for("main.apply_strongest", character_id=character_id)
    keep = url_for("main.save_strongest", character_id=character_id)
    return _plan(_strongest(character_id), character_id, action, url_for("main.loadouts"), keep)


@bp.post("/loadouts/strongest/<character_id>")
@access(PLAYER, rate="move")
def apply_strongest(character_id: str) -> Response:
    return _apply(_strongest(character_id), url_for("main.loadouts"))


@bp.post("/loadouts/strongest/<character_id>/save")
@access(PLAYER, rate="change")
def save_strongest(character_id: str) -> Response:
    return to_page(services().loadouts.save(require_viewer(), _strongest(character_id)))


@bp.get("/loadouts/shared")
@access(PUBLIC)
def shared_loadout() -> str:
    """A loadout out of a link: what it is made of, and for a player what they have of it."""
    code, person = request.args.get("loadout", ""), viewer()
    if person and person.has_vault:
        build = _named(services().loadouts.read(person, code, item_locale()))
        opened = services().loadouts.check(person, build, item_locale())
        return _shared(opened, code)
    build = _named(services().loadouts.read_for_nobody(code))
    return _shared(services().loadouts.check_for_nobody(build, item_locale()), code, is_for_nobody=True)


@bp.post("/loadouts/import")
@takes_files(MOST_BYTES)
@access(PLAYER, rate="change")
def import_loadout() -> Response:
    """A link, a code, JSON, or a file of many; they are kept at once and can be deleted again."""
    sent = request.files.get("file")
    if data := sent.stream.read(MOST_BYTES + 1) if sent else b"":
        return _taken(data)
    form = ImportForm()
    if not form.validate():
        return bad_form(form)
    build = _named(services().loadouts.read(require_viewer(), form.text.data, item_locale()))
    return to_page(services().loadouts.save(require_viewer(), build))


def _taken(data: bytes) -> Response:
    if len(data) > MOST_BYTES:
        raise NotALoadout("too large")
    taken = services().loadouts.take_backup(require_viewer(), data, gettext("New loadout"), item_locale())
    for sentence in taken_words(taken):
        flash(sentence, "success")
    if len(taken.kept) == 1:
        return to_page(taken.kept[0])
    return redirect(url_for("main.loadouts"), 303)


def _own(public_id: str) -> Build:
    return services().loadouts.build(require_viewer(), public_id) or abort(404)


def _strongest(character_id: str) -> Build:
    name = gettext("Strongest gear")
    return services().loadouts.strongest(require_viewer(), character_id, name, item_locale()) or abort(404)


def _named(build: Build) -> Build:
    return build if build.name else Build(gettext("New loadout"), build.class_type, build.notes, build.pieces)


def _shared(opened: Opened, code: str, *, is_for_nobody: bool = False) -> str:
    page = loadout_page(opened, picture_urls(), is_for_nobody=is_for_nobody)
    return render_template("loadouts/shared.html", page=page, code=code)


def _plan(build: Build, character_id: str, action: str, back: str, keep: str = "") -> str:
    foreseen = services().loadouts.foresee(require_viewer(), build, character_id, item_locale()) or abort(404)
    page = PlanPresenter(foreseen, picture_urls()).page(action, back, keep)
    return render_template("loadouts/plan.html", page=page)


def _apply(build: Build, back: str) -> Response:
    form = ApplyForm()
    if not form.validate():
        return bad_form(form)
    found = services().loadouts.apply(require_viewer(), form.key.data, build, form.target.data, item_locale())
    if found is None:
        abort(404)
    if found.batch is None:
        flash(gettext("Everything is so already, as far as it can be."), "success")
        return redirect(back, 303)
    return redirect(url_for("main.move_batch", public_id=found.batch.public_id), 303)
