"""The vault: all of it, beside the characters, or what lies about more than once; and the choices made there."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.inventory.sorting import read_order
from app.main.blueprint import bp
from app.main.present_search import search_view
from app.main.present_vault import DuplicatesPage, TogetherPage, VaultPage, VaultPresenter
from app.main.searched import laid_out_context, searched_or_news
from app.services.search import Found
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.web.notices import notice_for
from app.web.urls import safe_next
from app.wiring import services

_SECTION = re.compile(r"[a-z0-9]{1,20}-\d{1,10}")


def _duplicates(presenter: VaultPresenter, found: Found) -> DuplicatesPage:
    worse = services().worse_copies.of(require_viewer(), found.snapshot, found.whole, item_locale())
    return presenter.duplicates(worse)


_VIEWS: dict[str, Callable[[VaultPresenter, Found], VaultPage | TogetherPage | DuplicatesPage]] = {
    "": lambda presenter, _: presenter.vault(),
    "together": lambda presenter, _: presenter.together(),
    "duplicates": _duplicates,
}


@bp.get("/vault")
@access(PLAYER)
def vault() -> Response:
    if "select" in request.args:
        return redirect(url_for("main.select_items", q=request.args.get("q") or None), 303)
    view = request.args.get("view", "")
    view = view if view in _VIEWS else ""
    found = services().search.load(require_viewer(), item_locale(), request.args.get("q", ""))
    page = _VIEWS[view](VaultPresenter(found, laid_out_context(found)), found)
    search = search_view(found, page.frame.characters, request.path, request.args)
    return searched_or_news(view or "vault", page, search, found, template="vault")


@bp.post("/vault/layout")
@access(PLAYER, rate="change")
def keep_layout() -> Response:
    order = read_order(request.form.getlist("sort"))
    services().preferences.keep_layout(require_viewer().user_id, order, request.form.get("group", ""))
    return _back()


@bp.post("/vault/fold")
@access(PLAYER, rate="fold")
def fold_section() -> tuple[str, int]:
    """Asked by a script when a section is closed or opened; without scripts it stays so as long as the page does."""
    section = request.form.get("section", "")
    if not _SECTION.fullmatch(section):
        abort(400)
    services().preferences.fold(require_viewer().user_id, section, is_folded=request.form.get("folded") == "1")
    return "", 204


@bp.post("/vault/seen")
@access(PLAYER, rate="change")
def mark_all_seen() -> Response:
    services().new_items.mark_all_seen(require_viewer().account_id or 0)
    return _back()


@bp.post("/vault/refresh")
@access(PLAYER, rate="refresh")
def refresh() -> Response:
    """Asks Bungie now; the page that follows shows what it says, or tells why it says nothing."""
    trouble = services().vault.refresh(require_viewer())
    if trouble is not None:
        notice = notice_for(trouble, url_for("auth.sign_in"))
        flash(f"{notice.title} {notice.text}", "info")
    return _back()


def _back() -> Response:
    return redirect(safe_next(request.form.get("next"), url_for("main.vault")), 303)
