"""Wish lists of a person: adding one from an address or a file, putting them in order, removing them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.wishes.present import wish_lists_page
from app.services.wish_lists import MOST_FILE_BYTES
from app.services.wish_sources import WishListError
from app.web.access import PLAYER, access, require_viewer
from app.web.uploads import takes_files
from app.wiring import services

_LIST = "/wish-lists/<string(length=16):public_id>"


@bp.get("/wish-lists")
@access(PLAYER)
def wish_lists() -> str:
    return _page()


def _page(address: str = "", address_problem: str = "", file_problem: str = "") -> str:
    lists = list(services().wish_lists.of(require_viewer().user_id))
    page = wish_lists_page(lists, services().clock(), address, address_problem, file_problem)
    return render_template("main/wish_lists.html", page=page)


@bp.post("/wish-lists")
@access(PLAYER, rate="refresh")
def add_wish_list() -> Response | tuple[str, int]:
    address = request.form.get("address", "")
    try:
        services().wish_lists.add_address(require_viewer().user_id, address)
    except WishListError as error:
        return _page(address=address[:1000], address_problem=error.problem), 400
    flash(gettext("The list is being fetched. Thumbs appear on your items when it is there."), "success")
    return redirect(url_for("main.wish_lists"), 303)


@bp.post("/wish-lists/file")
@takes_files(MOST_FILE_BYTES)
@access(PLAYER, rate="refresh")
def add_wish_file() -> Response | tuple[str, int]:
    sent = request.files.get("file")
    try:
        services().wish_lists.add_file(
            require_viewer().user_id, (sent.filename or "") if sent else "", sent.read() if sent else b""
        )
    except WishListError as error:
        return _page(file_problem=error.problem), 400
    flash(gettext("The list was read. Thumbs show on your items now."), "success")
    return redirect(url_for("main.wish_lists"), 303)


@bp.post(f"{_LIST}/fetch")
@access(PLAYER, rate="refresh")
def fetch_wish_list(public_id: str) -> Response:
    is_theirs = services().wish_lists.ask_again(require_viewer().user_id, public_id)
    if is_theirs:
        flash(gettext("The list is being fetched."), "success")
    return _done(is_theirs=is_theirs)


@bp.post(f"{_LIST}/up")
@access(PLAYER, rate="change")
def raise_wish_list(public_id: str) -> Response:
    return _done(is_theirs=services().wish_lists.raise_up(require_viewer().user_id, public_id))


@bp.post(f"{_LIST}/remove")
@access(PLAYER, rate="change")
def remove_wish_list(public_id: str) -> Response:
    return _done(is_theirs=services().wish_lists.remove(require_viewer().user_id, public_id))


def _done(*, is_theirs: bool) -> Response:
    if not is_theirs:
        abort(404)
    return redirect(url_for("main.wish_lists"), 303)
