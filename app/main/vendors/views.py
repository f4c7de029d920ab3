"""All vendors of a character, and one of them with the rolls of what it sells."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.inventory.references import VendorDefinition
from app.inventory.search.parser import MOST_CHARACTERS
from app.inventory.vendors import XUR
from app.main.blueprint import bp
from app.main.search_views import MOST_KEPT
from app.main.searched import page_context, searched
from app.main.vendors.addresses import PATH, read_asked, read_hash, read_page
from app.main.vendors.present import VendorPresenter, vendor_search
from app.services.vendors.service import VendorsFound
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services


@bp.get("/vendors")
@access(PLAYER)
def vendors() -> Response:
    found = services().vendors.load(require_viewer(), item_locale(), read_asked(request.args))
    return searched("vendors", VendorPresenter(found, page_context()).every(), vendor_search(found))


@bp.get("/xur")
@access(PLAYER)
def xur() -> ResponseReturnValue:
    return redirect(f"{PATH}/{XUR}")


@bp.get("/vendors/words")
@access(PLAYER)
def vendor_words() -> str:
    """The options of the box's list on the pages of vendors: searches that the person keeps, then what is on sale."""
    text, person = request.args.get("q", "")[:MOST_CHARACTERS], require_viewer()
    asked = read_asked({"character": request.args.get("character", "")}, read_hash(request.args.get("vendor", "")))
    kept = services().searches.of(person.user_id).matching(text, MOST_KEPT)
    words = services().vendors.complete(person, item_locale(), asked, text)
    return render_template("components/search_words.html", kept=kept, words=words)


@bp.get("/vendors/<vendor_hash>")
@access(PLAYER)
def vendor(vendor_hash: str) -> Response:
    number = read_hash(vendor_hash)
    if not number:
        abort(404)
    found = services().vendors.load(require_viewer(), item_locale(), read_asked(request.args, number))
    if _is_nobody(found):
        abort(404)
    page = VendorPresenter(found, page_context()).one(read_page(request.args))
    return searched("vendor", page, vendor_search(found))


def _is_nobody(found: VendorsFound) -> bool:
    """Whether neither Bungie nor our definitions know a vendor. Without definitions nobody can say.

    Xûr has a page at all times: it tells when he comes.
    """
    known = found.definitions.find(VendorDefinition, found.asked.vendor_hash)
    return (
        known is None
        and found.asked.vendor_hash != XUR
        and found.is_away
        and not (found.definitions.missing or found.definitions.degraded)
    )
