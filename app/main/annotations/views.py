"""Tagging, writing notes, taking that back; labels; files in and out."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.inventory.annotations.files import MOST_BYTES
from app.inventory.annotations.marks import Unfit
from app.inventory.annotations.merge import Policy
from app.inventory.search.errors import SearchError
from app.inventory.search.parser import MOST_CHARACTERS
from app.main.annotations.presenters import tag_panel, tags_page, told_words
from app.main.blueprint import bp
from app.main.search_words import sentence
from app.main.tag_words import file_fault, label_fault, notes_fault
from app.services.annotations.book import MOST_ITEMS, TooManyError
from app.services.annotations.labels import LabelInUseError
from app.services.annotations.service import Told, UnknownTagError
from app.web.access import PLAYER, access, require_viewer
from app.web.errors import error_page
from app.web.languages import item_locale
from app.web.numbers import row_key
from app.web.uploads import takes_files
from app.web.urls import safe_next
from app.wiring import services


@bp.errorhandler(TooManyError)
def too_many(_error: TooManyError) -> Response:
    text = gettext("Nothing was changed: tags and notes of %(most)s items are kept at most.", most=MOST_ITEMS)
    return error_page(409, gettext("That are too many items"), text)


@bp.get("/tags")
@access(PLAYER)
def tags() -> str:
    viewer = require_viewer()
    history = services().annotations.history(viewer)
    names = services().annotations.names(item_locale(), {step.item_hash for each in history for step in each.steps})
    waiting = services().annotation_files.waiting(viewer)
    text = request.args.get("q", "")[:MOST_CHARACTERS].strip()
    found = services().search.load(viewer, item_locale(), text) if text else None
    page = tags_page(services().annotations.of(viewer), history, names, waiting, services().clock(), found)
    return render_template("main/tags.html", page=page)


@bp.post("/tags")
@access(PLAYER, rate="tag")
def tag_items() -> Response:
    """`item` stands once for each, by instance id or hash; or `q` for everything that a search finds."""
    viewer, items, text = require_viewer(), request.form.getlist("item"), request.form.get("q", "").strip()
    tag = request.form.get("tag", "")
    if not tag or bool(items) == bool(text):
        return error_page(400, gettext("That form was not complete"), gettext("Which items, and which tag?"))
    try:
        if text:
            told = services().annotations.tag_found(viewer, item_locale(), text, tag)
        else:
            told = services().annotations.tag_many(viewer, items, tag)
    except UnknownTagError:
        return error_page(400, gettext("There is no such tag"), gettext("Make a label of that name first."))
    except SearchError as error:
        return error_page(400, gettext("That search does not work"), sentence(error))
    return _told(told or abort(404), items)


@bp.post("/notes")
@access(PLAYER, rate="tag")
def write_note() -> Response:
    item = request.form.get("item", "")
    try:
        told = services().annotations.note(require_viewer(), item, request.form.get("notes", ""))
    except Unfit:
        return error_page(400, gettext("The note was not kept"), notes_fault())
    return _told(told or abort(404), [item])


@bp.post("/tags/undo")
@access(PLAYER, rate="tag")
def undo_tags() -> Response:
    told = services().annotations.undo(require_viewer(), row_key(request.form.get("change"))) or abort(404)
    if told.skipped:
        flash(gettext("What you have changed again since stays as it is."), "info")
    return _told(told, request.form.getlist("item"))


@bp.post("/tags/labels")
@access(PLAYER, rate="change")
def make_label() -> Response:
    return _label_kept(services().labels.make, request.form.get("name", ""), request.form.get("colour", ""))


@bp.post("/tags/labels/change")
@access(PLAYER, rate="change")
def change_label() -> Response:
    form = request.form
    return _label_kept(services().labels.change, form.get("label", ""), form.get("name", ""), form.get("colour", ""))


@bp.post("/tags/labels/remove")
@access(PLAYER, rate="change")
def remove_label() -> Response:
    name = request.form.get("label", "")
    try:
        if not services().labels.remove(require_viewer(), name):
            abort(404)
    except LabelInUseError as error:
        flash(
            gettext(
                "“%(name)s” stays: %(count)s items still carry it. Tag them otherwise first.",
                name=error.name,
                count=error.count,
            ),
            "warning",
        )
    return redirect(url_for("main.tags"), 303)


@bp.get("/tags/export.json")
@access(PLAYER)
def export_tags_json() -> Response:
    return _file(services().annotation_files.as_json(require_viewer()), "application/json", "json")


@bp.get("/tags/export.csv")
@access(PLAYER)
def export_tags_csv() -> Response:
    return _file(services().annotation_files.as_csv(require_viewer(), item_locale()), "text/csv; charset=utf-8", "csv")


@bp.post("/tags/import")
@takes_files(MOST_BYTES)
@access(PLAYER, rate="import")
def import_tags() -> Response:
    """Reads a file; nothing is changed before its owner has seen what it would change."""
    sent = request.files.get("file")
    data = sent.stream.read(MOST_BYTES + 1) if sent else b""
    if not data:
        return error_page(400, gettext("There was no file"), gettext("Choose a file first, then send it."))
    try:
        services().annotation_files.take(require_viewer(), data)
    except Unfit as error:
        return error_page(400, gettext("That file cannot be read"), file_fault(error.why))
    return redirect(url_for("main.tags", _anchor="files"), 303)


@bp.post("/tags/import/apply")
@access(PLAYER, rate="import")
def apply_import() -> Response:
    chosen = request.form.get("policy", Policy.MINE)
    if chosen not in set(Policy):
        abort(400)
    told = services().annotation_files.apply(require_viewer(), Policy(chosen)) or abort(404)
    return _back(told, url_for("main.tags"))


@bp.post("/tags/import/drop")
@access(PLAYER, rate="change")
def drop_import() -> Response:
    services().annotation_files.drop(require_viewer())
    return redirect(url_for("main.tags"), 303)


def _label_kept(work: Callable[..., str | None], *values: str) -> Response:
    try:
        if work(require_viewer(), *values) is None:
            abort(404)
    except Unfit as error:
        return error_page(400, gettext("The label was not kept"), label_fault(error.why, error.text))
    return redirect(url_for("main.tags", _anchor="labels"), 303)


def _told(told: Told, items: list[str]) -> Response:
    """Back to where the form stood; only the panel when a script asks from an item that is open over a page."""
    if "HX-Request" in request.headers and len(items) == 1:
        said = services().annotations.latest(require_viewer())
        panel = tag_panel(said, items[0], _next(url_for("main.tags")))
        answer = make_response(
            render_template("components/tag_fragment.html", panel=panel, told=told_words(told), undo=told.id)
        )
        answer.vary.add("HX-Request")
        return answer
    return _back(told, url_for("main.tags"))


def _back(told: Told, default: str) -> Response:
    flash(told_words(told), f"undo-{told.id}" if told.id else "info")
    return redirect(_next(default), 303)


def _next(default: str) -> str:
    return safe_next(request.form.get("next"), default)


def _file(text: str, mimetype: str, ending: str) -> Response:
    answer = Response(text, content_type=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename=vault-raider-tags.{ending}"
    return answer
