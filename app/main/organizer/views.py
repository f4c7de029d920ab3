"""Gear as a table: to look at, to act on, to take along as a file."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from flask import abort, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Regexp

from app.inventory.annotations.marks import MOST_LABEL
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.inventory.organizer import export
from app.inventory.organizer.column import Kind
from app.main import move_words
from app.main.blueprint import bp
from app.main.move_forms import ManyForm, faults
from app.main.organizer import sheets
from app.main.organizer.asked import PATH, cleaned_choice, read_asked, read_kind
from app.main.organizer.present import organizer_page, organizer_search, sheet_of
from app.main.searched import page_context, searched
from app.services.annotations.book import TooManyError
from app.services.annotations.service import UnknownTagError
from app.services.moves.service import MOST_ORDERS, MoveRequest
from app.services.organizer import Laid
from app.web.access import PLAYER, access, require_viewer
from app.web.errors import error_page
from app.web.languages import item_locale
from app.web.urls import safe_next
from app.wiring import services

_YEAR_S = 365 * 24 * 3600
_ID = re.compile(r"\d{11,20}")
_LONGEST_CHOICE = 2000


_DO = re.compile(rf"(lock|unlock|to:(\d{{1,20}}|{VAULT_STORE})|tag:[^\0]{{1,{MOST_LABEL}}})\Z")


class ActForm(ManyForm):
    """What to do with what is ticked: lock, unlock, to:<character id or vault>, tag:<tag>."""

    do = StringField(validators=[DataRequired(), Regexp(_DO)])


@bp.get(PATH)
@access(PLAYER)
def organizer() -> Response:
    asked = read_asked(request.args, _kept())
    sheet = sheet_of(_laid(asked.text), asked)
    page = organizer_page(sheet, page_context(), secrets.token_urlsafe(16))
    return searched("organizer", page, organizer_search(sheet))


@bp.get("/organizer.csv")
@access(PLAYER, rate="page")
def organizer_csv() -> Response:
    """Exactly what the table of the same address shows, on all of its pages."""
    asked = read_asked(request.args, _kept())
    return sheets.answer(sheets.shown(sheet_of(_laid(asked.text), asked)), f"{asked.kind}-table", mark=True)


@bp.get("/organizer/export/<kind>.csv")
@access(PLAYER, rate="page")
def organizer_export(kind: str) -> Response:
    """Everything of a kind, with the column names that other tools know."""
    if kind not in set(Kind):
        abort(404)
    laid = _laid("")
    return sheets.answer(export.rows(Kind(kind), laid.desk, laid.everything), f"destiny-{kind}", mark=False)


@bp.post("/organizer/columns")
@access(PLAYER, rate="change")
def keep_columns() -> Response:
    """Columns and order of one kind of gear, for this person in this browser."""
    kind, columns = read_kind(request.form.get("type", "")), request.form.get("columns", "")
    if len(columns) > _LONGEST_CHOICE:
        abort(400)
    answer = redirect(safe_next(request.form.get("next"), url_for("main.organizer", type=kind.value)), 303)
    return _remembering(answer, _kept() | {kind.value: cleaned_choice(kind, columns)})


@bp.post("/organizer/act")
@access(PLAYER, rate="move")
def organizer_act() -> Response:
    """Many copies at once; `item` stands once for each."""
    form = ActForm()
    items = form.names
    if not items:
        return _nothing_ticked()
    if not form.validate() or not all(map(_ID.fullmatch, items)):
        words = faults(form) or gettext("At most %(most)d at once.", most=MOST_ORDERS)
        return error_page(400, gettext("That form was not complete"), words)
    action, _, target = form.do.data.partition(":")
    if action == "tag":
        return _tag(items, target)
    requests = _requests(action, target, items)
    if not requests:
        abort(404)
    batch = services().moves.order(require_viewer(), form.own_key, requests)
    if request.form.get("stay") and action != "to":
        return _told(batch.state)
    return redirect(url_for("main.move_batch", public_id=batch.public_id), 303)


def _requests(action: str, target: str, items: list[str]) -> list[MoveRequest]:
    """What belongs to somebody else is left out, as what belongs to nobody."""
    if action == "to":
        found = services().moves.piles(require_viewer(), items, target)
        return [MoveRequest(Wish(each.hash, each.instance_id, each.store, target, each.quantity)) for each in found]
    held = services().moves.items(require_viewer(), items)
    return [MoveRequest(Wish(each.hash, each.instance_id, each.store, each.store), action) for each in held]


def _tag(items: list[str], tag: str) -> Response:
    try:
        told = services().annotations.tag_many(require_viewer(), items, tag) or abort(404)
    except (UnknownTagError, TooManyError):
        return error_page(400, gettext("That form was not complete"), gettext("There is no such tag, or no room."))
    flash(ngettext("%(num)d item has a new tag.", "%(num)d items have a new tag.", told.count), "success")
    return _back()


def _nothing_ticked() -> Response:
    flash(gettext("Tick the items first, then choose what to do with them."), "info")
    return _back()


def _told(state: str) -> Response:
    """Back to where the button stood, with a word on what came of it."""
    flash(gettext("Lock: %(state)s.", state=move_words.STATES[state]), "success" if state == "done" else "info")
    return _back()


def _back() -> Response:
    return redirect(safe_next(request.form.get("next"), url_for("main.organizer")), 303)


def _laid(text: str) -> Laid:
    return services().organizer.load(require_viewer(), item_locale(), text)


def _kept() -> dict[str, str]:
    text = request.cookies.get(_cookie_name(), "")
    return services().column_choices.read(require_viewer().user_id, text)


def _remembering(answer: Response, choices: Mapping[str, str]) -> Response:
    made = make_response(answer)
    made.set_cookie(
        _cookie_name(),
        services().column_choices.written(require_viewer().user_id, choices),
        max_age=_YEAR_S,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return made


def _cookie_name() -> str:
    return "__Host-columns" if current_app.config["SESSION_COOKIE_SECURE"] else "columns"
