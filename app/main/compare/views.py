"""Copies side by side, and whose power could go where."""

from __future__ import annotations

from flask import abort, render_template, request

from app.inventory.compare import By, Values
from app.inventory.search.facts import Subject
from app.main.blueprint import bp
from app.main.compare.present import PATH, Question, compare_page, copy_of, infusion_page
from app.main.searched import page_context
from app.services.organizer import Laid
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services

_MOST_WITHOUT = 100


@bp.get(PATH)
@access(PLAYER)
def compare() -> str:
    laid, subject = _asked_copy()
    by, values = request.args.get("by", ""), request.args.get("values", "")
    without = request.args.get("without", "").split(",")[:_MOST_WITHOUT]
    asked = Question(
        item=subject.item.instance_id,
        by=By(by) if by in set(By) else By.NAME,
        values=Values(values) if values in set(Values) else Values.NOW,
        without=tuple(each for each in without if each.isascii() and each.isdigit() and len(each) <= 20),
    )
    return render_template("main/compare.html", page=compare_page(laid, subject, asked, page_context()))


@bp.get("/infuse")
@access(PLAYER)
def infuse() -> str:
    laid, subject = _asked_copy()
    return render_template("main/infuse.html", page=infusion_page(laid, subject, page_context()))


def _asked_copy() -> tuple[Laid, Subject]:
    """The copy that the address names, by its own number or by that of its kind. 404 for what is not the viewer's."""
    laid = services().organizer.load(require_viewer(), item_locale(), "")
    return laid, copy_of(laid, request.args.get("item", ""), request.args.get("hash", "")) or abort(404)
